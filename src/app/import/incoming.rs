//! What a source says, put into our words: roles and mode from categories, place from a line.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr as _;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Fallback, Note, Options, Report, bounds};
use crate::app::record::nearest;
use crate::app::{App, Error, Result};
use crate::domain::{Claim, Details, Event, EventStatus, Mode, PartnerSlug, RoleSlug, RoleTree, Venue};
use crate::ical::{self, EntryStatus, NoteLevel};
use crate::json::{Draft, when_of};
use crate::sheet::{self, places::Gazetteer};

/// One event as a source gives it.
#[derive(Debug, Clone, PartialEq)]
pub struct Incoming {
    /// Its name in the source.
    pub uid: String,
    /// Its line in the source.
    pub line: u64,
    /// Its `SEQUENCE` there.
    pub sequence: u32,
    /// Where it stands by the source.
    pub status: EventStatus,
    /// The rest.
    pub details: Details,
    /// What was read as it was probably meant.
    pub doubts: Vec<String>,
}

/// What is compared between two readings.
#[derive(Serialize, Deserialize, PartialEq)]
struct Facts {
    status: String,
    draft: Draft,
}

/// What a source said of an event, read from the text that was kept of it.
#[must_use]
pub(in crate::app) fn claim_of(source: &str, read_at: DateTime<Utc>, facts: &str) -> Option<Claim> {
    let Facts { status, draft } = serde_json::from_str(facts).ok()?;
    Some(Claim {
        source: source.to_owned(),
        read_at,
        cancelled: status == EventStatus::Cancelled.as_str(),
        when: when_of(draft.all_day?, &draft.start, draft.end.as_deref())?,
        zone: draft.time_zone?.parse().ok()?,
        mode: draft.mode?.parse().ok()?,
        venue: draft.venue,
    })
}

impl Incoming {
    /// What it says of dates, place and mode.
    #[must_use]
    pub fn claim(&self, source: &str, read_at: DateTime<Utc>) -> Claim {
        Claim::new(source, read_at, self.status, &self.details)
    }

    /// What the source says, as text that is kept beside the event.
    #[must_use]
    pub fn facts(&self) -> String {
        let facts = Facts { status: self.status.as_str().to_owned(), draft: Draft::of(&self.details) };
        serde_json::to_string(&facts).unwrap_or_default()
    }

    /// The same without its text and links, which say nothing of whether it is doubtful: some programs write into them
    /// when they were asked.
    pub(super) fn gist(&self) -> String {
        let mut details = self.details.clone();
        (details.description, details.url, details.join_url) = (String::new(), None, None);
        Self { details, ..self.clone() }.facts()
    }

    /// What a source said, read back from the text that was kept of it; `None` where that cannot be read.
    #[must_use]
    pub fn of_facts(facts: &str, partner: &PartnerSlug, uid: &str, sequence: u32, line: u64) -> Option<Self> {
        let Facts { status, draft } = serde_json::from_str(facts).ok()?;
        let when = when_of(draft.all_day?, &draft.start, draft.end.as_deref())?;
        let zone = draft.time_zone?.parse().ok()?;
        let details = Details {
            title: draft.title,
            description: draft.description,
            url: draft.url,
            join_url: draft.join_url,
            roles: draft.roles.iter().map(|role| role.parse().ok()).collect::<Option<_>>()?,
            transparent: draft.transparent,
            mode: draft.mode?.parse().ok()?,
            venue: draft.venue,
            recurrence: draft.recurrence,
            ..Details::new("", partner.clone(), when, zone)
        };
        let status = status.parse().ok()?;
        Some(Self { uid: uid.to_owned(), line, sequence, status, details, doubts: Vec::new() })
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

/// What a source says and somebody here may have changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Contested {
    Title,
    /// Days, hours and how it repeats.
    Dates,
    Mode,
    Place,
    Roles,
    Text,
}

impl Contested {
    const ALL: [Self; 6] = [Self::Title, Self::Dates, Self::Mode, Self::Place, Self::Roles, Self::Text];

