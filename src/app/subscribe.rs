//! Opting in to the digest, by mail and a second click; and out, by one.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike as _, Duration, NaiveDate, Utc};
use chrono_tz::Tz;

use super::{App, Error, Result, letters};
use crate::domain::span::instant;
use crate::domain::{PartnerSlug, RoleSlug};
use crate::json::FieldError;
use crate::keys::{hash, is_sealed, is_short_sealed, seal, short_seal};
use crate::mail::notices::{Confirmation, Settings};
use crate::mail::{Address, Letter, LetterKind, Mailbox};
use crate::store::{Frequency, Reader, Subscription, SubscriptionState};

/// For how long a confirmation link works.
const CONFIRM_HOURS: i64 = 48;

/// For how many hours a link to the settings works.
const SETTINGS_HOURS: i64 = 1;

/// What somebody asks for, as typed.
#[derive(Debug, Clone, Default)]
pub struct Wish {
    /// Where it is to go.
    pub email: String,
    /// For these roles; all where there are none.
    pub roles: Vec<String>,
    /// Of these partners; all where there are none.
    pub partners: Vec<String>,
    /// In these towns or states, with commas between them; everywhere where there are none.
    pub places: String,
    /// `at_once`, `daily`, `weekly` or `monthly`.
    pub frequency: String,
    /// The reader's IANA zone.
    pub zone: String,
    /// The reader's hour, 0 to 23.
    pub hour: String,
}

/// Asks the address whether it wants the digest. The answer never tells whether it had one already.
///
/// # Errors
/// [`Error::Invalid`] with every mistake; when the letter or the store fails.
pub fn subscribe(app: &App, wish: &Wish) -> Result<()> {
    let now = app.now();
    let new = read(app, wish, now)?;
    let secret = app.keys.secret()?;
    app.store.write::<_, Error>(|writer| {
        let lately = writer.subscriptions_since(&new.email, now - Duration::minutes(10))?;
        let today = writer.subscriptions_since(&new.email, now - Duration::hours(24))?;
        if lately >= 1 || today >= 3 || is_too_often(writer, &new.email, now)? {
            return Ok(());
        }
        let new = Subscription { watermark: writer.last_change()?, ..new };
        let id = writer.add_subscription(&new, &hash(&secret))?;
        let tree = writer.roles()?;
        let notice = Confirmation {
            link: app.address(&format!("/subscribe/{secret}")),
            lasts: format!("{CONFIRM_HOURS} hours"),
            roles: new.roles.iter().map(|role| tree.name(role)).collect(),
            partners: new.partners.iter().map(ToString::to_string).collect(),
            places: new.places.iter().cloned().collect(),
            frequency: frequency_words(&new),
            base_url: app.settings.base_url.clone(),
        };
        let to = Mailbox { name: None, address: new.email.clone() };
        let letter = Letter::new(LetterKind::Confirm, format!("confirm:{id}"), to, notice.written());
        letters::enqueue(app, writer, &letter, None, Some(id), LetterKind::Confirm.hours())?;
        Ok(())
    })
}

/// “weekly, on Mondays at 07:00 (America/Chicago)”.
#[must_use]
pub fn frequency_words(subscription: &Subscription) -> String {
    let day = match subscription.frequency {
        Frequency::AtOnce => return "at once, when something changes".to_owned(),
        Frequency::Daily => "daily",
        Frequency::Weekly => "weekly, on Mondays",
        Frequency::Monthly => "monthly, on the first",
    };
    format!("{day} at {:02}:00 ({})", subscription.hour, subscription.zone.name())
}

/// The subscription that a confirmation link belongs to; nothing changes.
///
/// # Errors
/// [`Error::NotFound`] for an unknown link.
pub fn to_confirm(app: &App, secret: &str) -> Result<Subscription> {
    app.store.read::<_, Error>(|reader| Ok(reader.subscription_to_confirm(&hash(secret))?))
}

