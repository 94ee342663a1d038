//! The decision to go on in spite of a finding: made with a reason, perhaps for a time only, and taken back.

use chrono::{DateTime, NaiveDate, Utc};

use super::discretion::Eyes;
use super::{Actor, App, Error, Result, notify};
use crate::domain::Event;
use crate::domain::conflict::{Ending, Expiry, Finding, Moment, Standing};
use crate::store::{Error as StoreError, KeptOverride, LifeEntry, Override, Reader, StoredFinding, User, Writer};

/// For how long ahead a decision may be given, in days: five years.
const LONGEST_DAYS: i64 = 5 * 366;

/// Records the decision to go on in spite of a finding, with its reason; it takes the place of an earlier one.
///
/// `expires` is a civil day by the clock of the convening that the actor calls: from that day on the decision
/// holds no longer, and the finding stands again.
///
/// # Errors
/// [`Error::NotFound`] where it does not stand or is not for this actor; [`Error::Invalid`] without a reason, or
/// with a day that is none or not ahead; [`Error::Forbidden`] for those who call none of its events.
pub fn override_finding(
    app: &App,
    actor: &Actor,
    fingerprint: &str,
    reason: &str,
    expires: Option<&str>,
) -> Result<StoredFinding> {
    let Actor::User(user) = actor else {
        return Err(Error::Forbidden("an override has a name: sign in first".into()));
    };
    let reason = reason.split_whitespace().collect::<Vec<_>>().join(" ");
    if reason.is_empty() || reason.chars().count() > 1000 {
        return Err(Error::field("reason", "Say why, in up to 1,000 characters: others will read it."));
    }
    let now = app.now();
    app.store.write::<_, Error>(|writer| {
        let stored = writer.finding(fingerprint)?;
        let mut eyes = Eyes::of(writer, actor)?;
        eyes.told(stored.finding.clone())?.ok_or(Error::NotFound("finding"))?;
        let own = own_event(writer, actor, &stored.finding)?;
        let expiry = expires.map(str::trim).filter(|text| !text.is_empty()).map(|text| expiry(text, &own, now)).transpose()?;
        let decision = Override {
            id: 0,
            fingerprint: fingerprint.to_owned(),
            facts: stored.finding.facts.clone(),
            by_name: user.name.clone(),
            by_email: user.email.clone(),
            at: now,
            reason,
            expiry,
        };
        let id = writer.put_override(&decision, &stored.finding)?;
        writer.add_life(fingerprint, &moment(Moment::Overridden, user, &stored.finding, id, now))?;
        eyes.told_stored(writer.finding(fingerprint)?, now)?.ok_or(Error::NotFound("finding"))
    })
}

/// Takes back the decision to go on in spite of a finding: it stands again, and whom it concerns is told.
///
/// # Errors
/// [`Error::NotFound`] where nothing is decided, or the finding is not for this actor; [`Error::Forbidden`] for
/// anybody but the people of the partner that decided, and operators.
pub fn withdraw(app: &App, actor: &Actor, fingerprint: &str) -> Result<StoredFinding> {
    let now = app.now();
    app.store.write::<_, Error>(|writer| {
        let stored = writer.finding(fingerprint)?;
        let mut eyes = Eyes::of(writer, actor)?;
        eyes.told(stored.finding.clone())?.ok_or(Error::NotFound("finding"))?;
        let standing = writer.overrides()?.remove(fingerprint);
        let decision = standing.filter(|one| one.holds_for(&stored.finding.facts, now)).ok_or(Error::NotFound("override"))?;
        if !may_withdraw(writer, actor, &decision)? {
            return Err(Error::Forbidden("only people of the partner that decided may withdraw it".into()));
        }
        writer.end_override(decision.id, Ending::Withdrawn, Some(actor.name()), now)?;
        let nobody = LifeEntry::new(Moment::Withdrawn, stored.finding.severity, now);
        let entry = LifeEntry {
            by_name: Some(actor.name().to_owned()),
            partner: actor.partner().cloned(),
            decision: Some(decision.id),
            ..nobody
        };
        writer.add_life(fingerprint, &entry)?;
        stands_again(app, writer, &stored.finding, decision.id, actor)?;
        eyes.told_stored(writer.finding(fingerprint)?, now)?.ok_or(Error::NotFound("finding"))
    })
}

/// Ends the decisions whose day has come, and tells whom the findings concern that stand again; gives how many ended.
///
/// # Errors
/// What the store says.
pub fn expire(app: &App) -> Result<usize> {
    let now = app.now();
    let waiting = app.store.read::<_, Error>(|reader| Ok(reader.overrides_expiring(now)?))?;
    if waiting.is_empty() {
        return Ok(0);
    }
    app.store.write::<_, Error>(|writer| {
        let waiting = writer.overrides_expiring(now)?;
        for decision in &waiting {
            writer.end_override(decision.id, Ending::Expired, None, now)?;
            let Some(finding) = standing(writer, &decision.fingerprint)?.filter(|found| found.facts == decision.facts) else {
                continue;
            };
            let entry = LifeEntry { decision: Some(decision.id), ..LifeEntry::new(Moment::Expired, finding.severity, now) };
            writer.add_life(&decision.fingerprint, &entry)?;
            stands_again(app, writer, &finding, decision.id, &Actor::Operator)?;
        }
        Ok(waiting.len())
    })
}

