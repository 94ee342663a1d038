//! Reminds those who have not answered on the day before answers are wanted.

use chrono::{Days, Duration};

use super::{tell, today};
use crate::app::{App, Error, Result};

/// Whoever is asked so shortly before needs no reminder.
const FRESH: Duration = Duration::days(2);

/// Keeps a reminder for everybody who has not answered all of it, once, from the day before answers are wanted; gives
/// how many proposals that was about.
///
/// # Errors
/// What the store says.
pub fn sweep(app: &App) -> Result<usize> {
    let open = app.store.read::<_, Error>(|reader| {
        let mut found = Vec::new();
        for id in reader.open_proposals()? {
            found.extend(reader.proposal(id)?.map(|proposal| (id, proposal)));
        }
        Ok(found)
    })?;
    let mut reminded = 0;
    for (id, proposal) in open {
        let Some(day) = proposal.answer_by else { continue };
        let zone = app.store.read::<_, Error>(|reader| Ok(reader.event(id)?.details.zone))?;
        let is_near = (day - Days::new(1)..=day).contains(&today(app, zone));
        if is_near && proposal.opened_at + FRESH < app.now() && !proposal.is_answered() {
            app.store.write::<_, Error>(|writer| tell::note_reminder(app, writer, id, day))?;
            reminded += 1;
        }
    }
    Ok(reminded)
}
