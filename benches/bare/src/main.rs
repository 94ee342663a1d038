//! One route that answers from memory: the file named by `FEED`, whole or as a 304 to who has its tag.

use std::io::Cursor;

use rocket::http::{Header, Status};
use rocket::request::{FromRequest, Outcome, Request};
use rocket::response::{Responder, Response};
use rocket::{State, get, launch, routes};

struct Feed(&'static [u8]);
struct Has(bool);
struct Answer(Option<&'static [u8]>);

const TAG: &str = "\"0123456789abcdef0123456789abcdef\"";

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Has {
    type Error = ();
    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, ()> {
        Outcome::Success(Self(request.headers().get_one("If-None-Match") == Some(TAG)))
    }
}

impl<'r> Responder<'r, 'static> for Answer {
    fn respond_to(self, _: &'r Request<'_>) -> rocket::response::Result<'static> {
        let mut response = Response::build();
        response.header(Header::new("ETag", TAG)).header(Header::new("Cache-Control", "public, max-age=300"));
        match self.0 {
            None => response.status(Status::NotModified).ok(),
            Some(bytes) => {
                response.header(Header::new("Content-Type", "text/calendar; charset=utf-8"));
                response.max_chunk_size(1 << 20).sized_body(bytes.len(), Cursor::new(bytes)).ok()
            }
        }
    }
}

#[get("/all.ics")]
fn all(feed: &State<Feed>, has: Has) -> Answer {
    Answer((!has.0).then_some(feed.0))
}

#[launch]
fn rocket() -> _ {
    let bytes = std::fs::read(std::env::var("FEED").expect("FEED names a file")).expect("it is readable");
    rocket::build().manage(Feed(Box::leak(bytes.into_boxed_slice()))).mount("/feeds", routes![all])
}
