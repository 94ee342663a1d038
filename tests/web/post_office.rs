//! Looking after outgoing mail by page.

use convene::app::seed::{OPERATOR, ORGANIZER};
use convene::app::{Actor, Error, bounces, directory, sign_in};
use convene::store::{OutboxState, Scope};
use rocket::http::{Method, Status};
use serde_json::{Value, json};

use crate::support::World;
use crate::support::visitor::Visitor;

#[test]
fn an_operator_sees_what_is_wrong_sends_again_and_writes_to_an_address_again_and_nobody_else_may() {
    let world = World::demo();
    world.ignore_letters();
    let now = world.app.now();
    sign_in::ask(&world.app, ORGANIZER, "").expect("a letter is written");
    let id = world
        .app
        .store
        .write::<_, Error>(|writer| {
            let id = writer.letters(1)?.remove(0).id;
            writer.settle_letter(id, OutboxState::Failed, Some(550), "550 5.7.1 looks like spam", now)?;
            writer.raise_alert("refused", "A letter was refused.", now, now)?;
            Ok(id)
        })
        .expect("a letter fails");
    bounces::suppress(&world.app, &Actor::Operator, "sam@example.org", "asked by phone").expect("it is noted");
    let (operator, somebody) = (Visitor::signed_in(&world, OPERATOR), Visitor::signed_in(&world, ORGANIZER));
    let list = operator.get("/desk/mail").text();
    assert!(list.contains("A letter was refused.") && list.contains("/desk/mail/suppressions"), "{list}");
    let letter = operator.get(&format!("/desk/mail/{id}")).text();
    assert!(letter.contains("Not sent: 550 5.7.1 looks like spam") && letter.contains("Send again"), "{letter}");
    let sending = format!("/desk/mail/{id}/sending");
    assert_ne!(somebody.post_form(&sending, "").status, Status::SeeOther);
    assert_eq!(operator.post_form(&sending, "").status, Status::SeeOther);
    let state = world.app.store.read::<_, Error>(|reader| Ok(reader.letter(id)?)).expect("it is there").state;
    assert_eq!(state, OutboxState::Ready);
    assert_ne!(somebody.get("/desk/mail/suppressions").status, Status::Ok);
    let shown = operator.get("/desk/mail/suppressions").text();
    assert!(shown.contains("sam@example.org") && shown.contains("asked by phone"), "{shown}");
    assert_eq!(operator.post_form("/desk/mail/suppressions/lifting", "address=sam@example.org").status, Status::SeeOther);
    assert!(!operator.get("/desk/mail/suppressions").text().contains("sam@example.org"));
    assert_eq!(operator.post_form("/desk/mail/resumption", "").status, Status::SeeOther);
    assert!(!operator.get("/desk/mail").text().contains("A letter was refused."));
}

#[test]
fn a_partners_admin_says_where_replies_go_and_nobody_else_does() {
    let world = World::new();
    world.ignore_letters();
    let summit = "summit".parse().expect("a partner");
    let kept = || directory::contact(&world.app, &Actor::Operator, &summit).expect("it is asked for");
    let cleo = Visitor::signed_in(&world, "cleo@example.org");
    assert!(cleo.get("/desk/mail").text().contains("Where replies go"));

    let refused = cleo.post_form("/desk/mail/contact", "contact=nobody");
    assert_eq!(refused.status, Status::BadRequest);
    assert!(refused.text().contains("value=\"nobody\""), "what was typed stays: {}", refused.text());
    assert_eq!(kept(), None);
    assert_eq!(cleo.post_form("/desk/mail/contact", "contact=events@summit.example.org").status, Status::SeeOther);
    assert_eq!(kept().as_deref(), Some("events@summit.example.org"));
    assert!(cleo.get("/desk/mail").text().contains("value=\"events@summit.example.org\""));

    let ada = Visitor::signed_in(&world, "ada@example.org");
    assert!(!ada.get("/desk/mail").text().contains("Where replies go"));
    assert_eq!(ada.post_form("/desk/mail/contact", "contact=ada@example.org").status, Status::Forbidden);

    let by_token = Visitor::with_token(&world, "cleo@example.org", Scope::Write);
    let path = "/api/v1/partners/summit/contact";
    assert_eq!(by_token.get(path).json(), json!({"contact": "events@summit.example.org"}));
    assert_eq!(by_token.get("/api/v1/partners/harbor/contact").status, Status::Forbidden);
    let put = |body: &Value| by_token.ask(Method::Put, path, &[("Content-Type", "application/json")], &body.to_string());
    assert_eq!(put(&json!({"contact": "two@example.org, three@example.org"})).status, Status::BadRequest);
    assert_eq!(put(&json!({"contact": null})).json(), json!({"contact": null}));
    assert_eq!(kept(), None);
    let public = Visitor::of(&world).get("/api/v1/partners").text();
    assert!(!public.contains("contact"), "who answers for a partner is no public matter: {public}");
}
