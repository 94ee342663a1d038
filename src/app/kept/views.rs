//! The calendar that is kept as partners may look at it: one view for each that has asked, as many as fit.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use chrono_tz::Tz;

use super::super::discretion::blurred;
use super::super::{Actor, Result};
use super::Known;
use crate::domain::agenda::{Agenda, Entry};
use crate::domain::{EventId, PartnerSlug};
use crate::store::{CalendarMark, Reader};

/// All views together have no more occurrences than this: about as much memory as the calendar itself may take.
const MOST_SEEN: usize = 250_000;
/// Nor are there more of them.
const MOST_VIEWS: usize = 16;

/// The views, the one that was asked last at the end.
#[derive(Default)]
pub(super) struct Views(Mutex<Vec<Arc<View>>>);

/// How one partner, or whoever works for none, may look at the calendar.
pub(super) struct View {
    partner: Option<PartnerSlug>,
    seen: RwLock<Option<Seen>>,
}

/// The calendar at a mark, with the plans that are not to be known of by their weeks.
pub(super) struct Seen {
    mark: CalendarMark,
    pub agenda: Agenda,
    pub hidden: BTreeSet<EventId>,
}

impl Views {
    /// The view of somebody, made where there is none; those that nobody has asked for longest go.
    pub fn of(&self, actor: &Actor, known: &Known) -> Arc<View> {
        let occurrences = known.agenda.entries().iter().map(|entry| entry.occurrences.len()).sum();
        self.asked_by(actor.partner(), room(occurrences))
    }

    fn asked_by(&self, partner: Option<&PartnerSlug>, room: usize) -> Arc<View> {
        let mut views = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let asked = match views.iter().position(|view| view.partner.as_ref() == partner) {
            Some(place) => views.remove(place),
            None => Arc::new(View { partner: partner.cloned(), seen: RwLock::default() }),
        };
        views.push(Arc::clone(&asked));
        let surplus = views.len().saturating_sub(room);
        views.drain(..surplus);
        asked
    }
}

/// How many views of a calendar of so many occurrences are kept: one at least.
fn room(occurrences: usize) -> usize {
    (MOST_SEEN / occurrences.max(1)).clamp(1, MOST_VIEWS)
}

impl View {
    /// Brings it to where the calendar is.
    pub fn follow(&self, actor: &Actor, zone: Tz, known: &Known, reader: &Reader<'_>) -> Result<()> {
        if self.look(known.mark, |_| ()).is_some() {
            return Ok(());
        }
        let mut seen = self.seen.write().unwrap_or_else(PoisonError::into_inner);
        // Whoever fails on the way leaves nothing half done behind.
        let followed = match seen.take() {
            Some(before) if before.mark == known.mark => Some(before),
            Some(before) if known.mark.is_at_least(before.mark) => before.followed(actor, zone, known, reader)?,
            _ => None,
        };
        *seen = Some(followed.unwrap_or_else(|| Seen::of(actor, zone, known)));
        Ok(())
    }

    /// Does `work` with it, if it is at this mark.
    pub fn look<T>(&self, mark: CalendarMark, work: impl FnOnce(&Seen) -> T) -> Option<T> {
        let seen = self.seen.read().unwrap_or_else(PoisonError::into_inner);
        seen.as_ref().filter(|seen| seen.mark == mark).map(work)
    }
}

impl Seen {
    fn of(actor: &Actor, zone: Tz, known: &Known) -> Self {
        let entries = known.agenda.entries();
        let hidden =
            entries.iter().map(|entry| &entry.event).filter(|event| !actor.may_see(event)).map(|event| event.id).collect();
        let look = |entry: &Entry| blurred(actor, entry.clone(), zone);
        Self { mark: known.mark, agenda: known.agenda.with_entries(entries.iter().map(look).collect()), hidden }
    }

    /// The same after the events changed that were changed since; `None` where it must be made anew.
    fn followed(mut self, actor: &Actor, zone: Tz, known: &Known, reader: &Reader<'_>) -> Result<Option<Self>> {
        let Some(changed) = reader.changed_since(self.mark)?.filter(|_| self.agenda.is_in_setting_of(&known.agenda)) else {
            return Ok(None);
        };
        for event in changed {
            self.hidden.remove(&event);
            let Some(entry) = known.agenda.entry(event) else {
                self.agenda.remove(event);
                continue;
            };
            if !actor.may_see(&entry.event) {
                self.hidden.insert(event);
            }
            self.agenda.put(blurred(actor, entry.clone(), zone));
        }
        Ok(Some(Self { mark: known.mark, ..self }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Which partners' views are kept, the one that was asked last at the end.
    fn kept(views: &Views) -> Vec<String> {
        let views = views.0.lock().expect("nobody failed");
        views.iter().map(|view| view.partner.as_ref().map_or_else(String::new, ToString::to_string)).collect()
    }

    fn ask(views: &Views, partner: usize, room: usize) -> Arc<View> {
        let partner: PartnerSlug = format!("partner-{partner}").parse().expect("a partner");
        views.asked_by(Some(&partner), room)
    }

    #[test]
    fn the_view_that_nobody_asked_for_longest_goes_when_one_too_many_partners_ask() {
        let views = Views::default();
        let first = ask(&views, 0, MOST_VIEWS);
        (1..MOST_VIEWS).for_each(|partner| drop(ask(&views, partner, MOST_VIEWS)));
        assert!(Arc::ptr_eq(&first, &ask(&views, 0, MOST_VIEWS)), "it is kept, and was asked for last now");
        ask(&views, MOST_VIEWS, MOST_VIEWS);
        let left = kept(&views);
        assert_eq!(left.len(), MOST_VIEWS);
        assert!(!left.contains(&"partner-1".to_owned()) && left.contains(&"partner-0".to_owned()), "{left:?}");
        ask(&views, 5, 1);
        assert_eq!(kept(&views), ["partner-5"], "a calendar that has grown has room for fewer");
    }

    #[test]
    fn all_views_together_are_no_larger_than_a_calendar_may_be_and_one_is_always_kept() {
        let rooms = [0, 1, MOST_SEEN / MOST_VIEWS, MOST_SEEN / MOST_VIEWS + 1, MOST_SEEN, 4 * MOST_SEEN].map(room);
        assert_eq!(rooms, [MOST_VIEWS, MOST_VIEWS, MOST_VIEWS, MOST_VIEWS - 1, 1, 1]);
    }
}
