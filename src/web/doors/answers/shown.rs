//! The page on proposed dates, filled with what its reader may see.

use super::Refused;
use crate::app::answers::tell::tally_words;
use crate::app::answers::{self, Poll};
use crate::app::{Actor, App, Result, view};
use crate::domain::conflict::Finding;
use crate::domain::proposal::{Answer, Asked, Candidate, MOST_CANDIDATES, Outcome, Proposal};
use crate::domain::{Days, EventId, EventStatus, When, wording};
use crate::web::guards::Pairs;
use crate::web::layout::form::FieldError as Shown;
use crate::web::layout::{Choice, Field, Level, Link};
use crate::web::pages::answers::{AnswerForm, AnswerRow, AnswerTable, AnswersPage, AskForm, DateCard, Post};
use crate::web::words;

pub(super) fn fill(app: &App, actor: &Actor, id: EventId, refused: Option<Refused>) -> Result<AnswersPage> {
    let poll = answers::of(app, actor, id)?;
    let directory = view::directory(app)?;
    let (event, proposal) = (&poll.event, poll.proposal.as_ref());
    let open = proposal.filter(|one| one.is_open());
    let typed =
        |form: &str| refused.as_ref().filter(|(name, ..)| *name == form).map(|(_, errors, pairs)| (errors.as_slice(), pairs));
    let may_ask = event.status.is_tentative() || matches!(event.status, EventStatus::Idea | EventStatus::Postponed);
    let about = event.details.description.split("\n\n").filter(|part| !part.trim().is_empty()).map(str::to_owned);
    let mut about: Vec<String> = about.collect();
    about.extend(open.filter(|one| !one.note.is_empty()).map(|one| format!("{} writes: {}", one.by, one.note)));
    // Whoever is asked finds the dates in the form.
    let is_asked = !poll.decides && !poll.answers_as.is_empty() && open.is_some();
    let listed = proposal.iter().filter(|_| !is_asked).flat_map(|one| &one.candidates);
    let ask = if poll.decides && may_ask { Some(ask_form(app, &poll, typed("ask"))?) } else { None };
    Ok(AnswersPage {
        title: event.details.title.clone(),
        plan: actor.may_see(event).then(|| Link::new(format!("/events/{id}"), &event.details.title)),
        partners: words::chips(event, &directory),
        status: event.status,
        mode: event.details.mode,
        lead: lead(&poll),
        notice: proposal.and_then(|one| notice(&poll, one)),
        about,
        answer: open.and_then(|one| answer_form(&poll, one, typed("answer"))),
        dates: listed.map(|one| date_card(&poll, one)).collect(),
        table: proposal.filter(|one| poll.decides || one.asked.iter().any(is_partner)).map(|one| table(&poll, one)),
        ask,
        take_back: (poll.decides && open.is_some()).then(|| format!("/events/{id}/asks/withdrawal")),
    })
}

fn lead(poll: &Poll) -> String {
    let place = wording::place(&poll.event.details);
    let Some(proposal) = poll.proposal.as_ref().filter(|one| one.is_open()) else {
        return format!("{place}. Nobody is asked about its dates now.");
    };
    let until = proposal.answer_by.map_or_else(String::new, |day| format!(", by {}", wording::days(Days::one(day))));
    let which = if proposal.candidates.len() == 1 { "whether these dates suit" } else { "which of these dates suit" };
    let answered = proposal.asked.iter().filter(|asked| !proposal.waits_for(asked)).count();
    let so_far = if poll.decides { format!(" {answered} of {} have answered.", proposal.asked.len()) } else { String::new() };
    format!("{place}. {} asks {which}{until}.{so_far} Nothing of it is public.", proposal.by)
}

fn notice(poll: &Poll, proposal: &Proposal) -> Option<(Level, String)> {
    let (_, outcome) = proposal.closed?;
    let chosen = |id: Option<i64>| id.and_then(|id| proposal.candidate(id)).map(|one| wording::when(one.when, one.zone));
    Some(match outcome {
        Outcome::Settled(id) => match chosen(id) {
            Some(dates) => (Level::Opportunity, format!("Settled: {dates}.")),
            None => (Level::Note, format!("It is {} now, and no answer is needed.", poll.event.status)),
        },
        Outcome::Withdrawn => (Level::Note, "The asking was taken back.".to_owned()),
    })
}

