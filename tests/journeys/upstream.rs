//! A partner's web server, on this machine: says what a test tells it to, and remembers what it was asked.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

/// What the server answers: a status line and headers, and a body.
#[derive(Clone, Default)]
struct Answer {
    head: String,
    etag: Option<String>,
    body: Vec<u8>,
}

#[derive(Default)]
struct Shared {
    answer: Answer,
    asked: Vec<String>,
    stop: bool,
}

pub struct Upstream {
    address: SocketAddr,
    shared: Arc<Mutex<Shared>>,
    thread: Option<JoinHandle<()>>,
}

impl Upstream {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Mutex::new(Shared::default()));
        let own = Arc::clone(&shared);
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if own.lock().unwrap().stop {
                    return;
                }
                serve(stream.unwrap(), &own);
            }
        });
        Self { address, shared, thread: Some(thread) }
    }

    /// The calendar's address, with a secret in it.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/private-0123456789/basic.ics?key=s3cret", self.address.port())
    }

    /// Answers 200 with these bytes from now on, and 304 to who has that tag.
    pub fn says(&self, etag: Option<&str>, body: impl Into<Vec<u8>>) {
        self.answers("HTTP/1.1 200 OK\r\nContent-Type: text/calendar\r\n", etag, body);
    }

    pub fn answers(&self, head: &str, etag: Option<&str>, body: impl Into<Vec<u8>>) {
        let answer = Answer { head: head.to_owned(), etag: etag.map(str::to_owned), body: body.into() };
        self.shared.lock().unwrap().answer = answer;
    }

    /// The heads of all requests so far, in lower case.
    pub fn asked(&self) -> Vec<String> {
        self.shared.lock().unwrap().asked.clone()
    }
}

impl Drop for Upstream {
    fn drop(&mut self) {
        self.shared.lock().unwrap().stop = true;
        // Wakes the thread that waits for the next visitor.
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn serve(stream: TcpStream, shared: &Mutex<Shared>) {
    stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    let mut head = String::new();
    let mut reader = BufReader::new(&stream);
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).unwrap_or(0) == 0 {
            return;
        }
    }
    let head = head.to_lowercase();
    let answer = {
        let mut shared = shared.lock().unwrap();
        shared.asked.push(head.clone());
        shared.answer.clone()
    };
    let tag = answer.etag.as_deref().map(|etag| format!("ETag: {etag}\r\n")).unwrap_or_default();
    let known = answer.etag.as_ref().is_some_and(|etag| head.contains(&format!("if-none-match: {}\r\n", etag.to_lowercase())));
    let mut stream = &stream;
    let _ = if known {
        write!(stream, "HTTP/1.1 304 Not Modified\r\n{tag}Connection: close\r\n\r\n")
    } else {
        write!(stream, "{}{tag}Content-Length: {}\r\nConnection: close\r\n\r\n", answer.head, answer.body.len())
            .and_then(|()| stream.write_all(&answer.body))
    };
}

/// A calendar of such events: UID, first and last day, title, and more lines.
pub fn calendar(events: &[(&str, &str, &str, &str, &str)]) -> String {
    let one = |(uid, first, after, title, more): &(&str, &str, &str, &str, &str)| {
        format!(
            "BEGIN:VEVENT\r\nUID:{uid}@lake.example.org\r\nDTSTART;VALUE=DATE:{first}\r\nDTEND;VALUE=DATE:{after}\r\nSUMMARY:{title}\r\n{more}END:VEVENT\r\n"
        )
    };
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{}END:VCALENDAR\r\n", events.iter().map(one).collect::<String>())
}
