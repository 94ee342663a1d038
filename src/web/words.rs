//! Facts of the service as the pieces that pages are made of.

use std::collections::BTreeMap;

use chrono_tz::Tz;

use super::layout::finding::{OverrideForm, Settlement};
use super::layout::rows::Warnings;
use super::layout::{Choice, EventRow, FindingCard, Level, Link, PartnerChip, WhenWords};
use crate::app::overrides::may_withdraw;
use crate::app::view::{Directory, Listed};
use crate::app::{Actor, App, Error, Result};
use crate::domain::conflict::{Expiry, Finding, Severity, Voice};
use crate::domain::{Days, Event, EventId, Occurrence, RoleSlug, When, span::instant, wording};
use crate::store::StoredFinding;

/// The level that a severity is shown with.
#[must_use]
pub fn level(severity: Severity) -> Level {
    match severity {
        Severity::Block => Level::Block,
        Severity::High => Level::High,
        Severity::Medium => Level::Medium,
        Severity::Low => Level::Low,
        Severity::Note => Level::Note,
        Severity::Opportunity => Level::Opportunity,
    }
}

/// When, as pages show it.
#[must_use]
pub fn when(when: When, zone: Tz) -> WhenWords {
    match when {
        When::Days { first, .. } => {
            WhenWords { days: wording::when(when, zone), hours: None, datetime: first.to_string(), was: None }
        }
        When::Times { start, .. } => {
            let days = wording::days(when.days());
            let all = wording::when(when, zone);
            let hours = all.strip_prefix(&format!("{days}, ")).map(str::to_owned);
            let datetime = instant(start, zone).with_timezone(&zone).format("%Y-%m-%dT%H:%M%:z").to_string();
            WhenWords { days: if hours.is_some() { days } else { all }, hours, datetime, was: None }
        }
    }
}

/// The chips of those who call an event, the host first.
#[must_use]
pub fn chips(event: &Event, directory: &Directory) -> Vec<PartnerChip> {
    let details = &event.details;
    std::iter::once(&details.partner)
        .chain(&details.co_hosts)
        .map(|slug| PartnerChip::new(slug.as_str(), &directory.partner(slug)))
        .collect()
}

/// Roles by their names for people.
#[must_use]
pub fn roles<'a>(roles: impl IntoIterator<Item = &'a RoleSlug>, directory: &Directory) -> Vec<String> {
    roles.into_iter().map(|role| directory.roles.name(role)).collect()
}

/// One event as a row, at one of its occurrences.
#[must_use]
pub fn row(listed: &Listed, one: Option<&Occurrence>, directory: &Directory) -> EventRow {
    let event = &listed.entry.event;
    let warnings = listed.attention(one).map(|(count, worst)| Warnings {
        count,
        worst: level(worst),
        href: format!("/events/{}#findings", event.id),
    });
    EventRow { warnings, ..bare_row(event, one, directory) }
}

/// One event as a row, without its findings.
#[must_use]
pub fn bare_row(event: &Event, one: Option<&Occurrence>, directory: &Directory) -> EventRow {
    let details = &event.details;
    EventRow {
        href: format!("/events/{}", event.id),
        title: one.and_then(|one| one.title.clone()).unwrap_or_else(|| details.title.clone()),
        when: when(one.map_or(details.when, |one| one.when), details.zone),
        status: if one.is_some_and(|one| one.cancelled) { crate::domain::EventStatus::Cancelled } else { event.status },
        partners: chips(event, directory),
        place: details.venue.as_ref().and_then(crate::domain::Venue::town),
        mode: details.mode,
        roles: roles(&details.roles, directory),
        warnings: None,
    }
}

/// Findings as cards, with the titles of the events they are about.
///
/// # Errors
/// When the store fails.
pub fn cards(app: &App, actor: &Actor, found: &[StoredFinding], directory: &Directory) -> Result<Vec<FindingCard>> {
    draft_cards(app, actor, found, None, directory)
}

