//! A made-up network of partners and city teams, the same for the same seed.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Days as Step, Duration, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;
use convene::domain::conflict::OwnPolicies;
use convene::domain::pattern::Outlook;
use convene::domain::recurrence::occurrences;
use convene::domain::team::Member;
use convene::domain::{
    Civic, CohortSlug, Days, Details, Entry, Event, EventId, EventKind, EventStatus, Facts, Mode, Observance, PartnerSlug,
    PersonSlug, Recurrence, Role, RoleSlug, RoleTree, Span, Team, Venue, When,
};
use convene::sheet::observances::{Seen, read as read_observances};
use convene::sheet::patterns;
use convene::sheet::roles::read as read_roles;
use uuid::Uuid;

/// How large a network is.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// Occurrences, at least so many.
    pub occurrences: usize,
    /// City teams of two to eight people.
    pub teams: usize,
    /// People who speak.
    pub speakers: usize,
    /// Rooms, each in a town of its own.
    pub venues: usize,
}

/// What the issue of speed is measured on.
pub const WHOLE: Size = Size { occurrences: 100_000, teams: 2_000, speakers: 400, venues: 150 };
/// The same in small, to see that everything still runs.
pub const SMALL: Size = Size { occurrences: 2_000, teams: 200, speakers: 40, venues: 15 };

/// The first day of the two years.
pub const FIRST: NaiveDate = NaiveDate::from_ymd_opt(2027, 1, 1).expect("a date");
/// How many days they have.
pub const DAYS: u64 = 730;

/// What the findings are seen from: everything is still to come.
pub fn now() -> DateTime<Utc> {
    "2026-09-01T12:00:00Z".parse().expect("a time")
}

/// The network without its events.
pub struct Network {
    /// The shipped roles and two more: twenty.
    pub roles: Vec<Role>,
    /// The teams.
    pub teams: Vec<Team>,
    /// The speakers.
    pub people: BTreeMap<PersonSlug, String>,
    /// The partners.
    pub partners: BTreeMap<PartnerSlug, String>,
    /// Closed cohorts, each of one role.
    pub cohorts: Vec<(CohortSlug, RoleSlug)>,
    /// The shipped days to plan around.
    pub observances: Vec<Observance>,
    venues: Vec<(Venue, Tz)>,
}

const ROLES: &str = include_str!("../../db/seeds/roles.csv");
const OBSERVANCES: &str = include_str!("../../db/seeds/observances.csv");
const PLACES: &str = include_str!("../../db/seeds/places.csv");

/// Numbers that look like chance (splitmix64), the same for the same seed.
pub struct Chance(pub u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }

    fn percent(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    fn of<'a, T>(&mut self, things: &'a [T]) -> &'a T {
        let place = usize::try_from(self.below(things.len() as u64)).expect("a place");
        &things[place]
    }
}

fn known<T: std::str::FromStr<Err: std::fmt::Debug>>(slug: &str) -> T {
    slug.parse().expect("a slug")
}

impl Network {
    /// The network of this size.
    pub fn new(size: Size) -> Self {
        let mut chance = Chance(2027);
        let mut roles = read_roles("roles.csv", ROLES.as_bytes()).expect("the shipped roles");
        for (slug, name) in [("finance_staff", "finance staff"), ("communications_staff", "communications staff")] {
            roles.push(Role { slug: known(slug), name: name.to_owned(), parent: None });
        }
        let towns: Vec<(Venue, Tz)> = PLACES.lines().skip(1).filter_map(town).collect();
        let cohorts: Vec<(CohortSlug, RoleSlug)> =
            (0..20).map(|number| (known(&format!("cohort-{number}")), roles[number % roles.len()].slug.clone())).collect();
        let venues = (0..size.venues).map(|number| {
            let (mut venue, zone) = towns[(number * 97 + 13) % towns.len()].clone();
            venue.name = Some(format!("Made-up House {number}"));
            venue.room = Some("Great Hall".to_owned());
            venue.capacity = Some(250);
            (venue, zone)
        });
        Self {
            venues: venues.collect(),
            teams: (0..size.teams).map(|number| team(number, &towns, &roles, &cohorts, &mut chance)).collect(),
            people: (0..size.speakers)
                .map(|number| (known(&format!("speaker-{number}")), format!("Made-up Speaker {number}")))
                .collect(),
            partners: (0..12).map(|number| (known(&format!("partner-{number}")), format!("Made-up Partner {number}"))).collect(),
            observances: read_observances("observances.csv", OBSERVANCES.as_bytes(), &mut Seen::new())
                .expect("the shipped observances"),
            roles,
            cohorts,
        }
    }

