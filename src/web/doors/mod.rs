//! The handlers of pages: each reads what was asked, calls one verb, and fills a page's struct.

pub mod admin;
pub mod answers;
pub mod better;
pub mod calendar;
pub mod coming;
pub mod decisions;
pub mod desk;
pub mod disagree;
pub mod embed;
pub mod events;
pub mod feeds;
pub mod findings;
pub mod import;
pub mod life;
pub mod mail;
pub mod map;
pub mod overrides;
pub mod policy;
pub mod post_office;
pub mod propose;
pub mod sign_in;
pub mod sources;
pub mod subscribe;
pub mod team_edit;
pub mod teams;
pub mod undated;
