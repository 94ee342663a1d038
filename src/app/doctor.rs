//! Looks the service over: its database, its calendars, its mail; and says in words what is wrong.

use chrono::{DateTime, Duration};

use super::deliver::{self, deliver};
use super::{Actor, App, Error, Result, letters, view};
use crate::config::Transport;
use crate::domain::wording;
use crate::mail::{Address, Letter, LetterKind, Mailbox, trial};
use crate::store::OutboxState;

/// Older copies than that are worth a word.
const BACKUP_DAYS: i64 = 7;

/// How something was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Health {
    /// As it should be.
    Fine,
    /// It works, and could be better.
    Note,
    /// It does not work.
    Wrong,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What.
    pub what: &'static str,
    /// How it was found.
    pub health: Health,
    /// The same in words, and what to do about it.
    pub words: String,
}

/// A record that whoever looks after the domain should publish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DnsRecord {
    /// Its name.
    pub name: String,
    /// `TXT`, `MX` or `PTR`.
    pub kind: &'static str,
    /// Its value, or what it should be.
    pub value: String,
    /// What it is for.
    pub purpose: &'static str,
}

/// Looks everything over; tries the mail server, and sends nothing.
///
/// # Errors
/// When the store cannot be read at all.
pub fn examine(app: &App) -> Result<Vec<Finding>> {
    let mut found = vec![database(app)?, backup(app)?];
    found.push(tables(app)?);
    found.extend(calendars(app)?);
    found.push(settings(app));
    found.extend(signing(app));
    found.push(relay(app));
    found.extend(outbox(app)?);
    Ok(found)
}

fn finding(what: &'static str, health: Health, words: impl Into<String>) -> Finding {
    Finding { what, health, words: words.into() }
}

fn database(app: &App) -> Result<Finding> {
    let (faults, events) = app.store.read::<_, Error>(|reader| Ok((reader.faults()?, reader.count_events()?)))?;
    Ok(if faults.is_empty() {
        finding("database", Health::Fine, format!("{} is sound, with {events} events", app.store.path().display()))
    } else {
        finding("database", Health::Wrong, faults.join("; "))
    })
}

fn backup(app: &App) -> Result<Finding> {
    let kept = app.store.read::<_, Error>(|reader| Ok(reader.meta("backed_up")?))?;
    let at = kept.and_then(|seconds| DateTime::from_timestamp(seconds.parse().ok()?, 0));
    Ok(match at {
        None => finding("backup", Health::Note, "no copy was ever made; make one each night with: convene backup FILE"),
        Some(at) => {
            let when = wording::moment(at, app.settings.time_zone);
            if app.now() - at > Duration::days(BACKUP_DAYS) {
                finding(
                    "backup",
                    Health::Note,
                    format!("the last copy was made {when}; make one each night with: convene backup FILE"),
                )
            } else {
                finding("backup", Health::Fine, format!("the last copy was made {when}"))
            }
        }
    })
}

/// Which tables of days the rules read; own ones in the database without a folder are worth a word.
fn tables(app: &App) -> Result<Finding> {
    let kept = super::reference::kept(app)?;
    let left = app.settings.data.is_none() && kept.iter().any(|version| version.contains("own-"));
    let words = kept.join("; ");
    Ok(if left {
        finding(
            "tables",
            Health::Note,
            format!("{words}; `data` names no folder here, so they stay until convene serve starts without one"),
        )
    } else {
        finding("tables", Health::Fine, words)
    })
}

fn calendars(app: &App) -> Result<Vec<Finding>> {
    let all = view::sources(app, &Actor::Operator)?;
    let failing: Vec<Finding> = all
        .iter()
        .filter_map(|one| {
            let since = wording::moment(one.source.failing_since?, app.settings.time_zone);
            let words = format!("{} cannot be read since {since}; see convene sources list", one.source.name);
            Some(finding("calendars", Health::Wrong, words))
        })
        .collect();
    Ok(if failing.is_empty() {
        vec![finding("calendars", Health::Fine, format!("{} are connected, and none fails", all.len()))]
    } else {
        failing
    })
}

fn settings(app: &App) -> Finding {
    let mail = &app.settings.mail;
    if mail.transport == Transport::Folder {
        let words = format!(
            "mail goes into the folder {} and to nobody; set mail.transport = \"smtp\"",
            app.settings.mail_folder().display()
        );
        return finding("mail settings", Health::Note, words);
    }
    let mut wrong = Vec::new();
    if domain(&mail.from).ends_with("example.org") {
        wrong.push(format!("mail.from = {} is nobody's address", mail.from));
    }
    if !mail.hello.contains('.') {
        wrong.push(format!("mail.hello = {} is no domain: other servers refuse mail for that", mail.hello));
    }
    if app.settings.base_url.contains("127.0.0.1") {
        wrong.push(format!("base_url = {}: links in letters lead nowhere else", app.settings.base_url));
    }
    if wrong.is_empty() {
        let bounce = match (&mail.bounce, &mail.bounce_folder) {
            (Some(bounce), Some(folder)) => format!("failure reports go to {bounce} and are read from {}", folder.display()),
            _ => "failure reports are not read: set mail.bounce and mail.bounce_folder".to_owned(),
        };
        let health = if mail.bounce.is_some() && mail.bounce_folder.is_some() { Health::Fine } else { Health::Note };
        finding("mail settings", health, format!("mail comes from {}; {bounce}", mail.from))
    } else {
        finding("mail settings", Health::Wrong, wrong.join("; "))
    }
}

