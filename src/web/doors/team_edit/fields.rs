//! The fields of a team's forms, filled with what is known or with what was typed.

use chrono::{NaiveDate, Weekday};

use super::Refused;
use crate::app::teams::year::{TeamYear, year};
use crate::app::view::{self, Directory};
use crate::app::{Actor, App, Error, Result};
use crate::domain::civic::{Blackout, Council};
use crate::domain::conflict::Severity;
use crate::domain::recurrence::Exdate;
use crate::domain::team::Member;
use crate::domain::{Days, TeamSlug, When, wording};
use crate::web::doors::teams::named;
use crate::web::guards::Pairs;
use crate::web::layout::form::Input;
use crate::web::layout::{Choice, Field, Link};
use crate::web::pages::team_edit::{Known, Panel, Part, TeamEdit};
use crate::web::words;

pub(super) const WEEKDAYS: [(&str, &str, Weekday); 7] = [
    ("MO", "Monday", Weekday::Mon),
    ("TU", "Tuesday", Weekday::Tue),
    ("WE", "Wednesday", Weekday::Wed),
    ("TH", "Thursday", Weekday::Thu),
    ("FR", "Friday", Weekday::Fri),
    ("SA", "Saturday", Weekday::Sat),
    ("SU", "Sunday", Weekday::Sun),
];
pub(super) const WEEKS: [(&str, &str); 5] = [("1", "first"), ("2", "second"), ("3", "third"), ("4", "fourth"), ("-1", "last")];

/// The page, with a refused form as it was typed.
pub(super) fn fill(app: &App, actor: &Actor, slug: &TeamSlug, refused: Option<&Refused>) -> Result<TeamEdit> {
    let shown = year(app, actor, slug)?;
    let directory = view::directory(app)?;
    let leads = app.store.read::<_, Error>(|reader| Ok(reader.leads_of(slug)?))?;
    let forms = Forms { slug, directory: &directory, refused };
    let lead = |user: &crate::store::User| Known { text: user.name.clone(), note: user.email.clone(), ..Known::default() };
    Ok(TeamEdit {
        name: named(&shown.team),
        back: format!("/teams/{slug}"),
        parts: vec![
            forms.members(&shown),
            forms.council(&shown),
            forms.budget(&shown),
            forms.blackouts(&shown),
            Part {
                id: "leads".to_owned(),
                title: "Who signs in for the team".to_owned(),
                note: "They see and change everything on these pages.".to_owned(),
                known: leads.iter().map(lead).collect(),
                forms: vec![forms.panel(
                    "leads",
                    "leads",
                    "Add a colleague",
                    "Add",
                    vec![
                        Field::line("email", "email", "Mail address").required().autocomplete("email"),
                        Field::line("text", "name", "Name").autocomplete("name"),
                    ],
                )],
                more: Some(Link::new("/desk#feed", "The team’s own calendar feed")),
            },
        ],
    })
}

/// Makes the forms of one team.
struct Forms<'a> {
    slug: &'a TeamSlug,
    directory: &'a Directory,
    refused: Option<&'a Refused>,
}

