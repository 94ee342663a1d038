//! What a city team has of its own on the dates that it is asked about.

use std::collections::BTreeMap;

use crate::app::teams::year::{TeamYear, year};
use crate::app::{Actor, App, Result};
use crate::domain::proposal::Proposal;
use crate::domain::{Days, wording};

/// For each of the dates, a sentence for each convening for its people, council meeting, days ruled out and budget
/// time that falls on them, within the next twelve months; nothing for those who lead no team.
pub(super) fn on_those_days(app: &App, actor: &Actor, proposal: &Proposal) -> Result<BTreeMap<i64, Vec<String>>> {
    let Some(team) = actor.team() else { return Ok(BTreeMap::new()) };
    let own = year(app, actor, team)?;
    Ok(proposal.candidates.iter().map(|one| (one.id, sentences(&own, one.when.days()))).collect())
}

fn sentences(own: &TeamYear, dates: Days) -> Vec<String> {
    let mut told = Vec::new();
    for (entry, places) in &own.concerns {
        let (details, off) = (&entry.event.details, entry.event.status.is_off());
        let days = entry.occurrences.iter().filter(|one| !one.cancelled).map(|one| one.when.days());
        if let Some(days) = days.into_iter().find(|days| !off && days.overlap(dates).is_some()) {
            let names: Vec<String> =
                places.iter().filter_map(|at| own.team.members.get(*at)).map(|one| one.name.clone()).collect();
            told.push(format!("“{}”, {}, is for {}.", details.title, wording::days(days), wording::list(&names)));
        }
    }
    let council = own.council.as_ref().map_or("The council", |council| council.name.as_str());
    for meeting in own.meetings.iter().filter(|meeting| dates.contains(meeting.day)) {
        told.push(format!("{council} meets on {}.", wording::days(Days::one(meeting.day))));
    }
    for (_, out) in own.blackouts.iter().filter(|(_, out)| out.days.overlap(dates).is_some()) {
        told.push(format!("{} is ruled out: {}.", wording::days(out.days), out.reason.trim_end_matches('.')));
    }
    for season in own.seasons.iter().filter(|season| season.overlap(dates).is_some()) {
        told.push(format!("The budget is made in {}.", wording::days(*season)));
    }
    told
}
