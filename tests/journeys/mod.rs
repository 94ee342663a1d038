//! What people do, from its beginning to its end, through the verbs of the service.

mod bounces;
mod caldav;
mod costs;
mod delivering;
mod digest;
mod expecting;
mod feed;
mod finding_life;
mod importing;
mod kept;
mod kept_feeds;
mod learning_once;
mod notices;
mod policies;
mod private_feeds;
mod proposing;
mod readers;
mod signing_in;
mod source_pages;
mod sources;
mod standing;
mod stories;
mod subscribing;
mod teams;
mod uploading;
mod upstream;
