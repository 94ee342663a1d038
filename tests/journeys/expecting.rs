//! Large convenings that are expected, until they are announced; and tables that change.

use convene::app::agenda::{check, findings, observances};
use convene::app::propose::propose;
use convene::app::reference::{Occasion, Reference, put_in_place};
use convene::app::{Actor, App, Error, passing};
use convene::domain::conflict::{Kind, VERSION};
use convene::domain::{Days, EventStatus, Venue, almanac};
use convene::json::Draft;
use convene::sheet::observances::{Seen, read};
use convene::store::StoredFinding;
use sha2::{Digest as _, Sha256};

use crate::support::World;

fn draft(partner: &str, title: &str, days: (&str, &str)) -> Draft {
    Draft {
        title: title.to_owned(),
        partner: Some(partner.to_owned()),
        roles: vec!["city_manager".to_owned()],
        mode: Some("in_person".to_owned()),
        venue: Some(Venue { city: Some("Kansas City".into()), state: Some("MO".into()), ..Venue::default() }),
        start: days.0.to_owned(),
        end: Some(days.1.to_owned()),
        time_zone: Some("America/Chicago".to_owned()),
        ..Draft::default()
    }
}

fn of_kind(found: Result<Vec<StoredFinding>, Error>, kind: Kind) -> Vec<String> {
    let found = found.expect("findings").into_iter().map(|stored| stored.finding);
    found.filter(|finding| finding.kind == kind).map(|finding| finding.message).collect()
}

fn expected(app: &App) -> Vec<String> {
    let (stored, full) = (findings(app, &Actor::Operator), check(app, &Actor::Operator));
    let stored = of_kind(stored, Kind::ExpectedAnchor);
    assert_eq!(stored, of_kind(full, Kind::ExpectedAnchor), "what is stored is what a full run gives");
    stored
}

#[test]
fn a_convening_is_expected_until_it_is_announced_whenever_it_will_be() {
    let world = World::demo();
    world.ignore_letters();
    let put = |draft: &Draft, status| propose(&world.app, &Actor::Operator, draft, status).expect("it is put forward");
    let before = expected(&world.app);
    put(&draft("icma", "A managers' meeting", ("2027-11-17", "2027-11-19")), EventStatus::Announced);
    let said = "City Summit is usually in this or the week before; not announced yet.".to_owned();
    assert_eq!(
        expected(&world.app).iter().filter(|one| **one == said).count(),
        before.iter().filter(|one| **one == said).count() + 1
    );
    put(&draft("nlc", "City Summit 2027", ("2027-12-01", "2027-12-03")), EventStatus::Hold);
    assert!(expected(&world.app).contains(&said), "a hold tells nobody");
    put(&draft("nlc", "NLC City Summit 2027", ("2027-12-08", "2027-12-10")), EventStatus::Announced);
    assert!(!expected(&world.app).contains(&said), "it is announced, in another week");
}

#[test]
fn what_a_changed_table_says_is_found_anew() {
    let world = World::new();
    world.ignore_letters();
    let emptied = world.app.store.write::<_, Error>(|writer| Ok(writer.replace_observances(&[], "another table")?));
    emptied.expect("the table is replaced");
    let meeting = draft("harbor", "On Veterans Day", ("2027-11-11", "2027-11-11"));
    let meeting = Draft { roles: vec!["chief_equity_officer".to_owned()], ..meeting };
    propose(&world.app, &Actor::Operator, &meeting, EventStatus::Announced).expect("it is put forward");
    let data = || -> Vec<String> {
        let found = findings(&world.app, &Actor::Operator).expect("findings").into_iter().map(|stored| stored.finding);
        found.filter(|finding| finding.kind == Kind::FederalHoliday).filter_map(|finding| finding.because.data).collect()
    };
    assert_eq!(data(), [almanac::VERSION], "without a table it is calculated");
    let shipped = Reference::read(None).expect("the shipped tables are good");
    put_in_place(&world.app, &shipped, Occasion::Visiting).expect("the shipped table is put back");
    let shipped = data();
    assert!(shipped.len() == 1 && shipped[0].starts_with("observances 2018–2027, shipped-"), "{shipped:?}");
}

