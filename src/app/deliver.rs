//! Carries letters from the outbox to the post. No transaction is open while the post is spoken to.
//!
//! One process sends from a database; it has one to three workers, each a thread with a connection
//! and a database handle of its own. A letter is marked in the database just before its text goes
//! out, in the transaction that settles the letter before it: a crash loses none and repeats at
//! most the one in each worker's hand.
//!
//! Trouble is kept apart by whose it is: the relay's pauses the relay, a domain's pauses the
//! domain, a person's is noted at the address, and ours is told to those who run the service.

mod outcome;
mod pace;
mod relay;
mod worker;

use std::time::Duration;

pub use pace::Stop;

use super::{Actor, App, Error, Result};
use crate::mail::{LetterKind, Post};
use crate::store::{Alert, PauseCause, RELAY};
use pace::Pace;
use relay::Relay;
use worker::Worker;

/// For how long a sender that may not send waits before it asks again.
const ASK_AGAIN: Duration = Duration::from_secs(5);

/// For so many days the text of a letter is kept after it was sent, failed or was withdrawn.
const KEPT_DAYS: i64 = 7;
/// For so many days the rest is kept: to whom, when, and what became of it.
const ROW_DAYS: i64 = 90;
/// So many are forgotten in one transaction.
const AT_ONCE: u32 = 500;

/// What came of a delivery run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Delivery {
    /// Taken by the post.
    pub sent: usize,
    /// To be tried again later.
    pub put_off: usize,
    /// Refused for good, too late, or nobody knows.
    pub failed: usize,
}

/// When a run is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Until {
    /// When nothing is due any more, or at the first trouble with the post or the store.
    Done,
    /// When it is told to stop; trouble is told and waited out.
    Stopped,
}

/// What the workers of a run share.
struct Round<'a> {
    app: &'a App,
    post: &'a Post,
    stop: &'a Stop,
    until: Until,
    pace: Pace,
    relay: Relay,
    say: &'a (dyn Fn(&str) + Sync),
}

/// Sends what is due until nothing is, or the post cannot be reached.
///
/// # Errors
/// When the store fails, another process sends, or the post cannot be reached ([`Error::NotPossible`],
/// with every letter put back).
pub fn deliver(app: &App, post: &Post) -> Result<Delivery> {
    let Some(_lock) = app.store.lock_sending()? else {
        return Err(Error::NotPossible("another process is sending from this database; it will send what is due".into()));
    };
    // Whoever asks for it by hand wants it tried now; but what was stopped for a reason stays stopped.
    let stopped = app.store.write::<_, Error>(|writer| match writer.pause(RELAY)? {
        Some(pause) if pause.cause == PauseCause::Refuses && pause.holds(app.now()) => Ok(Some(pause.reason)),
        Some(pause) if pause.cause == PauseCause::Away => writer.end_pause(RELAY).map(|_| None).map_err(Error::from),
        _ => Ok(None),
    })?;
    if let Some(reason) = stopped {
        let why = format!("sending is stopped, because the mail server refused letter after letter: {reason}");
        return Err(Error::NotPossible(format!("{why}; when that is mended, go on with: convene deliver --resume")));
    }
    round(app, post, &Stop::default(), Until::Done, &|_| {})
}

/// Sends what is due again and again until told to stop, and then finishes the letters in hand.
///
/// While another process sends from the database it waits. `say` is told of trouble.
pub fn keep_delivering(app: &App, post: &Post, stop: &Stop, say: &(dyn Fn(&str) + Sync)) {
    let mut told = false;
    loop {
        match app.store.lock_sending() {
            Ok(Some(_lock)) => {
                if let Err(error) = round(app, post, stop, Until::Stopped, say) {
                    say(&error.to_string());
                }
            }
            Ok(None) if told => {}
            Ok(None) => {
                told = true;
                say("another process is sending from this database; this one waits for it to end");
            }
            Err(error) => say(&error.to_string()),
        }
        if stop.wait(ASK_AGAIN) {
            return;
        }
    }
}

