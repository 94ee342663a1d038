//! Two programs over one database: whichever is asked gives the same bytes, and sees what the other stores.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::json;

use super::program::{Program, Server, fixture};

/// An answer as it came over the wire; without its date, which is that of the asking.
#[derive(PartialEq, Eq)]
struct Raw {
    head: Vec<String>,
    body: Vec<u8>,
}

impl std::fmt::Debug for Raw {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}\n\n{}", self.head.join("\n"), String::from_utf8_lossy(&self.body))
    }
}

impl Raw {
    fn header(&self, name: &str) -> &str {
        let named = |line: &&String| line.split_once(": ").is_some_and(|(known, _)| known.eq_ignore_ascii_case(name));
        self.head.iter().find(named).and_then(|line| line.split_once(": ")).map_or("", |(_, value)| value)
    }
}

/// Asks over a connection of its own, so that no client unpacks or adds anything.
fn ask(server: &Server, path: &str, headers: &[(&str, &str)]) -> Raw {
    let mut wire = TcpStream::connect(("127.0.0.1", server.port)).expect("it listens");
    wire.set_read_timeout(Some(Duration::from_secs(30))).expect("a socket");
    let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    write!(wire, "GET {path} HTTP/1.1\r\nHost: cal.example.org\r\nConnection: close\r\n{headers}\r\n").expect("it is sent");
    let mut bytes = Vec::new();
    wire.read_to_end(&mut bytes).expect("it is answered");
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("a head");
    let head = String::from_utf8(bytes[..end].to_vec()).expect("a head is ASCII");
    let head = head.lines().filter(|line| !line.starts_with("date: ")).map(str::to_owned).collect();
    Raw { head, body: bytes.split_off(end + 4) }
}

/// A folder whose programs, on whatever port, are known by one address: feeds name it.
fn with_an_address() -> Program {
    let program = Program::with_partners();
    std::fs::write(program.path("Rocket.toml"), "[default]\nbase_url = \"https://cal.example.org\"\n").expect("a file");
    program
}

const PATHS: [&str; 6] = [
    "/feeds/all.ics?past=P9Y",
    "/feeds/all.json?past=P9Y",
    "/feeds/all.csv?past=P9Y",
    "/feeds/all.atom?past=P9Y",
    "/feeds/roles/mayor.ics?past=P9Y",
    "/feeds/partners/harbor.json?past=P9Y&modes=in_person,hybrid",
];

#[test]
fn two_programs_over_one_database_give_the_same_bytes_and_tags_plain_and_packed() {
    let program = with_an_address();
    program.fine(&["import", &fixture("nlc.ics"), "--partner", "harbor"]);
    let servers = [program.serve(&[]), program.serve(&[])];
    for path in PATHS {
        let mut tags = Vec::new();
        for takes in ["identity", "gzip"] {
            let takes = ("Accept-Encoding", takes);
            let [one, other] = servers.each_ref().map(|server| ask(server, path, &[takes]));
            assert_eq!(one, other, "{path} {takes:?}");
            assert!(one.head[0].contains("200") && one.body.len() > 100, "{path}: {one:?}");
            let tag = one.header("etag").to_owned();
            for server in servers.iter().rev() {
                let again = ask(server, path, &[takes, ("If-None-Match", &tag)]);
                assert!(again.head[0].contains("304") && again.body.is_empty(), "{path}: {again:?}");
                assert_eq!(again.header("etag"), tag, "{path}");
            }
            tags.push(tag);
        }
        assert_eq!(ask(&servers[0], path, &[("Accept-Encoding", "gzip")]).header("content-encoding"), "gzip", "{path}");
        assert_ne!(tags[0], tags[1], "{path}: packed bytes are other bytes");
    }
}

#[test]
fn what_one_program_stores_is_in_the_others_next_poll_and_other_feeds_keep_their_bytes() {
    let program = with_an_address();
    let token = format!("Bearer {}", program.token("harbor"));
    let [one, other] = [program.serve(&[]), program.serve(&[])];
    let (ours, theirs) = ("/feeds/partners/harbor.ics?past=P9Y", "/feeds/partners/prairie.ics?past=P9Y");
    let before = [ours, theirs].map(|path| ask(&other, path, &[]));
    let poll = |path: &str, known: &Raw| ask(&other, path, &[("If-None-Match", known.header("etag"))]);

    let body = json!({"title": "Budgeting", "roles": ["mayor"], "mode": "virtual", "start": "2027-03-10", "time_zone": "America/Chicago"});
    let proposed = one.post("/api/v1/events", &[("Authorization", &token)], &body.to_string()).expect("an answer");
    assert_eq!(proposed.status, 201, "{proposed:?}");
    assert!(poll(ours, &before[0]).head[0].contains("304"), "a proposal is not public");
    let confirmation = format!("/api/v1/events/{}/confirmation", proposed.json()["id"].as_str().expect("an id"));
    let confirmed = one.post(&confirmation, &[("Authorization", &token), ("If-Match", &proposed.etag)], "").expect("an answer");
    assert_eq!(confirmed.status, 200, "{confirmed:?}");

    let after = poll(ours, &before[0]);
    assert!(after.head[0].contains("200") && after.header("etag") != before[0].header("etag"), "{after:?}");
    assert!(String::from_utf8_lossy(&after.body).contains("SUMMARY:Budgeting"));
    assert_eq!(after, ask(&one, ours, &[]), "the one that stored it gives the same");
    assert!(poll(theirs, &before[1]).head[0].contains("304"), "what it is not in has its tag");
    assert_eq!(ask(&other, theirs, &[]).body, before[1].body, "and its bytes");

    // A command is a third program.
    program.fine(&["import", &fixture("nlc.ics"), "--partner", "harbor"]);
    let imported = poll(ours, &after);
    assert!(imported.head[0].contains("200") && imported.body.len() > after.body.len(), "{imported:?}");
    assert!(poll(ours, &imported).head[0].contains("304"));
    assert!(poll(theirs, &before[1]).head[0].contains("304"));
}
