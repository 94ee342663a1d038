//! The occurrences at hand, found by role, person, room and day.
//!
//! An agenda is given everything it knows at once and then answers one question: who meets whom?
//! It gives *candidates*, fast and without missing one; whether two that meet also clash is for
//! the rules in [`conflict`](super::conflict) to say.

mod audience;
mod bits;
mod book;
mod hall;
mod index;
mod lane;
mod setting;

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};

use audience::as_number;
pub use audience::{Audience, Common, Duty, Key, Roster};
use book::Book;
pub use index::name_key;
pub use setting::Setting;

use super::civic::{Blackout, BudgetYear, Meeting};
use super::conflict::OwnPolicies;
use super::conflict::sources::ByEvent;
use super::pattern::Outlook;
use super::{Civic, Days, Event, EventId, Observance, Occurrence, PartnerSlug, PersonSlug, RoleTree, Span, Team};

/// An event with the times that it happens.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// What people agreed on.
    pub event: Event,
    /// Its occurrences, or those within the window that is looked at.
    pub occurrences: Vec<Occurrence>,
}

impl Entry {
    /// An event that happens once: its recurrence is not looked at.
    #[must_use]
    pub fn once(event: Event) -> Self {
        let when = event.details.when;
        let span = when.span(event.details.zone);
        let occurrence = Occurrence { original: when.wall_start(), when, span, title: None, cancelled: false };
        Self { event, occurrences: vec![occurrence] }
    }
}

/// Everything that a search for conflicts may know.
#[derive(Debug, Clone)]
pub struct Facts {
    /// The events, each once.
    pub entries: Vec<Entry>,
    /// The roles.
    pub roles: RoleTree,
    /// The city teams.
    pub teams: Vec<Team>,
    /// The days to plan around.
    pub observances: Vec<Observance>,
    /// Large convenings that a year usually has, and which of them are announced.
    pub outlook: Outlook,
    /// Which table of observances this is; findings name it.
    pub observances_version: String,
    /// Speakers, by name for people.
    pub people: BTreeMap<PersonSlug, String>,
    /// Partners, by name for people.
    pub partners: BTreeMap<PartnerSlug, String>,
    /// What cities and partners have said of their own calendars.
    pub civic: Civic,
    /// What sources say of events where it is contested.
    pub claims: ByEvent,
    /// The policies that partners and events have of their own.
    pub policies: OwnPolicies,
    /// The moment that is called now.
    pub now: DateTime<Utc>,
}

/// The occurrences at hand, indexed.
///
/// It is kept up with one changed event after another ([`Agenda::put`]), and looked at from any
/// moment ([`Agenda::at`]), without being made anew.
#[derive(Debug, Clone)]
pub struct Agenda {
    now: DateTime<Utc>,
    setting: Arc<Setting>,
    book: Arc<Book>,
    outlook: Arc<Outlook>,
}

/// One time that an event happens: what a rule looks at.
#[derive(Debug, Clone, Copy)]
pub struct Slot<'a> {
    /// The event.
    pub event: &'a Event,
    /// The occurrence.
    pub occurrence: &'a Occurrence,
    /// Its civil days in the event's own zone.
    pub days: Days,
    /// Whom it reaches.
    pub audience: &'a Audience,
}

/// An event that asks the agenda, whether or not it is in it.
#[derive(Debug)]
pub struct Guest<'a> {
    entry: &'a Entry,
    audience: Audience,
    title: Option<String>,
}

/// Why two slots were brought together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tie {
    /// A role or cohort of both; both in person; days that are the same or near.
    Journey,
    /// A role or cohort of both, at one time; at least one of them online.
    Hour,
    /// A speaker of both, at one time.
    Speaker,
    /// One room, at one time.
    Room,
    /// Both in person on one day, whoever is invited.
    Day,
    /// Both in person, perhaps in one metropolitan area; days that are the same or near.
    Area,
    /// One name; days that are the same or near.
    Title,
    /// One is set beside the other; this one alone may be off.
    Anchor,
}