fn answer_form(poll: &Poll, proposal: &Proposal, typed: Option<(&[Shown], &Pairs)>) -> Option<AnswerForm> {
    let first = poll.answers_as.first()?;
    let only = poll.answers_as.len() == 1;
    let reply = |one: &Candidate| if only { proposal.reply(first, one.id) } else { None };
    let dates = proposal.candidates.iter().map(|one| {
        let name = format!("date_{}", one.id);
        let known = reply(one).map(|reply| reply.answer.as_str());
        let now = typed.map_or(known, |(_, form)| Some(form.one(&name)));
        let choices: Vec<Choice> = Answer::ALL
            .iter()
            .map(|answer| Choice::new(answer.as_str(), answer.words()).chosen(now == Some(answer.as_str())))
            .collect();
        let place =
            one.venue.as_ref().and_then(crate::domain::Venue::line).map_or_else(String::new, |place| format!(", {place}"));
        let field = Field::radios(&name, &format!("{}{place}", wording::when(one.when, one.zone)), &choices);
        (field, if poll.decides { Vec::new() } else { found(poll, one) })
    });
    let note = proposal.candidates.iter().filter_map(reply).map(|reply| reply.note.clone()).find(|note| !note.is_empty());
    let note = typed.map_or_else(|| note.unwrap_or_default(), |(_, form)| form.one("note").to_owned());
    let who: Vec<Choice> = poll
        .answers_as
        .iter()
        .map(|asked| {
            let chosen = typed.is_some_and(|(_, form)| form.one("answers_for") == asked.to_string());
            Choice::new(asked.to_string(), poll.name(asked)).chosen(chosen)
        })
        .collect();
    let hint = match first {
        Asked::Partner(_) => "Up to 500 characters; whoever asks reads it, and the partners who are asked.",
        Asked::Team(_) => "Up to 500 characters; whoever asks reads it, and nobody else.",
    };
    Some(AnswerForm {
        title: if only { format!("Your answer for {}", poll.name(first)) } else { "Answer for somebody".to_owned() },
        action: format!("/events/{}/answers", poll.event.id),
        answers_for: (!only).then(|| Field::select("answers_for", "For whom", &who).required()),
        dates: dates.collect(),
        note: Field::line("text", "note", "What to add").value(&note).hint(hint),
        errors: typed.map(|(errors, _)| errors.to_vec()).unwrap_or_default(),
        aside: poll.decides,
    })
}

fn found(poll: &Poll, one: &Candidate) -> Vec<(Level, String)> {
    let words = |finding: &Finding| (words::level(finding.severity), finding.message.clone());
    let own = poll.own.get(&one.id).into_iter().flatten().map(|sentence| (Level::Note, sentence.clone()));
    poll.findings.get(&one.id).into_iter().flatten().map(words).chain(own).collect()
}

fn date_card(poll: &Poll, one: &Candidate) -> DateCard {
    let proposal = poll.proposal.as_ref();
    let (id, is_open) = (poll.event.id, proposal.is_some_and(Proposal::is_open));
    let post = |action: &str, hidden: &[(&str, String)]| Post {
        action: format!("/events/{id}/{action}"),
        hidden: hidden.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect(),
    };
    let decides = poll.decides && is_open;
    let ahead = poll.findings.contains_key(&one.id);
    let number = one.id.to_string();
    let is_last = proposal.is_some_and(|proposal| proposal.candidates.len() == 1);
    DateCard {
        when: words::when(one.when, one.zone),
        place: one.venue.as_ref().and_then(crate::domain::Venue::line),
        tally: proposal
            .filter(|_| poll.decides || poll.answers_as.iter().any(is_partner))
            .map_or_else(String::new, |proposal| tally_words(proposal.tally(one.id))),
        best: is_open && proposal.and_then(Proposal::best) == Some(one.id),
        chosen: proposal.and_then(|proposal| proposal.closed).map(|(_, outcome)| outcome) == Some(Outcome::Settled(Some(one.id))),
        findings: found(poll, one),
        choose: (decides && ahead)
            .then(|| post("choice", &[("date", number.clone()), ("revision", poll.event.revision.to_string())])),
        drop: (decides && !is_last).then(|| post("asks/withdrawal", &[("dates", number.clone())])),
    }
}

fn is_partner(asked: &Asked) -> bool {
    matches!(asked, Asked::Partner(_))
}

