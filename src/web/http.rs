//! The smallest pieces of HTTP: an HTML answer, and text inside an address.

use std::io::Cursor;

use rocket::http::{ContentType, Header};
use rocket::response::Response;

/// HTML that is only for whoever asked.
pub fn html_response(text: &str) -> Response<'static> {
    let bytes = text.as_bytes().to_vec();
    Response::build()
        .header(ContentType::HTML)
        .header(Header::new("Cache-Control", "private, no-cache"))
        .sized_body(bytes.len(), Cursor::new(bytes))
        .finalize()
}

/// Text as one value of a query (RFC 3986 section 2.3).
#[must_use]
pub fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
        out
    })
}
