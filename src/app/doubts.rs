//! Doubtful rows of upstream calendars: what waits for a yes or no of the partner's people, and the answer.
//!
//! A row is shown as it would come in now, with a mark of all that it says and of the event that it would change.
//! An answer brings the mark back and is refused where either is another one since.

use serde_json::{Value, json};

use super::import::{self, Class, Difference, Incoming, Row};
use super::sync::options;
use super::{Actor, App, Error, Result};
use crate::domain::EventId;
use crate::keys::hash;
use crate::store::{Doubt, DoubtAnswer, DoubtAnswered, Reader, UpstreamCalendar, Writer};

/// A row that somebody of the partner is, or was, asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The question, and what was answered.
    pub doubt: Doubt,
    /// What would become of it now.
    pub row: Row,
    /// An answer wants that back.
    pub mark: String,
}

/// The rows of a calendar that wait, and those that were left out on somebody's word, by line.
///
/// # Errors
/// [`Error::NotFound`] where there is no such calendar, or it is another partner's.
pub fn list(app: &App, actor: &Actor, source: i64) -> Result<Vec<Asked>> {
    app.store.read::<_, Error>(|reader| {
        let source = reader.source(source)?;
        actor.must_act_for(&source.partner).map_err(|_| Error::NotFound("source"))?;
        let mut doubts = reader.doubts_of(source.id)?;
        doubts.retain(|doubt| doubt.answered.as_ref().is_none_or(|said| said.answer == DoubtAnswer::No));
        asked(app, reader, &source, doubts)
    })
}

/// One row that waits or was answered.
///
/// # Errors
/// [`Error::NotFound`] where there is none, or it is another partner's.
pub fn one(app: &App, actor: &Actor, id: i64) -> Result<Asked> {
    app.store.read::<_, Error>(|reader| {
        let (doubt, source) = own(reader, actor, id)?;
        asked(app, reader, &source, vec![doubt])?.pop().ok_or(Error::NotFound("row"))
    })
}

/// Takes a row in, or leaves it out for as long as its calendar says the same; a no may become a yes later.
/// `mark` is that of the row as it was shown. Gives its event where it has one now.
///
/// # Errors
/// [`Error::Stale`] where the row, or the event that it would change, is another one since; [`Error::NotPossible`] where
/// it was answered so already; [`Error::NotFound`] as [`one`].
pub fn answer(app: &App, actor: &Actor, id: i64, mark: &str, answer: DoubtAnswer) -> Result<Option<EventId>> {
    app.store.write(|writer| answer_one(app, writer, actor, id, mark, answer))
}

/// Answers several rows alike, each with its mark: all of them or none.
///
/// # Errors
/// As [`answer`], for the first that cannot be answered so.
pub fn answer_all(app: &App, actor: &Actor, rows: &[(i64, String)], answer: DoubtAnswer) -> Result<()> {
    app.store.write(|writer| rows.iter().try_for_each(|(id, mark)| answer_one(app, writer, actor, *id, mark, answer).map(drop)))
}

fn answer_one(
    app: &App,
    writer: &Writer<'_>,
    actor: &Actor,
    id: i64,
    mark: &str,
    answer: DoubtAnswer,
) -> Result<Option<EventId>> {
    let (doubt, source) = own(writer, actor, id)?;
    if let Some(said) = &doubt.answered
        && (said.answer == DoubtAnswer::Yes || said.answer == answer)
    {
        let what = if said.answer == DoubtAnswer::Yes { "taken in" } else { "left out" };
        return Err(Error::NotPossible(format!("“{}” was {what} already by {}", doubt.title, said.by)));
    }
    let now = asked(app, writer, &source, vec![doubt])?.pop().ok_or(Error::NotFound("row"))?;
    if now.mark != mark {
        return Err(Error::Stale);
    }
    let mut event = now.row.event.map(|(id, _)| id);
    if answer == DoubtAnswer::Yes {
        let row = incoming(&now.doubt, &source).ok_or(Error::NotFound("row"))?;
        for id in import::store_answered(app, writer, actor, &options(&source), row)? {
            writer.give(source.id, id)?;
            event = Some(id);
        }
    }
    writer.answer_doubt(id, &DoubtAnswered { answer, at: app.now(), by: actor.name().to_owned() })?;
    Ok(event)
}

/// A row with its calendar, for who may act for its partner.
fn own(reader: &Reader<'_>, actor: &Actor, id: i64) -> Result<(Doubt, UpstreamCalendar)> {
    let doubt = reader.doubt(id)?;
    let source = reader.source(doubt.source)?;
    actor.must_act_for(&source.partner).map_err(|_| Error::NotFound("row"))?;
    Ok((doubt, source))
}

/// Rows as they would come in now.
fn asked(app: &App, reader: &Reader<'_>, source: &UpstreamCalendar, doubts: Vec<Doubt>) -> Result<Vec<Asked>> {
    let (doubts, rows): (Vec<Doubt>, Vec<Incoming>) =
        doubts.into_iter().filter_map(|doubt| incoming(&doubt, source).map(|row| (doubt, row))).unzip();
    let rows = import::look_again(app, reader, source, &options(source), rows)?;
    Ok(doubts.into_iter().zip(rows).map(|(doubt, row)| with_mark(doubt, row)).collect())
}

fn with_mark(doubt: Doubt, row: Row) -> Asked {
    let revision = row.event.map_or(0, |(_, revision)| revision);
    let mark = format!("{}.{revision}", hash(&doubt.facts));
    // What was doubtful in the calendar as a whole, a double line say, is not seen in the row alone.
    let row = Row { doubts: doubt.reasons.clone(), ..row };
    Asked { doubt, row, mark }
}

/// What the calendar says in a row; `None` where what was kept of it cannot be read.
pub(super) fn incoming(doubt: &Doubt, source: &UpstreamCalendar) -> Option<Incoming> {
    Incoming::of_facts(&doubt.facts, &source.partner, &doubt.uid, doubt.sequence, doubt.line)
}

/// A row for programs.
#[must_use]
pub fn asked_json(one: &Asked) -> Value {
    let Asked { doubt, row, mark } = one;
    let differs = |one: &Difference| json!({"field": one.field, "old": one.old, "new": one.new});
    let said = doubt.answered.as_ref();
    json!({
        "id": doubt.id, "source": doubt.source, "mark": mark, "line": doubt.line, "uid": doubt.uid, "title": doubt.title,
        "when": row.when, "place": row.place, "becomes": becomes(row.class), "event": row.event.map(|(id, _)| id),
        "differences": row.differences.iter().map(differs).collect::<Vec<_>>(), "reasons": doubt.reasons,
        "since": doubt.since, "answer": said.map(|said| said.answer.as_str()), "answered_at": said.map(|said| said.at),
        "answered_by": said.map(|said| &said.by),
    })
}

/// What a yes would make of a row, in a word.
#[must_use]
pub fn becomes(class: Class) -> &'static str {
    match class {
        Class::New => "new",
        Class::Changed => "changed",
        Class::Cancelled => "cancelled",
        Class::Unchanged => "unchanged",
    }
}
