//! The wording of notices: each a plain struct, put into words by [`written`](SignIn::written).
//!
//! The reader has a minute between two meetings: first what to decide or do, then why, then the
//! detail.

use super::layout::{Block, Document, Entry, Fact, Link, Written};

/// A one-time link to sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignIn {
    /// The link.
    pub link: String,
    /// How long it works, such as `30 minutes`.
    pub lasts: String,
    /// The service's own address.
    pub base_url: String,
}

impl SignIn {
    /// The letter's wording.
    #[must_use]
    pub fn written(&self) -> Written {
        let blocks = vec![
            Block::Para(format!("This link signs you in. It works once, within {}.", self.lasts)),
            Block::Button(Link::new("Sign in to convene", &self.link)),
            Block::Para("If you did not ask for it, do nothing: without the link nobody gets in.".to_owned()),
        ];
        let because = "You get this because someone entered your address on the sign-in page.";
        Document { title: "Your sign-in link".to_owned(), blocks, footer: footer(because, &self.base_url, None) }
            .written("Your sign-in link for convene")
    }
}

/// Asks whether a subscription is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmation {
    /// The link to the page with the button.
    pub link: String,
    /// How long it works, such as `48 hours`.
    pub lasts: String,
    /// Whom the convenings are for, such as `equity staff`.
    pub roles: Vec<String>,
    /// Whose convenings, by name; none means all partners.
    pub partners: Vec<String>,
    /// In which towns or states; none means everywhere.
    pub places: Vec<String>,
    /// How often, with hour and zone: `every Monday at 08:00, America/Chicago (UTC-6)`.
    pub frequency: String,
    /// The service's own address.
    pub base_url: String,
}

impl Confirmation {
    /// The letter's wording.
    #[must_use]
    pub fn written(&self) -> Written {
        let partners = if self.partners.is_empty() { "all partners".to_owned() } else { self.partners.join(", ") };
        let asked = vec![
            Fact::is("For", &self.roles.join(", ")),
            Fact::is("Convenings of", &partners),
            Fact::is("In", &self.places.join(", ")),
            Fact::is("How often", &self.frequency),
        ];
        let blocks = vec![
            Block::Para("Someone, probably you, asked for a digest of convenings at this address.".to_owned()),
            Block::Facts(asked),
            Block::Button(Link::new("Confirm the subscription", &self.link)),
            Block::Para(format!("The link works for {}.", self.lasts)),
            Block::Para("If this was not you, do nothing: unless it is confirmed, no digest is sent.".to_owned()),
        ];
        let because = "You get this because someone entered your address on the subscription page.";
        Document { title: "Confirm your subscription".to_owned(), blocks, footer: footer(because, &self.base_url, None) }
            .written("Confirm your subscription to convene")
    }
}

/// A link to the page where a subscription is changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The link.
    pub link: String,
    /// How long it works, such as `one hour`.
    pub lasts: String,
    /// The service's own address.
    pub base_url: String,
}

impl Settings {
    /// The letter's wording.
    #[must_use]
    pub fn written(&self) -> Written {
        let blocks = vec![
            Block::Para(format!("Here you choose what you get, how often and when. The link works for {}.", self.lasts)),
            Block::Button(Link::new("Change what I get", &self.link)),
            Block::Para("If you did not ask for it, do nothing: nothing changes. Please do not pass this letter on.".to_owned()),
        ];
        let because = "You get this because someone followed a link in one of your letters from convene.";
        Document { title: "Change what you get".to_owned(), blocks, footer: footer(because, &self.base_url, None) }
            .written("Change what you get from convene")
    }
}

/// A convening as a notice names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happening {
    /// Its title.
    pub title: String,
    /// When, in words; a clock time with its zone and offset.
    pub when_words: String,
    /// Where, in words.
    pub where_words: String,
    /// Who calls it, by name.
    pub partner: String,
    /// Its page here.
    pub url: String,
}

