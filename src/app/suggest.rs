//! Better dates: windows for a wish, and for an event that has dates already. Reads only.

use std::collections::BTreeSet;

use chrono::{DateTime, Days as Step, NaiveTime, Utc};

use super::agenda::around_for;
use super::discretion::is_beside_hidden;
use super::record::{must_be_seldom, must_exist};
use super::{Actor, App, Error, Result};
use crate::domain::agenda::Agenda;
use crate::domain::conflict::Policy;
use crate::domain::suggest::{self, Length, Suggestions, Weekdays, Window, Wish, judged, suggest as search};
use crate::domain::{Days, Details, Event, EventId, Mode, PartnerSlug, Venue, When};
use crate::json::{FieldError, WishDraft, WishRead};
use crate::store::{Error as StoreError, Reader};

/// The best windows for a wish, and why the others fell out.
///
/// # Errors
/// [`Error::Invalid`] with every mistake.
pub fn suggest(app: &App, actor: &Actor, draft: &WishDraft) -> Result<Suggestions> {
    let read = draft.read().map_err(Error::Invalid)?;
    app.store.read::<_, Error>(|reader| {
        let near = near(app, reader, actor, draft.near.as_deref())?;
        let wish = wish_of(app, actor, read, near)?;
        must_be_known(reader, &wish.template)?;
        with_calendar(app, reader, actor, wish, |wish, agenda| search(&wish, agenda, &app.settings.policy))
    })
}

/// Better dates for an event than those it has: as long, at most 45 days away, at most `most`, best first.
///
/// Only what is really better: none where nothing is. Mondays to Fridays for what is on Mondays to
/// Fridays now, else any day. Series are not moved as a whole.
///
/// # Errors
/// What the store says.
pub fn better(app: &App, actor: &Actor, event: &Event, most: usize) -> Result<Vec<Window>> {
    let now = app.now();
    let Some(wish) = wish_to_move(event, most, now) else { return Ok(Vec::new()) };
    let when = event.details.when;
    app.store.read::<_, Error>(|reader| {
        let policy = &app.settings.policy;
        with_calendar(app, reader, actor, wish, |wish, agenda| {
            let found = search(&wish, agenda, policy);
            gaining(&wish, when, found.windows, agenda, policy)
        })
    })
}

/// How far away better dates are looked for, in days.
const AROUND: u64 = 45;

/// Those that beat the dates it has, as it would be there: with its own hours, if it has some.
fn gaining(wish: &Wish, when: When, found: Vec<Window>, agenda: &Agenda, policy: &Policy) -> Vec<Window> {
    let own = judged(wish, when, agenda, policy).score;
    let moved = |window: Window| match window.when {
        When::Days { first, .. } => judged(wish, when.starting(first.and_time(when.wall_start().time())), agenda, policy),
        When::Times { .. } => window,
    };
    found.into_iter().map(moved).filter(|window| window.score > own && window.when != when).collect()
}

/// The wish that an event is: to be what it is, at another time. `None` for what is over, or comes as a series.
fn wish_to_move(event: &Event, most: usize, now: DateTime<Utc>) -> Option<Wish> {
    let details = &event.details;
    let (days, tomorrow) = (details.when.days(), now.with_timezone(&details.zone).date_naive().succ_opt()?);
    let around = days.widened(AROUND);
    if details.recurrence.is_some() || around.last < tomorrow || days.last < tomorrow {
        return None;
    }
    let working = Weekdays::WORKING.has_all(days);
    let (length, hours) = match details.when {
        When::Times { start, end: Some(end) } if days.count() == 1 && end > start => {
            let minutes = u32::try_from((end - start).num_minutes()).ok().filter(|minutes| (5..=1440).contains(minutes))?;
            (Length::Minutes(minutes), Some(hours_with(start.time(), end.time())))
        }
        _ => (Length::Days(u32::try_from(days.count()).ok()?), None),
    };
    Some(Wish {
        template: details.clone(),
        event: event.id,
        length,
        between: Days::new(around.first.max(tomorrow), around.last),
        weekdays: if working { Weekdays::WORKING } else { Weekdays::ANY },
        hours,
        at: match details.when {
            When::Times { start, .. } => Some(start.time()),
            When::Days { .. } => None,
        },
        travel_days: 1,
        avoid: None,
        most,
        hidden: BTreeSet::new(),
    })
}

/// The working day, and the hours that it has now.
fn hours_with(from: NaiveTime, until: NaiveTime) -> suggest::Hours {
    let day = suggest::Hours::DAY;
    suggest::Hours { from: from.min(day.from), until: until.max(day.until) }
}

/// What `near` names.
enum Near {
    Nothing,
    Anchor(Box<Event>),
    Place(Venue),
}

fn near(app: &App, reader: &Reader<'_>, actor: &Actor, text: Option<&str>) -> Result<Near> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(Near::Nothing) };
    if let Ok(id) = text.parse::<EventId>() {
        return match reader.event(id) {
            Ok(event) if actor.may_see(&event) => Ok(Near::Anchor(Box::new(event))),
            Ok(_) | Err(StoreError::NotFound(_)) => Err(Error::field("near", format!("there is no event {id}"))),
            Err(error) => Err(error.into()),
        };
    }
    let mut venue = Some(app.places().read_line(text));
    app.places().complete(&mut venue);
    match venue.filter(|venue| venue.position().is_some()) {
        Some(venue) => Ok(Near::Place(venue)),
        None => Err(Error::field(
            "near",
            format!("“{text}” is neither an event's id nor a city that is known; one would be Kansas City, MO"),
        )),
    }
}

