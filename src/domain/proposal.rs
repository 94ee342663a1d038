//! Proposals: candidate dates and places of one plan, whom they were sent to, and what was answered.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::{EventId, PartnerSlug, TeamSlug, Venue, When};

/// How many dates one proposal may offer at a time: more is a survey that nobody answers.
pub const MOST_CANDIDATES: usize = 6;

/// What somebody says of one candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// It suits.
    Yes,
    /// If need be.
    Maybe,
    /// It does not.
    No,
}

impl Answer {
    /// All of them, the best first.
    pub const ALL: [Self; 3] = [Self::Yes, Self::Maybe, Self::No];

    /// As it is written in JSON and SQL.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::Maybe => "maybe",
            Self::No => "no",
        }
    }

    /// As people say it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Yes => "Suits us",
            Self::Maybe => "If need be",
            Self::No => "Does not suit",
        }
    }
}

impl FromStr for Answer {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|answer| answer.as_str() == text.trim())
            .ok_or_else(|| format!("“{text}” is no answer; there are yes, maybe, no"))
    }
}

/// Whom a proposal is sent to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asked {
    /// The people of a partner.
    Partner(PartnerSlug),
    /// The leads of a city team.
    Team(TeamSlug),
}

impl fmt::Display for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Partner(slug) => write!(f, "partner:{slug}"),
            Self::Team(slug) => write!(f, "team:{slug}"),
        }
    }
}

impl FromStr for Asked {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("“{text}” is nobody who can be asked; write partner:SLUG or team:SLUG");
        match text.trim().split_once(':') {
            Some(("partner", slug)) => slug.parse().map(Self::Partner).map_err(|_| wrong()),
            Some(("team", slug)) => slug.parse().map(Self::Team).map_err(|_| wrong()),
            _ => Err(wrong()),
        }
    }
}

/// Dates that are offered, and where it would be.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Its number; 0 before it is stored.
    pub id: i64,
    /// When, as people say it.
    pub when: When,
    /// The zone of that wall time, and of its civil days.
    pub zone: Tz,
    /// Another place than the plan's; `None` for the plan's own.
    pub venue: Option<Venue>,
}

impl Candidate {
    /// Is the same offered, whatever its number?
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        (self.when, self.zone, &self.venue) == (other.when, other.zone, &other.venue)
    }
}

/// What somebody who was asked says of one candidate now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// Who was asked.
    pub from: Asked,
    /// Of which candidate.
    pub candidate: i64,
    /// What they say.
    pub answer: Answer,
    /// What they add to it.
    pub note: String,
    /// The name of whoever answered.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// How a proposal ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// These dates were chosen; `None` where the plan went its way without any of them.
    Settled(Option<i64>),
    /// Nobody is asked any more.
    Withdrawn,
}

/// Dates offered for one plan, with everything that was answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// The plan.
    pub event: EventId,
    /// What is offered, in order of time.
    pub candidates: Vec<Candidate>,
    /// Whom it was sent to, in order; those taken back are not among them.
    pub asked: Vec<Asked>,
    /// What each says now, in the order of `asked`.
    pub replies: Vec<Reply>,
    /// Answers are wanted by this day, included, by the plan's clock.
    pub answer_by: Option<NaiveDate>,
    /// What the asker says with it.
    pub note: String,
    /// The asker's name.
    pub by: String,
    /// Since when.
    pub opened_at: DateTime<Utc>,
    /// Since when it is over, and how it ended.
    pub closed: Option<(DateTime<Utc>, Outcome)>,
}

/// How many say what of one candidate.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// It suits.
    pub yes: usize,
    /// If need be.
    pub maybe: usize,
    /// It does not.
    pub no: usize,
    /// Not answered yet.
    pub open: usize,
}

