//! Events of one `UID` to one entry: the series, and its single dates that differ.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;
use sha2::{Digest as _, Sha256};

use super::event::{At, Draft, Reader};
use super::read::{Entry, EntryStatus, NoteLevel};
use crate::domain::recurrence::{Exdate, Override};
use crate::domain::{EventStatus, Recurrence, Span, When, occurrences, span};

/// How many dates of a series move along with one (`RANGE=THISANDFUTURE`).
const MOST_MOVED: usize = 1_000;
/// How many such series are read in one file.
const MOST_RANGES: usize = 10;

/// Puts the drafts of a file together, in the order of the file.
pub(super) fn fold(drafts: Vec<Draft>, reader: &mut Reader) -> Vec<Entry> {
    let mut folder = Folder { reader, ranges: 0 };
    let mut entries = Vec::new();
    let mut groups: Vec<(Vec<Draft>, Vec<Draft>)> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    let mut nameless = HashMap::new();
    for mut draft in drafts {
        if draft.entry.uid_made_up {
            folder.name(&mut draft, &mut nameless);
            entries.push(folder.alone(draft));
            continue;
        }
        let group = *known.entry(draft.entry.uid.clone()).or_insert(groups.len());
        if group == groups.len() {
            groups.push((Vec::new(), Vec::new()));
        }
        if draft.replaces.is_none() { groups[group].0.push(draft) } else { groups[group].1.push(draft) }
    }
    for (masters, overrides) in groups {
        folder.group(masters, overrides, &mut entries);
    }
    entries.sort_by_key(|entry| entry.line);
    entries
}

struct Folder<'a> {
    reader: &'a mut Reader,
    ranges: usize,
}

