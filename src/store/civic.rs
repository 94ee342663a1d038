//! Councils and their meetings, budget time, and days that somebody has ruled out.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use rusqlite::{Row, params};

use super::columns::{day, day_text, instant, parsed, parsed_if_any, wall, wall_text};
use super::{Error, Reader, Result, Writer};
use crate::domain::civic::{Blackout, BudgetYear, Council, Meeting, Whose};
use crate::domain::{Civic, Days, Span, TeamSlug, When};

impl Reader<'_> {
    /// What cities and partners have said of these days.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn civic(&self, days: Days) -> Result<Civic> {
        let mut blackouts = self.blackouts(days)?;
        Ok(Civic {
            councils: self.councils()?,
            meetings: self.meetings(days)?,
            budgets: self.budget_years()?,
            blackouts: blackouts.drain(..).map(|(_, blackout)| blackout).collect(),
        })
    }

    /// The teams' councils.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn councils(&self) -> Result<BTreeMap<TeamSlug, Council>> {
        let mut query = self.connection().prepare_cached("SELECT * FROM councils ORDER BY team")?;
        query.query_and_then([], |row| Ok((parsed(row, "team")?, council(row)?)))?.collect()
    }

    /// The councils whose meetings are stored only up to before `until`.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn councils_ending_before(&self, until: DateTime<Utc>) -> Result<Vec<TeamSlug>> {
        let mut query = self.connection().prepare_cached("SELECT team FROM councils WHERE expanded_until < ?1 ORDER BY team")?;
        query.query_and_then([until.timestamp()], |row| parsed(row, "team"))?.collect()
    }

    /// The councils' meetings on these days, by beginning and team.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn meetings(&self, days: Days) -> Result<Vec<Meeting>> {
        let mut query = self
            .connection()
            .prepare_cached("SELECT * FROM council_meetings WHERE day BETWEEN ?1 AND ?2 ORDER BY starts_at, team, original")?;
        query.query_and_then([day_text(days.first), day_text(days.last)], meeting)?.collect()
    }

    /// When the teams' budgets are made.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn budget_years(&self) -> Result<BTreeMap<TeamSlug, BudgetYear>> {
        let mut query = self.connection().prepare_cached("SELECT * FROM budget_years ORDER BY team")?;
        query
            .query_and_then([], |row| {
                Ok((parsed(row, "team")?, BudgetYear { month: row.get("month")?, weeks: row.get("weeks")? }))
            })?
            .collect()
    }

    /// The days ruled out that touch these days, by first day, each with its number.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn blackouts(&self, days: Days) -> Result<Vec<(i64, Blackout)>> {
        let mut query = self
            .connection()
            .prepare_cached("SELECT * FROM blackouts WHERE first_day <= ?2 AND last_day >= ?1 ORDER BY first_day, id")?;
        query.query_and_then([day_text(days.first), day_text(days.last)], |row| Ok((row.get("id")?, blackout(row)?)))?.collect()
    }
}

