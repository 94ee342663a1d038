//! Questions to the whole service and changes made by it, over a database on disk.

use std::path::Path;

use chrono::{NaiveDate, NaiveTime};
use convene::app::propose::{check, propose};
use convene::app::settle::{Act, settle};
use convene::app::{Actor, App, sign_in, suggest};
use convene::clock::Clock;
use convene::config::{Limits, MailSettings, Settings, Upstream};
use convene::domain::conflict::find_all;
use convene::domain::suggest::{Length, Weekdays, Wish};
use convene::domain::{Agenda, Cohort, Days, Details, Entry, EventStatus, Mode, Partner, Policy, Venue, When};
use convene::json::{Draft, WishDraft};
use convene::keys::Keys;
use convene::store::{Error, Scope, Store, User, UserRole};
use convene::web;
use rocket::figment::Figment;
use rocket::http::{Header, Status};
use rocket::local::blocking::Client;
use tempfile::TempDir;

use crate::Table;
use crate::network::{Chance, DAYS, FIRST, Network, Size, now};
use crate::rounds::{measure, once, percentile, short};

const PLANNER: &str = "planner@example.org";

/// A service over a database in that folder.
fn open(folder: &Path) -> App {
    let database = folder.join("convene.sqlite");
    let store = Store::open(&database).expect("the database opens");
    let settings = Settings {
        database,
        data: None,
        base_url: "https://cal.example.org".to_owned(),
        time_zone: chrono_tz::America::New_York,
        mail: MailSettings::default(),
        policy: Policy::default(),
        limits: Limits { calendar_bytes: 20 << 20 },
        upstream: Upstream { allow_loopback: true },
    };
    App::new(store, Clock::at(now()), Keys::Random, settings).expect("the service starts")
}

/// A database with the network and these events, their findings stored.
fn filled(network: &Network, entries: &[Entry]) -> (TempDir, App) {
    let folder = tempfile::tempdir().expect("a folder");
    let app = open(folder.path());
    let findings = find_all(&Agenda::new(network.facts(entries.to_vec())), &Policy::default());
    let filling = app.store.write::<_, Error>(|writer| {
        network.roles.iter().try_for_each(|role| writer.put_role(role))?;
        for (slug, name) in &network.partners {
            writer.add_partner(&Partner { slug: slug.clone(), name: name.clone(), url: None }, now())?;
        }
        network.people.iter().try_for_each(|(slug, name)| writer.put_person(slug, name))?;
        for (slug, role) in &network.cohorts {
            let (slug, role) = (slug.clone(), role.clone());
            let name = format!("Made-up {slug}");
            writer.add_cohort(&Cohort { slug, name, role, partners: vec![], teams: [].into() })?;
        }
        network.teams.iter().try_for_each(|team| writer.add_team(team))?;
        entries.iter().try_for_each(|entry| writer.put_event(entry, None))?;
        let mut of_event = std::collections::BTreeMap::<_, Vec<_>>::new();
        for finding in &findings {
            finding.events.iter().for_each(|event| of_event.entry(*event).or_default().push(finding.clone()));
        }
        for (event, findings) in of_event {
            writer.replace_findings_of(event, &findings, now())?;
        }
        let user = User {
            email: PLANNER.to_owned(),
            name: "Made-up Planner".to_owned(),
            partner: network.partners.keys().next().cloned(),
            team: None,
            role: UserRole::Organizer,
        };
        writer.add_user(&user, now())
    });
    filling.expect("the database is filled");
    (folder, app)
}

/// What is asked: drafts spread over the two years, online and in person.
fn drafts(network: &Network, seed: u64, count: usize) -> Vec<Draft> {
    let two_years = Days::new(FIRST, FIRST + chrono::Days::new(DAYS - 1));
    let mut entries = network.entries(seed, count * 2, two_years);
    entries.retain(|entry| entry.event.details.recurrence.is_none());
    let mut drafts: Vec<Draft> = entries.iter().map(|entry| Draft::of(&entry.event.details)).collect();
    for draft in &mut drafts {
        draft.anchor = None;
    }
    let mut chance = Chance(seed);
    // Every fifth is a journey: they ask for more.
    for draft in drafts.iter_mut().step_by(5) {
        let first = FIRST + chrono::Days::new(chance.below(DAYS));
        draft.mode = Some("in_person".to_owned());
        draft.venue = Some(Venue { city: Some("Kansas City".into()), state: Some("MO".into()), ..Venue::default() });
        draft.all_day = Some(true);
        (draft.start, draft.end) = (first.to_string(), Some((first + chrono::Days::new(2)).to_string()));
    }
    drafts.truncate(count);
    drafts
}

