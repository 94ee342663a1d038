//! Roles: what someone does in their government. Convenings are for roles.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use super::RoleSlug;

/// One role of the tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Role {
    /// Its name in addresses and files.
    pub slug: RoleSlug,
    /// Its name for people, in the plural: “chief equity officers”.
    pub name: String,
    /// The wider role that it belongs to.
    pub parent: Option<RoleSlug>,
}

/// The shallow tree of roles: who is invited as the wider role is invited as the narrower one too.
#[derive(Debug, Clone, Default)]
pub struct RoleTree {
    roles: BTreeMap<RoleSlug, Role>,
    /// By how people write them.
    written: HashMap<String, RoleSlug>,
}

impl RoleTree {
    /// The tree of these roles.
    #[must_use]
    pub fn new(roles: impl IntoIterator<Item = Role>) -> Self {
        let roles: BTreeMap<RoleSlug, Role> = roles.into_iter().map(|role| (role.slug.clone(), role)).collect();
        let by_name = roles.values().map(|role| (plain_words(&role.name), role.slug.clone()));
        // Where one is called as another is named, the name of the programs goes before.
        let by_slug = roles.keys().map(|slug| (plain_words(slug.as_str()), slug.clone()));
        let written = by_name.chain(by_slug).collect();
        Self { roles, written }
    }

    /// All roles, by slug.
    pub fn iter(&self) -> impl Iterator<Item = &Role> {
        self.roles.values()
    }

    /// The role of that slug.
    #[must_use]
    pub fn get(&self, slug: &RoleSlug) -> Option<&Role> {
        self.roles.get(slug)
    }

    /// The role that people write so: by its slug or its name, as one or as many, in any case of letters, with any signs
    /// between the words.
    #[must_use]
    pub fn written(&self, text: &str) -> Option<&Role> {
        self.get(self.written.get(&plain_words(text))?)
    }

    /// The name for people; the slug with blanks where the role is not known.
    #[must_use]
    pub fn name(&self, slug: &RoleSlug) -> String {
        self.get(slug).map_or_else(|| slug.as_str().replace('_', " "), |role| role.name.clone())
    }

    /// Is `narrow` the same as `wide`, or below it in the tree?
    #[must_use]
    pub fn is_within(&self, narrow: &RoleSlug, wide: &RoleSlug) -> bool {
        let mut at = Some(narrow);
        // A tree is shallow: the bound only guards against a circle in somebody's data.
        for _ in 0..8 {
            match at {
                Some(slug) if slug == wide => return true,
                Some(slug) => at = self.get(slug).and_then(|role| role.parent.as_ref()),
                None => return false,
            }
        }
        false
    }

    /// Everyone an invitation to `roles` reaches: those roles and all narrower ones.
    #[must_use]
    pub fn reach(&self, roles: &BTreeSet<RoleSlug>) -> BTreeSet<RoleSlug> {
        let below = self.roles.keys().filter(|slug| roles.iter().any(|wide| self.is_within(slug, wide)));
        below.chain(roles).cloned().collect()
    }

    /// The roles that both invitations reach, without those below another one that both reach.
    ///
    /// ```
    /// # use convene::domain::{Role, RoleTree, RoleSlug};
    /// # let slug = |s: &str| s.parse::<RoleSlug>().unwrap();
    /// # let role = |s: &str, p: Option<&str>| Role { slug: slug(s), name: s.into(), parent: p.map(slug) };
    /// let tree = RoleTree::new([role("elected_official", None), role("mayor", Some("elected_official"))]);
    /// let shared = tree.shared(&[slug("elected_official")].into(), &[slug("mayor")].into());
    /// assert_eq!(shared, [slug("mayor")].into());
    /// ```
    #[must_use]
    pub fn shared(&self, a: &BTreeSet<RoleSlug>, b: &BTreeSet<RoleSlug>) -> BTreeSet<RoleSlug> {
        let both: BTreeSet<_> = self.reach(a).intersection(&self.reach(b)).cloned().collect();
        both.iter().filter(|slug| !both.iter().any(|wide| wide != *slug && self.is_within(slug, wide))).cloned().collect()
    }
}
/// “Mayors’ Chiefs-of-Staff” and “mayor chief of staff” alike.
fn plain_words(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for word in text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !matches!(*word, "" | "s")) {
        if !plain.is_empty() {
            plain.push(' ');
        }
        plain.push_str(word.to_lowercase().trim_end_matches('s'));
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::{Role, RoleTree};

    #[test]
    fn a_role_is_known_however_people_write_it() {
        let role = |slug: &str, name: &str| Role { slug: slug.parse().unwrap(), name: name.to_owned(), parent: None };
        let tree = RoleTree::new([
            role("chief_of_staff", "mayors' chiefs of staff"),
            role("mayor", "mayors"),
            role("business_support", "business support staff"),
        ]);
        let cases = [
            ("chief_of_staff", Some("chief_of_staff")),
            ("Chief of Staff", Some("chief_of_staff")),
            ("chiefs-of-staff", Some("chief_of_staff")),
            ("Mayors’ Chiefs of Staff", Some("chief_of_staff")),
            ("Mayor's chief of staff", Some("chief_of_staff")),
            (" MAYORS ", Some("mayor")),
            ("business support", Some("business_support")),
            ("Business Support Staff", Some("business_support")),
            ("staff", None),
            ("mayor of Elmdale", None),
            ("", None),
        ];
        for (text, slug) in cases {
            assert_eq!(tree.written(text).map(|role| role.slug.as_str()), slug, "{text}");
        }
    }
}
