//! One worker: a thread with a connection to the post and a handle on the database.

use std::collections::VecDeque;
use std::time::Duration;

use super::outcome::Settled;
use super::{Delivery, Round, Until};
use crate::app::{Error, Result, bounces};
use crate::mail::FrozenRef;
use crate::mail::post::{AtDotError, Class, Receipt, SendError, Session};
use crate::store::{OutboxRow, Store};

/// How many letters are claimed at a time, at most.
const BATCH: u32 = 20;
/// How often a worker with nothing to do looks again.
const LOOK: Duration = Duration::from_millis(200);
/// After so many looks in vain the connection is closed.
const LOOKS: u32 = 25;
/// For how long a worker waits when the store fails: a full disk is not emptied in a moment.
const STORE_REST: Duration = Duration::from_secs(2);

/// See the module.
pub(super) struct Worker<'a> {
    round: &'a Round<'a>,
    store: Store,
    session: Option<Session>,
    /// How many letters this connection has carried.
    carried: u32,
    /// Claimed, and not yet tried.
    hand: VecDeque<OutboxRow>,
    /// Tried, and not yet written down.
    settled: Vec<Settled>,
    done: Delivery,
    looked: u32,
}

/// What to do after a step.
enum Next {
    Step,
    Idle,
    Leave,
}

/// What became of the mark before the text.
enum Mark {
    NotAsked,
    Made,
    Unwanted(String),
    Failed(Error),
}

impl<'a> Worker<'a> {
    pub(super) fn hire(round: &'a Round<'a>) -> Result<Self> {
        let store = Store::open(round.app.store.path())?;
        let (hand, settled, done) = (VecDeque::new(), vec![], Delivery::default());
        Ok(Self { round, store, session: None, carried: 0, hand, settled, done, looked: 0 })
    }

    pub(super) fn work(mut self) -> Result<Delivery> {
        let lasting = self.round.until == Until::Stopped;
        loop {
            match self.step() {
                Ok(Next::Step) => self.looked = 0,
                Ok(Next::Leave) => return self.leave(),
                Ok(Next::Idle) if !lasting => return self.leave(),
                Ok(Next::Idle) => self.rest(),
                Err(error) if !lasting => {
                    // The first trouble is told; that the letters cannot be put back either would hide it.
                    let _ = self.leave();
                    return Err(error);
                }
                Err(error) => {
                    (self.round.say)(&error.to_string());
                    if self.round.stop.wait(STORE_REST) {
                        return self.leave();
                    }
                }
            }
        }
    }

    fn step(&mut self) -> Result<Next> {
        let now = self.round.app.now();
        if self.round.stop.is_told() {
            return Ok(Next::Leave);
        }
        if self.round.relay.is_paused(now) {
            self.let_go()?;
            return Ok(Next::Idle);
        }
        if self.hand.is_empty() && !self.claim()? {
            return Ok(Next::Idle);
        }
        if self.round.pace.is_leisurely() {
            // With time to spare, what was sent is written down at once: a crash while waiting repeats nothing.
            self.write_down()?;
        }
        if self.round.stop.wait(self.round.pace.turn()) {
            return Ok(Next::Leave);
        }
        self.try_next()?;
        Ok(Next::Step)
    }

    /// Takes what is due into the hand; is there anything?
    fn claim(&mut self) -> Result<bool> {
        self.write_down()?;
        let app = self.round.app;
        if !self.store.read::<_, Error>(|reader| Ok(reader.letters_wait(app.now())?))? {
            return Ok(false);
        }
        let mail = &app.settings.mail;
        // At a low rate few at a time: what is urgent does not wait behind a full hand.
        let limit = (mail.per_second / u32::from(mail.connections.max(1))).clamp(1, BATCH);
        self.hand = self.store.write::<_, Error>(|writer| Ok(writer.claim_letters(limit, app.now())?))?.into();
        Ok(!self.hand.is_empty())
    }

    /// Tries the letter that is next; it leaves the hand only when something came of it.
    fn try_next(&mut self) -> Result<()> {
        let Some(row) = self.hand.pop_front() else { return Ok(()) };
        let now = self.round.app.now();
        match self.store.read::<_, Error>(|reader| Ok(reader.why_unwanted(row.id, now)?)) {
            Ok(None) => {}
            Ok(Some(why)) => {
                self.settled.push(Settled::unwanted(row, why, now));
                return Ok(());
            }
            Err(error) => {
                self.hand.push_front(row);
                return Err(error);
            }
        }
        if self.session.as_ref().is_none_or(Session::is_over) {
            self.carried = 0;
            match self.round.post.connect() {
                Ok(session) => self.session = Some(session),
                Err(error) => {
                    self.hand.push_front(row);
                    return self.relay_is_away(&error);
                }
            }
        }
        let (answer, mark) = self.send(&row);
        self.judge(row, answer, mark)
    }

