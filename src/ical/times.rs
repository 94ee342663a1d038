//! The times of one `VEVENT`: which clock they are read on.

use calcard::icalendar::ICalendarParameterName;
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::event::{At, Reader, Source};
use super::property::{Property, Stamp};
use super::read::NoteLevel;
use super::zones::{Place, is_utc, wall_of, year_of};
use crate::domain::{When, span};

/// A start or an end, and where its clock hangs.
#[derive(Debug, Clone, Copy)]
pub(super) enum Moment {
    Day(NaiveDate),
    Local(NaiveDateTime, Tz),
    Floating(NaiveDateTime),
    Instant(DateTime<Utc>),
}

impl Reader {
    /// The start as the file has it, and all of the time in one zone.
    pub(super) fn times(&mut self, source: &Source<'_>) -> Option<(Moment, When, Tz)> {
        let Some(property) = source.first("DTSTART") else {
            self.note(NoteLevel::Skipped, source.line, source, "The event has no start (DTSTART); it is left out.");
            return None;
        };
        let stamp = match property.stamp() {
            Ok(stamp) => stamp,
            Err(text) => {
                let text: String = if text.is_empty() { property.shown() } else { text.chars().take(60).collect() };
                let told = format!("The start “{text}” is no date or time; the event is left out.");
                self.note(NoteLevel::Skipped, property.line, source, told);
                return None;
            }
        };
        if property.is_day_with_time() {
            self.note(
                NoteLevel::Repaired,
                property.line,
                source,
                "The start is given as a day with a time; the time is left out.",
            );
        }
        let start = self.moment(stamp, property, source);
        let (when, zone) = match start {
            Moment::Day(first) => (When::Days { first, last: self.last_day(source, first) }, self.base),
            Moment::Local(wall, zone) => (self.hours(source, wall, zone), zone),
            Moment::Floating(wall) => (self.hours(source, wall, self.base), self.base),
            Moment::Instant(at) => self.shown(source, at),
        };
        Some((start, when, zone))
    }

    /// A time in UTC, shown in the zone that people of this calendar live by. The instant stays.
    ///
    /// A series in UTC stays in UTC: elsewhere it would move with the clocks.
    fn shown(&mut self, source: &Source<'_>, at: DateTime<Utc>) -> (When, Tz) {
        let repeats = ["RRULE", "RDATE", "RECURRENCE-ID"].iter().any(|name| source.first(name).is_some());
        let end = self.end(source, at.naive_utc(), Tz::UTC);
        let in_zone = |at: DateTime<Utc>| wall_of(at, self.base).filter(|_| !repeats);
        let shown = in_zone(at).and_then(|start| match end {
            None => Some(When::Times { start, end: None }),
            Some(end) => in_zone(end.and_utc()).map(|end| When::Times { start, end: Some(end) }),
        });
        shown.map_or((When::Times { start: at.naive_utc(), end }, Tz::UTC), |when| (when, self.base))
    }

    fn hours(&mut self, source: &Source<'_>, start: NaiveDateTime, zone: Tz) -> When {
        When::Times { start, end: self.end(source, start, zone) }
    }

    /// The end as wall time in the start's zone; `None` if the file does not give one that can be.
    fn end(&mut self, source: &Source<'_>, start: NaiveDateTime, zone: Tz) -> Option<NaiveDateTime> {
        let (property, end) = if let Some(property) = source.first("DTEND") {
            let end = self.end_moment(property, source)?;
            (property, wall_in(end, zone))
        } else {
            let property = source.first("DURATION")?;
            let length = property.duration();
            let end =
                length.and_then(|(days, time)| start.checked_add_signed(TimeDelta::try_days(days)?)?.checked_add_signed(time));
            let Some(end) = end else {
                self.note(
                    NoteLevel::Repaired,
                    property.line,
                    source,
                    "The length (DURATION) cannot be read; the end is taken as not known.",
                );
                return None;
            };
            (property, end)
        };
        if span::instant(end, zone) < span::instant(start, zone) {
            self.note(
                NoteLevel::Guessed,
                property.line,
                source,
                "The event ends before it begins; the end is taken as not known.",
            );
            return None;
        }
        Some(end)
    }

