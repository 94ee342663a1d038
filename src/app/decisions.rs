//! What waits for a partner's decision by a day: convenings whose anchor is lost, and those that a ban on meeting in
//! person falls on. Each can be cancelled, kept, moved or held online; nothing is cancelled by itself.

use chrono::NaiveDate;

use super::agenda::expand;
use super::letters::enqueue;
use super::{Actor, App, Error, Result, record};
use crate::domain::civic::{Blackout, Whose};
use crate::domain::conflict::anchors::decide_by;
use crate::domain::conflict::{Kind, Severity};
use crate::domain::{Days, Event, EventId, EventStatus, PartnerSlug, wording};
use crate::mail::decisions::{Banned, Listed};
use crate::mail::{Letter, LetterKind, Mailbox};
use crate::store::{Reader, StoredFinding, User, UserRole, Writer};

/// One thing to decide.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// The convening.
    pub event: Event,
    /// By when.
    pub due: NaiveDate,
    /// Why.
    pub why: Why,
    /// Others' convenings that are set beside it and that the actor may see.
    pub satellites: Vec<Event>,
}

/// Why something is to be decided.
#[derive(Debug, Clone, PartialEq)]
pub enum Why {
    /// What it was set beside is not what it was.
    AnchorLost {
        /// That, where the actor may see it.
        anchor: Option<Box<Event>>,
        /// What became of it, in a sentence.
        said: String,
    },
    /// Its partner meets nobody in person on its days.
    Ban(Blackout),
}

/// A partner's ban on meeting in person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ban {
    /// Whose.
    pub partner: PartnerSlug,
    /// Up to and including this day.
    pub until: NaiveDate,
    /// By when each convening before that is to be decided on.
    pub decide_by: NaiveDate,
    /// Why, in words that others read.
    pub reason: String,
}

/// What the actor's partner has to decide, what is due first on top; everything for an operator.
///
/// # Errors
/// When the store fails.
pub fn open(app: &App, actor: &Actor) -> Result<Vec<Decision>> {
    let today = app.today();
    app.store.read::<_, Error>(|reader| {
        let mut open = anchors_lost(reader, actor, today)?;
        for (_, ban) in bans_of(reader, actor)? {
            for event in affected(reader, &ban, today)? {
                let known = open.iter().any(|one: &Decision| one.event.id == event.id);
                let is_kept = ban_findings(reader, &event)?.iter().any(|stored| stored.overridden.is_some());
                if !known && !is_kept {
                    let due = due(&ban, &event, today);
                    let satellites = seen_satellites(reader, actor, &event)?;
                    open.push(Decision { due, satellites, why: Why::Ban(ban.clone()), event });
                }
            }
        }
        open.sort_by_key(|one| (one.due, one.event.details.when.wall_start(), one.event.id));
        Ok(open)
    })
}

/// The bans that the actor may see, with their numbers: the own partner's; all of them for an operator.
///
/// # Errors
/// When the store fails.
pub fn bans(app: &App, actor: &Actor) -> Result<Vec<(i64, Ban)>> {
    let read = |(id, blackout): (i64, Blackout)| match (blackout.whose, blackout.decide_by) {
        (Whose::Partner(partner), Some(decide_by)) => {
            Some((id, Ban { partner, until: blackout.days.last, decide_by, reason: blackout.reason }))
        }
        _ => None,
    };
    let found = app.store.read::<_, Error>(|reader| bans_of(reader, actor))?;
    Ok(found.into_iter().filter_map(read).collect())
}

/// Says that a partner meets nobody in person until a day, and by when what is planned before that is decided on.
///
/// Its convenings in person that begin by that day wait for a decision then; other partners with something set
/// beside one of them are told. Gives the number that the ban is lifted by.
///
/// # Errors
/// [`Error::Forbidden`] for anybody but the partner's admins and the operator; [`Error::Invalid`] with every mistake.
pub fn forbid(app: &App, actor: &Actor, ban: &Ban) -> Result<i64> {
    actor.must_act_for(&ban.partner)?;
    if !actor.administers() {
        return Err(Error::Forbidden("only a partner's admin may say that".into()));
    }
    let (today, now) = (app.today(), app.now());
    if ban.until < today {
        return Err(Error::field("until", "That day is over."));
    }
    if ban.decide_by < today || ban.decide_by > ban.until {
        return Err(Error::field("decide_by", "Say a day from today on, and no later than the ban itself."));
    }
    let reason = ban.reason.split_whitespace().collect::<Vec<_>>().join(" ");
    if reason.is_empty() || reason.chars().count() > 200 {
        return Err(Error::field("reason", "Say why, in up to 200 characters: others will read it."));
    }
    let blackout = Blackout {
        whose: Whose::Partner(ban.partner.clone()),
        days: Days::new(today, ban.until),
        severity: Severity::Block,
        reason,
        in_person: true,
        decide_by: Some(ban.decide_by),
    };
    app.store.write::<_, Error>(|writer| {
        if !writer.has_partner(&ban.partner)? {
            return Err(Error::field("partner", format!("there is no partner “{}”", ban.partner)));
        }
        let id = writer.add_blackout(&blackout, now)?;
        let events = affected(writer, &blackout, today)?;
        for event in &events {
            // One letter names all of them: no letter for each finding.
            let findings = record::findings_of(app, writer, &expand(event.clone(), now), now)?;
            writer.replace_findings_of(event.id, &findings, now)?;
        }
        tell(app, writer, actor, id, &blackout, &events)?;
        Ok(id)
    })
}

