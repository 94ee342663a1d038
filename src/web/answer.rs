//! What goes out: pages, bytes with their validators, JSON.

use std::io::{Cursor, Write as _};
use std::sync::Arc;

use chrono::{DateTime, Datelike as _, Timelike as _, Utc};
use flate2::Compression;
use flate2::write::GzEncoder;
use maud::Markup;
use rocket::Request;
use rocket::http::{ContentType, Header, Status};
use rocket::response::{Responder, Response};

use super::db::Service;
use super::guards::{Conditions, Viewer};
use super::http::html_response;
use super::layout::{Frame, Link, page};
use super::problem::Problem;
use super::sent::Sent;
use crate::app::publish::Body;
use crate::store::Answered;

/// A page: its frame and its content.
pub struct Page {
    frame: Frame,
    content: Markup,
    status: Status,
}

impl Page {
    /// A page as this viewer sees it.
    #[must_use]
    pub fn new(service: &Service, viewer: &Viewer, title: &str, content: Markup) -> Self {
        let frame = Frame {
            title: title.to_owned(),
            signed_in: viewer.name(),
            demo_mail: service.demo.then(|| "/desk/mail".to_owned()),
            flash: viewer.flash.clone(),
            own: viewer.actor.team().map(|team| Link::new(format!("/teams/{team}"), "Your team")),
            ..Frame::default()
        };
        Self { frame, content, status: Status::Ok }
    }

    /// The same, naming the feed of what it shows.
    #[must_use]
    pub fn with_feed(mut self, feed: String) -> Self {
        self.frame.feed = Some(feed);
        self
    }

    /// The same, with another status.
    #[must_use]
    pub fn with_status(mut self, status: Status) -> Self {
        self.status = status;
        self
    }
}

impl<'r> Responder<'r, 'static> for Page {
    fn respond_to(mut self, request: &'r Request<'_>) -> rocket::response::Result<'static> {
        self.frame.path = request.uri().path().to_string();
        let mut response = html_response(&page(&self.frame, &self.content).into_string());
        response.set_status(self.status);
        Ok(response)
    }
}

/// HTML that others wrote a part of, shown by itself: it may run, load, send and frame nothing.
pub struct Framed(pub String);

/// A letter's own styles, and links that open beside it.
const CLOSED_IN: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'none'; sandbox allow-popups allow-popups-to-escape-sandbox";

impl<'r> Responder<'r, 'static> for Framed {
    fn respond_to(self, _: &'r Request<'_>) -> rocket::response::Result<'static> {
        let mut response = html_response(&self.0);
        response.set_header(Header::new("Content-Security-Policy", CLOSED_IN));
        Ok(response)
    }
}

/// What a body is sent from.
pub enum Content {
    /// Made for this answer.
    Made(Vec<u8>),
    /// Kept by the service, and shared by all who ask.
    Kept(Arc<Body>),
}

impl From<Vec<u8>> for Content {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Made(bytes)
    }
}

impl Content {
    fn len(&self) -> usize {
        match self {
            Self::Made(bytes) => bytes.len(),
            Self::Kept(body) => body.length(),
        }
    }

    fn put_into(self, response: &mut Response<'_>, gzip: bool) {
        let at_once = chunk(self.len());
        match self {
            Self::Made(bytes) => {
                let bytes = if gzip { packed(&bytes).unwrap_or_default() } else { bytes };
                response.set_sized_body(bytes.len(), Cursor::new(bytes));
            }
            Self::Kept(body) => {
                let sent = Sent::new(body, gzip);
                response.set_sized_body(sent.length(), sent);
            }
        }
        response.set_max_chunk_size(at_once);
    }
}

/// How many bytes go out at once: with Rocket's 4 KiB a large feed takes seven times as long, but every reader has a few of
/// them in memory, and of the largest bodies many may be on their way for long.
fn chunk(length: usize) -> usize {
    if length > LARGE { 64 << 10 } else { 256 << 10 }
}

/// A body of more bytes than this is a large one.
const LARGE: usize = 4 << 20;
/// Fewer bytes than this fit into one packet as they are.
const WORTH_PACKING: usize = 1400;

/// Bytes that caches may keep, answered by 304 to who has them already.
pub struct Bytes {
    /// The body.
    pub body: Content,
    /// What it is.
    pub content_type: &'static str,
    /// Its tag, without quotes.
    pub etag: String,
    /// When it last changed.
    pub last_modified: Option<DateTime<Utc>>,
    /// What caches may do with it.
    pub cache_control: &'static str,
    /// What whoever asked has already, and takes.
    pub conditions: Conditions,
    /// The name under which browsers save it.
    pub file_name: Option<String>,
}

