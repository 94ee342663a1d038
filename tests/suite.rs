//! All tests that cross rooms, in one binary.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test says what is wrong by failing")]

mod calendars;
mod commands;
mod journeys;
mod properties;
mod rules;
mod smtp;
mod support;
mod web;
