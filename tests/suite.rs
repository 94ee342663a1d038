//! All tests that cross rooms.

mod calendars;
