//! The real convenings and observances that ship with the program, read for tests with nothing but a CSV reader.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use chrono_tz::Tz;
use convene::domain::observance::{Certainty, ObservanceKind, Tier};
use convene::domain::pattern::Outlook;
use convene::domain::team::Member;
use convene::domain::{
    Civic, Days, Details, Entry, Event, EventId, EventStatus, Facts, Mode, Observance, Role, RoleTree, Team, Venue, When,
};
use uuid::Uuid;

type Row = BTreeMap<String, String>;

/// Everything in `db/seeds`, with some made-up city teams.
pub fn facts() -> Facts {
    let entries: Vec<Entry> = events().into_values().map(Entry::once).collect();
    let patterns = convene::sheet::patterns::shipped().expect("patterns");
    Facts {
        outlook: Outlook::among(patterns, "patterns".to_owned(), &entries),
        entries,
        roles: RoleTree::new(roles()),
        teams: teams(),
        observances: observances(),
        observances_version: "observances 2018-2027".to_owned(),
        people: BTreeMap::new(),
        partners: BTreeMap::new(),
        civic: Civic::default(),
        claims: Default::default(),
        policies: Default::default(),
        now: "2026-11-22T00:00:00Z".parse().expect("now"),
    }
}

/// The convenings by the id that the table gives them.
pub fn events() -> BTreeMap<String, Event> {
    let rows = rows("db/seeds/partner-events.csv");
    let ids: BTreeMap<String, EventId> =
        rows.iter().zip(1..).map(|(row, number)| (row["id"].clone(), EventId(Uuid::from_u128(number)))).collect();
    rows.iter().map(|row| (row["id"].clone(), event(row, &ids))).collect()
}

/// The observances of both tables.
pub fn observances() -> Vec<Observance> {
    let tables = ["db/seeds/observances-2018-2024.csv", "db/seeds/observances.csv"];
    tables.iter().flat_map(|table| rows(table)).map(|row| observance(&row)).collect()
}

fn event(row: &Row, ids: &BTreeMap<String, EventId>) -> Event {
    let zone: Tz = row["time_zone"].parse().unwrap_or(chrono_tz::America::New_York);
    let some = |name: &str| Some(row[name].clone()).filter(|text| !text.is_empty());
    let mut details = Details::new(&row["title"], row["partner"].parse().expect("partner"), when(row), zone);
    details.roles = row["roles"].split(';').map(|role| role.parse().expect("role")).collect();
    details.mode = row["mode"].parse::<Mode>().expect("mode");
    details.anchor = some("related_to").and_then(|id| ids.get(&id).copied());
    details.venue = Some(Venue {
        name: some("venue"),
        city: some("city"),
        state: some("state"),
        country: some("country"),
        lat: some("lat").map(|degrees| degrees.parse().expect("latitude")),
        lon: some("lon").map(|degrees| degrees.parse().expect("longitude")),
        ..Venue::default()
    });
    Event::new(ids[&row["id"]], row["status"].parse::<EventStatus>().expect("status"), details, DateTime::<Utc>::UNIX_EPOCH)
}

fn when(row: &Row) -> When {
    let (start, end) = (&row["start"], &row["end"]);
    match start.parse::<NaiveDate>() {
        Ok(first) => When::Days { first, last: end.parse().ok() },
        Err(_) => When::Times { start: wall(start).expect("start"), end: wall(end) },
    }
}

fn wall(text: &str) -> Option<NaiveDateTime> {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").ok()
}

fn observance(row: &Row) -> Observance {
    let date = |name: &str| row[name].parse::<NaiveDate>();
    Observance {
        name: row["name"].clone(),
        days: Days::new(date("date_start").expect("start"), date("date_end").expect("end")),
        kind: word::<ObservanceKind>(&row["kind"]),
        tier: word::<Tier>(&row["tier"]),
        from_sunset: row["from_sunset"] == "yes",
        work_restricted: row["work_restricted"] == "yes",
        state: row["scope"].strip_prefix("US-").map(str::to_owned),
        certainty: word::<Certainty>(&row["certainty"]),
        calculated: false,
        alternate: date("alternate").ok(),
    }
}

fn word<T: serde::de::DeserializeOwned>(text: &str) -> T {
    serde_json::from_value(text.into()).expect("a known word")
}

fn roles() -> Vec<Role> {
    let role = |slug: &str, parent: Option<&str>| Role {
        slug: slug.parse().expect("role"),
        name: format!("{}s", slug.replace('_', " ")).replace("staffs", "staff"),
        parent: parent.map(|parent| parent.parse().expect("role")),
    };
    vec![
        role("elected_official", None),
        role("mayor", Some("elected_official")),
        role("council_member", Some("elected_official")),
        role("equity_staff", None),
        role("chief_equity_officer", Some("equity_staff")),
        role("county_manager", None),
        role("city_manager", None),
        role("city_staff", None),
    ]
}

/// Plainly made-up teams: six cities with a council member and somebody for equity, and one county.
fn teams() -> Vec<Team> {
    let cities = ["Riverbend", "Lakeview Heights", "Elm Hollow", "Stonebridge", "Port Example", "Cedar Mills"];
    let city = |name: &&str| team(name, &["council_member", "equity_staff", "city_manager"]);
    cities.iter().map(city).chain([team("Sample County", &["county_manager"])]).collect()
}

fn team(name: &str, roles: &[&str]) -> Team {
    let member = |role: &&str| Member {
        name: format!("Made-up {role} of {name}"),
        role: role.parse().expect("role"),
        cohorts: BTreeSet::new(),
    };
    Team {
        slug: name.to_lowercase().replace(' ', "-").parse().expect("team"),
        name: name.to_owned(),
        state: Some("OH".to_owned()),
        zone: chrono_tz::America::New_York,
        home: None,
        members: roles.iter().map(member).collect(),
    }
}

/// A table, row by row, by column name.
pub fn rows(path: &str) -> Vec<Row> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let mut reader = csv::Reader::from_path(path).expect("a table");
    reader.deserialize().map(|row| row.expect("a row")).collect()
}
