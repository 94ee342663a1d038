//! Lines to components: which lines belong to which event, without trusting `BEGIN` and `END`.
//!
//! There is no recursion and no deep stack: nesting beyond [`DEEPEST`] is passed over.

use std::borrow::Cow;

use super::decode::{Line, Lines};
use super::property::{name_of, raw_value};
use super::read::{Note, NoteLevel};

/// Events beyond this many are not read.
pub(super) const MOST_EVENTS: usize = 50_000;
/// Notes beyond this many are only counted.
pub(super) const MOST_NOTES: usize = 1_000;
/// Lines of one component beyond this many are not kept.
const MOST_LINES: usize = 20_000;
/// Components nested deeper than this are passed over.
const DEEPEST: usize = 32;

/// The properties of an event that mean something to us; the rest is passed over unread.
const WANTED: [&str; 23] = [
    "UID",
    "SUMMARY",
    "DESCRIPTION",
    "LOCATION",
    "GEO",
    "URL",
    "CONFERENCE",
    "X-GOOGLE-CONFERENCE",
    "X-MICROSOFT-SKYPETEAMSMEETINGURL",
    "CATEGORIES",
    "TRANSP",
    "STATUS",
    "SEQUENCE",
    "DTSTART",
    "DTEND",
    "DURATION",
    "RRULE",
    "EXRULE",
    "RDATE",
    "EXDATE",
    "RECURRENCE-ID",
    "DTSTAMP",
    "LAST-MODIFIED",
];

/// The lines of one component: number, name and text of each.
#[derive(Debug, Default)]
pub(super) struct Component<'a> {
    /// The line of its `BEGIN`.
    pub line: usize,
    /// The lines we want of it, in the order of the file.
    pub lines: Vec<(usize, String, Cow<'a, str>)>,
}

impl Component<'_> {
    /// The first value of a property, as it stands in the file.
    pub fn raw(&self, name: &str) -> Option<&str> {
        self.lines.iter().find(|(_, known, _)| known == name).and_then(|(_, _, text)| raw_value(text))
    }
}

/// A time zone that the file describes itself.
#[derive(Debug, Default)]
pub(super) struct ZoneText<'a> {
    /// `TZID` and its like.
    pub head: Component<'a>,
    /// Each `STANDARD` and `DAYLIGHT`.
    pub observances: Vec<Component<'a>>,
}

/// What a file is made of.
#[derive(Debug, Default)]
pub(super) struct Scan<'a> {
    /// The calendar's own properties, of all calendars in the file.
    pub calendar: Component<'a>,
    /// The events.
    pub events: Vec<Component<'a>>,
    /// The zones.
    pub zones: Vec<ZoneText<'a>>,
    /// How many events the file has, also those that are not read.
    pub vevents: usize,
    /// There was a `BEGIN:VCALENDAR`.
    pub is_calendar: bool,
    /// What was passed over or repaired.
    pub notes: Notes,
}

/// Notes, up to [`MOST_NOTES`].
#[derive(Debug, Default)]
pub(super) struct Notes {
    kept: Vec<Note>,
    told: std::collections::HashSet<String>,
    more: usize,
}

impl Notes {
    /// Adds a note.
    pub fn add(&mut self, level: NoteLevel, line: usize, uid: Option<&str>, text: impl Into<String>) {
        if self.kept.len() < MOST_NOTES {
            self.kept.push(Note { line, level, uid: uid.map(str::to_owned), text: text.into() });
        } else {
            self.more += 1;
        }
    }

    /// Adds a note that would be the same for many events, the first time only.
    pub fn add_once(&mut self, level: NoteLevel, line: usize, text: String) {
        if !self.told.contains(&text) {
            if self.told.len() < MOST_NOTES {
                self.told.insert(text.clone());
            }
            self.add(level, line, None, text);
        }
    }

    /// All of them, by line.
    pub fn finish(mut self) -> Vec<Note> {
        self.kept.sort_by_key(|note| note.line);
        if self.more > 0 {
            let text = format!("{} more notes are not listed.", self.more);
            self.kept.push(Note { line: 0, level: NoteLevel::Told, uid: None, text });
        }
        self.kept
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    Calendar,
    Event,
    Zone,
    Observance,
    Other(String),
}

impl Kind {
    fn named(name: &str) -> Self {
        match name {
            "VCALENDAR" => Self::Calendar,
            "VEVENT" => Self::Event,
            "VTIMEZONE" => Self::Zone,
            "STANDARD" | "DAYLIGHT" => Self::Observance,
            other => Self::Other(other.chars().take(60).collect()),
        }
    }

