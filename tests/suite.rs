//! What crosses rooms, in one binary.

mod smtp;
