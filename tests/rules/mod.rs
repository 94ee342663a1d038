//! Rules of the house and answer keys.

mod almanac;
mod because;
mod better_dates;
pub mod convenings;
mod kept_tables;
mod known_clashes;
mod layers;
mod licences;
mod links;
mod many;
mod points;
mod rust;
mod schema;