fn round(app: &App, post: &Post, stop: &Stop, until: Until, say: &(dyn Fn(&str) + Sync)) -> Result<Delivery> {
    let refused = app.store.write::<_, Error>(|writer| {
        writer.recover_letters(app.now())?;
        Ok(writer.pause(RELAY)?.is_some_and(|pause| pause.cause == PauseCause::Refuses))
    })?;
    let (workers, per_second) = match post {
        Post::Smtp(_) => (usize::from(app.settings.mail.connections), Some(app.settings.mail.per_second)),
        // A folder numbers its files one after the other.
        Post::Folder(_) | Post::Memory(_) => (1, None),
    };
    let (pace, relay) = (Pace::new(per_second), Relay::new(refused));
    let round = Round { app, post, stop, until, pace, relay, say };
    std::thread::scope(|scope| {
        let hired: Vec<_> = (0..workers).map(|_| scope.spawn(|| Worker::hire(&round)?.work())).collect();
        let mut total = Ok(Delivery::default());
        for worker in hired {
            let done = worker.join().unwrap_or_else(|_| Err(Error::NotPossible("a worker of the sender broke down".into())));
            total = match (total, done) {
                (Ok(total), Ok(done)) => Ok(total.plus(done)),
                (Err(error), _) | (_, Err(error)) => Err(error),
            };
        }
        total
    })
}

impl Delivery {
    fn plus(self, other: Self) -> Self {
        Self { sent: self.sent + other.sent, put_off: self.put_off + other.put_off, failed: self.failed + other.failed }
    }
}

/// What those who run the service must look at.
///
/// # Errors
/// When the store fails.
pub fn alerts(app: &App) -> Result<Vec<Alert>> {
    app.store.read::<_, Error>(|reader| Ok(reader.alerts()?))
}

/// Ends the pauses of the relay and of every domain, and the alerts about them: it is tried again at once.
///
/// # Errors
/// When the store fails.
pub fn resume(app: &App) -> Result<()> {
    app.store.write::<_, Error>(|writer| {
        for pause in writer.pauses()? {
            writer.end_pause(&pause.scope)?;
        }
        for alert in writer.alerts()? {
            writer.end_alert(&alert.kind)?;
        }
        Ok(())
    })
}

/// Blanks the texts of letters that were settled a week ago, and forgets letters after 90 days: what was said to
/// somebody is not kept for ever. A few at a time, so that nobody waits for the database; the next round goes on.
///
/// # Errors
/// When the store fails.
pub fn forget(app: &App) -> Result<usize> {
    let ago = |days| app.now() - chrono::Duration::days(days);
    app.store.write::<_, Error>(|writer| {
        Ok(writer.forget_texts(ago(KEPT_DAYS), AT_ONCE)? + writer.forget_letters(ago(ROW_DAYS), AT_ONCE)?)
    })
}

/// Sends a letter again that failed, or of which nobody knows whether it arrived.
///
/// # Errors
/// [`Error::Forbidden`] for others than operators, [`Error::NotFound`] for an unknown number,
/// [`Error::NotPossible`] where it is neither failed nor unknown, or its text is not kept any more.
pub fn send_again(app: &App, actor: &Actor, id: i64) -> Result<()> {
    if !actor.sees_all() {
        return Err(Error::Forbidden("only operators may send a letter again".into()));
    }
    let now = app.now();
    app.store.write::<_, Error>(|writer| {
        let row = writer.letter(id)?;
        let hours = row.kind.parse().map_or(LetterKind::Notice.hours(), LetterKind::hours);
        let note = format!("to be sent again, says {}", actor.name());
        if writer.send_letter_again(id, &note, now + chrono::Duration::hours(hours), now)? {
            Ok(())
        } else {
            Err(Error::NotPossible(
                "only a letter that failed, or of which nobody knows, can be sent again, within a week".into(),
            ))
        }
    })
}
