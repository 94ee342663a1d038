//! Feeds that are not for everybody: a city team's, and an organizer's.

use std::sync::Arc;

use super::kept::{Facts, Kept, Plain};
use super::{Body, Feed, Form, Shown, chosen};
use crate::app::select::Selection;
use crate::app::{Actor, App, Error, Result};
use crate::domain::agenda::Entry;
use crate::domain::conflict::{Finding, Kind};
use crate::domain::team::Member;
use crate::domain::{Event, EventId, EventStatus, RoleTree, Team, wording};
use crate::store::{FeedHolder, Reader};

/// The feed of a city team or of an organizer, made afresh: few read it, and its facts are not only the public ones.
/// It is kept for [`super::at_hand`], which holds until anything at all is stored.
///
/// A team's has the public events that somebody of it is invited to, for whom each is, and the team's clashes. An
/// organizer's has everything public, and the holds and proposals that they may see.
///
/// # Errors
/// [`Error::NotFound`] where the team or the user is no more; when the store fails.
pub fn private_feed(app: &App, holder: &FeedHolder, selection: &Selection, form: Form) -> Result<Arc<Feed>> {
    let _turn = app.feeds.turn();
    let within = selection.window(app.today());
    app.store.read::<_, Error>(|reader| {
        let (name, entries, team) = match holder {
            FeedHolder::Team(slug) => {
                let team = reader.teams()?.into_iter().find(|team| team.slug == *slug).ok_or(Error::NotFound("feed"))?;
                let tree = reader.roles()?;
                let entries = chosen(reader, selection, within, |event| {
                    event.is_public() && invited(&team, &tree, event).next().is_some()
                })?;
                (format!("Convenings for {}", team.name), entries, Some((team, tree)))
            }
            FeedHolder::User(email) => {
                let user = reader.user(email)?.ok_or(Error::NotFound("feed"))?;
                let own = user.partner.clone().ok_or(Error::NotFound("feed"))?;
                let name = reader.partners()?.into_iter().find(|partner| partner.slug == own);
                let name = name.map_or_else(|| own.to_string(), |partner| partner.name);
                let actor = Actor::User(user);
                let entries =
                    chosen(reader, selection, within, |event| event.status != EventStatus::Idea && actor.may_see(event))?;
                (format!("Convenings and plans of {name}"), entries, None)
            }
        };
        let mut shown = Shown { private: true, ..Shown::load(app, reader, &name)? };
        if let Some((team, tree)) = team {
            for (event, notes) in team_notes(reader, &team, &tree, &entries)? {
                shown.notes.entry(event).or_default().extend(notes);
            }
        }
        let bytes = shown.bytes(&entries, form);
        // Rosters and findings have no time of change: the tag alone says whether it is the same.
        let feed = Arc::new(Feed::new(Arc::new(Body::new(Plain::Whole(bytes))), None));
        let facts = Facts::read(reader, app.today())?;
        let made = Kept { facts, feed: Arc::clone(&feed), ids: Arc::default() };
        app.feeds.keep((format!("{holder:?}\n{}", selection.key()), form), made);
        Ok(feed)
    })
}

fn invited<'a>(team: &'a Team, tree: &'a RoleTree, event: &'a Event) -> impl Iterator<Item = &'a Member> {
    team.invited(tree, &event.details)
}

/// For whom of the team each event is, and what it clashes with.
fn team_notes(reader: &Reader<'_>, team: &Team, tree: &RoleTree, entries: &[Entry]) -> Result<Vec<(EventId, Vec<String>)>> {
    let mut clashes: Vec<Finding> = reader.findings()?.into_iter().map(|stored| stored.finding).filter(is_clash).collect();
    clashes.sort_by(Finding::by_rank);
    let event_of = |id: EventId| entries.iter().map(|entry| &entry.event).find(|event| event.id == id);
    let mut notes = Vec::new();
    for entry in entries {
        let here = names(invited(team, tree, &entry.event));
        let mut lines = vec![format!("For {}.", wording::list(&here))];
        for finding in clashes.iter().filter(|finding| finding.events.contains(&entry.event.id)) {
            let others = finding.events.iter().filter(|id| **id != entry.event.id).filter_map(|id| event_of(*id));
            lines.extend(others.map(|other| {
                let who = who_is_wanted(&here, &names(invited(team, tree, other)));
                let details = &other.details;
                let (when, place) = (wording::when(details.when, details.zone), wording::place(details));
                format!("{}: {}, {when} ({place}). {who}", finding.kind.label(), details.title)
            }));
        }
        notes.push((entry.event.id, lines));
    }
    Ok(notes)
}

/// What pulls a team's people to two places. Whether partners go on in spite of it changes nothing for the team.
fn is_clash(finding: &Finding) -> bool {
    matches!(finding.kind, Kind::RoleOverlap | Kind::TeamSplit | Kind::TightTurnaround)
}

fn names<'a>(members: impl Iterator<Item = &'a Member>) -> Vec<String> {
    members.map(|member| member.name.clone()).collect()
}

/// “Mia Sample is invited to both.”, or who here and who there.
fn who_is_wanted(here: &[String], there: &[String]) -> String {
    let is = |names: &[String]| if names.len() == 1 { "is" } else { "are" };
    let both: Vec<String> = here.iter().filter(|name| there.contains(name)).cloned().collect();
    if both.is_empty() {
        format!("{} {} invited here, {} there.", wording::list(here), is(here), wording::list(there))
    } else {
        format!("{} {} invited to both.", wording::list(&both), is(&both))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_pulled_apart_is_said_by_name() {
        let list = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let cases = [
            (list(&["Mia"]), list(&["Mia", "Eve"]), "Mia is invited to both."),
            (list(&["Mia", "Eve"]), list(&["Eve", "Mia"]), "Mia and Eve are invited to both."),
            (list(&["Mia"]), list(&["Eve", "Pat"]), "Mia is invited here, Eve and Pat there."),
        ];
        for (here, there, words) in cases {
            assert_eq!(who_is_wanted(&here, &there), words);
        }
    }
}