impl Folder<'_> {
    fn note(&mut self, level: NoteLevel, draft: &Draft, text: impl Into<String>) {
        self.reader.notes.add(level, draft.entry.line, Some(&draft.entry.uid), text);
    }

    /// Gives an event without a `UID` one that is the same at the next reading.
    fn name(&mut self, draft: &mut Draft, taken: &mut HashMap<String, usize>) {
        let plain = made_up(draft.entry.when.wall_start(), &draft.entry.title);
        let number = taken.entry(plain.clone()).or_insert(0);
        *number += 1;
        draft.entry.uid = if *number == 1 { plain } else { format!("{plain}-{number}") };
        self.note(NoteLevel::Repaired, draft, "The event has no UID; one is made from its start and title.");
    }

    fn group(&mut self, masters: Vec<Draft>, overrides: Vec<Draft>, entries: &mut Vec<Entry>) {
        let mut masters = self.newest(masters);
        if masters.is_empty() {
            let mut overrides = newest_overrides(overrides);
            overrides.sort_by_key(|draft| draft.entry.line);
            for (number, mut draft) in overrides.into_iter().enumerate() {
                if number > 0 {
                    draft.entry.uid = format!("{}#{}", draft.entry.uid, draft.entry.when.wall_start().format("%Y%m%dT%H%M%S"));
                    draft.entry.uid_made_up = true;
                }
                self.note(
                    NoteLevel::Told,
                    &draft,
                    "This is one date of a series that is not in the file; it is taken as an event of its own.",
                );
                entries.push(self.alone(draft));
            }
            return;
        }
        let first = masters.remove(0);
        entries.push(self.series(first, newest_overrides(overrides)));
        for mut draft in masters {
            draft.entry.uid = format!("{}#{}", draft.entry.uid, made_up(draft.entry.when.wall_start(), &draft.entry.title));
            draft.entry.uid_made_up = true;
            self.note(NoteLevel::Repaired, &draft, "Another event has the same UID; this one gets its own.");
            entries.push(self.series(draft, Vec::new()));
        }
    }

    /// The newest of several with one `UID`; more than one only if nothing says which is newer.
    fn newest(&mut self, mut masters: Vec<Draft>) -> Vec<Draft> {
        let age = |draft: &Draft| (draft.entry.sequence, draft.entry.last_modified, draft.entry.stamped_at);
        let Some(newest) = masters.iter().map(age).max() else { return masters };
        let (kept, older): (Vec<_>, Vec<_>) = masters.drain(..).partition(|draft| age(draft) == newest);
        for draft in older {
            self.note(NoteLevel::Told, &draft, "The file has a newer state of this event; this one is left out.");
        }
        let mut seen = HashSet::new();
        let mut kept: Vec<_> =
            kept.into_iter().filter(|draft| seen.insert(made_up(draft.entry.when.wall_start(), &draft.entry.title))).collect();
        // The same one comes first, whatever the order in the file.
        kept.sort_by_key(|draft| (draft.entry.when.wall_start(), draft.entry.title.clone()));
        kept
    }

    /// One date, whatever it says about repeating.
    fn alone(&mut self, draft: Draft) -> Entry {
        if draft.replaces.is_some() {
            return draft.entry;
        }
        self.series(draft, Vec::new())
    }

    fn series(&mut self, draft: Draft, overrides: Vec<Draft>) -> Entry {
        let mut recurrence = Recurrence { rrule: self.rule(&draft), ..Recurrence::default() };
        recurrence.rdates = draft.further.iter().map(|at| start_in(*at, &draft)).collect();
        recurrence.rdates.sort_unstable();
        recurrence.rdates.dedup();
        recurrence.exdates = draft.left_out.iter().map(|at| exdate(*at, &draft)).collect();
        recurrence.exdates.sort_unstable();
        recurrence.exdates.dedup();
        let (ranges, single): (Vec<_>, Vec<_>) =
            overrides.into_iter().partition(|one| one.replaces.is_some_and(|(_, range)| range));
        recurrence.overrides = single.iter().map(|one| self.replacement(one, &draft)).collect();
        self.move_later(&ranges, &draft, &mut recurrence);
        recurrence.overrides.sort_by_key(|one| one.original);
        let repeats = recurrence.rrule.is_some() || !recurrence.rdates.is_empty() || !recurrence.overrides.is_empty();
        Entry { recurrence: repeats.then_some(recurrence), ..draft.entry }
    }

    /// The rule, if it can be read; else the first date stands alone.
    fn rule(&mut self, draft: &Draft) -> Option<String> {
        let (line, raw) = draft.rule.as_ref()?;
        let (rule, dropped) = tidy(raw, draft.entry.when.is_all_day());
        if let Some(part) = dropped {
            self.reader.notes.add(
                NoteLevel::Guessed,
                *line,
                Some(&draft.entry.uid),
                format!("The part “{part}” of the rule is not read."),
            );
        }
        let rule = if draft.zone == Tz::UTC && !draft.entry.when.is_all_day() { until_at_midnight(&rule) } else { rule };
        let series = Recurrence { rrule: Some(rule.clone()), ..Recurrence::default() };
        match series.check(draft.entry.when, draft.zone) {
            Ok(()) => Some(rule),
            Err(why) => {
                let told = format!("How the event repeats is not understood ({why}); only its first date is taken.");
                self.reader.notes.add(NoteLevel::Skipped, *line, Some(&draft.entry.uid), told);
                None
            }
        }
    }

    fn replacement(&mut self, one: &Draft, series: &Draft) -> Override {
        let original = one.replaces.map_or(one.entry.when.wall_start(), |(at, _)| start_in(at, series));
        if one.entry.location != series.entry.location || one.entry.description != series.entry.description {
            self.note(
                NoteLevel::Told,
                one,
                "This date of the series has its own text or place; only its time, title and status are kept.",
            );
        }
        Override {
            original,
            when: moved_to(one.entry.when, one.zone, series.zone),
            title: (one.entry.title != series.entry.title).then(|| one.entry.title.clone()),
            status: match one.entry.status {
                status if status == series.entry.status => None,
                EntryStatus::Cancelled => Some(EventStatus::Cancelled),
                EntryStatus::Tentative | EntryStatus::Confirmed => Some(EventStatus::Confirmed),
            },
        }
    }

    /// `RANGE=THISANDFUTURE`: each later date moves by as much, and takes the new length and title.
    fn move_later(&mut self, ranges: &[Draft], series: &Draft, recurrence: &mut Recurrence) {
        if ranges.is_empty() {
            return;
        }
        self.ranges += 1;
        let hourly = recurrence.rrule.as_deref().is_some_and(|rule| rule.contains("HOURLY"));
        if self.ranges > MOST_RANGES || hourly {
            self.note(NoteLevel::Skipped, series, "A change of all later dates is not read: there are too many of them.");
            return;
        }
        let mut changes: Vec<Override> = ranges.iter().map(|one| self.replacement(one, series)).collect();
        changes.sort_by_key(|change| change.original);
        let Some(first) = changes.first() else { return };
        let from = span::instant(first.original, series.zone);
        let window = Span::new(from, from.checked_add_signed(TimeDelta::days(3_660)).unwrap_or(DateTime::<Utc>::MAX_UTC));
        let plain = Recurrence { overrides: Vec::new(), ..recurrence.clone() };
        let later = occurrences(series.entry.when, series.zone, Some(&plain), window);
        let own: HashSet<NaiveDateTime> = recurrence.overrides.iter().map(|one| one.original).collect();
        for one in later.occurrences.iter().filter(|one| !own.contains(&one.original)).take(MOST_MOVED) {
            if let Some(change) = changes.iter().rfind(|change| change.original <= one.original) {
                recurrence.overrides.extend(shifted(change, one.original));
            }
        }
        if later.cut_short || later.occurrences.len() > MOST_MOVED {
            self.note(
                NoteLevel::Repaired,
                series,
                format!("A change of all later dates is kept for the next {MOST_MOVED} of them only."),
            );
        }
    }
}

