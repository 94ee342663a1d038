//! The feeds made from real convenings.
