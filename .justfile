# `just` lists these; each is one line that can be typed as well.

# What continuous integration runs
check:
    tests/run

# The Rust tests alone
test *args:
    cargo nextest run {{args}}

# A filled database, served on http://127.0.0.1:8000
demo:
    cargo run --release -- serve --demo

# Write db/schema.sql and the snapshots as they now are; look at the difference before committing it
bless:
    CONVENE_BLESS=1 cargo nextest run schema
    INSTA_UPDATE=always cargo nextest run

# Advisories about anything that is built in (needs cargo-deny and the network); licences are checked by a test
advisories:
    cargo deny check advisories