/// A decision with how it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Decided {
    /// The decision, as far as the reader may know of it.
    pub decision: Override,
    /// Does it hold, and if not why?
    pub standing: Standing,
    /// When it ended, and who ended it, where it was somebody.
    pub ended: Option<(DateTime<Utc>, Option<String>)>,
    /// The finding as it stands; as it was decided on where it does not.
    pub finding: Finding,
    /// May the reader take it back?
    pub may_withdraw: bool,
}

/// The decisions that `actor` may know of, the latest first.
///
/// Anybody sees those that hold with the findings they see; those that hold no longer are for the people who call
/// one of the events, and for operators.
///
/// # Errors
/// What the store says.
pub fn list(app: &App, actor: &Actor) -> Result<Vec<Decided>> {
    let now = app.now();
    app.store.read::<_, Error>(|reader| {
        let mut eyes = Eyes::of(reader, actor)?;
        let mut found = Vec::new();
        for kept in reader.all_overrides()? {
            found.extend(decided(reader, &mut eyes, actor, kept, now)?);
        }
        Ok(found)
    })
}

/// One of them; `None` where the actor may not know of it.
pub(super) fn decided(
    reader: &Reader<'_>,
    eyes: &mut Eyes<'_>,
    actor: &Actor,
    kept: KeptOverride,
    now: DateTime<Utc>,
) -> Result<Option<Decided>> {
    let stands = standing(reader, &kept.decision.fingerprint)?;
    let facts = stands.as_ref().map(|finding| finding.facts.clone());
    let Some(finding) = stands.or(kept.about) else { return Ok(None) };
    let ending = kept.ended.as_ref().map(|(_, how, _)| *how);
    let standing = Standing::of(ending, kept.decision.expiry, &kept.decision.facts, facts.as_deref(), now);
    if standing != Standing::Holds && !actor.sees_all() && !eyes.calls_one_of(&finding)? {
        return Ok(None);
    }
    let Some(finding) = eyes.told(finding)? else { return Ok(None) };
    let may_withdraw = standing == Standing::Holds && may_withdraw(reader, actor, &kept.decision)?;
    let decision = eyes.told_decision(&finding, kept.decision)?;
    let expired_at = decision.expiry.filter(|_| standing == Standing::Expired).map(|expiry| (expiry.at(), None));
    let by = |by: Option<String>| by.map(|by| if decision.by_email.is_empty() { decision.by_name.clone() } else { by });
    let ended = kept.ended.map(|(at, _, who)| (at, by(who)));
    Ok(Some(Decided { standing, ended: expired_at.or(ended), finding, may_withdraw, decision }))
}

/// The finding, where it stands.
fn standing(reader: &Reader<'_>, fingerprint: &str) -> Result<Option<Finding>> {
    match reader.finding(fingerprint) {
        Ok(stored) => Ok(Some(stored.finding)),
        Err(StoreError::NotFound(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Tells whom a finding concerns that was decided on and stands again, unless what it is about is over.
fn stands_again(app: &App, writer: &Writer<'_>, finding: &Finding, decision: i64, actor: &Actor) -> Result<()> {
    let is_ahead = finding.occurrences.iter().any(|at| at.end > app.now());
    if is_ahead && notify::is_worth_telling(finding) {
        notify::note_finding(app, writer, finding, Some(decision), actor)?;
    }
    Ok(())
}

/// May they take this decision back? People of the partner that decided, and operators.
///
/// # Errors
/// What the store says.
pub fn may_withdraw(reader: &Reader<'_>, actor: &Actor, decision: &Override) -> Result<bool> {
    let by = reader.user(&decision.by_email)?;
    let same = by.is_some_and(|by| by.partner.is_some() && by.partner.as_ref() == actor.partner());
    Ok(actor.sees_all() || same)
}

/// The event of a finding that the actor calls; for an operator any.
fn own_event(reader: &Reader<'_>, actor: &Actor, finding: &Finding) -> Result<Event> {
    let events: Vec<Event> = finding.events.iter().map(|id| reader.event(*id)).collect::<Result<_, _>>()?;
    let calls = |event: &&Event| actor.partner().is_some_and(|partner| event.is_called_by(partner));
    let own = events.iter().find(calls).or_else(|| events.first().filter(|_| actor.sees_all()));
    own.cloned().ok_or_else(|| Error::Forbidden("only those who call one of its events may override a finding".into()))
}

fn expiry(text: &str, own: &Event, now: DateTime<Utc>) -> Result<Expiry> {
    let zone = own.details.zone;
    let today = now.with_timezone(&zone).date_naive();
    let day: NaiveDate = text
        .parse()
        .map_err(|_| Error::field("expires", format!("“{text}” is no day; one would be {}", today + chrono::Days::new(30))))?;
    if day <= today || (day - today).num_days() > LONGEST_DAYS {
        return Err(Error::field("expires", "Choose a day from tomorrow on, and within five years; or leave it open."));
    }
    Ok(Expiry { day, zone })
}

fn moment(what: Moment, user: &User, finding: &Finding, decision: i64, now: DateTime<Utc>) -> LifeEntry {
    LifeEntry {
        by_name: Some(user.name.clone()),
        partner: user.partner.clone(),
        decision: Some(decision),
        ..LifeEntry::new(what, finding.severity, now)
    }
}
