//! `/`: the calendar as agenda, month and year.

use chrono::{Datelike as _, Months, NaiveDate};
use rocket::{State, get};

use crate::app::select::Selection;
use crate::app::view::{self, Directory, Listed};
use crate::app::{App, Error, Result};
use crate::domain::observance::Tier;
use crate::domain::{Days, Mode, Occurrence, wording};
use crate::web::answer::Page;
use crate::web::db::Service;
use crate::web::guards::{Pairs, Viewer};
use crate::web::http::encoded;
use crate::web::layout::Paging;
use crate::web::layout::badge::tint;
use crate::web::layout::rows::Link;
use crate::web::pages::calendar::{Agenda, AgendaMonth, Filters, agenda};
use crate::web::pages::month::{DayNote, Month, MonthEntry, month};
use crate::web::pages::year::{Bar, Year, YearDay, YearRow, year};
use crate::web::problem::Problem;
use crate::web::words;

/// The names in the address that are not filters.
const ALSO: [&str; 6] = ["view", "past", "month", "from", "by", "future"];
/// How many rows the agenda shows at once.
const ROWS: usize = 120;

#[get("/")]
pub async fn calendar(service: &State<Service>, viewer: Viewer, asked: Pairs) -> Result<Page, Problem> {
    let actor = viewer.actor.clone();
    let (content, title) = service.run(move |app| show(app, &actor, &asked)).await?;
    Ok(Page::new(service, &viewer, title, content).with_feed("/feeds/all.ics".to_owned()))
}

fn show(app: &App, actor: &crate::app::Actor, asked: &Pairs) -> Result<(maud::Markup, &'static str)> {
    let selection = app.store.read::<_, Error>(|reader| Selection::read(reader, asked.iter(), &ALSO))?;
    let place = Asked { app, query_pairs: asked, directory: view::directory(app)?, today: app.today() };
    match asked.one("view") {
        "month" => {
            let first = day_of(asked.one("month")).unwrap_or(place.today);
            let first = first.with_day(1).unwrap_or(first);
            let within = Days::new(first - chrono::Days::new(7), first + Months::new(1) + chrono::Days::new(7));
            Ok((month(&place.month(&view::list(app, actor, &selection, Some(within))?, first)?), "Month"))
        }
        "year" => {
            let first = day_of(asked.one("from")).unwrap_or(place.today);
            let first = first.with_day(1).unwrap_or(first);
            let within = Days::new(first, first + Months::new(YEAR_MONTHS));
            Ok((year(&place.year(&view::list(app, actor, &selection, Some(within))?, first)?), "Year"))
        }
        "" | "agenda" => {
            let past = asked.one("past") == "true";
            let first = if past { NaiveDate::default() } else { place.today };
            let within = Days::new(first, place.today + Months::new(60));
            Ok((agenda(&place.agenda(&view::list(app, actor, &selection, Some(within))?, past)), "Calendar"))
        }
        other => Err(Error::field("view", format!("there is no view “{other}”; there are agenda, month, year"))),
    }
}

const YEAR_MONTHS: u32 = 15;

/// `2027-10` or `2027-10-06`.
fn day_of(text: &str) -> Option<NaiveDate> {
    let day = text.parse().ok().or_else(|| format!("{text}-01").parse().ok())?;
    (NaiveDate::from_ymd_opt(1990, 1, 1)?..NaiveDate::from_ymd_opt(2150, 1, 1)?).contains(&day).then_some(day)
}

struct Asked<'a> {
    app: &'a App,
    query_pairs: &'a Pairs,
    directory: Directory,
    today: NaiveDate,
}

