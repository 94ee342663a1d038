//! What an announcement does to those who were told to expect it.

use std::collections::BTreeSet;

use crate::app::agenda::{days_of, expand, instants, outlook_on};
use crate::app::{App, Result};
use crate::domain::agenda::{Agenda, Entry};
use crate::domain::conflict::{self, Kind};
use crate::domain::pattern;
use crate::domain::{Days, Event, Pattern};
use crate::store::Writer;

/// Computes anew what is expected in those weeks in which this event is, or was, expected itself.
pub(super) fn reconsider(
    app: &App,
    writer: &Writer<'_>,
    before: Option<&Event>,
    after: &Entry,
    patterns: &[Pattern],
) -> Result<()> {
    let is_about = |one: &&Pattern| one.is_about(&after.event) || before.is_some_and(|before| one.is_about(before));
    let patterns: Vec<&Pattern> = patterns.iter().filter(is_about).collect();
    if patterns.is_empty() {
        return Ok(());
    }
    let was = before.map(|before| expand(before.clone(), app.now()));
    let years: BTreeSet<i32> = was.iter().chain([after]).flat_map(pattern::years).collect();
    let weeks = patterns.iter().flat_map(|pattern| years.iter().flat_map(|year| pattern.weeks(*year)));
    let mut ids = BTreeSet::new();
    for week in weeks {
        let there = writer.journeys(instants(Days::new(week, week + chrono::Duration::days(6))))?;
        ids.extend(there.iter().map(|entry| entry.event.id).filter(|id| *id != after.event.id));
    }
    let policy = &app.settings.policy;
    for id in ids {
        let entry = writer.entry(id)?;
        let find = |agenda: &Agenda| Ok(conflict::find_expected(&entry, agenda, policy));
        let expected = match app.kept.look(app, writer, false, find)? {
            Some(expected) => expected,
            None => find(&outlook_on(app, writer, days_of(&entry), app.now())?)?,
        };
        writer.replace_findings_of_kind(id, Kind::ExpectedAnchor, &expected, app.now())?;
    }
    Ok(())
}
