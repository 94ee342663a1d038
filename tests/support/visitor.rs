//! Somebody at the front door: a browser's or a program's requests to the real routes.

use convene::app::sign_in;
use convene::store::Scope;
use convene::web;
use rocket::figment::Figment;
use rocket::http::{ContentType, Header, Method, Status};
use rocket::local::blocking::{Client, LocalResponse};
use serde_json::Value;

use super::World;

/// The front door over a world's database, with one visitor's cookies.
pub struct Visitor {
    client: Client,
    token: Option<String>,
}

/// An answer, read whole.
#[derive(Debug)]
pub struct Answer {
    /// Its status.
    pub status: Status,
    /// Its body.
    pub body: Vec<u8>,
    headers: Vec<(String, String)>,
}

impl Visitor {
    /// Anybody.
    pub fn of(world: &World) -> Self {
        let figment = Figment::from(rocket::Config::default()).merge(("log_level", "off"));
        let rocket = web::build(world.another(), &figment, false);
        // Cookies are not kept by the client where it follows no redirect; tracked ones are.
        Self { client: Client::tracked(rocket).expect("the front door opens"), token: None }
    }

    /// A program with a token of this user's.
    pub fn with_token(world: &World, email: &str, scope: Scope) -> Self {
        let (_, token) = sign_in::add_token(&world.app, email, scope).expect("a token");
        Self { token: Some(token), ..Self::of(world) }
    }

    /// Somebody who followed a sign-in link.
    pub fn signed_in(world: &World, email: &str) -> Self {
        let visitor = Self::of(world);
        let link = sign_in::link(&world.app, email, 1).expect("a link");
        let path = link.strip_prefix(&world.app.settings.base_url).expect("our own address").to_owned();
        assert_eq!(visitor.post_form(&path, "").status, Status::SeeOther);
        visitor
    }

    /// A request with these headers and body.
    pub fn ask(&self, method: Method, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut request = self.client.req(method, path.to_owned()).body(body);
        for (name, value) in headers {
            request.add_header(Header::new((*name).to_owned(), (*value).to_owned()));
        }
        if let Some(token) = &self.token {
            request.add_header(Header::new("Authorization", format!("Bearer {token}")));
        }
        Answer::read(request.dispatch())
    }

    /// The body of a feed as somebody gets it who reads so many bytes at a time, and the length that was told before it.
    pub fn bites(&self, path: &str, packed: bool, bite: usize) -> (Vec<u8>, usize) {
        use std::io::Read as _;
        let mut request = self.client.get(path.to_owned());
        if packed {
            request.add_header(Header::new("Accept-Encoding", "gzip"));
        }
        let mut response = request.dispatch();
        let told = response.body().preset_size().expect("a length is told");
        let (mut all, mut some) = (Vec::new(), vec![0; bite]);
        loop {
            match response.read(&mut some).expect("it is read") {
                0 => return (all, told),
                count => all.extend_from_slice(&some[..count]),
            }
        }
    }

    /// Every method and path that is mounted.
    pub fn routes(&self) -> Vec<(Method, String)> {
        self.client.rocket().routes().map(|route| (route.method, route.uri.path().to_owned())).collect()
    }

    /// A plain look.
    pub fn get(&self, path: &str) -> Answer {
        self.ask(Method::Get, path, &[], "")
    }

    /// A form sent from one of our own pages.
    pub fn post_form(&self, path: &str, form: &str) -> Answer {
        let headers = [("Sec-Fetch-Site", "same-origin"), ("Content-Type", "application/x-www-form-urlencoded")];
        self.ask(Method::Post, path, &headers, form)
    }

    /// A form with a file, sent from one of our own pages.
    pub fn post_file(&self, path: &str, fields: &[(&str, &str)], name: &str, content: &[u8]) -> Answer {
        let mut body = Vec::new();
        for (field, value) in fields {
            body.extend(format!("--part\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n").bytes());
        }
        let head = format!("--part\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n");
        body.extend(head.bytes());
        body.extend(content);
        body.extend(b"\r\n--part--\r\n");
        self.post_bytes(path, "multipart/form-data; boundary=part", &body)
    }

    /// Bytes sent from one of our own pages.
    pub fn post_bytes(&self, path: &str, kind: &str, body: &[u8]) -> Answer {
        let mut request = self.client.post(path.to_owned()).body(body);
        request.add_header(Header::new("Sec-Fetch-Site", "same-origin"));
        request.add_header(Header::new("Content-Type", kind.to_owned()));
        Answer::read(request.dispatch())
    }

    /// JSON sent by a program that changes whatever stands there.
    pub fn post_json(&self, path: &str, body: &Value) -> Answer {
        self.ask(Method::Post, path, &[("If-Match", "*"), ("Content-Type", &ContentType::JSON.to_string())], &body.to_string())
    }
}

impl Answer {
    fn read(response: LocalResponse<'_>) -> Self {
        let headers = response.headers().iter().map(|one| (one.name().to_string(), one.value().to_owned())).collect();
        Self { status: response.status(), headers, body: response.into_bytes().unwrap_or_default() }
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// A header's value; empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map_or("", |(_, value)| value.as_str())
    }
}