/// Keeps an event although its anchor is lost or its partner meets nobody in person: the reason stays with the findings.
///
/// # Errors
/// [`Error::NotPossible`] where nothing waits for a decision; [`Error::Invalid`] without a reason; as
/// [`override_finding`](super::overrides::override_finding).
pub fn keep(app: &App, actor: &Actor, id: EventId, reason: &str) -> Result<Event> {
    let (event, waiting) = app.store.read::<_, Error>(|reader| {
        let event = reader.event(id)?;
        if !actor.may_see(&event) {
            return Err(Error::NotFound("event"));
        }
        actor.must_act_for(&event.details.partner).or_else(|error| {
            let calls = actor.partner().is_some_and(|partner| event.is_called_by(partner));
            if calls { Ok(()) } else { Err(error) }
        })?;
        let mut waiting = ban_findings(reader, &event)?;
        waiting.extend(anchor_findings(reader, &event)?);
        waiting.retain(|stored| stored.overridden.is_none());
        Ok((event, waiting))
    })?;
    if waiting.is_empty() {
        return Err(Error::NotPossible("nothing about it waits for a decision".into()));
    }
    for stored in waiting {
        super::overrides::override_finding(app, actor, stored.finding.fingerprint.as_str(), reason, None)?;
    }
    Ok(event)
}

/// Satellites of the actor's partner whose anchor is lost.
fn anchors_lost(reader: &Reader<'_>, actor: &Actor, today: NaiveDate) -> Result<Vec<Decision>> {
    let mut found = Vec::new();
    for stored in reader.findings()? {
        if stored.finding.kind != Kind::AnchorChanged || stored.overridden.is_some() {
            continue;
        }
        let events: Vec<Event> = stored.finding.events.iter().map(|id| reader.event(*id)).collect::<Result<_, _>>()?;
        let satellite =
            events.iter().find(|one| one.details.anchor.is_some_and(|anchor| events.iter().any(|two| two.id == anchor)));
        let Some(satellite) = satellite.filter(|event| is_own(actor, event) && event.details.when.days().last >= today) else {
            continue;
        };
        let Some(anchor) = events.iter().find(|event| Some(event.id) == satellite.details.anchor) else { continue };
        found.push(Decision {
            due: decide_by(anchor, satellite.details.when.days().first),
            why: Why::AnchorLost {
                anchor: Some(anchor).filter(|anchor| actor.may_see(anchor)).cloned().map(Box::new),
                said: stored.finding.message.clone(),
            },
            satellites: seen_satellites(reader, actor, satellite)?,
            event: satellite.clone(),
        });
    }
    Ok(found)
}

fn is_own(actor: &Actor, event: &Event) -> bool {
    actor.sees_all() || actor.partner().is_some_and(|partner| event.is_called_by(partner))
}

fn seen_satellites(reader: &Reader<'_>, actor: &Actor, event: &Event) -> Result<Vec<Event>> {
    let mut satellites = reader.satellites(event.id)?;
    satellites.retain(|one| actor.may_see(one));
    Ok(satellites)
}

/// The findings that say that an event's own anchor is lost.
fn anchor_findings(reader: &Reader<'_>, event: &Event) -> Result<Vec<StoredFinding>> {
    let mut found = reader.findings_of(event.id)?;
    let names_own = |stored: &StoredFinding| event.details.anchor.is_some_and(|anchor| stored.finding.events.contains(&anchor));
    found.retain(|stored| stored.finding.kind == Kind::AnchorChanged && names_own(stored));
    Ok(found)
}

/// The findings that a ban made about an event.
fn ban_findings(reader: &Reader<'_>, event: &Event) -> Result<Vec<StoredFinding>> {
    let mut found = reader.findings_of(event.id)?;
    let partners = || std::iter::once(&event.details.partner).chain(&event.details.co_hosts);
    let is_partners = |name: &Option<String>| partners().any(|slug| Some(slug.as_str()) == name.as_deref());
    found.retain(|stored| {
        let finding = &stored.finding;
        finding.kind == Kind::Blackout && finding.severity == Severity::Block && is_partners(&finding.because.name)
    });
    Ok(found)
}

