//! Calendars as real programs write them, and what must come out of each.

mod convenings;
mod programs;
