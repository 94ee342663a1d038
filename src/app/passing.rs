//! What the passing of time changes: findings that hang on what day it is, and series that go on and on.

use chrono::{DateTime, Utc};

use super::agenda::{expand, horizon};
use super::record::refresh;
use super::{Actor, App, Error, Result};
use crate::domain::EventId;

/// Clocks differ by quarters of an hour: in no zone does a day begin at another time.
const QUARTER: i64 = 15 * 60;

/// Computes afresh what hangs on what day it is where each event is, once that day has begun: how far off things
/// are that are not announced, holds that are about to lapse, and what was only expected and is over by now.
/// Series are kept known up to the horizon. Gives how many events were looked at.
///
/// # Errors
/// What the store says.
pub fn sweep(app: &App) -> Result<usize> {
    let now = app.now();
    let (last, known) = app.store.read::<_, Error>(|reader| {
        let last = reader.meta("swept")?.and_then(|text| text.parse::<DateTime<Utc>>().ok());
        Ok((last, if is_due(last, now) { reader.events_by_the_day()? } else { Vec::new() }))
    })?;
    if !is_due(last, now) {
        return Ok(0);
    }
    let carried = carry_on(app, now)?;
    let is_another_day = |zone: chrono_tz::Tz| {
        last.is_none_or(|last| last.with_timezone(&zone).date_naive() != now.with_timezone(&zone).date_naive())
    };
    let waiting: Vec<EventId> = known.into_iter().filter(|(_, zone)| is_another_day(*zone)).map(|(id, _)| id).collect();
    app.store.write::<_, Error>(|writer| {
        refresh(app, writer, &Actor::Operator, &waiting)?;
        Ok(writer.set_meta("swept", &now.to_rfc3339())?)
    })?;
    Ok(waiting.len() + carried)
}

fn is_due(last: Option<DateTime<Utc>>, now: DateTime<Utc>) -> bool {
    let quarter = |at: DateTime<Utc>| at.timestamp().div_euclid(QUARTER);
    last.is_none_or(|last| quarter(last) != quarter(now))
}

/// Series whose known occurrences end within three years are expanded further.
fn carry_on(app: &App, now: DateTime<Utc>) -> Result<usize> {
    let soon = horizon(now) - chrono::Duration::days(90);
    let ending = app.store.read::<_, Error>(|reader| Ok(reader.series_ending_before(soon)?))?;
    if ending.is_empty() {
        return Ok(0);
    }
    app.store.write::<_, Error>(|writer| {
        let mut ids = Vec::new();
        for event in writer.series_ending_before(soon)? {
            ids.push(event.id);
            writer.put_event(&expand(event, now), Some(horizon(now)))?;
        }
        refresh(app, writer, &Actor::Operator, &ids)?;
        Ok(ids.len())
    })
}
