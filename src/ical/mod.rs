//! How calendars speak: text to values and back (RFC 5545, 7986).
//!
//! | read | how |
//! | --- | --- |
//! | any bytes | [`read`] never panics, and says what it skipped or repaired, with the line |
//! | line ends, folds, code pages | as real programs write them, also inside a character |
//! | zones | IANA, Windows and Outlook names, paths, and the file's own `VTIMEZONE` rules |
//! | series | `RRULE`, `RDATE`, `EXDATE`, `RECURRENCE-ID`, also `RANGE=THISANDFUTURE`; one [`Entry`] each |
//! | not read | `EXRULE`, `VTODO`, `VJOURNAL`, `VFREEBUSY`, `VALARM`, people and attachments |
//!
//! | written | how |
//! | --- | --- |
//! | feeds | [`write`]: single events, zones with a `VTIMEZONE` that Exchange reads, UTC where there is none |
//! | invitations | [`invite`]: one event for one reader, `REQUEST` or `CANCEL`, times in UTC (RFC 5546) |
//! | texts | cleaned and escaped, so that no field can add a line of its own |
//! | lines | at most 75 octets, cut neither inside a character nor behind a backslash |
//! | never | the present time, random names, floating times, alarms; in feeds neither organizers nor attendees |

mod bind;
mod decode;
mod event;
mod fold;
mod invitation;
mod property;
mod read;
mod rules;
mod scan;
mod series;
mod times;
mod vtimezone;
mod write;
mod zones;

pub use bind::{Binder, Bound};
pub use invitation::{Invitation, Method, invite};
pub use read::{Defaults, Entry, EntryStatus, LARGEST, NotACalendar, Note, NoteLevel, Reading, read};
pub use write::{FeedHeader, Item, write};
