//! Dates offered for a plan, whom they were sent to, and every answer.

use chrono::{DateTime, NaiveDate, Utc};
use rusqlite::{Row, params};

use super::columns::{Column, day_text, instant, instant_if_any, parsed, parsed_if_any, when, when_columns};
use super::{Error, Reader, Result, Writer};
use crate::domain::EventId;
use crate::domain::proposal::{Answer, Asked, Candidate, Outcome, Proposal, Reply};

impl Reader<'_> {
    /// The proposal of an event, open or over; `None` where nobody was ever asked.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn proposal(&self, event: EventId) -> Result<Option<Proposal>> {
        let mut query = self.connection().prepare_cached("SELECT * FROM proposals WHERE event = ?1")?;
        let Some(found) = query.query_and_then([event.to_string()], proposal)?.next().transpose()? else { return Ok(None) };
        let mut candidates = self.candidates(event, false)?;
        candidates.sort_by_key(|one| (one.when.wall_start(), one.id));
        let asked: Vec<Asked> =
            self.listed("SELECT who FROM asked WHERE event = ?1 AND withdrawn_at IS NULL ORDER BY who", event)?;
        let mut replies = self.replies(event)?;
        replies.retain(|reply| asked.contains(&reply.from) && candidates.iter().any(|one| one.id == reply.candidate));
        Ok(Some(Proposal { candidates, asked, replies, ..found }))
    }

    /// The events whose dates are open and that were sent to somebody, in the order in which that was.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn open_questions_to(&self, who: &Asked) -> Result<Vec<EventId>> {
        let mut query = self.connection().prepare_cached(
            "SELECT event FROM asked JOIN proposals USING (event)
             WHERE who = ?1 AND withdrawn_at IS NULL AND closed_at IS NULL ORDER BY asked_at, event",
        )?;
        query.query_and_then([who.to_string()], |row| parsed(row, "event"))?.collect()
    }

    /// The events whose dates somebody is asked about, in the order in which that began.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn open_proposals(&self) -> Result<Vec<EventId>> {
        let sql = "SELECT event FROM proposals WHERE closed_at IS NULL ORDER BY opened_at, event";
        self.connection().prepare_cached(sql)?.query_and_then([], |row| parsed(row, "event"))?.collect()
    }

    /// How many answers were ever given about an event.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn count_answers(&self, event: EventId) -> Result<i64> {
        let mut query = self.connection().prepare_cached("SELECT count(*) FROM answers WHERE event = ?1")?;
        Ok(query.query_row([event.to_string()], |row| row.get(0))?)
    }

    fn candidates(&self, event: EventId, dropped: bool) -> Result<Vec<Candidate>> {
        let mut query = self
            .connection()
            .prepare_cached("SELECT * FROM candidates WHERE event = ?1 AND (dropped_at IS NULL) <> ?2 ORDER BY id")?;
        query.query_and_then(params![event.to_string(), dropped], candidate)?.collect()
    }

    fn listed(&self, sql: &str, event: EventId) -> Result<Vec<Asked>> {
        self.connection().prepare_cached(sql)?.query_and_then([event.to_string()], |row| parsed(row, "who"))?.collect()
    }

    fn replies(&self, event: EventId) -> Result<Vec<Reply>> {
        let mut query = self.connection().prepare_cached(
            "SELECT * FROM answers WHERE id IN (SELECT max(id) FROM answers WHERE event = ?1 GROUP BY who, candidate)
             ORDER BY who, candidate",
        )?;
        query.query_and_then([event.to_string()], reply)?.collect()
    }
}