    /// What people call it.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Dates => "dates",
            Self::Mode => "mode",
            Self::Place => "place",
            Self::Roles => "roles",
            Self::Text => "text",
        }
    }

    fn differs(self, a: &Draft, b: &Draft) -> bool {
        match self {
            Self::Title => a.title != b.title,
            Self::Dates => (&a.start, &a.end) != (&b.start, &b.end),
            Self::Mode => a.mode != b.mode,
            Self::Place => a.venue != b.venue,
            Self::Roles => a.roles != b.roles,
            Self::Text => a.description != b.description,
        }
    }

    /// Puts it back as it is here.
    pub(super) fn keep(self, details: &mut Details, here: &Details) {
        match self {
            Self::Title => details.title.clone_from(&here.title),
            Self::Dates => {
                (details.when, details.zone) = (here.when, here.zone);
                details.recurrence.clone_from(&here.recurrence);
            }
            Self::Mode => details.mode = here.mode,
            Self::Place => details.venue.clone_from(&here.venue),
            Self::Roles => details.roles.clone_from(&here.roles),
            Self::Text => details.description.clone_from(&here.description),
        }
    }

    /// What a source says of these fields alone, as text.
    pub(super) fn said(fields: &[Self], facts: &str) -> String {
        let Some(draft) = serde_json::from_str::<Facts>(facts).ok().map(|facts| facts.draft) else { return facts.to_owned() };
        let said = fields.iter().map(|field| match field {
            Self::Title => json!({"title": draft.title}),
            Self::Dates => json!({"start": draft.start, "end": draft.end, "zone": draft.time_zone, "repeats": draft.recurrence}),
            Self::Mode => json!({"mode": draft.mode}),
            Self::Place => json!({"venue": draft.venue}),
            Self::Roles => json!({"roles": draft.roles}),
            Self::Text => json!({"text": draft.description}),
        });
        said.collect::<Value>().to_string()
    }

    /// What a source said, with these fields as it said them the last time.
    pub(super) fn unsaid(fields: &[Self], said: &str, last: &str) -> String {
        let read = |text: &str| serde_json::from_str::<Facts>(text).ok();
        let (Some(mut now), Some(last)) = (read(said), read(last)) else { return said.to_owned() };
        let (draft, last) = (&mut now.draft, last.draft);
        for field in fields {
            match field {
                Self::Title => draft.title.clone_from(&last.title),
                Self::Dates => {
                    (draft.all_day, draft.start, draft.end) = (last.all_day, last.start.clone(), last.end.clone());
                    (draft.time_zone, draft.recurrence) = (last.time_zone.clone(), last.recurrence.clone());
                }
                Self::Mode => draft.mode.clone_from(&last.mode),
                Self::Place => draft.venue.clone_from(&last.venue),
                Self::Roles => draft.roles.clone_from(&last.roles),
                Self::Text => draft.description.clone_from(&last.description),
            }
        }
        serde_json::to_string(&now).unwrap_or_else(|_| said.to_owned())
    }
}

/// Which fields a reading would change that were also changed here since the last one.
pub(super) fn contested(before: &Event, after: &Event) -> Vec<Contested> {
    let last_read = before.source.as_ref().map(|source| source.facts.as_str()).unwrap_or_default();
    let Some(was) = serde_json::from_str::<Facts>(last_read).ok().map(|facts| facts.draft) else { return Vec::new() };
    let (here, is) = (Draft::of(&before.details), Draft::of(&after.details));
    Contested::ALL.into_iter().filter(|field| field.differs(&was, &here) && field.differs(&here, &is)).collect()
}

/// Reads a calendar or a sheet; what is not understood goes into the report.
pub(in crate::app) fn read(
    app: &App,
    bytes: &[u8],
    options: &Options,
    fallback: &Fallback,
    report: &mut Report,
) -> Result<Vec<Incoming>> {
    let limit = app.settings.limits.calendar_bytes;
    if bytes.len() > limit {
        return Err(Error::NotPossible(format!("it has {} bytes; up to {limit} are read", bytes.len())));
    }
    let (roles, partners) = app.store.read::<_, Error>(|reader| {
        let partners = reader.partners()?.into_iter().map(|partner| partner.slug.to_string()).collect::<Vec<_>>();
        Ok((reader.roles()?, partners))
    })?;
    let within = |found, report: &mut Report| bounds::within(found, app.now(), report);
    let reading = Reading { options, fallback, roles: &roles, partners: &partners, places: app.places() };
    let defaults = ical::Defaults { zone: options.zone };
    match ical::read(bytes, &defaults) {
        Ok(calendar) => reading.calendar(calendar, report).map(|found| within(found, report)),
        Err(not_a_calendar) => {
            if bytes.trim_ascii_start().starts_with(b"<") {
                return Err(Error::NotPossible(not_a_calendar.to_string()));
            }
            if WORKBOOKS.iter().any(|mark| bytes.starts_with(mark)) {
                let right = "In Excel choose File, Save As, “CSV UTF-8”, and send that file.";
                return Err(Error::NotPossible(format!("It is a workbook, and only its table as text can be read. {right}")));
            }
            match sheet::read(bytes, app.places()) {
                Ok(sheet) => {
                    let found = reading.sheet(sheet, report);
                    Ok(within(found, report))
                }
                Err(not_a_sheet) => Err(Error::NotPossible(format!("{not_a_calendar} As a table: {not_a_sheet}."))),
            }
        }
    }
}