impl Asked<'_> {
    fn agenda(&self, listed: &[Listed], past: bool) -> Agenda {
        let mut shown: Vec<(&Listed, &Occurrence)> =
            listed.iter().flat_map(|one| one.entry.occurrences.iter().map(move |at| (one, at))).collect();
        shown.sort_by_key(|(one, at)| (at.span.start, one.entry.event.id));
        if past {
            shown.reverse();
        }
        let all = shown.len();
        shown.truncate(ROWS);
        let mut months: Vec<AgendaMonth> = Vec::new();
        for (one, at) in shown {
            let title = at.when.days().first.format("%B %Y").to_string();
            if months.last().is_none_or(|month| month.title != title) {
                months.push(AgendaMonth { title, rows: Vec::new() });
            }
            if let Some(month) = months.last_mut() {
                month.rows.push(words::row(one, Some(at), &self.directory));
            }
        }
        let what = if all == 1 { "1 convening".to_owned() } else { format!("{all} convenings") };
        let since = format!(
            "{what} {} {}",
            if past { "in all, newest first, seen on" } else { "from" },
            wording::days(Days::one(self.today))
        );
        let cut = if all > ROWS { format!("; the first {ROWS} are shown") } else { String::new() };
        Agenda { filters: self.filters(), summary: format!("{since}{cut}."), months, paging: Paging::default() }
    }

    fn month(&self, listed: &[Listed], first: NaiveDate) -> Result<Month> {
        let near = Days::new(first, first + Months::new(1));
        let entries = Self::each(listed, |one, at| MonthEntry {
            href: format!("/events/{}", one.entry.event.id),
            title: one.entry.event.details.title.clone(),
            partner: self.directory.partner(&one.entry.event.details.partner),
            tint: tint(one.entry.event.details.partner.as_str()),
            days: at.when.days(),
            status: if at.cancelled { crate::domain::EventStatus::Cancelled } else { one.entry.event.status },
        });
        let observances = self.observances(near)?;
        let notes =
            observances.iter().flat_map(|one| one.days.iter().map(|day| DayNote { day, name: one.name.clone() })).collect();
        let to = |first: NaiveDate| {
            Link::new(
                self.address(&[("view", "month"), ("month", &first.format("%Y-%m").to_string())]),
                first.format("%B %Y").to_string(),
            )
        };
        Ok(Month {
            filters: Filters {
                past: None,
                keep: vec![kept("view", "month"), kept("month", &first.format("%Y-%m").to_string())],
                ..self.filters()
            },
            month: first,
            today: Some(self.today),
            entries,
            observances: notes,
            before: to(first - Months::new(1)),
            after: to(first + Months::new(1)),
        })
    }

    fn year(&self, listed: &[Listed], first: NaiveDate) -> Result<Year> {
        let by_role = self.query_pairs.one("by") == "role";
        let bar = |one: &Listed, at: &Occurrence| Bar {
            href: format!("/events/{}", one.entry.event.id),
            title: one.entry.event.details.title.clone(),
            short: one
                .entry
                .event
                .details
                .venue
                .as_ref()
                .and_then(|venue| venue.city.clone())
                .unwrap_or_else(|| "online".to_owned()),
            when: words::when(at.when, one.entry.event.details.zone),
            days: at.when.days(),
            tint: tint(one.entry.event.details.partner.as_str()),
            status: one.entry.event.status,
        };
        let rows_of = |name: String, wanted: &dyn Fn(&Listed) -> bool| {
            let bars: Vec<Bar> = listed
                .iter()
                .filter(|one| wanted(one))
                .flat_map(|one| one.entry.occurrences.iter().map(move |at| bar(one, at)))
                .collect();
            YearRow { name, bars }
        };
        let mut rows: Vec<YearRow> = if by_role {
            let tree = &self.directory.roles;
            tree.iter()
                .map(|role| {
                    rows_of(role.name.clone(), &|one| {
                        one.entry.event.details.roles.iter().any(|wide| tree.is_within(&role.slug, wide))
                    })
                })
                .collect()
        } else {
            self.directory
                .partners
                .iter()
                .map(|partner| rows_of(partner.name.clone(), &|one| one.entry.event.details.partner == partner.slug))
                .collect()
        };
        rows.retain(|row| !row.bars.is_empty());
        let near = Days::new(first, first + Months::new(YEAR_MONTHS));
        let observances = self.observances(near)?;
        let days = observances.iter().map(|one| YearDay {
            name: one.name.clone(),
            days: one.days,
            words: wording::days(one.days),
            avoid: one.tier == Tier::Avoid,
        });
        let from = first.format("%Y-%m").to_string();
        let to = |first: NaiveDate| {
            Link::new(
                self.address(&[
                    ("view", "year"),
                    ("from", &first.format("%Y-%m").to_string()),
                    ("by", self.query_pairs.one("by")),
                ]),
                first.format("%B %Y").to_string(),
            )
        };
        Ok(Year {
            filters: Filters { past: None, keep: vec![kept("view", "year"), kept("from", &from)], ..self.filters() },
            from: first,
            months: YEAR_MONTHS,
            today: Some(self.today),
            groupings: vec![
                Link::new(self.address(&[("view", "year"), ("from", &from)]), "By partner"),
                Link::new(self.address(&[("view", "year"), ("from", &from), ("by", "role")]), "By role"),
            ],
            rows,
            observances: days.collect(),
            before: to(first - Months::new(6)),
            after: to(first + Months::new(6)),
        })
    }

    fn each<T>(listed: &[Listed], make: impl Fn(&Listed, &Occurrence) -> T) -> Vec<T> {
        listed.iter().flat_map(|one| one.entry.occurrences.iter().map(|at| make(one, at)).collect::<Vec<_>>()).collect()
    }

    fn observances(&self, days: Days) -> Result<Vec<crate::domain::Observance>> {
        let mut found = self.app.store.read::<_, Error>(|reader| crate::app::agenda::observances(reader, days))?;
        found.retain(|one| one.tier != Tier::Note && one.state.is_none());
        Ok(found)
    }

    fn filters(&self) -> Filters {
        let chosen_in = |name: &'static str| {
            move |value: &str| self.query_pairs.all(name).iter().any(|all| all.split(',').any(|one| one == value))
        };
        let labels = |slug: &str| {
            let role = slug.parse().ok().and_then(|role| self.directory.roles.get(&role).map(|role| role.name.clone()));
            let partner = slug.parse().ok().map(|slug| self.directory.partner(&slug));
            role.or_else(|| slug.parse::<Mode>().ok().map(|mode| mode.words().to_owned()))
                .or(partner)
                .unwrap_or_else(|| slug.to_owned())
        };
        let mut chosen = Vec::new();
        for name in ["roles", "partners", "modes", "place"] {
            for value in self.query_pairs.all(name) {
                chosen.push(Link::new(self.without(name, &value), labels(&value)));
            }
        }
        Filters {
            action: "/".to_owned(),
            roles: words::role_choices(&self.directory, &chosen_in("roles")),
            partners: words::partner_choices(&self.directory, &chosen_in("partners")),
            modes: words::mode_choices(&chosen_in("modes")),
            place: self.query_pairs.one("place").to_owned(),
            past: Some(self.query_pairs.one("past") == "true"),
            keep: Vec::new(),
            chosen,
            clear: "/".to_owned(),
            agenda: self.address(&[]),
            month: self.address(&[("view", "month")]),
            year: self.address(&[("view", "year")]),
            subscribe: format!("/subscribe{}", self.query(&[], &["place"])),
        }
    }

    /// The calendar with the filters in force, and these.
    fn address(&self, with: &[(&str, &str)]) -> String {
        format!("/{}", self.query(with, &[]))
    }

    fn query(&self, with: &[(&str, &str)], drop: &[&str]) -> String {
        let kept =
            self.query_pairs.iter().filter(|(name, value)| !ALSO.contains(name) && !drop.contains(name) && !value.is_empty());
        joined(kept.chain(with.iter().copied().filter(|(_, value)| !value.is_empty())))
    }

    fn without(&self, name: &str, value: &str) -> String {
        format!("/{}", joined(self.query_pairs.iter().filter(|pair| *pair != (name, value) && !pair.1.is_empty())))
    }
}

fn kept(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

/// Pairs as the query of an address, with its `?`; empty where there are none.
pub fn joined<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let parts: Vec<String> = pairs.map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
    if parts.is_empty() { String::new() } else { format!("?{}", parts.join("&")) }
}