#[test]
fn days_of_an_own_table_stand_beside_what_is_calculated_for_that_year_and_go_before_the_same_of_it() {
    let world = World::new();
    let names = |world: &World| -> Vec<(String, String, bool)> {
        let days = Days::new("2031-03-01".parse().expect("a day"), "2031-04-30".parse().expect("a day"));
        let mut found = world.app.store.read(|reader| observances(reader, days)).expect("observances");
        found.retain(|one| ["Easter (Western)", "Good Friday", "Lantern Market"].contains(&one.name.as_str()));
        found.into_iter().map(|one| (one.name, one.days.first.to_string(), one.calculated)).collect()
    };
    let calculated = names(&world);
    let friday = calculated.iter().find(|one| one.0 == "Good Friday").expect("it is calculated");
    assert!(friday.2, "{calculated:?}");
    let header = "date_start,date_end,name,kind,from_sunset,scope,tier,work_restricted,certainty";
    let rows = "2031-04-10,2031-04-10,Good Friday,religious,no,US,avoid,no,exact\n2031-04-20,2031-04-20,Lantern Market,cultural,no,US,note,no,exact";
    let own = read("own.csv", format!("{header}\n{rows}\n").as_bytes(), &mut Seen::new()).expect("a good table");
    world.app.store.write::<_, Error>(|writer| Ok(writer.replace_observances(&own, "own")?)).expect("it is put in place");
    let mut found = names(&world);
    found.sort();
    let mut expected: Vec<_> = calculated.into_iter().filter(|one| one.0 != "Good Friday").collect();
    expected.push(("Good Friday".into(), "2031-04-10".into(), false));
    expected.push(("Lantern Market".into(), "2031-04-20".into(), false));
    expected.sort();
    assert_eq!(found, expected);
}

#[test]
fn what_was_only_expected_is_dropped_once_its_week_is_over_where_it_is() {
    let world = World::demo();
    world.ignore_letters();
    let meeting = draft("icma", "A managers' meeting", ("2027-11-17", "2027-11-19"));
    let id = propose(&world.app, &Actor::Operator, &meeting, EventStatus::Announced).expect("it is put forward").event.id;
    let usual = || -> Vec<String> {
        let found = convene::app::agenda::findings_of(&world.app, &Actor::Operator, id);
        of_kind(found, Kind::ExpectedAnchor)
    };
    let said = vec!["City Summit is usually in this or the week before; not announced yet.".to_owned()];
    passing::sweep(&world.app).expect("the first look");
    // In Chicago the 19th ends at 06:00 UTC.
    for (at, stands) in [("2027-11-20T05:59:00Z", true), ("2027-11-20T06:00:00Z", false)] {
        world.at(at);
        passing::sweep(&world.app).expect("the day is looked at");
        assert_eq!(usual(), if stands { said.clone() } else { Vec::new() }, "{at}");
    }
    expected(&world.app);
    assert_eq!(passing::sweep(&world.app).expect("looked at already"), 0);
}

#[test]
fn another_version_of_what_is_calculated_or_another_policy_of_the_network_finds_all_anew_at_the_start() {
    let world = World::new();
    world.ignore_letters();
    let meeting = Draft { roles: vec!["mayor".to_owned()], ..draft("harbor", "On Veterans Day", ("2030-11-11", "2030-11-11")) };
    let id = propose(&world.app, &Actor::Operator, &meeting, EventStatus::Announced).expect("it is put forward").event.id;
    let holidays = |app: &App| of_kind(findings(app, &Actor::Operator), Kind::FederalHoliday).len();
    assert_eq!(holidays(&world.app), 1);
    let shipped = Reference::read(None).expect("the shipped tables are good");
    put_in_place(&world.app, &shipped, Occasion::Serving).expect("the service starts");
    // As an older program would have left it, which did not know of that day.
    let forget = |meta: Option<&str>| {
        let done = world.app.store.write::<_, Error>(|writer| {
            writer.replace_findings_of(id, &[], world.app.now())?;
            Ok(meta.map_or(Ok(()), |name| writer.set_meta(name, "older"))?)
        });
        done.expect("it is forgotten");
    };
    forget(None);
    assert_eq!(holidays(&world.another()), 0, "nothing is other than it was: nothing is computed");
    forget(Some("program"));
    assert_eq!(holidays(&world.another()), 1, "another program calculates anew, whoever starts it");
    forget(Some("network_policy"));
    assert_eq!(holidays(&world.another()), 0, "a command may be run without the service's settings");
    put_in_place(&world.app, &shipped, Occasion::Serving).expect("the service starts");
    assert_eq!(holidays(&world.app), 1);
    put_in_place(&world.app, &shipped, Occasion::Serving).expect("and again");
    forget(None);
    put_in_place(&world.app, &shipped, Occasion::Serving).expect("and again");
    assert_eq!(holidays(&world.app), 0, "once");
}

/// Whoever changes a rule or its words sees this fail, and raises the version with it: else a database would keep
/// what the rules before have found.
#[test]
fn other_findings_come_with_another_version_of_the_rules() {
    let world = World::demo();
    let found = findings(&world.app, &Actor::Operator).expect("findings").into_iter().map(|stored| stored.finding);
    let digest = Sha256::digest(found.map(|one| format!("{:?} {}\n", one.severity, one.message)).collect::<String>());
    let digest: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("version_of_the_rules", format!("{VERSION}: {digest}"));
    });
}
