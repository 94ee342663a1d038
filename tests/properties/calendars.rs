//! What goes out comes back: random events through the real export and the real import into an empty database.

use std::collections::BTreeSet;

use convene::app::import::{Options, Report, take_in};
use convene::app::propose::propose;
use convene::app::publish::{Form, feed_within};
use convene::app::select::Selection;
use convene::app::settle::{Act, settle};
use convene::app::{Actor, Error};
use convene::domain::recurrence::{Exdate, Override};
use convene::domain::{Days, Entry, EventStatus, Recurrence, Venue, When};
use convene::ical::{Defaults, Entry as Read, read};
use convene::json::Draft;
use convene::store::EventFilter;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use crate::support::World;
use crate::support::cast::ada;

const ZONES: [&str; 5] = ["America/New_York", "America/Chicago", "America/Phoenix", "Pacific/Honolulu", "Europe/Berlin"];
const ROLES: [&str; 4] = ["chief_equity_officer", "chief_of_staff", "city_manager", "mayor"];
const PLACES: [(&str, &str, f64, f64); 3] =
    [("Kansas City", "MO", 39.0997, -94.5786), ("Phoenix", "AZ", 33.4484, -112.074), ("Omaha", "NE", 41.2565, -95.9345)];
const LINK: &str = "https://meet.example.org/room?a=1,2;b=3";

/// One event as somebody might type it, by its number among the others.
#[derive(Debug, Clone)]
struct Plan {
    title: String,
    text: String,
    day: u64,
    days: Option<u64>,
    /// Hour and minutes of a session, if its end is known; whole days without.
    session: Option<(u32, Option<u32>)>,
    zone: &'static str,
    roles: BTreeSet<&'static str>,
    place: Option<usize>,
    online: bool,
    transparent: bool,
    series: Option<Series>,
    status: EventStatus,
}

/// A weekly series, and which of its dates differ how.
#[derive(Debug, Clone)]
struct Series {
    weeks: u32,
    left_out: Option<u32>,
    moved: Option<u32>,
    called_off: Option<u32>,
}

fn plan() -> impl Strategy<Value = Plan> {
    // Words with everything that a format may trip over, among it what spreadsheets take for formulas.
    let word = prop_oneof![
        "[A-Za-z]{1,9}",
        "[=+@'\"\\\\,;:<>&%-][a-z0-9]{1,4}",
        Just("Zürich".to_owned()),
        Just("日本語".to_owned()),
        Just("🗓️".to_owned()),
        Just("e\u{301}\u{202e}\u{200d}".to_owned()),
        Just("\\n\\N\\\\;\\,".to_owned()),
        Just("END:VEVENT".to_owned()),
        Just("\"^n^'%0D%0A".to_owned()),
        "[a-z]{60,70}",
    ];
    let words = vec(word, 1..3).prop_map(|words| words.join(" "));
    let title = (words.clone(), vec(words, 0..4).prop_map(|lines| lines.join("\n")));
    let minutes = prop_oneof![4 => (1_u32..8).prop_map(|quarters| quarters * 15), 1 => Just(27 * 60)];
    let day = prop_oneof![5 => 0_u64..550, 1 => Just(CLOCKS_GO_FORWARD)];
    let hour = prop_oneof![5 => 0_u32..24, 1 => Just(2)];
    let when = (day, option::of(0_u64..4), option::of((hour, option::weighted(0.9, minutes))));
    let whom =
        (proptest::sample::select(&ZONES[..]), proptest::collection::btree_set(proptest::sample::select(&ROLES[..]), 1..4));
    let how = (option::of(0_usize..3), any::<bool>(), any::<bool>(), option::of(series()), proptest::sample::select(&SEEN[..]));
    (title, when, whom, how).prop_map(
        |((title, text), (day, days, session), (zone, roles), (place, online, transparent, series, status))| Plan {
            title,
            text,
            day,
            days,
            session,
            zone,
            roles,
            place,
            online,
            transparent,
            series,
            status,
        },
    )
}