/// Starts a subscription; a second click is as good as the first.
///
/// # Errors
/// [`Error::NotFound`] for an unknown link, [`Error::NotPossible`] for one that is too old or was ended.
pub fn confirm(app: &App, secret: &str) -> Result<Subscription> {
    let now = app.now();
    app.store.write::<_, Error>(|writer| {
        let found = writer.subscription_to_confirm(&hash(secret))?;
        match found.state {
            SubscriptionState::Active => return Ok(found),
            SubscriptionState::Ended => {
                return Err(Error::NotPossible("This subscription was ended. Sign up anew to have it back.".into()));
            }
            SubscriptionState::Pending if found.confirm_until < now => {
                return Err(Error::NotPossible("This link is more than two days old. Sign up again to get a new one.".into()));
            }
            SubscriptionState::Pending => {}
        }
        let due = due_after(&found, now);
        // Whoever clicked the link got the letter: what came back before is forgiven.
        writer.lift_suppression(&found.email)?;
        writer.confirm_subscription(found.id, writer.last_change()?, due, now)?;
        Ok(writer.subscription(found.id)?)
    })
}

/// One letter in ten minutes and three a day are enough for an address that somebody else may have typed.
fn is_too_often(reader: &Reader<'_>, email: &str, now: DateTime<Utc>) -> Result<bool> {
    let kind = LetterKind::Confirm.as_str();
    Ok(reader.letters_since(kind, email, now - Duration::minutes(10))? >= 1
        || reader.letters_since(kind, email, now - Duration::hours(24))? >= 3)
}

/// Mails a link to the page where a subscription is changed, to its own address: whoever was forwarded a
/// letter cannot read or change anything. The answer never tells whether one was sent.
///
/// `token` is that of the link that ends it.
///
/// # Errors
/// As [`to_end`].
pub fn ask_to_change(app: &App, token: &str) -> Result<()> {
    let found = to_end(app, token)?;
    let now = app.now();
    app.store.write::<_, Error>(|writer| {
        if found.state != SubscriptionState::Active || is_too_often(writer, &found.email, now)? {
            return Ok(());
        }
        let notice = Settings {
            link: app
                .address(&format!("/subscriptions/{}", settings_token(app, found.id, now + Duration::hours(SETTINGS_HOURS)))),
            lasts: if SETTINGS_HOURS == 1 { "one hour".to_owned() } else { format!("{SETTINGS_HOURS} hours") },
            base_url: app.settings.base_url.clone(),
        };
        let to = Mailbox { name: None, address: found.email.clone() };
        let key = format!("settings:{}:{}", found.id, now.timestamp());
        let letter = Letter::new(LetterKind::Confirm, key, to, notice.written());
        letters::enqueue(app, writer, &letter, None, Some(found.id), SETTINGS_HOURS)?;
        Ok(())
    })
}

fn settings_token(app: &App, id: i64, until: DateTime<Utc>) -> String {
    let until = until.timestamp();
    format!("{id}-{until}-{}", seal(&app.secret, &format!("settings:{id}:{until}")))
}

/// The subscription that a link to its settings belongs to; nothing changes.
///
/// # Errors
/// [`Error::NotFound`] for a link that is not ours, [`Error::NotPossible`] for one that is too old or was ended.
pub fn to_change(app: &App, token: &str) -> Result<Subscription> {
    let unknown = || Error::NotFound("subscription");
    let mut parts = token.splitn(3, '-');
    let (id, until, sealed) = (parts.next(), parts.next(), parts.next().ok_or_else(unknown)?);
    let number = |text: Option<&str>| text.and_then(|text| text.parse::<i64>().ok()).ok_or_else(unknown);
    let (id, until) = (number(id)?, number(until)?);
    if !is_sealed(&app.secret, &format!("settings:{id}:{until}"), sealed) {
        return Err(unknown());
    }
    let found = app.store.read::<_, Error>(|reader| Ok(reader.subscription(id)?))?;
    match found.state {
        SubscriptionState::Active if app.now().timestamp() <= until => Ok(found),
        SubscriptionState::Active => {
            Err(Error::NotPossible("This link is too old. The link in your last mail gets you a new one.".into()))
        }
        _ => Err(Error::NotPossible("This subscription was ended. Sign up anew to have it back.".into())),
    }
}

