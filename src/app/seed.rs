//! The demo that ships with the program: real convenings, made-up people.

mod calendar;
mod civic;

use chrono::{DateTime, Datelike as _, Days, NaiveDate, NaiveTime, Utc, Weekday};

use super::answers::ask::{Asking, Dates, ask};
use super::answers::give::{Said, give};
use super::import::{Options, take_in};
use super::propose::propose;
use super::subscribe::next_due;
use super::{Actor, App, Error, Result};
use crate::domain::team::Member;
use crate::domain::{Cohort, EventId, EventStatus, Partner, Team, Venue};
use crate::json::Draft;
use crate::keys::hash;
use crate::sheet::Fault;
use crate::store::{Error as StoreError, EventFilter, Frequency, Subscription, SubscriptionState, User, UserRole};

const UNDATED: &str = include_str!("../../db/seeds/announcements-undated.csv");
const PARTNERS: &str = include_str!("../../db/seeds/partners.csv");

macro_rules! calendars {
    ($($slug:literal),*) => { [$(($slug, include_bytes!(concat!("../../db/seeds/", $slug, ".ics")).as_slice())),*] };
}

/// The partners' calendars of the demo: real convenings, made into feeds.
pub const CALENDARS: [(&str, &[u8]); 14] = calendars!(
    "bloomberg",
    "elgl",
    "gare",
    "icma",
    "living-cities",
    "localgov2030",
    "mayors-innovation",
    "naca",
    "naco",
    "nfbpa",
    "nlc",
    "policylink",
    "race-forward",
    "uscm"
);

/// What `demo` did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Demo {
    /// Filled an empty database.
    Filled,
    /// There was something in it: nothing changed.
    WasThere,
}

/// The demo's organizer, by whose link a newcomer signs in.
pub const ORGANIZER: &str = "gia.sample@example.org";
/// The demo's operator.
pub const OPERATOR: &str = "olu.sample@example.org";
/// The demo's city team lead, and their team.
pub const LEAD: (&str, &str) = ("bo.sample@example.org", "sampleton-oh");
/// The demo's digest recipient.
pub const RECIPIENT: &str = "dana.sample@example.org";

/// Fills an empty database with the demo: real convenings, made-up people.
///
/// `progress` is told what is being done, and how much of how much.
///
/// # Errors
/// When something that ships cannot be read, or the store fails.
pub fn demo(app: &App, mut progress: impl FnMut(&str, usize, usize)) -> Result<Demo> {
    let fresh = app.store.read::<_, Error>(|reader| Ok(reader.count_events()? == 0 && reader.partners()?.is_empty()))?;
    if !fresh {
        return Ok(Demo::WasThere);
    }
    let steps = CALENDARS.len() + 2;
    progress("partners, cohorts and city teams", 0, steps);
    people_and_places(app)?;
    for (done, (slug, bytes)) in CALENDARS.iter().enumerate() {
        progress(slug, done + 1, steps);
        let options = Options {
            partner: Some(slug.parse().map_err(|_| Error::NotFound("partner"))?),
            calendar: format!("{slug}.ics"),
            zone: app.settings.time_zone,
            dry_run: false,
            // Whoever ships them has looked at them.
            doubtful: true,
        };
        take_in(app, &Actor::Operator, bytes, &options)?;
    }
    progress("cohort sessions", steps - 1, steps);
    sessions(app)?;
    let shipped = |faults: Vec<Fault>| Error::Data { folder: "the program".into(), faults };
    let undated = crate::sheet::undated::read("announcements-undated.csv", UNDATED.as_bytes()).map_err(shipped)?;
    super::undated::add_all(app, &Actor::Operator, &undated)?;
    calendar::doubtful(app, "gare", next(app.today(), 120, Weekday::Wed))?;
    progress("done", steps, steps);
    Ok(Demo::Filled)
}

fn people_and_places(app: &App) -> Result<()> {
    let now = app.now();
    app.store.write::<_, Error>(|writer| {
        for row in csv::Reader::from_reader(PARTNERS.as_bytes()).records().flatten() {
            let cell = |at: usize| row.get(at).unwrap_or_default().to_owned();
            let slug = cell(0).parse().map_err(|_| Error::NotFound("partner"))?;
            writer.add_partner(&Partner { slug, name: cell(1), url: Some(cell(2)) }, now)?;
        }
        for (slug, name, role, partners) in COHORTS {
            writer.add_cohort(&Cohort {
                slug: known(slug)?,
                name: name.to_owned(),
                role: known(role)?,
                partners: partners.iter().map(|slug| known(slug)).collect::<Result<_>>()?,
                teams: Default::default(),
            })?;
        }
        for (slug, name) in SPEAKERS {
            writer.put_person(&known(slug)?, name)?;
        }
        for team in TEAMS {
            writer.add_team(&team.read()?)?;
        }
        civic::fill(writer, &TEAMS, now)?;
        for (email, name, partner, role) in USERS {
            writer.add_user(
                &User { email: email.to_owned(), name: name.to_owned(), partner: Some(known(partner)?), team: None, role },
                now,
            )?;
        }
        let (email, team) = (LEAD.0.to_owned(), Some(known(LEAD.1)?));
        let lead = User { email, name: "Bo Sample".to_owned(), partner: None, team, role: UserRole::TeamLead };
        writer.add_user(&lead, now)?;
        subscriber(app, writer, now)
    })
}