/// On 14 March 2027 there is no hour of two in New York and Chicago.
const CLOCKS_GO_FORWARD: u64 = 69;

/// What is public, and means the same in a calendar.
const SEEN: [EventStatus; 3] = [EventStatus::Announced, EventStatus::Confirmed, EventStatus::Cancelled];

fn series() -> impl Strategy<Value = Series> {
    let one = || option::of(1_u32..5);
    (2_u32..6, one(), one(), one()).prop_map(|(weeks, left_out, moved, called_off)| Series { weeks, left_out, moved, called_off })
}

impl Plan {
    fn first(&self) -> chrono::NaiveDate {
        chrono::NaiveDate::from_ymd_opt(2027, 1, 4).unwrap() + chrono::Days::new(self.day)
    }

    /// When it is, `weeks` weeks later, and at another time of the day.
    fn when(&self, weeks: u32, later: chrono::Duration) -> When {
        let first = self.first() + chrono::Days::new(7 * u64::from(weeks));
        match self.session {
            None => When::Days { first: first + later, last: self.days.map(|days| first + later + chrono::Days::new(days)) },
            Some((hour, minutes)) => {
                let start = first.and_hms_opt(hour, 0, 0).unwrap() + later;
                When::Times { start, end: minutes.map(|minutes| start + chrono::Duration::minutes(minutes.into())) }
            }
        }
    }

    fn recurrence(&self, number: usize) -> Option<Recurrence> {
        let Series { weeks, left_out, moved, called_off } = self.series.clone()?;
        let original = |week| match self.when(week, chrono::Duration::zero()) {
            When::Days { first, .. } => first.and_time(chrono::NaiveTime::MIN),
            When::Times { start, .. } => start,
        };
        let of_series = |week: &u32| *week < weeks;
        let moved = moved.filter(of_series).map(|week| Override {
            original: original(week),
            when: self.when(week, chrono::Duration::hours(26)),
            title: Some(format!("{} moved {number}", self.title)),
            status: None,
        });
        let called_off = called_off.filter(of_series).map(|week| Override {
            original: original(week),
            when: self.when(week, chrono::Duration::zero()),
            title: None,
            status: Some(EventStatus::Cancelled),
        });
        let mut overrides: Vec<Override> = moved.into_iter().chain(called_off).collect();
        overrides.dedup_by_key(|one| one.original);
        overrides.sort_by_key(|one| one.original);
        let exdates = left_out.filter(of_series).map(|week| Exdate::At(original(week))).into_iter().collect();
        Some(Recurrence { rrule: Some(format!("FREQ=WEEKLY;COUNT={weeks}")), rdates: Vec::new(), exdates, overrides })
    }

    fn draft(&self, number: usize) -> Draft {
        let (start, end) = match self.when(0, chrono::Duration::zero()) {
            When::Days { first, last } => (first.to_string(), last.map(|last| last.to_string())),
            When::Times { start, end } => {
                let text = |at: chrono::NaiveDateTime| at.format("%Y-%m-%dT%H:%M:%S").to_string();
                (text(start), end.map(text))
            }
        };
        let venue = self.place.map(|place| {
            let (city, state, lat, lon) = PLACES[place];
            let text = |text: &str| Some(text.to_owned());
            Venue { city: text(city), state: text(state), lat: Some(lat), lon: Some(lon), ..Venue::default() }
        });
        let mode = match (&venue, self.online) {
            (Some(_), true) => "hybrid",
            (None, true) => "virtual",
            (_, false) => "in_person",
        };
        Draft {
            title: format!("{} {number}", self.title),
            description: self.text.clone(),
            roles: self.roles.iter().map(ToString::to_string).collect(),
            mode: Some(mode.to_owned()),
            join_url: self.online.then(|| LINK.to_owned()),
            venue,
            start,
            end,
            time_zone: Some(self.zone.to_owned()),
            transparent: self.transparent,
            recurrence: self.recurrence(number),
            ..Draft::default()
        }
    }
}