impl Forms<'_> {
    /// A form; where it is the one that was refused, with what was typed and what is wrong.
    fn panel(&self, scope: &str, path: &str, title: &str, button: &str, fields: Vec<Field>) -> Panel {
        let refused = self.refused.filter(|refused| refused.scope == scope);
        Panel {
            scope: scope.to_owned(),
            title: title.to_owned(),
            action: format!("/teams/{}/{path}", self.slug),
            button: button.to_owned(),
            hidden: Vec::new(),
            fields: match refused {
                Some(refused) => fields.into_iter().map(|field| typed(field, &refused.form)).collect(),
                None => fields,
            },
            errors: refused.map(|refused| refused.errors.clone()).unwrap_or_default(),
        }
    }

    /// A button that takes something back.
    fn removal(&self, path: &str, what: &str, button: &str, hidden: Vec<(&'static str, String)>) -> Panel {
        let action = format!("/teams/{}/{path}/removal", self.slug);
        Panel { action, title: what.to_owned(), button: button.to_owned(), hidden, ..Panel::default() }
    }

    fn members(&self, shown: &TeamYear) -> Part {
        let known = |(place, member): (usize, &Member)| {
            let hidden = vec![("was", member.name.clone())];
            let cohorts: Vec<String> = self.cohort_names(member);
            let groups = if cohorts.is_empty() { String::new() } else { format!("; in {}", wording::list(&cohorts)) };
            let title = format!("Change {}", member.name);
            let change =
                self.panel(&format!("member-{place}"), &format!("members/{place}"), &title, "Keep", self.person(Some(member)));
            Known {
                text: member.name.clone(),
                note: format!("{}{groups}", self.directory.roles.name(&member.role)),
                change: Some(Panel { hidden: hidden.clone(), ..change }),
                remove: Some(self.removal(&format!("members/{place}"), &member.name, "Take off", hidden)),
            }
        };
        Part {
            id: "members".to_owned(),
            title: "Roster".to_owned(),
            note: "Names are for you: partners see only that a team has somebody in a role.".to_owned(),
            known: shown.team.members.iter().enumerate().map(known).collect(),
            forms: vec![self.panel("members", "members", "Add somebody", "Add to the roster", self.person(None))],
            more: None,
        }
    }

    fn cohort_names(&self, member: &Member) -> Vec<String> {
        let of = self.directory.cohorts.iter().filter(|cohort| member.cohorts.contains(&cohort.slug));
        of.map(|cohort| cohort.name.clone()).collect()
    }

    fn person(&self, known: Option<&Member>) -> Vec<Field> {
        let is_role = |slug: &str| known.is_some_and(|member| member.role.as_str() == slug);
        let mut roles = words::role_choices(self.directory, &is_role);
        for choice in &mut roles {
            if choice.depth > 0 {
                choice.label = format!("– {}", choice.label);
            }
        }
        let cohort = |cohort: &crate::domain::Cohort| {
            let chosen = known.is_some_and(|member| member.cohorts.contains(&cohort.slug));
            Choice::new(cohort.slug.as_str(), &cohort.name).chosen(chosen)
        };
        let cohorts: Vec<Choice> = self.directory.cohorts.iter().map(cohort).collect();
        let mut fields = vec![
            Field::line("text", "name", "Name").value(known.map_or("", |member| &member.name)).required(),
            Field::select("role", "Role", &roles).required(),
        ];
        if !cohorts.is_empty() {
            fields.push(Field::checks("cohorts", "Closed groups they take part in", &cohorts));
        }
        fields
    }

    fn council(&self, shown: &TeamYear) -> Part {
        let council = shown.council.as_ref();
        let mut known = Vec::new();
        for meeting in shown.meetings.iter().take(16) {
            let start = meeting.span.start.with_timezone(&shown.team.zone).format("%H:%M");
            let moved = meeting.moved_from.map(|from| format!(", moved from {}", wording::days(Days::one(from))));
            let title = format!("{}, {start}", wording::days(Days::one(meeting.day)));
            let back = moved
                .is_some()
                .then(|| self.removal(&format!("meetings/{}", meeting.day), &title, "Back to the usual day", vec![]));
            known.push(Known { text: title, note: moved.unwrap_or_default(), remove: back, change: None });
        }
        for day in council.into_iter().flat_map(|council| &council.recurrence.exdates) {
            let day = match day {
                Exdate::Day(day) => *day,
                Exdate::At(at) => at.date(),
            };
            if shown.days.contains(day) {
                let title = wording::days(Days::one(day));
                let back = self.removal(&format!("meetings/{day}"), &title, "It meets after all", vec![]);
                known.push(Known { text: title, note: ", no meeting".to_owned(), remove: Some(back), change: None });
            }
        }
        let mut forms = Vec::new();
        if council.is_some() {
            forms.push(self.panel("meetings", "meetings", "A meeting that is not as usual", "Keep", exception_fields()));
        }
        let title = if council.is_some() { "When the council meets" } else { "Say when the council meets" };
        forms.push(self.panel("council", "council", title, "Keep", council_fields(council, shown.days.first)));
        Part {
            id: "council".to_owned(),
            title: "Council".to_owned(),
            note: council.map_or_else(
                || "Organizers are warned of council nights, and of dates on which so many members are wanted that it could not meet.".to_owned(),
                |council| described(council),
            ),
            known,
            forms,
            more: None,
        }
    }

    fn budget(&self, shown: &TeamYear) -> Part {
        let month = shown.budget.map(|budget| budget.month);
        let name =
            |month: u32| NaiveDate::from_ymd_opt(2027, month, 1).map(|day| day.format("%B").to_string()).unwrap_or_default();
        let choices: Vec<Choice> = (1..=12)
            .map(|number: u32| Choice::new(number.to_string(), format!("1 {}", name(number))).chosen(Some(number) == month))
            .collect();
        let weeks = shown.budget.and_then(|budget| budget.weeks).map(|weeks| weeks.to_string()).unwrap_or_default();
        let known = shown.seasons.iter().map(|season| Known { text: wording::days(*season), ..Known::default() });
        Part {
            id: "budget".to_owned(),
            title: "Budget time".to_owned(),
            note: "The weeks before the fiscal year begins, when those who make the budget can hardly leave.".to_owned(),
            known: known.collect(),
            forms: vec![self.panel(
                "budget",
                "budget",
                "When the fiscal year begins",
                "Keep",
                vec![
                    Field::select("month", "The fiscal year begins on", &choices).required(),
                    Field::line("number", "weeks", "Weeks before it").value(&weeks).hint("Eight, where nothing is said."),
                ],
            )],
            more: None,
        }
    }

    fn blackouts(&self, shown: &TeamYear) -> Part {
        let known = |(id, one): &(i64, Blackout)| Known {
            text: wording::days(one.days),
            note: format!("{} ({})", one.reason, one.severity),
            change: None,
            remove: Some(self.removal(&format!("blackouts/{id}"), &wording::days(one.days), "Free again", vec![])),
        };
        let grades: Vec<Choice> = [Severity::High, Severity::Medium, Severity::Low, Severity::Note]
            .iter()
            .map(|grade| Choice::new(grade.as_str(), words::level(*grade).word()).chosen(*grade == Severity::High))
            .collect();
        Part {
            id: "blackouts".to_owned(),
            title: "Days we cannot come".to_owned(),
            note: "Recess, hearings, events of your own. Organizers read the reason, without names.".to_owned(),
            known: shown.blackouts.iter().map(known).collect(),
            forms: vec![self.panel(
                "blackouts",
                "blackouts",
                "Rule days out",
                "Rule these days out",
                vec![
                    Field::line("date", "first_day", "First day").required(),
                    Field::line("date", "last_day", "Last day").hint("The first, where nothing is said."),
                    Field::line("text", "reason", "Why").required().hint("In a few words; others read it."),
                    Field::select("severity", "How much it matters", &grades),
                ],
            )],
            more: None,
        }
    }
}

