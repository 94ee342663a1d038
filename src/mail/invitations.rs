//! The wording of letters to those who said that they come, or that they speak.

use super::layout::{Block, Document, Fact, Link, Written};
use super::notices::{Happening, footer};

/// Asks whether somebody meant it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coming {
    /// The link to the page with the button.
    pub link: String,
    /// How long it works, such as `48 hours`.
    pub lasts: String,
    /// What they come to.
    pub event: Happening,
    /// Who asks them as a speaker, by name and partner; `None` where their address was typed on the page.
    pub asked_by: Option<String>,
    /// The service's own address.
    pub base_url: String,
}

impl Coming {
    /// The letter's wording.
    #[must_use]
    pub fn written(&self) -> Written {
        let title = &self.event.title;
        let (asks, because) = match &self.asked_by {
            Some(who) => (
                format!("{who} asks whether you want the invitation to your own session, and word when it changes."),
                format!("You get this because {who} named you as a speaker of it."),
            ),
            None => (
                format!("Someone, probably you, said at this address that you come to “{title}”."),
                "You get this because someone entered your address on its page.".to_owned(),
            ),
        };
        let blocks = vec![
            Block::Para(asks),
            Block::Facts(self.event.facts()),
            Block::Button(Link::new("Yes, I come", &self.link)),
            Block::Para(format!(
                "The link works for {}. Then you get the entry for your calendar, and one letter when time or place change.",
                self.lasts
            )),
            Block::Para("If this was not you, do nothing: without your yes nothing is sent.".to_owned()),
        ];
        Document { title: format!("Do you come to {title}?"), blocks, footer: footer(&because, &self.base_url, None) }
            .written(&format!("{title} – do you come?"))
    }
}

/// What the letter does to the entry in the reader's calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// It is put there.
    Invited,
    /// It is put there with other facts.
    Changed,
    /// It is taken away: the event is off.
    Cancelled,
    /// It is taken away: the event is put off, new dates to come.
    Postponed,
    /// It is taken away: the reader said off.
    SaidOff,
}

/// An invitation, or what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invited {
    /// What happens.
    pub turn: Turn,
    /// The event, as it is now.
    pub event: Happening,
    /// When it was before, if that is another time.
    pub was_when: Option<String>,
    /// Where it was before, if that is another place.
    pub was_where: Option<String>,
    /// Where to join it online.
    pub join_url: Option<String>,
    /// Why, in the words of whoever changed it.
    pub why: Option<String>,
    /// The reader speaks there.
    pub speaks: bool,
    /// Where to say off.
    pub off_url: String,
    /// The service's own address.
    pub base_url: String,
}

impl Invited {
    /// The letter's wording.
    #[must_use]
    pub fn written(&self) -> Written {
        let mut blocks = vec![Block::Para(self.opening())];
        blocks.push(Block::Facts(self.facts()));
        if let Some(url) = self.join_url.as_ref().filter(|_| !self.is_gone()) {
            blocks.push(Block::Link(Link::new("Join it online", url)));
        }
        blocks.push(Block::Button(Link::new("See the convening", &self.event.url)));
        let off = (!self.is_gone()).then(|| Link::new("I do not come", &self.off_url));
        Document { title: self.title(), blocks, footer: footer(&self.because(), &self.base_url, off) }.written(&self.subject())
    }

    fn is_gone(&self) -> bool {
        !matches!(self.turn, Turn::Invited | Turn::Changed)
    }

    fn because(&self) -> String {
        let said = if self.speaks { "you said yes to the invitation as its speaker" } else { "you said that you come to it" };
        format!("You get this because {said}.")
    }

    fn opening(&self) -> String {
        match self.turn {
            Turn::Invited if self.speaks => "You speak there. The entry for your calendar comes with this letter.",
            Turn::Invited => "You said that you come. The entry for your calendar comes with this letter.",
            Turn::Changed => "It changed. Your calendar takes the new entry from this letter; say off below if it does not suit you.",
            Turn::Cancelled => "It does not take place. Cancel what you booked for it; the entry leaves your calendar.",
            Turn::Postponed => {
                "It is put off, and its new dates are not known yet. The entry leaves your calendar; you get another with the new dates."
            }
            Turn::SaidOff => "You said that you do not come. The entry leaves your calendar, and nothing more is sent about it.",
        }
        .to_owned()
    }

    fn facts(&self) -> Vec<Fact> {
        let Happening { when_words, where_words, partner, .. } = &self.event;
        let was = |words: &Option<String>| words.clone().unwrap_or_default();
        let when = if self.turn == Turn::Invited || self.turn == Turn::Changed {
            Fact::is("When", when_words)
        } else {
            Fact::was("Was", when_words)
        };
        vec![
            Fact::was("Was", &was(&self.was_when)),
            when,
            Fact::was("Was at", &was(&self.was_where)),
            Fact::is("Where", where_words),
            Fact::is("Called by", partner),
            Fact::is("Reason", &was(&self.why)),
        ]
    }

    fn title(&self) -> String {
        let title = &self.event.title;
        match self.turn {
            Turn::Invited => format!("You are expected: {title}"),
            Turn::Changed => format!("Changed: {title}"),
            Turn::Cancelled => format!("Cancelled: {title}"),
            Turn::Postponed => format!("Postponed: {title}"),
            Turn::SaidOff => format!("You do not come to {title}"),
        }
    }

    /// The title first: letters about one convening then stand together in a mailbox.
    fn subject(&self) -> String {
        let said = match (self.turn, &self.was_when) {
            (Turn::Invited, _) => "invitation",
            (Turn::Changed, Some(_)) => "new time",
            (Turn::Changed, None) => "new place",
            (Turn::Cancelled, _) => "cancelled",
            (Turn::Postponed, _) => "postponed, new dates to come",
            (Turn::SaidOff, _) => "you do not come",
        };
        format!("{} – {said}", self.event.title)
    }
}
