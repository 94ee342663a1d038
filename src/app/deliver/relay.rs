//! What the workers know together of the relay: whether it is paused, and what went wrong in a row.

use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};

use chrono::{DateTime, Duration, Utc};

use super::pace::relay_rest;
use super::{App, Result};
use crate::domain::wording;
use crate::store::{Pause, PauseCause, RELAY, Writer};

/// So many letters refused in a row for something of ours stop the relay: the rest of the queue is not to be burnt.
const STRIKES: u32 = 5;
/// For so long; then one letter is tried.
const STOP_HOURS: i64 = 1;
/// So many letters in a row of which nobody knows: the relay is not well.
const DOUBTS: u32 = 3;
/// After so many minutes those who run the service are told.
const ALERT_MINUTES: i64 = 15;

/// See the module.
#[derive(Debug)]
pub(super) struct Relay {
    strikes: AtomicU32,
    doubts: AtomicU32,
    paused_until: AtomicI64,
}

impl Relay {
    /// `refused`: it was stopped for refusals, so that one more is enough.
    pub(super) fn new(refused: bool) -> Self {
        let strikes = AtomicU32::new(if refused { STRIKES - 1 } else { 0 });
        Self { strikes, doubts: AtomicU32::new(0), paused_until: AtomicI64::new(0) }
    }

    pub(super) fn is_paused(&self, now: DateTime<Utc>) -> bool {
        now.timestamp() < self.paused_until.load(Ordering::Relaxed)
    }

    fn paused(&self, until: DateTime<Utc>) {
        self.paused_until.store(until.timestamp(), Ordering::Relaxed);
    }

    /// A letter was taken: all is well.
    pub(super) fn took_one(&self) {
        self.strikes.store(0, Ordering::Relaxed);
        self.doubts.store(0, Ordering::Relaxed);
    }

    /// A letter was refused for something of ours: is that enough to stop?
    pub(super) fn refused_one(&self) -> bool {
        self.strikes.fetch_add(1, Ordering::Relaxed) + 1 >= STRIKES
    }

    /// A letter went out and no answer came: is that enough to pause?
    pub(super) fn lost_one(&self) -> bool {
        self.doubts.fetch_add(1, Ordering::Relaxed) + 1 >= DOUBTS
    }

    /// The relay cannot be reached: nothing is tried for a while, longer each time.
    pub(super) fn is_away(&self, app: &App, writer: &Writer<'_>, reason: &str, now: DateTime<Utc>) -> Result<()> {
        let last = writer.pause(RELAY)?;
        if let Some(pause) = last.as_ref().filter(|pause| pause.holds(now)) {
            // Another worker has just found out.
            self.paused(pause.until);
            return Ok(());
        }
        let (step, since) = last.map_or((1, now), |pause| (pause.step.saturating_add(1), pause.since.min(now)));
        let until = now + relay_rest(step, now.timestamp());
        let (scope, cause) = (RELAY.to_owned(), PauseCause::Away);
        writer.set_pause(&Pause { scope, cause, since, until, step, reason: reason.to_owned() })?;
        self.paused(until);
        if now - since >= Duration::minutes(ALERT_MINUTES) {
            let when = wording::moment(since, app.settings.time_zone);
            let words = format!("The mail server cannot be reached since {when}: {reason}. No letter is lost; they wait.");
            writer.raise_alert("relay_away", &words, since, now)?;
        }
        Ok(())
    }

    /// The relay refuses letter after letter for something of ours: sending stops, and people are told.
    pub(super) fn refuses(&self, writer: &Writer<'_>, reason: &str, now: DateTime<Utc>) -> Result<()> {
        let last = writer.pause(RELAY)?.filter(|pause| pause.cause == PauseCause::Refuses);
        let (step, since) = last.map_or((1, now), |pause| (pause.step.saturating_add(1), pause.since.min(now)));
        let until = now + Duration::hours(STOP_HOURS);
        let (scope, cause) = (RELAY.to_owned(), PauseCause::Refuses);
        writer.set_pause(&Pause { scope, cause, since, until, step, reason: reason.to_owned() })?;
        self.paused(until);
        self.strikes.store(STRIKES - 1, Ordering::Relaxed);
        let words = format!(
            "Sending is stopped: the mail server refused {STRIKES} letters in a row for something of ours, the last with “{reason}”. \
             Letters wait; one is tried each hour. When it is mended: convene deliver --resume, and send the refused ones again."
        );
        writer.raise_alert("relay_refuses", &words, since, now)?;
        Ok(())
    }
}
