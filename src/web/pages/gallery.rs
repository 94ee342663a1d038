//! Every page with made-up data: measured by tests, and written out to be looked at.
//!
//! `CONVENE_GALLERY=target/ui cargo nextest run -E 'test(gallery)'` writes the pages as files.

use std::path::Path;

use maud::Markup;

use super::markup_checks::faults;
use super::samples::Sample;
use super::{
    accessibility, anchor, answers, api_docs, better, calendar, coming, desk, event, feed, findings, import, life, mail, map,
    month, notice, overrides, policy, propose, sign_in, sources, subscribe, subscription, year,
};
use crate::web::assets;
use crate::web::layout::{Flash, Frame, Level, page};

const HOSTILE: &str = "<script>alert(1)</script>\"' onload=x & </title></textarea>";

/// All pages: a file name, the path it would be at, and its content.
fn contents(sample: Sample) -> Vec<(&'static str, &'static str, Markup)> {
    vec![
        ("agenda", "/", calendar::agenda(&sample.agenda())),
        ("agenda-empty", "/", calendar::agenda(&sample.agenda_empty())),
        ("month", "/month", month::month(&sample.month())),
        ("year", "/year", year::year(&sample.year())),
        ("event", "/events/0193", event::event(&sample.event())),
        ("answers", "/events/0193/answers", answers::answers(&sample.answers())),
        ("answers-asked", "/events/0193/answers", answers::answers(&sample.answers_asked())),
        ("guests", "/events/0193/guests", coming::guests(&sample.guests())),
        ("coming", "/coming/t0ken", coming::answer(&sample.coming_answer())),
        ("propose", "/propose", propose::propose(&sample.propose_empty())),
        ("propose-refused", "/propose", propose::propose(&sample.propose_refused())),
        ("propose-checked", "/propose", propose::propose(&sample.propose_checked())),
        ("better-dates", "/events/0193/better-dates", better::better(&sample.better())),
        ("policy", "/partners/lake-league/policy", policy::policy(&sample.policy())),
        ("findings", "/findings", findings::findings(&sample.findings_page())),
        ("findings-empty", "/findings", findings::findings(&sample.findings_empty())),
        ("finding", "/findings/f1", life::life(&sample.life_page())),
        ("overrides", "/findings/overrides", overrides::overrides(&sample.overrides_page())),
        ("feed", "/feeds/all", feed::feed(&sample.feed())),
        ("feeds", "/feeds", feed::feeds(&sample.feeds())),
        ("subscribe", "/subscribe", subscribe::subscribe(&sample.subscribe())),
        ("confirm", "/subscriptions/t0ken", subscription::confirm(&sample.confirm_subscription())),
        ("manage", "/subscriptions/t0ken", subscription::manage(&sample.manage())),
        ("unsubscribe", "/unsubscribe/t0ken", subscription::unsubscribe(&sample.unsubscribe())),
        ("sign-in", "/sign-in", sign_in::sign_in(&sample.sign_in())),
        ("sign-in-finish", "/sign-in/t0ken", sign_in::finish(&sample.finish_sign_in())),
        ("desk", "/desk", desk::desk(&sample.desk())),
        ("import", "/desk/import", import::choose(&sample.import_choose())),
        ("import-look", "/desk/import/0193", import::look(&sample.import_look())),
        ("sources", "/desk/sources", sources::sources(&sample.sources())),
        ("source", "/desk/sources/1", sources::source(&sample.source())),
        ("source-new", "/desk/sources/new", sources::new(&sample.source_new())),
        ("source-removal", "/desk/sources/1/removal", sources::removal(&sample.source_removal())),
        ("outbox", "/desk/mail", mail::outbox(&sample.outbox())),
        ("letter", "/desk/mail/1", mail::letter(&sample.letter())),
        ("map", "/map", map::map(&sample.map())),
        ("anchor", "/anchors/0194", anchor::anchor(&sample.anchor())),
        ("not-found", "/nowhere", notice::notice(&sample.not_found())),
        ("refused", "/events/0193/confirmation", notice::notice(&sample.refused_notice())),
        ("check-mail", "/sign-in", notice::notice(&sample.check_mail())),
        ("api", "/api", api_docs::api_docs(&sample.api())),
        ("accessibility", "/accessibility", accessibility::accessibility(&sample.accessibility())),
    ]
}

fn pages(tail: &str) -> Vec<(&'static str, String)> {
    let sample = Sample { tail };
    contents(sample)
        .into_iter()
        .map(|(name, path, content)| (name, page(&frame(sample, name, path), &content).into_string()))
        .collect()
}

/// Half of the pages are shown signed in, with something just done.
fn frame(sample: Sample, name: &str, path: &str) -> Frame {
    let inside = [
        "event",
        "answers",
        "propose",
        "propose-refused",
        "propose-checked",
        "desk",
        "policy",
        "import",
        "import-look",
        "source",
        "outbox",
        "letter",
        "anchor",
    ]
    .contains(&name);
    Frame {
        title: sample.say(name),
        path: path.to_owned(),
        signed_in: inside.then(|| sample.say("Ada Sample")),
        flash: (name == "event")
            .then(|| Flash { level: Level::Opportunity, text: sample.say("Moved. Two letters are on their way.") }),
        own: None,
        demo_mail: (name == "agenda").then(|| "/desk/mail".to_owned()),
        feed: (path == "/").then(|| "/feeds/all.ics".to_owned()),
    }
}

#[test]
fn gallery_pages_are_well_made_for_people_and_their_tools() {
    let found: Vec<String> =
        pages("").iter().flat_map(|(name, html)| faults(html).into_iter().map(move |fault| format!("{name}: {fault}"))).collect();
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn gallery_pages_write_hostile_text_as_text() {
    for (name, html) in pages(HOSTILE) {
        assert!(!html.contains("<script>alert"), "{name} lets markup through");
        assert!(html.contains("&lt;script&gt;alert(1)"), "{name} had nothing hostile to write");
        assert_eq!(faults(&html), Vec::<String>::new(), "{name}, with hostile text");
    }
}

#[test]
fn gallery_pages_are_the_same_bytes_for_the_same_facts() {
    assert_eq!(pages(""), pages(""));
}

#[test]
fn gallery_is_written_where_it_is_asked_for() {
    let Ok(folder) = std::env::var("CONVENE_GALLERY") else { return };
    let folder = Path::new(&folder);
    std::fs::create_dir_all(folder).unwrap();
    for asset in ["app.css", "app.js", "favicon.svg"] {
        std::fs::write(folder.join(asset), assets::find(assets::asset_path(asset)).unwrap().bytes).unwrap();
    }
    for (name, html) in pages("") {
        let local =
            ["app.css", "app.js", "favicon.svg"].iter().fold(html, |html, asset| html.replace(assets::asset_path(asset), asset));
        std::fs::write(folder.join(name).with_extension("html"), local).unwrap();
    }
}
