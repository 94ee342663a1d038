//! What is doubtful about a row, and what is left out because of it until somebody says yes.
//!
//! What was changed here and is something else upstream is doubtful field by field: the field stays as it is here, and
//! the rest of the row comes in. The field is kept out of what is remembered of the reading too, so that it can still be
//! taken. A source that only repeats what was overruled here long ago says nothing new and is not asked about at all.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};

use super::incoming::{Contested, contested};
use super::plan::{Class, Planned, differences};
use crate::app::record::next;
use crate::app::{Actor, Result};
use crate::domain::agenda::name_key;
use crate::domain::{Days, Details, Event, EventId, PartnerSlug, When, wording};
use crate::keys::hash;
use crate::store::Reader;

/// Longer than that is perhaps a wrong month or year.
const LONG_DAYS: i64 = 31;
/// The same title of the same partner within so many days is perhaps the same event, moved.
const MOVED_WITHIN_DAYS: u64 = 60;
/// Who moves an event so far has perhaps written the next one over it, or mistyped the year.
const FAR_DAYS: i64 = 330;
/// Nobody plans that far ahead, in years.
const AHEAD_YEARS: i32 = 10;
/// Nobody keeps a calendar for that long, in years.
const BACK_YEARS: i32 = 60;

/// Whose plans may be named in a doubt.
#[derive(Debug, Clone, Copy)]
pub(super) enum Sight<'a> {
    /// What this actor may see.
    Of(&'a Actor),
    /// What is public, and what this partner calls.
    Partner(&'a PartnerSlug),
}

impl Sight<'_> {
    fn has(self, event: &Event) -> bool {
        match self {
            Self::Of(actor) => actor.may_see(event),
            Self::Partner(partner) => event.is_public() || event.is_called_by(partner),
        }
    }
}

/// Looks at each row that is new or changed, and says what is doubtful about it.
pub(super) fn look(reader: &Reader<'_>, sight: Sight<'_>, planned: &mut [Planned], now: DateTime<Utc>) -> Result<()> {
    // A reading without changes need not read the whole calendar.
    if planned.iter().all(|one| one.row.class == Class::Unchanged) {
        return Ok(());
    }
    let others = Others::load(reader, sight, planned)?;
    for one in planned.iter_mut().filter(|one| one.row.class != Class::Unchanged) {
        one.contested = one.before.as_ref().zip(one.after.as_ref()).map(|(a, b)| contested(a, b)).unwrap_or_default();
        one.row.doubts = doubts(one, &others, now.date_naive());
        one.row.doubts.extend(one.contested.iter().map(|field| {
            format!("somebody changed its {} here since it was last read; taking it in overrules that", field.words())
        }));
    }
    Ok(())
}

/// Parts what is plain from what is doubtful. A row of which only some fields are doubtful stands on both sides:
/// there with these fields, here with the others.
pub(super) fn part(planned: Vec<Planned>) -> (Vec<Planned>, Vec<Planned>) {
    let (mut plain, mut doubtful) = (Vec::new(), Vec::new());
    for one in planned {
        let (rest, asked) = parted(one);
        plain.extend(rest);
        doubtful.extend(asked);
    }
    (plain, doubtful)
}

/// What of a row is plain, and what is doubtful.
pub(super) fn parted(one: Planned) -> (Option<Planned>, Option<Planned>) {
    if !one.is_doubtful() {
        (Some(one), None)
    } else if is_about_fields(&one) {
        let (rest, contested) = at_peace(one);
        (Some(rest), Some(contested))
    } else {
        (None, Some(one))
    }
}

/// Is nothing of it doubtful but fields that were changed here?
fn is_about_fields(one: &Planned) -> bool {
    one.row.doubts.len() == one.contested.len()
}

/// The hash of what is asked about a row: what it says but for text and links, or the fields in question where only
/// these are. Whatever else changes in it raises no question again.
pub(super) fn mark(one: &Planned) -> String {
    let about_fields = !one.contested.is_empty() && is_about_fields(one);
    hash(&if about_fields { Contested::said(&one.contested, &one.incoming.facts()) } else { one.incoming.gist() })
}

