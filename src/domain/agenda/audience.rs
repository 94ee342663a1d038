//! Audiences: whom an event reaches, and what two of them have in common.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::Hash;
use std::ops::Range;

use chrono_tz::Tz;

use super::bits::Bits;
use crate::domain::{CohortSlug, Details, Event, RoleSlug, RoleTree, Team};

/// Names a role, or a closed cohort, within one agenda.
pub type Key = u16;

/// Whom an event reaches.
#[derive(Debug, Clone, Default)]
pub struct Audience {
    /// Its number within the agenda: equal audiences have equal numbers.
    pub id: u32,
    /// Whom it was called for.
    pub roles: BTreeSet<RoleSlug>,
    /// The closed group it is for: only its members are invited.
    pub cohort: Option<CohortSlug>,
    /// Of which states' teams it is only for; all where there is none.
    pub states: BTreeSet<String>,
    /// The roles it reaches, through the tree, and its cohort; in order.
    pub keys: Vec<Key>,
    people: Bits,
    teams: Bits,
}

impl Audience {
    /// The first role or cohort that both reach.
    #[must_use]
    pub fn first_shared_key(&self, other: &Self) -> Option<Key> {
        self.keys.iter().find(|key| other.keys.binary_search(key).is_ok()).copied()
    }

    /// Could somebody of one state be in both?
    #[must_use]
    pub fn may_meet(&self, other: &Self) -> bool {
        self.states.is_empty() || other.states.is_empty() || !self.states.is_disjoint(&other.states)
    }

    /// Does it have somebody of this team?
    #[must_use]
    pub fn has_team(&self, team: u32) -> bool {
        self.teams.has(team)
    }

    /// How many of these teams have somebody in it.
    pub(super) fn teams_among(&self, teams: &Bits) -> u32 {
        self.teams.and(teams).count()
    }

    /// How many city teams have somebody in it.
    #[must_use]
    pub fn team_count(&self) -> u32 {
        self.teams.count()
    }
}

/// What two audiences have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Common {
    /// The same people can be wanted at both: a shared role, or a shared cohort.
    pub same_people: bool,
    /// The widest roles that both reach.
    pub roles: Vec<RoleSlug>,
    /// City teams of which one and the same person is invited to both.
    pub teams_twice: u32,
    /// City teams that could send one person here and another one there.
    pub teams_split: u32,
    /// City teams with somebody invited to the one that reaches fewer.
    pub teams_of_smaller: u32,
    /// City teams with somebody invited to each: whole teams, if both were one journey.
    pub teams_of_both: u32,
    /// City teams with somebody invited to either.
    pub teams_of_either: u32,
}

/// What somebody does at home.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "four duties, of which one person can have any")]
pub struct Duty {
    /// Has a seat on the council.
    pub sits: bool,
    /// Is the mayor.
    pub is_mayor: bool,
    /// Is needed on a council night: elected officials, managers, chiefs of staff.
    pub leads: bool,
    /// Makes the budget: managers and department heads.
    pub budgets: bool,
}

impl Duty {
    fn of(role: &RoleSlug, tree: &RoleTree) -> Self {
        let is = |wide: &str| wide.parse().is_ok_and(|wide| tree.is_within(role, &wide));
        let (elected, manages) = (is("elected_official") || is("county_official"), is("city_manager") || is("county_manager"));
        let is_mayor = is("mayor");
        Self {
            sits: elected && !is_mayor,
            is_mayor,
            leads: elected || manages || is("chief_of_staff"),
            budgets: manages || is("assistant_manager") || is("department_head"),
        }
    }
}

/// The people of all city teams, found by role and cohort.
#[derive(Debug, Default)]
pub struct Roster {
    roles: HashMap<RoleSlug, Key>,
    cohorts: HashMap<CohortSlug, Key>,
    /// Who has the role, or is in the cohort, of each key.
    holders: HashMap<Key, Vec<u32>>,
    /// The team of each person.
    team_of: Vec<u32>,
    /// What each role does at home.
    duty_of: HashMap<RoleSlug, Duty>,
    /// What each person does at home.
    duties: Vec<Duty>,
    /// The people of each team: they are numbered one after the other.
    people_of: Vec<Range<u32>>,
    /// The teams of each state.
    states: HashMap<String, Bits>,
    /// The teams of each zone, by the zone's name.
    zones: BTreeMap<&'static str, (Tz, Bits)>,
}

