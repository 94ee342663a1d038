//! Letters that came back: whose they were, what that says about the address, and how to forgive it.

use chrono::{DateTime, Utc};

use super::{Actor, App, Error, Result};
use crate::keys;
use crate::mail::Address;
use crate::mail::inlet::Inlet;
use crate::mail::report::{Failure, Meaning, Report};
use crate::store::{Bounce, Noted, OutboxRow, Suppression, SuppressionReason, UserRole, Weight, Writer};

/// How many reports are read at a time.
const BATCH: usize = 200;

/// What came of reading the reports that had arrived.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TakenIn {
    /// Reports about a letter of ours that had not come back before.
    pub noted: usize,
    /// Of these, the ones after which an address is not written to any more.
    pub suppressed: usize,
    /// Other mail: no report, not about a letter of ours, or about one that had come back before.
    pub other: usize,
}

/// Where failure reports about a letter go: an address that names it, sealed so that nobody else can (VERP).
#[must_use]
pub fn return_path(app: &App, row: &OutboxRow) -> String {
    match app.settings.mail.bounce.as_deref().and_then(|bounce| bounce.split_once('@')) {
        Some((local, domain)) => format!("{local}+{}.{}@{domain}", row.id, seal(app, row.id)),
        None => row.sender.clone(),
    }
}

/// Reads the reports that arrived in the bounce folder, if there is one, and puts them away.
///
/// # Errors
/// When the folder or the store fails; what was read before stays noted.
pub fn take_in(app: &App) -> Result<TakenIn> {
    let mut taken = TakenIn::default();
    let Some(folder) = &app.settings.mail.bounce_folder else { return Ok(taken) };
    let inlet = Inlet(folder);
    let trouble = |why: std::io::Error| Error::NotPossible(format!("the bounce folder {}: {why}", folder.display()));
    for message in inlet.arrived(BATCH).map_err(trouble)? {
        match take_one(app, &message.bytes)? {
            Some(Noted::Suppressed) => {
                taken.noted += 1;
                taken.suppressed += 1;
            }
            Some(Noted::Noted) => taken.noted += 1,
            Some(Noted::Known) | None => taken.other += 1,
        }
        inlet.put_away(&message).map_err(trouble)?;
    }
    Ok(taken)
}

/// `None` where it is no report about a letter of ours.
fn take_one(app: &App, bytes: &[u8]) -> Result<Option<Noted>> {
    let report = Report::read(bytes);
    let Some(outbox) = report.to.iter().find_map(|address| letter_named_by(app, address)) else { return Ok(None) };
    let Some(failure) = report.failures.first() else { return Ok(None) };
    let bounce = Bounce { outbox, weight: weight(failure), status: Some(failure.status.clone()), reply: failure.words.clone() };
    app.store.write::<_, Error>(|writer| note(writer, &bounce, app.now())).map(Some)
}

fn weight(failure: &Failure) -> Weight {
    match failure.meaning() {
        Meaning::Nobody => Weight::Hard,
        Meaning::NotNow => Weight::Soft,
        Meaning::AboutUs => Weight::Policy,
    }
}

/// The letter that a return path of ours names; forged ones name none.
fn letter_named_by(app: &App, address: &str) -> Option<i64> {
    let (base, base_domain) = app.settings.mail.bounce.as_deref()?.split_once('@')?;
    let (local, domain) = address.rsplit_once('@')?;
    let (id, sealed) = local.strip_prefix(base)?.strip_prefix('+')?.split_once('.')?;
    let id: i64 = id.parse().ok()?;
    (domain.eq_ignore_ascii_case(base_domain) && sealed.eq_ignore_ascii_case(&seal(app, id))).then_some(id)
}

/// Eight hexadecimal digits that only this service can make for a letter.
fn seal(app: &App, id: i64) -> String {
    keys::hash(&keys::seal(&app.secret, &format!("bounce:{id}"))).chars().take(8).collect()
}

/// Notes that a letter came back, once a letter.
pub(super) fn note(writer: &Writer<'_>, bounce: &Bounce, at: DateTime<Utc>) -> Result<Noted> {
    let noted = writer.note_bounce(bounce, at)?;
    if noted != Noted::Known && bounce.weight == Weight::Policy {
        let words = format!(
            "A letter came back for something of ours, not of its reader: “{}”. No address is blocked for it. Look at: convene doctor.",
            bounce.reply
        );
        writer.raise_alert("policy", &words, at, at)?;
    }
    Ok(noted)
}

/// The addresses that are not written to, for operators and partners' admins.
///
/// # Errors
/// [`Error::Forbidden`] for others; when the store fails.
pub fn suppressions(app: &App, actor: &Actor) -> Result<Vec<Suppression>> {
    must_look_after_mail(actor)?;
    app.store.read::<_, Error>(|reader| Ok(reader.suppressions(app.now())?))
}

/// Writes to an address again, and forgives what came back from it.
///
/// # Errors
/// [`Error::Forbidden`] for others than operators and partners' admins, [`Error::NotFound`] where it is not suppressed.
pub fn lift(app: &App, actor: &Actor, address: &str) -> Result<()> {
    must_look_after_mail(actor)?;
    if app.store.write::<_, Error>(|writer| Ok(writer.lift_suppression(address)?))? {
        Ok(())
    } else {
        Err(Error::NotFound("suppressed address"))
    }
}

/// Stops writing to an address because somebody asked for it.
///
/// # Errors
/// [`Error::Invalid`] where it is no address; as [`lift`].
pub fn suppress(app: &App, actor: &Actor, address: &str, because: &str) -> Result<()> {
    must_look_after_mail(actor)?;
    let address = Address::parse(address).map_err(|error| Error::field("address", error.to_string()))?;
    let evidence = format!("{because} ({})", actor.name());
    app.store.write::<_, Error>(|writer| {
        Ok(writer.suppress(&address.folded(), SuppressionReason::Asked, &evidence, None, app.now())?)
    })
}

fn must_look_after_mail(actor: &Actor) -> Result<()> {
    let may = actor.sees_all() || matches!(actor, Actor::User(user) if user.role == UserRole::PartnerAdmin);
    if may { Ok(()) } else { Err(Error::Forbidden("only operators and partners' admins look after addresses".into())) }
}
