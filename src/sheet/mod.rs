//! How spreadsheets speak: CSV to values and back.
//!
//! Besides partners' events this reads the tables that ship with the program: observances, and the
//! places by which a city is given its position and zone.

pub mod observances;
pub mod patterns;
pub mod places;
mod read;
mod write;

pub use read::{Row, Sheet, SheetProblem, read};
pub use write::write;