    /// So many occurrences on these days, and a few more; every tenth event is a series.
    pub fn entries(&self, seed: u64, count: usize, days: Days) -> Vec<Entry> {
        let mut chance = Chance(seed);
        let (mut entries, mut made) = (Vec::new(), 0);
        while made < count {
            let number = (u128::from(seed) << 64) + entries.len() as u128 + 1;
            let anchors = entries.len().saturating_sub(200)..entries.len();
            let entry = self.entry(number, days, &entries[anchors], &mut chance);
            made += entry.occurrences.len();
            entries.push(entry);
        }
        entries
    }

    fn entry(&self, number: u128, days: Days, before: &[Entry], chance: &mut Chance) -> Entry {
        let length = u64::try_from(days.count()).expect("days");
        let day = days.first + Step::new(chance.below(length));
        let partners: Vec<&PartnerSlug> = self.partners.keys().collect();
        let partner = *chance.of(&partners);
        let in_person = chance.percent(3);
        let mut details = if in_person { self.journey(day, partner, chance) } else { Self::session(day, partner, chance) };
        for _ in 0..1 + u64::from(chance.percent(30)) + u64::from(chance.percent(10)) {
            details.roles.insert(chance.of(&self.roles).slug.clone());
        }
        if chance.percent(10) {
            let (cohort, role) = chance.of(&self.cohorts).clone();
            (details.cohort, details.roles) = (Some(cohort), [role].into());
        }
        if chance.percent(40) {
            let people: Vec<&PersonSlug> = self.people.keys().collect();
            details.speakers = (0..=chance.below(2)).map(|_| (*chance.of(&people)).clone()).collect();
        }
        let anchors: Vec<&Entry> = before.iter().filter(|entry| entry.event.details.is_in_person()).collect();
        if in_person && chance.percent(10) && !anchors.is_empty() {
            details.anchor = Some(chance.of(&anchors).event.id);
        }
        let status = match chance.below(20) {
            0 => EventStatus::Hold,
            1 | 2 => EventStatus::Proposed,
            3 => EventStatus::Cancelled,
            4..8 => EventStatus::Announced,
            _ => EventStatus::Confirmed,
        };
        if number.is_multiple_of(10) && !in_person {
            let rrule = format!("FREQ=WEEKLY;COUNT={}", 6 + chance.below(20));
            details.recurrence = Some(Recurrence { rrule: Some(rrule), ..Recurrence::default() });
        }
        entry(Event::new(EventId(Uuid::from_u128(number)), status, details, now()), days)
    }

    fn journey(&self, day: NaiveDate, partner: &PartnerSlug, chance: &mut Chance) -> Details {
        let (venue, zone) = chance.of(&self.venues).clone();
        let last = day + Step::new(chance.below(3));
        let title = format!("Gathering of {} in {}", topic(chance), season(chance));
        let mut details = Details::new(&title, partner.clone(), When::Days { first: day, last: Some(last) }, zone);
        if chance.percent(30) {
            let start = day.and_time(NaiveTime::from_hms_opt(9, 0, 0).expect("an hour"));
            details.when = When::Times { start, end: Some(start + Duration::hours(6)) };
        }
        details.venue = Some(venue);
        details.expected = Some(u32::try_from(50 + chance.below(230)).expect("people"));
        details
    }