/// The same for what is only being checked: `draft` is not stored and has no page.
///
/// # Errors
/// When the store fails.
pub fn draft_cards(
    app: &App,
    actor: &Actor,
    found: &[StoredFinding],
    draft: Option<&Event>,
    directory: &Directory,
) -> Result<Vec<FindingCard>> {
    app.store.read::<_, Error>(|reader| {
        let mut events: BTreeMap<EventId, Event> = draft.map(|draft| (draft.id, draft.clone())).into_iter().collect();
        for id in found.iter().flat_map(|stored| &stored.finding.events) {
            if !events.contains_key(id) {
                events.insert(*id, reader.event(*id)?);
            }
        }
        let mut cards = Vec::with_capacity(found.len());
        for stored in found {
            let mut card = card(app, actor, stored, &events, directory);
            if let (Some(settled), Some(by)) = (&mut card.settled, &stored.overridden)
                && may_withdraw(reader, actor, by)?
            {
                settled.withdraw = Some(format!("/findings/{}/withdrawal", card.fingerprint));
            }
            cards.push(card);
        }
        if let Some(draft) = draft {
            // A draft has no page to lead to, and nothing to override before it is stored.
            let own = format!("/events/{}", draft.id);
            for card in &mut cards {
                card.form = None;
                card.page = None;
                card.events.retain(|link| link.href != own);
            }
        }
        Ok(cards)
    })
}

fn card(
    app: &App,
    actor: &Actor,
    stored: &StoredFinding,
    events: &BTreeMap<EventId, Event>,
    directory: &Directory,
) -> FindingCard {
    let finding = &stored.finding;
    let about: Vec<&Event> = finding.events.iter().filter_map(|id| events.get(id)).collect();
    let own = about.iter().any(|event| actor.partner().is_some_and(|partner| event.is_called_by(partner)));
    let visible = about.iter().filter(|event| actor.may_see(event));
    let form = (own && matches!(actor, Actor::User(_)) && stored.overridden.is_none() && (finding.severity >= Severity::Low))
        .then(|| OverrideForm { action: format!("/findings/{}/override", finding.fingerprint), ..OverrideForm::default() });
    let mut details = Vec::new();
    if !finding.touches.roles.is_empty() {
        details.push(("Touches".to_owned(), wording::list(&roles(&finding.touches.roles, directory))));
    }
    if finding.touches.teams > 0 {
        details.push(("City teams".to_owned(), finding.touches.teams.to_string()));
    }
    details.push(("Rule".to_owned(), finding.because.rule.as_str().to_owned()));
    if let Some(threshold) = &finding.because.threshold {
        details.push(("Threshold".to_owned(), threshold.clone()));
    }
    if let Some(data) = &finding.because.data {
        details.push(("Data".to_owned(), data.clone()));
    }
    FindingCard {
        fingerprint: finding.fingerprint.to_string(),
        level: level(finding.severity),
        kind: finding.kind.label().to_owned(),
        days: days_of(stored, &about).map(wording::days),
        sentence: finding.message.clone(),
        decision: decision(&about, finding.withheld, directory),
        events: visible.map(|event| Link::new(format!("/events/{}", event.id), &event.details.title)).collect(),
        details,
        because: because(finding, &about, directory),
        settled: stored.overridden.as_ref().map(|by| Settlement {
            who: by.by_name.clone(),
            when: wording::moment(by.at, app.settings.time_zone),
            reason: by.reason.clone(),
            until: by.expiry.map(|expiry| format!("It holds until {}.", until(expiry))),
            withdraw: None,
        }),
        page: (own || actor.sees_all()).then(|| format!("/findings/{}", finding.fingerprint)),
        form,
    }
}

/// “Sat 1 May 2027, 00:00 CDT”.
#[must_use]
pub fn until(expiry: Expiry) -> String {
    wording::moment(expiry.at(), expiry.zone)
}

/// Whose policy it is, in words; `None` for the defaults.
#[must_use]
pub fn voice(voice: &Voice, directory: &Directory) -> Option<String> {
    match voice {
        Voice::Default => None,
        Voice::Network => Some("the network’s policy".to_owned()),
        Voice::Partner(slug) => Some(format!("{}’s policy", directory.partner(slug))),
        Voice::Event(_) => Some("the event’s own policy".to_owned()),
    }
}