/// How files of Excel begin: `.xlsx` (a zip archive) and `.xls`.
const WORKBOOKS: [&[u8]; 2] = [b"PK\x03\x04", &[0xD0, 0xCF, 0x11, 0xE0]];

/// What every row of a source is read with.
struct Reading<'a> {
    options: &'a Options,
    fallback: &'a Fallback,
    roles: &'a RoleTree,
    places: &'a Gazetteer,
    partners: &'a [String],
}

impl Reading<'_> {
    fn calendar(&self, calendar: ical::Reading, report: &mut Report) -> Result<Vec<Incoming>> {
        let Some(partner) = &self.options.partner else {
            return Err(Error::field("partner", "Say whose calendar it is."));
        };
        report.notes.extend(calendar.notes.iter().map(|note| Note {
            line: note.line as u64,
            refused: note.level == NoteLevel::Skipped,
            text: note.text.clone(),
        }));
        let mut guessed: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for note in calendar.notes {
            if let (NoteLevel::Guessed, Some(uid)) = (note.level, note.uid) {
                guessed.entry(uid).or_default().push(note.text);
            }
        }
        let entries = calendar.entries.into_iter();
        Ok(entries
            .map(|entry| {
                // A name that we made is no doubt about the event itself.
                let doubts = if entry.uid_made_up { Vec::new() } else { guessed.remove(&entry.uid).unwrap_or_default() };
                Incoming { doubts, ..self.entry(entry, partner, report) }
            })
            .collect())
    }

    fn entry(&self, entry: ical::Entry, partner: &PartnerSlug, report: &mut Report) -> Incoming {
        let (known, mode) = categories(&entry, self.roles, report);
        let mut venue = entry.location.as_deref().filter(|line| !line.contains("://")).map(|line| self.places.read_line(line));
        if let Some(position) = entry.position {
            let venue = venue.get_or_insert_with(Venue::default);
            (venue.lat, venue.lon) = (Some(position.0), Some(position.1));
        }
        let online = entry.join_url.clone().or_else(|| entry.location.clone().filter(|line| line.contains("://")));
        let mode = mode.unwrap_or(match (&venue, &online) {
            (Some(_), _) => Mode::InPerson,
            (None, Some(_)) => Mode::Virtual,
            (None, None) => self.fallback.mode.unwrap_or(Mode::InPerson),
        });
        if mode == Mode::Virtual {
            venue = None;
        }
        self.places.complete(&mut venue);
        let zone =
            entry.zone.or_else(|| venue.as_ref().and_then(|venue| self.places.zone_of(venue))).unwrap_or(self.options.zone);
        Incoming {
            uid: entry.uid,
            line: entry.line as u64,
            doubts: Vec::new(),
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
                roles: self.audience(known),
                transparent: entry.transparent,
                mode,
                venue,
                when: entry.when,
                zone,
                recurrence: entry.recurrence,
                ..Details::new("", partner.clone(), entry.when, zone)
            },
        }
    }

    /// Whom it is for: as it says, else as the source's default says.
    fn audience(&self, said: BTreeSet<RoleSlug>) -> BTreeSet<RoleSlug> {
        if said.is_empty() { self.fallback.roles.clone() } else { said }
    }

    fn sheet(&self, sheet: sheet::Sheet, report: &mut Report) -> Vec<Incoming> {
        let refuse = |line, text| Note { line, refused: true, text };
        report.notes.extend(sheet.problems.into_iter().map(|problem| refuse(problem.line, problem.text)));
        report.notes.extend(sheet.notes.into_iter().map(|note| Note { line: note.line, refused: false, text: note.text }));
        let mut found: Vec<Incoming> = Vec::new();
        let mut lines: BTreeMap<(PartnerSlug, String), u64> = BTreeMap::new();
        for row in sheet.rows {
            let read =
                self.row(&row).and_then(|one| match lines.insert((one.details.partner.clone(), one.uid.clone()), row.line) {
                    None => Ok(one),
                    Some(first) => {
                        Err(format!("id: line {first} has the same (or the same title and day); each row needs its own"))
                    }
                });
            match read {
                Ok(one) => found.push(one),
                Err(text) => report.notes.push(refuse(row.line, text)),
            }
        }
        report.notes.sort_by_key(|note| note.line);
        found
    }

    fn row(&self, row: &sheet::Row) -> Result<Incoming, String> {
        let partner = self.partner(row)?;
        let known: Vec<String> = self.roles.iter().map(|role| role.slug.to_string()).collect();
        let read_role = |text: &String| {
            let role = self.roles.written(text).map(|role| role.slug.clone());
            role.ok_or_else(|| format!("roles: there is no role “{text}”; {}", nearest(text, &known)))
        };
        let audience = self.audience(row.roles.iter().map(read_role).collect::<Result<_, String>>()?);
        let unsaid = || match row.venue {
            Some(_) => Mode::InPerson,
            None => self.fallback.mode.unwrap_or(Mode::Virtual),
        };
        let mode = row.mode.unwrap_or_else(unsaid);
        let mut venue = row.venue.clone().filter(|_| mode != Mode::Virtual);
        self.places.complete(&mut venue);
        let zone = row.zone.or_else(|| venue.as_ref().and_then(|venue| self.places.zone_of(venue))).unwrap_or(self.options.zone);
        Ok(Incoming {
            uid: row.id.clone(),
            line: row.line,
            doubts: row.doubts.clone(),
            sequence: 0,
            status: row.status.filter(|status| status.is_public()).unwrap_or(EventStatus::Announced),
            details: Details {
                title: row.title.clone(),
                description: row.description.clone(),
                url: row.url.clone(),
                roles: audience,
                mode,
                venue,
                ..Details::new("", partner.clone(), row.when, zone)
            },
        })
    }

    /// Whose row it is: the calendar's partner, or the one that it names.
    fn partner(&self, row: &sheet::Row) -> Result<PartnerSlug, String> {
        let named =
            row.partner.as_deref().map(str::parse::<PartnerSlug>).transpose().map_err(|error| format!("partner: {error}"))?;
        match (&self.options.partner, named) {
            (Some(own), Some(named)) if *own != named => {
                Err(format!("partner: it is for {named}, and this is the calendar of {own}"))
            }
            (Some(own), _) => Ok(own.clone()),
            (None, Some(named)) if self.partners.iter().any(|known| known == named.as_str()) => Ok(named),
            (None, Some(named)) => {
                Err(format!("partner: there is no partner “{named}”; {}", nearest(named.as_str(), self.partners)))
            }
            (None, None) => Err("partner: say whose event it is".into()),
        }
    }
}

