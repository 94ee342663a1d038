//! Everything that is built in may be given away with a program under MIT or Apache-2.0.

use std::process::Command;

use serde_json::Value;

/// Licences that ask for no more than their notice.
const FINE: [&str; 9] =
    ["MIT", "Apache-2.0", "ISC", "BSD-2-Clause", "BSD-3-Clause", "0BSD", "Zlib", "Unicode-3.0", "CDLA-Permissive-2.0"];

/// Of `A OR B` one is enough; of `A AND B` both are needed. A slash is an old way to write OR.
fn is_fine(expression: &str) -> bool {
    let plain = expression.replace('/', " OR ").replace(['(', ')'], " ");
    plain
        .split(" AND ")
        .all(|part| part.split(" OR ").any(|one| FINE.contains(&one.split(" WITH ").next().unwrap_or_default().trim())))
}

#[test]
fn every_crate_has_a_licence_that_we_can_keep_to() {
    let told = Command::new(env!("CARGO"))
        .args(["metadata", "--offline", "--format-version", "1", "--manifest-path"])
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
        .output()
        .expect("cargo runs");
    let told: Value = serde_json::from_slice(&told.stdout).expect("cargo tells of its packages");
    let packages = told["packages"].as_array().expect("packages");
    assert!(packages.len() > 100, "there is something to check");
    let wrong: Vec<String> = packages
        .iter()
        .filter(|package| !package["license"].as_str().is_some_and(is_fine))
        .map(|package| format!("{} {}: {}", package["name"], package["version"], package["license"]))
        .collect();
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn a_licence_that_asks_for_more_is_seen() {
    assert!(is_fine("(Apache-2.0 OR MIT) AND BSD-3-Clause") && is_fine("Apache-2.0/MIT") && is_fine("LGPL-3.0 OR MIT"));
    assert!(!is_fine("GPL-3.0") && !is_fine("MIT AND LGPL-2.1") && !is_fine(""));
}
