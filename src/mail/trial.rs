//! The letter that tries out whether mail arrives.

use super::layout::{Block, Document, Written};
use super::notices::footer;

/// Its wording; `moment` tells one from the next.
#[must_use]
pub fn written(moment: &str, base_url: &str) -> Written {
    let blocks = vec![
        Block::Para(format!("If you can read this, mail of convene arrives. It was sent {moment}.")),
        Block::Para("Look at its headers: dkim, spf and dmarc should each say “pass”.".to_owned()),
    ];
    let because = "You get this because whoever runs convene tried out its mail with your address.";
    Document { title: "A trial letter".to_owned(), blocks, footer: footer(because, base_url, None) }
        .written("A trial letter from convene")
}