fn bans_of(reader: &Reader<'_>, actor: &Actor) -> Result<Vec<(i64, Blackout)>> {
    let mut all = reader.blackouts(Days::ALL)?;
    all.retain(|(_, one)| {
        let own = matches!(&one.whose, Whose::Partner(partner) if actor.sees_all() || actor.partner() == Some(partner));
        own && one.in_person && one.decide_by.is_some()
    });
    Ok(all)
}

/// The partner's convenings in person that begin before a ban ends and are not over.
fn affected(reader: &Reader<'_>, ban: &Blackout, today: NaiveDate) -> Result<Vec<Event>> {
    let Whose::Partner(partner) = &ban.whose else { return Ok(Vec::new()) };
    let mut events: Vec<Event> =
        reader.entries(&crate::store::EventFilter::default())?.into_iter().map(|entry| entry.event).collect();
    events.retain(|event| {
        let days = event.details.when.days();
        let stands = !event.status.is_off() && event.status != EventStatus::Held;
        event.is_called_by(partner) && stands && event.details.is_in_person() && days.first <= ban.days.last && days.last >= today
    });
    events.sort_by_key(|event| (due(ban, event, today), event.details.when.wall_start(), event.id));
    Ok(events)
}

/// By when an event that a ban falls on is to be decided on: before it begins, and by the ban's own day.
fn due(ban: &Blackout, event: &Event, today: NaiveDate) -> NaiveDate {
    let first = event.details.when.days().first;
    let before = first.pred_opt().unwrap_or(first).max(today);
    ban.decide_by.map_or(before, |day| day.min(before))
}

/// Tells the partner's own people what to decide, and others what of theirs is set beside it: a letter each.
fn tell(app: &App, writer: &Writer<'_>, actor: &Actor, id: i64, ban: &Blackout, events: &[Event]) -> Result<()> {
    let Whose::Partner(partner) = &ban.whose else { return Ok(()) };
    let is_actor = |user: &User| matches!(actor, Actor::User(by) if by.email == user.email);
    let users = writer.users()?;
    for user in users.iter().filter(|user| user.role != UserRole::TeamLead && !is_actor(user)) {
        let mut listed = Vec::new();
        if user.partner.as_ref() == Some(partner) {
            listed.extend(events.iter().map(|event| listed_one(app, event, Some(due(ban, event, app.today())), None)));
        } else {
            let reader = Actor::User(user.clone());
            for event in events.iter().filter(|event| reader.may_see(event)) {
                let own = writer.satellites(event.id)?.into_iter();
                let own =
                    own.filter(|one| !one.status.is_off() && user.partner.as_ref().is_some_and(|own| one.is_called_by(own)));
                listed.extend(own.map(|one| listed_one(app, &one, None, Some(event))));
            }
        }
        if listed.is_empty() {
            continue;
        }
        let letter = letter(app, writer, user, partner, ban, id, listed)?;
        enqueue(app, writer, &letter, events.first().map(|event| event.id), None, LetterKind::Notice.hours())?;
    }
    Ok(())
}

fn letter(
    app: &App,
    reader: &Reader<'_>,
    user: &User,
    partner: &PartnerSlug,
    ban: &Blackout,
    id: i64,
    listed: Vec<Listed>,
) -> Result<Letter> {
    let own = user.partner.as_ref() == Some(partner);
    let name = |slug: &PartnerSlug| -> Result<String> {
        let known = reader.partners()?.into_iter().find(|known| known.slug == *slug);
        Ok(known.map_or_else(|| slug.to_string(), |known| known.name))
    };
    let theirs = user.partner.as_ref().map(name).transpose()?.unwrap_or_default();
    let notice = Banned {
        partner: name(partner)?,
        until: wording::days(Days::one(ban.days.last)),
        decide_by: ban.decide_by.map(|day| wording::days(Days::one(day))).unwrap_or_default(),
        reason: ban.reason.clone(),
        own,
        listed,
        link: app.address("/decisions"),
        because: format!("you plan events of {theirs}"),
        base_url: app.settings.base_url.clone(),
    };
    let to = Mailbox { name: Some(user.name.clone()), address: user.email.clone() };
    let mut letter = Letter::new(LetterKind::Notice, format!("notice:ban:{id}:{}", user.email), to, notice.written());
    letter.thread = Some(format!("ban.{id}"));
    Ok(letter)
}

fn listed_one(app: &App, event: &Event, due: Option<NaiveDate>, beside: Option<&Event>) -> Listed {
    Listed {
        title: event.details.title.clone(),
        when_words: wording::when(event.details.when, event.details.zone),
        where_words: wording::place(&event.details),
        due: due.map(|day| wording::days(Days::one(day))),
        beside: beside.map(|event| event.details.title.clone()),
        url: app.address(&format!("/events/{}", event.id)),
    }
}
