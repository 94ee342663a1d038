//! What a source says, put into our words: roles and mode from categories, place from a line.

use std::collections::BTreeSet;
use std::str::FromStr as _;

use serde::{Deserialize, Serialize};

use super::{Note, Options, Report};
use crate::app::record::nearest;
use crate::app::{App, Error, Result};
use crate::domain::{Details, Event, EventKind, EventStatus, Mode, PartnerSlug, RoleSlug, RoleTree, Venue, wording};
use crate::ical::{self, EntryStatus, NoteLevel};
use crate::json::Draft;
use crate::sheet::{self, places};

/// One event as a source gives it.
#[derive(Debug, Clone, PartialEq)]
pub struct Incoming {
    /// Its name in the source.
    pub uid: String,
    /// Its `SEQUENCE` there.
    pub sequence: u32,
    /// Where it stands by the source.
    pub status: EventStatus,
    /// The rest.
    pub details: Details,
}

/// What is compared between two readings.
#[derive(Serialize, Deserialize, PartialEq)]
struct Facts {
    status: String,
    draft: Draft,
}

impl Incoming {
    /// What the source says, as text that is kept beside the event.
    #[must_use]
    pub fn facts(&self) -> String {
        let facts = Facts { status: self.status.as_str().to_owned(), draft: Draft::of(&self.details) };
        serde_json::to_string(&facts).unwrap_or_default()
    }

    /// The event's details with those fields replaced that upstream changed since it was last read.
    #[must_use]
    pub fn merged_into(&self, before: &Event, last_read: &str, same_calendar: bool) -> (EventStatus, Details) {
        let last: Option<Facts> = serde_json::from_str(last_read).ok();
        let Some(last) = last else { return (self.status, self.details.clone()) };
        let now = Draft::of(&self.details);
        let (mut details, new) = (before.details.clone(), self.details.clone());
        let was = &last.draft;
        macro_rules! take {
            ($($field:ident),*) => { $(if was.$field != now.$field { details.$field = new.$field.clone(); })* };
        }
        take!(title, description, url, join_url, roles, transparent, mode, venue, recurrence);
        if (&was.start, &was.end, was.all_day, &was.time_zone) != (&now.start, &now.end, now.all_day, &now.time_zone) {
            details.when = new.when;
            details.zone = new.zone;
        }
        // What was held does not become merely confirmed because a calendar never says “held”; and what one
        // source calls certain is not taken back because another one only announced it.
        let weaker = matches!(self.status, EventStatus::Confirmed | EventStatus::Announced) && self.status < before.status;
        let keeps = last.status == self.status.as_str()
            || weaker && (before.status == EventStatus::Held || !same_calendar && before.status == EventStatus::Confirmed);
        (if keeps { before.status } else { self.status }, details)
    }
}

/// Reads a calendar or a sheet; what is not understood goes into the report.
pub(super) fn read(app: &App, bytes: &[u8], options: &Options, report: &mut Report) -> Result<Vec<Incoming>> {
    let limit = app.settings.limits.calendar_bytes;
    if bytes.len() > limit {
        return Err(Error::NotPossible(format!("it has {} bytes; up to {limit} are read", bytes.len())));
    }
    let (roles, partners) = app.store.read::<_, Error>(|reader| {
        let partners = reader.partners()?.into_iter().map(|partner| partner.slug.to_string()).collect::<Vec<_>>();
        Ok((reader.roles()?, partners))
    })?;
    let defaults = ical::Defaults { zone: options.zone };
    match ical::read(bytes, &defaults) {
        Ok(reading) => from_calendar(reading, options, &roles, report),
        Err(not_a_calendar) => {
            let text = std::str::from_utf8(bytes).map_err(|_| Error::NotPossible(not_a_calendar.to_string()))?;
            match sheet::read(text) {
                Ok(sheet) => Ok(from_sheet(sheet, options, &roles, &partners, report)),
                Err(not_a_sheet) => Err(Error::NotPossible(format!("{not_a_calendar} As a table: {not_a_sheet}."))),
            }
        }
    }
}

