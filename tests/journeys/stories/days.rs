//! Real convenings on real days: splits, observances, holidays.

use convene::app::Actor;
use convene::app::agenda::findings;
use convene::app::seed::LEAD;
use convene::app::teams::year::year;
use convene::domain::conflict::{Finding, Kind, Severity};

use super::{in_person, put, said};
use crate::support::World;
use convene::domain::EventStatus;

/// Kind, severity and sentence of what is found about the event of this title.
fn about(world: &World, title: &str, kinds: &[Kind]) -> Vec<(Kind, Severity, String)> {
    let id = world.event(title).id;
    let mut all: Vec<Finding> = super::found(world, id);
    all.retain(|finding| kinds.contains(&finding.kind));
    all.sort_by_key(|finding| (finding.kind, finding.occurrences.first().map(|at| at.start), finding.message.clone()));
    all.into_iter().map(|finding| (finding.kind, finding.severity, finding.message)).collect()
}

#[test]
fn story_02_see_a_team_split() {
    let world = World::demo();
    let all = findings(&world.app, &Actor::Visitor).expect("findings");
    let split = |words: &str| {
        let found: Vec<&Finding> = all
            .iter()
            .map(|stored| &stored.finding)
            .filter(|finding| finding.kind == Kind::TeamSplit && finding.message.contains(words))
            .collect();
        assert!(!found.is_empty(), "{words}");
        found.iter().map(|finding| finding.message.clone()).collect::<Vec<_>>().join("\n")
    };
    let summit = split("Kansas City, MO and Phoenix, AZ");
    for words in ["share three days", "17–19 November 2022", "no role is shared", "would have to split"] {
        assert!(summit.contains(words), "{words}: {summit}");
    }
    assert!(
        split("8–10 November 2018").contains("Los Angeles, CA and Detroit, MI")
            || split("8–10 November 2018").contains("Detroit, MI and Los Angeles, CA")
    );
    // The team's lead sees it on the team's own page.
    world.at("2022-10-01T12:00:00Z");
    let lead = convene::app::sign_in::user(&world.app, LEAD.0).expect("the store").expect("the lead");
    let shown = year(&world.app, &Actor::User(lead), &LEAD.1.parse().expect("a team")).expect("the year");
    let own: Vec<&Finding> = shown.clashes.iter().filter(|finding| finding.kind == Kind::TeamSplit).collect();
    assert!(own.iter().any(|finding| finding.message.contains("17–19 November 2022")), "{own:?}");
}

#[test]
fn story_08_observances() {
    let world = World::demo();
    let reimagined = "Local Government Reimagined 2026: AI in Local Government";
    let avoid: Vec<String> = about(&world, reimagined, &[Kind::Observance])
        .into_iter()
        .filter(|one| one.1 == Severity::High)
        .map(|one| one.2)
        .collect();
    let expected = [
        "10 April 2026 is Orthodox Good Friday: some may not work or travel then.",
        "8–9 April 2026 are Passover (last two days), from sunset on 7 April 2026, the evening of arrival: some may not work or travel then.",
    ];
    let mut avoid = avoid;
    avoid.sort();
    assert_eq!(avoid, expected);
    let sukkot = about(&world, "ICMA Annual Conference 2018", &[Kind::Observance]);
    assert!(
        sukkot
            .iter()
            .any(|(_, severity, said)| *severity == Severity::High && said.starts_with("24–25 September 2018 are Sukkot")),
        "{sukkot:?}"
    );
    // Never who keeps it.
    let all = findings(&world.app, &Actor::Visitor).expect("findings");
    for stored in all {
        let said = stored.finding.message.to_lowercase();
        for word in ["jew", "muslim", "christian", "hindu", "buddhist", "sikh", "believer", "faith", "religio"] {
            assert!(!said.contains(word), "{said}");
        }
    }
}

#[test]
fn story_09_travel_on_a_holiday() {
    let world = World::demo();
    let holiday = |title: &str| about(&world, title, &[Kind::FederalHoliday]);
    let arrival = "The day before it begins, 19 June 2024, when people would travel, is Juneteenth National Independence Day, a federal holiday.";
    let ninety_second = "U.S. Conference of Mayors 92nd Annual Meeting";
    assert_eq!(holiday(ninety_second), [(Kind::FederalHoliday, Severity::Medium, arrival.to_owned())]);
    let opening = "19 June 2025 is Juneteenth National Independence Day, a federal holiday: government offices are closed.";
    let ninety_third = "U.S. Conference of Mayors 93rd Annual Meeting";
    assert_eq!(holiday(ninety_third), [(Kind::FederalHoliday, Severity::High, opening.to_owned())]);
    let lab = about(&world, "Bloomberg CityLab 2024", &[Kind::FederalHoliday, Kind::ObservanceEve]);
    let words: Vec<&str> = lab.iter().map(|one| one.2.as_str()).collect();
    assert!(words.iter().any(|said| said.starts_with("14 October 2024 is Indigenous Peoples' Day")), "{words:?}");
    assert!(
        words.iter().any(|said| said.starts_with("Sukkot (first two days) begins at sunset on 16 October 2024")),
        "{words:?}"
    );
    // Online nobody travels on the day before.
    world.at("2024-01-10T12:00:00Z");
    let meeting =
        in_person("Mayors in June", "uscm", &["mayor"], ("2024-06-20", "2024-06-20"), "Kansas City, MO", "America/Chicago");
    let online =
        convene::json::Draft { title: "Mayors online".into(), mode: Some("virtual".into()), venue: None, ..meeting.clone() };
    let (there, here) = (put(&world, &meeting, EventStatus::Announced).id, put(&world, &online, EventStatus::Announced).id);
    assert_eq!(said(&world, there, Kind::FederalHoliday).len(), 1);
    assert_eq!(said(&world, here, Kind::FederalHoliday), []);
    world.ignore_letters();
}
