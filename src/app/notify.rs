//! Tells organizers what concerns them: kept with the change, told once things are quiet, one letter a person.
//!
//! A notice says only what it is about. Its wording is made when it is told, from how things stand then:
//! what moved and moved back, or was called off again, comes to nothing. Letter and notices are settled in
//! one transaction, so nothing is lost and nothing is told twice.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Duration, Utc};

use super::answers::tell;
use super::discretion::Eyes;
use super::letters::{decision, enqueue, happening, how_grave, partner_name, replies_to};
use super::netted::{Netted, net};
use super::{Actor, App, Error, Result, doubts, invite};
use crate::domain::conflict::{Finding, Kind, Moment, Severity};
use crate::domain::{Event, EventId, EventStatus, PartnerSlug, wording};
use crate::json::EventJson;
use crate::mail::held::{HeldRow, HeldRows};
use crate::mail::news::{Item, News};
use crate::mail::notices::{Asks, Change, Changed, Clash, SourceTrouble};
use crate::mail::{Letter, LetterKind, Mailbox};
use crate::store::{Doubt, LifeEntry, Notice, Reader, UpstreamCalendar, User, UserRole, Writer};

/// How many quiet times a burst of changes may last before it is told all the same.
pub(super) const LONGEST_BURST: i32 = 4;

/// Keeps a new grave finding for the people of every partner whose plan it touches, co-hosts among them.
///
/// Whoever caused it saw it already, but for an anchor: that is told to all who set something beside it.
/// `after` is the decision that holds no longer, where it stands again for want of one.
pub(super) fn note_finding(app: &App, writer: &Writer<'_>, finding: &Finding, after: Option<i64>, actor: &Actor) -> Result<()> {
    let again = after.map_or_else(String::new, |decision| format!(":after {decision}"));
    let topic = format!("finding:{}:{}:{}{again}", finding.fingerprint, finding.facts, finding.severity);
    for id in &finding.events {
        let yours = writer.named_in(*id)?;
        let is_anchor = finding.kind == Kind::AnchorChanged;
        if is_anchor && yours.anchor.is_none_or(|anchor| !finding.events.contains(&anchor)) {
            continue;
        }
        let users = yours.partners.iter().map(|partner| writer.users_of(partner)).collect::<Result<Vec<_>, _>>()?;
        for user in users.into_iter().flatten() {
            let skips = is(actor, &user) && !is_anchor;
            if !skips && !writer.is_told(&user.email, &topic)? {
                let urgent = finding.severity == Severity::Block || asks(finding.kind) != Asks::Clash;
                let fingerprint = Some(finding.fingerprint.to_string());
                writer.add_notice(&Notice { event: Some(*id), fingerprint, urgent, ..about(app, writer, &user, &topic)? })?;
            }
        }
    }
    Ok(())
}

/// Keeps a change of an event for the people who call it, but for whoever made it.
///
/// `seq` is the change's place in the history.
pub(super) fn note_change(
    app: &App,
    writer: &Writer<'_>,
    before: Option<&Event>,
    after: &Event,
    seq: i64,
    actor: &Actor,
) -> Result<()> {
    let details = &after.details;
    // What somebody of the partner enters anew is no news to it, only to those named beside it.
    let partners = before.map(|_| &details.partner).into_iter().chain(&details.co_hosts);
    for partner in partners {
        for user in writer.users_of(partner)?.into_iter().filter(|user| !is(actor, user)) {
            let notice = about(app, writer, &user, &format!("event:{}", after.id))?;
            writer.add_notice(&Notice { event: Some(after.id), from_seq: seq, ..notice })?;
        }
    }
    Ok(())
}

/// Keeps for a partner's admins, or for all of its people where it has none, that a calendar cannot be read.
pub(super) fn note_trouble(
    app: &App,
    writer: &Writer<'_>,
    source: &UpstreamCalendar,
    since: DateTime<Utc>,
    why: &str,
) -> Result<()> {
    for user in keepers(writer, &source.partner)? {
        let notice = about(app, writer, &user, &format!("source:{}:{}", source.id, since.timestamp()))?;
        writer.add_notice(&Notice { source: Some(source.id), words: Some(why.to_owned()), ..notice })?;
    }
    Ok(())
}