/// The wishes whose answers are timed.
pub fn wishes() -> [(&'static str, Wish); 2] {
    let between =
        Days::new(NaiveDate::from_ymd_opt(2027, 9, 6).expect("a day"), NaiveDate::from_ymd_opt(2027, 11, 4).expect("a day"));
    let any_day = When::Days { first: between.first, last: None };
    let partner = "partner-1".parse().expect("a partner");
    let mut template = Details::new("A wish", partner, any_day, chrono_tz::America::New_York);
    template.roles = [("chief_equity_officer"), "mayor"].map(|role| role.parse().expect("a role")).into();
    let days = Wish {
        template: template.clone(),
        event: Wish::NEW,
        length: Length::Days(3),
        between,
        weekdays: Weekdays::WORKING,
        hours: None,
        at: None,
        travel_days: 1,
        avoid: None,
        most: 5,
        hidden: [].into(),
    };
    template.mode = Mode::Virtual;
    let hours = Wish { template, length: Length::Minutes(90), ..days.clone() };
    [("a session of 90 minutes at 15-minute steps", hours), ("a gathering of 3 days", days)]
}

/// The same wishes as a program sends them.
fn wish_drafts() -> [(&'static str, WishDraft); 2] {
    let draft = |mode: &str, length: &str| WishDraft {
        roles: vec!["chief_equity_officer".to_owned(), "mayor".to_owned()],
        mode: Some(mode.to_owned()),
        length: length.to_owned(),
        between: Some("2027-09-06..2027-11-04".to_owned()),
        time_zone: Some("America/New_York".to_owned()),
        ..WishDraft::default()
    };
    [("a session of 90 minutes at 15-minute steps", draft("virtual", "90m")), ("a gathering of 3 days", draft("in_person", "3d"))]
}

/// Proposals checked and better dates found, in the whole network.
pub fn questions(network: &Network, entries: &[Entry], size: Size, quick: bool, table: &mut Table) {
    let (folder, app) = filled(network, entries);
    drop(app);
    let app = open(folder.path());
    let count = if quick { 20 } else { 500 };
    let drafts = drafts(network, 7, count);
    let ask = |draft: &Draft| check(&app, &Actor::Operator, draft).expect("findings");
    let first = once(|| ask(&drafts[0]));
    let second = once(|| ask(&drafts[1]));
    let cold = format!("{}, then {}", short(first), short(second));
    table.add("convene: a proposed event checked from SQLite, the first two of a process", cold, "");
    let warm: Vec<f64> = drafts.iter().map(|draft| once(|| ask(draft))).collect();
    table.add("convene: a proposed event checked from SQLite, worded", percentile(warm), "p99 < 3 ms");
    by_organizer(&app, &drafts, network, table);
    // As it is while others work: something is changed before each question.
    let between: Vec<f64> = drafts
        .windows(2)
        .take(count / 5)
        .map(|two| {
            propose(&app, &Actor::Operator, &two[0], EventStatus::Proposed).expect("it is stored");
            once(|| ask(&two[1]))
        })
        .collect();
    table.add("convene: the same, each after a change", percentile(between), "p99 < 3 ms");
    for (what, draft) in wish_drafts() {
        let better = measure(if quick { 2 } else { 9 }, || suggest::suggest(&app, &Actor::Operator, &draft).expect("windows"));
        eprintln!("    better dates, {what}, without the API: {better}");
    }
    let stored = changes_in(&app, &self::drafts(network, 9, count / 5));
    table.add(&format!("convene: storing a proposed event among all {}", size.occurrences), percentile(stored), "");
    by_program(folder.path(), quick, table);
}

/// The same asked by somebody who may not know of every plan: those count by their weeks.
fn by_organizer(app: &App, drafts: &[Draft], network: &Network, table: &mut Table) {
    let partner = network.partners.keys().next().cloned();
    let planner = Actor::User(User {
        email: PLANNER.to_owned(),
        name: "Made-up Planner".to_owned(),
        partner: partner.clone(),
        team: None,
        role: UserRole::Organizer,
    });
    let own = |draft: &Draft| Draft { partner: partner.as_ref().map(ToString::to_string), ..draft.clone() };
    let drafts: Vec<Draft> = drafts.iter().map(own).collect();
    let ask = |draft: &Draft| check(app, &planner, draft).expect("findings");
    let first = once(|| ask(&drafts[0]));
    table.add("convene: the same asked by an organizer, the first time", short(first), "");
    let warm: Vec<f64> = drafts.iter().map(|draft| once(|| ask(draft))).collect();
    table.add("convene: the same asked by an organizer", percentile(warm), "p99 < 3 ms");
}

fn by_program(folder: &Path, quick: bool, table: &mut Table) {
    let app = open(folder);
    let (_, token) = sign_in::add_token(&app, PLANNER, Scope::Write).expect("a token");
    let figment = Figment::from(rocket::Config::default()).merge(("log_level", "off"));
    let client = Client::tracked(web::build(app, &figment, false)).expect("the front door opens");
    for (what, draft) in wish_drafts() {
        let body = serde_json::to_string(&draft).expect("JSON");
        let ask = || {
            let token = Header::new("Authorization", format!("Bearer {token}"));
            let request = client.post("/api/v1/suggestions").header(rocket::http::ContentType::JSON).header(token).body(&body);
            let answer = request.dispatch();
            assert_eq!(answer.status(), Status::Ok);
            answer.into_bytes()
        };
        ask();
        let better = measure(if quick { 2 } else { 15 }, ask);
        table.add(&format!("convene: better dates over 60 days, {what}, through the API"), better.to_string(), "< 30 ms");
    }
}

/// How long it takes to store each of these, in milliseconds.
fn changes_in(app: &App, drafts: &[Draft]) -> Vec<f64> {
    drafts
        .iter()
        .map(|draft| once(|| propose(app, &Actor::Operator, draft, EventStatus::Proposed).expect("it is stored")))
        .collect()
}

/// One change with the same surroundings among few and among many stored occurrences.
pub fn changes(network: &Network, size: Size, quick: bool, table: &mut Table) {
    let near = Days::new(FIRST, FIRST + chrono::Days::new(220));
    let far = Days::new(FIRST + chrono::Days::new(450), FIRST + chrono::Days::new(1180));
    let few = size.occurrences / 100;
    let mut all = network.entries(3, few, near);
    let mut medians = Vec::new();
    for many in [false, true] {
        if many {
            all.extend(network.entries(4, size.occurrences - few, far));
        }
        let (_folder, app) = filled(network, &all);
        let stored: usize = all.iter().map(|entry| entry.occurrences.len()).sum();
        let (online, journeys) = around(if quick { 6 } else { 60 });
        changes_in(&app, &online[..2]);
        for (what, drafts) in [("a session online", online), ("a gathering", journeys)] {
            let mut took = changes_in(&app, &drafts[2..]);
            let told = percentile(took.clone());
            took.sort_unstable_by(f64::total_cmp);
            medians.push(took[took.len() / 2]);
            table.add(&format!("convene: storing {what} among {stored} occurrences, as much around it"), told, "");
        }
        let moved = moved(&app, if quick { 4 } else { 40 });
        table.add(
            &format!("convene: moving a gathering among {stored} occurrences, as much around it"),
            percentile(moved.clone()),
            "",
        );
        medians.push(moved[moved.len() / 2]);
    }
    let ratio = |place: usize| format!("{:.2}×", medians[place + 3] / medians[place]);
    let ratios = format!("{} online, {} in person, {} moved", ratio(0), ratio(1), ratio(2));
    table.add("convene: many stored occurrences to few, the medians of these", ratios, "≤ 2×");
}

fn around(count: u64) -> (Vec<Draft>, Vec<Draft>) {
    let draft = |number: u64, online: bool| {
        let day = FIRST + chrono::Days::new(105 + number % 10);
        let at =
            |hour| day.and_time(NaiveTime::from_hms_opt(hour, 0, 0).expect("an hour")).format("%Y-%m-%dT%H:%M:%S").to_string();
        let hour = 9 + u32::try_from(number % 8).expect("an hour");
        Draft {
            title: format!("Measured {number}"),
            partner: Some("partner-1".to_owned()),
            roles: vec!["mayor".to_owned(), "city_manager".to_owned()],
            mode: Some(if online { "virtual" } else { "in_person" }.to_owned()),
            venue: (!online).then(|| Venue { city: Some("Kansas City".into()), state: Some("MO".into()), ..Venue::default() }),
            start: if online { at(hour) } else { day.to_string() },
            end: Some(if online { at(hour + 1) } else { (day + chrono::Days::new(1)).to_string() }),
            time_zone: Some("America/Chicago".to_owned()),
            ..Draft::default()
        }
    };
    ((0..count).map(|number| draft(number, true)).collect(), (0..12.min(count)).map(|number| draft(number, false)).collect())
}

fn moved(app: &App, count: u64) -> Vec<f64> {
    let (_, journeys) = around(1);
    let event = propose(app, &Actor::Operator, &journeys[0], EventStatus::Proposed).expect("it is stored").event;
    let mut took: Vec<f64> = (0..count)
        .map(|number| {
            let day = FIRST + chrono::Days::new(105 + number % 9);
            let act = Act::Move { start: day.to_string(), end: Some(day.to_string()) };
            once(|| settle(app, &Actor::Operator, event.id, None, &act, None).expect("it is moved"))
        })
        .collect();
    took.sort_unstable_by(f64::total_cmp);
    took
}
