//! The Python that has what tests need.

/// As it is named (`CONVENE_PYTHON`), as `tests/run` has set it up, or any.
pub fn python() -> String {
    let set_up = concat!(env!("CARGO_MANIFEST_DIR"), "/target/test-venv/bin/python");
    let fallback = || if std::path::Path::new(set_up).exists() { set_up } else { "python3" }.to_owned();
    std::env::var("CONVENE_PYTHON").unwrap_or_else(|_| fallback())
}
