//! The table of roles, in the columns of `db/seeds/roles.csv`: `slug,name,parent`, wider roles above narrower ones.

use std::collections::BTreeSet;

use super::table::{self, Fault, Shape};
use crate::domain::{Role, RoleSlug};

/// The table that ships.
pub const SHIPPED: &str = include_str!("../../db/seeds/roles.csv");

/// The columns that must be there.
pub const COLUMNS: [&str; 3] = ["slug", "name", "parent"];

/// Reads a table; wider roles stand first.
///
/// # Errors
/// Every mistake, with its line and column.
pub fn read(file: &str, bytes: &[u8]) -> Result<Vec<Role>, Vec<Fault>> {
    let mut above: BTreeSet<RoleSlug> = BTreeSet::new();
    table::read(&Shape { file, columns: &COLUMNS }, bytes, |cells| {
        let right = "a role is up to 64 letters a-z, digits and _, such as city_manager";
        let (slug, name) = (cells.parsed("slug", right, |text| text.parse().ok()), cells.text("name"));
        let parent: Option<RoleSlug> =
            cells.maybe("parent").and_then(|_| cells.parsed("parent", right, |text| text.parse().ok()));
        if let Some(parent) = parent.as_ref().filter(|parent| !above.contains(*parent)) {
            cells.refuse("parent", format!("there is no role {parent} above this line; the wider role stands first"));
        }
        let slug: RoleSlug = slug?;
        if !above.insert(slug.clone()) {
            cells.refuse("slug", format!("there is a role {slug} above already"));
        }
        Some(Role { slug, name: name?, parent })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_needs_its_wider_role_above_it_and_a_name_of_its_own() {
        let told = |rows: &str| -> Vec<String> {
            let faults = read("roles.csv", format!("slug,name,parent\nmayor,mayors,\n{rows}\n").as_bytes());
            faults.expect_err("a broken table").iter().map(ToString::to_string).collect()
        };
        let said = "roles.csv, line 3, column parent: there is no role clerk above this line; the wider role stands first";
        assert_eq!(told("deputy,deputies,clerk"), [said]);
        assert_eq!(told("mayor,mayors,"), ["roles.csv, line 3, column slug: there is a role mayor above already"]);
        assert_eq!(told("deputy,,mayor"), ["roles.csv, line 3, column name: it is empty"]);
    }

    #[test]
    fn the_shipped_table_is_read() {
        let roles = read("roles.csv", SHIPPED.as_bytes()).expect("a good table");
        assert_eq!(
            (roles.len(), roles[1].slug.as_str(), roles[1].parent.as_ref().map(RoleSlug::as_str)),
            (18, "mayor", Some("elected_official"))
        );
    }
}
