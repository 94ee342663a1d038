//! Uploading a calendar or a table: looked at row by row before anything is stored.
//!
//! What is uploaded is kept for a day, for whoever uploaded it. The preview carries a mark of all that it says; storing
//! works out the same again and is refused where the calendar has changed in between, so that a yes is a yes to what was shown.

use std::collections::BTreeSet;

use chrono_tz::Tz;

use super::import::{self, Class, Fallback, Incoming, Note, Options, Report, Row};
use super::{Actor, App, Error, Result};
use crate::domain::{Mode, PartnerSlug, RoleSlug};
use crate::keys::hash;
use crate::store::{Reader, Upload};

/// The largest file that is taken, in bytes.
pub const LARGEST: usize = 4 << 20;
/// The most rows to say yes or no to.
pub const MOST_ROWS: usize = 2000;
/// For how long an upload waits.
const HOURS: i64 = 24;
/// How many may wait for one person.
const EACH: u32 = 5;
/// How much may wait in all, in bytes.
const IN_ALL: u64 = 64 << 20;

/// A file as it came.
#[derive(Debug, Clone)]
pub struct File {
    /// Whose events they are.
    pub partner: PartnerSlug,
    /// Its name, as the sender has it.
    pub name: String,
    /// Its bytes.
    pub content: Vec<u8>,
    /// The zone of times that name none; the settings' by default.
    pub zone: Option<Tz>,
    /// Whom its events are for where they do not say.
    pub roles: BTreeSet<RoleSlug>,
    /// How people take part where an event does not say.
    pub mode: Option<Mode>,
}

/// What an upload would come to.
#[derive(Debug, Clone)]
pub struct Preview {
    /// Its file name.
    pub name: String,
    /// Whose events they are.
    pub partner: PartnerSlug,
    /// Every event that could be read.
    pub rows: Vec<Row>,
    /// What was left out, repaired or is worth telling.
    pub notes: Vec<Note>,
    /// A mark of all this: storing wants it back.
    pub mark: String,
}

/// A row's name in a form.
#[must_use]
pub fn row_key(row: &Row) -> String {
    hash(&format!("{}\n{}", row.partner, row.uid)).chars().take(20).collect()
}

/// A table to fill in.
#[must_use]
pub fn template() -> String {
    crate::sheet::template()
}

/// The columns of that table.
pub const COLUMNS: &[&str] = &crate::sheet::COLUMNS;

/// Keeps a file to be looked at, and gives what names it. Older ones make room.
///
/// # Errors
/// [`Error::Invalid`] on `file` where it is empty, too large, or neither a calendar nor a table of events;
/// [`Error::Forbidden`] for another partner's.
pub fn stage(app: &App, actor: &Actor, file: File) -> Result<String> {
    let Actor::User(user) = actor else { return Err(Error::Forbidden("sign in first".to_owned())) };
    actor.must_act_for(&file.partner)?;
    import::must_know(app, &file.partner)?;
    must_be_of_a_size(app, &file.content)?;
    let upload = Upload {
        id: app.keys.secret()?,
        email: user.email.clone(),
        partner: file.partner,
        name: file_name(&file.name),
        zone: file.zone.unwrap_or(app.settings.time_zone),
        roles: file.roles,
        mode: file.mode,
        content: file.content,
        created_at: app.now(),
    };
    let (incoming, _) = read(app, &upload).map_err(about_the_file)?;
    if incoming.len() > MOST_ROWS {
        let count = incoming.len();
        return Err(Error::field(
            "file",
            format!("it has {count} events; up to {MOST_ROWS} can be looked at one by one: split it"),
        ));
    }
    app.store.write::<_, Error>(|writer| {
        writer.drop_uploads_before(oldest(app))?;
        writer.add_upload(&upload)?;
        Ok(writer.bound_uploads(EACH, IN_ALL)?)
    })?;
    Ok(upload.id)
}

/// What an upload would come to, as things stand.
///
/// # Errors
/// [`Error::NotFound`] where there is none that waits for this actor.
pub fn look(app: &App, actor: &Actor, id: &str) -> Result<Preview> {
    let upload = app.store.read::<_, Error>(|reader| own(app, reader, actor, id))?;
    let (incoming, notes) = read(app, &upload)?;
    let rows = app.store.read::<_, Error>(|reader| import::preview(app, reader, actor, &options(&upload), incoming))?;
    let mark = mark(rows.iter());
    Ok(Preview { name: upload.name, partner: upload.partner, rows, notes, mark })
}

