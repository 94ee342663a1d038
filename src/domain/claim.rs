//! What a source says of a convening, and whether two of them contradict each other.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::place::distance_km;
use super::{Details, Event, EventStatus, Mode, Venue, When, wording};

/// Places further apart than this, in kilometres, are two: those of one convention centre are not.
const APART_KM: f64 = 25.0;

/// What one source says of one event: when, where, how, and whether it is on at all.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    /// The calendar's or the file's name.
    pub source: String,
    /// Since when it says so.
    pub read_at: DateTime<Utc>,
    /// By it the event is called off.
    pub cancelled: bool,
    /// When.
    pub when: When,
    /// The zone of that.
    pub zone: Tz,
    /// How people take part.
    pub mode: Mode,
    /// Where.
    pub venue: Option<Venue>,
}

/// What sources say of one event and nobody has decided between yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Claims {
    /// What was taken last.
    pub taken: Claim,
    /// What others say.
    pub others: Vec<Claim>,
}

/// What two claims may differ in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Point {
    /// Is it on at all?
    Cancelled,
    /// Its days or hours.
    Dates,
    /// Its town.
    Place,
    /// In person, virtual or both.
    Mode,
}

impl Claim {
    /// What a source says that gives these details.
    #[must_use]
    pub fn new(source: &str, read_at: DateTime<Utc>, status: EventStatus, details: &Details) -> Self {
        Self {
            source: source.to_owned(),
            read_at,
            cancelled: status == EventStatus::Cancelled,
            when: details.when,
            zone: details.zone,
            mode: details.mode,
            venue: details.venue.clone(),
        }
    }

    /// In what the two contradict each other. To say less is no contradiction: an end or hours that only one of
    /// them knows, a place that one leaves out, a mode that one only seems to have for want of a place. Whether
    /// days or place are others is no question where one of them says that it is off.
    ///
    /// ```
    /// use convene::domain::{Claim, Details, EventStatus, When, claim::Point};
    /// let says = |last: Option<&str>| {
    ///     let when = When::Days { first: "2026-03-07".parse().unwrap(), last: last.map(|day| day.parse().unwrap()) };
    ///     let details = Details::new("FORUM", "nfbpa".parse().unwrap(), when, chrono_tz::America::New_York);
    ///     Claim::new("a page", chrono::DateTime::UNIX_EPOCH, EventStatus::Confirmed, &details)
    /// };
    /// assert_eq!(says(Some("2026-03-11")).contradicts(&says(Some("2026-03-12"))), [Point::Dates]);
    /// assert_eq!(says(Some("2026-03-11")).contradicts(&says(None)), []);
    /// ```
    #[must_use]
    pub fn contradicts(&self, other: &Self) -> Vec<Point> {
        if self.cancelled || other.cancelled {
            return if self.cancelled == other.cancelled { Vec::new() } else { vec![Point::Cancelled] };
        }
        let all = [
            (Point::Dates, other_dates(self, other)),
            (Point::Place, other_place(self, other)),
            (Point::Mode, self.mode != other.mode && self.says_how() && other.says_how()),
        ];
        all.into_iter().filter_map(|(point, differs)| differs.then_some(point)).collect()
    }

    /// A calendar that names neither place nor link is read as in person: that says nothing.
    fn says_how(&self) -> bool {
        self.mode != Mode::InPerson || self.venue.is_some()
    }

    /// The same text for the same claim, whenever it is read: what is remembered of a choice.
    #[must_use]
    pub fn key(&self) -> String {
        if self.cancelled {
            return "cancelled".to_owned();
        }
        let town = self.venue.as_ref().and_then(Venue::town).unwrap_or_default().to_lowercase();
        let zone = if self.when.is_all_day() { "" } else { self.zone.name() };
        format!("{:?} {zone} {} {town}", self.when, self.mode.as_str())
    }

    /// What it says of these points: “Sat 7 – Wed 11 March 2026”, “online”, “that it is cancelled”.
    #[must_use]
    pub fn words(&self, points: &[Point]) -> String {
        let place = || wording::place_of(self.venue.as_ref(), self.mode);
        let mut said = String::new();
        for point in points {
            let words = match point {
                Point::Cancelled if self.cancelled => "that it is cancelled".to_owned(),
                Point::Cancelled => format!("that it is on, {}", wording::when(self.when, self.zone)),
                Point::Dates => wording::when(self.when, self.zone),
                Point::Place => place(),
                Point::Mode if points.contains(&Point::Place) => continue,
                Point::Mode => self.mode.words().to_owned(),
            };
            let comma = if said.is_empty() { "" } else { ", " };
            let _ = write!(said, "{comma}{words}");
        }
        said
    }

    /// Is that what the calendar shows of the event?
    #[must_use]
    pub fn is_shown(&self, event: &Event) -> bool {
        let shown = Self::new(&self.source, self.read_at, event.status, &event.details);
        shown.contradicts(self).is_empty()
    }
}

impl Claims {
    /// Those of the others that contradict what was taken, and in what.
    pub fn contradictions(&self) -> impl Iterator<Item = (&Claim, Vec<Point>)> {
        self.others.iter().map(|other| (other, self.taken.contradicts(other))).filter(|(_, points)| !points.is_empty())
    }
}

fn other_dates(a: &Claim, b: &Claim) -> bool {
    let (first, second) = (a.when.days(), b.when.days());
    if first.first != second.first || !a.when.is_open() && !b.when.is_open() && first.last != second.last {
        return true;
    }
    let (x, y) = (a.when.span(a.zone), b.when.span(b.zone));
    let both_hours = !a.when.is_all_day() && !b.when.is_all_day();
    both_hours && (x.start != y.start || !a.when.is_open() && !b.when.is_open() && x.end != y.end)
}