impl<'a> Slot<'a> {
    fn of(entry: &'a Entry, occurrence: &'a Occurrence, audience: &'a Audience) -> Self {
        Self { event: &entry.event, occurrence, days: occurrence.when.days(), audience }
    }

    /// Must people travel to it?
    #[must_use]
    pub fn is_in_person(&self) -> bool {
        self.event.details.is_in_person()
    }

    fn seconds(&self) -> (i64, i64) {
        (self.occurrence.span.start.timestamp(), self.occurrence.span.end.timestamp())
    }

    fn day_numbers(&self) -> (i64, i64) {
        day_numbers(self.days)
    }
}

impl Agenda {
    /// The agenda of these facts.
    ///
    /// What takes nobody's time is left out: ideas, cancelled and postponed events, transparent
    /// ones, cancelled occurrences. Past ones stay: what clashed then is how to plan now.
    #[must_use]
    pub fn new(facts: Facts) -> Self {
        let outlook = Arc::new(facts.outlook.clone());
        let (setting, entries, now) = Setting::new(facts);
        let book = Arc::new(Book::new(entries, &setting));
        Self { now, setting: Arc::new(setting), book, outlook }
    }

    /// The same, seen from another moment.
    #[must_use]
    pub fn at(&self, now: DateTime<Utc>) -> Self {
        Self { now, ..self.clone() }
    }

    /// Other events in the same setting: what [`Agenda::new`] makes of them, without looking through all teams again.
    #[must_use]
    pub fn with_entries(&self, entries: Vec<Entry>) -> Self {
        let setting = Setting::reaching(&self.setting, &entries);
        let book = Arc::new(Book::new(entries, &setting));
        Self { now: self.now, setting, book, outlook: Arc::clone(&self.outlook) }
    }

