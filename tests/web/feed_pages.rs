//! One page for each feed, for people.

use rocket::http::Status;

use crate::support::World;
use crate::support::visitor::Visitor;

#[test]
fn each_feed_has_a_page_that_says_what_is_in_it_and_how_to_subscribe() {
    let world = World::demo();
    let anybody = Visitor::of(&world);
    for (path, words) in [
        ("/feeds/all", "Convenings"),
        ("/feeds/roles/city_manager", "Convenings: city managers"),
        ("/feeds/partners/nlc", "Convenings: "),
        ("/feeds/all?roles=mayor&modes=in_person", "Convenings: mayors and in person"),
    ] {
        let answer = anybody.get(path);
        assert_eq!((answer.status, answer.header("Content-Type")), (Status::Ok, "text/html; charset=utf-8"), "{path}");
        assert!(answer.header("Content-Security-Policy").contains("default-src 'none'"), "{path}");
        let page = answer.text();
        assert!(page.contains(words), "{path}: {page}");
        let (start, query) = path.split_once('?').map_or((path, String::new()), |(start, query)| (start, format!("?{query}")));
        let shown = query.replace('&', "&amp;");
        assert!(page.contains(&format!("value=\"https://cal.example.org{start}.ics{shown}\"")), "{path}: {page}");
        assert!(page.contains(&format!("href=\"webcal://cal.example.org{start}.ics{shown}\"")), "{path}: {page}");
        assert!(page.contains("<svg class=\"qr\" role=\"img\" aria-label=\"QR code of the address webcal://"), "{path}: {page}");
        for ending in ["ics", "json", "csv", "atom"] {
            assert_eq!(anybody.get(&format!("{start}.{ending}{query}")).status, Status::Ok, "{path}.{ending}");
        }
        for program in
            ["Google Calendar", "Apple Calendar", "Outlook on the web", "Outlook for Windows", "Thunderbird", "Android"]
        {
            assert!(page.contains(program), "{path}: {program}");
        }
    }
}

#[test]
fn the_list_of_feeds_leads_to_pages_that_are_there_and_other_addresses_are_none() {
    let world = World::demo();
    let anybody = Visitor::of(&world);
    let page = anybody.get("/feeds").text();
    let links: Vec<&str> = page
        .split("href=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .filter(|href| href.starts_with("/feeds/"))
        .collect();
    assert!(links.len() > 20, "{links:?}");
    for link in links.iter().step_by(5) {
        assert_eq!(anybody.get(link).status, Status::Ok, "{link}");
    }
    for nowhere in ["/feeds/none", "/feeds/roles/mayer", "/feeds/teams/abcdef", "/feeds/planets/mars"] {
        assert_eq!(anybody.get(nowhere).status, Status::NotFound, "{nowhere}");
    }
    assert_eq!(anybody.get("/feeds/all?colour=red").status, Status::BadRequest);
}
