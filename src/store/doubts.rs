//! Rows of upstream calendars that wait for a yes or no, and what was answered.

use std::str::FromStr;

use chrono::{DateTime, Utc};
use rusqlite::{Row, params};

use super::columns::{instant, instant_if_any, parsed_if_any};
use super::{Error, Reader, Result, Writer};
use crate::domain::PartnerSlug;

/// A doubtful row of an upstream calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    /// Its number; 0 before it is kept.
    pub id: i64,
    /// The calendar's number.
    pub source: i64,
    /// The row's name there.
    pub uid: String,
    /// What the calendar says of it (JSON).
    pub facts: String,
    /// The hash of what is asked about.
    pub mark: String,
    /// Its `SEQUENCE` there.
    pub sequence: u32,
    /// Its line there, from 1.
    pub line: u64,
    /// Its title there.
    pub title: String,
    /// Why it waits.
    pub reasons: Vec<String>,
    /// Since when.
    pub since: DateTime<Utc>,
    /// What somebody said.
    pub answered: Option<DoubtAnswered>,
}

/// What somebody said to a doubtful row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoubtAnswered {
    /// Yes or no.
    pub answer: DoubtAnswer,
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub by: String,
}

/// Is a doubtful row to be taken in?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DoubtAnswer {
    /// It is.
    Yes,
    /// It is not, for as long as its calendar says the same.
    No,
}

impl Reader<'_> {
    /// The doubtful rows of a calendar, answered ones among them, by line.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn doubts_of(&self, source: i64) -> Result<Vec<Doubt>> {
        let sql = "SELECT * FROM doubts WHERE source = ?1 ORDER BY line, id";
        self.connection().prepare_cached(sql)?.query_and_then([source], doubt)?.collect()
    }

    /// One doubtful row.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none of that number.
    pub fn doubt(&self, id: i64) -> Result<Doubt> {
        let mut query = self.connection().prepare_cached("SELECT * FROM doubts WHERE id = ?1")?;
        query.query_and_then([id], doubt)?.next().unwrap_or(Err(Error::NotFound("row")))
    }

    /// The row about a partner's event of that name upstream which waits for an answer.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn doubt_about(&self, partner: &PartnerSlug, uid: &str) -> Result<Option<Doubt>> {
        let sql = "SELECT doubts.* FROM doubts JOIN sources ON sources.id = doubts.source
             WHERE sources.partner = ?1 AND doubts.uid = ?2 AND doubts.answer IS NULL ORDER BY doubts.id";
        self.connection().prepare_cached(sql)?.query_and_then([partner.as_str(), uid], doubt)?.next().transpose()
    }

    /// How many rows of a calendar wait for an answer.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn count_doubts(&self, source: i64) -> Result<usize> {
        let sql = "SELECT count(*) FROM doubts WHERE source = ?1 AND answer IS NULL";
        let count: i64 = self.connection().prepare_cached(sql)?.query_row([source], |row| row.get(0))?;
        Ok(usize::try_from(count).unwrap_or_default())
    }
}

impl Writer<'_> {
    /// Asks about a row, anew where it was asked about before; `doubt.id` is not read.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn put_doubt(&self, doubt: &Doubt) -> Result<()> {
        self.connection()
            .prepare_cached(
                "INSERT INTO doubts (source, uid, facts, mark, sequence, line, title, reasons, since)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
                 ON CONFLICT (source, uid) DO UPDATE SET
                   facts = excluded.facts, mark = excluded.mark, sequence = excluded.sequence, line = excluded.line,
                   title = excluded.title, reasons = excluded.reasons, since = excluded.since,
                   answer = NULL, answered_at = NULL, answered_by = NULL",
            )?
            .execute(params![
                doubt.source,
                doubt.uid,
                doubt.facts,
                doubt.mark,
                doubt.sequence,
                i64::try_from(doubt.line).unwrap_or(i64::MAX),
                doubt.title,
                reasons(doubt)?,
                doubt.since.timestamp(),
            ])?;
        Ok(())
    }

    /// Keeps what else a calendar says by now in a row of which the same is asked, if only its name; the answer stands.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn renew_doubt(&self, doubt: &Doubt) -> Result<()> {
        self.connection()
            .prepare_cached(
                "UPDATE doubts SET uid = ?2, facts = ?3, sequence = ?4, line = ?5, title = ?6, reasons = ?7 WHERE id = ?1",
            )?
            .execute(params![
                doubt.id,
                doubt.uid,
                doubt.facts,
                doubt.sequence,
                i64::try_from(doubt.line).unwrap_or(i64::MAX),
                doubt.title,
                reasons(doubt)?,
            ])?;
        Ok(())
    }

    /// Keeps what was answered.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn answer_doubt(&self, id: i64, answered: &DoubtAnswered) -> Result<()> {
        self.connection().execute(
            "UPDATE doubts SET answer = ?2, answered_at = ?3, answered_by = ?4 WHERE id = ?1",
            params![id, answered.answer.as_str(), answered.at.timestamp(), answered.by],
        )?;
        Ok(())
    }

    /// Forgets a row: there is nothing to ask about it any more.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn drop_doubt(&self, id: i64) -> Result<()> {
        self.connection().prepare_cached("DELETE FROM doubts WHERE id = ?1")?.execute([id])?;
        Ok(())
    }
}

fn reasons(doubt: &Doubt) -> Result<String> {
    serde_json::to_string(&doubt.reasons).map_err(|error| Error::Unreadable { what: "reasons", value: error.to_string() })
}

fn doubt(row: &Row<'_>) -> Result<Doubt> {
    let reasons: String = row.get("reasons")?;
    let (answer, at, by): (Option<DoubtAnswer>, _, Option<String>) =
        (parsed_if_any(row, "answer")?, instant_if_any(row, "answered_at")?, row.get("answered_by")?);
    Ok(Doubt {
        id: row.get("id")?,
        source: row.get("source")?,
        uid: row.get("uid")?,
        facts: row.get("facts")?,
        mark: row.get("mark")?,
        sequence: row.get("sequence")?,
        line: u64::try_from(row.get::<_, i64>("line")?).unwrap_or_default(),
        title: row.get("title")?,
        reasons: serde_json::from_str(&reasons).map_err(|_| Error::Unreadable { what: "reasons", value: reasons })?,
        since: instant(row, "since")?,
        answered: answer.zip(at).zip(by).map(|((answer, at), by)| DoubtAnswered { answer, at, by }),
    })
}

impl DoubtAnswer {
    /// As it is written in SQL, JSON and forms.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
        }
    }
}

impl FromStr for DoubtAnswer {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        let found = [Self::Yes, Self::No].into_iter().find(|answer| answer.as_str() == text);
        found.ok_or_else(|| Error::Unreadable { what: "answer", value: text.to_owned() })
    }
}
