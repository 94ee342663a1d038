//! How spreadsheets speak: CSV to values and back.
//!
//! Besides partners' events this reads the tables that ship with the program, or that an operator puts in
//! their place: observances, yearly patterns, roles, and the places by which a city is given its position and zone.

mod dates;
pub mod observances;
pub mod patterns;
pub mod places;
mod read;
pub mod roles;
mod row;
mod table;
mod template;
mod text;
mod write;

pub use read::{COLUMNS, Sheet, SheetProblem, read};
pub use row::Row;
pub use table::{Fault, stated_version};
pub use template::template;
pub use write::write;
