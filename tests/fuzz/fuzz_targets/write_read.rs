//! Whatever is read can be written, and is read back.
#![no_main]

#[path = "../promises.rs"]
mod promises;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| promises::is_written_as_it_is_read(bytes));
