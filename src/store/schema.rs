//! The present schema on one page, as `db/schema.sql` shows it.

use super::{Reader, Result};

impl Reader<'_> {
    /// Every table and index, in the order of their names, as SQL.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn schema(&self) -> Result<String> {
        let mut query = self.connection().prepare(
            "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY tbl_name, type DESC, name",
        )?;
        let parts: Vec<String> = query.query_map([], |row| row.get::<_, String>(0))?.collect::<rusqlite::Result<_>>()?;
        Ok(parts.iter().fold(String::new(), |page, sql| page + sql + ";\n\n").trim_end().to_owned() + "\n")
    }
}
