//! Hours that are fair to everybody who is invited, and who had the bad ones last time.

use chrono::{DateTime, Duration, NaiveDateTime, NaiveTime, Offset as _, TimeZone as _, Utc};
use chrono_tz::{Tz, TzOffset};

use super::wish::{Hours, Start, Wish};
use crate::domain::agenda::{Agenda, Audience};
use crate::domain::conflict::hours::unfairness;
use crate::domain::conflict::phrases::{clock, day_in_words, place_of_clock};
use crate::domain::conflict::policy::UnfairHours;
use crate::domain::conflict::{Kind, Policy, Severity};
use crate::domain::wording::list;
use crate::domain::{Event, Mode, Occurrence, Span};

/// The zones where invited teams live, and how an online wish sits in them.
#[derive(Debug)]
pub struct Zones {
    /// The zone of the wish.
    own: Tz,
    /// Where invited teams live, in order of their names.
    invited: Vec<Tz>,
    /// What is unfair; `None` where nobody wants to hear of it.
    policy: Option<UnfairHours>,
    /// Who had the worst hour last time, when, and whether it was too early.
    last: Option<Burden>,
}

/// Who had the worst hour of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Burden {
    zone: Tz,
    at: DateTime<Utc>,
    early: bool,
}

/// How a start sits in the zones.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Fairness {
    /// How unfair it is where it is worst, and where that is; `None` where it is fair to all.
    pub unfair: Option<(Severity, Tz)>,
    /// By how many minutes it leaves the core of the day, where that is most.
    pub strain: i64,
    /// The same zone as last time has the worst hour.
    pub same_again: bool,
}

impl Zones {
    /// The zones of those whom an online wish invites; none for what is in person, which is where it is.
    #[must_use]
    pub fn of(wish: &Wish, agenda: &Agenda, audience: &Audience, policy: &Policy) -> Self {
        let invited = agenda.roster().zones(audience).map(|(zone, _)| zone).filter(|_| !wish.is_in_person()).collect();
        let policy = Some(policy).filter(|policy| !policy.ignore.contains(&Kind::UnfairHours));
        let zones =
            Self { own: wish.template.zone, invited, policy: policy.map(|policy| policy.unfair_hours.clone()), last: None };
        let last = zones.last_burden(wish, agenda, audience);
        Self { last, ..zones }
    }

    /// Looks how each start sits in them; fair where nobody is known to live anywhere.
    pub fn weigh(&self, starts: &mut [Start]) {
        for of_day in starts.chunk_by_mut(|a, b| a.days == b.days) {
            let (Some(first), Some(last)) = (of_day.first(), of_day.last()) else { continue };
            let whole = Span::new(first.span.start, last.span.end);
            let clocks: Vec<Clock> = self.invited.iter().map(|zone| Clock::of(*zone, whole)).collect();
            let timed = of_day.iter_mut().filter(|start| !start.when.is_all_day());
            timed.for_each(|start| start.fairness = self.fairness(start.span, &clocks));
        }
    }

    fn fairness(&self, span: Span, clocks: &[Clock]) -> Fairness {
        let (mut unfair, mut worst) = (None::<(Severity, Tz)>, None::<(i64, Tz)>);
        for clock in clocks {
            let (from, until) = (clock.at(span.start), clock.at(span.end));
            let severity = self.policy.as_ref().and_then(|policy| unfairness(from, until, policy));
            if let Some(severity) = severity.filter(|severity| unfair.is_none_or(|(known, _)| known < *severity)) {
                unfair = Some((severity, clock.zone));
            }
            let strain = strain(from.naive_local(), until.naive_local());
            if worst.is_none_or(|(known, _)| known < strain) {
                worst = Some((strain, clock.zone));
            }
        }
        let same_again = worst.zip(self.last).is_some_and(|((strain, zone), last)| strain > 0 && zone == last.zone);
        Fairness { unfair, strain: worst.map_or(0, |(strain, _)| strain), same_again }
    }

    /// “All invited zones are between 08:00 and 18:00: …”, where that is so.
    #[must_use]
    pub fn praise(&self, start: &Start) -> Option<String> {
        let (from, until) = self.instants(start).filter(|_| start.fairness.unfair.is_none())?;
        let mut hours: Vec<(NaiveDateTime, String)> = self.invited.iter().map(|zone| there(from, until, *zone)).collect();
        hours.sort();
        hours.dedup_by_key(|(start, _)| *start);
        // Where there are many, the earliest and the latest clock say it.
        if hours.len() > 6 {
            hours.drain(1..hours.len() - 1);
        }
        let each: Vec<String> = hours.into_iter().map(|(_, text)| text).collect();
        match each.as_slice() {
            [] => None,
            [one] => Some(format!("It is {one}, where all invited teams live.")),
            _ => {
                let UnfairHours { day_from, day_until, .. } = self.policy.clone().unwrap_or_default();
                let (from, until) = (day_from.format("%H:%M"), day_until.format("%H:%M"));
                Some(format!("All invited zones are between {from} and {until}: {}.", list(&each)))
            }
        }
    }