/// The row without the fields that were changed here too, and the row with nothing but these.
fn at_peace(mut one: Planned) -> (Planned, Planned) {
    let mut rest = one.clone();
    rest.contested = Vec::new();
    rest.row.doubts = Vec::new();
    if let (Some(before), Some(after)) = (&one.before, &one.after) {
        let event = without(&one.contested, before, after);
        one.row.differences = differences(&event, after);
        rest.row.differences = differences(before, &event);
        let is_other = event.status != before.status || event.details != before.details || event.source != before.source;
        (rest.row.when, rest.row.title) = (wording::when(event.details.when, event.details.zone), event.details.title.clone());
        rest.row.place = wording::place(&event.details);
        rest.row.class = if is_other { rest.row.class } else { Class::Unchanged };
        rest.after = is_other.then_some(event);
    }
    (rest, one)
}

/// The event as it becomes where these fields stay as they are here, and as if the source had not spoken of them.
fn without(fields: &[Contested], before: &Event, after: &Event) -> Event {
    let mut details = after.details.clone();
    for field in fields {
        field.keep(&mut details, &before.details);
    }
    let mut event = next(before, after.status, details, after.changed_at);
    event.source.clone_from(&after.source);
    if let (Some(source), Some(last)) = (&mut event.source, &before.source) {
        source.facts = Contested::unsaid(fields, &source.facts, &last.facts);
        let same = (&source.facts, &source.calendar) == (&last.facts, &last.calendar);
        if same {
            source.clone_from(last);
        }
    }
    event
}

/// What stands beside the rows: other events of the same name.
struct Others {
    /// What may be named and the source does not give, by the name's key.
    stored: HashMap<String, Vec<Event>>,
    /// The source's own events and their lines, by the name's key and first day.
    lines: HashMap<(String, NaiveDate), Vec<(u64, When)>>,
}

impl Others {
    fn load(reader: &Reader<'_>, sight: Sight<'_>, planned: &[Planned]) -> Result<Self> {
        let given: BTreeSet<EventId> = planned.iter().filter_map(|one| one.row.event.map(|(id, _)| id)).collect();
        let mut stored: HashMap<String, Vec<Event>> = HashMap::new();
        for event in reader.events_besides(&given)? {
            if !sight.has(&event) || event.status.is_off() {
                continue;
            }
            if let Some(key) = name_key(&event.details.title, &event.details.partner) {
                stored.entry(key).or_default().push(event);
            }
        }
        let mut lines: HashMap<_, Vec<_>> = HashMap::new();
        for one in planned {
            if let Some(key) = key(one) {
                let when = one.incoming.details.when;
                lines.entry((key, when.days().first)).or_default().push((one.row.line, when));
            }
        }
        Ok(Self { stored, lines })
    }
}

fn key(one: &Planned) -> Option<String> {
    name_key(&one.incoming.details.title, &one.incoming.details.partner)
}

/// Why somebody should look at a row before it is taken in, but for what was changed here.
fn doubts(one: &Planned, others: &Others, today: NaiveDate) -> Vec<String> {
    if let (Some(before), Some(after)) = (&one.before, &one.after)
        && !says_other_dates(&before.details, &after.details)
    {
        return Vec::new();
    }
    let mut found = one.incoming.doubts.clone();
    let details = &one.incoming.details;
    let days = details.when.days();
    found.extend(other_year(&details.title, days));
    found.extend(out_of_reach(days, today));
    if days.count() > LONG_DAYS && details.recurrence.is_none() {
        found.push(format!("it lasts {} days; are both dates right?", days.count()));
    }
    if let (Some(before), Some(after)) = (&one.before, &one.after) {
        found.extend(far_move(before.details.when.days(), after.details.when.days()));
        return found;
    }
    if let Some(key) = key(one) {
        let twins = others.stored.get(&key).into_iter().flatten();
        found.extend(twins.filter_map(|other| twin(details, other, today)).take(3));
        let lines = others.lines.get(&(key, days.first)).into_iter().flatten();
        let same = |(line, when): &&(u64, When)| *line < one.row.line && may_be_one(*when, details.when);
        found.extend(lines.filter(same).take(1).map(|(line, _)| format!("line {line} has the same title and day")));
    }
    found
}

