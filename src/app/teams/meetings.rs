//! Single meetings of a council that are not as its rule says.

use chrono::{NaiveDate, NaiveDateTime};

use super::{keep, refresh_all, roster};
use crate::app::{Actor, App, Error, Result};
use crate::domain::civic::Council;
use crate::domain::recurrence::{Exdate, Override};
use crate::domain::{Days, EventStatus, TeamSlug, When};

/// What is different about one meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exception {
    /// The meeting of the first day is on the second.
    Moved(NaiveDate, NaiveDate),
    /// There is none on that day.
    CalledOff(NaiveDate),
    /// There is one more on that day, at the usual hours.
    Extra(NaiveDate),
    /// That day is again as the rule says.
    AsUsual(NaiveDate),
}

/// Says that one meeting of a team's council is not as usual, and finds what that means.
///
/// # Errors
/// [`Error::NotFound`] where the team is not the actor's own; [`Error::Invalid`] where the council has no
/// meeting on that day, or has one already.
pub fn except(app: &App, actor: &Actor, slug: &TeamSlug, exception: Exception) -> Result<Council> {
    app.store.write::<_, Error>(|writer| {
        let team = roster::own(writer, actor, slug)?;
        let mut council = writer.councils()?.remove(slug).ok_or(Error::NotFound("council"))?;
        let meetings = writer.meetings(Days::ALL)?;
        let meets = |day: NaiveDate| meetings.iter().any(|one| one.team == *slug && one.day == day);
        apply(&mut council, exception, meets)?;
        keep(writer, &team, &council, app.now())?;
        refresh_all(app, writer, actor)?;
        Ok(council)
    })
}

fn apply(council: &mut Council, exception: Exception, meets: impl Fn(NaiveDate) -> bool) -> Result<()> {
    let at = |day: NaiveDate| day.and_time(council.when.wall_start().time());
    let must_meet = |day| {
        let none = || Error::field("day", format!("The council has no meeting on {day}; take the day from its calendar."));
        if meets(day) { Ok(()) } else { Err(none()) }
    };
    match exception {
        Exception::Moved(from, to) => {
            must_meet(from)?;
            if meets(to) {
                return Err(Error::field("moved_to", format!("The council meets on {to} already.")));
            }
            // What was moved before keeps the name that the rule gave it.
            let original = original_of(council, from).unwrap_or_else(|| at(from));
            let when = hours_on(council, to);
            drop_exceptions(council, original);
            council.recurrence.overrides.push(Override { original, when, title: None, status: None::<EventStatus> });
        }
        Exception::CalledOff(day) => {
            must_meet(day)?;
            let original = original_of(council, day).unwrap_or_else(|| at(day));
            drop_exceptions(council, original);
            if council.recurrence.rdates.contains(&original) {
                council.recurrence.rdates.retain(|date| *date != original);
            } else {
                council.recurrence.exdates.push(Exdate::Day(original.date()));
            }
        }
        Exception::Extra(day) => {
            if meets(day) {
                return Err(Error::field("day", format!("The council meets on {day} already.")));
            }
            let original = at(day);
            drop_exceptions(council, original);
            council.recurrence.rdates.push(original);
        }
        Exception::AsUsual(day) => {
            let original = original_of(council, day).unwrap_or_else(|| at(day));
            drop_exceptions(council, original);
            council.recurrence.rdates.retain(|date| *date != original);
        }
    }
    Ok(())
}

/// The start that the rule gave to what was moved onto this day.
fn original_of(council: &Council, day: NaiveDate) -> Option<NaiveDateTime> {
    let moved = council.recurrence.overrides.iter().find(|one| one.when.days().contains(day));
    moved.map(|one| one.original)
}

fn drop_exceptions(council: &mut Council, original: NaiveDateTime) {
    let recurrence = &mut council.recurrence;
    recurrence.overrides.retain(|one| one.original != original);
    recurrence.exdates.retain(|one| *one != Exdate::Day(original.date()) && *one != Exdate::At(original));
}