impl Roster {
    /// The roster of these teams; `tree` and `events` name further roles and cohorts.
    #[must_use]
    pub fn new<'a>(tree: &'a RoleTree, teams: &'a [Team], events: impl Iterator<Item = &'a Event> + Clone) -> Self {
        let mut roster = Self::default();
        let members = || teams.iter().flat_map(|team| &team.members);
        let called = events.clone().flat_map(|event| &event.details.roles);
        for role in tree.iter().map(|role| &role.slug).chain(called).chain(members().map(|member| &member.role)) {
            number(&mut roster.roles, role, 0);
        }
        roster.duty_of = roster.roles.keys().map(|role| (role.clone(), Duty::of(role, tree))).collect();
        let first = roster.roles.len();
        let called = events.filter_map(|event| event.details.cohort.as_ref());
        for cohort in called.chain(members().flat_map(|member| &member.cohorts)) {
            number(&mut roster.cohorts, cohort, first);
        }
        for team in teams {
            roster.enlist(team);
        }
        roster
    }

    fn enlist(&mut self, team: &Team) {
        let (place, first) = (as_number(self.people_of.len()), as_number(self.team_of.len()));
        if let Some(state) = &team.state {
            self.states.entry(state.clone()).or_default().insert(place);
        }
        self.zones.entry(team.zone.name()).or_insert_with(|| (team.zone, Bits::default())).1.insert(place);
        for (member, person) in team.members.iter().zip(first..) {
            let cohorts = member.cohorts.iter().filter_map(|cohort| self.cohorts.get(cohort));
            for key in self.roles.get(&member.role).into_iter().chain(cohorts) {
                self.holders.entry(*key).or_default().push(person);
            }
            self.duties.push(self.duty_of.get(&member.role).copied().unwrap_or_default());
            self.team_of.push(place);
        }
        self.people_of.push(first..as_number(self.team_of.len()));
    }

    /// Are all of an event's roles, and its cohort, among those that have a key?
    pub(super) fn knows(&self, event: &Event) -> bool {
        let details = &event.details;
        let roles = details.roles.iter().all(|role| self.roles.contains_key(role));
        roles && details.cohort.as_ref().is_none_or(|cohort| self.cohorts.contains_key(cohort))
    }

    /// How many roles and cohorts there are: every [`Key`] is below.
    #[must_use]
    pub fn keys(&self) -> usize {
        self.roles.len() + self.cohorts.len()
    }

    /// Whom an event for these roles, or for this closed cohort, reaches.
    ///
    /// The same people as [`Team::invited`] gives, team by team.
    #[must_use]
    pub fn audience(&self, id: u32, tree: &RoleTree, details: &Details) -> Audience {
        let (roles, cohort) = (&details.roles, details.cohort.as_ref());
        let role_keys: Vec<Key> = tree.reach(roles).iter().filter_map(|role| self.roles.get(role)).copied().collect();
        let cohort_key = cohort.and_then(|cohort| self.cohorts.get(cohort)).copied();
        let inviting = if cohort.is_some() { cohort_key.as_slice() } else { role_keys.as_slice() };
        let there = details.states.iter().filter_map(|state| self.states.get(state));
        let there: Vec<&Bits> = there.collect();
        let is_there = |person: &u32| details.states.is_empty() || there.iter().any(|teams| teams.has(self.team_of(*person)));
        let holders = inviting.iter().filter_map(|key| self.holders.get(key)).flatten().copied();
        let people: Bits = holders.filter(is_there).collect();
        let teams = people.iter().map(|person| self.team_of(person)).collect();
        let mut keys: Vec<Key> = role_keys.iter().copied().chain(cohort_key).collect();
        keys.sort_unstable();
        let (roles, states, cohort) = (roles.clone(), details.states.clone(), cohort.cloned());
        Audience { id, roles, cohort, states, keys, people, teams }
    }

    /// What the two have in common. Those of two regions without a common state have nobody.
    ///
    /// Two closed cohorts share a role without sharing anybody, as a rule: they count as the same
    /// people only where the roster knows somebody who is in both.
    #[must_use]
    pub fn common(&self, tree: &RoleTree, a: &Audience, b: &Audience) -> Common {
        let strangers = matches!((&a.cohort, &b.cohort), (Some(one), Some(other)) if one != other);
        let twice = a.people.and(&b.people);
        let same_people = a.may_meet(b) && a.first_shared_key(b).is_some() && (!strangers || twice.count() > 0);
        let roles = if same_people { tree.shared(&a.roles, &b.roles) } else { BTreeSet::new() };
        Common {
            same_people,
            roles: roles.into_iter().collect(),
            teams_twice: twice.iter().map(|person| self.team_of(person)).collect::<Bits>().count(),
            teams_split: self.split(a, b, &twice),
            teams_of_smaller: a.team_count().min(b.team_count()),
            teams_of_both: a.teams.and(&b.teams).count(),
            teams_of_either: a.teams.count_with(&b.teams),
        }
    }

    /// Teams wanted at both, but for those of whom only one person is wanted, twice.
    fn split(&self, a: &Audience, b: &Audience, twice: &Bits) -> u32 {
        let wanted = |person: &u32| a.people.has(*person) || b.people.has(*person);
        let alone = |person: &u32| {
            let team = self.people_of.get(self.team_of(*person) as usize).cloned().unwrap_or_default();
            team.filter(wanted).count() == 1
        };
        a.teams.and(&b.teams).count() - as_number(twice.iter().filter(alone).count())
    }

    /// What those of a team do at home whom an audience has.
    pub fn duties<'a>(&'a self, audience: &'a Audience, team: u32) -> impl Iterator<Item = Duty> + 'a {
        let people = self.people_of.get(team as usize).cloned().unwrap_or_default();
        people.filter(|person| audience.people.has(*person)).filter_map(|person| self.duties.get(person as usize).copied())
    }

    /// The role, if it is one and no cohort, of a key.
    #[must_use]
    pub fn role(&self, key: Key) -> Option<&RoleSlug> {
        self.roles.iter().find(|(_, known)| **known == key).map(|(role, _)| role)
    }

    /// How many teams of that state an audience has.
    #[must_use]
    pub fn teams_in_state(&self, audience: &Audience, state: &str) -> u32 {
        self.states.get(state).map_or(0, |teams| audience.teams.and(teams).count())
    }

    /// The zones where an audience's teams live, in order of their names, with how many live there.
    pub fn zones<'a>(&'a self, audience: &'a Audience) -> impl Iterator<Item = (Tz, u32)> + 'a {
        let count = |(zone, teams): &(Tz, Bits)| (*zone, audience.teams.and(teams).count());
        self.zones.values().map(count).filter(|(_, teams)| *teams > 0)
    }

    fn team_of(&self, person: u32) -> u32 {
        self.team_of.get(person as usize).copied().unwrap_or(u32::MAX)
    }
}