/// Keeps for the same people that a reading has rows which wait for a yes or no. Asked about twice before anybody is
/// told, they are one letter.
pub(super) fn note_doubts(app: &App, writer: &Writer<'_>, source: &UpstreamCalendar) -> Result<()> {
    for user in keepers(writer, &source.partner)? {
        let notice = about(app, writer, &user, &format!("{DOUBTS}{}", source.id))?;
        writer.add_notice(&Notice { source: Some(source.id), ..notice })?;
    }
    Ok(())
}

/// How topics of doubtful rows begin.
const DOUBTS: &str = "doubts:";

/// A partner's admins, or all of its people where it has none.
fn keepers(reader: &Reader<'_>, partner: &PartnerSlug) -> Result<Vec<User>> {
    let mut users = reader.users_of(partner)?;
    if users.iter().any(|user| user.role == UserRole::PartnerAdmin) {
        users.retain(|user| user.role == UserRole::PartnerAdmin);
    }
    Ok(users)
}

fn is(actor: &Actor, user: &User) -> bool {
    matches!(actor, Actor::User(by) if by.email == user.email)
}

/// A notice to somebody under a topic, without what it is about.
pub(super) fn about(app: &App, reader: &Reader<'_>, user: &User, topic: &str) -> Result<Notice> {
    let now = app.now();
    Ok(Notice {
        id: 0,
        email: user.email.clone(),
        topic: topic.to_owned(),
        event: None,
        fingerprint: None,
        source: None,
        words: None,
        from_seq: reader.last_change()?,
        urgent: false,
        first_at: now,
        last_at: now,
    })
}

/// What is kept for one person, or for those who come to an event, as it would be told now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// To whom: an address; of those who come only how many.
    pub to: String,
    /// When it goes if nothing more happens.
    pub due: DateTime<Utc>,
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub text: String,
    /// The events it is about.
    pub events: Vec<EventId>,
}

/// Writes the letters of everybody for whom it is quiet, or urgent, and to guests; gives how many there were.
///
/// # Errors
/// When a letter cannot be written or the store fails; what was written for others before stays.
pub fn write_due(app: &App) -> Result<usize> {
    let now = app.now();
    let waiting = app.store.read::<_, Error>(|reader| Ok(reader.notices()?))?;
    let mut written = 0;
    for (email, notices) in by_person(waiting) {
        if due(app, &notices).is_some_and(|at| at <= now) {
            written += usize::from(app.store.write::<_, Error>(|writer| write_one(app, writer, &email))?);
        }
    }
    Ok(written + invite::write_due(app)?)
}

/// What waits, and when it goes: all of it for an operator, else the reader's own.
///
/// # Errors
/// When the store fails.
pub fn waiting(app: &App, actor: &Actor) -> Result<Vec<Waiting>> {
    app.store.read::<_, Error>(|reader| {
        let mut all = Vec::new();
        for (email, notices) in by_person(reader.notices()?) {
            let is_own = matches!(actor, Actor::User(user) if user.email == email);
            let (Some(user), Some(due)) = (reader.user(&email)?, due(app, &notices)) else { continue };
            if let (true, Some(news)) = (is_own || actor.sees_all(), news(app, reader, &user, &notices)?.written()) {
                let events = notices.iter().filter_map(|notice| notice.event).collect();
                all.push(Waiting { to: email, due, subject: news.subject, text: news.text, events });
            }
        }
        all.extend(invite::waiting(reader, actor)?);
        Ok(all)
    })
}

fn by_person(notices: Vec<Notice>) -> BTreeMap<String, Vec<Notice>> {
    let mut all: BTreeMap<String, Vec<Notice>> = BTreeMap::new();
    for notice in notices {
        all.entry(notice.email.clone()).or_default().push(notice);
    }
    all
}