/// “Meets on second and fourth Mondays, 18:00–21:00. 7 seats, a quorum of 4. …”
fn described(council: &Council) -> String {
    let (weekday, weeks) = rule_parts(council);
    let day = WEEKDAYS.iter().find(|(short, ..)| Some(*short) == weekday.as_deref()).map(|(_, name, _)| *name);
    let weeks: Vec<String> =
        WEEKS.iter().filter(|(number, _)| weeks.iter().any(|week| week == number)).map(|(_, word)| (*word).to_owned()).collect();
    let when = match (day, weeks.is_empty()) {
        (Some(day), true) => format!("on {day}s"),
        (Some(day), false) => format!("on {} {day}s", wording::list(&weeks)),
        (None, _) => format!("by the rule {}", council.recurrence.rrule.as_deref().unwrap_or("once")),
    };
    let hours = match council.when {
        When::Times { start, end: Some(end) } => format!(", {}–{}", start.format("%H:%M"), end.format("%H:%M")),
        _ => String::new(),
    };
    let approves = if council.approves_travel { " It approves travel out of the state." } else { "" };
    format!(
        "{} meets {when}{hours}. {} seats, a quorum of {}; its agenda closes {} days before.{approves}",
        council.name,
        council.seats,
        council.quorum(),
        council.agenda_days
    )
}