/// The usual hours, on another day.
fn hours_on(council: &Council, day: NaiveDate) -> When {
    match council.when {
        When::Times { start, end } => {
            let end = end.map(|end| day.and_time(start.time()) + (end - start));
            When::Times { start: day.and_time(start.time()), end }
        }
        When::Days { .. } => When::Days { first: day, last: Some(day) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Recurrence, Span};

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    /// The days in October and November 2025 of a council that meets on first Tuesdays, after these exceptions.
    fn days_after(exceptions: &[Exception]) -> Vec<String> {
        let wall = |text: &str| text.parse().expect("a wall time");
        let mut council = Council {
            name: "City Council".into(),
            seats: 5,
            quorum: None,
            mayor_sits: false,
            approves_travel: false,
            yields_to_elections: false,
            agenda_days: 7,
            when: When::Times { start: wall("2025-09-02T18:00:00"), end: Some(wall("2025-09-02T21:00:00")) },
            recurrence: Recurrence { rrule: Some("FREQ=MONTHLY;BYDAY=1TU".into()), ..Recurrence::default() },
        };
        let at = |text: &str| text.parse().expect("an instant");
        let window = Span::new(at("2025-10-01T00:00:00Z"), at("2025-11-30T00:00:00Z"));
        let of = |council: &Council| -> Vec<NaiveDate> {
            let team = "riverbend-oh".parse().expect("team");
            council.meetings(&team, chrono_tz::America::New_York, window).into_iter().map(|(_, one)| one.day).collect()
        };
        for exception in exceptions {
            let known = of(&council);
            apply(&mut council, *exception, |day| known.contains(&day)).expect("it can be");
        }
        of(&council).iter().map(|day| day.format("%-d %b").to_string()).collect()
    }

    #[test]
    fn a_meeting_moves_falls_out_is_added_and_goes_back() {
        use Exception::{AsUsual, CalledOff, Extra, Moved};
        let (seventh, ninth, tenth) = (day("2025-10-07"), day("2025-10-09"), day("2025-10-10"));
        assert_eq!(days_after(&[]), ["7 Oct", "4 Nov"]);
        assert_eq!(days_after(&[Moved(seventh, ninth)]), ["9 Oct", "4 Nov"]);
        assert_eq!(days_after(&[Moved(seventh, ninth), Moved(ninth, tenth)]), ["10 Oct", "4 Nov"]);
        assert_eq!(days_after(&[Moved(seventh, ninth), AsUsual(ninth)]), ["7 Oct", "4 Nov"]);
        assert_eq!(days_after(&[CalledOff(seventh)]), ["4 Nov"]);
        assert_eq!(days_after(&[CalledOff(seventh), AsUsual(seventh)]), ["7 Oct", "4 Nov"]);
        assert_eq!(days_after(&[Extra(ninth)]), ["7 Oct", "9 Oct", "4 Nov"]);
        assert_eq!(days_after(&[Extra(ninth), CalledOff(ninth)]), ["7 Oct", "4 Nov"]);
        assert_eq!(days_after(&[Moved(seventh, ninth), CalledOff(ninth)]), ["4 Nov"]);
    }

    #[test]
    fn a_day_without_a_meeting_cannot_be_moved() {
        let refused = |exception| {
            let mut council = Council {
                name: "City Council".into(),
                seats: 5,
                quorum: None,
                mayor_sits: false,
                approves_travel: false,
                yields_to_elections: false,
                agenda_days: 7,
                when: When::Times { start: day("2025-09-02").and_hms_opt(18, 0, 0).expect("an hour"), end: None },
                recurrence: Recurrence::default(),
            };
            apply(&mut council, exception, |known| known == day("2025-10-07")).is_err()
        };
        assert!(refused(Exception::Moved(day("2025-10-08"), day("2025-10-09"))));
        assert!(refused(Exception::Moved(day("2025-10-07"), day("2025-10-07"))));
        assert!(refused(Exception::Extra(day("2025-10-07"))));
        assert!(refused(Exception::CalledOff(day("2025-10-08"))));
    }
}
