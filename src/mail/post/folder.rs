//! A folder of `.eml` files: letters that any mail program can open and nobody else gets.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::refusal::{Class, SendError};
use super::{AtDotError, FrozenRef, Receipt};

/// An open folder.
#[derive(Debug)]
pub(super) struct Folder(PathBuf);

impl Folder {
    /// Makes the folder where it does not exist.
    pub(super) fn open(path: &Path) -> Result<Self, SendError> {
        fs::create_dir_all(path).map_err(|error| trouble(path, &error))?;
        Ok(Self(path.to_owned()))
    }

    /// Writes `NNNN-<message id>.eml`, numbered in the order of sending. The same letter again is the same file.
    pub(super) fn send(
        &self,
        letter: FrozenRef<'_>,
        at_dot: &mut dyn FnMut() -> Result<(), AtDotError>,
    ) -> Result<Receipt, SendError> {
        let name = self.name_for(letter.message_id).map_err(|error| trouble(&self.0, &error))?;
        at_dot().map_err(SendError::unmarked)?;
        self.write(&name, letter.bytes).map_err(|error| trouble(&self.0, &error))?;
        Ok(Receipt { code: 250, reply: format!("written to {}", self.0.join(name).display()) })
    }

    fn name_for(&self, message_id: &str) -> io::Result<String> {
        let tail = format!("-{}.eml", stem(message_id));
        let mut highest = 0;
        for entry in fs::read_dir(&self.0)? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            if name.ends_with(&tail) && number(&name).is_some() {
                return Ok(name);
            }
            highest = highest.max(number(&name).unwrap_or(0));
        }
        Ok(format!("{:04}{tail}", highest + 1))
    }

    /// Whoever looks sees the whole letter or none of it.
    fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let draft = self.0.join(format!(".{name}.draft"));
        let mut file = File::create(&draft)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(draft, self.0.join(name))
    }
}

/// The message id without its brackets and domain, as a file's name may be.
fn stem(message_id: &str) -> String {
    let local = message_id.trim_matches(['<', '>']).split('@').next().unwrap_or_default();
    local.chars().map(|c| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '_' }).take(100).collect()
}

fn number(name: &str) -> Option<u32> {
    name.split_once('-')?.0.parse().ok()
}

fn trouble(path: &Path, error: &io::Error) -> SendError {
    SendError::silent(Class::Link, format!("{}: {error}", path.display()))
}
