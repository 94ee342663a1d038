//! Starts and stops the counting mail server.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use convene::mail::SmtpSettings;
use convene::mail::post::Tls;
use serde_json::Value;

use crate::support::python::python;

/// A mail server of our own, which ends with this value.
pub struct Sink {
    server: Child,
    folder: PathBuf,
    /// Where it listens, on 127.0.0.1.
    pub port: u16,
}

impl Sink {
    /// Starts one with these options of `sink.py`; an empty folder is its own.
    pub fn start(options: &[&str]) -> Self {
        let python = python();
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/smtp/sink.py");
        let folder = fresh_folder();
        let mut server = Command::new(&python)
            .arg(script)
            .arg(&folder)
            .args(options)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{python} cannot be run: {error}"));
        let mut said = String::new();
        BufReader::new(server.stdout.take().expect("it is piped")).read_line(&mut said).expect("it says a line");
        let Some(port) = said.strip_prefix("PORT ").and_then(|port| port.trim().parse().ok()) else {
            let mut why = String::new();
            server.stderr.take().expect("it is piped").read_to_string(&mut why).expect("it says why");
            panic!(
                "the mail server did not start. tests/run installs what it needs; CONVENE_PYTHON names a Python that has it\n{why}"
            );
        };
        Self { server, folder, port }
    }

    /// How to send to it: no TLS, no user.
    pub fn settings(&self) -> SmtpSettings {
        SmtpSettings {
            host: "127.0.0.1".to_owned(),
            port: Some(self.port),
            tls: Tls::None,
            user: None,
            password: None,
            hello: "convene.example.org".to_owned(),
            authorities: None,
            signer: None,
        }
    }

    /// What it stored, in order, byte for byte.
    pub fn stored(&self) -> Vec<Vec<u8>> {
        let stored = self.events().into_iter().filter(|event| event["event"] == "stored");
        stored.map(|event| fs::read(self.folder.join(event["file"].as_str().expect("a name"))).expect("its file")).collect()
    }

    /// What happened to it, in order.
    pub fn events(&self) -> Vec<Value> {
        let lines = fs::read_to_string(self.folder.join("events.jsonl")).expect("it keeps a list");
        lines.lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect()
    }

    /// The names of what happened to it, in order.
    pub fn event_names(&self) -> Vec<String> {
        self.events().iter().map(|event| event["event"].as_str().expect("a name").to_owned()).collect()
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// An empty folder that no other test uses.
pub fn fresh_folder() -> PathBuf {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let name = format!("mail-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("the folder can be made");
    folder
}