/// A service with these events, and nothing else in its calendar.
fn filled(plans: &[Plan]) -> World {
    let world = World::new();
    world.ignore_letters();
    for (number, plan) in plans.iter().enumerate() {
        let draft = plan.draft(number);
        let status = if plan.status == EventStatus::Announced { EventStatus::Announced } else { EventStatus::Confirmed };
        let stored = propose(&world.app, &ada(), &draft, status).unwrap_or_else(|error| panic!("{draft:?}: {error}"));
        if plan.status == EventStatus::Cancelled {
            settle(&world.app, &ada(), stored.event.id, None, &Act::Cancel, None).unwrap();
        }
    }
    world
}

fn exported(world: &World, form: Form) -> Vec<u8> {
    let all = world.app.store.read::<_, Error>(|reader| Selection::read(reader, std::iter::empty(), &[])).unwrap();
    feed_within(&world.app, &all, "Convenings", form, Days::ALL).unwrap()
}

fn import(world: &World, bytes: &[u8]) -> Report {
    let zone = chrono_tz::America::New_York;
    let options = Options {
        partner: Some("harbor".parse().unwrap()),
        calendar: "export".to_owned(),
        zone,
        dry_run: false,
        doubtful: false,
    };
    world.ignore_letters();
    take_in(&world.app, &Actor::Operator, bytes, &options).unwrap()
}

/// What is known of each date: all that a calendar can carry, as text so that whole calendars can be compared.
fn dates(world: &World) -> Vec<String> {
    let entries: Vec<Entry> = world.app.store.read(|reader| reader.entries(&EventFilter::default())).unwrap();
    let mut all: Vec<String> = entries
        .iter()
        .flat_map(|Entry { event, occurrences }| {
            let details = &event.details;
            let place = details.venue.as_ref().map(|venue| (venue.line(), venue.position()));
            occurrences.iter().map(move |one| {
                // A day is the same day everywhere, and hours are the same instants, also where the clock has no such hour.
                let when = match one.when {
                    When::Days { first, last } => format!("{first} to {last:?}"),
                    When::Times { end, .. } => format!("{:?}, {}, {}", one.span, end.is_some(), details.zone),
                };
                // What is called off takes nobody's time, and a calendar says so.
                let transparent = details.transparent || one.cancelled || event.status == EventStatus::Cancelled;
                let status = if one.cancelled { EventStatus::Cancelled } else { event.status };
                format!(
                    "{:?}",
                    (
                        one.title.as_ref().unwrap_or(&details.title),
                        when,
                        status,
                        (&details.roles, details.mode, &place, &details.join_url, transparent, &details.partner),
                    )
                )
            })
        })
        .collect();
    all.sort();
    all
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_calendar_that_is_exported_and_imported_elsewhere_has_the_same_events(plans in vec(plan(), 1..7)) {
        let (here, there) = (filled(&plans), World::new());
        let file = exported(&here, Form::Ics);
        let report = import(&there, &file);
        prop_assert_eq!(report.refused(), 0, "{:?}", report.notes);
        prop_assert_eq!(dates(&there), dates(&here), "{}", String::from_utf8_lossy(&file));
        for event in there.events() {
            let number: usize = event.details.title.rsplit(' ').next().unwrap().parse().unwrap();
            prop_assert!(event.details.description.contains(&plans[number].text), "{:?}", event);
        }

        let before = there.events();
        let again = import(&there, &file);
        prop_assert_eq!((again.new.len(), again.changed.len(), again.cancelled.len()), (0, 0, 0), "{:?}", again);
        prop_assert!(there.events() == before, "a second reading touches nothing");
    }

    #[test]
    fn a_table_that_is_exported_and_imported_elsewhere_has_the_same_events(plans in vec(plan(), 1..7)) {
        // A table has one row for each event: no series, no link to join, and nothing about whose time it takes.
        let plain = |plan: Plan| Plan { series: None, transparent: false, ..plan };
        let plans: Vec<Plan> = plans.into_iter().map(plain).collect();
        let (here, there) = (filled(&plans), World::new());
        let file = exported(&here, Form::Csv);
        let report = import(&there, &file);
        prop_assert_eq!(report.refused(), 0, "{:?}", report.notes);
        let without_links = |world: &World| dates(world).iter().map(|one| one.replace(&format!("{:?}", Some(LINK)), "None")).collect::<Vec<_>>();
        prop_assert_eq!(without_links(&there), without_links(&here), "{}", String::from_utf8_lossy(&file));
        let again = import(&there, &file);
        prop_assert_eq!((again.new.len(), again.changed.len(), again.cancelled.len()), (0, 0, 0), "{:?}", again);
    }

    #[test]
    fn the_order_of_the_events_in_a_file_does_not_matter(plans in vec(plan(), 2..7), seed in any::<u64>()) {
        let (here, one, other) = (filled(&plans), World::new(), World::new());
        let file = String::from_utf8(exported(&here, Form::Ics)).unwrap();
        import(&one, file.as_bytes());
        import(&other, shuffled(&file, seed).as_bytes());
        prop_assert_eq!(dates(&other), dates(&one));
    }
}

