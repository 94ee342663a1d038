//! The same request sent again is answered again, and done once.
//!
//! Whoever asks names a request by a key of their own (`Idempotency-Key`, draft-ietf-httpapi-idempotency-key-header).
//! The answer is kept in the transaction of the change, so neither is ever there without the other. What was refused
//! changed nothing and is not kept: the same key may be sent with what is right.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use chrono::Duration;

use super::{App, Error, Result};
use crate::store::{Answered, Error as StoreError};

/// For how long an answer is kept.
const KEPT_HOURS: i64 = 24;

/// A request that its sender named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// The number of the token that it came with: keys of one are nobody else's.
    pub token: i64,
    /// What the sender calls it.
    pub key: String,
    /// The hash of what is asked for.
    pub request: String,
}

/// The requests that are being worked on.
#[derive(Debug, Default)]
pub(super) struct Underway(Mutex<BTreeSet<(i64, String)>>);

/// One of them; it is over with this value.
struct Turn<'a> {
    all: &'a Underway,
    own: (i64, String),
}

impl Underway {
    fn begin(&self, attempt: &Attempt) -> Result<Turn<'_>> {
        let own = (attempt.token, attempt.key.clone());
        if self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(own.clone()) {
            Ok(Turn { all: self, own })
        } else {
            Err(Error::Underway)
        }
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.all.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.own);
    }
}

/// Does `work` and keeps what is `kept` of its answer, in one transaction; or answers `again` what was kept.
///
/// # Errors
/// What `work` returns; [`Error::Underway`] while the same request is being worked on; [`Error::OtherRequest`] where its
/// key is another request's.
pub fn once<A, E: From<Error> + From<StoreError>>(
    app: &App,
    attempt: &Attempt,
    work: impl FnOnce(&App) -> Result<A, E>,
    kept: impl FnOnce(&A) -> Answered,
    again: impl FnOnce(&Answered) -> Result<A, E>,
) -> Result<A, E> {
    let _turn = app.underway.begin(attempt)?;
    let (now, Attempt { token, key, request }) = (app.now(), attempt);
    let old = now - Duration::hours(KEPT_HOURS);
    // Another process may be at the same request: it is waited for here.
    app.store.together(|| {
        let known = app.store.read::<_, Error>(|reader| Ok(reader.kept_answer(*token, key, old)?))?;
        match known {
            Some((same, answered)) if same == *request => return again(&answered),
            Some(_) => return Err(Error::OtherRequest.into()),
            None => {}
        }
        let answer = work(app)?;
        app.store.write::<_, Error>(|writer| {
            writer.forget_answers(old)?;
            Ok(writer.keep_answer(*token, key, request, &kept(&answer), now)?)
        })?;
        Ok(answer)
    })
}

/// Forgets the answers that are older than a day.
///
/// # Errors
/// When the store fails.
pub fn sweep(app: &App) -> Result<()> {
    let old = app.now() - Duration::hours(KEPT_HOURS);
    if app.store.read::<_, Error>(|reader| Ok(reader.has_answers_until(old)?))? {
        app.store.write::<_, Error>(|writer| Ok(writer.forget_answers(old)?))?;
    }
    Ok(())
}
