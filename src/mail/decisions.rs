//! The wording of letters that ask for decisions on several convenings at once.

use super::layout::{Block, Document, Entry, Fact, Link, Written};
use super::notices::footer;

/// A partner meets nobody in person for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Banned {
    /// Who, by name.
    pub partner: String,
    /// Up to and including which day, in words.
    pub until: String,
    /// By when its convenings are decided on, in words.
    pub decide_by: String,
    /// Why, in their words.
    pub reason: String,
    /// The reader works for that partner.
    pub own: bool,
    /// The reader's convenings that this touches, what is due first on top.
    pub listed: Vec<Listed>,
    /// Where to look and decide.
    pub link: String,
    /// Why the reader gets this, in a sentence.
    pub because: String,
    /// The service's own address.
    pub base_url: String,
}

/// One convening of the reader's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its title.
    pub title: String,
    /// When, in words.
    pub when_words: String,
    /// Where, in words.
    pub where_words: String,
    /// By when it is to be decided on, in words.
    pub due: Option<String>,
    /// The convening that it is set beside, where that is what is touched.
    pub beside: Option<String>,
    /// Its page here.
    pub url: String,
}

impl Banned {
    /// The letter's wording.
    #[must_use]
    pub fn written(&self) -> Written {
        let count = if self.listed.len() == 1 { "1 convening".to_owned() } else { format!("{} convenings", self.listed.len()) };
        let said = format!("{} holds nothing in person until {}: {}", self.partner, self.until, self.reason);
        let (first, subject, button) = if self.own {
            (
                format!("Decide by {} whether to cancel, keep, move or go online: {count} of yours.", self.decide_by),
                format!("To decide by {}: {count}", self.decide_by),
                "See what is to decide",
            )
        } else {
            (
                format!(
                    "{count} of yours {} set beside one that it decides on by {}.",
                    if self.listed.len() == 1 { "is" } else { "are" },
                    self.decide_by
                ),
                format!("{} holds nothing in person until {}", self.partner, self.until),
                "See your convenings",
            )
        };
        let mut blocks = vec![Block::Para(first), Block::Para(said), Block::Button(Link::new(button, &self.link))];
        blocks.push(Block::Heading("Your convenings".to_owned()));
        blocks.extend(self.listed.iter().map(|one| Block::Entry(one.entry())));
        Document {
            title: subject.clone(),
            blocks,
            footer: footer(&format!("You get this because {}.", self.because), &self.base_url, None),
        }
        .written(&subject)
    }
}

impl Listed {
    fn entry(&self) -> Entry {
        let mut facts = vec![Fact::is("When", &self.when_words), Fact::is("Where", &self.where_words)];
        facts.extend(self.due.as_ref().map(|due| Fact::is("Decide by", due)));
        facts.extend(self.beside.as_ref().map(|beside| Fact::is("Set beside", beside)));
        let (title, url) = (self.title.clone(), self.url.clone());
        Entry { label: None, title, url, facts, warnings: vec![], links: vec![] }
    }
}
