//! convene: finds clashes between the convenings of several organisations early, proposes better
//! dates, and tells everyone what changed.
//!
//! The rooms, and which way they lean: `cli → web → app → store → domain`, with `ical`, `json`,
//! `sheet` and `mail` beside `app`, all leaning on `domain` only. `ARCHITECTURE.md` has the map.

pub mod app;
pub mod cli;
pub mod clock;
pub mod config;
pub mod domain;
pub mod ical;
pub mod json;
pub mod keys;
pub mod mail;
pub mod net;
pub mod sheet;
pub mod store;
pub mod web;