impl Writer<'_> {
    /// Stores a team's council, new or known, with its meetings up to `expanded_until`.
    ///
    /// # Errors
    /// What SQLite says: the team must be there.
    pub fn put_council(
        &self,
        team: &TeamSlug,
        council: &Council,
        meetings: &[(String, Meeting)],
        expanded_until: DateTime<Utc>,
    ) -> Result<()> {
        let recurrence = serde_json::to_string(&council.recurrence)
            .map_err(|error| Error::Unreadable { what: "recurrence", value: error.to_string() })?;
        let When::Times { start, end: Some(end) } = council.when else {
            return Err(Error::Unreadable { what: "council", value: "a meeting without hours".to_owned() });
        };
        self.connection().execute("DELETE FROM councils WHERE team = ?1", [team.as_str()])?;
        self.connection().execute(
            "INSERT INTO councils (team, name, seats, quorum, mayor_sits, approves_travel, yields_to_elections, starts, ends,
               recurrence, agenda_days, expanded_until) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
            params![
                team.as_str(),
                council.name,
                council.seats,
                council.quorum,
                council.mayor_sits,
                council.approves_travel,
                council.yields_to_elections,
                wall_text(start),
                wall_text(end),
                recurrence,
                council.agenda_days,
                expanded_until.timestamp()
            ],
        )?;
        let mut insert = self.connection().prepare_cached(
            "INSERT INTO council_meetings (team, original, day, starts_at, ends_at, moved_from, title)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?;
        for (original, one) in meetings {
            let (start, end) = (one.span.start.timestamp(), one.span.end.timestamp());
            let moved_from = one.moved_from.map(day_text);
            insert.execute(params![team.as_str(), original, day_text(one.day), start, end, moved_from, one.title])?;
        }
        Ok(())
    }

    /// Stores when a team's budget is made.
    ///
    /// # Errors
    /// What SQLite says: the team must be there.
    pub fn put_budget_year(&self, team: &TeamSlug, budget: BudgetYear) -> Result<()> {
        self.connection().execute(
            "INSERT INTO budget_years (team, month, weeks) VALUES (?1, ?2, ?3)
             ON CONFLICT (team) DO UPDATE SET month = excluded.month, weeks = excluded.weeks",
            params![team.as_str(), budget.month, budget.weeks],
        )?;
        Ok(())
    }

    /// Rules days out; gives the number that the entry is withdrawn by.
    ///
    /// # Errors
    /// What SQLite says: the team or partner must be there.
    pub fn add_blackout(&self, blackout: &Blackout, at: DateTime<Utc>) -> Result<i64> {
        let (team, partner, city, state) = match &blackout.whose {
            Whose::Team(slug) => (Some(slug.as_str()), None, None, None),
            Whose::Partner(slug) => (None, Some(slug.as_str()), None, None),
            Whose::City { city, state } => (None, None, Some(city), state.as_ref()),
        };
        let (first, last) = (day_text(blackout.days.first), day_text(blackout.days.last));
        self.connection().execute(
            "INSERT INTO blackouts (team, partner, city, state, first_day, last_day, severity, reason, created_at, in_person, decide_by)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            params![
                team,
                partner,
                city,
                state,
                first,
                last,
                blackout.severity.as_str(),
                blackout.reason,
                at.timestamp(),
                blackout.in_person,
                blackout.decide_by.map(day_text)
            ],
        )?;
        Ok(self.connection().last_insert_rowid())
    }

    /// Takes back what was ruled out.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none of that number.
    pub fn withdraw_blackout(&self, id: i64) -> Result<()> {
        match self.connection().execute("DELETE FROM blackouts WHERE id = ?1", [id])? {
            0 => Err(Error::NotFound("blackout")),
            _ => Ok(()),
        }
    }
}

fn council(row: &Row<'_>) -> Result<Council> {
    let text = |column: &'static str| row.get::<_, String>(column);
    let recurrence = text("recurrence")?;
    Ok(Council {
        name: text("name")?,
        seats: row.get("seats")?,
        quorum: row.get("quorum")?,
        mayor_sits: row.get("mayor_sits")?,
        approves_travel: row.get("approves_travel")?,
        yields_to_elections: row.get("yields_to_elections")?,
        agenda_days: row.get("agenda_days")?,
        when: When::Times { start: wall(&text("starts")?, "starts")?, end: Some(wall(&text("ends")?, "ends")?) },
        recurrence: serde_json::from_str(&recurrence).map_err(|_| Error::Unreadable { what: "recurrence", value: recurrence })?,
    })
}

fn meeting(row: &Row<'_>) -> Result<Meeting> {
    let moved_from: Option<String> = row.get("moved_from")?;
    Ok(Meeting {
        team: parsed(row, "team")?,
        day: day(&row.get::<_, String>("day")?, "day")?,
        span: Span::new(instant(row, "starts_at")?, instant(row, "ends_at")?),
        moved_from: moved_from.map(|text| day(&text, "moved_from")).transpose()?,
        title: row.get("title")?,
    })
}

fn blackout(row: &Row<'_>) -> Result<Blackout> {
    let text = |column: &'static str| row.get::<_, String>(column);
    let whose = match (parsed_if_any(row, "team")?, parsed_if_any(row, "partner")?) {
        (Some(team), _) => Whose::Team(team),
        (None, Some(partner)) => Whose::Partner(partner),
        (None, None) => Whose::City { city: text("city")?, state: row.get("state")? },
    };
    Ok(Blackout {
        whose,
        days: Days::new(day(&text("first_day")?, "first_day")?, day(&text("last_day")?, "last_day")?),
        severity: parsed(row, "severity")?,
        reason: text("reason")?,
        in_person: row.get("in_person")?,
        decide_by: row.get::<_, Option<String>>("decide_by")?.map(|text| day(&text, "decide_by")).transpose()?,
    })
}
