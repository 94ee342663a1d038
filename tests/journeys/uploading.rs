//! A partner's people upload a file, look at what it would come to, and store the rows they say yes to.

use std::collections::BTreeSet;

use convene::app::import::{Class, Options, take_in};
use convene::app::propose::propose;
use convene::app::settle::{Act, settle};
use convene::app::upload::{self, File, row_key};
use convene::app::{Actor, Error};
use convene::domain::EventStatus;
use rocket::http::Status;

use crate::support::World;
use crate::support::cast::{ada, ben, cleo};
use crate::support::visitor::{Answer, Visitor};

const TABLE: &str = "id;title;start;end;city;state;roles;mode\n\
    kickoff;Lake kickoff;10/6/2027;10/8/2027;Omaha;NE;mayor;in person\n\
    summit;Lake summit;11/3/2027;11/5/2027;Omaha;NE;mayor;in person\n\
    old;2025 Lake forum;11/20/2024;11/22/2024;Omaha;NE;mayor;in person\n\
    bad;Lake workshop;someday;;Omaha;NE;mayor;in person\n\
    worse;Lake call;12/1/2027;;;;mayer;virtual\n";

fn begin() -> World {
    let world = World::new();
    world.at("2027-01-04T12:00:00Z");
    world
}

fn staged(world: &World, actor: &Actor, name: &str, text: &str) -> Result<String, Error> {
    let file = File {
        partner: actor.partner().unwrap().clone(),
        name: name.to_owned(),
        content: text.as_bytes().to_vec(),
        zone: None,
        roles: BTreeSet::new(),
        mode: None,
    };
    upload::stage(&world.app, actor, file)
}

/// Title, class, and whether it is doubtful, of each row.
fn classes(world: &World, actor: &Actor, id: &str) -> Vec<(String, Class, bool)> {
    let preview = upload::look(&world.app, actor, id).unwrap();
    preview.rows.iter().map(|row| (row.title.clone(), row.class, !row.doubts.is_empty())).collect()
}

fn titles(world: &World) -> Vec<String> {
    world.events().into_iter().map(|event| event.details.title).collect()
}

/// The values of a page's boxes: all of them, and those that are checked.
fn boxes(page: &str) -> (Vec<String>, Vec<String>) {
    let of = |part: &str| part.split('"').next().unwrap_or_default().to_owned();
    let parts: Vec<&str> = page.split("name=\"rows\" value=\"").skip(1).collect();
    let checked = parts.iter().filter(|part| part.split('>').next().is_some_and(|tag| tag.ends_with("checked")));
    (parts.iter().map(|part| of(part)).collect(), checked.map(|part| of(part)).collect())
}

fn mark(page: &str) -> String {
    page.split("name=\"mark\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a mark").to_owned()
}

fn sent(visitor: &Visitor, name: &str, content: &[u8]) -> Answer {
    visitor.post_file("/desk/import", &[("time_zone", "America/Chicago")], name, content)
}