    /// Who had the worst hour last time, and what that zone has now.
    #[must_use]
    pub fn rotation(&self, start: &Start) -> Option<String> {
        let (last, (from, until)) = (self.last?, self.instants(start)?);
        let (hour, place) = (last.at.with_timezone(&last.zone), place_of_clock(last.zone));
        let kind = if last.early { "early" } else { "late" };
        let now = hours(from, until, last.zone);
        let verdict =
            if start.fairness.same_again { format!("it would again, {now}") } else { format!("this time it is {now} there") };
        let day = day_in_words(hour.date_naive());
        Some(format!("Last time, on {day}, {place} had the {kind} hour, {}; {verdict}.", hour.format("%H:%M")))
    }

    /// Why a start is unfair: “11:00 New York time is 05:00 in Honolulu”.
    #[must_use]
    pub fn complaint(&self, start: &Start) -> Option<String> {
        let (_, zone) = start.fairness.unfair?;
        let (from, until) = self.instants(start)?;
        let (own_from, own_until) = (wall(from, self.own), wall(until, self.own));
        let late = self.unfair(from, from, zone).is_none();
        let (own, local) = if late { (own_until, wall(until, zone)) } else { (own_from, wall(from, zone)) };
        let end = if late { "it would end at " } else { "" };
        let is = if late { ", which is " } else { " is " };
        let day = if local.date() == own.date() { String::new() } else { format!(" on {}", day_in_words(local.date())) };
        Some(format!(
            "{end}{} {}{is}{}{day} in {}",
            own.format("%H:%M"),
            clock(self.own),
            local.format("%H:%M"),
            place_of_clock(zone)
        ))
    }

    fn unfair(&self, from: DateTime<Utc>, until: DateTime<Utc>, zone: Tz) -> Option<Severity> {
        unfairness(from.with_timezone(&zone), until.with_timezone(&zone), self.policy.as_ref()?)
    }

    fn instants(&self, start: &Start) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        let tells = !start.when.is_all_day() && !self.invited.is_empty();
        tells.then_some((start.span.start, start.span.end))
    }

    /// The burden of the latest session of the same people before the wish.
    fn last_burden(&self, wish: &Wish, agenda: &Agenda, audience: &Audience) -> Option<Burden> {
        let template = &wish.template;
        if self.invited.is_empty() {
            return None;
        }
        let is_like_it = |event: &Event| {
            let details = &event.details;
            if details.mode != Mode::Virtual || details.when.days().first >= wish.between.first {
                return false;
            }
            let same =
                if template.cohort.is_some() { details.cohort == template.cohort } else { details.roles == template.roles };
            same && details.states == template.states
                && !event.status.is_off()
                && event.id != wish.event
                && !wish.hidden.contains(&event.id)
        };
        let before = wish.between.first;
        let until = before.and_time(NaiveTime::MIN).and_utc() + Duration::days(1);
        let back = Span::new(until - Duration::days(super::LOOK_BACK), until);
        // Whoever invites the same people is in each of their lanes.
        let sessions = agenda.at_once(*audience.keys.first()?, back).filter(|slot| is_like_it(slot.event));
        let held = sessions.map(|slot| slot.occurrence).filter(|one| !one.when.is_all_day() && one.when.days().last < before);
        self.burden(held.max_by_key(|one| one.span)?)
    }

    fn burden(&self, occurrence: &Occurrence) -> Option<Burden> {
        let span = occurrence.span;
        let strained = self.invited.iter().map(|zone| (strain(wall(span.start, *zone), wall(span.end, *zone)), *zone));
        let (_, zone) = strained.filter(|(strain, _)| *strain > 0).max_by_key(|(strain, zone)| (*strain, zone.name()))?;
        let early = early_by(wall(span.start, zone)) > 0;
        Some(Burden { zone, at: span.start, early })
    }
}

/// A zone's clock over some hours: where it does not change meanwhile, its offset is looked up once.
struct Clock {
    zone: Tz,
    offset: Option<TzOffset>,
}

impl Clock {
    fn of(zone: Tz, hours: Span) -> Self {
        let offset = |at: DateTime<Utc>| zone.offset_from_utc_datetime(&at.naive_utc());
        let (before, after) = (offset(hours.start), offset(hours.end));
        Self { zone, offset: (before.fix() == after.fix()).then_some(before) }
    }

    fn at(&self, at: DateTime<Utc>) -> DateTime<Tz> {
        match self.offset {
            Some(offset) => DateTime::from_naive_utc_and_offset(at.naive_utc(), offset),
            None => at.with_timezone(&self.zone),
        }
    }
}

fn wall(at: DateTime<Utc>, zone: Tz) -> NaiveDateTime {
    at.with_timezone(&zone).naive_local()
}

/// Where it begins in a zone, and the hours in words: “08:00–12:00 in Honolulu”.
fn there(from: DateTime<Utc>, until: DateTime<Utc>, zone: Tz) -> (NaiveDateTime, String) {
    (wall(from, zone), format!("{} in {}", hours(from, until, zone), place_of_clock(zone)))
}

/// “08:00–12:00”.
fn hours(from: DateTime<Utc>, until: DateTime<Utc>, zone: Tz) -> String {
    format!("{}–{}", wall(from, zone).format("%H:%M"), wall(until, zone).format("%H:%M"))
}

/// By how many minutes it begins too early or ends too late for the core of the day.
fn strain(from: NaiveDateTime, until: NaiveDateTime) -> i64 {
    let late = (until - from.date().and_time(Hours::CORE.until)).num_minutes();
    early_by(from).max(late).max(0)
}

fn early_by(from: NaiveDateTime) -> i64 {
    (Hours::CORE.from - from.time()).num_minutes()
}
