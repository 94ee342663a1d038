//! Pages as people use them: signing in, forms, mail links.

use convene::app::subscribe::unsubscribe_token;
use convene::store::SubscriptionState;
use rocket::http::{Method, Status};

use crate::support::World;
use crate::support::cast::address;
use crate::support::visitor::Visitor;

const SESSION: &str = "title=Budget+lab&kind=session&partner=harbor&roles=chief_equity_officer&mode=in_person&venue_city=Denver&venue_state=co\
    &all_day=true&start_date=2027-10-06&end_date=2027-10-07&time_zone=America/Denver";

#[test]
fn a_session_is_checked_proposed_and_confirmed_by_forms() {
    let world = World::new();
    world.ignore_letters();
    let ada = Visitor::signed_in(&world, &address("Ada"));
    let checked = ada.post_form("/propose", &format!("act=check&{SESSION}"));
    assert_eq!(checked.status, Status::Ok);
    assert!(checked.text().contains("Checked, not stored"));
    assert!(world.events().is_empty(), "checking stores nothing");
    let proposed = ada.post_form("/propose", &format!("act=propose&{SESSION}"));
    assert_eq!(proposed.status, Status::SeeOther);
    let page = proposed.header("Location").to_owned();
    assert_eq!(Visitor::of(&world).get(&page).status, Status::NotFound, "a proposal is not public");
    assert!(ada.get(&page).text().contains("Only the partners named see it"), "it says so once");
    assert_eq!(ada.post_form(&format!("{page}/confirmation"), "revision=9").status, Status::PreconditionFailed);
    assert_eq!(ada.post_form(&format!("{page}/confirmation"), "revision=1").status, Status::SeeOther);
    assert_eq!(Visitor::of(&world).get(&page).status, Status::Ok);
    let denver = world.event("Budget lab").details.venue.expect("a place");
    assert_eq!((denver.state.as_deref(), denver.lat.is_some()), (Some("CO"), true));
}

#[test]
fn a_refused_form_comes_back_filled_in_with_the_message_beside_the_field() {
    let world = World::new();
    let ada = Visitor::signed_in(&world, &address("Ada"));
    let refused = ada.post_form(
        "/propose",
        "act=propose&title=Half+a+plan&partner=harbor&roles=mayor&all_day=true&start_date=soon&time_zone=America/Denver",
    );
    assert_eq!(refused.status, Status::BadRequest);
    let page = refused.text();
    assert!(page.contains("value=\"Half a plan\""));
    assert!(page.contains("id=\"propose-start-date-error\""), "the message stands beside its field");
    assert!(page.contains("is no day; one would be 2027-10-06"), "the message says what would be right");
    assert!(world.events().is_empty());
}

#[test]
fn a_form_from_another_site_is_refused() {
    let world = World::new();
    let ada = Visitor::signed_in(&world, &address("Ada"));
    for foreign in [[("Sec-Fetch-Site", "cross-site")], [("Origin", "https://evil.example")], [("Sec-Fetch-Site", "same-site")]] {
        let refused = ada.ask(Method::Post, "/propose", &foreign, &format!("act=propose&{SESSION}"));
        assert_eq!(refused.status, Status::Forbidden, "{foreign:?}");
    }
    // A browser that says nothing of where a form came from, but sends a session along, is not believed either.
    assert_eq!(ada.ask(Method::Post, "/propose", &[], &format!("act=propose&{SESSION}")).status, Status::Forbidden);
    assert!(world.events().is_empty());
}

#[test]
fn a_link_signs_in_once_and_looking_at_it_uses_nothing_up() {
    let world = World::new();
    let visitor = Visitor::of(&world);
    assert_eq!(visitor.post_form("/sign-in", &format!("email={}&next=/findings", address("Ada"))).status, Status::Ok);
    let link = world.letter().after(&world.app.settings.base_url);
    assert!(link.contains("next=/findings"), "{link}");
    for _ in 0..3 {
        assert_eq!(visitor.get(&link).status, Status::Ok);
    }
    let done = visitor.post_form(&link, "");
    assert_eq!((done.status, done.header("Location")), (Status::SeeOther, "/findings"));
    assert!(visitor.get("/desk").text().contains("Ada Placeholder"));
    assert_eq!(Visitor::of(&world).post_form(&link, "").status, Status::Conflict);
    assert_eq!(visitor.post_form("/sign-out", "").status, Status::SeeOther);
    assert_eq!(visitor.get("/desk").status, Status::Unauthorized);
}

#[test]
fn nobody_learns_from_the_sign_in_form_who_may_sign_in() {
    let world = World::new();
    let visitor = Visitor::of(&world);
    let known = visitor.post_form("/sign-in", &format!("email={}", address("Ada"))).text().replace(&address("Ada"), "…");
    let unknown = visitor.post_form("/sign-in", "email=nobody@example.org").text().replace("nobody@example.org", "…");
    assert_eq!(known, unknown);
    assert_eq!(world.letters().len(), 1);
}

#[test]
fn a_link_never_leads_to_another_site() {
    let world = World::new();
    let visitor = Visitor::of(&world);
    for next in ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"] {
        visitor.post_form("/sign-in", &format!("email={}&next={next}", address("Ada")));
    }
    for letter in world.letters() {
        assert!(!letter.read.text.contains("evil") && !letter.read.text.contains("next="), "{}", letter.read.text);
    }
}

#[test]
fn one_click_of_a_mail_program_ends_the_digest_and_a_look_does_not() {
    let world = World::demo();
    let recipient = world.app.store.read(|reader| reader.subscriptions()).expect("subscriptions").remove(0);
    let path = format!("/unsubscribe/{}", unsubscribe_token(&world.app, recipient.id));
    let program = Visitor::of(&world);
    let state = || world.app.store.read(|reader| reader.subscription(recipient.id)).expect("it").state;
    let look = program.get(&path);
    assert_eq!(look.status, Status::Ok);
    assert!(!look.text().contains(&recipient.email), "a forwarded digest does not tell whose it was");
    assert_eq!(state(), SubscriptionState::Active);
    // RFC 8058: no cookie, no Origin; either kind of body; again is as good as once.
    for (kind, body) in [
        ("application/x-www-form-urlencoded", "List-Unsubscribe=One-Click"),
        (
            "multipart/form-data; boundary=x",
            "--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x--\r\n",
        ),
    ] {
        assert_eq!(program.ask(Method::Post, &path, &[("Content-Type", kind)], body).status, Status::Ok);
        assert_eq!(state(), SubscriptionState::Ended);
    }
    let forged = path.replace(&format!("/{}-", recipient.id), "/2-");
    assert_eq!(program.ask(Method::Post, &forged, &[], "").status, Status::NotFound);
}

#[test]
fn every_page_forbids_what_it_does_not_need() {
    let world = World::demo();
    let visitor = Visitor::of(&world);
    for path in
        ["/", "/?view=month", "/?view=year", "/findings", "/subscribe", "/map", "/api", "/accessibility", "/sign-in", "/nothing"]
    {
        let page = visitor.get(path);
        assert!(page.header("Content-Security-Policy").starts_with("default-src 'none'"), "{path}");
        assert_eq!(page.header("X-Content-Type-Options"), "nosniff", "{path}");
        assert!(!page.text().contains(" style=\"") && !page.text().contains("<script>"), "{path}");
    }
}
