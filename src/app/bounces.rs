//! Letters that came back: whose they were, what that says about the address, and how to forgive it.

use chrono::{DateTime, Utc};

use super::{App, Result};
use crate::keys;
use crate::store::{Bounce, Noted, OutboxRow, Weight, Writer};

/// Where failure reports about a letter go: an address that names it, sealed so that nobody else can (VERP).
#[must_use]
pub fn return_path(app: &App, row: &OutboxRow) -> String {
    let Some(bounce) = &app.settings.mail.bounce else { return row.sender.clone() };
    match bounce.split_once('@') {
        Some((local, domain)) => format!("{local}+{}.{}@{domain}", row.id, seal(app, row.id)),
        None => row.sender.clone(),
    }
}

/// Eight hexadecimal digits that only this service can make for a letter.
fn seal(app: &App, id: i64) -> String {
    keys::hash(&keys::seal(&app.secret, &format!("bounce:{id}"))).chars().take(8).collect()
}

/// Notes that a letter came back, once a letter.
pub(super) fn note(_app: &App, writer: &Writer<'_>, bounce: &Bounce, at: DateTime<Utc>) -> Result<Noted> {
    let noted = writer.note_bounce(bounce, at)?;
    if noted != Noted::Known && bounce.weight == Weight::Policy {
        let words = format!(
            "A letter came back for something of ours, not of its reader: “{}”. Nobody's address is blocked for it. See convene doctor.",
            bounce.reply
        );
        writer.raise_alert("policy", &words, at, at)?;
    }
    Ok(noted)
}
