//! What somebody is told after a burst of changes: one letter, however much there is to tell.

use super::answers::Answers;
use super::held::HeldRows;
use super::layout::{Block, Document, Entry, Written};
use super::notices::{Changed, Clash, SourceTrouble, footer};

/// The longest letter still shows everything up to this many; the desk shows the rest.
const SHOWN: usize = 60;

/// What one person is told at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct News {
    /// What it is, in the order it came up.
    pub items: Vec<Item>,
    /// Why the reader gets this, in a sentence.
    pub because: String,
    /// Where all of it can be seen.
    pub desk_url: String,
    /// The service's own address.
    pub base_url: String,
}

/// One thing to tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// Something to decide.
    Clash(Clash),
    /// A convening of the reader's changed by another hand.
    Changed(Changed),
    /// Rows of a calendar of the reader's wait for a yes or no.
    Held(HeldRows),
    /// Proposed dates: asked for, answered, chosen or taken back.
    Answers(Answers),
    /// A calendar of the reader's cannot be read.
    Source(SourceTrouble),
}

impl News {
    /// The letter's wording; `None` where there is nothing to say.
    #[must_use]
    pub fn written(&self) -> Option<Written> {
        match self.in_order().as_slice() {
            [] => None,
            [Item::Clash(only)] => Some(only.written()),
            [Item::Changed(only)] => Some(only.written()),
            [Item::Held(only)] => Some(only.written()),
            [Item::Answers(only)] => Some(only.written()),
            [Item::Source(only)] => Some(only.written()),
            [first, rest @ ..] => Some(self.together().written(&format!("{}, and {} more", first.subject(), rest.len()))),
        }
    }

    /// What is to be decided first, the most pressing on top; then what changed; then calendars.
    fn in_order(&self) -> Vec<&Item> {
        let mut items: Vec<&Item> = self.items.iter().collect();
        items.sort_by_key(|item| match item {
            Item::Clash(clash) => (0, Some(clash.asks)),
            Item::Held(_) => (1, None),
            Item::Answers(one) if one.asks() => (2, None),
            Item::Answers(_) => (3, None),
            Item::Changed(_) => (4, None),
            Item::Source(_) => (5, None),
        });
        items
    }

    fn together(&self) -> Document {
        let items = self.in_order();
        let mut blocks = vec![Block::Para(self.lead())];
        let mut heading = "";
        for item in items.iter().take(SHOWN) {
            if item.heading() != heading {
                heading = item.heading();
                blocks.push(Block::Heading(heading.to_owned()));
            }
            blocks.push(Block::Entry(item.entry()));
        }
        let rest = items.len().saturating_sub(SHOWN);
        let label = if rest == 0 { "See it all on your desk".to_owned() } else { format!("See {rest} more on your desk") };
        blocks.push(Block::Button(super::layout::Link::new(label, &self.desk_url)));
        let title = format!("{} things about your convenings", items.len());
        Document { title, blocks, footer: footer(&self.because, &self.base_url, None) }
    }

    fn lead(&self) -> String {
        let waits = |item: &&Item| match item {
            Item::Clash(_) | Item::Held(_) => true,
            Item::Answers(one) => one.asks(),
            Item::Changed(_) | Item::Source(_) => false,
        };
        let waiting = self.items.iter().filter(waits).count();
        match waiting {
            0 => "Nothing to decide: this is so that you know.".to_owned(),
            1 => "One of them waits for a decision; it stands first.".to_owned(),
            n => format!("{n} of them wait for a decision; they stand first."),
        }
    }
}

impl Item {
    fn subject(&self) -> String {
        match self {
            Self::Clash(one) => one.subject(),
            Self::Changed(one) => one.subject(),
            Self::Held(one) => one.subject(),
            Self::Answers(one) => one.subject(),
            Self::Source(one) => one.subject(),
        }
    }

    fn heading(&self) -> &'static str {
        match self {
            Self::Clash(_) | Self::Held(_) => "To decide",
            Self::Changed(_) => "Changed",
            Self::Answers(one) if one.asks() => "To answer",
            Self::Answers(_) => "Answers",
            Self::Source(_) => "Calendars we read",
        }
    }

    fn entry(&self) -> Entry {
        match self {
            Self::Clash(one) => one.as_entry(),
            Self::Changed(one) => one.as_entry(),
            Self::Held(one) => one.as_entry(),
            Self::Answers(one) => one.as_entry(),
            Self::Source(one) => one.as_entry(),
        }
    }
}
