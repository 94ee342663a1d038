//! The life of a finding: opened, seen, told, overridden, gone and back; and keeping that somebody saw it.

use chrono::{DateTime, Utc};

use super::agenda::{finding_json, override_json};
use super::discretion::{ANOTHER, Eyes};
use super::{Actor, App, Error, Result};
use crate::domain::PartnerSlug;
use crate::domain::conflict::{Finding, Moment, Severity};
use crate::json::{LifeJson, MomentJson};
use crate::store::{Error as StoreError, LifeEntry, Override, Reader, StoredFinding};

/// A finding with its history.
#[derive(Debug, Clone, PartialEq)]
pub struct Life {
    /// As it stands, or as it was when it went, as far as the reader may know of it.
    pub stored: StoredFinding,
    /// Does it stand?
    pub stands: bool,
    /// What became of it, in order; only for those who call one of its events, and for operators.
    pub moments: Vec<LifeMoment>,
}

/// One moment, as far as the reader may know of it.
#[derive(Debug, Clone, PartialEq)]
pub struct LifeMoment {
    /// What happened.
    pub what: Moment,
    /// When.
    pub at: DateTime<Utc>,
    /// How grave it was from then on.
    pub severity: Severity,
    /// How grave it was before.
    pub was: Option<Severity>,
    /// Who decided, saw it or was told.
    pub by: Option<String>,
    /// For which partner, unless the reader may not know.
    pub partner: Option<PartnerSlug>,
    /// The decision that was made, withdrawn or expired.
    pub decision: Option<Override>,
}

/// A finding with its history. What is gone is for those who call one of its events, and for operators.
///
/// # Errors
/// [`Error::NotFound`] where there never was such a finding, or it is not for this actor.
pub fn life(app: &App, actor: &Actor, fingerprint: &str) -> Result<Life> {
    let now = app.now();
    app.store.read::<_, Error>(|reader| {
        let stands = match reader.finding(fingerprint) {
            Err(StoreError::NotFound(_)) => None,
            other => Some(other?),
        };
        let is_there = stands.is_some();
        let stored = match stands {
            Some(stored) => stored,
            None => StoredFinding { finding: reader.gone_finding(fingerprint)?, found_at: now, overridden: None },
        };
        let mut eyes = Eyes::of(reader, actor)?;
        let knows = actor.sees_all() || eyes.calls_one_of(&stored.finding)?;
        if !is_there && !knows {
            return Err(Error::NotFound("finding"));
        }
        let stored = eyes.told_stored(stored, now)?.ok_or(Error::NotFound("finding"))?;
        let moments = if knows { moments(reader, &eyes, actor, &stored.finding)? } else { Vec::new() };
        Ok(Life { stored, stands: is_there, moments })
    })
}

fn moments(reader: &Reader<'_>, eyes: &Eyes<'_>, actor: &Actor, finding: &Finding) -> Result<Vec<LifeMoment>> {
    let mut was = None;
    let mut moments = Vec::new();
    for entry in reader.life_of(finding.fingerprint.as_str())? {
        let decision = entry.decision.map(|id| reader.override_of(id)).transpose()?;
        let decision = decision.map(|kept| eyes.told_decision(finding, kept.decision)).transpose()?;
        let is_hidden = finding.withheld && entry.by_name.is_some() && entry.partner.as_ref() != actor.partner();
        moments.push(LifeMoment {
            what: entry.what,
            at: entry.at,
            severity: entry.severity,
            was,
            by: if is_hidden { Some(ANOTHER.to_owned()) } else { entry.by_name },
            partner: entry.partner.filter(|_| !is_hidden),
            decision,
        });
        was = Some(entry.severity);
    }
    Ok(moments)
}

/// A finding with its history as programs see it.
#[must_use]
pub fn life_json(life: &Life) -> LifeJson<'_> {
    let history = life.moments.iter().map(|one| MomentJson {
        what: one.what.as_str(),
        at: one.at,
        severity: one.severity,
        by: one.by.as_deref(),
        partner: one.partner.as_ref(),
        decision: one.decision.as_ref().map(override_json),
    });
    LifeJson { finding: finding_json(&life.stored), stands: life.stands, history: history.collect() }
}

/// Keeps that these findings were on a page before somebody who calls one of their events: once for each partner,
/// each time that one opened, changed or came back.
///
/// A page does not wait for this: where another change is being stored just then, the next page keeps it.
///
/// # Errors
/// What the store says.
pub fn note_seen(app: &App, actor: &Actor, shown: &[StoredFinding]) -> Result<()> {
    let (Actor::User(user), Some(partner)) = (actor, actor.partner()) else { return Ok(()) };
    let news = app.store.read::<_, Error>(|reader| {
        let mut eyes = Eyes::of(reader, actor)?;
        let mut news = Vec::new();
        for stored in shown {
            let fingerprint = stored.finding.fingerprint.as_str();
            if reader.is_news_to(fingerprint, partner)? && eyes.calls_one_of(&stored.finding)? {
                news.push((fingerprint, stored.finding.severity));
            }
        }
        Ok(news)
    })?;
    if news.is_empty() {
        return Ok(());
    }
    let (name, partner) = (user.name.clone(), partner.clone());
    let kept = app.store.write_if_free::<_, Error>(|writer| {
        for (fingerprint, severity) in news {
            let nobody = LifeEntry::new(Moment::Seen, severity, app.now());
            let seen = LifeEntry { by_name: Some(name.clone()), partner: Some(partner.clone()), ..nobody };
            // Somebody else may have looked meanwhile.
            if writer.is_news_to(fingerprint, &partner)? {
                writer.add_life(fingerprint, &seen)?;
            }
        }
        Ok(())
    });
    kept.map(|_| ())
}