fn table(poll: &Poll, proposal: &Proposal) -> AnswerTable {
    let may_drop = poll.decides && proposal.is_open() && proposal.asked.len() > 1;
    let row = |asked: &Asked| {
        let replies: Vec<_> = proposal.candidates.iter().map(|one| proposal.reply(asked, one.id)).collect();
        let latest = replies.iter().flatten().max_by_key(|reply| reply.at);
        let note = latest.map_or_else(String::new, |reply| match reply.note.as_str() {
            "" => reply.by.clone(),
            note => format!("{}: “{note}”", reply.by),
        });
        AnswerRow {
            name: poll.name(asked),
            cells: replies.iter().map(|reply| reply.map(|reply| reply.answer)).collect(),
            note,
            drop: may_drop.then(|| Post {
                action: format!("/events/{}/asks/withdrawal", poll.event.id),
                hidden: vec![("asked".to_owned(), asked.to_string())],
            }),
        }
    };
    AnswerTable {
        dates: proposal.candidates.iter().map(|one| wording::days(one.when.days())).collect(),
        rows: proposal.asked.iter().map(row).collect(),
    }
}

/// How many more dates the form has room for at once; sent again it takes more.
const ROWS: usize = 3;

fn ask_form(app: &App, poll: &Poll, typed: Option<(&[Shown], &Pairs)>) -> Result<AskForm> {
    let event = &poll.event;
    let open = poll.proposal.as_ref().filter(|one| one.is_open());
    let offered = open.map_or(1, |one| one.candidates.len());
    let value = |name: &str| typed.map_or_else(String::new, |(_, form)| form.one(name).to_owned());
    let line = |kind, name: String, label| Field::line(kind, &name, label).value(&value(&name));
    let times = matches!(event.details.when, When::Times { .. });
    let group = |number: usize| {
        let mut fields = vec![line("date", format!("start_{number}"), "First day")];
        if times {
            fields.push(line("time", format!("start_time_{number}"), "Starts at"));
        }
        fields.push(line("date", format!("end_{number}"), "Last day"));
        if times {
            fields.push(line("time", format!("end_time_{number}"), "Ends at"));
        }
        if event.details.is_in_person() {
            fields.push(line("text", format!("place_{number}"), "Place, if another"));
        }
        fields
    };
    let asked = open.map(|one| one.asked.as_slice()).unwrap_or_default();
    let (partners, teams): (Vec<_>, Vec<_>) = answers::may_be_asked(app, event)?
        .into_iter()
        .filter(|(one, _)| !asked.contains(one))
        .partition(|(one, _)| is_partner(one));
    let choices = |name: &str, all: &[(Asked, String)]| -> Vec<Choice> {
        let chosen = |one: &Asked| typed.is_some_and(|(_, form)| form.all(name).into_iter().any(|text| text == one.to_string()));
        all.iter().map(|(one, label)| Choice::new(one.to_string(), label).chosen(chosen(one))).collect()
    };
    let whom = [
        (!partners.is_empty()).then(|| Field::checks("asked", "Partners", &choices("asked", &partners))),
        (!teams.is_empty()).then(|| {
            Field::checks("teams", "City teams", &choices("teams", &teams))
                .hint("Their leads are asked; what they say only you see.")
        }),
    ];
    let until = open.and_then(|one| one.answer_by).map_or_else(|| value("answer_by"), |day| day.to_string());
    let note = open.map_or_else(|| value("note"), |one| one.note.clone());
    let hint = match (open, event.status) {
        (Some(_), _) => {
            "What is offered stays; add dates, or ask others. Whoever has answered all is asked about new dates only."
        }
        (None, _) if poll.proposal.as_ref().is_some_and(|over| !over.asked.is_empty()) => {
            "It begins with new dates. Those who were asked before are asked again, with whomever you choose here."
        }
        (None, EventStatus::Postponed) => {
            "Offer new dates. Those who are asked see them, and answer with yes, if need be, or no."
        }
        (None, _) => {
            "The plan’s own dates are offered; add others if you like. Those who are asked see the plan, and answer with yes, if need be, or no."
        }
    };
    Ok(AskForm {
        title: if open.is_some() { "Add dates, or ask others" } else { "Ask which dates suit" }.to_owned(),
        hint: hint.to_owned(),
        action: format!("/events/{}/asks", event.id),
        dates: (1..=ROWS.min(MOST_CANDIDATES.saturating_sub(offered))).map(group).collect(),
        whom: whom.into_iter().flatten().collect(),
        rest: vec![
            Field::line("date", "answer_by", "Answers by").value(&until).hint("That day included."),
            Field::line("text", "note", "What to say with it").value(&note).hint("Up to 500 characters."),
        ],
        errors: typed.map(|(errors, _)| errors.to_vec()).unwrap_or_default(),
        open: open.is_none(),
    })
}