/// When one person is written to: once all is quiet, or at once where anything is urgent. What else waits goes with it.
fn due(app: &App, notices: &[Notice]) -> Option<DateTime<Utc>> {
    let urgent = notices.iter().filter(|notice| notice.urgent).map(|notice| notice.last_at).min();
    let first = notices.iter().map(|notice| notice.first_at).min()?;
    let last = notices.iter().map(|notice| notice.last_at).max()?;
    Some(urgent.unwrap_or_else(|| (last + quiet(app)).min(first + quiet(app) * LONGEST_BURST)))
}

/// For how long a plan must be left alone.
pub(super) fn quiet(app: &App) -> Duration {
    Duration::minutes(app.settings.mail.quiet_minutes.into())
}

/// Tells one person all that waits for them; `false` where it came to nothing.
fn write_one(app: &App, writer: &Writer<'_>, email: &str) -> Result<bool> {
    let notices = writer.notices_for(email)?;
    let (Some(user), Some(first), Some(last)) = (writer.user(email)?, notices.first(), notices.last()) else { return Ok(false) };
    let news = news(app, writer, &user, &notices)?;
    let others = whose(writer, &user, &notices)?;
    let mut row = None;
    if let Some(written) = news.written() {
        let to = Mailbox { name: Some(user.name.clone()), address: user.email.clone() };
        let key = format!("notice:{}-{}:{}", first.id, last.id, user.email);
        let mut letter = Letter::new(LetterKind::Notice, key, to, written);
        letter.reply_to = replies_to(app, writer, &others)?;
        let mut events: Vec<EventId> = notices.iter().filter_map(|notice| notice.event).collect();
        events.dedup();
        letter.thread = match (events.as_slice(), first.source) {
            ([only], _) => Some(format!("event.{only}")),
            ([], Some(source)) => Some(format!("source.{source}")),
            _ => None,
        };
        row = enqueue(app, writer, &letter, events.first().copied(), None, LetterKind::Notice.hours())?;
    }
    if row.is_some() {
        note_told(app, writer, &user, &notices)?;
    }
    let all: Vec<i64> = notices.iter().map(|notice| notice.id).collect();
    writer.settle_notices(&all, row, app.now())?;
    Ok(row.is_some())
}

/// Keeps with each finding that a letter tells of that this person was told.
fn note_told(app: &App, writer: &Writer<'_>, user: &User, notices: &[Notice]) -> Result<()> {
    let mut told = BTreeSet::new();
    for notice in notices {
        let (Some(event), Some(fingerprint)) = (notice.event, &notice.fingerprint) else { continue };
        if told.insert(fingerprint) && clash(app, writer, user, event, fingerprint)?.is_some() {
            let severity = writer.finding(fingerprint)?.finding.severity;
            let nobody = LifeEntry::new(Moment::Told, severity, app.now());
            let entry = LifeEntry { by_name: Some(user.name.clone()), partner: user.partner.clone(), ..nobody };
            writer.add_life(fingerprint, &entry)?;
        }
    }
    Ok(())
}