impl Happening {
    fn entry(&self, label: &str) -> Block {
        let (label, title, url) = (Some(label.to_owned()), self.title.clone(), self.url.clone());
        Block::Entry(Entry { label, title, url, facts: self.facts(), warnings: vec![], links: vec![] })
    }

    pub(super) fn facts(&self) -> Vec<Fact> {
        let Self { when_words, where_words, partner, .. } = self;
        vec![Fact::is("When", when_words), Fact::is("Where", where_words), Fact::is("Called by", partner)]
    }
}

/// What a finding asks of its reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Asks {
    /// The convening it was set beside is not what it was: decide what becomes of it.
    Anchor,
    /// A room or a speaker is promised twice.
    Taken,
    /// A hold runs out: decide, or its days are free again.
    Hold,
    /// Plans clash.
    Clash,
}

/// A new finding touches the reader's plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clash {
    /// What it asks of the reader.
    pub asks: Asks,
    /// How bad, in a word: `high`, `block`.
    pub severity: String,
    /// What kind, in words: `Same people wanted in two places`.
    pub kind: String,
    /// What it clashes with, where that is no convening: `Diwali`.
    pub name: Option<String>,
    /// The finding in one sentence.
    pub sentence: String,
    /// Whose decision it is and what the choices are, in a sentence.
    pub decision: String,
    /// The reader's own convening.
    pub yours: Happening,
    /// The other one; `None` where it clashes with something that is no convening.
    pub other: Option<Happening>,
    /// Where to look and decide.
    pub link: String,
    /// Why the reader gets this, in a sentence.
    pub because: String,
    /// Where the reader can end such notices.
    pub settings_url: Option<String>,
    /// The service's own address.
    pub base_url: String,
}

impl Clash {
    /// The letter's wording.
    #[must_use]
    pub fn written(&self) -> Written {
        let mut blocks = vec![
            Block::Para(self.decision.clone()),
            Block::Button(Link::new(self.button(), &self.link)),
            Block::Para(self.sentence.clone()),
            Block::Facts(vec![Fact::is("Kind", &self.kind), Fact::is("Severity", &self.severity)]),
            Block::Heading(if self.other.is_some() { "Both convenings" } else { "Your convening" }.to_owned()),
            self.yours.entry("Yours"),
        ];
        let label = if self.asks == Asks::Anchor { "Anchor" } else { "Theirs" };
        blocks.extend(self.other.as_ref().map(|other| other.entry(label)));
        let settings = self.settings_url.as_ref().map(|url| Link::new("Choose which notices you get", url));
        Document { title: self.title(), blocks, footer: footer(&self.because, &self.base_url, settings) }.written(&self.subject())
    }

    fn title(&self) -> String {
        let yours = &self.yours.title;
        match self.asks {
            Asks::Anchor => format!("Decide about {yours}: its anchor changed"),
            Asks::Taken => format!("Promised twice: {yours}"),
            Asks::Hold => format!("Decide about {yours}: its hold runs out"),
            Asks::Clash => format!("A clash touches {yours}"),
        }
    }

    /// The title first: letters about one convening then stand together in a mailbox.
    pub(super) fn subject(&self) -> String {
        let yours = &self.yours.title;
        match self.asks {
            Asks::Anchor => format!("{yours} – its anchor changed, please decide"),
            Asks::Taken => format!("{yours} – a room or speaker is promised twice"),
            Asks::Hold => format!("{yours} – its hold runs out"),
            Asks::Clash => format!("{yours} – clash with {}", self.clashes_with()),
        }
    }

