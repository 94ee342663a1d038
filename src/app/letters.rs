//! Letters that a change gives rise to, written into the outbox with it.

use chrono::{DateTime, Duration, Utc};

use super::discretion::Eyes;
use super::{Actor, App, Result};
use crate::domain::conflict::Finding;
use crate::domain::{Event, EventId, wording};
use crate::mail::notices::{Clash, Happening, SourceTrouble};
use crate::mail::{Letter, LetterKind, Mailbox, Sender};
use crate::store::{NewLetter, Reader, UpstreamCalendar, User, UserRole, Writer};

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
        sender: frozen.from,
        recipient: frozen.to,
        subject: letter.subject.clone(),
        message_id: frozen.message_id,
        mail: frozen.bytes,
        not_after: now + Duration::hours(hours),
        order: letter.order.clone(),
    };
    Ok(writer.add_letter(&row, now)?)
}

/// Who writes, by the settings.
pub(super) fn sender(app: &App) -> Sender {
    let mail = &app.settings.mail;
    let domain = mail.from.rsplit('@').next().unwrap_or("localhost").to_owned();
    Sender { from_name: mail.from_name.clone(), from: mail.from.clone(), domain, bounce: None }
}

/// Tells a partner's admins, or all of its people where it has none, that a calendar of theirs cannot be read.
pub(super) fn tell_source_trouble(
    app: &App,
    writer: &Writer<'_>,
    source: &UpstreamCalendar,
    since: DateTime<Utc>,
    why: &str,
) -> Result<()> {
    let partner = writer.partners()?.into_iter().find(|partner| partner.slug == source.partner);
    let partner = partner.map_or_else(|| source.partner.to_string(), |partner| partner.name);
    let notice = SourceTrouble {
        name: source.name.clone(),
        place: source.address.as_deref().map_or_else(|| "uploaded".to_owned(), super::sync::calendar_name),
        since: wording::moment(since, app.settings.time_zone),
        why: why.to_owned(),
        kept: writer.given_by(source.id)?.len(),
        link: app.address(&format!("/desk/sources/{}", source.id)),
        because: format!("you look after the calendars of {partner}"),
        base_url: app.settings.base_url.clone(),
    };
    let users = writer.users_of(&source.partner)?;
    let is_admin = |user: &&User| user.role == UserRole::PartnerAdmin;
    let any_admin = users.iter().any(|user| is_admin(&user));
    for user in users.iter().filter(|user| !any_admin || is_admin(user)) {
        let key = format!("notice:source:{}:{}:{}", source.id, since.timestamp(), user.email);
        let to = Mailbox { name: Some(user.name.clone()), address: user.email.clone() };
        let mut letter = Letter::new(LetterKind::Notice, key, to, notice.written());
        letter.thread = Some(format!("source.{}", source.id));
        enqueue(app, writer, &letter, None, None, LetterKind::Notice.hours())?;
    }
    Ok(())
}

/// Tells the people of every partner whose plan a new grave finding touches, except whoever caused it:
/// each as far as they may know of it.
pub(super) fn tell_owners(app: &App, writer: &Writer<'_>, cause: &Event, finding: &Finding, actor: &Actor) -> Result<()> {
    for id in &finding.events {
        let yours = writer.event(*id)?;
        for user in writer.users_of(&yours.details.partner)? {
            let caused_it = matches!(actor, Actor::User(by) if by.email == user.email);
            if caused_it || user.email.is_empty() {
                continue;
            }
            let reader = Actor::User(user.clone());
            let Some(told) = Eyes::of(writer, &reader)?.told(finding.clone())? else { continue };
            let other = told.events.iter().find(|other| *other != id).map(|other| writer.event(*other)).transpose()?;
            let clash = Clash {
                severity: told.severity.as_str().to_owned(),
                kind: told.kind.label().to_owned(),
                name: told.because.name.clone(),
                sentence: told.message.clone(),
                decision: if told.withheld { HIDDEN.to_owned() } else { decision(&yours, other.as_ref()) },
                yours: happening(app, writer, &yours)?,
                other: other.as_ref().map(|other| happening(app, writer, other)).transpose()?,
                link: app.address(&format!("/events/{}#findings", yours.id)),
                because: format!("you plan events of {}", partner_name(writer, &yours)?),
                settings_url: None,
                base_url: app.settings.base_url.clone(),
            };
            let key = format!("notice:finding:{}:{}:{}", finding.fingerprint, finding.facts, user.email);
            let to = Mailbox { name: Some(user.name.clone()), address: user.email.clone() };
            let mut letter = Letter::new(LetterKind::Notice, key, to, clash.written());
            letter.thread = Some(format!("event.{}", yours.id));
            enqueue(app, writer, &letter, Some(cause.id), None, LetterKind::Notice.hours())?;
        }
    }
    Ok(())
}

/// Whose decision it is where the reader may not know of the other plan.
const HIDDEN: &str =
    "Your dates are yours to decide. The other partner knows of this clash too, and whose plan it is stays private.";

fn decision(yours: &Event, other: Option<&Event>) -> String {
    match other {
        None => "The dates are yours to decide.".to_owned(),
        Some(other) if other.details.partner == yours.details.partner => "Both are yours to decide.".to_owned(),
        Some(other) if yours.status.is_tentative() && !other.status.is_tentative() => {
            "The other dates are public; yours are not yet.".to_owned()
        }
        Some(_) => "Either side can move; talk to each other first.".to_owned(),
    }
}

fn happening(app: &App, reader: &Reader<'_>, event: &Event) -> Result<Happening> {
    Ok(Happening {
        title: event.details.title.clone(),
        when_words: wording::when(event.details.when, event.details.zone),
        where_words: wording::place(&event.details),
        partner: partner_name(reader, event)?,
        url: app.address(&format!("/events/{}", event.id)),
    })
}

fn partner_name(reader: &Reader<'_>, event: &Event) -> Result<String> {
    let slug = &event.details.partner;
    let known = reader.partners()?.into_iter().find(|partner| partner.slug == *slug);
    Ok(known.map_or_else(|| slug.to_string(), |partner| partner.name))
}
