//! Letters that a change gives rise to, written into the outbox with it.

use std::collections::BTreeSet;

use chrono::Duration;

use super::{App, Result};
use crate::domain::conflict::{Finding, Kind, Voice};
use crate::domain::{Event, EventId, PartnerSlug, wording};
use crate::mail::notices::Happening;
use crate::mail::{Letter, Sender};
use crate::store::{NewLetter, Reader, Writer};

/// Freezes a letter and puts it into the outbox; `None` where the same letter is there already.
///
/// # Errors
/// When the letter cannot be written, or the store fails.
pub(super) fn enqueue(
    app: &App,
    writer: &Writer<'_>,
    letter: &Letter,
    event: Option<EventId>,
    subscription: Option<i64>,
    hours: i64,
) -> Result<Option<i64>> {
    let now = app.now();
    let frozen = letter.freeze(&sender(app), now)?;
    let row = NewLetter {
        key: letter.key.clone(),
        kind: letter.kind.as_str().to_owned(),
        priority: u8::try_from(letter.kind.priority()).unwrap_or(u8::MAX),
        subscription,
        event,
        tells_of: told_of(app, &letter.text),
        sender: frozen.from,
        recipient: frozen.to,
        name: letter.to.name.clone(),
        subject: letter.subject.clone(),
        message_id: frozen.message_id,
        mail: frozen.bytes,
        not_after: now + Duration::hours(hours),
        order: letter.order.clone(),
    };
    Ok(writer.add_letter(&row, now)?)
}

/// The events that a letter tells of: those whose pages it links. The text has every link.
fn told_of(app: &App, text: &str) -> BTreeSet<EventId> {
    let pages = app.address("/events/");
    let id = |rest: &str| rest.get(..EventId::LENGTH)?.parse().ok();
    text.split(pages.as_str()).skip(1).filter_map(id).collect()
}

/// Who writes, by the settings.
pub(super) fn sender(app: &App) -> Sender {
    let mail = &app.settings.mail;
    let domain = mail.from.rsplit('@').next().unwrap_or("localhost").to_owned();
    Sender { from_name: mail.from_name.clone(), from: mail.from.clone(), domain, bounce: None }
}

/// Where replies go: to the contact of the one partner whose plans a letter is about, if it has one; else to the
/// service's own address for replies.
pub(super) fn replies_to(app: &App, reader: &Reader<'_>, partners: &BTreeSet<PartnerSlug>) -> Result<Option<String>> {
    let only = partners.first().filter(|_| partners.len() == 1);
    let contact = only.map(|partner| reader.contact(partner)).transpose()?.flatten();
    Ok(contact.or_else(|| app.settings.mail.reply_to.clone()))
}

/// “high”; “high, because National League of Cities’s policy says so”.
pub(super) fn how_grave(reader: &Reader<'_>, finding: &Finding) -> Result<String> {
    let whose = match &finding.because.policy {
        None | Some(Voice::Default) => return Ok(finding.severity.as_str().to_owned()),
        Some(Voice::Network) => "the network’s policy".to_owned(),
        Some(Voice::Event(_)) => "the event’s own policy".to_owned(),
        Some(Voice::Partner(slug)) => format!("{}’s policy", partner_name(reader, slug)?),
    };
    Ok(format!("{}, because {whose} says so", finding.severity))
}

/// Whose decision it is where the reader may not know of the other plan.
const HIDDEN: &str =
    "Your dates are yours to decide. The other partner knows of this clash too, and whose plan it is stays private.";

/// Whose decision a finding is, and what the choices are.
pub(super) fn decision(finding: &Finding, yours: &Event, other: Option<&Event>) -> String {
    if finding.withheld {
        return HIDDEN.to_owned();
    }
    match finding.kind {
        Kind::AnchorChanged => return "Cancel it, keep it, move it or take it online: the decision is yours.".to_owned(),
        Kind::HoldLapsing => return "Announce or confirm it, hold it for longer, or let its days go.".to_owned(),
        _ => {}
    }
    match other {
        None => "The dates are yours to decide.".to_owned(),
        Some(other) if other.details.partner == yours.details.partner => "Both are yours to decide.".to_owned(),
        Some(other) if yours.status.is_tentative() && !other.status.is_tentative() => {
            "The other dates are public; yours are not yet.".to_owned()
        }
        Some(_) => "Either side can move; talk to each other first.".to_owned(),
    }
}

/// An event as letters name it.
pub(super) fn happening(app: &App, reader: &Reader<'_>, event: &Event) -> Result<Happening> {
    Ok(Happening {
        title: event.details.title.clone(),
        when_words: wording::when(event.details.when, event.details.zone),
        where_words: wording::place(&event.details),
        partner: partner_name(reader, &event.details.partner)?,
        url: app.address(&format!("/events/{}", event.id)),
    })
}

/// A partner's name for people.
pub(super) fn partner_name(reader: &Reader<'_>, slug: &PartnerSlug) -> Result<String> {
    let known = reader.partners()?.into_iter().find(|partner| partner.slug == *slug);
    Ok(known.map_or_else(|| slug.to_string(), |partner| partner.name))
}