fn subscriber(app: &App, writer: &crate::store::Writer<'_>, now: DateTime<Utc>) -> Result<()> {
    let new = Subscription {
        id: 0,
        email: RECIPIENT.to_owned(),
        frequency: Frequency::Monthly,
        zone: app.settings.time_zone,
        hour: 8,
        roles: [known("equity_staff")?].into(),
        partners: Default::default(),
        places: Default::default(),
        state: SubscriptionState::Pending,
        confirm_until: now,
        created_at: now,
        watermark: 0,
        next_due: None,
    };
    let id = writer.add_subscription(&new, &hash(&app.keys.secret()?))?;
    Ok(writer.confirm_subscription(id, 0, Some(next_due(new.frequency, new.zone, new.hour, now)), now)?)
}

fn known<T: std::str::FromStr>(slug: &str) -> Result<T> {
    slug.parse().map_err(|_| Error::Store(StoreError::Unreadable { what: "seed", value: slug.to_owned() }))
}

const COHORTS: [(&str, &str, &str, &[&str]); 3] = [
    ("chief-equity-officers", "Chief equity officers", "chief_equity_officer", &["gare", "policylink"]),
    ("chiefs-of-staff", "Mayors' chiefs of staff", "chief_of_staff", &["living-cities"]),
    ("procurement-leads", "Procurement leads", "procurement_staff", &["living-cities", "nlc"]),
];

const SPEAKERS: [(&str, &str); 3] = [("sam-sample", "Sam Sample"), ("toni-sample", "Toni Sample"), ("uma-sample", "Uma Sample")];

const USERS: [(&str, &str, &str, UserRole); 6] = [
    (ORGANIZER, "Gia Sample", "gare", UserRole::Organizer),
    ("nia.sample@example.org", "Nia Sample", "nlc", UserRole::Organizer),
    ("paz.sample@example.org", "Paz Sample", "policylink", UserRole::Organizer),
    ("liv.sample@example.org", "Liv Sample", "living-cities", UserRole::PartnerAdmin),
    ("rae.sample@example.org", "Rae Sample", "race-forward", UserRole::Organizer),
    (OPERATOR, "Olu Sample", "living-cities", UserRole::Operator),
];

/// A made-up city and its made-up team.
struct DemoTeam {
    slug: &'static str,
    name: &'static str,
    state: &'static str,
    zone: &'static str,
    home: (f64, f64),
    members: &'static [(&'static str, &'static str, &'static str)],
}

impl DemoTeam {
    fn read(&self) -> Result<Team> {
        let member = |(name, role, cohort): &(&str, &str, &str)| {
            let cohorts = if cohort.is_empty() { Default::default() } else { [known(cohort)?].into() };
            Ok(Member { name: (*name).to_owned(), role: known(role)?, cohorts })
        };
        Ok(Team {
            slug: known(self.slug)?,
            name: self.name.to_owned(),
            state: Some(self.state.to_owned()),
            zone: known(self.zone)?,
            home: Some(self.home),
            members: self.members.iter().map(member).collect::<Result<_>>()?,
        })
    }
}