    fn button(&self) -> &'static str {
        match self.asks {
            Asks::Anchor | Asks::Hold => "See it and decide",
            Asks::Taken | Asks::Clash => "See the clash and decide",
        }
    }

    /// The same as one among others.
    pub(super) fn as_entry(&self) -> Entry {
        let label = match self.asks {
            Asks::Anchor => "Anchor changed",
            Asks::Taken => "Promised twice",
            Asks::Hold => "Hold runs out",
            Asks::Clash => "Clash",
        };
        let other = self.other.as_ref().map(|other| format!("{}, {}", other.title, other.when_words)).unwrap_or_default();
        let facts = vec![
            Fact::is("What", &self.sentence),
            Fact::is("To decide", &self.decision),
            Fact::is("Severity", &self.severity),
            Fact::is("When", &self.yours.when_words),
            Fact::is(if self.asks == Asks::Anchor { "Anchor" } else { "Theirs" }, &other),
        ];
        let links = vec![Link::new(format!("Decide about “{}”", self.yours.title), &self.link)];
        let (title, url) = (self.yours.title.clone(), self.yours.url.clone());
        Entry { label: Some(label.to_owned()), title, url, facts, warnings: vec![], links }
    }

    fn clashes_with(&self) -> &str {
        let other = self.other.as_ref().map(|other| other.title.as_str());
        other.or(self.name.as_deref()).unwrap_or(&self.kind)
    }
}

/// What happened to a convening.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Change {
    /// It will not be.
    Cancelled,
    /// Its dates are gone, new ones to come.
    Postponed,
    /// It has other dates.
    Moved,
    /// It went online.
    Virtual,
    /// It is elsewhere.
    Place,
    /// Its dates are settled.
    Confirmed,
    /// Its dates are public.
    Announced,
    /// Its hold ran out: the days are free again.
    Lapsed,
    /// It was not there before.
    New,
    /// Something else about it.
    Other,
}

impl Change {
    /// In a word or two, to stand before or after a title.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Cancelled => "cancelled",
            Self::Postponed => "postponed",
            Self::Moved => "moved",
            Self::Virtual => "now online",
            Self::Place => "new place",
            Self::Confirmed => "confirmed",
            Self::Announced => "announced",
            Self::Lapsed => "hold lapsed",
            Self::New => "put forward",
            Self::Other => "changed",
        }
    }

    /// The same, to begin a line with.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Cancelled => "Cancelled",
            Self::Postponed => "Postponed",
            Self::Moved => "Moved",
            Self::Virtual => "Now online",
            Self::Place => "New place",
            Self::Confirmed => "Confirmed",
            Self::Announced => "Announced",
            Self::Lapsed => "Hold lapsed",
            Self::New => "Put forward",
            Self::Other => "Changed",
        }
    }
}

/// The reader's convening changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// What happened.
    pub change: Change,
    /// The convening, as it is now.
    pub event: Happening,
    /// What was so before: dates for a move, the place for one that went online.
    pub from: Option<String>,
    /// What is so now.
    pub to: Option<String>,
    /// Dates in short, for the subject: “Tue 6 → Wed 14 October 2026”.
    pub in_short: Option<String>,
    /// Who did it, by name, if that may be told.
    pub by: Option<String>,
    /// Why, in that person's words.
    pub why: Option<String>,
    /// What to do next, in a sentence.
    pub next: Option<String>,
    /// Why the reader gets this, in a sentence.
    pub because: String,
    /// Ends such letters, for a subscriber.
    pub unsubscribe_url: Option<String>,
    /// The service's own address.
    pub base_url: String,
}

impl Changed {
    /// The letter's wording.
    #[must_use]
    pub fn written(&self) -> Written {
        let mut blocks: Vec<Block> = self.next.iter().cloned().map(Block::Para).collect();
        blocks.push(Block::Facts(self.facts()));
        blocks.push(Block::Button(Link::new("See the convening", &self.event.url)));
        let title = format!("{}: {}", self.change.label(), self.event.title);
        let unsubscribe = self.unsubscribe_url.as_ref().map(|url| Link::new("Unsubscribe", url));
        Document { title, blocks, footer: footer(&self.because, &self.base_url, unsubscribe) }.written(&self.subject())
    }