impl Proposal {
    /// May it still be answered?
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.closed.is_none()
    }

    /// The candidate of that number.
    #[must_use]
    pub fn candidate(&self, id: i64) -> Option<&Candidate> {
        self.candidates.iter().find(|candidate| candidate.id == id)
    }

    /// What somebody says of a candidate.
    #[must_use]
    pub fn reply(&self, from: &Asked, candidate: i64) -> Option<&Reply> {
        self.replies.iter().find(|reply| reply.from == *from && reply.candidate == candidate)
    }

    /// Has somebody who was asked left a candidate without an answer?
    #[must_use]
    pub fn waits_for(&self, from: &Asked) -> bool {
        self.is_open()
            && self.asked.contains(from)
            && self.candidates.iter().any(|candidate| self.reply(from, candidate.id).is_none())
    }

    /// Has everybody said something of every candidate?
    #[must_use]
    pub fn is_answered(&self) -> bool {
        !self.asked.iter().any(|asked| self.waits_for(asked))
    }

    /// How many say what of a candidate.
    #[must_use]
    pub fn tally(&self, candidate: i64) -> Tally {
        let mut tally = Tally::default();
        for asked in &self.asked {
            let count = match self.reply(asked, candidate).map(|reply| reply.answer) {
                Some(Answer::Yes) => &mut tally.yes,
                Some(Answer::Maybe) => &mut tally.maybe,
                Some(Answer::No) => &mut tally.no,
                None => &mut tally.open,
            };
            *count += 1;
        }
        tally
    }

    /// The candidate that suits best so far: the fewest refusals, then the most who say yes, then the earliest.
    ///
    /// `None` while nobody has answered, and where nothing sets one apart from all others. A refusal weighs most,
    /// because whoever is left out cannot be made up for by another who comes gladly.
    #[must_use]
    pub fn best(&self) -> Option<i64> {
        if self.replies.is_empty() {
            return None;
        }
        let rank = |candidate: &Candidate| {
            let tally = self.tally(candidate.id);
            (tally.no, std::cmp::Reverse(tally.yes))
        };
        let best = self.candidates.iter().min_by_key(|candidate| rank(candidate))?;
        let is_alone = self.candidates.iter().filter(|candidate| rank(candidate) == rank(best)).count() == 1;
        is_alone.then_some(best.id)
    }

    /// The same as one of those who were asked may see it: partners see what partners say, a city team only what it
    /// says itself.
    #[must_use]
    pub fn seen_by(mut self, reader: &Asked) -> Self {
        let is_shown = |asked: &Asked| match (reader, asked) {
            (Asked::Partner(_), Asked::Partner(_)) => true,
            _ => asked == reader,
        };
        self.asked.retain(is_shown);
        self.replies.retain(|reply| is_shown(&reply.from));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn partner(slug: &str) -> Asked {
        Asked::Partner(slug.parse().unwrap())
    }

    fn team(slug: &str) -> Asked {
        Asked::Team(slug.parse().unwrap())
    }

    /// Two candidates, numbered 1 and 2; `said` is who says what of them, `-` for nothing.
    fn proposal(said: &[(Asked, &str)]) -> Proposal {
        let candidate = |id, first: &str| Candidate {
            id,
            when: When::Days { first: day(first), last: None },
            zone: chrono_tz::America::Chicago,
            venue: None,
        };
        let at = DateTime::UNIX_EPOCH;
        let answer = |letter: u8| match letter {
            b'y' => Some(Answer::Yes),
            b'm' => Some(Answer::Maybe),
            b'n' => Some(Answer::No),
            _ => None,
        };
        let replies = said.iter().flat_map(|(from, answers)| {
            (1..).zip(answers.bytes()).filter_map(move |(candidate, letter)| {
                let reply =
                    |answer| Reply { from: from.clone(), candidate, answer, note: String::new(), by: "Ada Sample".into(), at };
                answer(letter).map(reply)
            })
        });
        Proposal {
            event: EventId(uuid::Uuid::nil()),
            candidates: vec![candidate(1, "2027-10-06"), candidate(2, "2027-11-17")],
            asked: said.iter().map(|(from, _)| from.clone()).collect(),
            replies: replies.collect(),
            answer_by: None,
            note: String::new(),
            by: "Ada Sample".into(),
            opened_at: at,
            closed: None,
        }
    }

    #[test]
    fn each_of_those_asked_counts_once_for_each_date() {
        let one = proposal(&[(partner("gare"), "yn"), (partner("nlc"), "m-"), (team("riverbend-oh"), "--")]);
        assert_eq!(one.tally(1), Tally { yes: 1, maybe: 1, no: 0, open: 1 });
        assert_eq!(one.tally(2), Tally { yes: 0, maybe: 0, no: 1, open: 2 });
        let waiting: Vec<_> = one.asked.iter().filter(|asked| one.waits_for(asked)).map(ToString::to_string).collect();
        assert_eq!(waiting, ["partner:nlc", "team:riverbend-oh"]);
    }

    #[test]
    fn a_refusal_weighs_more_than_a_yes_and_what_is_even_is_left_to_people() {
        let best = |said: &[&str]| {
            let names = ["gare", "nlc", "icma", "elgl"];
            proposal(&names.iter().zip(said).map(|(name, said)| (partner(name), *said)).collect::<Vec<_>>()).best()
        };
        assert_eq!(best(&["--", "--"]), None);
        assert_eq!(best(&["yn", "y-"]), Some(1));
        assert_eq!(best(&["ny", "ym", "ym"]), Some(2));
        assert_eq!(best(&["my", "mm"]), Some(2));
        assert_eq!(best(&["yy", "nn"]), None);
    }

    #[test]
    fn a_team_sees_only_what_it_says_and_partners_see_what_partners_say() {
        let all = [(partner("gare"), "yn"), (partner("nlc"), "m-"), (team("riverbend-oh"), "ny"), (team("port-sample-wa"), "yy")];
        let seen = |reader: Asked| proposal(&all).seen_by(&reader);
        assert_eq!(seen(partner("gare")), proposal(&all[..2]));
        assert_eq!(seen(team("riverbend-oh")), proposal(&all[2..3]));
    }

    #[test]
    fn who_is_asked_is_written_with_what_they_are() {
        for text in ["partner:gare", "team:riverbend-oh"] {
            assert_eq!(text.parse::<Asked>().map(|asked| asked.to_string()), Ok(text.to_owned()));
        }
        assert_eq!("gare".parse::<Asked>(), Err("“gare” is nobody who can be asked; write partner:SLUG or team:SLUG".to_owned()));
    }
}
