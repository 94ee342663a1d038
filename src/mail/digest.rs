//! The wording of the digest: what changed, what is new, what is coming.
//!
//! Changes come first, with what was and what is. Each convening is named once, where it matters
//! most. Sixty are written out; a page shows the rest, and some mail programs cut longer letters.

use std::collections::BTreeSet;

use chrono_tz::Tz;

use super::layout::{Block, Document, Entry, Fact, Link, Written};
use super::notices::{Change, footer};

/// For how many hours a weekly or monthly digest is still worth sending.
pub const LONG_HOURS: i64 = 48;

/// How many convenings are written out.
const SHOWN: usize = 60;
/// Gmail hides what comes after about 102 kB, the way out among it.
const LARGEST: usize = 95_000;

/// What one reader is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DigestMail {
    /// The reader's zone; each clock time in the words below names it, or another, with its offset.
    pub zone: Tz,
    /// The time it covers, in words: `3–9 October 2022`.
    pub period: String,
    /// The reader's roles, in words: `equity staff`.
    pub roles: String,
    /// The towns and states that it is narrowed to, in words: `Ohio and Kansas City`; empty for everywhere.
    pub places: String,
    /// What changed, most important first.
    pub changed: Vec<ChangedItem>,
    /// What is new, soonest first.
    pub new: Vec<Item>,
    /// What is coming, soonest first.
    pub coming: Vec<Item>,
    /// The page where the rest can be read.
    pub all_url: String,
    /// Ends the subscription.
    pub unsubscribe_url: String,
    /// Where the reader changes roles, frequency and zone.
    pub settings_url: String,
    /// The service's own address.
    pub base_url: String,
}

/// A convening that changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedItem {
    /// The convening, as it is now.
    pub item: Item,
    /// What happened.
    pub what: Change,
    /// What was so before, in words.
    pub was: String,
    /// What is so now, in words.
    pub now: String,
}

/// A convening. Its page tells it from others: two items with one `url` are one convening.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its title.
    pub title: String,
    /// When, in words; a clock time with its zone and offset.
    pub when_words: String,
    /// Where, in words.
    pub where_words: String,
    /// Who calls it, by name.
    pub partner: String,
    /// Whom it is for, in words.
    pub roles_words: String,
    /// Its page here.
    pub url: String,
    /// The calendar entry.
    pub ics_url: String,
    /// What it clashes with, a sentence each.
    pub warnings: Vec<String>,
}

impl DigestMail {
    /// Nothing to say: no letter is written.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changed.is_empty() && self.new.is_empty() && self.coming.is_empty()
    }

    /// The letter's wording; `None` where there is nothing to say.
    #[must_use]
    pub fn written(&self) -> Option<Written> {
        if self.is_empty() {
            return None;
        }
        let once = self.each_once();
        let subject = once.subject();
        let mut shown = SHOWN;
        let mut written = once.document(shown).written(&subject);
        // Long titles and many warnings: fewer are written out, the page shows all of them.
        while written.html.len() > LARGEST && shown > 1 {
            shown /= 2;
            written = once.document(shown).written(&subject);
        }
        Some(written)
    }

    /// The same with each convening only where it stands first.
    fn each_once(&self) -> Self {
        let mut seen = BTreeSet::new();
        let mut mail = self.clone();
        mail.changed.retain(|changed| seen.insert(changed.item.url.clone()));
        mail.new.retain(|item| seen.insert(item.url.clone()));
        mail.coming.retain(|item| seen.insert(item.url.clone()));
        mail
    }

    /// What matters first, then the title it matters for.
    fn subject(&self) -> String {
        let changes = match self.changed.len() {
            0 => None,
            1 => Some("1 change".to_owned()),
            n => Some(format!("{n} changes")),
        };
        let new = (!self.new.is_empty()).then(|| format!("{} new", self.new.len()));
        let counts: Vec<String> = changes.into_iter().chain(new).collect();
        if counts.is_empty() {
            format!("{} coming up: {}", self.coming.len(), self.first())
        } else {
            format!("{}: {}", counts.join(", "), self.first())
        }
    }

    fn first(&self) -> String {
        match (self.changed.first(), self.new.first().or(self.coming.first())) {
            (Some(changed), _) => format!("{} {}", changed.item.title, changed.what.words()),
            (None, Some(item)) => item.title.clone(),
            (None, None) => String::new(),
        }
    }

    fn document(&self, shown: usize) -> Document {
        let mut left = shown;
        let mut blocks = vec![
            Block::Para(format!("For {}, {}.", self.whom(), self.period)),
            Block::Para(format!("Days are those of the place. Clock times name their zone; yours is {}.", self.zone.name())),
        ];
        section(&mut blocks, "Changed", self.changed.iter().map(ChangedItem::entry), &mut left);
        section(&mut blocks, "New", self.new.iter().map(|item| item.entry(None)), &mut left);
        section(&mut blocks, "Coming up", self.coming.iter().map(|item| item.entry(None)), &mut left);
        let rest = (self.changed.len() + self.new.len() + self.coming.len()).saturating_sub(shown);
        if rest > 0 {
            blocks.push(Block::Button(Link::new(format!("See {rest} more in the calendar"), &self.all_url)));
        }
        Document { title: format!("Convenings, {}", self.period), blocks, footer: self.footer() }
    }

    fn whom(&self) -> String {
        let roles = if self.roles.is_empty() { "all roles" } else { &self.roles };
        if self.places.is_empty() { roles.to_owned() } else { format!("{roles}, in {} or online", self.places) }
    }

    fn footer(&self) -> Vec<Block> {
        let because = "You get this digest because you subscribed to it and confirmed that.";
        let mut blocks =
            footer(because, &self.base_url, Some(Link::new("Change roles, frequency or time zone", &self.settings_url)));
        blocks.push(Block::Link(Link::new("Unsubscribe from this digest", &self.unsubscribe_url)));
        blocks
    }
}

impl ChangedItem {
    fn entry(&self) -> Entry {
        let Entry { facts, links, .. } = self.item.entry(None);
        let untold = facts.into_iter().filter(|fact| fact.value != self.now && !(self.fell() && fact.name == "When"));
        let facts = [Fact::was("Was", &self.was), Fact::is("Now", &self.now)].into_iter().chain(untold).collect();
        let links = if self.fell() { vec![] } else { links };
        Entry { facts, links, ..self.item.entry(Some(self.what.label())) }
    }

    /// Its dates are no more: they are named as what was, and nobody puts them into a calendar.
    fn fell(&self) -> bool {
        matches!(self.what, Change::Cancelled | Change::Postponed)
    }
}

impl Item {
    fn entry(&self, label: Option<&str>) -> Entry {
        let facts = vec![
            Fact::is("When", &self.when_words),
            Fact::is("Where", &self.where_words),
            Fact::is("Called by", &self.partner),
            Fact::is("For", &self.roles_words),
        ];
        let links = vec![Link::new(format!("Add “{}” to your calendar", self.title), &self.ics_url)];
        let (label, title, url) = (label.map(str::to_owned), self.title.clone(), self.url.clone());
        Entry { label, title, url, facts, warnings: self.warnings.clone(), links }
    }
}

/// A heading and its entries, as long as there is room.
fn section(blocks: &mut Vec<Block>, heading: &str, entries: impl Iterator<Item = Entry>, left: &mut usize) {
    let entries: Vec<Block> = entries.take(*left).map(Block::Entry).collect();
    *left -= entries.len();
    if !entries.is_empty() {
        blocks.push(Block::Heading(heading.to_owned()));
        blocks.extend(entries);
    }
}
