//! The pages. Each file has the structs that say exactly what its page may show, and the function
//! that gives its markup.

pub mod accessibility;
pub mod admin;
pub mod anchor;
pub mod answers;
pub mod api_docs;
pub mod better;
pub mod calendar;
pub mod coming;
pub mod decisions;
pub mod desk;
pub mod embed;
pub mod event;
pub mod feed;
pub mod findings;
pub mod import;
pub mod life;
pub mod mail;
pub mod map;
pub mod month;
pub mod notice;
pub mod overrides;
pub mod policy;
pub mod propose;
pub mod sides;
pub mod sign_in;
pub mod sources;
pub mod subscribe;
pub mod subscription;
pub mod suppressions;
pub mod team;
pub mod team_edit;
pub mod undated;
pub mod year;

#[cfg(test)]
mod gallery;
#[cfg(test)]
mod markup_checks;
#[cfg(test)]
mod samples;
