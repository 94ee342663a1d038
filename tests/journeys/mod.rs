//! What people and calendars do with the service, through all of its rooms.

mod feed_keys;
mod sources;
mod upstream;

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use convene::app::App;
use convene::clock::Clock;
use convene::config::{self, Settings};
use convene::domain::team::Member;
use convene::domain::{Partner, Team};
use convene::keys::Keys;
use convene::mail;
use convene::store::{Store, User, UserRole};

/// The service over a database of its own, at a time that stands still.
struct Service {
    app: App,
    settings: Settings,
    figment: rocket::figment::Figment,
    folder: PathBuf,
}

impl Service {
    /// With two partners, their people, and one city team; all of them made up.
    fn at(now: &str) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("convene-journey-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let (figment, mut settings) = config::load(None).unwrap();
        settings.database = folder.join("convene.sqlite");
        settings.base_url = "https://convene.example.org".into();
        settings.upstream.allow_loopback = true;
        let store = Store::open(&settings.database).unwrap();
        let app = App::new(store, Clock::at(now.parse().unwrap()), Keys::counted(), settings.clone()).unwrap();
        let service = Self { app, settings, figment, folder };
        service.cast();
        service
    }

    fn cast(&self) {
        let user = |email: &str, name: &str, partner: &str, role| User {
            email: email.to_owned(),
            name: name.to_owned(),
            partner: partner.parse().unwrap(),
            role,
        };
        let member =
            |name: &str, role: &str| Member { name: name.to_owned(), role: role.parse().unwrap(), cohorts: Default::default() };
        self.app
            .store
            .write::<_, convene::store::Error>(|writer| {
                for (slug, name) in [("lake-league", "Lake League"), ("river-institute", "River Institute")] {
                    let partner = Partner { slug: slug.parse().unwrap(), name: name.to_owned(), url: None };
                    writer.add_partner(&partner, self.app.now())?;
                }
                for user in [
                    user("ada@example.org", "Ada Sample", "lake-league", UserRole::PartnerAdmin),
                    user("ben@example.org", "Ben Sample", "lake-league", UserRole::Organizer),
                    user("cal@example.org", "Cal Sample", "river-institute", UserRole::Organizer),
                ] {
                    writer.add_user(&user, self.app.now())?;
                }
                writer.add_team(&Team {
                    slug: "sampleton".parse().unwrap(),
                    name: "Sampleton".to_owned(),
                    state: Some("OH".to_owned()),
                    zone: chrono_tz::America::New_York,
                    home: Some((40.0, -82.9)),
                    members: vec![
                        member("Mia Sample", "mayor"),
                        member("Eve Sample", "chief_equity_officer"),
                        member("Pat Sample", "procurement_staff"),
                    ],
                })
            })
            .unwrap();
    }

    /// Lets time pass.
    fn set(&self, now: &str) {
        self.app.clock.set(now.parse().unwrap());
    }

    /// Letters written so far: recipient, subject and text.
    fn letters(&self) -> Vec<(String, String, String)> {
        let rows = self.app.store.read::<_, convene::store::Error>(|reader| reader.letters(100)).unwrap();
        rows.into_iter().rev().map(|row| (row.recipient, row.subject, mail::read(&row.mail).text)).collect()
    }

    /// The web server over the same database.
    fn visitor(&self) -> rocket::local::blocking::Client {
        let store = Store::open(&self.settings.database).unwrap();
        let app = App::new(store, Clock::at(self.app.now()), Keys::counted(), self.settings.clone()).unwrap();
        rocket::local::blocking::Client::tracked(convene::web::build(app, &self.figment, false)).unwrap()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