const TEAMS: [DemoTeam; 6] = [
    DemoTeam {
        slug: "sampleton-oh",
        name: "Sampleton",
        state: "OH",
        zone: "America/New_York",
        home: (40.0, -82.9),
        members: &[
            ("Ana Sample", "mayor", ""),
            ("Bo Sample", "chief_of_staff", "chiefs-of-staff"),
            ("Cy Sample", "chief_equity_officer", "chief-equity-officers"),
            ("Di Sample", "council_member", ""),
        ],
    },
    DemoTeam {
        slug: "demoville-mi",
        name: "Demoville",
        state: "MI",
        zone: "America/Detroit",
        home: (42.3, -83.1),
        members: &[
            ("Ed Sample", "city_manager", ""),
            ("Flo Sample", "equity_staff", ""),
            ("Gus Sample", "procurement_staff", "procurement-leads"),
            ("Hal Sample", "council_member", ""),
        ],
    },
    DemoTeam {
        slug: "exampleburg-az",
        name: "Exampleburg",
        state: "AZ",
        zone: "America/Phoenix",
        home: (33.4, -112.0),
        members: &[
            ("Ivy Sample", "mayor", ""),
            ("Jo Sample", "chief_equity_officer", "chief-equity-officers"),
            ("Kai Sample", "procurement_staff", "procurement-leads"),
        ],
    },
    DemoTeam {
        slug: "testport-wa",
        name: "Testport",
        state: "WA",
        zone: "America/Los_Angeles",
        home: (47.5, -122.3),
        members: &[
            ("Lu Sample", "chief_of_staff", "chiefs-of-staff"),
            ("Mo Sample", "chief_equity_officer", "chief-equity-officers"),
            ("Ned Sample", "elected_official", ""),
            ("Oz Sample", "community_organizer", ""),
        ],
    },
    DemoTeam {
        slug: "trialbay-hi",
        name: "Trial Bay",
        state: "HI",
        zone: "Pacific/Honolulu",
        home: (21.3, -157.9),
        members: &[("Pia Sample", "city_manager", ""), ("Quin Sample", "equity_staff", "")],
    },
    DemoTeam {
        slug: "mockfield-county-ks",
        name: "Mockfield County",
        state: "KS",
        zone: "America/Chicago",
        home: (38.9, -95.2),
        members: &[
            ("Ray Sample", "county_manager", ""),
            ("Sol Sample", "county_official", ""),
            ("Tess Sample", "city_staff", ""),
        ],
    },
];

/// The cohorts' sessions of the weeks and months ahead, so that there is always something to see.
fn sessions(app: &App) -> Result<()> {
    let today = app.now().date_naive();
    let online = |title: &str, cohort: &str, partner: &str, day: NaiveDate, hours: (&str, &str), zone: &str| Draft {
        title: title.to_owned(),
        cohort: Some(cohort.to_owned()),
        partner: Some(partner.to_owned()),
        mode: Some("virtual".to_owned()),
        join_url: Some("https://meet.example.org/demo".to_owned()),
        start: format!("{day}T{}", hours.0),
        end: Some(format!("{day}T{}", hours.1)),
        time_zone: Some(zone.to_owned()),
        ..Draft::default()
    };
    let series = |rule: &str| Some(crate::domain::Recurrence { rrule: Some(rule.to_owned()), ..Default::default() });
    let first_tuesday = next_month(today, Weekday::Tue);
    let weekly = next(today, 12, Weekday::Thu);
    let retreat = next(today, 70, Weekday::Wed);
    let drafts = [
        (
            Draft {
                co_hosts: vec!["policylink".to_owned()],
                speakers: vec!["sam-sample".to_owned()],
                stages: vec!["operationalize".to_owned()],
                recurrence: series("FREQ=MONTHLY;BYDAY=2TU;COUNT=6"),
                ..online(
                    "Chief equity officers: budgeting for equity",
                    "chief-equity-officers",
                    "gare",
                    first_tuesday,
                    ("14:00", "15:30"),
                    "America/New_York",
                )
            },
            EventStatus::Confirmed,
        ),
        (
            Draft {
                recurrence: series("FREQ=WEEKLY;BYDAY=TH;COUNT=3"),
                ..online(
                    "Procurement leads: open house",
                    "procurement-leads",
                    "living-cities",
                    weekly,
                    ("13:00", "14:00"),
                    "America/Chicago",
                )
            },
            EventStatus::Confirmed,
        ),
        (
            retreat_draft(
                "Chiefs of staff: closing the gaps, working session",
                "chiefs-of-staff",
                "living-cities",
                "Saint Paul",
                "MN",
                retreat,
            ),
            EventStatus::Announced,
        ),
        (
            retreat_draft("Chief equity officers: winter retreat", "chief-equity-officers", "gare", "Albuquerque", "NM", retreat),
            EventStatus::Announced,
        ),
        (
            Draft {
                roles: vec!["chief_equity_officer".to_owned(), "equity_staff".to_owned()],
                cohort: None,
                ..retreat_draft("Equity data workshop", "", "policylink", "Oakland", "CA", retreat)
            },
            EventStatus::Proposed,
        ),
    ];
    for (draft, status) in drafts {
        let event = propose(app, &Actor::Operator, &draft, status)?.event;
        if status == EventStatus::Proposed {
            asked(app, event.id, retreat)?;
        }
    }
    beside(app, today)
}

