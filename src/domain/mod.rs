//! What is true: values and decisions of co-scheduling.
//!
//! Nothing here reads a file, a clock, a database or the network. It is given facts and answers
//! with facts. The words are those of the field: a *partner* calls *convenings* for *roles*;
//! *city teams* have people in those roles; a clash between plans is a *finding*.

pub mod agenda;
pub mod almanac;
pub mod civic;
pub mod claim;
pub mod cohort;
pub mod conflict;
pub mod event;
pub mod itinerary;
pub mod life;
pub mod observance;
pub mod partner;
pub mod pattern;
pub mod place;
pub mod proposal;
pub mod recurrence;
pub mod role;
mod rule;
pub mod several;
pub mod slug;
pub mod span;
pub mod suggest;
pub mod team;
pub mod undated;
pub mod wording;

pub use agenda::{Agenda, Entry, Facts};
pub use civic::Civic;
pub use claim::{Claim, Claims};
pub use cohort::Cohort;
pub use conflict::{Finding, Policy};
pub use event::{Details, Event, EventId, EventKind, Mode, Source};
pub use life::EventStatus;
pub use observance::Observance;
pub use partner::{Partner, Person};
pub use pattern::Pattern;
pub use place::{Venue, state_code};
pub use recurrence::{Expansion, Occurrence, Recurrence, occurrences};
pub use role::{Role, RoleTree};
pub use slug::{CohortSlug, PartnerSlug, PersonSlug, RoleSlug, SlugError, TeamSlug};
pub use span::{Days, Span, When};
pub use team::Team;