    fn session(day: NaiveDate, partner: &PartnerSlug, chance: &mut Chance) -> Details {
        const ZONES: [Tz; 4] =
            [chrono_tz::America::New_York, chrono_tz::America::New_York, chrono_tz::America::Chicago, chrono_tz::America::Denver];
        let hour = u32::try_from(9 + chance.below(8)).expect("an hour");
        let minute = u32::try_from(chance.below(4) * 15).expect("a minute");
        let start = day.and_time(NaiveTime::from_hms_opt(hour, minute, 0).expect("a time"));
        let end = start + Duration::minutes(*chance.of(&[30, 60, 60, 90, 120]));
        let title = format!("Session on {} {}", topic(chance), season(chance));
        let when = When::Times { start, end: Some(end) };
        let mut details = Details::new(&title, partner.clone(), when, *chance.of(&ZONES));
        (details.kind, details.mode) = (EventKind::Session, Mode::Virtual);
        details
    }

    /// Everything that is known of it, with these events.
    pub fn facts(&self, entries: Vec<Entry>) -> Facts {
        Facts {
            roles: RoleTree::new(self.roles.clone()),
            teams: self.teams.clone(),
            observances: self.observances.clone(),
            observances_version: "benchmark".to_owned(),
            people: self.people.clone(),
            partners: self.partners.clone(),
            civic: Civic::default(),
            outlook: Outlook::among(patterns::shipped().expect("patterns"), "benchmark".to_owned(), &entries),
            claims: Default::default(),
            policies: OwnPolicies::default(),
            now: now(),
            entries,
        }
    }
}

/// An event with its occurrences on these days and for half a year after.
fn entry(event: Event, days: Days) -> Entry {
    let details = &event.details;
    let midnight = |day: NaiveDate| day.and_time(NaiveTime::MIN).and_utc();
    let window = Span::new(midnight(days.first) - Duration::days(2), midnight(days.last) + Duration::days(180));
    let found = occurrences(details.when, details.zone, details.recurrence.as_ref(), window).occurrences;
    Entry { event, occurrences: found }
}

fn topic(chance: &mut Chance) -> String {
    const TOPICS: [&str; 12] = [
        "housing",
        "budgets",
        "libraries",
        "transit",
        "water",
        "parks",
        "data",
        "permits",
        "wages",
        "streets",
        "health",
        "schools",
    ];
    format!("{} and {}", chance.of(&TOPICS), chance.of(&TOPICS))
}

fn season(chance: &mut Chance) -> String {
    format!("cycle {}", chance.below(40))
}

fn town(line: &str) -> Option<(Venue, Tz)> {
    let [city, state, country, lat, lon, zone] = line.split(',').collect::<Vec<_>>().try_into().ok()?;
    let venue = Venue {
        city: Some(city.to_owned()),
        state: Some(state.to_owned()),
        country: Some(country.to_owned()),
        lat: lat.parse().ok(),
        lon: lon.parse().ok(),
        ..Venue::default()
    };
    (country == "US" && !matches!(state, "PR" | "GU")).then_some((venue, zone.parse().ok()?))
}

fn team(number: usize, towns: &[(Venue, Tz)], roles: &[Role], cohorts: &[(CohortSlug, RoleSlug)], chance: &mut Chance) -> Team {
    let (home, zone) = chance.of(towns).clone();
    let member = |place: u64, chance: &mut Chance| {
        let role = chance.of(roles).slug.clone();
        let group = cohorts.iter().find(|(_, of)| *of == role).filter(|_| chance.percent(20));
        let cohorts: BTreeSet<CohortSlug> = group.map(|(cohort, _)| cohort.clone()).into_iter().collect();
        Member { name: format!("Made-up Person {number}-{place}"), role, cohorts }
    };
    Team {
        slug: known(&format!("team-{number}")),
        name: home.city.clone().unwrap_or_default(),
        state: home.state.clone(),
        zone,
        home: home.position(),
        members: (0..2 + chance.below(7)).map(|place| member(place, chance)).collect(),
    }
}