fn other_place(a: &Claim, b: &Claim) -> bool {
    let (Some(here), Some(there)) = (&a.venue, &b.venue) else { return false };
    if let (Some(here), Some(there)) = (here.position(), there.position()) {
        return distance_km(here, there) > APART_KM;
    }
    let city = |venue: &Venue| venue.city.as_deref().map(str::to_lowercase);
    city(here).zip(city(there)).is_some_and(|(here, there)| here != there)
}

#[cfg(test)]
mod tests {
    use super::*;

    type Change = fn(&mut Claim);

    fn claim(change: Change) -> Claim {
        let when = When::Days { first: day("2026-03-07"), last: Some(day("2026-03-11")) };
        let details = Details::new("FORUM", "nfbpa".parse().expect("partner"), when, chrono_tz::America::New_York);
        let mut claim = Claim::new("one.ics", DateTime::UNIX_EPOCH, EventStatus::Confirmed, &details);
        claim.venue = Some(town("Philadelphia", Some((39.95, -75.16))));
        change(&mut claim);
        claim
    }

    fn day(text: &str) -> chrono::NaiveDate {
        text.parse().expect("a day")
    }

    fn town(city: &str, at: Option<(f64, f64)>) -> Venue {
        let (lat, lon) = at.unzip();
        Venue { city: Some(city.to_owned()), lat, lon, ..Venue::default() }
    }

    fn hours(claim: &mut Claim, start: &str) {
        let at = |text: &str| format!("2026-03-07T{text}:00").parse().expect("a time");
        claim.when = When::Times { start: at(start), end: Some(at("17:00")) };
    }

    #[test]
    fn to_say_something_else_is_a_contradiction_and_to_say_less_is_none() {
        let cases: [(&str, Change, Change, &[Point]); 13] = [
            ("the same", |_| (), |_| (), &[]),
            (
                "another last day",
                |_| (),
                |it| it.when = When::Days { first: day("2026-03-07"), last: Some(day("2026-03-12")) },
                &[Point::Dates],
            ),
            (
                "another first day",
                |_| (),
                |it| it.when = When::Days { first: day("2026-03-08"), last: Some(day("2026-03-11")) },
                &[Point::Dates],
            ),
            ("no last day", |_| (), |it| it.when = When::Days { first: day("2026-03-07"), last: None }, &[]),
            ("hours of one day beside five days", |_| (), |it| hours(it, "09:00"), &[Point::Dates]),
            ("other hours", |it| hours(it, "10:00"), |it| hours(it, "09:00"), &[Point::Dates]),
            (
                "one instant in two zones",
                |it| hours(it, "09:00"),
                |it| {
                    it.zone = chrono_tz::America::Chicago;
                    let at = |text: &str| text.parse().expect("a time");
                    it.when = When::Times { start: at("2026-03-07T08:00:00"), end: Some(at("2026-03-07T16:00:00")) };
                },
                &[],
            ),
            ("another town", |_| (), |it| it.venue = Some(town("Atlanta", Some((33.75, -84.39)))), &[Point::Place]),
            ("another town without positions", |it| it.venue = Some(town("Atlanta", None)), |_| (), &[Point::Place]),
            ("no place", |_| (), |it| it.venue = None, &[]),
            ("online", |_| (), |it| (it.mode, it.venue) = (Mode::Virtual, None), &[Point::Mode]),
            ("online beside no place", |it| it.venue = None, |it| (it.mode, it.venue) = (Mode::Virtual, None), &[]),
            (
                "off, whatever else",
                |_| (),
                |it| (it.cancelled, it.venue) = (true, Some(town("Atlanta", None))),
                &[Point::Cancelled],
            ),
        ];
        for (name, one, other, expected) in cases {
            let (one, other) = (claim(one), claim(other));
            assert_eq!(one.contradicts(&other), expected, "{name}");
            assert_eq!(other.contradicts(&one), expected, "{name}, the other way round");
        }
    }

    #[test]
    fn a_claim_is_the_same_however_often_and_wherever_it_is_read() {
        let later = claim(|it| {
            it.read_at = "2026-01-01T00:00:00Z".parse().expect("a time");
            it.source = "two.ics".to_owned();
            it.venue = Some(Venue { name: Some("Marriott".to_owned()), ..town("PHILADELPHIA", None) });
        });
        assert_eq!(later.key(), claim(|_| ()).key());
        assert_ne!(claim(|it| it.mode = Mode::Hybrid).key(), claim(|_| ()).key());
        assert_ne!(claim(|it| it.cancelled = true).key(), claim(|_| ()).key());
    }

    #[test]
    fn it_is_said_in_words_that_name_only_what_differs() {
        let said = claim(|it| it.mode = Mode::Hybrid);
        assert_eq!(said.words(&[Point::Dates]), "Sat 7 – Wed 11 March 2026");
        assert_eq!(said.words(&[Point::Dates, Point::Place, Point::Mode]), "Sat 7 – Wed 11 March 2026, Philadelphia, and online");
        assert_eq!(said.words(&[Point::Mode]), "hybrid");
        assert_eq!(claim(|it| it.cancelled = true).words(&[Point::Cancelled]), "that it is cancelled");
        assert_eq!(said.words(&[Point::Cancelled]), "that it is on, Sat 7 – Wed 11 March 2026");
    }
}