    fn name(&self) -> &str {
        match self {
            Self::Calendar => "VCALENDAR",
            Self::Event => "VEVENT",
            Self::Zone => "VTIMEZONE",
            Self::Observance => "STANDARD or DAYLIGHT",
            Self::Other(name) => name,
        }
    }
}

/// Sorts the lines of a file.
pub(super) fn scan(bytes: &[u8]) -> Scan<'_> {
    let mut scanner = Scanner { scan: Scan::default(), open: Vec::new() };
    for line in Lines::new(bytes) {
        if line.guessed {
            let told = "Some text is not UTF-8; it is read as Windows-1252.".to_owned();
            scanner.scan.notes.add_once(NoteLevel::Repaired, line.number, told);
        }
        scanner.take(line);
    }
    let end = scanner.open.len();
    if end > 0 {
        scanner.close_down_to(0, 0);
    }
    scanner.scan
}

struct Scanner<'a> {
    scan: Scan<'a>,
    open: Vec<Kind>,
}

impl<'a> Scanner<'a> {
    fn take(&mut self, line: Line<'a>) {
        let (name, rest) = name_of(&line.text);
        match name.as_str() {
            "BEGIN" => self.begin(line.number, &component_name(rest)),
            "END" => self.end(line.number, &component_name(rest)),
            _ => self.property(line, name),
        }
    }

    fn begin(&mut self, number: usize, name: &str) {
        let kind = Kind::named(name);
        // Neither stands inside an event: its END is missing.
        if matches!(kind, Kind::Event | Kind::Calendar | Kind::Zone)
            && let Some(at) = self.open.iter().position(|open| matches!(open, Kind::Event | Kind::Zone))
        {
            self.close_down_to(at, number);
        }
        if self.open.len() >= DEEPEST {
            self.scan.notes.add_once(
                NoteLevel::Skipped,
                number,
                format!("Components nested deeper than {DEEPEST} are passed over."),
            );
            return;
        }
        self.open(&kind, number);
        self.open.push(kind);
    }

    fn open(&mut self, kind: &Kind, line: usize) {
        let component = Component { line, lines: Vec::new() };
        match kind {
            Kind::Calendar => self.scan.is_calendar = true,
            Kind::Event => {
                self.scan.vevents += 1;
                if self.scan.vevents <= MOST_EVENTS {
                    self.scan.events.push(component);
                } else {
                    self.scan.notes.add_once(NoteLevel::Skipped, line, format!("Only the first {MOST_EVENTS} events are read."));
                }
            }
            Kind::Zone if self.scan.zones.len() < 1_000 => {
                self.scan.zones.push(ZoneText { head: component, observances: Vec::new() });
            }
            Kind::Observance if self.open.last() == Some(&Kind::Zone) => {
                if let Some(zone) = self.scan.zones.last_mut().filter(|zone| zone.observances.len() < 1_000) {
                    zone.observances.push(component);
                }
            }
            _ => {}
        }
    }

    fn end(&mut self, number: usize, name: &str) {
        let kind = Kind::named(name);
        match self.open.iter().rposition(|open| *open == kind) {
            Some(at) => {
                if at + 1 < self.open.len() {
                    self.close_down_to(at + 1, number);
                }
                self.open.pop();
            }
            None => self.scan.notes.add(
                NoteLevel::Repaired,
                number,
                None,
                format!("“END:{}” ends nothing; it is passed over.", kind.name()),
            ),
        }
    }

    /// Closes what was left open; `number` 0 is the end of the file.
    fn close_down_to(&mut self, length: usize, number: usize) {
        for kind in self.open.drain(length..).rev() {
            let place = if number == 0 { "at the end of the file".to_owned() } else { format!("before line {number}") };
            self.scan.notes.add(
                NoteLevel::Repaired,
                number,
                None,
                format!("“END:{}” is missing {place}; it is added.", kind.name()),
            );
        }
    }

    fn property(&mut self, line: Line<'a>, name: String) {
        let scan = &mut self.scan;
        let (component, wanted) = match self.open.last() {
            None | Some(Kind::Other(_)) => return,
            Some(Kind::Calendar) => (Some(&mut scan.calendar), true),
            Some(Kind::Event) if scan.vevents > MOST_EVENTS => return,
            Some(Kind::Event) => (scan.events.last_mut(), WANTED.contains(&name.as_str())),
            Some(Kind::Zone) => (scan.zones.last_mut().map(|zone| &mut zone.head), true),
            Some(Kind::Observance) => (scan.zones.last_mut().and_then(|zone| zone.observances.last_mut()), true),
        };
        if raw_value(&line.text).is_none() && !line.text.contains(':') {
            let start: String = line.text.chars().take(60).collect();
            scan.notes.add(NoteLevel::Skipped, line.number, None, format!("“{start}” is no property: it has no colon."));
        } else if let Some(component) = component
            && wanted
            && component.lines.len() < MOST_LINES
        {
            component.lines.push((line.number, name, line.text));
        }
    }
}

/// The name behind `BEGIN` or `END`, without the blanks that some programs leave.
fn component_name(rest: &str) -> String {
    raw_value(rest).unwrap_or_default().to_ascii_uppercase()
}
