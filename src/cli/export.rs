//! `convene export`

use chrono::NaiveDate;
use clap::{Args, ValueEnum};

use super::{Outcome, Place, print};
use crate::app::Error;
use crate::app::publish::{Form, feed_within};
use crate::app::select::{Selection, days_between};
use crate::clock::Clock;
use crate::domain::Days;

#[derive(Debug, Args)]
pub(super) struct Export {
    /// Only for these roles: a,b
    #[arg(long, value_name = "SLUGS")]
    roles: Option<String>,
    /// Only of these partners: x,y
    #[arg(long, value_name = "SLUGS")]
    partners: Option<String>,
    /// Only in these modes: `in_person`, `virtual`, `hybrid`
    #[arg(long, value_name = "MODES")]
    modes: Option<String>,
    /// Only this anchor and what is set beside it
    #[arg(long, value_name = "ID")]
    anchor: Option<String>,
    /// Only what happens on or after this day
    #[arg(long, value_name = "DAY")]
    from: Option<NaiveDate>,
    /// Only what happens on or before this day
    #[arg(long, value_name = "DAY")]
    to: Option<NaiveDate>,
    /// The form
    #[arg(long, value_enum, default_value = "ics")]
    format: Format,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    Ics,
    Json,
    Csv,
}

impl Export {
    pub(super) fn run(self, place: &Place) -> anyhow::Result<Outcome> {
        let app = place.existing_app(Clock::System)?;
        let given = [("roles", &self.roles), ("partners", &self.partners), ("modes", &self.modes), ("anchor", &self.anchor)];
        let pairs = given.iter().filter_map(|(name, value)| Some((*name, value.as_deref()?)));
        let selection = app.store.read::<_, Error>(|reader| Selection::read(reader, pairs, &[]))?;
        let days = days_between(self.from, self.to)?.unwrap_or(Days::ALL);
        let form = match self.format {
            Format::Ics => Form::Ics,
            Format::Json => Form::Json,
            Format::Csv => Form::Csv,
        };
        let bytes = feed_within(&app, &selection, "Convenings", form, days)?;
        print(&String::from_utf8_lossy(&bytes))?;
        Ok(Outcome::Fine)
    }
}