/// Who looked at its title and dates once need not look again because its text changed.
fn says_other_dates(a: &Details, b: &Details) -> bool {
    a.title != b.title || a.when != b.when || a.zone != b.zone || a.recurrence != b.recurrence
}

/// Two of a day that both have hours, and other ones, are a morning and an afternoon.
fn may_be_one(a: When, b: When) -> bool {
    a.is_all_day() || b.is_all_day() || a.wall_start() == b.wall_start()
}

/// Another event of the same name at about the same time.
fn twin(details: &Details, other: &Event, today: NaiveDate) -> Option<String> {
    let (partner, days, theirs) = (&details.partner, details.when.days(), other.details.when.days());
    // The annual conference of the one is not that of the other.
    if other.details.partner != *partner && names_its_own(details) && names_its_own(&other.details) {
        return None;
    }
    let (title, when) = (&other.details.title, wording::when(other.details.when, other.details.zone));
    if days.free_days_between(theirs).is_none_or(|free| free == 0) {
        let whose = &other.details.partner;
        return Some(format!("“{title}” of {whose}, {when}, is in the calendar already; if it is the same, leave this one out"));
    }
    // What was last month did not move to this one: it meets again.
    let is_over = theirs.last < today && today <= days.last;
    (!is_over && other.is_called_by(partner) && days.widened(MOVED_WITHIN_DAYS).overlap(theirs).is_some()).then(|| {
        format!("“{title}”, {when}, is in your calendar already; if it has moved, move that one (or give this row its id)")
    })
}

/// Does the title say whose it is?
fn names_its_own(details: &Details) -> bool {
    let title = details.title.to_lowercase();
    let mut words = title.split(|c: char| !c.is_alphanumeric());
    words.any(|word| !word.is_empty() && details.partner.as_str().split('-').any(|part| part == word))
}

/// A move by so much that it is perhaps another year's.
fn far_move(was: Days, is: Days) -> Option<String> {
    let by = (is.first - was.first).num_days().abs();
    let (was, is) = (wording::days(was), wording::days(is));
    (by >= FAR_DAYS).then(|| format!("it would move by {by} days, from {was} to {is}; is it another one?"))
}

/// Dates that no calendar of convenings has.
fn out_of_reach(days: Days, today: NaiveDate) -> Option<String> {
    let year = days.first.year();
    let reach = today.year() - BACK_YEARS..=today.year() + AHEAD_YEARS;
    (!reach.contains(&year)).then(|| format!("its dates are in {year}; is the year right?"))
}

/// A year in the title that is none of its dates’: “2025 City Summit” in November 2024.
///
/// A round year well ahead is an aim, not an edition: “Local Government 2030”.
fn other_year(title: &str, days: Days) -> Option<String> {
    let years: Vec<i32> = title
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.len() == 4)
        .filter_map(|word| word.parse().ok().filter(|year| (1990..2100).contains(year)))
        .collect();
    let first = years.first()?;
    let fits = years.iter().any(|year| (days.first.year()..=days.last.year()).contains(year));
    let is_aim = first % 5 == 0 && *first >= days.last.year() + 3;
    (!fits && !is_aim).then(|| format!("its title says {first}, and its dates are in {}", days.first.year()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_in_the_title_that_is_none_of_the_dates_is_doubtful() {
        let days = |first: &str, last: &str| Days::new(first.parse().unwrap(), last.parse().unwrap());
        let november = days("2024-11-20", "2024-11-22");
        assert_eq!(other_year("2025 City Summit", november).as_deref(), Some("its title says 2025, and its dates are in 2024"));
        assert_eq!(other_year("City Summit 2024", november), None);
        assert_eq!(other_year("From 2023 to 2024: what we learned", november), None);
        assert_eq!(other_year("City Summit", november), None);
        assert_eq!(other_year("Local Government 2030 open house", november), None);
        assert!(other_year("City Summit 2030", days("2029-11-20", "2029-11-22")).is_some());
        assert_eq!(other_year("Room 2217, 1800 Main Street", november), None);
        assert_eq!(other_year("New Year 2025", days("2024-12-30", "2025-01-02")), None);
    }
}