    /// Speaks to the post; marks the letter and writes down what was settled before in one transaction.
    fn send(&mut self, row: &OutboxRow) -> (Result<Receipt, SendError>, Mark) {
        let app = self.round.app;
        let mut mark = Mark::NotAsked;
        let Self { session, store, settled, .. } = self;
        let Some(session) = session.as_mut() else {
            let reply = "there is no connection".to_owned();
            return (Err(SendError { class: Class::Link, code: None, reply }), mark);
        };
        let from = bounces::return_path(app, row);
        let letter = FrozenRef { message_id: &row.message_id, from: &from, to: &row.recipient, bytes: &row.mail };
        let answer = session.send(letter, &mut || {
            let marked = store.write::<_, Error>(|writer| {
                settled.iter().try_for_each(|before| before.record(writer))?;
                Ok(writer.mark_at_dot(row.id, app.now())?)
            });
            if marked.is_ok() {
                settled.clear();
            }
            mark = match marked {
                Ok(None) => Mark::Made,
                Ok(Some(why)) => Mark::Unwanted(why),
                Err(error) => Mark::Failed(error),
            };
            match &mark {
                Mark::Unwanted(why) => Err(AtDotError::new(why.clone())),
                Mark::Failed(error) => Err(AtDotError::new(error.to_string())),
                Mark::Made | Mark::NotAsked => Ok(()),
            }
        });
        (answer, mark)
    }

    fn judge(&mut self, mut row: OutboxRow, answer: Result<Receipt, SendError>, mark: Mark) -> Result<()> {
        let now = self.round.app.now();
        match mark {
            Mark::Failed(error) => {
                self.hand.push_front(row);
                return Err(error);
            }
            Mark::Unwanted(why) => {
                self.settled.push(Settled::unwanted(row, why, now));
                return self.write_down();
            }
            Mark::NotAsked | Mark::Made => {}
        }
        let error = answer.as_ref().err().cloned();
        if self.carried > 0 && error.as_ref().is_some_and(|error| error.class == Class::Link) {
            // The server takes only so many letters a connection, or closed an idle one: a new one will do.
            self.session = None;
            self.hand.push_front(row);
            return Ok(());
        }
        row.mail = Vec::new();
        self.settled.push(Settled::answered(row, answer, now));
        if let Some(error) = error {
            return self.trouble(&error);
        }
        self.carried += 1;
        self.done.sent += 1;
        self.round.relay.took_one();
        Ok(())
    }

    /// Writes the trouble down at once, and acts where it is more than one letter's.
    fn trouble(&mut self, error: &SendError) -> Result<()> {
        let app = self.round.app;
        match error.class {
            Class::Person | Class::Ours => self.done.failed += 1,
            Class::Link => {}
            Class::Mail | Class::Domain | Class::Full | Class::Ambiguous => self.done.put_off += 1,
        }
        self.write_down()?;
        match error.class {
            Class::Link => self.relay_is_away(error),
            Class::Ambiguous if self.round.relay.lost_one() => self.relay_is_away(error),
            Class::Ours if error.code.is_some() && self.round.relay.refused_one() => {
                let now = app.now();
                self.store.write::<_, Error>(|writer| self.round.relay.refuses(writer, &error.reply, now))?;
                self.let_go()
            }
            _ => Ok(()),
        }
    }

    /// Pauses the relay, and puts every letter back as it was.
    fn relay_is_away(&mut self, error: &SendError) -> Result<()> {
        self.session = None;
        let app = self.round.app;
        self.store.write::<_, Error>(|writer| self.round.relay.is_away(app, writer, &error.reply, app.now()))?;
        self.let_go()?;
        match self.round.until {
            Until::Stopped => Ok(()),
            Until::Done => Err(Error::NotPossible(format!("the mail server could not be reached: {}", error.reply))),
        }
    }

    /// Writes down what was settled.
    fn write_down(&mut self) -> Result<()> {
        if !self.settled.is_empty() {
            let settled = &self.settled;
            self.store.write::<_, Error>(|writer| settled.iter().try_for_each(|one| one.record(writer)))?;
            self.settled.clear();
        }
        Ok(())
    }

    /// Puts the letters that were not tried back as they were.
    fn let_go(&mut self) -> Result<()> {
        self.write_down()?;
        if !self.hand.is_empty() {
            let ids: Vec<i64> = self.hand.iter().map(|row| row.id).collect();
            self.store.write::<_, Error>(|writer| Ok(writer.release_letters(ids)?))?;
            self.hand.clear();
        }
        Ok(())
    }

    fn rest(&mut self) {
        self.looked += 1;
        if self.looked == LOOKS {
            self.say_goodbye();
        }
        // Told to stop: the next step sees it.
        let _ = self.round.stop.wait(LOOK);
    }

    fn leave(mut self) -> Result<Delivery> {
        let put_back = self.let_go();
        self.say_goodbye();
        put_back.map(|()| self.done)
    }

    fn say_goodbye(&mut self) {
        if let Some(session) = self.session.take() {
            session.quit();
        }
    }
}