/// The same calendar with its events in another order.
fn shuffled(file: &str, seed: u64) -> String {
    let (head, rest) = file.split_once("BEGIN:VEVENT").unwrap();
    let (events, tail) = rest.rsplit_once("END:VEVENT").unwrap();
    let mut events: Vec<&str> = events.split("BEGIN:VEVENT").collect();
    // Each has its END but the last, which lost it with the tail.
    let last = format!("{}END:VEVENT\r\n", events.pop().unwrap());
    events.push(&last);
    events.sort_by_key(|event| event.bytes().fold(seed, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)));
    format!("{head}{}{}", events.iter().map(|event| format!("BEGIN:VEVENT{event}")).collect::<String>(), tail.trim_start())
}

/// Files of real programs, among them series with their exceptions, turned round.
#[test]
fn the_order_of_components_does_not_matter_in_files_of_real_programs() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/calendars/programs");
    let mut turned = 0;
    for file in
        std::fs::read_dir(folder).unwrap().flatten().filter(|file| file.path().extension().is_some_and(|end| end == "ics"))
    {
        let text = String::from_utf8_lossy(&std::fs::read(file.path()).unwrap()).replace("\r\n", "\n").replace('\r', "\n");
        let is_plain = |text: &str| {
            let count = |mark: &str| text.lines().filter(|line| *line == mark).count();
            count("BEGIN:VCALENDAR") == 1 && count("BEGIN:VEVENT") > 1 && count("BEGIN:VEVENT") == count("END:VEVENT")
        };
        if !is_plain(&text) {
            continue;
        }
        turned += 1;
        let read = |text: &str| -> Vec<String> {
            let reading = read(text.as_bytes(), &Defaults { zone: chrono_tz::UTC }).unwrap();
            let mut all: Vec<String> =
                reading.entries.into_iter().map(|entry| format!("{:?}", Read { line: 0, ..entry })).collect();
            all.sort();
            all
        };
        assert_eq!(read(&reversed(&text)), read(&text), "{}", file.path().display());
    }
    assert!(turned > 15, "{turned}");
}

/// Its events from the last to the first, before all else.
fn reversed(text: &str) -> String {
    let (mut events, mut rest, mut inside) = (Vec::new(), String::new(), false);
    for line in text.lines() {
        if line == "BEGIN:VEVENT" {
            inside = true;
            events.push(String::new());
        }
        let to = if inside { events.last_mut().unwrap() } else { &mut rest };
        to.push_str(line);
        to.push('\n');
        inside &= line != "END:VEVENT";
    }
    let events: String = events.into_iter().rev().collect();
    rest.replacen("END:VCALENDAR", &format!("{events}END:VCALENDAR"), 1)
}
