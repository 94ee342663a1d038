//! What people do, from its beginning to its end, through the verbs of the service.

mod delivering;
mod digest;
mod feed;
mod importing;
mod kept;
mod kept_feeds;
mod notices;
mod private_feeds;
mod proposing;
mod signing_in;
mod source_pages;
mod sources;
mod standing;
mod subscribing;
mod teams;
mod uploading;
mod upstream;
