//! What holds for every calendar.

mod conflict;
mod suggest;
