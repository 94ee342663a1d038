//! The front door: pages over HTTP.
//!
//! A page is a struct holding exactly what it may show, already in words and with its addresses
//! as plain strings, and a function that gives markup. Neither knows where the facts came from.

pub mod assets;
pub mod layout;
pub mod pages;
