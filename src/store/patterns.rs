//! Yearly patterns, and which years' convenings of them are public.

use std::collections::BTreeSet;

use chrono::Datelike as _;
use rusqlite::params;

use super::{Error, Reader, Result, Writer};
use crate::domain::pattern::Outlook;
use crate::domain::{Days, Pattern};

/// The years in which something public of that name begins that a partner calls, alone or with others.
const KNOWN: &str = "SELECT DISTINCT CAST(substr(occurrences.starts, 1, 4) AS INTEGER)
  FROM (SELECT id FROM events
          WHERE partner = ?1 AND status NOT IN ('idea', 'hold', 'proposed') AND private = 0 AND instr(lower(title), ?2) > 0
        UNION
        SELECT id FROM event_co_hosts JOIN events ON events.id = event_co_hosts.event
          WHERE event_co_hosts.partner = ?1 AND status NOT IN ('idea', 'hold', 'proposed') AND private = 0
            AND instr(lower(title), ?2) > 0) AS named
  JOIN occurrences ON occurrences.event = named.id
  WHERE occurrences.starts >= ?3 AND occurrences.starts < ?4";

impl Reader<'_> {
    /// The yearly patterns, in the order of their table.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn patterns(&self) -> Result<Vec<Pattern>> {
        let mut query = self.connection().prepare_cached("SELECT body FROM patterns ORDER BY position")?;
        let bodies = query.query_map([], |row| row.get::<_, String>(0))?.collect::<rusqlite::Result<Vec<_>>>()?;
        let read = |body: String| serde_json::from_str(&body).map_err(|_| Error::Unreadable { what: "pattern", value: body });
        bodies.into_iter().map(read).collect()
    }

    /// What is to be expected of these patterns on these days.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn outlook(&self, patterns: Vec<Pattern>, days: Days) -> Result<Outlook> {
        let (from, until) = (format!("{:04}", days.first.year()), format!("{:04}", days.last.year() + 1));
        let mut known = BTreeSet::new();
        for (place, pattern) in patterns.iter().enumerate().filter(|(_, pattern)| pattern.likely(days).is_some()) {
            let mut query = self.connection().prepare_cached(KNOWN)?;
            let mut rows = query.query(params![pattern.partner.as_str(), pattern.title.to_ascii_lowercase(), from, until])?;
            while let Some(row) = rows.next()? {
                known.insert((place, row.get(0)?));
            }
        }
        Ok(Outlook { patterns, version: self.meta("patterns")?.unwrap_or_default(), known })
    }
}

impl Writer<'_> {
    /// Puts these in the place of all that were there, under a version.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn replace_patterns(&self, patterns: &[Pattern], version: &str) -> Result<()> {
        self.connection().execute("DELETE FROM patterns", [])?;
        let mut insert = self.connection().prepare_cached("INSERT INTO patterns (body) VALUES (?1)")?;
        for pattern in patterns {
            let body = serde_json::to_string(pattern)
                .map_err(|error| Error::Unreadable { what: "pattern", value: error.to_string() })?;
            insert.execute([body])?;
        }
        self.set_meta("patterns", version)
    }
}
