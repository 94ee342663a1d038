//! The maildir into which mail for the address of failure reports is delivered.
//!
//! A mail server writes a message into `tmp` and moves it to `new`; what has been read is moved to `cur`.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

/// What is longer is read only so far: the report comes first, the letter it is about after it.
const LONGEST: u64 = 1 << 20;

/// A maildir.
#[derive(Debug)]
pub struct Inlet<'a>(pub &'a Path);

/// A message in it that was not read yet.
#[derive(Debug)]
pub struct Arrived {
    /// Its bytes, at most a megabyte of them.
    pub bytes: Vec<u8>,
    name: PathBuf,
}

impl Inlet<'_> {
    /// At most `limit` messages that have not been read yet, in the order of their names.
    ///
    /// # Errors
    /// When the folder or a message cannot be read; a folder that is not there yet is empty.
    pub fn arrived(&self, limit: usize) -> io::Result<Vec<Arrived>> {
        let mut names = match fs::read_dir(self.0.join("new")) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(vec![]),
            listed => listed?.map(|entry| Ok(PathBuf::from(entry?.file_name()))).collect::<io::Result<Vec<_>>>()?,
        };
        names.retain(|name| !name.as_os_str().as_encoded_bytes().starts_with(b"."));
        names.sort();
        names.truncate(limit);
        names.into_iter().map(|name| self.read(name)).collect()
    }

    fn read(&self, name: PathBuf) -> io::Result<Arrived> {
        let mut bytes = Vec::new();
        File::open(self.0.join("new").join(&name))?.take(LONGEST).read_to_end(&mut bytes)?;
        Ok(Arrived { bytes, name })
    }

    /// Puts a message away as read.
    ///
    /// # Errors
    /// When it cannot be moved.
    pub fn put_away(&self, message: &Arrived) -> io::Result<()> {
        let read = self.0.join("cur");
        fs::create_dir_all(&read)?;
        let mut name = message.name.clone().into_os_string();
        name.push(":2,S");
        fs::rename(self.0.join("new").join(&message.name), read.join(name))
    }
}