/// Gives `name` the next number, if it has none.
fn number<T: Clone + Eq + Hash>(numbers: &mut HashMap<T, Key>, name: &T, first: usize) {
    if !numbers.contains_key(name) {
        let next = Key::try_from(first + numbers.len()).unwrap_or(Key::MAX);
        numbers.insert(name.clone(), next);
    }
}

/// A length as a number within the agenda; nobody has four thousand million people.
pub(super) fn as_number(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::team::Member;
    use crate::domain::{Role, TeamSlug};

    fn role(slug: &str, parent: Option<&str>) -> Role {
        Role { slug: slug.parse().expect("role"), name: slug.into(), parent: parent.map(|parent| parent.parse().expect("role")) }
    }
    fn team(slug: &str, members: &[(&str, &[&str])]) -> Team {
        let member = |(role, cohorts): &(&str, &[&str])| Member {
            name: format!("A made-up {role}"),
            role: role.parse().expect("role"),
            cohorts: cohorts.iter().map(|cohort| cohort.parse().expect("cohort")).collect(),
        };
        let members = members.iter().map(member).collect();
        let slug: TeamSlug = slug.parse().expect("team");
        Team { slug, name: String::new(), state: None, zone: chrono_tz::UTC, home: None, members }
    }
    fn tree() -> RoleTree {
        RoleTree::new([role("elected", None), role("mayor", Some("elected")), role("equity", None)])
    }
    fn teams() -> Vec<Team> {
        vec![
            team("one", &[("mayor", &["first"]), ("equity", &[])]),
            team("two", &[("mayor", &["first", "second"])]),
            team("three", &[("equity", &["second"]), ("elected", &[])]),
        ]
    }
    fn common(a: (&str, Option<&str>), b: (&str, Option<&str>)) -> Common {
        let (tree, teams) = (tree(), teams());
        let roster = Roster::new(&tree, &teams, [].iter());
        let audience = |id, invited: (&str, Option<&str>)| roster.audience(id, &tree, &details(invited, &[]));
        roster.common(&tree, &audience(0, a), &audience(1, b))
    }
    /// An event for a role, or for a cohort, of these states.
    fn details((role, cohort): (&str, Option<&str>), states: &[&str]) -> Details {
        let when = crate::domain::When::Days { first: chrono::NaiveDate::MIN, last: None };
        Details {
            roles: [role.parse().expect("role")].into(),
            cohort: cohort.map(|cohort| cohort.parse().expect("cohort")),
            states: states.iter().map(|state| (*state).to_owned()).collect(),
            ..Details::new("Any", "nlc".parse().expect("partner"), when, chrono_tz::UTC)
        }
    }

    #[test]
    fn a_region_has_the_people_of_its_states_alone_and_two_without_a_common_state_have_nobody_in_common() {
        let mut teams = teams();
        teams[0].state = Some("OH".to_owned());
        teams[1].state = Some("PA".to_owned());
        teams[2].state = None;
        let (tree, of) = (tree(), |states: &'static [&'static str]| details(("elected", None), states));
        let roster = Roster::new(&tree, &teams, [].iter());
        let audience = |id, states| roster.audience(id, &tree, &of(states));
        let counts: Vec<u32> = [&[][..], &["OH"], &["OH", "PA"], &["TX"]].map(|states| audience(0, states).team_count()).to_vec();
        assert_eq!(counts, [3, 1, 2, 0], "a team of no known state is in no region");
        for (team, states) in teams.iter().zip([&["OH"][..], &["PA"], &["TX"]]) {
            let invited = |states| team.invited(&tree, &of(states)).count();
            assert_eq!((invited(&[]) > 0, invited(states) > 0), (true, team.state.is_some()), "{}", team.slug);
        }
        let same = |a, b| roster.common(&tree, &audience(0, a), &audience(1, b)).same_people;
        assert!(same(&["OH"], &[]) && same(&["OH", "PA"], &["PA", "TX"]) && !same(&["OH"], &["PA"]));
    }

    fn roles(slugs: &[&str]) -> Vec<RoleSlug> {
        slugs.iter().map(|slug| slug.parse().expect("role")).collect()
    }

    #[test]
    fn the_wider_role_reaches_the_narrower_one() {
        let expected = Common {
            same_people: true,
            roles: roles(&["mayor"]),
            teams_twice: 2,
            teams_split: 0,
            teams_of_smaller: 2,
            teams_of_both: 2,
            teams_of_either: 3,
        };
        assert_eq!(common(("elected", None), ("mayor", None)), expected);
    }

    #[test]
    fn a_team_is_split_only_by_two_people() {
        let expected = Common {
            same_people: false,
            roles: vec![],
            teams_twice: 0,
            teams_split: 2,
            teams_of_smaller: 2,
            teams_of_both: 2,
            teams_of_either: 3,
        };
        assert_eq!(common(("elected", None), ("equity", None)), expected);
    }

    #[test]
    fn closed_cohorts_share_people_only_where_somebody_is_in_both() {
        assert!(common(("mayor", Some("first")), ("mayor", Some("second"))).same_people);
        assert!(!common(("mayor", Some("first")), ("mayor", Some("unheard-of"))).same_people);
        assert!(common(("mayor", Some("first")), ("elected", None)).same_people);
    }
}
