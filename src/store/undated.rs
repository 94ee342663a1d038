//! What is announced without dates.

use chrono::{DateTime, Utc};
use rusqlite::{Row, params};

use super::columns::parsed;
use super::{Error, Reader, Result, Writer};
use crate::domain::undated::{Roughly, Undated};

impl Reader<'_> {
    /// All of which no public event of that partner, title and year gives the dates by now, by time, partner and title.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn undated(&self) -> Result<Vec<(i64, Undated)>> {
        let sql = "SELECT * FROM undated
           WHERE NOT EXISTS (SELECT 1 FROM events WHERE events.partner = undated.partner AND lower(events.title) = lower(undated.title)
             AND (undated.year IS NULL OR CAST(substr(events.starts, 1, 4) AS INTEGER) = undated.year)
             AND events.status NOT IN ('idea', 'hold', 'proposed') AND events.private = 0)
           ORDER BY year IS NULL, year, month IS NULL, month, partner, title";
        self.connection().prepare_cached(sql)?.query_and_then([], undated)?.collect()
    }

    /// The one of that number.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is none.
    pub fn undated_one(&self, id: i64) -> Result<Undated> {
        let mut query = self.connection().prepare_cached("SELECT * FROM undated WHERE id = ?1")?;
        query.query_and_then([id], undated)?.next().unwrap_or(Err(Error::NotFound("notice"))).map(|(_, one)| one)
    }
}

impl Writer<'_> {
    /// Keeps one, or says anew what is known of it; its number.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn put_undated(&self, one: &Undated, at: DateTime<Utc>) -> Result<i64> {
        let roles: Vec<&str> = one.roles.iter().map(crate::domain::RoleSlug::as_str).collect();
        let sql = "INSERT INTO undated (partner, title, year, month, city, state, roles, url, note, entered_at)
           VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
           ON CONFLICT (partner, title) DO UPDATE SET year = excluded.year, month = excluded.month, city = excluded.city,
             state = excluded.state, roles = excluded.roles, url = excluded.url, note = excluded.note
           RETURNING id";
        let values = params![
            one.partner.as_str(),
            one.title,
            one.when.year(),
            one.when.month(),
            one.city,
            one.state,
            roles.join(" "),
            one.url,
            one.note,
            at.timestamp()
        ];
        Ok(self.connection().prepare_cached(sql)?.query_row(values, |row| row.get(0))?)
    }

    /// Takes one back.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn remove_undated(&self, id: i64) -> Result<()> {
        self.connection().execute("DELETE FROM undated WHERE id = ?1", [id])?;
        Ok(())
    }
}

fn undated(row: &Row<'_>) -> Result<(i64, Undated)> {
    let roles: String = row.get("roles")?;
    let read = |slug: &str| slug.parse().map_err(|_| Error::Unreadable { what: "roles", value: slug.to_owned() });
    Ok((
        row.get("id")?,
        Undated {
            partner: parsed(row, "partner")?,
            title: row.get("title")?,
            when: Roughly::of(row.get("year")?, row.get("month")?),
            city: row.get("city")?,
            state: row.get("state")?,
            roles: roles.split_whitespace().map(read).collect::<Result<_>>()?,
            url: row.get("url")?,
            note: row.get("note")?,
        },
    ))
}
