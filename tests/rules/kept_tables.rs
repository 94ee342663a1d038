//! Whoever keeps the calendar in memory is told of every change of what it is made of.

use std::collections::BTreeSet;

use convene::app::agenda::{around, expand, whole};
use convene::app::{App, Error};
use convene::domain::{Details, Event, EventId, EventStatus, When};
use rusqlite::Connection;

use crate::support::World;

/// Tables that an event is made of beside its row: [`every_part_of_an_event_is_written_with_its_row`].
const PARTS: [&str; 5] = ["event_co_hosts", "event_roles", "event_speakers", "event_stages", "occurrences"];

/// Tables that are read and that no answer hangs on, with why.
const NOT_NEEDED: [(&str, &str); 0] = [];

#[test]
fn every_table_that_the_calendar_is_made_of_tells_when_it_changes() {
    let world = World::demo();
    let database = Connection::open(world.file()).expect("the database");
    database.pragma_update(None, "foreign_keys", false).expect("tables may be called something else");
    // Read first: a table that had another name is quoted in its triggers.
    let triggers = triggers(&database);
    let read: BTreeSet<String> = tables(&database).into_iter().filter(|table| is_read(&world.app, &database, table)).collect();
    let must_be_read = ["events", "occurrences", "teams", "policies", "patterns"];
    assert!(must_be_read.iter().all(|table| read.contains(*table)), "{read:?}");
    let silent: Vec<&String> = read
        .iter()
        .filter(|table| !PARTS.contains(&table.as_str()) && !NOT_NEEDED.iter().any(|(known, _)| known == table))
        .filter(|table| ["INSERT", "UPDATE", "DELETE"].iter().any(|act| !tells(&triggers, table, act)))
        .collect();
    assert!(
        silent.is_empty(),
        "the agenda reads {silent:?}: what is kept of the calendar does not hear of changes there. \
         Add triggers as db/migrations/0011_calendar_log.sql does, or name them here with the reason why it need not"
    );
    let gone: Vec<&&str> = PARTS.iter().filter(|table| !read.contains(**table)).collect();
    assert!(gone.is_empty(), "no longer read: {gone:?}");
}

#[test]
fn every_part_of_an_event_is_written_with_its_row() {
    let source = |path: &std::path::Path| std::fs::read_to_string(path).expect("a source");
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store");
    let files = std::fs::read_dir(folder).expect("a folder").map(|file| file.expect("a file").path());
    let writes = |text: &str| {
        let names = |verb: &str| PARTS.iter().any(|table| text.contains(&format!("{verb} {table}")));
        names("INSERT INTO") || names("INSERT OR REPLACE INTO") || names("UPDATE") || names("DELETE FROM")
    };
    let elsewhere: Vec<_> =
        files.filter(|path| !path.ends_with("events.rs") && path.is_file() && writes(&source(path))).collect();
    assert!(elsewhere.is_empty(), "only Writer::put_event writes them, after the event's row: {elsewhere:?}");
}

fn tables(database: &Connection) -> Vec<String> {
    let sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name";
    let mut query = database.prepare(sql).expect("a query");
    query.query_map([], |row| row.get(0)).expect("rows").collect::<Result<_, _>>().expect("names")
}

/// Is something missing where the table has another name?
fn is_read(app: &App, database: &Connection, table: &str) -> bool {
    let rename = |from: &str, to: &str| database.execute_batch(&format!("ALTER TABLE {from} RENAME TO {to}")).expect("renamed");
    rename(table, "set_aside");
    let read = read_all(app);
    rename("set_aside", table);
    match read {
        Ok(()) => false,
        Err(error) => {
            assert!(error.to_string().contains(&format!("no such table: {table}")), "{table}: {error}");
            true
        }
    }
}

/// All ways in which an agenda is made.
fn read_all(app: &App) -> Result<(), Error> {
    let when = When::Days { first: "2027-10-06".parse().expect("a day"), last: None };
    let details = Details::new("Asked about", "nlc".parse().expect("a partner"), when, chrono_tz::America::Chicago);
    let event = Event::new(EventId(uuid::Uuid::nil()), EventStatus::Proposed, details, app.now());
    let entry = expand(event, app.now());
    app.store.read(|reader| {
        whole(app, reader, app.now())?;
        around(app, reader, &entry, app.now())?;
        Ok(())
    })
}

fn triggers(database: &Connection) -> Vec<(String, String)> {
    let mut query = database.prepare("SELECT tbl_name, sql FROM sqlite_master WHERE type = 'trigger'").expect("a query");
    let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).expect("rows");
    rows.collect::<Result<_, _>>().expect("texts")
}

/// Is there a trigger that leaves a mark?
fn tells(triggers: &[(String, String)], table: &str, act: &str) -> bool {
    triggers.iter().filter(|(of, _)| of == table).any(|(_, sql)| {
        let always = !sql.contains(" WHEN ") && sql.contains(&format!("AFTER {act} ON"));
        always && (sql.contains("INSERT INTO calendar_log") || sql.contains("name = 'setting'"))
    })
}