    /// Has it the same setting as another, and not only an equal one?
    #[must_use]
    pub fn is_in_setting_of(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.setting, &other.setting)
    }

    /// Puts an event in the place of what was known of it: the agenda is then what [`Agenda::new`] makes of all of them.
    ///
    /// Costs what the event's own occurrences cost, unless somebody still looks at the agenda as it was.
    pub fn put(&mut self, entry: Entry) {
        let expected = self.is_expected(&entry.event) || self.knows_expected(entry.event.id);
        self.write_down(entry);
        if expected {
            self.look_out();
        }
    }

    /// Is it one of those that a yearly pattern speaks of?
    fn is_expected(&self, event: &Event) -> bool {
        self.outlook.patterns.iter().any(|pattern| pattern.is_about(event))
    }

    fn knows_expected(&self, event: EventId) -> bool {
        self.entry(event).is_some_and(|known| self.is_expected(&known.event))
    }

    /// Finds out anew what is announced of what comes every year.
    fn look_out(&mut self) {
        let outlook = Arc::make_mut(&mut self.outlook);
        *outlook =
            Outlook::among(std::mem::take(&mut outlook.patterns), std::mem::take(&mut outlook.version), &self.book.entries);
    }

    fn write_down(&mut self, entry: Entry) {
        if self.setting.knows(&entry.event) {
            Arc::make_mut(&mut self.book).put(entry, &self.setting);
            return;
        }
        let mut entries = self.book.entries.clone();
        entries.retain(|known| known.event.id != entry.event.id);
        entries.push(entry);
        *self = self.with_entries(entries);
    }

    /// Takes an event out, if it is there.
    pub fn remove(&mut self, event: EventId) {
        let expected = self.knows_expected(event);
        if self.book.entry_of(event).is_some() {
            Arc::make_mut(&mut self.book).remove(event);
        }
        if expected {
            self.look_out();
        }
    }

    /// What it was made of, without the events.
    #[must_use]
    pub fn facts(&self) -> &Setting {
        &self.setting
    }

    /// Which large convenings are to be expected.
    #[must_use]
    pub fn outlook(&self) -> &Outlook {
        &self.outlook
    }

    /// The moment that is called now.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// The events, in no order that means anything.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.book.entries
    }

    /// The event of that id, if it is here.
    #[must_use]
    pub fn entry(&self, id: EventId) -> Option<&Entry> {
        self.book.entry_of(id).map(|place| self.book.whole(place).0)
    }

    /// The people of the city teams.
    #[must_use]
    pub fn roster(&self) -> &Roster {
        &self.setting.roster
    }

    /// What two slots' audiences have in common.
    #[must_use]
    pub fn common(&self, a: &Audience, b: &Audience) -> Common {
        self.setting.roster.common(&self.setting.roles, a, b)
    }

    /// Every occurrence that takes somebody's time.
    pub fn slots(&self) -> impl Iterator<Item = Slot<'_>> {
        self.book.numbers().map(|number| self.slot(number))
    }

    /// The observances that touch these days.
    pub fn observances(&self, days: Days) -> impl Iterator<Item = &Observance> {
        self.setting.observances(days)
    }

    /// How many of the invited city teams an observance concerns: all, or those of its state.
    #[must_use]
    pub fn teams_concerned(&self, audience: &Audience, observance: &Observance) -> u32 {
        match &observance.state {
            Some(state) => self.setting.roster.teams_in_state(audience, state),
            None => audience.team_count(),
        }
    }

    /// What is in person on these days for a role or cohort.
    pub fn in_person(&self, key: Key, days: Days) -> impl Iterator<Item = Slot<'_>> {
        let (from, until) = day_numbers(days);
        let lane = self.book.index.in_person.get(usize::from(key));
        lane.into_iter().flat_map(move |lane| lane.meeting(from, until)).map(|number| self.slot(number))
    }

    /// What wants a role or cohort at some time of a span, whether people travel to it or not.
    pub fn at_once(&self, key: Key, span: Span) -> impl Iterator<Item = Slot<'_>> {
        let (from, until) = (span.start.timestamp(), span.end.timestamp());
        let lane = self.book.index.at_once.get(usize::from(key));
        lane.into_iter().flat_map(move |lane| lane.meeting(from, until)).map(|number| self.slot(number))
    }

    /// Whom the entry of that event reaches, if it is here.
    #[must_use]
    pub fn audience_of(&self, event: EventId) -> Option<&Audience> {
        self.book.entry_of(event).map(|place| self.book.whole(place).1)
    }

    /// The council meetings on these days, each with its team's place in the list of teams.
    pub fn meetings(&self, days: Days) -> impl Iterator<Item = (u32, &Meeting)> {
        self.setting.meetings(days)
    }

    /// What is ruled out on these days, with the team's place in the list of teams where it is a team's.
    pub fn blackouts(&self, days: Days) -> impl Iterator<Item = (&Blackout, Option<u32>)> {
        self.setting.blackouts(days)
    }

    /// When invited city teams make their budgets: how many, and whether somebody invited makes one.
    pub fn budgets<'a>(&'a self, audience: &'a Audience) -> impl Iterator<Item = (BudgetYear, u32, bool)> + 'a {
        self.setting.budgets(audience)
    }

    /// The slots of each event, one event after the other, each in order of time.
    pub fn series(&self) -> impl Iterator<Item = Vec<Slot<'_>>> {
        self.book.series().map(|numbers| in_order(numbers.iter().map(|number| self.slot(*number)).collect()))
    }

    /// Calls `visit` for each two slots that want the same people ([`Tie::Hour`], whether or not one of them
    /// is online), speaker or room at one time, by their [numbers](Agenda::slot); once for each tie.
    pub fn overlaps(&self, mut visit: impl FnMut(Tie, u32, u32)) {
        let book = &*self.book;
        let others = |a, b| !book.is_one_event(a, b);
        for (key, lane) in (0..).zip(&book.index.at_once) {
            lane.pairs(0, |a, b| {
                if book.first_shared_key(a, b) == Some(key) && others(a, b) {
                    visit(Tie::Hour, a, b);
                }
            });
        }
        let mut visit_others = |tie, a, b| {
            if others(a, b) {
                visit(tie, a, b);
            }
        };
        book.index.by_speaker.lanes().for_each(|lane| lane.pairs(0, |a, b| visit_others(Tie::Speaker, a, b)));
        book.index.by_room.lanes().for_each(|lane| lane.pairs(0, |a, b| visit_others(Tie::Room, a, b)));
    }

    /// Calls `visit` for each two slots with a tie, once for each tie.
    ///
    /// `near` is how many days may lie between those that have to do with each other without
    /// sharing one.
    pub fn pairs<'a>(&'a self, near: i64, mut visit: impl FnMut(Tie, Slot<'a>, Slot<'a>)) {
        let book = &*self.book;
        self.overlaps(|tie, a, b| {
            let (a, b) = (self.slot(a), self.slot(b));
            if tie != Tie::Hour || !(a.is_in_person() && b.is_in_person()) {
                visit(tie, a, b);
            }
        });
        let mut meet = |tie, a, b| {
            if !book.is_one_event(a, b) {
                visit(tie, self.slot(a), self.slot(b));
            }
        };
        for (key, lane) in (0..).zip(&book.index.in_person) {
            lane.pairs(near, |a, b| {
                if book.first_shared_key(a, b) == Some(key) {
                    meet(Tie::Journey, a, b);
                }
            });
        }
        book.index.by_title.lanes().for_each(|lane| lane.pairs(near, |a, b| meet(Tie::Title, a, b)));
        book.index.by_day.pairs(0, |a, b| meet(Tie::Day, a, b));
        book.index.pairs_of_one_area(near, |a, b| meet(Tie::Area, a, b));
        for (anchor, satellite) in book.satellites() {
            tie_to_anchor(book.whole(anchor), book.whole(satellite), &mut visit);
        }
    }

    /// An event that asks. Itself as the agenda knows it is no company for it.
    #[must_use]
    pub fn guest<'a>(&self, entry: &'a Entry) -> Guest<'a> {
        let details = &entry.event.details;
        let id = as_number(self.book.audiences());
        let audience = self.setting.roster.audience(id, &self.setting.roles, details);
        let title = self.book.index.title(&entry.event);
        Guest { entry, audience, title }
    }

    /// Calls `visit` for each slot that has a tie with one of the guest's, as [`pairs`](Self::pairs) does.
    pub fn pairs_with<'a>(&'a self, guest: &'a Guest<'a>, near: i64, mut visit: impl FnMut(Tie, Slot<'a>, Slot<'a>)) {
        let own_place = self.book.entry_of(guest.id());
        for slot in guest.slots() {
            let mut meet = |tie, number| {
                if Some(self.book.place(number).0) != own_place {
                    visit(tie, slot, self.slot(number));
                }
            };
            self.meet_same_people(&slot, near, &mut meet);
            self.meet_at_one_time(&slot, &mut meet);
            self.meet_around(&slot, guest.title.as_ref(), near, &mut meet);
        }
        let own = (guest.entry, &guest.audience);
        let anchor = guest.entry.event.details.anchor.and_then(|anchor| self.book.entry_of(anchor));
        if let Some(anchor) = anchor.filter(|anchor| Some(*anchor) != own_place) {
            tie_to_anchor(self.book.whole(anchor), own, &mut visit);
        }
        let satellites = self.book.satellites_of(guest.id()).filter(|satellite| Some(*satellite) != own_place);
        satellites.for_each(|satellite| tie_to_anchor(own, self.book.whole(satellite), &mut visit));
    }

    fn meet_at_one_time(&self, slot: &Slot<'_>, meet: &mut impl FnMut(Tie, u32)) {
        let (start, end) = slot.seconds();
        let index = &self.book.index;
        for lane in slot.event.details.speakers.iter().filter_map(|speaker| index.by_speaker.get(speaker)) {
            lane.meeting(start, end).for_each(|number| meet(Tie::Speaker, number));
        }
        for lane in index::room(slot.event).iter().filter_map(|room| index.by_room.get(room)) {
            lane.meeting(start, end).for_each(|number| meet(Tie::Room, number));
        }
    }

    fn meet_around(&self, slot: &Slot<'_>, title: Option<&String>, near: i64, meet: &mut impl FnMut(Tie, u32)) {
        let (from, until) = slot.day_numbers();
        let index = &self.book.index;
        if slot.is_in_person() {
            index.by_day.meeting(from, until).for_each(|number| meet(Tie::Day, number));
        }
        for lane in index.around(slot.event) {
            lane.meeting(from - near, until + near).for_each(|number| meet(Tie::Area, number));
        }
        if let Some(lane) = title.and_then(|title| index.by_title.get(title)) {
            lane.meeting(from - near, until + near).for_each(|number| meet(Tie::Title, number));
        }
    }

    fn meet_same_people(&self, slot: &Slot<'_>, near: i64, meet: &mut impl FnMut(Tie, u32)) {
        let (start, end) = slot.seconds();
        let (from, until) = slot.day_numbers();
        for key in slot.audience.keys.iter().copied() {
            let first = |number: &u32| slot.audience.first_shared_key(self.book.audience(*number)) == Some(key);
            let in_person = |number: &u32| slot.is_in_person() && self.book.event(*number).details.is_in_person();
            if slot.is_in_person() {
                let near = self.book.index.in_person[usize::from(key)].meeting(from - near, until + near);
                near.filter(first).for_each(|number| meet(Tie::Journey, number));
            }
            let at_once = self.book.index.at_once[usize::from(key)].meeting(start, end);
            at_once.filter(|number| !in_person(number) && first(number)).for_each(|number| meet(Tie::Hour, number));
        }
    }

    /// The occurrence of that number, as [`overlaps`](Self::overlaps) gives them.
    ///
    /// # Panics
    /// For a number that this agenda has not given.
    #[must_use]
    pub fn slot(&self, number: u32) -> Slot<'_> {
        let (place, occurrence) = self.book.place(number);
        let (entry, audience) = self.book.whole(place);
        Slot::of(entry, &entry.occurrences[occurrence as usize], audience)
    }
}

