//! One `VEVENT` to a draft: its own facts, before it is put together with others of its `UID`.

use calcard::icalendar::ICalendarParameterName;
use chrono::{DateTime, Days as Step, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use chrono_tz::Tz;

use super::property::{Property, Stamp};
use super::read::{Entry, EntryStatus, NoteLevel};
use super::scan::{Component, Notes};
use super::zones::{Place, Zones, wall_of, year_of};
use crate::domain::{When, span};

/// How many years of an endless series a zone has to fit.
const YEARS_AHEAD: i32 = 10;

/// What is needed to read the events of one file.
pub(super) struct Reader {
    /// The file's own zones.
    pub zones: Zones,
    /// `X-WR-TIMEZONE`.
    pub named: Option<Tz>,
    /// The zone of times that name none.
    pub base: Tz,
    /// `METHOD:CANCEL`.
    pub called_off: bool,
    /// What to tell about the reading.
    pub notes: Notes,
}

/// An event that may be a series, or one changed date of a series.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    /// All but the recurrence, which is put together later.
    pub entry: Entry,
    /// The zone of the wall time, also where the file names none.
    pub zone: Tz,
    /// The start that this one replaces (`RECURRENCE-ID`), and whether all later ones move with it.
    pub replaces: Option<(At, bool)>,
    /// `RRULE`, as it stands in the file.
    pub rule: Option<(usize, String)>,
    /// `RDATE`.
    pub further: Vec<At>,
    /// `EXDATE`.
    pub left_out: Vec<At>,
}

/// A date or time that is about a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum At {
    /// A civil day.
    Day(NaiveDate),
    /// Wall time in the series' own zone, for the file names none.
    Wall(NaiveDateTime),
    /// An instant, and the day it is on in the zone that the file names for it.
    Instant(DateTime<Utc>, NaiveDate),
}

/// A start or an end, and where its clock hangs.
#[derive(Debug, Clone, Copy)]
enum Moment {
    Day(NaiveDate),
    Local(NaiveDateTime, Tz),
    Floating(NaiveDateTime),
    Instant(DateTime<Utc>),
}

/// The properties of one event.
struct Source<'a> {
    line: usize,
    uid: Option<String>,
    properties: Vec<(&'a str, Property<'a>)>,
}

impl<'a> Source<'a> {
    fn new(component: &'a Component<'_>) -> Self {
        let read = |(line, name, text): &'a (usize, String, std::borrow::Cow<'_, str>)| {
            Some((name.as_str(), Property::read(*line, text)?))
        };
        let properties: Vec<_> = component.lines.iter().filter_map(read).collect();
        let mut source = Self { line: component.line, uid: None, properties };
        source.uid = source.text("UID").map(|uid| uid.trim().chars().filter(|letter| !letter.is_control()).take(1_000).collect());
        source.uid.take_if(|uid: &mut String| uid.is_empty());
        source
    }

    fn first(&self, name: &str) -> Option<&Property<'a>> {
        self.all(name).next()
    }

    fn all(&self, name: &str) -> impl Iterator<Item = &Property<'a>> {
        self.properties.iter().filter(move |(known, _)| *known == name).map(|(_, property)| property)
    }

    fn text(&self, name: &str) -> Option<String> {
        self.first(name).and_then(Property::text)
    }

    /// Does the event go on for years, as far as one can tell without expanding it?
    fn last_year(&self, first: i32) -> i32 {
        let Some(rule) = self.first("RRULE") else { return first };
        let until = rule.raw().to_ascii_uppercase().split("UNTIL=").nth(1).and_then(|until| until.get(..4)?.parse::<i32>().ok());
        until.unwrap_or(i32::MAX).clamp(first, first + YEARS_AHEAD)
    }
}

impl Reader {
    /// Reads one event; `None` if it has no start that can be read.
    pub fn draft(&mut self, component: &Component<'_>) -> Option<Draft> {
        let source = Source::new(component);
        let (start, when, zone) = self.times(&source)?;
        let (title, status) = self.title(&source);
        let (location, join_url, url) = self.addresses(&source);
        let entry = Entry {
            uid: source.uid.clone().unwrap_or_default(),
            uid_made_up: source.uid.is_none(),
            line: source.line,
            sequence: source
                .first("SEQUENCE")
                .and_then(Property::number)
                .map_or(0, |number| u32::try_from(number.max(0)).unwrap_or(u32::MAX)),
            status,
            title,
            description: description(&source, join_url.as_deref()),
            location,
            position: self.position(&source),
            url,
            join_url,
            categories: categories(&source),
            transparent: source.first("TRANSP").is_some_and(|transp| transp.raw().eq_ignore_ascii_case("TRANSPARENT")),
            when,
            zone: self.zone_to_tell(&start, zone),
            recurrence: None,
            stamped_at: utc(source.first("DTSTAMP")),
            last_modified: utc(source.first("LAST-MODIFIED")),
        };
        let replaces = self.replaces(&source, when);
        self.tell_of_repeated(&source);
        Some(Draft {
            entry,
            zone,
            replaces,
            rule: source.first("RRULE").map(|rule| (rule.line, rule.raw().to_owned())),
            further: self.dates(&source, "RDATE", when),
            left_out: self.dates(&source, "EXDATE", when),
        })
    }

