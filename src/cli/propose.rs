//! `convene propose`

use clap::Args;

use super::{Outcome, Place, print};
use crate::app::Actor;
use crate::app::propose::{Verdict, check, propose};
use crate::clock::Clock;
use crate::domain::{EventStatus, Recurrence, Venue};
use crate::json::{Draft, EventJson, FindingJson};
use crate::sheet::places::Gazetteer;

#[derive(Debug, Args)]
pub(super) struct Propose {
    /// Its title
    title: String,
    /// Who calls it
    #[arg(long, value_name = "SLUG")]
    partner: String,
    /// Who calls it with them: x,y
    #[arg(long, value_name = "SLUGS", value_delimiter = ',')]
    co_hosts: Vec<String>,
    /// Whom it is for: a,b
    #[arg(long, value_name = "SLUGS", value_delimiter = ',')]
    roles: Vec<String>,
    /// The closed group it is for
    #[arg(long, value_name = "SLUG")]
    cohort: Option<String>,
    /// Of which states' city teams it is only for: OH,PA
    #[arg(long, value_name = "STATES", value_delimiter = ',')]
    states: Vec<String>,
    /// The convening it is set beside
    #[arg(long, value_name = "ID")]
    anchor: Option<String>,
    /// The first day (2027-10-06), or day and time (2027-10-06T09:00)
    #[arg(long, value_name = "WHEN")]
    start: String,
    /// The last day, included; or day and time
    #[arg(long, value_name = "WHEN")]
    end: Option<String>,
    /// The IANA zone of these times [default: that of the city, else the settings' `time_zone`]
    #[arg(long, value_name = "ZONE")]
    zone: Option<String>,
    /// `in_person`, `virtual` or `hybrid`
    #[arg(long, default_value = "in_person")]
    mode: String,
    /// “Kansas City, MO”, with the venue's name before it if it is known
    #[arg(long, value_name = "PLACE")]
    place: Option<String>,
    /// The room
    #[arg(long)]
    room: Option<String>,
    /// Who speaks: a,b
    #[arg(long, value_name = "SLUGS", value_delimiter = ',')]
    speakers: Vec<String>,
    /// How many people are expected
    #[arg(long, value_name = "NUMBER")]
    expected: Option<u32>,
    /// How it repeats: FREQ=MONTHLY;BYDAY=2TU;COUNT=6
    #[arg(long, value_name = "RRULE")]
    repeat: Option<String>,
    /// `convening` or `session`
    #[arg(long, default_value = "session")]
    kind: String,
    /// Begin as `idea`, `hold`, `proposed`, `announced` or `confirmed`
    #[arg(long, value_name = "STATUS", default_value = "proposed")]
    status: EventStatus,
    /// With --status hold: the last day that its dates are kept [default: as long as the settings let a hold stand]
    #[arg(long, value_name = "DAY")]
    hold_until: Option<String>,
    /// Only show what would be found; store nothing
    #[arg(long)]
    dry_run: bool,
    /// Print the event with its findings
    #[arg(long)]
    json: bool,
}

impl Propose {
    pub(super) fn run(self, place: &Place) -> anyhow::Result<Outcome> {
        let app = place.existing_app(Clock::System)?;
        let draft = self.draft(app.settings.time_zone.name(), app.places());
        let verdict = if self.dry_run {
            check(&app, &Actor::Operator, &draft)?
        } else {
            propose(&app, &Actor::Operator, &draft, self.status)?
        };
        print(&if self.json { as_json(&verdict)? } else { in_words(&verdict, self.dry_run) })?;
        Ok(Outcome::Fine)
    }

    fn draft(&self, zone: &str, places: &Gazetteer) -> Draft {
        let venue = self.place.as_deref().map(|line| places.read_line(line));
        let venue = venue.map(|venue| Venue { room: self.room.clone(), ..venue });
        let own = venue.as_ref().and_then(|venue| places.zone_of(venue)).map(|zone| zone.name().to_owned());
        Draft {
            kind: Some(self.kind.clone()),
            title: self.title.clone(),
            partner: Some(self.partner.clone()),
            co_hosts: self.co_hosts.clone(),
            roles: self.roles.clone(),
            states: self.states.clone(),
            cohort: self.cohort.clone(),
            anchor: self.anchor.clone(),
            start: self.start.clone(),
            end: self.end.clone(),
            time_zone: self.zone.clone().or(own).or_else(|| Some(zone.to_owned())),
            mode: Some(self.mode.clone()),
            venue,
            speakers: self.speakers.clone(),
            expected: self.expected,
            hold_until: self.hold_until.clone(),
            recurrence: self.repeat.clone().map(|rule| Recurrence { rrule: Some(rule), ..Recurrence::default() }),
            ..Draft::default()
        }
    }
}

/// What came of a step, for people: the event's id alone on the first line.
pub(super) fn in_words(verdict: &Verdict, dry_run: bool) -> String {
    let event = &verdict.event;
    let mut text = if dry_run { String::new() } else { format!("{}\n", event.id) };
    let when = crate::domain::wording::when(event.details.when, event.details.zone);
    let stored = if dry_run { "not stored" } else { event.status.as_str() };
    text.push_str(&format!("{}, {when}, {}: {stored}\n", event.details.title, crate::domain::wording::place(&event.details)));
    for finding in &verdict.findings {
        text.push_str(&format!("{:<11} {:<20} {}\n", finding.severity.as_str(), finding.kind.as_str(), finding.message));
    }
    if verdict.findings.is_empty() {
        text.push_str("No findings.\n");
    }
    text
}

/// What came of a step, for programs.
pub(super) fn as_json(verdict: &Verdict) -> anyhow::Result<String> {
    let findings: Vec<_> = verdict.findings.iter().map(|finding| FindingJson::new(finding, None)).collect();
    let mut value = serde_json::to_value(EventJson::from(&verdict.event))?;
    if let Some(fields) = value.as_object_mut() {
        fields.insert("findings".to_owned(), serde_json::to_value(findings)?);
    }
    Ok(serde_json::to_string_pretty(&value)? + "\n")
}
