//! convene: finds clashes between convenings early, proposes dates, and tells everyone what changed.

pub mod domain;
pub mod web;
