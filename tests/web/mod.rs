//! The front door: pages, feeds and the API, over the real routes.

mod api;
mod feeds;
mod hostile;
mod pages;
