//! Partners, roles, people, cohorts and city teams.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension as _, params};

use super::columns::{parsed, parsed_if_any};
use super::{Error, Reader, Result, Writer};
use crate::domain::team::Member;
use crate::domain::{Cohort, CohortSlug, Partner, PartnerSlug, Person, PersonSlug, Role, RoleTree, Team, TeamSlug};

impl Reader<'_> {
    /// Where replies to letters about a partner's plans go, if the partner has said so.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn contact(&self, partner: &PartnerSlug) -> Result<Option<String>> {
        let mut query = self.connection().prepare_cached("SELECT contact FROM partners WHERE slug = ?1")?;
        Ok(query.query_row([partner.as_str()], |row| row.get(0)).optional()?.flatten())
    }

    /// All partners, by slug.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn partners(&self) -> Result<Vec<Partner>> {
        let mut query = self.connection().prepare_cached("SELECT slug, name, url FROM partners ORDER BY slug")?;
        let mut rows = query.query([])?;
        let mut partners = Vec::new();
        while let Some(row) = rows.next()? {
            partners.push(Partner { slug: parsed(row, "slug")?, name: row.get("name")?, url: row.get("url")? });
        }
        Ok(partners)
    }

    /// Is there such a partner?
    ///
    /// # Errors
    /// What SQLite says.
    pub fn has_partner(&self, slug: &PartnerSlug) -> Result<bool> {
        let mut query = self.connection().prepare_cached("SELECT 1 FROM partners WHERE slug = ?1")?;
        Ok(query.exists([slug.as_str()])?)
    }

    /// The tree of roles.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn roles(&self) -> Result<RoleTree> {
        let mut query = self.connection().prepare_cached("SELECT slug, name, parent FROM roles ORDER BY slug")?;
        let mut rows = query.query([])?;
        let mut roles = Vec::new();
        while let Some(row) = rows.next()? {
            roles.push(Role { slug: parsed(row, "slug")?, name: row.get("name")?, parent: parsed_if_any(row, "parent")? });
        }
        Ok(RoleTree::new(roles))
    }

    /// All speakers, by slug.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn people(&self) -> Result<Vec<Person>> {
        let mut query = self.connection().prepare_cached("SELECT slug, name FROM people ORDER BY slug")?;
        let mut rows = query.query([])?;
        let mut people = Vec::new();
        while let Some(row) = rows.next()? {
            people.push(Person { slug: parsed(row, "slug")?, name: row.get("name")? });
        }
        Ok(people)
    }

    /// All cohorts, by slug.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn cohorts(&self) -> Result<Vec<Cohort>> {
        let mut partners: BTreeMap<CohortSlug, Vec<PartnerSlug>> = BTreeMap::new();
        let mut query =
            self.connection().prepare_cached("SELECT cohort, partner FROM cohort_partners ORDER BY cohort, position")?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            partners.entry(parsed(row, "cohort")?).or_default().push(parsed(row, "partner")?);
        }
        let mut teams: BTreeMap<CohortSlug, BTreeSet<TeamSlug>> = BTreeMap::new();
        let mut query = self.connection().prepare_cached("SELECT DISTINCT cohort, team FROM member_cohorts")?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            teams.entry(parsed(row, "cohort")?).or_default().insert(parsed(row, "team")?);
        }
        let mut query = self.connection().prepare_cached("SELECT slug, name, role FROM cohorts ORDER BY slug")?;
        let mut rows = query.query([])?;
        let mut cohorts = Vec::new();
        while let Some(row) = rows.next()? {
            let slug: CohortSlug = parsed(row, "slug")?;
            cohorts.push(Cohort {
                name: row.get("name")?,
                role: parsed(row, "role")?,
                partners: partners.remove(&slug).unwrap_or_default(),
                teams: teams.remove(&slug).unwrap_or_default(),
                slug,
            });
        }
        Ok(cohorts)
    }

    /// All city teams with their members, by slug.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn teams(&self) -> Result<Vec<Team>> {
        let mut cohorts: BTreeMap<(TeamSlug, i64), BTreeSet<CohortSlug>> = BTreeMap::new();
        let mut query = self.connection().prepare_cached("SELECT team, position, cohort FROM member_cohorts")?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            cohorts.entry((parsed(row, "team")?, row.get("position")?)).or_default().insert(parsed(row, "cohort")?);
        }
        let mut members: BTreeMap<TeamSlug, Vec<Member>> = BTreeMap::new();
        let mut query =
            self.connection().prepare_cached("SELECT team, position, name, role FROM members ORDER BY team, position")?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let team: TeamSlug = parsed(row, "team")?;
            let cohorts = cohorts.remove(&(team.clone(), row.get("position")?)).unwrap_or_default();
            members.entry(team).or_default().push(Member { name: row.get("name")?, role: parsed(row, "role")?, cohorts });
        }
        let mut query =
            self.connection().prepare_cached("SELECT slug, name, state, time_zone, lat, lon FROM teams ORDER BY slug")?;
        let mut rows = query.query([])?;
        let mut teams = Vec::new();
        while let Some(row) = rows.next()? {
            let slug: TeamSlug = parsed(row, "slug")?;
            teams.push(Team {
                name: row.get("name")?,
                state: row.get("state")?,
                zone: parsed(row, "time_zone")?,
                home: row.get::<_, Option<f64>>("lat")?.zip(row.get("lon")?),
                members: members.remove(&slug).unwrap_or_default(),
                slug,
            });
        }
        Ok(teams)
    }

    /// A remembered setting: `observances` (the version of that data), `secret` (the key of cookies and links), …
    ///
    /// # Errors
    /// What SQLite says.
    pub fn meta(&self, name: &str) -> Result<Option<String>> {
        let mut query = self.connection().prepare_cached("SELECT value FROM meta WHERE name = ?1")?;
        Ok(query.query_row([name], |row| row.get(0)).optional()?)
    }

    /// How far a name has been raised, and when; 0 at first.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn revision(&self, name: &str) -> Result<(i64, Option<DateTime<Utc>>)> {
        let mut query = self.connection().prepare_cached("SELECT value, changed_at FROM revisions WHERE name = ?1")?;
        let found = query.query_row([name], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?))).optional()?;
        Ok(found.map_or((0, None), |(value, at)| (value, DateTime::from_timestamp(at, 0))))
    }
}