/// Weekday and weeks of a rule that is made of these, as the form shows them.
fn rule_parts(council: &Council) -> (Option<String>, Vec<String>) {
    let rule = council.recurrence.rrule.as_deref().unwrap_or_default();
    let days: Vec<&str> = match rule.strip_prefix("FREQ=WEEKLY;BYDAY=").or_else(|| rule.strip_prefix("FREQ=MONTHLY;BYDAY=")) {
        Some(days) if !days.contains(';') => days.split(',').collect(),
        _ => return (None, Vec::new()),
    };
    let parts: Option<Vec<(&str, &str)>> =
        days.iter().map(|day| Some((day.get(..day.len() - 2)?, day.get(day.len() - 2..)?))).collect();
    let parts = parts.unwrap_or_default();
    let Some((_, weekday)) = parts.first() else { return (None, Vec::new()) };
    let is_simple =
        parts.iter().all(|(week, day)| day == weekday && (week.is_empty() || WEEKS.iter().any(|(known, _)| known == week)));
    if !is_simple {
        return (None, Vec::new());
    }
    let weeks = parts.iter().filter(|(week, _)| !week.is_empty()).map(|(week, _)| (*week).to_owned());
    (Some((*weekday).to_owned()), weeks.collect())
}

fn council_fields(council: Option<&Council>, today: NaiveDate) -> Vec<Field> {
    let (weekday, weeks) = council.map(rule_parts).unwrap_or_default();
    let days: Vec<Choice> =
        WEEKDAYS.iter().map(|(short, name, _)| Choice::new(*short, *name).chosen(weekday.as_deref() == Some(*short))).collect();
    let weeks: Vec<Choice> =
        WEEKS.iter().map(|(number, word)| Choice::new(*number, *word).chosen(weeks.iter().any(|week| week == number))).collect();
    let other = council.filter(|_| weekday.is_none()).and_then(|council| council.recurrence.rrule.clone()).unwrap_or_default();
    let (start, end) = match council.map(|council| council.when) {
        Some(When::Times { start, end }) => (start.format("%H:%M").to_string(), end.map(|end| end.format("%H:%M").to_string())),
        _ => ("18:00".to_owned(), None),
    };
    let since = council.map_or(today, |council| council.when.wall_start().date()).to_string();
    let number = |name, label, value: String| Field::line("number", name, label).value(&value);
    let is = |what: fn(&Council) -> bool| council.is_some_and(what);
    vec![
        Field::line("text", "name", "What it is called")
            .value(council.map_or("City Council", |council| &council.name))
            .required(),
        Field::select("weekday", "It meets on", &days),
        Field::checks("weeks", "In these weeks of the month", &weeks).hint("Every week, where none is chosen."),
        Field::line("text", "rrule", "Another rule")
            .value(&other)
            .hint("Where the two above do not fit: FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"),
        Field::line("time", "start_time", "From").value(&start).required(),
        Field::line("time", "end_time", "Until").value(end.as_deref().unwrap_or("21:00")).required(),
        Field::line("date", "since", "Since").value(&since).required(),
        number("seats", "Seats", council.map_or_else(String::new, |council| council.seats.to_string())).required(),
        number(
            "quorum",
            "Quorum",
            council.and_then(|council| council.quorum).map(|quorum| quorum.to_string()).unwrap_or_default(),
        )
        .hint("A majority, where nothing is said."),
        number(
            "agenda_days",
            "Days before a meeting on which its agenda closes",
            council.map_or(7, |council| council.agenda_days).to_string(),
        ),
        Field::switch("mayor_sits", "The mayor has one of the seats", is(|council| council.mayor_sits)),
        Field::switch("approves_travel", "Travel out of the state needs its approval", is(|council| council.approves_travel)),
        Field::switch("yields_to_elections", "It may not meet on election days", is(|council| council.yields_to_elections)),
    ]
}

fn exception_fields() -> Vec<Field> {
    let what = [
        Choice::new("moved", "is on another day").chosen(true),
        Choice::new("off", "does not take place"),
        Choice::new("extra", "is one more, besides the usual ones"),
    ];
    vec![
        Field::line("date", "day", "The meeting of").required(),
        Field::radios("what", "What is different: it", &what),
        Field::line("date", "moved_to", "The other day"),
    ]
}

/// The same field with what was typed.
fn typed(mut field: Field, form: &Pairs) -> Field {
    let values = form.all(&field.name);
    match &mut field.input {
        Input::Select(choices) | Input::Radios(choices) | Input::Checks(choices) => {
            for choice in choices {
                choice.chosen = values.contains(&choice.value);
            }
        }
        Input::Switch(on) => *on = !values.is_empty(),
        Input::Line(_) | Input::Area(_) => form.one(&field.name).clone_into(&mut field.value),
    }
    field
}