/// Changes what a subscription is about, how often and when it comes; what was told stays told.
///
/// # Errors
/// As [`to_change`], and [`Error::Invalid`] with every mistake.
pub fn change(app: &App, token: &str, wish: &Wish) -> Result<Subscription> {
    let found = to_change(app, token)?;
    let now = app.now();
    let wished = read(app, &Wish { email: found.email.clone(), ..wish.clone() }, now)?;
    let mut changed = Subscription {
        frequency: wished.frequency,
        zone: wished.zone,
        hour: wished.hour,
        roles: wished.roles,
        partners: wished.partners,
        places: wished.places,
        ..found
    };
    changed.next_due = due_after(&changed, now);
    app.store.write::<_, Error>(|writer| Ok(writer.change_subscription(&changed)?))?;
    Ok(changed)
}

/// What a browser keeps that signed this address up, so that the link in the mail asks it nothing more.
#[must_use]
pub fn same_browser_mark(app: &App, email: &str) -> String {
    let folded = Address::parse(email).map(|address| address.folded()).unwrap_or_default();
    seal(&app.secret, &format!("signed up:{folded}"))
}

/// The address that ends a subscription: short, so that the header with it stays on one line.
#[must_use]
pub fn unsubscribe_address(app: &App, id: i64) -> String {
    app.address(&format!("/u/{}", unsubscribe_token(app, id)))
}

/// The secret of the link that ends a subscription: its number and a seal over it.
#[must_use]
pub fn unsubscribe_token(app: &App, id: i64) -> String {
    format!("{id}-{}", short_seal(&app.secret, &format!("unsubscribe:{id}")))
}

/// The subscription that an ending link belongs to; nothing changes.
///
/// # Errors
/// [`Error::NotFound`] for a link that is not ours.
pub fn to_end(app: &App, token: &str) -> Result<Subscription> {
    let (id, sealed) = token.split_once('-').ok_or(Error::NotFound("subscription"))?;
    let id: i64 = id.parse().map_err(|_| Error::NotFound("subscription"))?;
    let about = format!("unsubscribe:{id}");
    // Letters that went out before carry the long seal.
    if !is_short_sealed(&app.secret, &about, sealed) && !is_sealed(&app.secret, &about, sealed) {
        return Err(Error::NotFound("subscription"));
    }
    app.store.read::<_, Error>(|reader| Ok(reader.subscription(id)?))
}

/// Ends a subscription at once; again changes nothing.
///
/// # Errors
/// As [`to_end`].
pub fn end(app: &App, token: &str) -> Result<Subscription> {
    let found = to_end(app, token)?;
    app.store.write::<_, Error>(|writer| Ok(writer.end_subscription(found.id, app.now())?))?;
    Ok(found)
}

/// The next time that this one's digest is due; `None` where it comes when something changes.
pub(super) fn due_after(subscription: &Subscription, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let Subscription { frequency, zone, hour, .. } = subscription;
    (*frequency != Frequency::AtOnce).then(|| next_due(*frequency, *zone, *hour, now))
}

