//! Large convenings that are expected, until they are announced; and tables that change.

use convene::app::agenda::{check, findings};
use convene::app::propose::propose;
use convene::app::seed::refresh_reference_data;
use convene::app::{Actor, App, Error};
use convene::domain::conflict::Kind;
use convene::domain::{EventStatus, Venue, almanac};
use convene::json::Draft;
use convene::store::StoredFinding;

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
    refresh_reference_data(&world.app).expect("the shipped table is put back");
    let shipped = data();
    assert!(shipped.len() == 1 && shipped[0].starts_with("shipped-"), "{shipped:?}");
}