/// Roles and mode among an entry's categories; what is neither is told.
fn categories(entry: &ical::Entry, roles: &RoleTree, report: &mut Report) -> (BTreeSet<RoleSlug>, Option<Mode>) {
    let (mut found, mut mode) = (BTreeSet::new(), None);
    for text in &entry.categories {
        let plain = text.trim().to_lowercase().replace([' ', '-'], "_");
        match (Mode::from_str(&plain), roles.written(text)) {
            (Ok(one), _) => mode = Some(one),
            (_, Some(role)) => _ = found.insert(role.slug.clone()),
            _ => report.notes.push(Note {
                line: entry.line as u64,
                refused: false,
                text: format!("“{}”: the category “{text}” is neither a role nor a mode; it was passed over.", entry.title),
            }),
        }
    }
    (found, mode)
}

/// What the history calls the step from one reading to the next.
pub(in crate::app) fn step_name(before: &Event, after: &Event) -> &'static str {
    let off = |event: &Event| matches!(event.status, EventStatus::Cancelled | EventStatus::Postponed);
    match (off(before), off(after)) {
        (false, true) => "cancelled",
        _ if before.details.when != after.details.when => "moved",
        (true, false) => "reinstated",
        _ if before.details.mode != after.details.mode && after.details.mode == Mode::Virtual => "made virtual",
        _ => "changed upstream",
    }
}