/// A plan's dates are sent to two partners and two city teams: one partner has answered.
fn asked(app: &App, event: EventId, first: NaiveDate) -> Result<()> {
    let (later, latest) = (next(first, 21, Weekday::Wed), next(first, 28, Weekday::Wed));
    let two_days = |day: NaiveDate, place: Option<&str>| Dates {
        start: day.to_string(),
        end: day.succ_opt().map(|last| last.to_string()),
        place: place.map(str::to_owned),
    };
    let asking = Asking {
        dates: vec![two_days(later, None), two_days(latest, Some("Saint Paul, MN"))],
        asked: ["partner:gare", "partner:nlc", "team:sampleton-oh", "team:testport-wa"].map(str::to_owned).to_vec(),
        answer_by: app.today().checked_add_days(Days::new(14)).map(|day| day.to_string()),
        note: "We can bring the data staff on any of these.".to_owned(),
    };
    let poll = ask(app, &somebody(app, "paz.sample@example.org")?, event, &asking)?;
    let numbers = poll.proposal.iter().flat_map(|one| &one.candidates).map(|one| one.id.to_string());
    let said = Said {
        answers_for: None,
        answers: numbers.zip(["no", "yes", "maybe"].map(str::to_owned)).collect(),
        note: "Our board meets in the first week.".to_owned(),
    };
    give(app, &somebody(app, "nia.sample@example.org")?, event, &said).map(drop)
}

fn somebody(app: &App, email: &str) -> Result<Actor> {
    app.store.read::<_, Error>(|reader| Ok(Actor::User(reader.user(email)?.ok_or(Error::NotFound("user"))?)))
}

/// Two cohorts meet beside the first convening in person that lies some months ahead: one trip for a team.
fn beside(app: &App, today: NaiveDate) -> Result<()> {
    let from = today.checked_add_days(Days::new(90)).unwrap_or(today);
    let mut entries = app.store.read::<_, Error>(|reader| Ok(reader.entries(&EventFilter::default())?))?;
    entries.retain(|entry| {
        let (event, days) = (&entry.event, entry.event.details.when.days());
        event.is_public() && !event.status.is_off() && event.source.is_some() && days.first > from && days.count() > 1
    });
    entries.sort_by_key(|entry| (entry.event.details.when.wall_start(), entry.event.id));
    let Some(anchor) = entries.into_iter().map(|entry| entry.event).find(|event| event.details.venue.is_some()) else {
        return Ok(());
    };
    let days = anchor.details.when.days();
    for (title, cohort, partner, day) in [
        ("Chiefs of staff: spring working day", "chiefs-of-staff", "living-cities", days.first.pred_opt()),
        ("Chief equity officers: spring meeting", "chief-equity-officers", "gare", Some(days.first)),
    ] {
        let draft = Draft {
            title: title.to_owned(),
            cohort: Some(cohort.to_owned()),
            partner: Some(partner.to_owned()),
            anchor: Some(anchor.id.to_string()),
            venue: anchor.details.venue.clone(),
            start: day.unwrap_or(days.first).to_string(),
            end: day.map(|day| day.to_string()),
            time_zone: Some(anchor.details.zone.name().to_owned()),
            ..Draft::default()
        };
        propose(app, &Actor::Operator, &draft, EventStatus::Announced)?;
    }
    Ok(())
}

fn retreat_draft(title: &str, cohort: &str, partner: &str, city: &str, state: &str, day: NaiveDate) -> Draft {
    Draft {
        title: title.to_owned(),
        cohort: Some(cohort.to_owned()),
        partner: Some(partner.to_owned()),
        venue: Some(Venue { city: Some(city.to_owned()), state: Some(state.to_owned()), ..Venue::default() }),
        start: day.to_string(),
        end: day.succ_opt().map(|last| last.to_string()),
        time_zone: Some(
            if state == "MN" {
                "America/Chicago"
            } else if state == "NM" {
                "America/Denver"
            } else {
                "America/Los_Angeles"
            }
            .to_owned(),
        ),
        ..Draft::default()
    }
}

/// The first such weekday at least `after` days from `today`.
fn next(today: NaiveDate, after: u64, weekday: Weekday) -> NaiveDate {
    let from = today.checked_add_days(Days::new(after)).unwrap_or(today);
    from.iter_days().take(7).find(|day| day.weekday() == weekday).unwrap_or(from)
}

/// The second such weekday of the month after `today`'s.
fn next_month(today: NaiveDate, weekday: Weekday) -> NaiveDate {
    let month = today.checked_add_months(chrono::Months::new(1)).and_then(|day| day.with_day(1)).unwrap_or(today);
    month.and_time(NaiveTime::MIN).date().iter_days().filter(|day| day.weekday() == weekday).nth(1).unwrap_or(month)
}
