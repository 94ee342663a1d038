//! All tests that cross rooms, in one binary.

mod calendars;
mod properties;
mod rules;
mod smtp;
