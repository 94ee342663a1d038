//! What a change costs grows with what it touches, not with what is stored. Nothing here is timed.

use chrono::{Days, NaiveDate};
use convene::app::propose::{check, propose};
use convene::app::settle::{Act, settle};
use convene::app::{Actor, App, Error};
use convene::domain::{Details, Entry, Event, EventId, EventStatus, When};
use convene::json::Draft;

use crate::support::World;
use crate::support::cast::session;

/// Years away from what is measured.
const FAR: NaiveDate = NaiveDate::from_ymd_opt(2031, 1, 1).expect("a date");

/// Stores so many events, one a day, a third of them in person, for the same people as those that are measured.
fn fill(app: &App, numbers: std::ops::Range<u32>) {
    let filled = app.store.write::<_, Error>(|writer| {
        for number in numbers {
            let first = FAR + Days::new(u64::from(number) * 3);
            let when = When::Days { first, last: Some(first) };
            let partner = "prairie".parse().expect("a partner");
            let mut details = Details::new(&format!("Stored {number}"), partner, when, chrono_tz::America::Chicago);
            details.roles.insert("chief_equity_officer".parse().expect("a role"));
            details.mode = [convene::domain::Mode::Virtual, convene::domain::Mode::InPerson][usize::from(number % 3 == 0)];
            let id = EventId(uuid::Uuid::from_u128(u128::from(number) + 1));
            writer.put_event(&Entry::once(Event::new(id, EventStatus::Announced, details, app.now())), None)?;
        }
        Ok(())
    });
    filled.expect("it is filled");
}

/// The steps that SQLite takes to store a session, and to move it.
fn costs(world: &World, days: [&str; 2]) -> [u64; 2] {
    let app = &world.app;
    let counted = |work: &mut dyn FnMut()| {
        let before = app.store.steps();
        work();
        app.store.steps() - before
    };
    let draft = Draft { partner: Some("harbor".to_owned()), ..session("Measured", days[0]) };
    let mut stored = None;
    let storing = counted(&mut || {
        stored = Some(propose(app, &Actor::Operator, &draft, EventStatus::Announced).expect("it is stored").event.id);
    });
    let id = stored.expect("an event");
    let act = Act::Move { start: format!("{}T15:00", days[1]), end: Some(format!("{}T16:00", days[1])) };
    let moving = counted(&mut || drop(settle(app, &Actor::Operator, id, None, &act, None).expect("it is moved")));
    [storing, moving]
}

#[test]
fn storing_a_change_costs_the_same_among_few_and_many_events() {
    let world = World::new();
    world.ignore_letters();
    fill(&world.app, 0..100);
    let asked = Draft { partner: Some("harbor".to_owned()), ..session("Asked", "2027-02-02") };
    let ask = || drop(check(&world.app, &Actor::Operator, &asked).expect("findings"));
    ask();
    ask();
    // The first of a process prepares its statements.
    costs(&world, ["2027-03-01", "2027-03-03"]);
    let among_few = costs(&world, ["2027-04-05", "2027-04-07"]);
    fill(&world.app, 100..3000);
    ask();
    ask();
    let read_before = world.app.calendars_read();
    let among_many = costs(&world, ["2027-05-03", "2027-05-05"]);
    assert_eq!(world.app.calendars_read(), read_before, "one change is put into what is kept");
    for (few, many) in among_few.into_iter().zip(among_many) {
        assert!(few > 0 && many <= few * 2, "{few} steps among a hundred, {many} among three thousand");
    }
}
