//! The front door: pages, feeds and the API, over the real routes.

mod answers;
mod api;
mod better_dates;
mod embed;
mod feed_pages;
mod feed_points;
mod feeds;
mod headers;
mod hidden_clashes;
mod hostile;
mod once;
mod openapi;
mod outgoing;
mod pages;
mod policy;
mod post_office;
mod teams;
