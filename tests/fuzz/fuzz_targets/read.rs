//! Any bytes are read without a panic, and within bounds.
#![no_main]

#[allow(dead_code, reason = "the other target holds the rest of them")]
#[path = "../promises.rs"]
mod promises;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = promises::reads(bytes);
});