impl Guest<'_> {
    /// The occurrences that take somebody's time, in order.
    #[must_use]
    pub fn series(&self) -> Vec<Slot<'_>> {
        in_order(self.slots().collect())
    }

    fn slots(&self) -> impl Iterator<Item = Slot<'_>> {
        let on = self.entry.occurrences.iter().filter(|occurrence| takes_time(&self.entry.event, occurrence));
        on.map(|occurrence| Slot::of(self.entry, occurrence, &self.audience))
    }

    /// Whom it reaches.
    #[must_use]
    pub fn audience(&self) -> &Audience {
        &self.audience
    }

    /// The event that asks.
    #[must_use]
    pub fn id(&self) -> EventId {
        self.entry.event.id
    }
}

/// Ties each occurrence of a satellite to the anchor's nearest one, even if that is off.
fn tie_to_anchor<'a>(
    anchor: (&'a Entry, &'a Audience),
    satellite: (&'a Entry, &'a Audience),
    visit: &mut impl FnMut(Tie, Slot<'a>, Slot<'a>),
) {
    let on = satellite.0.occurrences.iter().filter(|occurrence| takes_time(&satellite.0.event, occurrence));
    for slot in on.map(|occurrence| Slot::of(satellite.0, occurrence, satellite.1)) {
        let slots = anchor.0.occurrences.iter().map(|occurrence| Slot::of(anchor.0, occurrence, anchor.1));
        let gap = |other: &Slot<'_>| (slot.days.free_days_between(other.days).map_or(0, |free| free + 1), other.occurrence.span);
        if let Some(nearest) = slots.min_by_key(gap) {
            visit(Tie::Anchor, slot, nearest);
        }
    }
}

fn in_order(mut slots: Vec<Slot<'_>>) -> Vec<Slot<'_>> {
    slots.sort_by_key(|slot| slot.occurrence.span);
    slots
}

/// Does this occurrence take anybody's time?
fn takes_time(event: &Event, occurrence: &Occurrence) -> bool {
    !event.status.is_off() && !event.details.transparent && !occurrence.cancelled
}

/// Days as half-open numbers.
fn day_numbers(days: Days) -> (i64, i64) {
    let number = |day: NaiveDate| i64::from(day.num_days_from_ce());
    (number(days.first), number(days.last) + 1)
}
