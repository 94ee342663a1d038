//! Samples of the pages that are mostly forms.

use super::Sample;
use crate::web::layout::form::FieldError;
use crate::web::layout::{Choice, Field, Level};
use crate::web::pages::better::{BetterPage, Offer};
use crate::web::pages::policy::{PolicyGroup, PolicyPage, PolicyRow};
use crate::web::pages::propose::{BetterDates, Propose, ProposeForm, Verdict};
use crate::web::pages::sign_in::{FinishSignIn, SignIn};
use crate::web::pages::subscribe::{FeedAddress, MailChoices, MailForm, Subscribe};
use crate::web::pages::subscription::{Confirm, Manage, Unsubscribe};

impl Sample<'_> {
    pub fn propose_empty(self) -> Propose {
        Propose { form: self.propose_form(), errors: vec![], verdict: None }
    }

    pub fn propose_refused(self) -> Propose {
        let error = |field: &str, message: &str| FieldError { field: field.into(), message: self.say(message) };
        let errors = vec![
            error("title", "Give it a title."),
            error("roles", "Choose at least one role."),
            error("end_date", "The last day is before the first. Type 2027-10-06 or later."),
            error("", "Someone else took the room meanwhile."),
        ];
        Propose { errors, ..self.propose_empty() }
    }

    pub fn propose_checked(self) -> Propose {
        let dates = |value: &str, label: &str, gain: &str| BetterDates {
            value: value.into(),
            label: self.say(label),
            gain: self.say(gain),
        };
        let verdict = Verdict {
            about: self.say("Wed 13 – Fri 15 October 2027, Samplehaven"),
            sentence: self.say("One finding stands in the way, and four more are worth a look."),
            findings: self
                .findings()
                .into_iter()
                .map(|mut finding| {
                    finding.form = None;
                    finding
                })
                .collect(),
            better: vec![
                dates(
                    "2027-10-06/2027-10-08",
                    "Wed 6 – Fri 8 October 2027",
                    "No shared role elsewhere; one caution, Dussehra on the 9th.",
                ),
                dates(
                    "2027-11-17/2027-11-19",
                    "Wed 17 – Fri 19 November 2027",
                    "Clean. The Lake League summit is usually near, not announced yet.",
                ),
            ],
        };
        Propose { verdict: Some(verdict), ..self.propose_empty() }
    }

    pub fn better(self) -> BetterPage {
        let offer = |when: &str, against: Vec<(Level, String)>| Offer {
            when: when.into(),
            good: vec![self.say("Nobody else calls chief equity officers then.")],
            against,
            fields: vec![("start_date", "2027-10-06".into()), ("end_date", "2027-10-08".into())],
        };
        let dussehra = (Level::Low, self.say("The day after it ends, 9 October 2027, when people would travel, is Dussehra."));
        BetterPage {
            event: self.say("Chief equity officers: budgeting for equity, Wed 13 – Fri 15 October 2027"),
            href: "/events/0193".into(),
            action: "/events/0193/move".into(),
            revision: 3,
            offers: vec![offer("Wed 17 – Fri 19 November 2027", vec![]), offer("Wed 6 – Fri 8 October 2027", vec![dussehra])],
        }
    }

    pub fn policy(self) -> PolicyPage {
        let severities = ["block", "high", "medium", "low", "note"].map(|one| Choice::new(one, one).chosen(one == "low"));
        let holds = self.say("Holds now: low, as Lake League’s policy says; else medium.");
        let few = PolicyRow { field: Field::select("team_split.few", "Few", &severities), holds };
        let many = PolicyRow {
            field: Field::line("text", "team_split.many_teams", "Many teams")
                .value("many")
                .error(Some("“many” is no whole number")),
            holds: "Holds now: 5, as by default.".into(),
        };
        let travel =
            PolicyRow { field: Field::line("text", "travel_load.long_days", "Long days"), holds: "Holds now: 90.".into() };
        PolicyPage {
            title: self.say("Lake League"),
            lead: self.say("For every event that it hosts, unless the event has a policy of its own."),
            action: Some("/partners/lake-league/policy".into()),
            revision: 3,
            groups: vec![
                PolicyGroup { title: "Team split".into(), rows: vec![few, many], is_own: true },
                PolicyGroup { title: "Many trips".into(), rows: vec![travel], is_own: false },
            ],
            errors: vec![FieldError { field: "team_split.many_teams".into(), message: "“many” is no whole number".into() }],
            history: vec![(self.say("team_split.few: was left open, is low."), self.say("Ada Sample, 12 March 2026"))],
            back: ("/desk".into(), "Back to your desk".into()),
        }
    }

    fn propose_form(self) -> ProposeForm {
        let none = || Choice::new("", "none");
        ProposeForm {
            action: "/events".into(),
            title: self.say("Chief equity officers: budgeting for equity"),
            kinds: vec![
                Choice::new("convening", "Convening"),
                Choice::new("session", "Session of a cohort or role-alike group").chosen(true),
            ],
            partners: self.partners(&["fair-start"]),
            roles: self.roles(&["chief_equity_officer"]),
            cohorts: vec![none(), Choice::new("chief-equity-officers", self.say("Chief equity officers 2027")).chosen(true)],
            anchors: vec![none(), Choice::new("0194", self.say("Fair Start annual meeting, 27–29 October 2027"))],
            modes: Self::modes("in_person"),
            venue_name: self.say("Sample Hall"),
            venue_city: self.say("Samplehaven"),
            venue_state: "OH".into(),
            venue_country: "US".into(),
            venue_capacity: "80".into(),
            all_day: true,
            start_date: "2027-10-13".into(),
            end_date: "2027-10-15".into(),
            zones: self.zones(),
            speakers: self.say("Ada Sample\nBo Example"),
            expected: "60".into(),
            url: self.say("https://fair-start.example.org/ceo"),
            description: self.say("How budgets become fairer, with three cities’ own numbers."),
            ..ProposeForm::default()
        }
    }

    fn zones(self) -> Vec<Choice> {
        vec![
            Choice::new("America/New_York", "New York"),
            Choice::new("America/Chicago", self.say("Chicago")).chosen(true),
            Choice::new("Pacific/Honolulu", "Honolulu"),
        ]
    }

    fn frequencies(self) -> Vec<Choice> {
        let choice = |value: &str, label: &str, hint: &str| Choice { hint: Some(self.say(hint)), ..Choice::new(value, label) };
        vec![
            choice("at_once", "At once", "each change of dates, place or mode"),
            choice("daily", "Daily", "only when there is something"),
            choice("weekly", "Weekly", "Mondays"),
            choice("monthly", "Monthly", "the first of the month").chosen(true),
        ]
    }

    fn hours() -> Vec<Choice> {
        (5..22).map(|hour| Choice::new(hour.to_string(), format!("{hour:02}:00")).chosen(hour == 8)).collect()
    }

    pub fn subscribe(self) -> Subscribe {
        let error =
            FieldError { field: "email".into(), message: self.say("This is no mail address. It looks like name@example.org.") };
        Subscribe {
            action: "/subscribe".into(),
            roles: self.roles(&["chief_equity_officer"]),
            partners: self.partners(&[]),
            modes: Self::modes(""),
            embed: "https://convene.example.org/embed?roles=mayor".into(),
            feed: FeedAddress {
                words: self.say("Everything for chief equity officers"),
                https: self.say("https://convene.example.org/feeds/all.ics?roles=chief_equity_officer"),
            },
            mail: MailForm {
                action: "/subscriptions".into(),
                email: self.say("ada@"),
                choices: self.mail_choices(),
                errors: vec![error],
            },
        }
    }

    fn mail_choices(self) -> MailChoices {
        MailChoices {
            roles: self.roles(&["chief_equity_officer"]),
            partners: self.partners(&[]),
            places: self.say("Ohio, Kansas City"),
            frequencies: self.frequencies(),
            zones: self.zones(),
            hours: Self::hours(),
        }
    }

    pub fn confirm_subscription(self) -> Confirm {
        Confirm {
            action: "/subscriptions/t0ken".into(),
            email: self.say("ada@example.org"),
            at_once: false,
            words: self.say("A digest each month for chief equity officers, at 08:00 in Chicago."),
        }
    }

    pub fn manage(self) -> Manage {
        Manage {
            action: "/subscriptions/t0ken".into(),
            end: "/unsubscribe/t0ken".into(),
            email: self.say("ada@example.org"),
            choices: self.mail_choices(),
            errors: vec![FieldError { field: "frequency".into(), message: self.say("Choose how often.") }],
        }
    }

    pub fn unsubscribe(self) -> Unsubscribe {
        Unsubscribe {
            action: "/unsubscribe/t0ken".into(),
            email: self.say("ada@example.org"),
            manage: "/subscriptions/t0ken".into(),
        }
    }

    pub fn sign_in(self) -> SignIn {
        let error = FieldError { field: "email".into(), message: self.say("Type your mail address.") };
        SignIn { action: "/sign-in".into(), email: self.say("ada"), next: self.say("/propose"), errors: vec![error] }
    }

    pub fn finish_sign_in(self) -> FinishSignIn {
        FinishSignIn { action: "/sign-in/t0ken".into(), name: self.say("Ada Sample") }
    }

    pub fn refused_notice(self) -> super::super::notice::Notice {
        super::super::notice::Notice {
            title: self.say("Not confirmed: something stands in the way"),
            text: vec![self.say("Nothing was changed. Override the finding with a reason, or choose other dates.")],
            ways: vec![crate::web::layout::Link::new("/events/0193", self.say("Back to the event"))],
            reference: Some(self.say("7f3a-21")),
            findings: self.findings().into_iter().filter(|finding| finding.level == Level::Block).collect(),
            level: Some(Level::Block),
        }
    }
}