    fn facts(&self) -> Vec<Fact> {
        let text = |words: &Option<String>| words.clone().unwrap_or_default();
        let told = [text(&self.from), text(&self.to)];
        // Dates that fell are named as what was, not as what is.
        let fell = self.from.is_some() && matches!(self.change, Change::Cancelled | Change::Postponed);
        let is_told = |fact: &Fact| told.contains(&fact.value) || (fell && fact.name == "When");
        let mut facts = vec![Fact::was("Was", &told[0]), Fact::is("Now", &told[1])];
        facts.extend(self.event.facts().into_iter().filter(|fact| !is_told(fact)));
        facts.extend([Fact::is("Changed by", &text(&self.by)), Fact::is("Reason", &text(&self.why))]);
        facts
    }

    /// The title first: letters about one convening then stand together in a mailbox.
    pub(super) fn subject(&self) -> String {
        let said = format!("{} – {}", self.event.title, self.change.words());
        match (self.change, self.in_short.as_ref(), &self.to) {
            (Change::Moved, Some(dates), _) => format!("{said} {dates}"),
            (Change::Moved, None, Some(to)) => format!("{said} to {to}"),
            (Change::Postponed, _, None) => format!("{said}, new dates to come"),
            _ => said,
        }
    }

    /// The same as one among others.
    pub(super) fn as_entry(&self) -> Entry {
        let mut facts = self.facts();
        facts.extend(self.next.as_ref().map(|next| Fact::is("What to do", next)));
        let label = Some(self.change.label().to_owned());
        Entry { label, title: self.event.title.clone(), url: self.event.url.clone(), facts, warnings: vec![], links: vec![] }
    }
}

/// A partner's own calendar cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceTrouble {
    /// What the calendar is called.
    pub name: String,
    /// Its host; never the whole address, which may hold a secret.
    pub place: String,
    /// Since when, in words with a zone.
    pub since: String,
    /// Why, in a sentence or less.
    pub why: String,
    /// How many of its events stay as they were.
    pub kept: usize,
    /// Where to look.
    pub link: String,
    /// Why the reader gets this, as the end of “You get this because …”.
    pub because: String,
    /// The service's own address.
    pub base_url: String,
}

impl SourceTrouble {
    /// The letter's wording.
    #[must_use]
    pub fn written(&self) -> Written {
        let kept = match self.kept {
            0 => "Nothing was read from it yet.".to_owned(),
            1 => "The one event read before stays as it was.".to_owned(),
            n => format!("The {n} events read before stay as they were."),
        };
        let blocks = vec![
            Block::Para(format!("{kept} We try again by ourselves, at least every six hours, and write no more about this.")),
            Block::Para("If the calendar moved, or its address was made private, please give its new address.".to_owned()),
            Block::Facts(vec![
                Fact::is("Calendar", &self.name),
                Fact::is("At", &self.place),
                Fact::is("Since", &self.since),
                Fact::is("What happened", &self.why),
            ]),
            Block::Button(Link::new("See the calendars we read", &self.link)),
        ];
        let because = format!("You get this because {}.", self.because);
        Document {
            title: format!("The calendar “{}” cannot be read", self.name),
            blocks,
            footer: footer(&because, &self.base_url, None),
        }
        .written(&self.subject())
    }

    pub(super) fn subject(&self) -> String {
        format!("{} cannot be read since {}", self.name, self.since)
    }

    /// The same as one among others.
    pub(super) fn as_entry(&self) -> Entry {
        let facts = vec![
            Fact::is("At", &self.place),
            Fact::is("Since", &self.since),
            Fact::is("What happened", &self.why),
            Fact::is("What to do", "If it moved, give its new address; we try again by ourselves."),
        ];
        let label = Some("Cannot be read".to_owned());
        Entry { label, title: self.name.clone(), url: self.link.clone(), facts, warnings: vec![], links: vec![] }
    }
}

/// Why the reader has this letter, where it is from, and how to end it.
pub(super) fn footer(because: &str, base_url: &str, way_out: Option<Link>) -> Vec<Block> {
    let mut footer = vec![
        Block::Para(because.to_owned()),
        Block::Para("convene does not track whether you open a letter or follow a link.".to_owned()),
        Block::Link(Link::new("The calendar", base_url)),
    ];
    footer.extend(way_out.map(Block::Link));
    footer
}