/// “High, because NLC’s policy says so.”, with the way there.
fn because(finding: &Finding, about: &[&Event], directory: &Directory) -> Option<Link> {
    let whose = finding.because.policy.as_ref()?;
    let words = format!("{}, because {} says so", level(finding.severity).word(), voice(whose, directory)?);
    let href = match whose {
        Voice::Partner(slug) => format!("/partners/{slug}/policy"),
        Voice::Event(id) if about.iter().any(|event| event.id == *id) => format!("/events/{id}/policy"),
        _ => about.first().map(|event| format!("/events/{}/policy", event.id))?,
    };
    Some(Link::new(href, words))
}

fn decision(about: &[&Event], withheld: bool, directory: &Directory) -> Option<String> {
    let mut partners: Vec<String> = about.iter().map(|event| directory.partner(&event.details.partner)).collect();
    partners.sort();
    partners.dedup();
    if withheld {
        partners.push("another partner".to_owned());
    }
    match partners.as_slice() {
        [] => None,
        [one] => Some(format!("{one} decides.")),
        several => Some(format!("{} decide together.", wording::list(several))),
    }
}

/// The civil days of a finding, in the zone of the first event it is about.
#[must_use]
pub fn days_of(stored: &StoredFinding, about: &[&Event]) -> Option<Days> {
    stored.finding.days(|id| zone_of(id, about))
}

/// The zone of an event among those a finding is about.
#[must_use]
pub fn zone_of(id: EventId, about: &[&Event]) -> Tz {
    about.iter().find(|event| event.id == id).map_or(Tz::UTC, |event| event.details.zone)
}

/// Roles to choose from, as a tree.
#[must_use]
pub fn role_choices(directory: &Directory, chosen: &dyn Fn(&str) -> bool) -> Vec<Choice> {
    let mut choices = Vec::new();
    for wide in directory.roles.iter().filter(|role| role.parent.is_none()) {
        choices.push(Choice::new(wide.slug.as_str(), &wide.name).chosen(chosen(wide.slug.as_str())));
        for narrow in directory.roles.iter().filter(|role| role.parent.as_ref() == Some(&wide.slug)) {
            choices.push(Choice::new(narrow.slug.as_str(), &narrow.name).depth(1).chosen(chosen(narrow.slug.as_str())));
        }
    }
    choices
}

/// Partners to choose from.
#[must_use]
pub fn partner_choices(directory: &Directory, chosen: &dyn Fn(&str) -> bool) -> Vec<Choice> {
    let choice = |partner: &crate::domain::Partner| {
        Choice::new(partner.slug.as_str(), &partner.name).chosen(chosen(partner.slug.as_str()))
    };
    directory.partners.iter().map(choice).collect()
}

/// Modes to choose from.
#[must_use]
pub fn mode_choices(chosen: &dyn Fn(&str) -> bool) -> Vec<Choice> {
    crate::domain::Mode::ALL.iter().map(|mode| Choice::new(mode.as_str(), mode.words()).chosen(chosen(mode.as_str()))).collect()
}

/// The zones of the United States first, then the others.
#[must_use]
pub fn zone_choices(chosen: &str) -> Vec<Choice> {
    const NEAR: [&str; 9] = [
        "America/New_York",
        "America/Detroit",
        "America/Chicago",
        "America/Denver",
        "America/Phoenix",
        "America/Los_Angeles",
        "America/Anchorage",
        "Pacific/Honolulu",
        "America/Puerto_Rico",
    ];
    let choice = |name: &str| Choice::new(name, name.replace('_', " ")).chosen(name == chosen);
    let far = chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name()).filter(|name| {
        !NEAR.contains(name) && (name.contains('/') || *name == "UTC") && !name.starts_with("Etc/") && !name.starts_with("US/")
    });
    NEAR.into_iter().chain(far).map(choice).collect()
}
