//! The program, in a folder of its own.

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use tempfile::TempDir;

/// The program in an empty folder, away from any settings.
pub struct Program {
    folder: TempDir,
}

/// What a run came to.
#[derive(Debug)]
pub struct Done {
    /// Its exit status.
    pub code: i32,
    /// Its results.
    pub out: String,
    /// Its talk.
    pub err: String,
}

impl Program {
    /// In an empty folder.
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder") }
    }

    /// With two made-up partners and somebody of each who may write.
    pub fn with_partners() -> Self {
        let program = Self::new();
        for (slug, name) in [("harbor", "Harbor Alliance"), ("prairie", "Prairie Network")] {
            program.fine(&["partners", "add", slug, "--name", name]);
            program.fine(&[
                "users",
                "add",
                &format!("{slug}@example.org"),
                "--partner",
                slug,
                "--name",
                &format!("{name}'s organizer"),
            ]);
        }
        program
    }

    /// A file in its folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs it to its end.
    pub fn run(&self, arguments: &[&str]) -> Done {
        let Output { status, stdout, stderr } = self.command(arguments).output().expect("it runs");
        let text = |bytes| String::from_utf8(bytes).expect("it speaks UTF-8");
        Done { code: status.code().expect("it ends by itself"), out: text(stdout), err: text(stderr) }
    }

    /// Runs it, and it is fine; its results.
    pub fn fine(&self, arguments: &[&str]) -> String {
        let done = self.run(arguments);
        assert_eq!(done.code, 0, "{arguments:?}: {done:?}");
        done.out
    }

    /// A token that may write for a partner.
    pub fn token(&self, partner: &str) -> String {
        let token = self.fine(&["tokens", "add", "--user", &format!("{partner}@example.org"), "--scope", "write"]);
        assert_eq!(token.lines().count(), 1, "the token alone");
        token.trim().to_owned()
    }

    /// Serves; returns when it answers.
    pub fn serve(&self, arguments: &[&str]) -> Server {
        self.serve_at(TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port").port(), arguments)
    }

    /// Serves on this port; returns when it answers.
    pub fn serve_at(&self, port: u16, arguments: &[&str]) -> Server {
        let mut command = self.command(&[&["serve"], arguments].concat());
        let mut child =
            command.env("ROCKET_PORT", port.to_string()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("it runs");
        let mut welcome = String::new();
        let mut out = BufReader::new(child.stdout.take().expect("it is piped"));
        out.read_line(&mut welcome).expect("it speaks");
        assert!(welcome.starts_with("convene is at http"), "{welcome}");
        // The rest is read on, so that it never waits for a reader.
        std::thread::spawn(move || out.lines().for_each(drop));
        Server { child, port, base: format!("http://127.0.0.1:{port}") }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_convene"));
        command.args(arguments).current_dir(self.folder.path()).stdin(Stdio::null());
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("ROCKET_")) {
            command.env_remove(name);
        }
        command
    }
}

/// A server at work; it ends with this value.
pub struct Server {
    child: Child,
    /// Its port.
    pub port: u16,
    /// Its address, without a slash at the end.
    pub base: String,
}

/// An answer: its status, its headers in lower case, its body.
#[derive(Debug)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// Its `ETag`.
    pub etag: String,
    /// Its `Content-Type`.
    pub kind: String,
    /// Its body.
    pub body: String,
}

impl Answer {
    /// Its body as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

impl Server {
    /// Ends it at once, as a power cut would: it can do nothing about it.
    pub fn kill(mut self) {
        self.child.kill().expect("it can be killed");
        self.child.wait().expect("it is over");
    }

    /// Asks for something.
    pub fn get(&self, path: &str, headers: &[(&str, &str)]) -> Result<Answer, ureq::Error> {
        get(&self.base, path, headers)
    }

    /// Sends something.
    pub fn post(&self, path: &str, headers: &[(&str, &str)], body: &str) -> Result<Answer, ureq::Error> {
        post(&self.base, path, headers, body)
    }
}

/// Asks a server for something.
pub fn get(base: &str, path: &str, headers: &[(&str, &str)]) -> Result<Answer, ureq::Error> {
    let request =
        headers.iter().fold(agent().get(format!("{base}{path}")), |request, (name, value)| request.header(*name, *value));
    read(request.call()?)
}

/// Sends something to a server.
pub fn post(base: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Result<Answer, ureq::Error> {
    let request =
        headers.iter().fold(agent().post(format!("{base}{path}")), |request, (name, value)| request.header(*name, *value));
    read(request.header("Content-Type", "application/json").send(body)?)
}

fn agent() -> ureq::Agent {
    let within = Some(std::time::Duration::from_secs(30));
    ureq::Agent::config_builder().http_status_as_error(false).timeout_global(within).max_redirects(0).build().into()
}

fn read(mut response: ureq::http::Response<ureq::Body>) -> Result<Answer, ureq::Error> {
    let header = |name| response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let (status, etag, kind) = (response.status().as_u16(), header("etag"), header("content-type"));
    Ok(Answer { status, etag, kind, body: response.body_mut().read_to_string()? })
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A file of the tests.
pub fn fixture(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/calendars/convenings").join(name).display().to_string()
}
