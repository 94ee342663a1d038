//! Calendars as real programs write them, and what must come out of each.

pub mod convenings;
mod mutated;
mod programs;
