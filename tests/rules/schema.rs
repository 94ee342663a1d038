//! `db/schema.sql` is the schema that a fresh database has.

use std::path::{Path, PathBuf};

use convene::store::Store;

const HEADER: &str = "\
-- The present schema on one page: what the migrations come to, table by table in the order of their names.
-- Generated; write it anew with: CONVENE_BLESS=1 cargo nextest run schema

";

fn page() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("db/schema.sql")
}

#[test]
fn the_schema_page_shows_what_a_fresh_database_has() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(&folder.path().join("fresh.sqlite")).expect("a fresh database");
    let schema = format!("{HEADER}{}", store.read(|reader| reader.schema()).expect("its schema"));
    if std::env::var_os("CONVENE_BLESS").is_some() {
        std::fs::write(page(), &schema).expect("the page can be written");
    }
    let shown = std::fs::read_to_string(page()).unwrap_or_default();
    assert!(
        shown == schema,
        "db/schema.sql is not what the migrations come to: {}\nwrite it anew with: CONVENE_BLESS=1 cargo nextest run schema",
        first_difference(&shown, &schema)
    );
}

#[test]
fn opening_a_database_again_migrates_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("twice.sqlite");
    let schema = |store: Store| store.read(|reader| reader.schema()).expect("its schema");
    let first = schema(Store::open(&path).expect("made"));
    assert_eq!(schema(Store::open(&path).expect("opened")), first);
}

fn first_difference(shown: &str, schema: &str) -> String {
    let pairs = shown.lines().map(Some).chain(std::iter::repeat(None)).zip(schema.lines().map(Some).chain([None]));
    let differs = pairs.enumerate().find(|(_, (a, b))| a != b);
    differs.map_or_else(
        || "it has more lines".to_owned(),
        |(at, (a, b))| format!("line {}: shows “{}”, is “{}”", at + 1, a.unwrap_or_default(), b.unwrap_or_default()),
    )
}
