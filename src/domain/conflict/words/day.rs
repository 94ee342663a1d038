//! An event and a day to plan around.

use chrono::{NaiveDate, NaiveTime};

use crate::domain::agenda::Slot;
use crate::domain::conflict::days::{self, Beside};
use crate::domain::conflict::phrases::{day_in_words, days_in_words, falls, hour, is_or_are, list};
use crate::domain::conflict::weekly::Weekly;
use crate::domain::observance::{Certainty, ObservanceKind, Tier};
use crate::domain::{Days, Observance};

/// One day, or season, to plan around.
pub(super) fn sentence(slot: &Slot<'_>, observance: &Observance, beside: Beside, online: bool) -> String {
    let name = named(observance);
    let doubt = if observance.certainty == Certainty::PlusMinusOne { "; its date may be a day earlier or later" } else { "" };
    match beside {
        Beside::On(days) if observance.kind == ObservanceKind::Season => {
            format!("{} {} in {name}{}", days_in_words(days), falls(days), advice(observance))
        }
        Beside::On(days) => format!(
            "{} {} {name}{}{}{doubt}",
            days_in_words(days),
            is_or_are(days),
            from_sunset(slot, observance, days),
            advice(observance)
        ),
        Beside::Eve(eve) => format!(
            "{name} begins at sunset on {}{}: end early enough for people to be home and ready{doubt}",
            day_in_words(eve),
            sunset_hour(slot, eve)
        ),
        Beside::Arrival(on) | Beside::Departure(on) if online => {
            format!("{}, {}, is {name}{doubt}", beside_in_words(beside), day_in_words(on))
        }
        Beside::Arrival(on) | Beside::Departure(on) => {
            format!(
                "{}, {}, when people would travel, is {name}{}{doubt}",
                beside_in_words(beside),
                day_in_words(on),
                nightfall(observance, beside)
            )
        }
        Beside::Perhaps(days) => format!(
            "{name}, {} by our table, may fall on {}, as its date may be a day earlier or later",
            days_in_words(observance.days),
            days_in_words(days)
        ),
        Beside::PerhapsEve(eve) => format!(
            "{name}, {} by our table, may begin at sunset on {}, as its date may be a day earlier or later",
            days_in_words(observance.days),
            day_in_words(eve)
        ),
    }
}

/// Weekly times of prayer and rest: which hours to leave free, and why.
pub(super) fn weekly(weekly: Weekly, prepare: NaiveTime) -> String {
    let day = |day: NaiveDate| format!("{} {}", day.format("%A"), day_in_words(day));
    let evening = format!("the time from {}", prepare.format("%H:%M"));
    let friday = match (weekly.midday, weekly.evening) {
        (Some(friday), Some(_)) => Some(format!("midday and {evening} on {}", day(friday))),
        (Some(friday), None) => Some(format!("midday on {}", day(friday))),
        (None, Some(friday)) => Some(format!("{evening} on {}", day(friday))),
        (None, None) => None,
    };
    let saturday = weekly.saturday.map(|on| format!("{} until nightfall", day(on)));
    let sunday = weekly.sunday.map(|on| format!("the morning of {}", day(on)));
    let parts: Vec<String> = [friday, saturday, sunday].into_iter().flatten().collect();
    let several = parts.len() > 1 || weekly.midday.is_some() && weekly.evening.is_some();
    let are = if several { "are weekly times" } else { "is a weekly time" };
    let again = if weekly.again { ", and so in the weeks after" } else { "" };
    format!("{} {are} of prayer or rest{again}: best without required sessions", capitalized(&list(&parts)))
}

fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// The name, with what it is where that is not plain.
fn named(observance: &Observance) -> String {
    match observance.kind {
        ObservanceKind::Federal => format!("{}, a federal holiday", observance.name),
        _ => as_noun(&observance.name),
    }
}

/// “Year-end closure period” is a common noun and takes its article; “Ramadan” is a name.
fn as_noun(name: &str) -> String {
    match name.strip_suffix("period").and_then(|_| name.split_at_checked(1)) {
        Some((first, rest)) => format!("the {}{rest}", first.to_lowercase()),
        None => name.to_owned(),
    }
}

/// What it may mean for planning; never who keeps it.
fn advice(observance: &Observance) -> &'static str {
    match observance.kind {
        ObservanceKind::Federal => ": government offices are closed",
        ObservanceKind::Election => ": officials and those who run the election are needed at home",
        ObservanceKind::Season if observance.tier == Tier::Avoid => ": many city halls are closed",
        ObservanceKind::Season => ": plan meals and evenings with care",
        _ if observance.work_restricted => ": some may not work or travel then",
        _ if observance.tier == Tier::Note => "",
        _ => ": some will want to be at home then",
    }
}

/// “, from sunset on 7 April, the evening of arrival”; nothing where it began before that.
fn from_sunset(slot: &Slot<'_>, observance: &Observance, days: Days) -> String {
    match days.first.pred_opt().filter(|_| observance.from_sunset && observance.days.first == days.first) {
        Some(eve) if slot.is_in_person() && eve.succ_opt() == Some(slot.days.first) => {
            format!(", from sunset on {}, the evening of arrival", day_in_words(eve))
        }
        Some(eve) => format!(", from sunset on {}", day_in_words(eve)),
        None => String::new(),
    }
}

/// Who keeps a day that ends at nightfall cannot set out before it.
fn nightfall(observance: &Observance, beside: Beside) -> &'static str {
    match beside {
        Beside::Arrival(day) if observance.from_sunset && observance.work_restricted && observance.days.last == day => {
            ", until nightfall: nobody who keeps it can be there before the next day"
        }
        _ => "",
    }
}

fn beside_in_words(beside: Beside) -> &'static str {
    if matches!(beside, Beside::Arrival(_)) { "The day before it begins" } else { "The day after it ends" }
}

fn sunset_hour(slot: &Slot<'_>, eve: NaiveDate) -> String {
    days::sunset_at(slot, eve).map(|sunset| format!(" ({})", hour(sunset, slot.event.details.zone))).unwrap_or_default()
}
