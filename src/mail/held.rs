//! Rows of a partner's calendar that wait for a yes or no, told to those who look after it.

use super::layout::{Block, Document, Entry, Fact, Link, Written};
use super::notices::footer;

/// So many rows stand in a letter; the page shows all.
const SHOWN: usize = 10;

/// Rows of one calendar that wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldRows {
    /// What the calendar is called.
    pub name: String,
    /// The rows, by line.
    pub rows: Vec<HeldRow>,
    /// Where they are answered.
    pub link: String,
    /// Why the reader gets this, as the end of “You get this because …”.
    pub because: String,
    /// The service's own address.
    pub base_url: String,
}

/// A row that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldRow {
    /// Its title.
    pub title: String,
    /// When, in words.
    pub when: String,
    /// Why somebody should look.
    pub why: String,
}

impl HeldRows {
    /// The letter's wording.
    #[must_use]
    pub fn written(&self) -> Written {
        let it = if self.rows.len() == 1 { "It is" } else { "They are" };
        let lead =
            format!("{it} doubtful: until somebody of yours says yes, the calendar here stays as it was. All else came in.");
        let mut blocks = vec![Block::Para(lead), Block::Heading("To decide".to_owned())];
        blocks.extend(self.rows.iter().take(SHOWN).map(|row| Block::Entry(self.entry(row))));
        let rest = self.rows.len().saturating_sub(SHOWN);
        let label = if rest == 0 { "Say yes or no".to_owned() } else { format!("Say yes or no to these and {rest} more") };
        blocks.push(Block::Button(Link::new(label, &self.link)));
        let because = format!("You get this because {}.", self.because);
        Document { title: self.subject(), blocks, footer: footer(&because, &self.base_url, None) }.written(&self.subject())
    }

    pub(super) fn subject(&self) -> String {
        match self.rows.len() {
            1 => format!("One row of {} waits for your yes or no", self.name),
            n => format!("{n} rows of {} wait for your yes or no", self.name),
        }
    }

    /// The same as one among others.
    pub(super) fn as_entry(&self) -> Entry {
        let mut facts: Vec<Fact> = self.rows.iter().take(3).map(|row| Fact::is(&row.title, &row.why)).collect();
        facts.extend((self.rows.len() > 3).then(|| Fact::is("And", &format!("{} more", self.rows.len() - 3))));
        facts.push(Fact::is("What to do", "Say yes or no to each; the calendar here stays as it was until then."));
        let label = Some("Doubtful rows".to_owned());
        Entry { label, title: self.name.clone(), url: self.link.clone(), facts, warnings: vec![], links: vec![] }
    }

    fn entry(&self, row: &HeldRow) -> Entry {
        let facts = vec![Fact::is("When", &row.when), Fact::is("Doubtful because", &row.why)];
        Entry { label: None, title: row.title.clone(), url: self.link.clone(), facts, warnings: vec![], links: vec![] }
    }
}