/// A key that others on the machine can read signs for them, too.
fn signing(app: &App) -> Option<Finding> {
    use std::os::unix::fs::PermissionsExt as _;

    let mail = &app.settings.mail;
    let (dkim, signer) = (mail.dkim.as_ref()?, mail.signer.as_ref()?);
    let open = std::fs::metadata(&dkim.key).is_ok_and(|file| file.permissions().mode() & 0o077 != 0);
    let shown = dkim.key.display();
    Some(if open {
        finding("signatures", Health::Wrong, format!("others on this machine can read {shown}: chmod 600 {shown}"))
    } else {
        finding("signatures", Health::Fine, format!("letters are signed for {}", signer.record().0))
    })
}

fn relay(app: &App) -> Finding {
    match app.settings.post().connect() {
        Ok(session) => {
            session.quit();
            finding("mail server", Health::Fine, "it answers, and would take letters")
        }
        Err(error) => finding("mail server", Health::Wrong, error.reply),
    }
}

fn outbox(app: &App) -> Result<Vec<Finding>> {
    let (counts, pauses) = app.store.read::<_, Error>(|reader| Ok((reader.count_letters()?, reader.pauses()?)))?;
    let zone = app.settings.time_zone;
    let mut found: Vec<Finding> = deliver::alerts(app)?
        .into_iter()
        .map(|alert| finding("alert", Health::Wrong, format!("since {}: {}", wording::moment(alert.since, zone), alert.words)))
        .collect();
    for pause in pauses.iter().filter(|pause| pause.holds(app.now())) {
        let until = wording::moment(pause.until, zone);
        found.push(finding("pause", Health::Note, format!("{} until {until}: {}", pause.scope, pause.reason)));
    }
    let told: Vec<String> = counts.iter().map(|(state, count)| format!("{count} {}", state.as_str())).collect();
    let told = if told.is_empty() { "no letter was written yet".to_owned() } else { told.join(", ") };
    let of = |state| counts.iter().any(|(one, count)| *one == state && *count > 0);
    found.push(if of(OutboxState::Unknown) {
        let words = format!("{told}; of the unknown ones decide on {} whether to send them again", app.address("/desk/mail"));
        finding("outgoing mail", Health::Wrong, words)
    } else {
        finding("outgoing mail", Health::Fine, told)
    });
    Ok(found)
}

/// What to publish in DNS so that other servers trust our mail. Nothing is asked of DNS.
#[must_use]
pub fn records(app: &App) -> Vec<DnsRecord> {
    let mail = &app.settings.mail;
    let from = domain(&mail.from);
    let record = |name: String, kind, value: String, purpose| DnsRecord { name, kind, value, purpose };
    let mut records = vec![
        record(
            from.to_owned(),
            "TXT",
            "v=spf1 mx a:YOUR-RELAY -all".into(),
            "SPF: who may send for the domain; name your relay as its maker says",
        ),
        record(
            format!("_dmarc.{from}"),
            "TXT",
            format!("v=DMARC1; p=none; rua=mailto:dmarc@{from}"),
            "DMARC: what others do with mail that is not ours, and where they report",
        ),
        record(
            "the relay's address".into(),
            "PTR",
            mail.hello.clone(),
            "reverse DNS: the name that the sending machine says must lead back to it",
        ),
    ];
    records.push(match &mail.signer {
        Some(signer) => {
            let (name, value) = signer.record();
            record(
                name,
                "TXT",
                value,
                "DKIM: the other half of the key that signs our mail; split it into strings of 255 where asked",
            )
        }
        None => record(
            format!("SELECTOR._domainkey.{from}"),
            "TXT",
            "v=DKIM1; k=rsa; p=…".into(),
            "DKIM: let the relay sign and publish what it tells you, or set mail.dkim and we sign",
        ),
    });
    if let Some(bounce) = &mail.bounce {
        let bounces = domain(bounce);
        records.push(record(bounces.to_owned(), "MX", format!("10 {}", mail.hello), "failure reports reach us"));
        records.push(record(
            bounces.to_owned(),
            "TXT",
            "v=spf1 mx a:YOUR-RELAY -all".into(),
            "SPF is looked up at the return path's domain",
        ));
    }
    records
}

/// Writes a letter for trying things out, and sends it at once where no other process sends.
///
/// # Errors
/// [`Error::Invalid`] where it is no address; when the letter cannot be written or the store fails.
pub fn send_trial(app: &App, to: &str) -> Result<Finding> {
    let address = Address::parse(to).map_err(|error| Error::field("to", error.to_string()))?;
    let now = app.now();
    let written = trial::written(&wording::moment(now, app.settings.time_zone), &app.settings.base_url);
    let letter =
        Letter::new(LetterKind::Admin, format!("trial:{}:{address}", now.timestamp()), Mailbox::plain(&address), written);
    let id =
        app.store.write::<_, Error>(|writer| letters::enqueue(app, writer, &letter, None, None, LetterKind::Admin.hours()))?;
    let Some(id) = id else { return Ok(finding("trial letter", Health::Note, "it was written a moment ago already")) };
    let tried = deliver(app, &app.settings.post());
    let row = app.store.read::<_, Error>(|reader| Ok(reader.letter(id)?))?;
    let reply = row.reply.unwrap_or_default();
    Ok(match (row.state, tried) {
        (OutboxState::Sent, _) => finding("trial letter", Health::Fine, format!("taken: {reply}; now look whether it arrived")),
        (OutboxState::Failed | OutboxState::Withdrawn, _) => finding("trial letter", Health::Wrong, reply),
        (_, Err(error)) => finding("trial letter", Health::Note, format!("written, not sent yet: {error}")),
        (_, Ok(_)) => finding("trial letter", Health::Note, format!("written, not taken yet: {reply}")),
    })
}

fn domain(address: &str) -> &str {
    address.rsplit('@').next().unwrap_or_default()
}

impl Health {
    /// Its name in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fine => "fine",
            Self::Note => "note",
            Self::Wrong => "wrong",
        }
    }
}
