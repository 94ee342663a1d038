//! Letters found again, by person and by event, and forgotten in time.

use chrono::{DateTime, Utc};
use rusqlite::named_params;

use super::columns::parsed;
use super::outbox::letter;
use super::{OutboxRow, OutboxState, Reader, Result, Writer};
use crate::domain::{EventId, PartnerSlug};

/// Which letters are looked for. What is `None` narrows nothing.
#[derive(Debug, Clone, Default)]
pub struct LettersWanted {
    /// Words of the recipient's address or name, in any case.
    pub person: Option<String>,
    /// They tell of one of these.
    pub events: Option<Vec<EventId>>,
    /// Where they are.
    pub state: Option<OutboxState>,
    /// They came back.
    pub came_back: bool,
    /// Only older ones than this: where the page before ended.
    pub before: Option<i64>,
    /// No more than that.
    pub limit: u32,
}

/// Whose letters may be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LettersOf {
    /// Everybody's.
    All,
    /// Those to this person, and what a partner's people and guests were told about its plans.
    Person {
        /// Their address.
        email: String,
        /// The partner that they plan for.
        partner: Option<PartnerSlug>,
    },
}

/// What may be found. A digest is between the service and its reader: nobody learns who subscribed to what.
const SEEN: &str = "(:all OR recipient = :email OR (:partner IS NOT NULL AND subscription IS NULL AND (
     (kind = 'notice' AND recipient IN (SELECT email FROM users WHERE partner = :partner AND role <> 'operator'))
  OR (kind IN ('invite', 'cancel') AND event IN (SELECT id FROM events WHERE partner = :partner)))))";

/// What is asked for.
const WANTED: &str = "(:person IS NULL OR id IN (
     SELECT id FROM outbox WHERE recipient LIKE :person ESCAPE '\\'
     UNION ALL SELECT id FROM outbox WHERE name LIKE :person ESCAPE '\\'
     UNION ALL SELECT outbox.id FROM users CROSS JOIN outbox ON recipient = email WHERE users.name LIKE :person ESCAPE '\\'))
  AND (:events IS NULL OR id IN (SELECT letter FROM letter_events WHERE event IN (SELECT value FROM json_each(:events))))
  AND (:state IS NULL OR state = :state)
  AND (NOT :came_back OR EXISTS (SELECT 1 FROM bounces WHERE bounces.outbox = outbox.id))";

impl Reader<'_> {
    /// The letters looked for that may be found, the newest first, without their texts.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn find_letters(&self, of: &LettersOf, wanted: &LettersWanted) -> Result<Vec<OutboxRow>> {
        let sql = format!(
            "SELECT id, idem, kind, subscription, event, sender, recipient, name, subject, message_id, x'' AS mail, state, attempts,
               resent, not_after, reply, created_at, done_at
             FROM outbox WHERE {SEEN} AND {WANTED} AND (:before IS NULL OR id < :before) ORDER BY id DESC LIMIT :limit"
        );
        let (email, partner) = of.columns();
        let (person, events) = (wanted.like(), wanted.listed());
        let mut query = self.connection().prepare_cached(&sql)?;
        let rows = query.query_and_then(
            named_params! {
                ":all": *of == LettersOf::All, ":email": email, ":partner": partner, ":person": person, ":events": events,
                ":state": wanted.state.map(OutboxState::as_str), ":came_back": wanted.came_back, ":before": wanted.before,
                ":limit": wanted.limit,
            },
            letter,
        )?;
        rows.collect()
    }

    /// How many letters are looked for that may not be found.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn count_unseen_letters(&self, of: &LettersOf, wanted: &LettersWanted) -> Result<i64> {
        let sql = format!("SELECT count(*) FROM outbox WHERE NOT {SEEN} AND {WANTED}");
        let (email, partner) = of.columns();
        let mut query = self.connection().prepare_cached(&sql)?;
        Ok(query.query_row(
            named_params! {
                ":all": *of == LettersOf::All, ":email": email, ":partner": partner, ":person": wanted.like(),
                ":events": wanted.listed(), ":state": wanted.state.map(OutboxState::as_str), ":came_back": wanted.came_back,
            },
            |row| row.get(0),
        )?)
    }

    /// May this letter be found?
    ///
    /// # Errors
    /// What SQLite says.
    pub fn may_find_letter(&self, of: &LettersOf, id: i64) -> Result<bool> {
        let sql = format!("SELECT EXISTS (SELECT 1 FROM outbox WHERE id = :id AND {SEEN})");
        let (email, partner) = of.columns();
        let mut query = self.connection().prepare_cached(&sql)?;
        let given = named_params! {":id": id, ":all": *of == LettersOf::All, ":email": email, ":partner": partner};
        Ok(query.query_row(given, |row| row.get(0))?)
    }

    /// The events that a letter tells of.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn events_of_letter(&self, id: i64) -> Result<Vec<EventId>> {
        let mut query = self.connection().prepare_cached("SELECT event FROM letter_events WHERE letter = ?1 ORDER BY event")?;
        query.query_and_then([id], |row| parsed(row, "event"))?.collect()
    }
}

impl Writer<'_> {
    /// Blanks the texts of letters that were settled before that time, at most `most`; the rows stay. How many.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn forget_texts(&self, before: DateTime<Utc>, most: u32) -> Result<usize> {
        let sql = "UPDATE outbox SET mail = x'' WHERE id IN (
                     SELECT id FROM outbox WHERE done_at IS NOT NULL AND length(mail) > 0 AND done_at < ?1 LIMIT ?2)";
        Ok(self.connection().execute(sql, (before.timestamp(), most))?)
    }

    /// Forgets letters that were settled before that time, at most `most`. How many.
    ///
    /// An invitation stays while its event is to come: what was sent for it orders what follows.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn forget_letters(&self, before: DateTime<Utc>, most: u32) -> Result<usize> {
        let sql = "SELECT id FROM outbox WHERE done_at IS NOT NULL AND done_at < ?1 AND (order_key IS NULL
                     OR NOT EXISTS (SELECT 1 FROM occurrences WHERE occurrences.event = outbox.event AND ends_at > ?1))
                   ORDER BY done_at LIMIT ?2";
        let mut query = self.connection().prepare_cached(sql)?;
        let old: Vec<i64> = query.query_map((before.timestamp(), most), |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        for sql in [
            "UPDATE notices SET letter = NULL WHERE letter = ?1",
            "UPDATE digest_runs SET outbox = NULL WHERE outbox = ?1",
            "DELETE FROM bounces WHERE outbox = ?1",
            "DELETE FROM outbox WHERE id = ?1",
        ] {
            let mut each = self.connection().prepare_cached(sql)?;
            for id in &old {
                each.execute([id])?;
            }
        }
        Ok(old.len())
    }
}

impl LettersOf {
    fn columns(&self) -> (&str, Option<&str>) {
        match self {
            Self::All => ("", None),
            Self::Person { email, partner } => (email, partner.as_ref().map(PartnerSlug::as_str)),
        }
    }
}

impl LettersWanted {
    fn like(&self) -> Option<String> {
        let escaped = |text: &String| text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        self.person.as_ref().map(|person| format!("%{}%", escaped(person)))
    }

    fn listed(&self) -> Option<String> {
        let quoted = |events: &Vec<EventId>| events.iter().map(|id| format!("\"{id}\"")).collect::<Vec<_>>().join(",");
        self.events.as_ref().map(|events| format!("[{}]", quoted(events)))
    }
}