impl Writer<'_> {
    /// Adds a partner.
    ///
    /// # Errors
    /// [`Error::Taken`] when there is one of that slug.
    pub fn add_partner(&self, partner: &Partner, at: DateTime<Utc>) -> Result<()> {
        if self.has_partner(&partner.slug)? {
            return Err(Error::Taken("partner"));
        }
        self.connection().execute(
            "INSERT INTO partners (slug, name, url, created_at) VALUES (?1, ?2, ?3, ?4)",
            params![partner.slug.as_str(), partner.name, partner.url, at.timestamp()],
        )?;
        Ok(())
    }

    /// Keeps where replies to letters about a partner's plans go; `None` where the service's own address takes them.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such partner.
    pub fn set_contact(&self, partner: &PartnerSlug, contact: Option<&str>) -> Result<()> {
        let mut change = self.connection().prepare_cached("UPDATE partners SET contact = ?2 WHERE slug = ?1")?;
        if change.execute(params![partner.as_str(), contact])? == 0 { Err(Error::NotFound("partner")) } else { Ok(()) }
    }

    /// Adds a role, or gives it another name.
    ///
    /// # Errors
    /// What SQLite says: the wider role must be there first.
    pub fn put_role(&self, role: &Role) -> Result<()> {
        self.connection().execute(
            "INSERT INTO roles (slug, name, parent) VALUES (?1, ?2, ?3)
             ON CONFLICT (slug) DO UPDATE SET name = excluded.name, parent = excluded.parent",
            params![role.slug.as_str(), role.name, role.parent.as_ref().map(|slug| slug.as_str())],
        )?;
        Ok(())
    }

    /// Adds a speaker, or gives them another name.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn put_person(&self, slug: &PersonSlug, name: &str) -> Result<()> {
        self.connection().execute(
            "INSERT INTO people (slug, name) VALUES (?1, ?2) ON CONFLICT (slug) DO UPDATE SET name = excluded.name",
            params![slug.as_str(), name],
        )?;
        Ok(())
    }

    /// Adds a cohort; who takes part is kept with the teams.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn add_cohort(&self, cohort: &Cohort) -> Result<()> {
        self.connection().execute(
            "INSERT INTO cohorts (slug, name, role) VALUES (?1, ?2, ?3)",
            params![cohort.slug.as_str(), cohort.name, cohort.role.as_str()],
        )?;
        for (position, partner) in (0_i64..).zip(&cohort.partners) {
            self.connection().execute(
                "INSERT INTO cohort_partners (cohort, position, partner) VALUES (?1, ?2, ?3)",
                params![cohort.slug.as_str(), position, partner.as_str()],
            )?;
        }
        Ok(())
    }

    /// Adds a city team with its members.
    ///
    /// # Errors
    /// What SQLite says: roles and cohorts must be there first.
    pub fn add_team(&self, team: &Team) -> Result<()> {
        self.connection().execute(
            "INSERT INTO teams (slug, name, state, time_zone, lat, lon) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![
                team.slug.as_str(),
                team.name,
                team.state,
                team.zone.name(),
                team.home.map(|home| home.0),
                team.home.map(|home| home.1)
            ],
        )?;
        self.put_members(&team.slug, &team.members)
    }

    /// Puts these people onto a team's roster, in the place of those who were there.
    ///
    /// # Errors
    /// What SQLite says: roles and cohorts must be there first.
    pub fn put_members(&self, team: &TeamSlug, members: &[Member]) -> Result<()> {
        self.connection().execute("DELETE FROM members WHERE team = ?1", [team.as_str()])?;
        for (position, member) in (0_i64..).zip(members) {
            self.connection().execute(
                "INSERT INTO members (team, position, name, role) VALUES (?1, ?2, ?3, ?4)",
                params![team.as_str(), position, member.name, member.role.as_str()],
            )?;
            for cohort in &member.cohorts {
                self.connection().execute(
                    "INSERT INTO member_cohorts (team, position, cohort) VALUES (?1, ?2, ?3)",
                    params![team.as_str(), position, cohort.as_str()],
                )?;
            }
        }
        Ok(())
    }

    /// Remembers a setting.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn set_meta(&self, name: &str, value: &str) -> Result<()> {
        self.connection().execute(
            "INSERT INTO meta (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            params![name, value],
        )?;
        Ok(())
    }

    /// Raises a name by one; its time never goes back.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn raise_revision(&self, name: &str, at: DateTime<Utc>) -> Result<()> {
        let this = (name.to_owned(), at.timestamp());
        if self.raised.borrow().as_ref() == Some(&this) {
            // Nobody sees a transaction's changes one by one.
            return Ok(());
        }
        let mut raise = self.connection().prepare_cached(
            "INSERT INTO revisions (name, value, changed_at) VALUES (?1, 1, ?2)
             ON CONFLICT (name) DO UPDATE SET value = value + 1, changed_at = max(changed_at, excluded.changed_at)",
        )?;
        raise.execute(params![name, at.timestamp()])?;
        self.raised.replace(Some(this));
        Ok(())
    }
}
