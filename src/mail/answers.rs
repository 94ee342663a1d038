//! The wording of letters about proposed dates: asked for, answered, chosen, and taken back.

use super::layout::{Block, Document, Entry, Fact, Link, Written};
use super::notices::{Happening, footer};

/// What a letter about proposed dates says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// The reader is asked which dates suit.
    Asked {
        /// By when answers are wanted, in words, if that was said.
        answer_by: Option<String>,
        /// What the asker says with it.
        note: String,
        /// The reader was asked before, and has not answered.
        again: bool,
    },
    /// The reader's own proposal was answered.
    Answered {
        /// By how many so far.
        answered: usize,
        /// Of how many.
        of: usize,
        /// What suits best so far, in words.
        best: Option<String>,
    },
    /// The dates are settled.
    Settled {
        /// What was chosen, in words; `None` where the plan went its way without a choice.
        chosen: Option<String>,
        /// The same for a subject: the days alone.
        days: String,
        /// Where the plan stands: `confirmed`, `cancelled`.
        status: String,
    },
    /// No answer is needed any more.
    Withdrawn,
}

/// A letter about proposed dates of one plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answers {
    /// What it says.
    pub about: About,
    /// The plan.
    pub event: Happening,
    /// The dates offered, each with what is said of it; in order of time.
    pub dates: Vec<Offered>,
    /// Who asked, by name and partner.
    pub by: String,
    /// Where to answer, or to look.
    pub link: String,
    /// Why the reader gets this, in a sentence.
    pub because: String,
    /// The service's own address.
    pub base_url: String,
}

/// Dates that are offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offered {
    /// When, in words; a clock time with its zone and offset. With the place, where it is another than the plan's.
    pub words: String,
    /// What is said of them: “2 yes, 1 no”, or what the reader has answered.
    pub said: String,
}

impl Answers {
    /// The letter's wording.
    #[must_use]
    pub fn written(&self) -> Written {
        let mut blocks = vec![Block::Para(self.lead())];
        if let About::Asked { note, .. } = &self.about
            && !note.is_empty()
        {
            blocks.push(Block::Para(format!("{} writes: {note}", self.by)));
        }
        if self.shows_dates() {
            blocks.push(Block::Heading("The dates".to_owned()));
            blocks.push(Block::Facts(self.dates()));
        }
        blocks.push(Block::Button(Link::new(self.button(), &self.link)));
        blocks.push(Block::Facts(self.plan()));
        Document { title: self.title(), blocks, footer: footer(&self.because, &self.base_url, None) }.written(&self.subject())
    }

    /// Does it ask the reader to do something?
    pub(super) fn asks(&self) -> bool {
        match &self.about {
            About::Asked { .. } => true,
            About::Answered { answered, of, .. } => answered == of,
            About::Settled { .. } | About::Withdrawn => false,
        }
    }

    /// The title first: letters about one convening then stand together in a mailbox.
    pub(super) fn subject(&self) -> String {
        let title = &self.event.title;
        match &self.about {
            About::Asked { answer_by: Some(day), again: true, .. } => format!("{title} – your answer is wanted by {day}"),
            About::Asked { answer_by: Some(day), .. } => format!("{title} – which dates suit you? Please answer by {day}"),
            About::Asked { answer_by: None, .. } => format!("{title} – which dates suit you?"),
            About::Answered { answered, of, .. } if answered == of => format!("{title} – everybody has answered, please choose"),
            About::Answered { answered, of, .. } => format!("{title} – {answered} of {of} have answered"),
            About::Settled { chosen: Some(_), days, .. } => format!("{title} – settled: {days}"),
            About::Settled { chosen: None, status, .. } => format!("{title} – {status}, no answer needed"),
            About::Withdrawn => format!("{title} – no answer needed any more"),
        }
    }

    fn title(&self) -> String {
        let title = &self.event.title;
        match &self.about {
            About::Asked { .. } => format!("Which dates suit you for {title}?"),
            About::Answered { .. } => format!("Answers on the dates of {title}"),
            About::Settled { .. } => format!("The dates of {title} are settled"),
            About::Withdrawn => format!("No answer needed for {title}"),
        }
    }

    fn lead(&self) -> String {
        let by = &self.by;
        match &self.about {
            About::Asked { answer_by, .. } => {
                let until = answer_by.as_ref().map_or_else(String::new, |day| format!(", by {day}"));
                format!("{by} asks which of these dates suit you{until}. Nothing is public yet: please keep them to yourselves.")
            }
            About::Answered { answered, of, best } => {
                let best = best.as_ref().map_or_else(String::new, |dates| format!(" Best so far: {dates}."));
                if answered == of {
                    format!("Everybody you asked has answered: please choose.{best}")
                } else {
                    format!("{answered} of the {of} you asked have answered every date.{best}")
                }
            }
            About::Settled { chosen: Some(dates), .. } => {
                format!("These dates were chosen: {dates}. The others are free again; you need not keep them.")
            }
            About::Settled { chosen: None, status, .. } => {
                format!("It is {status} now, and no answer is needed. You need not keep the dates that were offered.")
            }
            About::Withdrawn => "You were asked which dates suit; that was taken back. You need not keep any of them.".to_owned(),
        }
    }

    fn button(&self) -> &'static str {
        match &self.about {
            About::Asked { .. } => "Answer in a minute",
            About::Answered { answered, of, .. } if answered == of => "See the answers and choose",
            About::Answered { .. } => "See the answers",
            About::Settled { .. } => "See the convening",
            About::Withdrawn => "See your desk",
        }
    }

    fn shows_dates(&self) -> bool {
        matches!(self.about, About::Asked { .. } | About::Answered { .. }) && !self.dates.is_empty()
    }

    fn dates(&self) -> Vec<Fact> {
        let one = |(number, date): (usize, &Offered)| {
            let said = if date.said.is_empty() { String::new() } else { format!(": {}", date.said) };
            Fact::is(&format!("{number}"), &format!("{}{said}", date.words))
        };
        (1..).zip(&self.dates).map(one).collect()
    }

    fn plan(&self) -> Vec<Fact> {
        let facts = self.event.facts();
        // The dates are what is asked about.
        if matches!(self.about, About::Settled { chosen: None, .. }) {
            return facts;
        }
        facts.into_iter().filter(|fact| fact.name != "When").collect()
    }

    /// The same as one among others.
    pub(super) fn as_entry(&self) -> Entry {
        let label = match &self.about {
            About::Asked { .. } => "Your answer is wanted",
            About::Answered { .. } => "Answers",
            About::Settled { .. } => "Settled",
            About::Withdrawn => "Taken back",
        };
        let mut facts = vec![Fact::is("What", &self.lead())];
        if self.shows_dates() {
            facts.extend(self.dates());
        }
        facts.extend(self.plan());
        let title = self.event.title.clone();
        Entry { label: Some(label.to_owned()), title, url: self.link.clone(), facts, warnings: vec![], links: vec![] }
    }
}