    fn end_moment(&mut self, property: &Property<'_>, source: &Source<'_>) -> Option<Moment> {
        match property.stamp() {
            Ok(stamp) => Some(self.moment(stamp, property, source)),
            Err(text) => {
                let text: String = text.chars().take(60).collect();
                let told = format!("The end “{text}” is no date or time; the end is taken as not known.");
                self.note(NoteLevel::Repaired, property.line, source, told);
                None
            }
        }
    }

    /// The last of whole days, included. In the file the end is the day after it.
    fn last_day(&mut self, source: &Source<'_>, first: NaiveDate) -> Option<NaiveDate> {
        let (property, after) = if let Some(property) = source.first("DTEND") {
            (
                property,
                match self.end_moment(property, source)? {
                    Moment::Day(day) => day,
                    moment => day_after(wall_in(moment, self.base)),
                },
            )
        } else {
            let property = source.first("DURATION")?;
            let after = property.duration().and_then(|(days, time)| {
                let hours = time.num_seconds();
                first.checked_add_signed(TimeDelta::try_days(
                    days + hours.div_euclid(86_400) + i64::from(hours.rem_euclid(86_400) > 0),
                )?)
            });
            (property, after.unwrap_or(NaiveDate::MIN))
        };
        if after < first {
            self.note(
                NoteLevel::Guessed,
                property.line,
                source,
                "The event ends before it begins; its last day is taken as not known.",
            );
            return None;
        }
        if after == first {
            self.note(
                NoteLevel::Repaired,
                property.line,
                source,
                "The end of a day is the day after it; this event is taken as one day.",
            );
            return Some(first);
        }
        after.pred_opt()
    }

    /// Where the clock of a date or time hangs. A `Z` beats a `TZID`.
    fn moment(&mut self, stamp: Stamp, property: &Property<'_>, source: &Source<'_>) -> Moment {
        match stamp {
            Stamp::Day(day) => Moment::Day(day),
            Stamp::Utc(wall) => {
                if property.parameter(&ICalendarParameterName::Tzid).is_some_and(|zone| !zone.eq_ignore_ascii_case("UTC")) {
                    self.note(
                        NoteLevel::Repaired,
                        property.line,
                        source,
                        "A time has both a zone (TZID) and a Z; it is taken as UTC.",
                    );
                }
                Moment::Instant(wall.and_utc())
            }
            Stamp::Wall(wall, None) => {
                let told = format!("Some times name no zone; they are read in the zone {}.", self.base.name());
                self.notes.add_once(NoteLevel::Repaired, property.line, told);
                Moment::Floating(wall)
            }
            Stamp::Wall(wall, Some(tzid)) => self.local(wall, &tzid, property.line, source),
        }
    }

    fn local(&mut self, wall: NaiveDateTime, tzid: &str, line: usize, source: &Source<'_>) -> Moment {
        let first_year = year_of(wall);
        let last_year = source.last_year(first_year);
        let name: String = tzid.chars().take(60).collect();
        match self.zones.place(tzid, first_year, last_year) {
            Place::Iana(zone) if is_utc(zone) => {
                if tzid.is_empty() {
                    self.notes.add_once(NoteLevel::Told, line, "A time zone has no name; its rules are those of UTC.".to_owned());
                }
                Moment::Instant(wall.and_utc())
            }
            Place::Iana(zone) => Moment::Local(wall, zone),
            Place::Offset(zone) => {
                let told = format!(
                    "Of the time zone “{name}” only the offset is known; it is read as {}, without summer time.",
                    zone.name()
                );
                self.notes.add_once(NoteLevel::Repaired, line, told);
                Moment::Local(wall, zone)
            }
            Place::Described => {
                let repeats = source.first("RRULE").is_some();
                let zone = if repeats { self.zones.place(tzid, first_year, first_year) } else { Place::Unknown };
                if let Place::Iana(zone) = zone {
                    let told = format!(
                        "The time zone “{name}” is like no known one for all years; its series are read in {}.",
                        zone.name()
                    );
                    self.notes.add_once(NoteLevel::Repaired, line, told);
                    return Moment::Local(wall, zone);
                }
                let told = format!("The time zone “{name}” is like no known one; its times are read by the rules in the file.");
                self.notes.add_once(NoteLevel::Told, line, told);
                let at = self.zones.instant(tzid, wall);
                if at.is_none() {
                    let told = format!(
                        "The time zone “{name}” is used in too many years; further times are read in {}.",
                        self.base.name()
                    );
                    self.notes.add_once(NoteLevel::Repaired, line, told);
                }
                at.map_or(Moment::Floating(wall), Moment::Instant)
            }
            Place::Unknown => {
                let told = format!("The time zone “{name}” is not known; its times are read in the zone {}.", self.base.name());
                self.notes.add_once(NoteLevel::Repaired, line, told);
                Moment::Floating(wall)
            }
        }
    }

