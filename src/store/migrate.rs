//! Migrations: embedded, forward only, each in its own transaction.

use rusqlite::Connection;
use rusqlite_migration::{M, Migrations};

use super::{Error, Result};

/// Each file of `db/migrations`, in order. Never edit one that has shipped.
const STEPS: &[M<'static>] = &[
    M::up(include_str!("../../db/migrations/0001_ground.sql")),
    M::up(include_str!("../../db/migrations/0002_sources.sql")),
    M::up(include_str!("../../db/migrations/0003_feed_keys.sql")),
    M::up(include_str!("../../db/migrations/0004_team_facts.sql")),
    M::up(include_str!("../../db/migrations/0005_kinds.sql")),
    M::up(include_str!("../../db/migrations/0006_policy.sql")),
    M::up(include_str!("../../db/migrations/0007_intake.sql")),
    M::up(include_str!("../../db/migrations/0008_sending.sql")),
    M::up(include_str!("../../db/migrations/0009_letters.sql")),
    M::up(include_str!("../../db/migrations/0010_team_leads.sql")),
    M::up(include_str!("../../db/migrations/0011_calendar_log.sql")),
    M::up(include_str!("../../db/migrations/0012_claims.sql")),
    M::up(include_str!("../../db/migrations/0013_life.sql")),
    M::up(include_str!("../../db/migrations/0014_answered_once.sql")),
    M::up(include_str!("../../db/migrations/0015_guests.sql")),
    M::up(include_str!("../../db/migrations/0016_letters_found.sql")),
    M::up(include_str!("../../db/migrations/0017_undated.sql")),
    M::up(include_str!("../../db/migrations/0018_proposals.sql")),
    M::up(include_str!("../../db/migrations/0019_doubts.sql")),
    M::up(include_str!("../../db/migrations/0020_findings_in_order.sql")),
    M::up(include_str!("../../db/migrations/0021_source_calendars.sql")),
    M::up(include_str!("../../db/migrations/0022_partner_contacts.sql")),
    M::up(include_str!("../../db/migrations/0023_states.sql")),
    M::up(include_str!("../../db/migrations/0024_calendar_log_pruned_at_times.sql")),
];

/// Brings a database up to this program's schema.
pub(super) fn to_latest(connection: &mut Connection) -> Result<()> {
    let found: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let known = i64::try_from(STEPS.len()).unwrap_or(i64::MAX);
    if found > known {
        return Err(Error::Version(format!(
            "the database has schema {found}, and this program knows only up to {known}: start a newer program"
        )));
    }
    Migrations::from_slice(STEPS).to_latest(connection).map_err(|error| match error {
        rusqlite_migration::Error::RusqliteError { err, .. } => Error::Sqlite(err),
        other => Error::Version(format!("the database could not be migrated: {other}")),
    })
}
