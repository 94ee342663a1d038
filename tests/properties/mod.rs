//! What holds for every calendar.

mod calendars;
mod conflict;
mod suggest;
