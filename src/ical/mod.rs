//! How calendars speak: text to values and back (RFC 5545, 7986).

mod decode;
mod event;
mod fold;
mod property;
mod read;
mod rules;
mod scan;
mod series;
mod times;
mod vtimezone;
mod write;
mod zones;

pub use read::{Defaults, Entry, EntryStatus, LARGEST, NotACalendar, Note, NoteLevel, Reading, read};
pub use write::{FeedHeader, Item, write};
