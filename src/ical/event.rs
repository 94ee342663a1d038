//! One `VEVENT` to a draft: its own facts, before it is put together with others of its `UID`.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use chrono_tz::Tz;

use super::property::Property;
use super::read::{Entry, EntryStatus, NoteLevel};
use super::scan::{Component, Notes};
use super::times::utc;
use super::zones::Zones;

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

/// The properties of one event.
pub(super) struct Source<'a> {
    /// The line of its `BEGIN`.
    pub line: usize,
    /// Its `UID`, if it has one.
    pub uid: Option<String>,
    properties: Vec<(&'a str, Property<'a>)>,
}

impl<'a> Source<'a> {
    /// Reads the lines of one event.
    pub fn new(component: &'a Component<'_>) -> Self {
        let read = |(line, name, text): &'a (usize, String, std::borrow::Cow<'_, str>)| {
            Some((name.as_str(), Property::read(*line, text)?))
        };
        let properties: Vec<_> = component.lines.iter().filter_map(read).collect();
        let mut source = Self { line: component.line, uid: None, properties };
        source.uid = source.text("UID").map(|uid| uid.trim().chars().filter(|letter| !letter.is_control()).take(1_000).collect());
        source.uid.take_if(|uid: &mut String| uid.is_empty());
        source
    }

    pub fn first(&self, name: &str) -> Option<&Property<'a>> {
        self.all(name).next()
    }

    pub fn all(&self, name: &str) -> impl Iterator<Item = &Property<'a>> {
        self.properties.iter().filter(move |(known, _)| *known == name).map(|(_, property)| property)
    }

    fn text(&self, name: &str) -> Option<String> {
        self.first(name).and_then(Property::text)
    }

    /// Does the event go on for years, as far as one can tell without expanding it?
    pub fn last_year(&self, first: i32) -> i32 {
        let Some(rule) = self.first("RRULE") else { return first };
        let until = rule.raw().to_ascii_uppercase().split("UNTIL=").nth(1).and_then(|until| until.get(..4)?.parse::<i32>().ok());
        until.unwrap_or(i32::MAX).clamp(first, first + YEARS_AHEAD)
    }
}

impl Reader {
    /// Reads one event; `None` if it has no start that can be read.
    pub fn draft(&mut self, source: &Source<'_>) -> Option<Draft> {
        let (start, when, zone) = self.times(source)?;
        let (title, status) = self.title(source);
        let (location, join_url, url) = self.addresses(source);
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
            description: description(source, join_url.as_deref()),
            location,
            position: self.position(source),
            url,
            join_url,
            categories: categories(source),
            transparent: source.first("TRANSP").is_some_and(|transp| transp.raw().eq_ignore_ascii_case("TRANSPARENT")),
            when,
            zone: self.zone_to_tell(&start, zone),
            recurrence: None,
            stamped_at: utc(source.first("DTSTAMP")),
            last_modified: utc(source.first("LAST-MODIFIED")),
        };
        let replaces = self.replaces(source, when);
        self.tell_of_repeated(source);
        Some(Draft {
            entry,
            zone,
            replaces,
            rule: source.first("RRULE").map(|rule| (rule.line, rule.raw().to_owned())),
            further: self.dates(source, "RDATE"),
            left_out: self.dates(source, "EXDATE"),
        })
    }

    pub(super) fn note(&mut self, level: NoteLevel, line: usize, source: &Source<'_>, text: impl Into<String>) {
        self.notes.add(level, line, source.uid.as_deref(), text);
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
        let bare = title.strip_prefix("Cancelled:").filter(|_| status == EntryStatus::Cancelled);
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
                    NoteLevel::Guessed,
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
