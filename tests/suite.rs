//! One test binary: what crosses rooms, and what is promised for all inputs.

mod properties;
mod rules;