fn from_calendar(reading: ical::Reading, options: &Options, roles: &RoleTree, report: &mut Report) -> Result<Vec<Incoming>> {
    let Some(partner) = &options.partner else {
        return Err(Error::field("partner", "Say whose calendar it is."));
    };
    report.notes.extend(reading.notes.iter().map(|note| Note {
        line: note.line as u64,
        refused: note.level == NoteLevel::Skipped,
        text: note.text.clone(),
    }));
    Ok(reading.entries.into_iter().map(|entry| incoming_entry(entry, partner, options, roles, report)).collect())
}

fn incoming_entry(
    entry: ical::Entry,
    partner: &PartnerSlug,
    options: &Options,
    roles: &RoleTree,
    report: &mut Report,
) -> Incoming {
    let (known, mode) = categories(&entry, roles, report);
    let mut venue = entry.location.as_deref().filter(|line| !line.contains("://")).map(places::read_line);
    if let Some(position) = entry.position {
        let venue = venue.get_or_insert_with(Venue::default);
        (venue.lat, venue.lon) = (Some(position.0), Some(position.1));
    }
    let online = entry.join_url.clone().or_else(|| entry.location.clone().filter(|line| line.contains("://")));
    let mode = mode.unwrap_or(match (&venue, &online) {
        (Some(_), _) | (None, None) => Mode::InPerson,
        (None, Some(_)) => Mode::Virtual,
    });
    if mode == Mode::Virtual {
        venue = None;
    }
    places::complete(&mut venue);
    let zone = entry.zone.or_else(|| venue.as_ref().and_then(places::zone_of)).unwrap_or(options.zone);
    Incoming {
        uid: entry.uid,
        sequence: entry.sequence,
        status: match entry.status {
            EntryStatus::Confirmed => EventStatus::Confirmed,
            EntryStatus::Tentative => EventStatus::Announced,
            EntryStatus::Cancelled => EventStatus::Cancelled,
        },
        details: Details {
            title: if entry.title.trim().is_empty() { "(no title)".to_owned() } else { entry.title },
            description: entry.description,
            url: entry.url,
            join_url: online,
            roles: known,
            transparent: entry.transparent,
            mode,
            venue,
            when: entry.when,
            zone,
            recurrence: entry.recurrence,
            ..blank(partner, entry.when, zone)
        },
    }
}

/// Roles and mode among an entry's categories; what is neither is told.
fn categories(entry: &ical::Entry, roles: &RoleTree, report: &mut Report) -> (BTreeSet<RoleSlug>, Option<Mode>) {
    let (mut found, mut mode) = (BTreeSet::new(), None);
    for text in &entry.categories {
        let plain = text.trim().to_lowercase().replace([' ', '-'], "_");
        match (Mode::from_str(&plain), RoleSlug::from_str(&plain)) {
            (Ok(one), _) => mode = Some(one),
            (_, Ok(role)) if roles.get(&role).is_some() => _ = found.insert(role),
            _ => report.notes.push(Note {
                line: entry.line as u64,
                refused: false,
                text: format!("“{}”: the category “{text}” is neither a role nor a mode; it was passed over.", entry.title),
            }),
        }
    }
    (found, mode)
}

fn from_sheet(
    sheet: sheet::Sheet,
    options: &Options,
    roles: &RoleTree,
    partners: &[String],
    report: &mut Report,
) -> Vec<Incoming> {
    let refuse = |line, text| Note { line, refused: true, text };
    report.notes.extend(sheet.problems.into_iter().map(|problem| refuse(problem.line, problem.text)));
    let mut found = Vec::new();
    for row in sheet.rows {
        match incoming_row(&row, options, roles, partners) {
            Ok(one) => found.push(one),
            Err(text) => report.notes.push(refuse(row.line, text)),
        }
    }
    found
}