/// The partners whose plans these are about, as far as this person may know of them; not the one that they work for.
fn whose(reader: &Reader<'_>, user: &User, notices: &[Notice]) -> Result<BTreeSet<PartnerSlug>> {
    let actor = Actor::User(user.clone());
    let mut events: BTreeSet<EventId> = notices.iter().filter_map(|notice| notice.event).collect();
    for fingerprint in notices.iter().filter_map(|notice| notice.fingerprint.as_ref()) {
        match reader.finding(fingerprint) {
            Ok(stored) => events.extend(stored.finding.events),
            Err(crate::store::Error::NotFound(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let asked = |id: EventId| notices.iter().any(|notice| notice.event == Some(id) && tell::is_ours(notice));
    let mut partners = BTreeSet::new();
    for id in events {
        let event = reader.event(id)?;
        // Whoever is asked about dates is told who asks, even where they may not look at the plan.
        if (actor.may_see(&event) || asked(id)) && user.partner.as_ref() != Some(&event.details.partner) {
            partners.insert(event.details.partner);
        }
    }
    Ok(partners)
}

/// What these come to for this person, as things stand.
fn news(app: &App, reader: &Reader<'_>, user: &User, notices: &[Notice]) -> Result<News> {
    let (mut items, mut clashes) = (Vec::new(), BTreeSet::new());
    for notice in notices {
        // It may have become graver, or stand again, before anybody was told of it.
        if notice.fingerprint.is_some() && !clashes.insert((notice.event, &notice.fingerprint)) {
            continue;
        }
        if tell::is_ours(notice) {
            items.extend(tell::told(app, reader, user, notice)?.map(Item::Answers));
            continue;
        }
        items.extend(match (notice.event, &notice.fingerprint, notice.source) {
            (Some(event), Some(fingerprint), _) => clash(app, reader, user, event, fingerprint)?.map(Item::Clash),
            (Some(event), None, _) => changed(app, reader, user, event, notice.from_seq)?.map(Item::Changed),
            (None, _, Some(source)) if notice.topic.starts_with(DOUBTS) => held(app, reader, source)?.map(Item::Held),
            (None, _, Some(source)) => trouble(app, reader, source, notice)?.map(Item::Source),
            (None, ..) => None,
        });
    }
    let partner = user.partner.as_ref().map(|slug| partner_name(reader, slug)).transpose()?;
    let leads = user.team.as_ref().map(|_| "You get this because you lead a city team.".to_owned());
    Ok(News {
        items,
        because: leads.unwrap_or_else(|| because(partner.as_deref())),
        desk_url: app.address("/desk"),
        base_url: app.settings.base_url.clone(),
    })
}

fn because(partner: Option<&str>) -> String {
    format!("You get this because you plan events of {}.", partner.unwrap_or("this service"))
}

/// A finding that still stands and that nobody decided on.
fn clash(app: &App, reader: &Reader<'_>, user: &User, own: EventId, fingerprint: &str) -> Result<Option<Clash>> {
    let stored = match reader.finding(fingerprint) {
        Err(crate::store::Error::NotFound(_)) => return Ok(None),
        other => other?,
    };
    let now = app.now();
    let is_decided = stored.overridden.as_ref().is_some_and(|decision| decision.holds_for(&stored.finding.facts, now));
    if is_decided || !is_worth_telling(&stored.finding) {
        return Ok(None);
    }
    let actor = Actor::User(user.clone());
    let yours = reader.event(own)?;
    let Some(told) = Eyes::of(reader, &actor)?.told(stored.finding)? else { return Ok(None) };
    let other = told.events.iter().find(|id| **id != own).map(|id| reader.event(*id)).transpose()?;
    Ok(Some(Clash {
        asks: asks(told.kind),
        severity: how_grave(reader, &told)?,
        kind: told.kind.label().to_owned(),
        name: told.because.name.clone(),
        sentence: told.message.clone(),
        decision: decision(&told, &yours, other.as_ref()),
        yours: happening(app, reader, &yours)?,
        other: other.as_ref().map(|other| happening(app, reader, other)).transpose()?,
        link: app.address(&format!("/events/{own}#findings")),
        because: because(Some(&partner_name(reader, &yours.details.partner)?)),
        settings_url: None,
        base_url: app.settings.base_url.clone(),
    }))
}

/// Grave ones, and a hold that runs out however soon.
pub(super) fn is_worth_telling(finding: &Finding) -> bool {
    let least = if finding.kind == Kind::HoldLapsing { Severity::Low } else { Severity::High };
    finding.severity >= least
}

fn asks(kind: Kind) -> Asks {
    match kind {
        Kind::AnchorChanged => Asks::Anchor,
        Kind::RoomDoubleBooked | Kind::SpeakerDoubleBooked => Asks::Taken,
        Kind::HoldLapsing => Asks::Hold,
        _ => Asks::Clash,
    }
}

/// What became of an event since a change; `None` where that is nothing to this person.
fn changed(app: &App, reader: &Reader<'_>, user: &User, id: EventId, since: i64) -> Result<Option<Changed>> {
    let (first, event) = (reader.change(since)?, reader.event(id)?);
    let last = reader.changes_of(id)?.pop();
    let before = first.before.as_deref().and_then(|text| EventJson::from_text(text).ok());
    let netted = match &before {
        Some(before) => net(app, before, &event),
        None if event.status.is_off() => None,
        None => Some(Netted { what: Change::New, was: String::new(), now: event.status.to_string(), in_short: None }),
    };
    let Some(Netted { what, was, now, in_short }) = netted else { return Ok(None) };
    let fell = matches!(what, Change::Cancelled | Change::Postponed);
    let some = |words: String| Some(words).filter(|words| !words.is_empty());
    Ok(Some(Changed {
        change: what,
        from: some(was),
        to: some(now).filter(|_| !fell),
        in_short,
        by: last.as_ref().map(|change| change.actor.clone()),
        why: last.and_then(|change| change.reason),
        next: Some(next(reader, what, &event, user.partner.as_ref())?),
        because: because(user.partner.as_ref().map(|slug| partner_name(reader, slug)).transpose()?.as_deref()),
        event: happening(app, reader, &event)?,
        unsubscribe_url: None,
        base_url: app.settings.base_url.clone(),
    }))
}

/// What a reader does with that.
fn next(reader: &Reader<'_>, what: Change, event: &Event, partner: Option<&PartnerSlug>) -> Result<String> {
    let beside = reader.satellites(event.id)?.iter().filter(|one| !one.status.is_off()).count();
    Ok(match what {
        Change::Cancelled if beside == 1 => "One convening is set beside it: whoever calls it is asked to decide.".to_owned(),
        Change::Cancelled if beside > 1 => {
            format!("{beside} convenings are set beside it: whoever calls them is asked to decide.")
        }
        Change::Cancelled => "Cancel the rooms and travel that you booked for it.".to_owned(),
        Change::Postponed => "Keep nothing booked for the old dates; you are told when there are new ones.".to_owned(),
        Change::Moved | Change::Place | Change::Virtual => "Check the rooms, speakers and travel that you booked.".to_owned(),
        Change::Lapsed => {
            "Nobody decided in time, and others may take its days. Hold them again if you still want them.".to_owned()
        }
        Change::New if partner != Some(&event.details.partner) && event.status != EventStatus::Confirmed => {
            "You are named beside it: look whether the dates suit you, and say so to whoever calls it.".to_owned()
        }
        _ => "Nothing to do, unless it does not suit you.".to_owned(),
    })
}

/// A calendar that still cannot be read.
fn trouble(app: &App, reader: &Reader<'_>, id: i64, notice: &Notice) -> Result<Option<SourceTrouble>> {
    let source = reader.source(id)?;
    let Some(since) = source.failing_since else { return Ok(None) };
    Ok(Some(SourceTrouble {
        name: source.name.clone(),
        place: source.address.as_ref().map_or_else(|| "uploaded".to_owned(), |_| super::sync::named(&source)),
        since: wording::moment(since, app.settings.time_zone),
        why: notice.words.clone().unwrap_or_default(),
        kept: reader.given_by(source.id)?.len(),
        link: app.address(&format!("/desk/sources/{}", source.id)),
        because: format!("you look after the calendars of {}", partner_name(reader, &source.partner)?),
        base_url: app.settings.base_url.clone(),
    }))
}

/// The rows of a calendar that still wait for a yes or no.
fn held(app: &App, reader: &Reader<'_>, id: i64) -> Result<Option<HeldRows>> {
    let source = reader.source(id)?;
    let waiting: Vec<Doubt> = reader.doubts_of(id)?.into_iter().filter(|doubt| doubt.answered.is_none()).collect();
    if waiting.is_empty() {
        return Ok(None);
    }
    let row = |doubt: &Doubt| HeldRow {
        title: doubt.title.clone(),
        when: doubts::incoming(doubt, &source).map(|one| wording::when(one.details.when, one.details.zone)).unwrap_or_default(),
        why: doubt.reasons.join("; "),
    };
    Ok(Some(HeldRows {
        name: source.name.clone(),
        rows: waiting.iter().map(row).collect(),
        link: app.address(&format!("/desk/sources/{id}#doubts")),
        because: format!("you look after the calendars of {}", partner_name(reader, &source.partner)?),
        base_url: app.settings.base_url.clone(),
    }))
}