/// Stores exactly the rows whose keys are chosen, in one transaction, and forgets the upload.
///
/// # Errors
/// [`Error::Stale`] where the calendar has changed so that the preview would say something else now;
/// [`Error::Invalid`] where nothing is chosen, or what is not there; [`Error::NotFound`] as [`look`].
pub fn store(app: &App, actor: &Actor, id: &str, agreed: &str, chosen: &BTreeSet<String>) -> Result<Report> {
    let upload = app.store.read::<_, Error>(|reader| own(app, reader, actor, id))?;
    actor.must_act_for(&upload.partner)?;
    if chosen.is_empty() {
        return Err(Error::field("rows", "No row is chosen: choose some, or discard the file."));
    }
    let (incoming, _) = read(app, &upload)?;
    app.store.write::<_, Error>(|writer| {
        // Somebody in another window may have been faster.
        own(app, writer, actor, id)?;
        let is_agreed = |rows: &[&Row]| mark(rows.iter().copied()) == agreed;
        let is_chosen = |row: &Row| chosen.contains(&row_key(row));
        let report = import::store_chosen(app, writer, actor, &options(&upload), incoming, is_agreed, is_chosen)?;
        writer.drop_upload(id)?;
        Ok(report)
    })
}

/// Forgets an upload.
///
/// # Errors
/// [`Error::NotFound`] as [`look`].
pub fn discard(app: &App, actor: &Actor, id: &str) -> Result<()> {
    app.store.write::<_, Error>(|writer| {
        own(app, writer, actor, id)?;
        Ok(writer.drop_upload(id)?)
    })
}

/// Forgets what has waited for a day.
///
/// # Errors
/// When the store fails.
pub fn sweep(app: &App) -> Result<()> {
    let before = oldest(app);
    if app.store.read::<_, Error>(|reader| Ok(reader.has_uploads_before(before)?))? {
        app.store.write::<_, Error>(|writer| Ok(writer.drop_uploads_before(before)?))?;
    }
    Ok(())
}

/// Is it a size that is taken?
///
/// # Errors
/// [`Error::Invalid`] on `file`.
pub fn must_be_of_a_size(app: &App, content: &[u8]) -> Result<()> {
    let most = LARGEST.min(app.settings.limits.calendar_bytes);
    if content.is_empty() {
        return Err(Error::field("file", "Choose a file that is not empty: .ics or .csv."));
    }
    if content.len() > most {
        return Err(Error::field("file", format!("It is larger than {} MB: split it.", most >> 20)));
    }
    Ok(())
}

/// What is wrong with a file as a mistake beside its field.
#[must_use]
pub fn about_the_file(error: Error) -> Error {
    match error {
        Error::NotPossible(why) => Error::field("file", why),
        other => other,
    }
}

/// A file's name without its folders and without what cannot be shown.
#[must_use]
pub fn file_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let shown: String = last.chars().filter(|c| !c.is_control()).take(100).collect();
    let shown = shown.trim();
    if shown.is_empty() { "upload".to_owned() } else { shown.to_owned() }
}

fn own(app: &App, reader: &Reader<'_>, actor: &Actor, id: &str) -> Result<Upload> {
    let upload = reader.upload(id)?;
    let is_own = matches!(actor, Actor::User(user) if user.email == upload.email);
    if is_own && upload.created_at >= oldest(app) { Ok(upload) } else { Err(Error::NotFound("upload")) }
}

fn oldest(app: &App) -> chrono::DateTime<chrono::Utc> {
    app.now() - chrono::Duration::hours(HOURS)
}

fn read(app: &App, upload: &Upload) -> Result<(Vec<Incoming>, Vec<Note>)> {
    let fallback = Fallback { roles: upload.roles.clone(), mode: upload.mode };
    let mut report = Report::default();
    let incoming = import::read(app, &upload.content, &options(upload), &fallback, &mut report)?;
    Ok((incoming, report.notes))
}

fn options(upload: &Upload) -> Options {
    Options {
        partner: Some(upload.partner.clone()),
        calendar: upload.name.clone(),
        zone: upload.zone,
        dry_run: false,
        doubtful: true,
    }
}

/// The same rows always give the same mark; anything that a person saw differently gives another.
fn mark<'r>(rows: impl Iterator<Item = &'r Row>) -> String {
    hash(&rows.map(|row| format!("{row:?}\n")).collect::<String>())
}

impl Row {
    /// Is it taken in unless somebody says no? What is doubtful is not, and what is unchanged need not be.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.doubts.is_empty() && self.class != Class::Unchanged
    }
}
