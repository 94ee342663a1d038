//! The cast: three made-up partners in two zones, their people, two cohorts, two city teams.
//!
//! **Harbor Alliance** (New York time): Ada plans. **Prairie Network** (Chicago time): Ben plans.
//! **Summit Institute**: Cleo looks after it. Harbor and Prairie lead the equity officers together, Summit leads the
//! chiefs of staff. Sam and Toni speak. Riverbend has somebody in both cohorts, Elm Hollow only an equity officer.

use convene::app::{Actor, App, Error};
use convene::domain::team::Member;
use convene::domain::{Cohort, Partner, Team, Venue};
use convene::json::Draft;
use convene::store::{User, UserRole};

/// Harbor's organizer.
pub fn ada() -> Actor {
    Actor::User(user("Ada Placeholder", "harbor", UserRole::Organizer))
}

/// Prairie's organizer.
pub fn ben() -> Actor {
    Actor::User(user("Ben Placeholder", "prairie", UserRole::Organizer))
}

/// Summit's administrator.
pub fn cleo() -> Actor {
    Actor::User(user("Cleo Placeholder", "summit", UserRole::PartnerAdmin))
}

/// Where mail reaches one of them.
pub fn address(name: &str) -> String {
    format!("{}@example.org", name.to_lowercase())
}

/// An hour and a half online for equity officers, called by whoever puts it forward.
pub fn session(title: &str, day: &str) -> Draft {
    Draft {
        title: title.to_owned(),
        roles: vec!["chief_equity_officer".to_owned()],
        mode: Some("virtual".to_owned()),
        join_url: Some("https://meet.example.org/room".to_owned()),
        start: format!("{day}T14:00"),
        end: Some(format!("{day}T15:30")),
        time_zone: Some("America/New_York".to_owned()),
        ..Draft::default()
    }
}

/// A morning in one room of one house in Kansas City, for chiefs of staff.
pub fn in_the_oak_room(title: &str, day: &str) -> Draft {
    Draft {
        title: title.to_owned(),
        roles: vec!["chief_of_staff".to_owned()],
        mode: Some("in_person".to_owned()),
        venue: Some(Venue {
            name: Some("Union Hall".to_owned()),
            room: Some("Oak Room".to_owned()),
            city: Some("Kansas City".to_owned()),
            state: Some("MO".to_owned()),
            ..Venue::default()
        }),
        start: format!("{day}T09:00"),
        end: Some(format!("{day}T12:00")),
        time_zone: Some("America/Chicago".to_owned()),
        ..Draft::default()
    }
}

/// Everybody is made known to the service.
pub fn move_in(app: &App) {
    let now = app.now();
    let moved = app.store.write::<_, Error>(|writer| {
        for (slug, name) in [("harbor", "Harbor Alliance"), ("prairie", "Prairie Network"), ("summit", "Summit Institute")] {
            writer.add_partner(&Partner { slug: known(slug), name: name.to_owned(), url: None }, now)?;
        }
        for actor in [ada(), ben(), cleo()] {
            if let Actor::User(user) = actor {
                writer.add_user(&user, now)?;
            }
        }
        for (slug, name, role, partners) in [
            ("equity-officers", "Equity officers", "chief_equity_officer", &["harbor", "prairie"][..]),
            ("staff-chiefs", "Chiefs of staff", "chief_of_staff", &["summit"]),
        ] {
            let partners = partners.iter().map(|slug| known(slug)).collect();
            writer.add_cohort(&Cohort {
                slug: known(slug),
                name: name.to_owned(),
                role: known(role),
                partners,
                teams: [].into(),
            })?;
        }
        writer.put_person(&known("sam-speaker"), "Sam Speaker")?;
        writer.put_person(&known("toni-speaker"), "Toni Speaker")?;
        writer.add_team(&team(
            "riverbend-oh",
            "Riverbend",
            "OH",
            chrono_tz::America::New_York,
            &["chief_equity_officer", "chief_of_staff"],
        ))?;
        writer.add_team(&team("elm-hollow-mo", "Elm Hollow", "MO", chrono_tz::America::Chicago, &["chief_equity_officer"]))?;
        Ok(())
    });
    moved.expect("the cast moves in");
}

fn user(name: &str, partner: &str, role: UserRole) -> User {
    let first = name.split(' ').next().unwrap_or_default();
    User { email: address(first), name: name.to_owned(), partner: Some(known(partner)), team: None, role }
}

fn team(slug: &str, name: &str, state: &str, zone: chrono_tz::Tz, roles: &[&str]) -> Team {
    let member = |role: &&str| Member {
        name: format!("Made-up {role} of {name}"),
        role: known(role),
        cohorts: [known(if *role == "chief_of_staff" { "staff-chiefs" } else { "equity-officers" })].into(),
    };
    Team {
        slug: known(slug),
        name: name.to_owned(),
        state: Some(state.to_owned()),
        zone,
        home: None,
        members: roles.iter().map(member).collect(),
    }
}

fn known<T: std::str::FromStr<Err: std::fmt::Debug>>(slug: &str) -> T {
    slug.parse().unwrap_or_else(|error| panic!("{slug}: {error:?}"))
}