fn incoming_row(row: &sheet::Row, options: &Options, roles: &RoleTree, partners: &[String]) -> Result<Incoming, String> {
    let named = row.partner.as_deref().map(str::parse::<PartnerSlug>).transpose().map_err(|error| format!("partner: {error}"))?;
    let partner = match (&options.partner, named) {
        (Some(own), Some(named)) if *own != named => {
            return Err(format!("partner: it is for {named}, and this is the calendar of {own}"));
        }
        (Some(own), _) => own.clone(),
        (None, Some(named)) if partners.iter().any(|known| known == named.as_str()) => named,
        (None, Some(named)) => {
            return Err(format!("partner: there is no partner “{named}”; {}", nearest(named.as_str(), partners)));
        }
        (None, None) => return Err("partner: say whose event it is".into()),
    };
    let known: Vec<String> = roles.iter().map(|role| role.slug.to_string()).collect();
    let read_role = |text: &String| {
        text.parse::<RoleSlug>()
            .ok()
            .filter(|role| roles.get(role).is_some())
            .ok_or_else(|| format!("roles: there is no role “{text}”; {}", nearest(text, &known)))
    };
    let audience = row.roles.iter().map(read_role).collect::<Result<BTreeSet<_>, String>>()?;
    let mode = row.mode.unwrap_or(if row.venue.is_some() { Mode::InPerson } else { Mode::Virtual });
    let mut venue = row.venue.clone().filter(|_| mode != Mode::Virtual);
    places::complete(&mut venue);
    let zone = row.zone.or_else(|| venue.as_ref().and_then(places::zone_of)).unwrap_or(options.zone);
    Ok(Incoming {
        uid: row.id.clone(),
        sequence: 0,
        status: row.status.filter(|status| status.is_public()).unwrap_or(EventStatus::Announced),
        details: Details {
            title: row.title.clone(),
            description: row.description.clone(),
            url: row.url.clone(),
            roles: audience,
            mode,
            venue,
            ..blank(&partner, row.when, zone)
        },
    })
}

fn blank(partner: &PartnerSlug, when: crate::domain::When, zone: chrono_tz::Tz) -> Details {
    Details {
        kind: EventKind::Convening,
        title: String::new(),
        description: String::new(),
        url: None,
        join_url: None,
        partner: partner.clone(),
        co_hosts: Vec::new(),
        cohort: None,
        anchor: None,
        roles: BTreeSet::new(),
        stages: BTreeSet::new(),
        speakers: BTreeSet::new(),
        expected: None,
        private: false,
        transparent: false,
        mode: Mode::InPerson,
        venue: None,
        when,
        zone,
        recurrence: None,
        hold_until: None,
    }
}

/// What the history calls the step from one reading to the next.
pub(super) fn step_name(before: &Event, after: &Event) -> &'static str {
    let off = |event: &Event| matches!(event.status, EventStatus::Cancelled | EventStatus::Postponed);
    match (off(before), off(after)) {
        (false, true) => "cancelled",
        _ if before.details.when != after.details.when => "moved",
        (true, false) => "reinstated",
        _ if before.details.mode != after.details.mode && after.details.mode == Mode::Virtual => "made virtual",
        _ => "changed upstream",
    }
}

/// What differs, in words.
pub(super) fn difference(before: &Event, after: &Event) -> String {
    let (a, b) = (&before.details, &after.details);
    let mut parts = Vec::new();
    if before.status != after.status {
        parts.push(format!("was {}, is {}", before.status, after.status));
    }
    if a.when != b.when {
        parts.push(format!("was {}, is {}", wording::when(a.when, a.zone), wording::when(b.when, b.zone)));
    }
    if a.mode != b.mode || a.venue != b.venue {
        parts.push(format!("was {}, is {}", wording::place(a), wording::place(b)));
    }
    if a.title != b.title {
        parts.push(format!("was “{}”, is “{}”", a.title, b.title));
    }
    if a.roles != b.roles {
        parts.push("other roles".to_owned());
    }
    if parts.is_empty() { "text or links".to_owned() } else { parts.join("; ") }
}
