//! `/findings`: all findings that the viewer may see.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rocket::{State, get};

use crate::app::life::note_seen;
use crate::app::select::days_between;
use crate::app::{Actor, App, Error, Result, agenda, view};
use crate::domain::conflict::{Finding, Kind, Severity};
use crate::domain::{Days, Event, EventId};
use crate::store::StoredFinding;
use crate::web::answer::Page;
use crate::web::db::Service;
use crate::web::guards::{Pairs, Viewer};
use crate::web::layout::finding::tally;
use crate::web::layout::rows::Link;
use crate::web::layout::{Choice, Paging};
use crate::web::pages::findings::{FindingsPage, findings as page, severity_choices};
use crate::web::problem::Problem;
use crate::web::words;

/// How many findings one page shows.
const SHOWN: usize = 60;

#[get("/findings")]
pub async fn findings(service: &State<Service>, viewer: Viewer, asked: Pairs) -> Result<Page, Problem> {
    let actor = viewer.actor.clone();
    let content = service.run(move |app| Ok(page(&fill(app, &actor, &asked)?))).await?;
    Ok(Page::new(service, &viewer, "Findings", content))
}

fn fill(app: &App, actor: &Actor, asked: &Pairs) -> Result<FindingsPage> {
    let directory = view::directory(app)?;
    let wish = Wish::read(asked)?;
    let today = app.today();
    let mut found = agenda::findings(app, actor)?;
    let events = events_of(app, &found)?;
    found.retain(|stored| wish.wants(stored, &events, today));
    let about = |stored: &StoredFinding| stored.finding.events.iter().filter_map(|id| events.get(id)).collect::<Vec<_>>();
    found.sort_by_key(|stored| {
        (words::days_of(stored, &about(stored)).map(|days| days.first), stored.finding.fingerprint.to_string())
    });
    let all = found.len();
    let levels: Vec<_> = found.iter().map(|stored| words::level(stored.finding.severity)).collect();
    let start = asked.one("start").parse::<usize>().unwrap_or(0).min(all);
    let shown: Vec<StoredFinding> = found.into_iter().skip(start).take(SHOWN).collect();
    note_seen(app, actor, &shown)?;
    let mut groups: Vec<(String, Vec<_>)> = Vec::new();
    for (card, stored) in words::cards(app, actor, &shown, &directory)?.into_iter().zip(&shown) {
        let month = words::days_of(stored, &about(stored))
            .map_or_else(|| "Undated".to_owned(), |days| days.first.format("%B %Y").to_string());
        match groups.last_mut() {
            Some((title, cards)) if *title == month => cards.push(card),
            _ => groups.push((month, vec![card])),
        }
    }
    let range = if wish.from.is_none() && !wish.past { " from today on" } else { "" };
    Ok(FindingsPage {
        action: "/findings".to_owned(),
        kinds: Kind::ALL.iter().map(|kind| Choice::new(kind.as_str(), kind.label()).chosen(wish.kinds.contains(kind))).collect(),
        severities: severity_choices(&wish.severities.iter().map(|severity| words::level(*severity)).collect::<Vec<_>>()),
        partners: words::partner_choices(&directory, &|slug| wish.partners.iter().any(|one| one == slug)),
        from: asked.one("from").to_owned(),
        to: asked.one("to").to_owned(),
        settled: wish.settled,
        summary: if all == 0 { format!("No findings{range}.") } else { format!("{}{range}.", tally(&levels)) },
        groups,
        paging: paging(asked, start, all),
        clear: "/findings?past=true&settled=true".to_owned(),
    })
}

fn paging(asked: &Pairs, start: usize, all: usize) -> Paging {
    let at = |start: usize| {
        let kept = asked.iter().filter(|(name, _)| *name != "start");
        let parts: Vec<String> = kept
            .map(|(name, value)| format!("{}={}", crate::web::http::encoded(name), crate::web::http::encoded(value)))
            .collect();
        format!("/findings?{}&start={start}", parts.join("&"))
    };
    let end = (start + SHOWN).min(all);
    Paging {
        before: (start > 0).then(|| Link::new(at(start.saturating_sub(SHOWN)), "Earlier")),
        words: if all > SHOWN { format!("{}–{end} of {all}", start + 1) } else { String::new() },
        after: (end < all).then(|| Link::new(at(end), "Later")),
    }
}

/// The events that findings are about.
pub(super) fn events_of(app: &App, found: &[StoredFinding]) -> Result<BTreeMap<EventId, Event>> {
    events_named(app, found.iter().flat_map(|stored| &stored.finding.events))
}

/// The events that one finding is about.
pub(super) fn events_about(app: &App, finding: &Finding) -> Result<BTreeMap<EventId, Event>> {
    events_named(app, finding.events.iter())
}

fn events_named<'f>(app: &App, ids: impl Iterator<Item = &'f EventId>) -> Result<BTreeMap<EventId, Event>> {
    app.store.read::<_, Error>(|reader| {
        let mut events = BTreeMap::new();
        for id in ids {
            if !events.contains_key(id) {
                events.insert(*id, reader.event(*id)?);
            }
        }
        Ok(events)
    })
}

struct Wish {
    kinds: Vec<Kind>,
    severities: Vec<Severity>,
    partners: Vec<String>,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    settled: bool,
    past: bool,
}

impl Wish {
    fn read(asked: &Pairs) -> Result<Self> {
        let day = |name: &str| match asked.some(name) {
            None => Ok(None),
            Some(text) => {
                text.parse().map(Some).map_err(|_| Error::field(name, format!("“{text}” is no day; one would be 2027-10-06")))
            }
        };
        let each = |name: &str| {
            asked.all(name).iter().flat_map(|text| text.split(',').map(str::to_owned).collect::<Vec<_>>()).collect::<Vec<_>>()
        };
        let kinds = [each("kinds"), each("kind")].concat();
        let severities = [each("severities"), each("severity")].concat();
        days_between(day("from")?, day("to")?)?;
        Ok(Self {
            kinds: known("kinds", &kinds)?,
            severities: known("severities", &severities)?,
            partners: each("partners"),
            from: day("from")?,
            to: day("to")?,
            settled: asked.one("settled") == "true",
            past: asked.one("past") == "true",
        })
    }

    fn wants(&self, stored: &StoredFinding, events: &BTreeMap<EventId, Event>, today: NaiveDate) -> bool {
        let finding = &stored.finding;
        let about: Vec<&Event> = finding.events.iter().filter_map(|id| events.get(id)).collect();
        let from = self.from.or((!self.past).then_some(today));
        let days = Days { first: from.unwrap_or(Days::ALL.first), last: self.to.unwrap_or(Days::ALL.last) };
        (self.kinds.is_empty() || self.kinds.contains(&finding.kind))
            && (self.severities.is_empty() || self.severities.contains(&finding.severity))
            && (self.partners.is_empty()
                || about.iter().any(|event| self.partners.iter().any(|partner| event.details.partner.as_str() == partner)))
            && (self.settled || stored.overridden.is_none())
            && finding.is_on(days, |id| words::zone_of(id, &about))
    }
}

/// Each text by its own parser; the first that is unknown is refused.
fn known<T: std::str::FromStr>(field: &str, texts: &[String]) -> Result<Vec<T>> {
    let read = |text: &String| text.parse().map_err(|_| Error::field(field, format!("“{text}” is none of {field}")));
    texts.iter().map(read).collect()
}