    /// The zone of an entry: none where the file names none and the caller's default holds.
    pub(super) fn zone_to_tell(&self, start: &Moment, zone: Tz) -> Option<Tz> {
        match start {
            Moment::Day(_) => None,
            Moment::Floating(_) => self.named,
            Moment::Local(..) | Moment::Instant(_) => Some(zone),
        }
    }

    pub(super) fn replaces(&mut self, source: &Source<'_>, when: When) -> Option<(At, bool)> {
        let property = source.first("RECURRENCE-ID")?;
        let range = property.is_range();
        if let Ok(stamp) = property.stamp() {
            return Some((self.at(stamp, property, source), range));
        }
        let told = "Which date of its series this event replaces cannot be read; it is taken as an event of its own.";
        self.note(NoteLevel::Guessed, property.line, source, told);
        // At its own start it replaces at most itself.
        Some((At::Wall(when.wall_start()), false))
    }

    pub(super) fn dates(&mut self, source: &Source<'_>, name: &str) -> Vec<At> {
        let mut dates = Vec::new();
        for property in source.all(name) {
            for stamp in property.stamps() {
                match stamp {
                    Ok(stamp) => dates.push(self.at(stamp, property, source)),
                    Err(_) => self.note(
                        NoteLevel::Skipped,
                        property.line,
                        source,
                        format!("A date in {name} cannot be read; it is left out."),
                    ),
                }
            }
        }
        dates
    }

    fn at(&mut self, stamp: Stamp, property: &Property<'_>, source: &Source<'_>) -> At {
        if let Stamp::Wall(wall, None) = stamp {
            return At::Wall(wall);
        }
        match self.moment(stamp, property, source) {
            Moment::Day(day) => At::Day(day),
            Moment::Floating(wall) => At::Wall(wall),
            Moment::Local(wall, zone) => At::Instant(span::instant(wall, zone), wall.date()),
            Moment::Instant(at) => At::Instant(at, at.with_timezone(&self.base).date_naive()),
        }
    }
}

fn wall_in(moment: Moment, zone: Tz) -> NaiveDateTime {
    let at = match moment {
        Moment::Day(day) => return day.and_time(NaiveTime::MIN),
        Moment::Floating(wall) => return wall,
        Moment::Local(wall, own) if own == zone => return wall,
        Moment::Local(wall, own) => span::instant(wall, own),
        Moment::Instant(at) => at,
    };
    at.with_timezone(&zone).naive_local()
}

/// The first day that something which ends then is not on.
fn day_after(end: NaiveDateTime) -> NaiveDate {
    if end.time() == NaiveTime::MIN { end.date() } else { end.date().succ_opt().unwrap_or(end.date()) }
}

/// An instant that has to be UTC, like `DTSTAMP`.
pub(super) fn utc(property: Option<&Property<'_>>) -> Option<DateTime<Utc>> {
    match property?.stamp().ok()? {
        Stamp::Utc(wall) | Stamp::Wall(wall, None) => Some(wall.and_utc()),
        _ => None,
    }
}