    fn note(&mut self, level: NoteLevel, line: usize, source: &Source<'_>, text: impl Into<String>) {
        self.notes.add(level, line, source.uid.as_deref(), text);
    }

    /// The start as the file has it, and all of the time in one zone.
    fn times(&mut self, source: &Source<'_>) -> Option<(Moment, When, Tz)> {
        let Some(property) = source.first("DTSTART") else {
            self.note(NoteLevel::Skipped, source.line, source, "The event has no start (DTSTART); it is left out.");
            return None;
        };
        let stamp = match property.stamp() {
            Ok(stamp) => stamp,
            Err(text) => {
                let text: String = text.chars().take(60).collect();
                self.note(
                    NoteLevel::Skipped,
                    property.line,
                    source,
                    format!("The start “{text}” is no date or time; the event is left out."),
                );
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
            (property, self.wall_in(end, zone)?)
        } else {
            let property = source.first("DURATION")?;
            let length = property.duration();
            let end = length
                .and_then(|(days, time)| start.checked_add_signed(chrono::TimeDelta::try_days(days)?)?.checked_add_signed(time));
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
                NoteLevel::Repaired,
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

    fn wall_in(&self, moment: Moment, zone: Tz) -> Option<NaiveDateTime> {
        let at = match moment {
            Moment::Day(day) => return Some(day.and_time(NaiveTime::MIN)),
            Moment::Floating(wall) => return Some(wall),
            Moment::Local(wall, own) if own == zone => return Some(wall),
            Moment::Local(wall, own) => span::instant(wall, own),
            Moment::Instant(at) => at,
        };
        Some(at.with_timezone(&zone).naive_local())
    }

    /// The last of whole days, included. In the file the end is the day after it.
    fn last_day(&mut self, source: &Source<'_>, first: NaiveDate) -> Option<NaiveDate> {
        let (property, after) = if let Some(property) = source.first("DTEND") {
            (
                property,
                match self.end_moment(property, source)? {
                    Moment::Day(day) => day,
                    moment => self
                        .wall_in(moment, self.base)
                        .map(|wall| if wall.time() == NaiveTime::MIN { wall.date() } else { wall.date() + Step::new(1) })?,
                },
            )
        } else {
            let property = source.first("DURATION")?;
            let after = property.duration().and_then(|(days, time)| {
                let hours = time.num_seconds();
                first.checked_add_signed(chrono::TimeDelta::try_days(
                    days + hours.div_euclid(86_400) + i64::from(hours.rem_euclid(86_400) > 0),
                )?)
            });
            (property, after.unwrap_or(NaiveDate::MIN))
        };
        if after < first {
            self.note(
                NoteLevel::Repaired,
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
            Place::Iana(Tz::UTC) => Moment::Instant(wall.and_utc()),
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
                self.zones.instant(tzid, wall).map_or(Moment::Floating(wall), Moment::Instant)
            }
            Place::Unknown => {
                let told = format!("The time zone “{name}” is not known; its times are read in the zone {}.", self.base.name());
                self.notes.add_once(NoteLevel::Repaired, line, told);
                Moment::Floating(wall)
            }
        }
    }

    /// The zone of an entry: none where the file names none and the caller's default holds.
    fn zone_to_tell(&self, start: &Moment, zone: Tz) -> Option<Tz> {
        match start {
            Moment::Day(_) => None,
            Moment::Floating(_) => self.named,
            Moment::Local(..) | Moment::Instant(_) => Some(zone),
        }
    }

    fn replaces(&mut self, source: &Source<'_>, when: When) -> Option<(At, bool)> {
        let property = source.first("RECURRENCE-ID")?;
        let range = property.is_range();
        match property.stamp() {
            Ok(stamp) => Some((self.at(stamp, property, source, when), range)),
            Err(_) => {
                let told = "Which date of its series this event replaces cannot be read; it is taken as an event of its own.";
                self.note(NoteLevel::Repaired, property.line, source, told);
                // At its own start it replaces at most itself.
                Some((At::Wall(when.wall_start()), false))
            }
        }
    }

    fn dates(&mut self, source: &Source<'_>, name: &str, when: When) -> Vec<At> {
        let mut dates = Vec::new();
        for property in source.all(name) {
            for stamp in property.stamps() {
                match stamp {
                    Ok(stamp) => dates.push(self.at(stamp, property, source, when)),
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

    fn at(&mut self, stamp: Stamp, property: &Property<'_>, source: &Source<'_>, _when: When) -> At {
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

    /// The title and the status; Outlook says “Canceled: ” in the title only.
    fn title(&mut self, source: &Source<'_>) -> (String, EntryStatus) {
        let title = source.text("SUMMARY").unwrap_or_default();
        let title = title.trim();
        let said = source.first("STATUS").map(|status| status.raw().to_ascii_uppercase());
        let status = match said.as_deref() {
            _ if self.called_off => EntryStatus::Cancelled,
            Some("CANCELLED" | "CANCELED") => EntryStatus::Cancelled,
            Some("TENTATIVE") => EntryStatus::Tentative,
            _ => EntryStatus::Confirmed,
        };
        if let Some(rest) = title.strip_prefix("Canceled: ") {
            if status != EntryStatus::Cancelled {
                self.note(
                    NoteLevel::Repaired,
                    source.line,
                    source,
                    "The title says “Canceled: ”; the event is taken as cancelled.",
                );
            }
            return (rest.trim().to_owned(), EntryStatus::Cancelled);
        }
        let bare = title.strip_prefix("Cancelled: ").filter(|_| status == EntryStatus::Cancelled);
        (bare.unwrap_or(title).trim().to_owned(), status)
    }

    /// Its place, where to join it, and its page.
    fn addresses(&mut self, source: &Source<'_>) -> (Option<String>, Option<String>, Option<String>) {
        let offered: Vec<_> = ["CONFERENCE", "X-GOOGLE-CONFERENCE", "X-MICROSOFT-SKYPETEAMSMEETINGURL"]
            .into_iter()
            .flat_map(|name| source.all(name))
            .filter(|property| is_web_address(property.raw()))
            .collect();
        let video = offered.iter().find(|property| property.shows_video()).or_else(|| offered.first());
        let mut join_url = video.map(|property| property.raw().to_owned());
        let mut location = source.text("LOCATION").map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        if let Some(address) = location.take_if(|text| is_web_address(text)) {
            join_url.get_or_insert(address);
        }
        let url = source.first("URL").map(|property| property.raw().to_owned()).filter(|url| !url.is_empty());
        let told = url.as_deref().is_some_and(|url| !is_web_address(url));
        if told {
            let line = source.first("URL").map_or(source.line, |property| property.line);
            self.note(
                NoteLevel::Skipped,
                line,
                source,
                "The address (URL) is none that begins with https:// or http://; it is left out.",
            );
        }
        let url = url.filter(|url| is_web_address(url) && Some(url) != join_url.as_ref());
        (location, join_url, url)
    }

    fn position(&mut self, source: &Source<'_>) -> Option<(f64, f64)> {
        let property = source.first("GEO").filter(|property| !property.raw().is_empty())?;
        let raw = property.raw().replace('\\', "");
        let mut parts = raw.split([';', ',']).map(|part| part.trim().parse::<f64>().ok());
        match (parts.next().flatten(), parts.next().flatten()) {
            (Some(lat), Some(lon)) if lat.abs() <= 90.0 && lon.abs() <= 180.0 => Some((lat, lon)),
            _ => {
                self.note(
                    NoteLevel::Skipped,
                    property.line,
                    source,
                    "The position (GEO) is no latitude and longitude; it is left out.",
                );
                None
            }
        }
    }

    fn tell_of_repeated(&mut self, source: &Source<'_>) {
        for name in ["DTSTART", "DTEND", "SUMMARY", "RRULE", "STATUS"] {
            if let Some(second) = source.all(name).nth(1) {
                self.note(
                    NoteLevel::Repaired,
                    second.line,
                    source,
                    format!("{name} is there more than once; the first is taken."),
                );
            }
        }
        if let Some(rule) = source.first("EXRULE") {
            self.note(NoteLevel::Skipped, rule.line, source, "Rules of what to leave out (EXRULE) are not read.");
        }
    }
}

/// The description, without the line that says where to join: that is told apart.
fn description(source: &Source<'_>, join_url: Option<&str>) -> String {
    let text = source.text("DESCRIPTION").unwrap_or_default();
    let text = text.trim_end();
    let joined = join_url.and_then(|url| text.strip_prefix("Join: ")?.strip_prefix(url));
    let rest = joined.filter(|rest| rest.is_empty() || rest.starts_with('\n'));
    rest.map_or(text, |rest| rest.trim_start_matches('\n')).to_owned()
}

fn categories(source: &Source<'_>) -> Vec<String> {
    let mut categories: Vec<String> = Vec::new();
    for text in source.all("CATEGORIES").flat_map(Property::texts) {
        let text = text.trim();
        if !text.is_empty() && categories.len() < 200 && !categories.iter().any(|known| known == text) {
            categories.push(text.to_owned());
        }
    }
    categories
}

/// An address that a browser can open, and nothing else in it.
fn is_web_address(text: &str) -> bool {
    let scheme_end = if text.get(..8).is_some_and(|head| head.eq_ignore_ascii_case("https://")) {
        8
    } else if text.get(..7).is_some_and(|head| head.eq_ignore_ascii_case("http://")) {
        7
    } else {
        return false;
    };
    text.len() > scheme_end && text.len() <= 4_000 && !text.contains(|letter: char| letter.is_whitespace() || letter.is_control())
}

fn utc(property: Option<&Property<'_>>) -> Option<DateTime<Utc>> {
    match property?.stamp().ok()? {
        Stamp::Utc(wall) | Stamp::Wall(wall, None) => Some(wall.and_utc()),
        _ => None,
    }
}
