//! An error of the service as a page with a way out, or as JSON; the path decides which.

use rocket::Request;
use rocket::http::{ContentType, Header, Status};
use rocket::response::{Responder, Response};
use serde_json::json;

use super::http::{encoded, html_response};
use super::layout::rows::Link;
use super::layout::{Frame, page};
use super::pages::notice::{Notice, notice};
use crate::app::Error;
use crate::domain::conflict::Finding;
use crate::json::FieldError;
use crate::store::Error as StoreError;

/// What went wrong, in words that a visitor can use.
#[derive(Debug)]
pub struct Problem {
    status: Status,
    code: &'static str,
    title: &'static str,
    detail: String,
    errors: Vec<FieldError>,
    findings: Vec<Finding>,
    /// Signing in first may help.
    pub sign_in: bool,
}

impl Problem {
    /// A problem of this status, with a stable code for programs.
    #[must_use]
    pub fn new(status: Status, code: &'static str, title: &'static str, detail: impl Into<String>) -> Self {
        Self { status, code, title, detail: detail.into(), errors: Vec::new(), findings: Vec::new(), sign_in: false }
    }

    /// There is no such address.
    #[must_use]
    pub fn not_found(what: &str) -> Self {
        Self::new(Status::NotFound, "not_found", "Not found", format!("There is no such {what}, or it is not public."))
    }

    /// Something of ours broke; the cause goes to the log, with a reference.
    #[must_use]
    pub fn ours(cause: &dyn std::fmt::Display) -> Self {
        let reference = crate::keys::hash(&cause.to_string()).chars().take(8).collect::<String>();
        eprintln!("convene: {reference}: {cause}");
        Self::new(
            Status::ServiceUnavailable,
            "unavailable",
            "Something broke on our side",
            format!("Please try again in a minute. If it stays so, tell the operator this reference: {reference}."),
        )
    }

    /// Only for people who are signed in.
    #[must_use]
    pub fn sign_in_first() -> Self {
        let detail = "Sign in first: this is for people of a partner.";
        Self { sign_in: true, ..Self::new(Status::Unauthorized, "unauthorized", "Please sign in", detail) }
    }

    /// The mistakes in the input.
    #[must_use]
    pub fn mistakes(&self) -> &[FieldError] {
        &self.errors
    }

    /// Is it about the input, so that a form can come back with it?
    #[must_use]
    pub fn is_about_input(&self) -> bool {
        self.code == "invalid"
    }

    fn json(&self) -> String {
        json!({
            "type": "about:blank",
            "title": self.title,
            "status": self.status.code,
            "code": self.code,
            "detail": self.detail,
            "errors": self.errors,
            "findings": self.findings,
        })
        .to_string()
    }

    fn notice(&self, path: &str) -> Notice {
        let mut ways = Vec::new();
        if self.sign_in {
            ways.push(Link::new(format!("/sign-in?next={}", encoded(path)), "Sign in"));
        }
        ways.push(Link::new("/", "The calendar"));
        ways.push(Link::new("/subscribe", "Subscribe"));
        let mut text = vec![self.detail.clone()];
        text.extend(self.errors.iter().map(|error| format!("{}: {}", error.field, error.message)));
        Notice { title: self.title.to_owned(), text, ways, reference: None, findings: Vec::new(), level: None }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let detail = error.to_string();
        let conflict = |code, title, detail: String| Self::new(Status::Conflict, code, title, detail);
        match error {
            Error::Invalid(errors) => {
                let detail = "Some of what was sent cannot be taken as it is.".to_owned();
                Self { errors, ..Self::new(Status::BadRequest, "invalid", "Please check what was sent", detail) }
            }
            Error::NotFound(what) => Self::not_found(what),
            Error::Gone(what) => {
                let detail = format!("This {what} was revoked; its holder can make a new address.");
                Self::new(Status::Gone, "gone", "Gone", detail)
            }
            Error::Forbidden(_) => Self::new(Status::Forbidden, "forbidden", "Not for you to do", detail),
            Error::Stale => Self::new(Status::PreconditionFailed, "stale", "Changed meanwhile", detail),
            Error::Blocked { findings, .. } => Self { findings, ..conflict("blocked", "Something stands in the way", detail) },
            Error::NotPossible(_) => conflict("not_possible", "Not possible as things stand", detail),
            Error::Underway => conflict("underway", "Being worked on", detail),
            Error::OtherRequest => Self::new(Status::UnprocessableEntity, "other_request", "Another request's key", detail),
            Error::TooMany(_) => Self::new(Status::TooManyRequests, "too_many", "Too often", detail),
            Error::Data { .. } | Error::Store(_) | Error::Mail(_) | Error::Keys(_) => Self::ours(&detail),
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        Self::from(Error::from(error))
    }
}

impl<'r> Responder<'r, 'static> for Problem {
    fn respond_to(self, request: &'r Request<'_>) -> rocket::response::Result<'static> {
        let path = request.uri().path().to_string();
        if wants_json(&path) {
            let mut response = Response::build();
            response
                .status(self.status)
                .header(ContentType::new("application", "problem+json"))
                .header(Header::new("Cache-Control", "no-store"));
            if self.status == Status::Unauthorized {
                response.header(Header::new("WWW-Authenticate", "Bearer"));
            }
            let body = self.json();
            return response.sized_body(body.len(), std::io::Cursor::new(body)).ok();
        }
        let frame = Frame { title: self.title.to_owned(), path: path.clone(), ..Frame::default() };
        let mut response = html_response(&page(&frame, &notice(&self.notice(&path))).into_string());
        response.set_status(self.status);
        Ok(response)
    }
}

/// Programs ask below these.
fn wants_json(path: &str) -> bool {
    path.starts_with("/api/v1") || path.starts_with("/feeds/")
}

/// What nothing else answered.
#[rocket::catch(default)]
pub fn otherwise(status: Status, _: &Request<'_>) -> Problem {
    match status.code {
        401 => Problem::sign_in_first(),
        404 => Problem::new(status, "not_found", "Not found", "There is nothing at this address."),
        413 => Problem::new(status, "too_large", "Too much", "What was sent is larger than can be taken."),
        422 | 400 => Problem::new(status, "unreadable", "Not understood", "What was sent could not be read."),
        500..=599 => Problem::ours(&format!("a request failed with {status}")),
        _ => Problem::new(status, "refused", "Refused", status.reason_lossy().to_owned()),
    }
}