impl<'r> Responder<'r, 'static> for Bytes {
    fn respond_to(self, _: &'r Request<'_>) -> rocket::response::Result<'static> {
        let gzip = self.conditions.gzip && self.body.len() > WORTH_PACKING;
        // The same bytes packed are another representation, with a tag of its own (RFC 9110 section 8.8.3.3).
        let tag = ["\"", &self.etag, if gzip { "-gz\"" } else { "\"" }].concat();
        let mut response = Response::build();
        response
            .header(Header::new("ETag", tag))
            .header(Header::new("Cache-Control", self.cache_control))
            .header(Header::new("Vary", "Accept-Encoding"));
        if let Some(at) = self.last_modified {
            response.header(Header::new("Last-Modified", http_date(at)));
        }
        // What whoever has the bytes is told again (RFC 9110 section 15.4.5), and no more.
        if self.conditions.has(&self.etag, self.last_modified) {
            return response.status(Status::NotModified).ok();
        }
        response.header(Header::new("Content-Type", self.content_type));
        if let Some(name) = self.file_name {
            response.header(Header::new("Content-Disposition", format!("inline; filename=\"{name}\"")));
        }
        if gzip {
            response.header(Header::new("Content-Encoding", "gzip"));
        }
        let mut response = response.finalize();
        self.body.put_into(&mut response, gzip);
        Ok(response)
    }
}

/// As RFC 9110 section 5.6.7 has it; written out, since a format would be read anew at each poll.
fn http_date(at: DateTime<Utc>) -> String {
    let (day, time) = (at.date_naive(), at.time());
    let month = MONTHS.get(day.month0() as usize).unwrap_or(&"");
    format!(
        "{}, {:02} {month} {:04} {:02}:{:02}:{:02} GMT",
        day.weekday(),
        day.day(),
        day.year(),
        time.hour(),
        time.minute(),
        time.second()
    )
}

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

fn packed(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes)?;
    encoder.finish()
}

/// JSON of one thing.
pub struct Json {
    /// What is answered.
    pub body: serde_json::Value,
    /// The status.
    pub status: Status,
    /// The revision that `If-Match` compares, where there is one.
    pub etag: Option<u32>,
    /// Where a new thing is.
    pub location: Option<String>,
    /// A field that is told in this answer alone.
    told_once: Option<(&'static str, serde_json::Value)>,
}

impl Json {
    /// JSON answered with 200.
    ///
    /// # Errors
    /// Where the value cannot be written.
    pub fn ok(value: &impl serde::Serialize) -> Result<Self, Problem> {
        let body = serde_json::to_value(value).map_err(|error| Problem::ours(&error))?;
        Ok(Self { body, status: Status::Ok, etag: None, location: None, told_once: None })
    }

    /// The same with a revision.
    #[must_use]
    pub fn revision(mut self, revision: u32) -> Self {
        self.etag = Some(revision);
        self
    }

    /// The same, as a new thing at an address.
    #[must_use]
    pub fn created(mut self, location: String) -> Self {
        self.status = Status::Created;
        self.location = Some(location);
        self
    }

    /// The same with a field that is told now and never again: it is not kept with the answer.
    #[must_use]
    pub fn telling(mut self, field: &'static str, value: serde_json::Value) -> Self {
        self.told_once = Some((field, value));
        self
    }

    /// What is kept of it, for whoever sends the same request again.
    #[must_use]
    pub fn kept(&self) -> Answered {
        let (revision, location) = (self.etag, self.location.clone());
        Answered { status: self.status.code, revision, location, body: self.body.to_string() }
    }

    /// What was kept of an answer, answered again.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn again(kept: &Answered) -> Result<Self, Problem> {
        let body = serde_json::from_str(&kept.body).map_err(|error| Problem::ours(&error))?;
        let (etag, location) = (kept.revision, kept.location.clone());
        Ok(Self { body, status: Status::new(kept.status), etag, location, told_once: None })
    }
}

impl<'r> Responder<'r, 'static> for Json {
    fn respond_to(mut self, _: &'r Request<'_>) -> rocket::response::Result<'static> {
        if let (Some(fields), Some((field, value))) = (self.body.as_object_mut(), self.told_once) {
            fields.insert(field.to_owned(), value);
        }
        let body = self.body.to_string();
        let mut response = Response::build();
        response.status(self.status).header(ContentType::JSON).header(Header::new("Cache-Control", "private, no-cache"));
        if let Some(revision) = self.etag {
            response.header(Header::new("ETag", format!("\"{revision}\"")));
        }
        if let Some(location) = self.location {
            response.header(Header::new("Location", location));
        }
        response.sized_body(body.len(), Cursor::new(body)).ok()
    }
}