#[test]
fn a_file_is_looked_at_row_by_row_and_exactly_the_chosen_rows_are_stored() {
    let world = begin();
    let cleo = Visitor::signed_in(&world, "cleo@example.org");
    let answer = sent(&cleo, "C:\\work\\meetings.csv", TABLE.as_bytes());
    assert_eq!(answer.status, Status::SeeOther, "{}", answer.text());
    let address = answer.header("Location").to_owned();
    let page = cleo.get(&address).text();
    assert!(page.contains("“meetings.csv”: 2 new, 1 doubtful and 2 refused. Nothing is stored yet."), "{page}");
    for said in [
        "its title says 2025, and its dates are in 2024",
        "line 5",
        "start: “someday” is no date; a day would be 2027-10-06, a time 2027-10-06T09:00",
        "line 6",
        "roles: there is no role “mayer”; did you mean “mayor”",
        "Dates such as 10/6/2027 are read with the month first",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    let (all, checked) = boxes(&page);
    assert_eq!((all.len(), checked.len()), (3, 2), "what is doubtful is not chosen");
    assert_eq!(titles(&world), Vec::<String>::new(), "looking stores nothing");

    let form = format!("mark={}&rows={}", mark(&page), checked[0]);
    assert_eq!(cleo.post_form(&address, &form).status, Status::SeeOther);
    assert_eq!(titles(&world), ["Lake kickoff"], "exactly the chosen row");
    assert!(cleo.get("/desk").text().contains("Stored: 1 new."));
    assert_eq!(cleo.get(&address).status, Status::NotFound, "what is stored waits no longer");
    assert_eq!(world.event("Lake kickoff").details.zone, chrono_tz::America::Chicago);
}

#[test]
fn a_second_file_shows_what_changed_from_what_to_what_and_what_stayed() {
    let world = begin();
    let actor = cleo();
    let store_all = |text: &str| {
        let id = staged(&world, &actor, "a.csv", text).unwrap();
        let preview = upload::look(&world.app, &actor, &id).unwrap();
        let keys = preview.rows.iter().filter(|row| row.is_plain()).map(row_key).collect();
        upload::store(&world.app, &actor, &id, &preview.mark, &keys).unwrap()
    };
    assert_eq!(store_all(TABLE).new.len(), 2);

    let id = staged(
        &world,
        &actor,
        "a.csv",
        "id,title,start,end,city,state,roles,mode,status\n\
         kickoff,Lake kickoff,2027-10-13,2027-10-15,Omaha,NE,mayor,in_person,\n\
         summit,Lake summit,2027-11-03,2027-11-05,Omaha,NE,mayor,in_person,canceled\n\
         third,Lake seminar,2027-12-01,,,,mayor,online,\n",
    )
    .unwrap();
    let preview = upload::look(&world.app, &actor, &id).unwrap();
    let rows: Vec<_> = preview.rows.iter().map(|row| (row.title.as_str(), row.class, row.doubts.len())).collect();
    assert_eq!(
        rows,
        [("Lake kickoff", Class::Changed, 0), ("Lake summit", Class::Cancelled, 0), ("Lake seminar", Class::New, 0)]
    );
    let moved: Vec<_> = preview.rows[0].differences.iter().map(|one| (one.field, one.old.as_str(), one.new.as_str())).collect();
    assert_eq!(moved, [("When", "Wed 6 – Fri 8 October 2027", "Wed 13 – Fri 15 October 2027")]);
    let keys = [row_key(&preview.rows[0])].into();
    let report = upload::store(&world.app, &actor, &id, &preview.mark, &keys).unwrap();
    assert_eq!((report.changed.len(), report.cancelled.len(), report.new.len()), (1, 0, 0));
    assert_eq!(world.event("Lake summit").status, EventStatus::Announced, "nobody said yes to that");

    let id = staged(
        &world,
        &actor,
        "a.csv",
        "id,title,start,end,city,state,roles,mode\nkickoff,Lake kickoff,2027-10-13,2027-10-15,Omaha,NE,mayor,in_person\n",
    )
    .unwrap();
    assert_eq!(classes(&world, &actor, &id), [("Lake kickoff".to_owned(), Class::Unchanged, false)]);
    world.ignore_letters();
}

#[test]
fn a_calendar_that_changed_in_between_is_noticed_and_shown_again() {
    let world = begin();
    let visitor = Visitor::signed_in(&world, "cleo@example.org");
    let first = sent(&visitor, "a.csv", TABLE.as_bytes()).header("Location").to_owned();
    let shown = visitor.get(&first).text();
    let checked = boxes(&shown).1;
    // Somebody else stores one of the rows meanwhile, with other days.
    let options = Options {
        partner: Some("summit".parse().unwrap()),
        calendar: "b.csv".into(),
        zone: chrono_tz::UTC,
        dry_run: false,
        doubtful: false,
    };
    let other = "id,title,start,end\nkickoff,Lake kickoff,2027-10-20,2027-10-21\n";
    take_in(&world.app, &Actor::Operator, other.as_bytes(), &options).unwrap();

    let form = format!("mark={}&rows={}&rows={}", mark(&shown), checked[0], checked[1]);
    let again = visitor.post_form(&first, &form);
    assert_eq!(again.status, Status::Conflict);
    let page = again.text();
    assert!(page.contains("The calendar has changed since this was shown to you. Nothing was stored"), "{page}");
    assert!(page.contains("Changed (1)") && page.contains("Wed 20 – Thu 21 October 2027"), "{page}");
    assert_eq!(titles(&world), ["Lake kickoff"], "nothing was stored");
    assert_eq!(boxes(&page).1.len(), 2, "what was chosen is chosen still");

    let form = format!("mark={}&rows={}&rows={}", mark(&page), checked[0], checked[1]);
    assert_eq!(visitor.post_form(&first, &form).status, Status::SeeOther);
    assert_eq!(titles(&world), ["Lake kickoff", "Lake summit"]);
    world.ignore_letters();
}

#[test]
fn what_may_be_in_the_calendar_already_is_doubtful() {
    let world = begin();
    world.ignore_letters();
    let put = |actor: &Actor, title: &str, days: (&str, &str), public: bool| {
        let draft = convene::json::Draft {
            title: title.to_owned(),
            start: days.0.to_owned(),
            end: Some(days.1.to_owned()),
            roles: vec!["mayor".to_owned()],
            time_zone: Some("America/New_York".to_owned()),
            ..convene::json::Draft::default()
        };
        let id = propose(&world.app, actor, &draft, EventStatus::Proposed).unwrap().event.id;
        if public {
            settle(&world.app, actor, id, None, &Act::Announce, None).unwrap();
        }
    };
    put(&ada(), "Joint Harbor forum 2027", ("2027-10-06", "2027-10-07"), true);
    put(&ben(), "Secret prairie plan", ("2027-10-06", "2027-10-07"), false);
    put(&cleo(), "Institute spring retreat", ("2027-04-06", "2027-04-07"), false);
    let table = "id,title,start,end\n\
        a,Joint forum (Harbor),2027-10-07,2027-10-08\n\
        b,Secret prairie plan,2027-10-06,2027-10-07\n\
        c,Institute spring retreat,2027-05-04,2027-05-05\n\
        d,Institute autumn retreat,2027-09-01,2027-12-01\n\
        e,Summit week,2027-06-01,2027-06-02\n\
        f,Summit week,2027-06-01,2027-06-03\n";
    let id = staged(&world, &cleo(), "t.csv", table).unwrap();
    let preview = upload::look(&world.app, &cleo(), &id).unwrap();
    let doubts: Vec<Vec<&str>> = preview.rows.iter().map(|row| row.doubts.iter().map(String::as_str).collect()).collect();
    assert_eq!(
        doubts[2],
        ["“Institute spring retreat”, Tue 6 – Wed 7 April 2027, is in your calendar already; \
          if it has moved, move that one (or give this row its id)"]
    );
    assert_eq!(doubts[3], ["it lasts 92 days; are both dates right?"]);
    assert_eq!(doubts[1], Vec::<&str>::new(), "what they may not see is not betrayed");
    assert!(doubts[0].len() <= 1 && doubts[4].is_empty(), "{doubts:?}");
}

#[test]
fn an_edit_made_here_that_the_file_would_overrule_is_doubtful() {
    let world = begin();
    world.ignore_letters();
    let actor = cleo();
    let row = |title: &str| format!("id,title,start,end,roles,mode\nx,{title},2027-10-06,2027-10-07,mayor,virtual\n");
    let options = Options {
        partner: Some("summit".parse().unwrap()),
        calendar: "a.csv".into(),
        zone: chrono_tz::UTC,
        dry_run: false,
        doubtful: false,
    };
    take_in(&world.app, &Actor::Operator, row("Lake meeting").as_bytes(), &options).unwrap();
    let event = world.event("Lake meeting");
    let draft = convene::json::Draft { title: "Lake meeting, with guests".into(), ..convene::json::Draft::of(&event.details) };
    settle(&world.app, &actor, event.id, None, &Act::Edit(Box::new(draft)), None).unwrap();

    let id = staged(&world, &actor, "a.csv", &row("Lake gathering")).unwrap();
    let preview = upload::look(&world.app, &actor, &id).unwrap();
    assert_eq!(preview.rows[0].doubts, ["somebody changed its title here since it was last read; taking it in overrules that"]);
}

#[test]
fn a_file_is_seen_by_its_sender_alone_and_only_for_a_day() {
    let world = begin();
    let id = staged(&world, &cleo(), "a.csv", TABLE).unwrap();
    let gone = |actor: &Actor| matches!(upload::look(&world.app, actor, &id), Err(Error::NotFound("upload")));
    assert!(gone(&ada()) && gone(&Actor::Operator) && gone(&Actor::Visitor) && !gone(&cleo()));
    assert!(matches!(upload::discard(&world.app, &ada(), &id), Err(Error::NotFound(_))));
    assert_eq!(Visitor::of(&world).get(&format!("/desk/import/{id}")).status, Status::Unauthorized);

    world.at("2027-01-05T12:00:01Z");
    assert!(gone(&cleo()), "a day later it is gone");
    upload::sweep(&world.app).unwrap();
    world.at("2027-01-04T12:00:00Z");
    assert!(gone(&cleo()), "and is not only hidden");
}

#[test]
fn few_files_wait_for_one_person_and_the_oldest_make_room() {
    let world = begin();
    let mut ids = Vec::new();
    for n in 0..7 {
        world.at(&format!("2027-01-04T12:00:0{n}Z"));
        ids.push(staged(&world, &cleo(), "a.csv", TABLE).unwrap());
    }
    let waiting: Vec<bool> = ids.iter().map(|id| upload::look(&world.app, &cleo(), id).is_ok()).collect();
    assert_eq!(waiting, [false, false, true, true, true, true, true]);
}

#[test]
fn whatever_is_sent_in_place_of_a_calendar_is_refused_beside_its_field() {
    let world = begin();
    let visitor = Visitor::signed_in(&world, "cleo@example.org");
    let large = "title,start\n".to_owned() + &"x".repeat(upload::LARGEST);
    let many = "title,start\n".to_owned()
        + &"A,2027-10-06\n".repeat(3)
        + &(0..2001).map(|n| format!("E{n},2027-{:02}-{:02}\n", n % 12 + 1, n % 28 + 1)).collect::<String>();
    let cases: [(&str, &[u8], &str); 7] = [
        ("empty.csv", b"", "Choose a file that is not empty"),
        ("page.ics", b"<!doctype html><title>Sign in</title>", "This is a web page, not a calendar."),
        ("book.xlsx", b"PK\x03\x04\x14\x00\x06\x00", "It is a workbook"),
        ("photo.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01", "no table of events"),
        ("other.csv", b"a,b\n1,2\n", "it names “a”, “b”"),
        ("large.csv", large.as_bytes(), "It is larger than 4 MB"),
        ("many.csv", many.as_bytes(), "up to 2000 can be looked at one by one"),
    ];
    for (name, content, why) in cases {
        let answer = sent(&visitor, name, content);
        assert_eq!(answer.status, Status::BadRequest, "{name}");
        let page = answer.text();
        assert!(page.contains(why) && page.contains("aria-invalid=\"true\""), "{name}: {page}");
    }
    assert_eq!(visitor.post_form("/desk/import", "file=x").status, Status::UnsupportedMediaType);
    let huge = vec![b'x'; upload::LARGEST + (1 << 20)];
    assert_eq!(sent(&visitor, "huge.csv", &huge).status, Status::PayloadTooLarge);
    for broken in
        ["", "--part", "--part\r\n\r\n", "--part\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\r\n\r\nx"]
    {
        let answer = visitor.post_bytes("/desk/import", "multipart/form-data; boundary=part", broken.as_bytes());
        assert_eq!(answer.status, Status::BadRequest, "{broken}");
    }
    let fields: Vec<(String, String)> = (0..400).map(|n| (format!("f{n}"), String::new())).collect();
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(visitor.post_file("/desk/import", &fields, "a.csv", b"x").status, Status::PayloadTooLarge);
    assert_eq!(titles(&world), Vec::<String>::new());
}

#[test]
fn hostile_names_and_cells_come_back_as_text() {
    let world = begin();
    let visitor = Visitor::signed_in(&world, "cleo@example.org");
    let table = "title,start,notes\n\"<script>alert(1)</script> meeting\",2027-10-06,\"<b>\"\n\"<img src=x>\",someday,\n";
    let answer = sent(&visitor, "<b onload=alert(2)>.csv", table.as_bytes());
    let page = visitor.get(answer.header("Location")).text();
    assert!(page.contains("&lt;script&gt;alert(1)") && page.contains("alert(2)"), "{page}");
    assert!(!page.contains("<script>alert") && !page.contains("<img") && !page.contains("<b "), "{page}");
}

#[test]
fn the_template_is_a_table_that_reads_back() {
    let world = begin();
    let visitor = Visitor::signed_in(&world, "cleo@example.org");
    let template = visitor.get("/desk/import/template.csv");
    assert_eq!(template.header("Content-Type"), "text/csv; charset=utf-8");
    assert!(template.header("Content-Disposition").contains("convene-events.csv"));
    let page = visitor.get(sent(&visitor, "convene-events.csv", &template.body).header("Location")).text();
    assert!(page.contains("“convene-events.csv”: 2 new."), "{page}");
}
