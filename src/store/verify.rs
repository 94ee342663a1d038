//! Does a database hold together?

use super::{Reader, Result};

impl Reader<'_> {
    /// Every fault found, in words; none where the database is sound.
    ///
    /// SQLite's own integrity and foreign keys, and what no CHECK can say.
    ///
    /// # Errors
    /// What SQLite says when it cannot even look.
    pub fn faults(&self) -> Result<Vec<String>> {
        let mut faults: Vec<String> = Vec::new();
        let mut query = self.connection().prepare("PRAGMA integrity_check")?;
        let said: Vec<String> = query.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        faults.extend(said.into_iter().filter(|line| line != "ok").map(|line| format!("SQLite's integrity check: {line}")));
        let mut query = self.connection().prepare("PRAGMA foreign_key_check")?;
        let broken: Vec<(String, String)> =
            query.query_map([], |row| Ok((row.get(0)?, row.get(2)?)))?.collect::<rusqlite::Result<_>>()?;
        faults.extend(
            broken.into_iter().map(|(table, parent)| format!("a row of {table} names a row of {parent} that is not there")),
        );
        for (what, sql) in INVARIANTS {
            let count: i64 = self.connection().query_row(sql, [], |row| row.get(0))?;
            if count > 0 {
                faults.push(format!("{count} × {what}"));
            }
        }
        Ok(faults)
    }
}

/// What must never be found: in words, and as a count.
const INVARIANTS: &[(&str, &str)] = &[
    (
        "an event that happens once without its one occurrence",
        "SELECT count(*) FROM events WHERE recurrence IS NULL AND (SELECT count(*) FROM occurrences WHERE event = id) <> 1",
    ),
    ("an event without a history", "SELECT count(*) FROM events WHERE id NOT IN (SELECT event FROM changes)"),
    (
        "an event whose last recorded change is not its present revision",
        "SELECT count(*) FROM events WHERE revision <> coalesce((SELECT json_extract(after, '$.revision') FROM changes
           WHERE event = id ORDER BY seq DESC LIMIT 1), 0)",
    ),
    (
        "a finding that involves no event",
        "SELECT count(*) FROM findings WHERE fingerprint NOT IN (SELECT fingerprint FROM finding_events)",
    ),
    (
        "a subscription that has read past the last change",
        "SELECT count(*) FROM subscriptions WHERE watermark > (SELECT coalesce(max(seq), 0) FROM changes)",
    ),
    (
        "a letter that is done without a time, or open with one",
        "SELECT count(*) FROM outbox WHERE (state IN ('ready', 'sending')) <> (done_at IS NULL)",
    ),
];
