//! Names that lead elsewhere the second time they are asked for: between the check and the connection, or on a redirect.

use std::collections::VecDeque;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{ConnectionDetails, Connector, DefaultConnector, NextTimeout};

use super::{Ask, FetchError, Fetched, fetch_through};

const PUBLIC: &str = "93.184.216.34";
/// What a second answer may lead to: metadata of clouds, home and office networks, this machine.
const PRIVATE: [&str; 6] = ["169.254.169.254", "10.0.0.1", "192.168.1.1", "127.0.0.1", "::1", "::ffff:10.0.0.1"];

/// Answers names in turn, each with these addresses; the last answer stays.
#[derive(Debug, Clone)]
struct Names(Arc<Mutex<(VecDeque<Vec<IpAddr>>, usize)>>);

impl Names {
    fn of(answers: &[&[&str]]) -> Self {
        let read = |answer: &&[&str]| answer.iter().map(|text| text.parse().expect(text)).collect();
        Self(Arc::new(Mutex::new((answers.iter().map(read).collect(), 0))))
    }

    fn times_asked(&self) -> usize {
        self.0.lock().unwrap().1
    }
}

impl Resolver for Names {
    fn resolve(&self, uri: &Uri, _: &Config, _: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let mut state = self.0.lock().unwrap();
        state.1 += 1;
        let answer = if state.0.len() > 1 { state.0.pop_front().unwrap() } else { state.0[0].clone() };
        let mut found = self.empty();
        for ip in answer {
            found.push(SocketAddr::new(ip, uri.port_u16().unwrap_or(443)));
        }
        Ok(found)
    }
}

/// Notes where it is told to go, and goes nowhere.
#[derive(Debug, Clone, Default)]
struct Noted(Arc<Mutex<Vec<IpAddr>>>);

impl Noted {
    fn gone_to(&self) -> Vec<String> {
        self.0.lock().unwrap().iter().map(ToString::to_string).collect()
    }
}

impl Connector for Noted {
    type Out = ();

    fn connect(&self, details: &ConnectionDetails, _: Option<()>) -> Result<Option<()>, ureq::Error> {
        self.0.lock().unwrap().extend(details.addrs.iter().map(SocketAddr::ip));
        Err(ureq::Error::ConnectionFailed)
    }
}

fn https() -> Ask {
    Ask { limit: 1000, ..Ask::default() }
}

#[test]
fn a_name_that_turns_private_after_the_check_is_reached_at_the_checked_address_only() {
    for private in PRIVATE {
        let (names, noted) = (Names::of(&[&[PUBLIC], &[private]]), Noted::default());
        let told = fetch_through("https://calendar.example.org/a.ics", &https(), noted.clone(), names.clone());
        assert!(matches!(told, Err(FetchError::Unreachable { .. })), "{private}: {told:?}");
        assert_eq!((noted.gone_to(), names.times_asked()), (vec![PUBLIC.to_owned()], 1), "{private}");

        let told = fetch_through("https://calendar.example.org/a.ics", &https(), noted.clone(), names.clone());
        assert!(matches!(told, Err(FetchError::Private(_))), "{private}: {told:?}");
        assert_eq!((noted.gone_to().len(), names.times_asked()), (1, 2), "{private}: it is checked anew and nobody goes there");
    }
}

#[test]
fn one_private_address_among_public_ones_refuses_the_name() {
    for private in PRIVATE {
        for answer in [[PUBLIC, private], [private, PUBLIC]] {
            let noted = Noted::default();
            let told = fetch_through("https://calendar.example.org/a.ics", &https(), noted.clone(), Names::of(&[&answer]));
            assert!(matches!(told, Err(FetchError::Private(_))), "{answer:?}: {told:?}");
            assert_eq!(noted.gone_to(), Vec::<String>::new(), "{answer:?}");
        }
    }
}

/// The test setting lets us go to this machine, which stands for the public address here.
#[test]
fn a_redirect_to_a_name_that_turned_private_is_refused_after_one_request() {
    for private in PRIVATE.into_iter().filter(|private| !private.parse::<IpAddr>().unwrap().is_loopback()) {
        let server = Leading::start();
        let names = Names::of(&[&["127.0.0.1"], &[private]]);
        let ask = Ask { allow_loopback: true, ..https() };
        let address = format!("http://calendar.example.org:{}/a.ics", server.port);
        let told = fetch_through(&address, &ask, DefaultConnector::default(), names.clone());
        assert!(matches!(told, Err(FetchError::Private(_))), "{private}: {told:?}");
        assert_eq!((server.asked(), names.times_asked()), (vec!["GET /a.ics HTTP/1.1".to_owned()], 2), "{private}");
    }
}

#[test]
fn a_redirect_to_the_same_address_is_followed() {
    let server = Leading::start();
    let ask = Ask { allow_loopback: true, ..https() };
    let address = format!("http://calendar.example.org:{}/a.ics", server.port);
    let told = fetch_through(&address, &ask, DefaultConnector::default(), Names::of(&[&["127.0.0.1"]]));
    assert!(matches!(&told, Ok(Fetched::Calendar { bytes, .. }) if bytes == b"here"), "{told:?}");
    assert_eq!(server.asked().len(), 2);
}

/// A server on this machine that leads from its first address to another of the same name, where there is something.
struct Leading {
    port: u16,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Leading {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = Arc::<Mutex<Vec<String>>>::default();
        let own = Arc::clone(&asked);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                answer(&stream, port, &own);
            }
        });
        Self { port, asked }
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

fn answer(stream: &TcpStream, port: u16, asked: &Mutex<Vec<String>>) {
    stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    let lines = BufReader::new(stream).lines().map_while(Result::ok).take_while(|line| !line.is_empty());
    let first = lines.fold(None, |first, line| first.or(Some(line))).unwrap_or_default();
    let says = if first.contains("/a.ics") {
        format!(
            "302 Found\r\nLocation: http://calendar.example.org:{port}/b.ics\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        )
    } else {
        "200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nhere".to_owned()
    };
    asked.lock().unwrap().push(first);
    let mut stream = stream;
    let _ = write!(stream, "HTTP/1.1 {says}");
}
