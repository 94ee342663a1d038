//! The stylesheet, the script and the icon: compiled in, addressed by what is in them.
//!
//! An address carries a hash of the bytes, so a browser may keep what it got for ever and still
//! never shows an old stylesheet beside a new page.

use std::sync::LazyLock;

use sha2::{Digest as _, Sha256};

#[cfg(test)]
mod contrast;

/// One file that ships inside the program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    /// Its name in the source: `app.css`.
    pub name: &'static str,
    /// Where pages find it: `/static/app.0123456789ab.css`.
    pub path: String,
    /// Its media type, with the character set.
    pub content_type: &'static str,
    /// What it holds.
    pub bytes: &'static [u8],
}

static ASSETS: LazyLock<[Asset; 3]> = LazyLock::new(|| {
    [
        asset("app.css", "text/css; charset=utf-8", include_bytes!("static/app.css")),
        asset("app.js", "text/javascript; charset=utf-8", include_bytes!("static/app.js")),
        asset("favicon.svg", "image/svg+xml", include_bytes!("static/favicon.svg")),
    ]
});

/// The address of a file by its name in the source: `/static/app.0123456789ab.css`.
///
/// A name that is not shipped gives an address that is not found.
///
/// ```
/// let path = convene::web::assets::asset_path("app.css");
/// assert!(path.starts_with("/static/app.") && path.ends_with(".css"));
/// ```
#[must_use]
pub fn asset_path(name: &str) -> &'static str {
    ASSETS.iter().find(|asset| asset.name == name).map_or("/static/unknown", |asset| &asset.path)
}

/// The file at an address, with or without the leading `/static/`; `None` also for a hash of the past.
#[must_use]
pub fn find(path: &str) -> Option<&'static Asset> {
    let file = path.strip_prefix("/static/").unwrap_or(path);
    ASSETS.iter().find(|asset| asset.path.strip_prefix("/static/") == Some(file))
}

fn asset(name: &'static str, content_type: &'static str, bytes: &'static [u8]) -> Asset {
    let hash = Sha256::digest(bytes).iter().take(6).fold(0_u64, |hash, byte| hash << 8 | u64::from(*byte));
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, "bin"));
    Asset { name, path: format!("/static/{stem}.{hash:012x}.{ending}"), content_type, bytes }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_found_at_its_own_address_and_nowhere_else() {
        for asset in ASSETS.iter() {
            assert_eq!(find(asset_path(asset.name)), Some(asset));
            assert_eq!(find(asset.path.trim_start_matches("/static/")), Some(asset));
        }
        assert_eq!(find("/static/app.css"), None);
        assert_eq!(find("/static/app.000000000000.css"), None);
        assert_eq!(find(asset_path("no-such-file.css")), None);
    }

    #[test]
    fn other_bytes_have_another_address() {
        assert_ne!(asset("app.css", "text/css", b"a").path, asset("app.css", "text/css", b"b").path);
    }

    #[test]
    fn nothing_is_fetched_from_elsewhere() {
        for asset in ASSETS.iter().filter(|asset| asset.name != "favicon.svg") {
            let text = String::from_utf8_lossy(asset.bytes);
            assert!(!text.contains("://") && !text.contains("@import") && !text.contains("url("), "{}", asset.name);
        }
    }
}