/// The next time a digest is due after `now`: the reader's hour on their next day, Monday or first of the month.
///
/// An hour that does not exist is the first after it; one that comes twice is its first time.
#[must_use]
pub fn next_due(frequency: Frequency, zone: Tz, hour: u32, now: DateTime<Utc>) -> DateTime<Utc> {
    let today = now.with_timezone(&zone).date_naive();
    let fits = |day: &NaiveDate| match frequency {
        Frequency::AtOnce | Frequency::Daily => true,
        Frequency::Weekly => day.weekday() == chrono::Weekday::Mon,
        Frequency::Monthly => day.day() == 1,
    };
    let due = |day: NaiveDate| day.and_hms_opt(hour, 0, 0).map(|wall| instant(wall, zone));
    let next = today.iter_days().take(64).filter(fits).filter_map(due).find(|at| *at > now);
    next.unwrap_or(now + Duration::days(31))
}

fn read(app: &App, wish: &Wish, now: DateTime<Utc>) -> Result<Subscription> {
    let mut mistakes: Vec<FieldError> = Vec::new();
    let mut add = |field: &str, message: String| mistakes.push(FieldError { field: field.to_owned(), message });
    let email = Address::parse(&wish.email).map_err(|error| add("email", error.to_string())).ok();
    let frequency = wish.frequency.parse::<Frequency>().map_err(|error| add("frequency", error)).ok();
    let zone = wish
        .zone
        .trim()
        .parse::<Tz>()
        .map_err(|_| add("zone", format!("“{}” is no time zone; one would be America/Chicago.", wish.zone)))
        .ok();
    let hour = wish.hour.trim().parse::<u32>().ok().filter(|hour| *hour < 24);
    if hour.is_none() {
        add("hour", format!("“{}” is no hour; give one from 0 to 23.", wish.hour));
    }
    let (tree, known) = app.store.read::<_, Error>(|reader| Ok((reader.roles()?, reader.partners()?)))?;
    let mut roles: BTreeSet<RoleSlug> = BTreeSet::new();
    for text in &wish.roles {
        match text.parse::<RoleSlug>().ok().filter(|role| tree.get(role).is_some()) {
            Some(role) => _ = roles.insert(role),
            None => add("roles", format!("there is no role “{text}”.")),
        }
    }
    let mut partners: BTreeSet<PartnerSlug> = BTreeSet::new();
    for text in &wish.partners {
        match text.parse::<PartnerSlug>().ok().filter(|slug| known.iter().any(|partner| partner.slug == *slug)) {
            Some(slug) => _ = partners.insert(slug),
            None => add("partners", format!("there is no partner “{text}”.")),
        }
    }
    let places: BTreeSet<String> = wish
        .places
        .split([',', ';', '\n'])
        .map(|place| crate::mail::clean::line(place, 60))
        .filter(|place| !place.is_empty())
        .collect();
    if places.len() > 20 {
        add("places", "Name up to 20 towns or states.".to_owned());
    }
    match (email, frequency, zone, hour) {
        (Some(email), Some(frequency), Some(zone), Some(hour)) if mistakes.is_empty() => Ok(Subscription {
            id: 0,
            email: email.folded(),
            frequency,
            zone,
            hour,
            roles,
            partners,
            places,
            state: SubscriptionState::Pending,
            confirm_until: now + Duration::hours(CONFIRM_HOURS),
            created_at: now,
            watermark: 0,
            next_due: None,
        }),
        _ => Err(Error::Invalid(mistakes)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_digest_a_local_day_across_every_clock_change() {
        for zone in
            ["Europe/Berlin", "America/St_Johns", "Asia/Kathmandu", "Pacific/Apia", "Africa/Casablanca", "America/New_York"]
        {
            let zone: Tz = zone.parse().expect("a zone");
            for hour in [0, 2, 3, 23] {
                let mut at: DateTime<Utc> = "2026-12-31T12:00:00Z".parse().expect("an instant");
                let mut days = Vec::new();
                while days.len() < 366 {
                    at = next_due(Frequency::Daily, zone, hour, at);
                    days.push(at.with_timezone(&zone).date_naive());
                }
                let gaps = days.windows(2).filter(|pair| (pair[1] - pair[0]).num_days() != 1).count();
                assert_eq!(gaps, 0, "{zone} at {hour}");
            }
        }
    }
}
