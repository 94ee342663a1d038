//! All tests that cross rooms, in one binary.

mod calendars;
mod smtp;