fn shifted(change: &Override, original: NaiveDateTime) -> Option<Override> {
    let start = original.checked_add_signed(change.when.wall_start() - change.original)?;
    Some(Override { original, when: change.when.starting(start), ..change.clone() })
}

/// Of several changes of one date the newest.
fn newest_overrides(overrides: Vec<Draft>) -> Vec<Draft> {
    let mut newest: HashMap<String, Draft> = HashMap::new();
    for draft in overrides {
        let age = |draft: &Draft| (draft.entry.sequence, draft.entry.last_modified, draft.entry.stamped_at);
        let key = format!("{:?}", draft.replaces);
        match newest.get(&key) {
            Some(known) if age(known) > age(&draft) => {}
            _ => drop(newest.insert(key, draft)),
        }
    }
    let mut drafts: Vec<_> = newest.into_values().collect();
    drafts.sort_by_key(|draft| draft.entry.line);
    drafts
}

/// A start of a series as wall time in its zone; midnight for whole days.
fn start_in(at: At, series: &Draft) -> NaiveDateTime {
    let start = series.entry.when.wall_start();
    let all_day = series.entry.when.is_all_day();
    match at {
        At::Day(day) => day.and_time(start.time()),
        At::Wall(wall) if all_day => wall.date().and_time(NaiveTime::MIN),
        At::Wall(wall) => wall,
        // Exchange writes the local midnight of a whole day, in the zone that it names.
        At::Instant(_, day) if all_day => day.and_time(NaiveTime::MIN),
        At::Instant(at, _) => at.with_timezone(&series.zone).naive_local(),
    }
}

fn exdate(at: At, series: &Draft) -> Exdate {
    match at {
        At::Day(day) => Exdate::Day(day),
        at if series.entry.when.is_all_day() => Exdate::Day(start_in(at, series).date()),
        at => Exdate::At(start_in(at, series)),
    }
}

/// The same time on the wall of another zone.
fn moved_to(when: When, from: Tz, to: Tz) -> When {
    let wall = |wall: NaiveDateTime| span::instant(wall, from).with_timezone(&to).naive_local();
    match when {
        When::Times { start, end } if from != to => When::Times { start: wall(start), end: end.map(wall) },
        same => same,
    }
}

/// The rule in one way of writing, and a part of it that cannot be kept.
fn tidy(raw: &str, all_day: bool) -> (String, Option<String>) {
    let upper = raw.replace('\\', "").to_ascii_uppercase();
    let bare = upper.trim().strip_prefix("RRULE:").unwrap_or(upper.trim());
    let mut dropped = None;
    let keep = |part: &&str| {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        match name.trim() {
            _ if value.trim().is_empty() && part.contains('=') => false,
            "RSCALE" => value.trim() != "GREGORIAN",
            "SKIP" => value.trim() != "OMIT",
            "BYHOUR" | "BYMINUTE" | "BYSECOND" => !all_day,
            name if name.starts_with("X-") => {
                dropped = Some(part.chars().take(60).collect());
                false
            }
            _ => true,
        }
    };
    let parts: Vec<&str> = bare.split(';').map(str::trim).filter(|part| !part.is_empty()).filter(keep).collect();
    (parts.join(";"), dropped)
}

/// A day as `UNTIL` of a series in UTC is its first instant: other engines agree on that, and
/// where a series has a zone, that the whole local day is meant.
fn until_at_midnight(rule: &str) -> String {
    let parts = rule
        .split(';')
        .map(|part| if part.len() == 14 && part.starts_with("UNTIL=") { format!("{part}T000000Z") } else { part.to_owned() });
    parts.collect::<Vec<_>>().join(";")
}

/// A name that is the same at each reading: made from start and title.
pub(super) fn made_up(start: NaiveDateTime, title: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(start.format("%Y%m%dT%H%M%S").to_string());
    hash.update([0]);
    hash.update(title.as_bytes());
    let head = hash.finalize().iter().take(12).fold(0_u128, |number, byte| number << 8 | u128::from(*byte));
    format!("made-up-{head:024x}")
}