fn wish_of(app: &App, actor: &Actor, read: WishRead, near: Near) -> Result<Wish> {
    let (anchor, place) = match near {
        Near::Nothing => (None, None),
        Near::Anchor(event) => {
            let venue = event.details.venue.clone().map(in_town_of);
            (Some(event), venue)
        }
        Near::Place(venue) => (None, Some(venue)),
    };
    let between = between(&read, anchor.as_deref())?;
    let of_anchor = anchor.as_ref().map(|event| event.details.zone);
    let zone = read
        .zone
        .or(of_anchor)
        .or_else(|| place.as_ref().and_then(|venue| app.places().zone_of(venue)))
        .unwrap_or(app.settings.time_zone);
    let partner = match read.partner.or_else(|| actor.partner().cloned()) {
        Some(partner) => partner,
        None => nobody()?,
    };
    let template = Details {
        cohort: read.cohort,
        roles: read.roles.into_iter().collect(),
        mode: read.mode,
        venue: place.filter(|_| read.mode != Mode::Virtual),
        anchor: anchor.map(|event| event.id),
        speakers: read.speakers.into_iter().collect(),
        expected: read.expected,
        ..Details::new("Suggestion", partner, When::Days { first: between.first, last: None }, zone)
    };
    Ok(Wish {
        template,
        event: Wish::NEW,
        length: read.length,
        between,
        weekdays: read.weekdays,
        hours: read.hours,
        at: None,
        travel_days: read.travel_days,
        avoid: read.avoid,
        most: read.limit,
        hidden: BTreeSet::new(),
    })
}

/// The town of a venue, and not its rooms: those are the anchor's.
fn in_town_of(venue: Venue) -> Venue {
    Venue { name: None, room: None, capacity: None, ..venue }
}

/// The days that were given; with an anchor only those beside it.
fn between(read: &WishRead, anchor: Option<&Event>) -> Result<Days> {
    let beside = anchor.map(|event| {
        let length = if let Length::Days(days) = read.length { u64::from(days) } else { 1 };
        (event.details.when.days(), suggest::beside(event.details.when.days(), length))
    });
    match (read.between, beside) {
        (None, None) => Err(Error::field("between", "say between which days, such as 2027-10-01..2027-11-30")),
        (Some(days), None) => Ok(days),
        (None, Some((_, beside))) => Ok(beside),
        (Some(days), Some((anchor, beside))) => days.overlap(beside).ok_or_else(|| {
            let on = crate::domain::wording::days(anchor);
            Error::field("between", format!("the event that it is to be near is on {on}: none of these days is beside it"))
        }),
    }
}

/// Whoever runs the command line speaks for no partner.
fn nobody() -> Result<PartnerSlug> {
    NOBODY.parse().map_err(|_| Error::field("partner", "say which partner calls it"))
}

const NOBODY: &str = "nobody";

fn must_be_known(reader: &Reader<'_>, template: &Details) -> Result<()> {
    must_be_seldom(template)?;
    let is_nobody = template.partner.as_str() == NOBODY;
    match must_exist(reader, template) {
        Err(Error::Invalid(mistakes)) if is_nobody => {
            let others: Vec<FieldError> = mistakes.into_iter().filter(|mistake| mistake.field != "partner").collect();
            if others.is_empty() { Ok(()) } else { Err(Error::Invalid(others)) }
        }
        other => other,
    }
}

/// Does `work` with everything that a finding about any window may depend on, as far as the actor may look.
fn with_calendar<T>(
    app: &App,
    reader: &Reader<'_>,
    actor: &Actor,
    wish: Wish,
    work: impl FnOnce(Wish, &Agenda) -> T,
) -> Result<T> {
    let any_day = When::Days { first: wish.between.first, last: None };
    let is_plain = actor.sees_all() || !is_beside_hidden(reader, actor, &wish.candidate(any_day, app.now()).event)?;
    let mut waiting = Some((wish, work));
    let mut look = |agenda: &Agenda, hidden: &BTreeSet<EventId>| {
        Ok(waiting.take().map(|(wish, work)| work(Wish { hidden: hidden.clone(), ..wish }, agenda)))
    };
    let done = match is_plain {
        true if actor.sees_all() => app.kept.look(app, reader, true, |agenda| look(agenda, &BTreeSet::new()))?,
        true => app.kept.look_as(app, reader, actor, true, look)?,
        false => None,
    };
    match (done.flatten(), waiting) {
        (Some(done), _) => Ok(done),
        (None, Some((wish, work))) => {
            let agenda = agenda(app, reader, actor, &wish)?;
            let hidden = hidden(&agenda, actor);
            Ok(work(Wish { hidden, ..wish }, &agenda))
        }
        (None, None) => Err(Error::NotPossible("the calendar could not be read".to_owned())),
    }
}

/// What the answer must not tell of.
fn hidden(agenda: &Agenda, actor: &Actor) -> BTreeSet<EventId> {
    let events = agenda.entries().iter().map(|entry| &entry.event);
    events.filter(|event| !actor.may_see(event)).map(|event| event.id).collect()
}

fn agenda(app: &App, reader: &Reader<'_>, actor: &Actor, wish: &Wish) -> Result<Agenda> {
    let (days, now) = (suggest::reach(wish), app.now());
    // A day more: a candidate at the very end of the last day has its neighbours after it.
    let last = days.last.checked_add_days(Step::new(1));
    around_for(app, reader, actor, &wish.candidate(When::Days { first: days.first, last }, now), now)
}
