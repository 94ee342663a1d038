//! The front door: pages, feeds and the API, over the real routes.

mod api;
mod embed;
mod feeds;
mod hostile;
mod pages;
