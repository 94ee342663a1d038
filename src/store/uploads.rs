//! What was uploaded and waits for a yes or no, row by row.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use rusqlite::{Row, params};

use super::columns::{instant, parsed, parsed_if_any};
use super::{Error, Reader, Result, Writer};
use crate::domain::{Mode, PartnerSlug, RoleSlug};

/// A calendar or a table that somebody uploaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// What names it in addresses; not to be guessed.
    pub id: String,
    /// Who uploaded it, by mail address: nobody else sees it.
    pub email: String,
    /// Whose events they are.
    pub partner: PartnerSlug,
    /// Its file name.
    pub name: String,
    /// The zone of times that name none.
    pub zone: Tz,
    /// Whom its events are for where they do not say.
    pub roles: BTreeSet<RoleSlug>,
    /// How people take part where an event does not say.
    pub mode: Option<Mode>,
    /// Its bytes.
    pub content: Vec<u8>,
    /// When it was uploaded.
    pub created_at: DateTime<Utc>,
}

impl Reader<'_> {
    /// One upload.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none of that name.
    pub fn upload(&self, id: &str) -> Result<Upload> {
        let mut query = self.connection().prepare_cached("SELECT * FROM uploads WHERE id = ?1")?;
        let mut found = query.query_and_then([id], upload)?.next().unwrap_or(Err(Error::NotFound("upload")))?;
        let mut roles = self.connection().prepare_cached("SELECT role FROM upload_roles WHERE upload = ?1 ORDER BY role")?;
        found.roles = roles.query_and_then([id], |row| parsed(row, "role"))?.collect::<Result<_>>()?;
        Ok(found)
    }

    /// Is anything older than that?
    ///
    /// # Errors
    /// What SQLite says.
    pub fn has_uploads_before(&self, at: DateTime<Utc>) -> Result<bool> {
        let sql = "SELECT 1 FROM uploads WHERE created_at < ?1";
        Ok(self.connection().prepare_cached(sql)?.exists([at.timestamp()])?)
    }
}

impl Writer<'_> {
    /// Keeps an upload.
    ///
    /// # Errors
    /// What SQLite says: its owner, partner and roles must be there.
    pub fn add_upload(&self, upload: &Upload) -> Result<()> {
        self.connection().execute(
            "INSERT INTO uploads (id, email, partner, name, time_zone, mode, content, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                upload.id,
                upload.email,
                upload.partner.as_str(),
                upload.name,
                upload.zone.name(),
                upload.mode.map(Mode::as_str),
                upload.content,
                upload.created_at.timestamp()
            ],
        )?;
        for role in &upload.roles {
            let sql = "INSERT INTO upload_roles (upload, role) VALUES (?1, ?2)";
            self.connection().execute(sql, params![upload.id, role.as_str()])?;
        }
        Ok(())
    }

    /// Forgets an upload; one that is not there is forgotten already.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn drop_upload(&self, id: &str) -> Result<()> {
        self.connection().execute("DELETE FROM uploads WHERE id = ?1", [id])?;
        Ok(())
    }

    /// Forgets what is older than that.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn drop_uploads_before(&self, at: DateTime<Utc>) -> Result<()> {
        self.connection().execute("DELETE FROM uploads WHERE created_at < ?1", [at.timestamp()])?;
        Ok(())
    }

    /// Forgets the oldest until no owner has more than `each`, and all together no more than `bytes`.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn bound_uploads(&self, each: u32, bytes: u64) -> Result<()> {
        self.connection().execute(
            "DELETE FROM uploads WHERE id IN (SELECT id FROM
               (SELECT id, row_number() OVER (PARTITION BY email ORDER BY created_at DESC, rowid DESC) AS place FROM uploads)
               WHERE place > ?1)",
            [each],
        )?;
        self.connection().execute(
            "DELETE FROM uploads WHERE id IN (SELECT id FROM
               (SELECT id, sum(length(content)) OVER (ORDER BY created_at DESC, rowid DESC) AS so_far FROM uploads)
               WHERE so_far > ?1)",
            [i64::try_from(bytes).unwrap_or(i64::MAX)],
        )?;
        Ok(())
    }
}

fn upload(row: &Row<'_>) -> Result<Upload> {
    Ok(Upload {
        id: row.get("id")?,
        email: row.get("email")?,
        partner: parsed(row, "partner")?,
        name: row.get("name")?,
        zone: parsed(row, "time_zone")?,
        roles: BTreeSet::new(),
        mode: parsed_if_any(row, "mode")?,
        content: row.get("content")?,
        created_at: instant(row, "created_at")?,
    })
}