impl Writer<'_> {
    /// Opens a proposal, or says anew until when and with what words it is asked.
    ///
    /// One that was over begins anew: what it offered is offered no more.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn open_proposal(
        &self,
        event: EventId,
        answer_by: Option<NaiveDate>,
        note: &str,
        by: &str,
        at: DateTime<Utc>,
    ) -> Result<()> {
        let sql = "UPDATE candidates SET dropped_at = ?2 WHERE event = ?1 AND dropped_at IS NULL
             AND EXISTS (SELECT 1 FROM proposals WHERE proposals.event = ?1 AND closed_at IS NOT NULL)";
        self.connection().prepare_cached(sql)?.execute(params![event.to_string(), at.timestamp()])?;
        let sql = "INSERT INTO proposals (event, answer_by, note, by_name, opened_at) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (event) DO UPDATE SET answer_by = excluded.answer_by, note = excluded.note, by_name = excluded.by_name,
               opened_at = CASE WHEN closed_at IS NULL THEN opened_at ELSE excluded.opened_at END,
               closed_at = NULL, outcome = NULL, chosen = NULL";
        let values = params![event.to_string(), answer_by.map(day_text), note, by, at.timestamp()];
        self.connection().prepare_cached(sql)?.execute(values)?;
        Ok(())
    }

    /// Offers dates, with the answers that were given to the same dates before; its number.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn offer(&self, event: EventId, new: &Candidate, at: DateTime<Utc>) -> Result<i64> {
        if let Some(known) = self.candidates(event, false)?.into_iter().find(|one| one.is_same(new)) {
            return Ok(known.id);
        }
        if let Some(known) = self.candidates(event, true)?.into_iter().find(|one| one.is_same(new)) {
            self.connection().prepare_cached("UPDATE candidates SET dropped_at = NULL WHERE id = ?1")?.execute([known.id])?;
            return Ok(known.id);
        }
        let (all_day, starts, ends) = when_columns(new.when);
        let venue = new.venue.as_ref().map(serde_json::to_string).transpose();
        let venue = venue.map_err(|error| Error::Unreadable { what: "venue", value: error.to_string() })?;
        let sql = "INSERT INTO candidates (event, all_day, starts, ends, time_zone, venue, added_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        let values = params![event.to_string(), all_day, starts, ends, new.zone.name(), venue, at.timestamp()];
        self.connection().prepare_cached(sql)?.execute(values)?;
        Ok(self.connection().last_insert_rowid())
    }

    /// Offers dates no more.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn drop_candidate(&self, id: i64, at: DateTime<Utc>) -> Result<()> {
        let sql = "UPDATE candidates SET dropped_at = ?2 WHERE id = ?1 AND dropped_at IS NULL";
        self.connection().prepare_cached(sql)?.execute(params![id, at.timestamp()])?;
        Ok(())
    }

    /// Sends a proposal to somebody; whoever has it keeps it.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn ask(&self, event: EventId, who: &Asked, at: DateTime<Utc>) -> Result<()> {
        let (partner, team) = match who {
            Asked::Partner(slug) => (Some(slug.as_str()), None),
            Asked::Team(slug) => (None, Some(slug.as_str())),
        };
        let sql = "INSERT INTO asked (event, who, partner, team, asked_at) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (event, who) DO UPDATE SET withdrawn_at = NULL, asked_at = excluded.asked_at
             WHERE withdrawn_at IS NOT NULL";
        self.connection().prepare_cached(sql)?.execute(params![
            event.to_string(),
            who.to_string(),
            partner,
            team,
            at.timestamp()
        ])?;
        Ok(())
    }

    /// Takes a proposal back from somebody.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn ask_no_more(&self, event: EventId, who: &Asked, at: DateTime<Utc>) -> Result<()> {
        let sql = "UPDATE asked SET withdrawn_at = ?3 WHERE event = ?1 AND who = ?2 AND withdrawn_at IS NULL";
        self.connection().prepare_cached(sql)?.execute(params![event.to_string(), who.to_string(), at.timestamp()])?;
        Ok(())
    }

    /// Keeps an answer; what was answered before stays on record.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn add_answer(&self, event: EventId, given: &Reply, by_email: &str) -> Result<()> {
        let sql = "INSERT INTO answers (candidate, event, who, answer, note, by_name, by_email, at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
        let values = params![
            given.candidate,
            event.to_string(),
            given.from.to_string(),
            given.answer.as_str(),
            given.note,
            given.by,
            by_email,
            given.at.timestamp()
        ];
        self.connection().prepare_cached(sql)?.execute(values)?;
        Ok(())
    }

    /// Ends a proposal.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn close_proposal(&self, event: EventId, outcome: Outcome, at: DateTime<Utc>) -> Result<()> {
        let (outcome, chosen) = match outcome {
            Outcome::Settled(chosen) => ("settled", chosen),
            Outcome::Withdrawn => ("withdrawn", None),
        };
        let sql = "UPDATE proposals SET closed_at = ?2, outcome = ?3, chosen = ?4 WHERE event = ?1";
        self.connection().prepare_cached(sql)?.execute(params![event.to_string(), at.timestamp(), outcome, chosen])?;
        Ok(())
    }
}

fn proposal(row: &Row<'_>) -> Result<Proposal> {
    let outcome: Option<String> = row.get("outcome")?;
    let outcome = match outcome.as_deref() {
        Some("settled") => Some(Outcome::Settled(row.get("chosen")?)),
        Some("withdrawn") => Some(Outcome::Withdrawn),
        Some(other) => return Err(Error::Unreadable { what: "outcome", value: other.to_owned() }),
        None => None,
    };
    Ok(Proposal {
        event: parsed(row, "event")?,
        candidates: Vec::new(),
        asked: Vec::new(),
        replies: Vec::new(),
        answer_by: parsed_if_any(row, "answer_by")?,
        note: row.get("note")?,
        by: row.get("by_name")?,
        opened_at: instant(row, "opened_at")?,
        closed: instant_if_any(row, "closed_at")?.zip(outcome),
    })
}

fn candidate(row: &Row<'_>) -> Result<Candidate> {
    let venue: Option<String> = row.get("venue")?;
    let read = |text: String| serde_json::from_str(&text).map_err(|_| Error::Unreadable { what: "venue", value: text.clone() });
    Ok(Candidate {
        id: row.get("id")?,
        when: when(row, ["all_day", "starts", "ends"].map(Column::from))?,
        zone: parsed(row, "time_zone")?,
        venue: venue.map(read).transpose()?,
    })
}

fn reply(row: &Row<'_>) -> Result<Reply> {
    let answer: String = row.get("answer")?;
    Ok(Reply {
        from: parsed(row, "who")?,
        candidate: row.get("candidate")?,
        answer: answer.parse::<Answer>().map_err(|_| Error::Unreadable { what: "answer", value: answer })?,
        note: row.get("note")?,
        by: row.get("by_name")?,
        at: instant(row, "at")?,
    })
}
