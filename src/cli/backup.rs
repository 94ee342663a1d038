//! `convene backup`

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;
use indicatif::ProgressBar;

use super::{Misuse, Outcome, Place};
use crate::clock::Clock;
use crate::store::{Error as StoreError, Store};

#[derive(Debug, Args)]
pub(super) struct Backup {
    /// Where to; a file that is not there yet
    file: PathBuf,
}

impl Backup {
    pub(super) fn run(self, place: &Place) -> anyhow::Result<Outcome> {
        if self.file.exists() {
            return Err(Misuse(format!("{} is there already; name another file", self.file.display())).into());
        }
        let app = place.existing_app(Clock::System)?;
        // A copy that was broken off must not look like one that is whole.
        let part = self.file.with_extension("part");
        let _ = std::fs::remove_file(&part);
        let bar = ProgressBar::new(1);
        let copied = app.store.backup(&part, |left, all| {
            bar.set_length(u64::try_from(all).unwrap_or(1));
            bar.set_position(u64::try_from(all - left).unwrap_or(0));
        });
        bar.finish_and_clear();
        copied.with_context(|| format!("copying to {}", self.file.display()))?;
        let faults = Store::open(&part)?.read(|reader| reader.faults())?;
        anyhow::ensure!(faults.is_empty(), "the copy is not sound: {}", faults.join("; "));
        for ending in ["part-wal", "part-shm"] {
            let _ = std::fs::remove_file(self.file.with_extension(ending));
        }
        std::fs::rename(&part, &self.file).with_context(|| format!("naming the copy {}", self.file.display()))?;
        let now = app.now().timestamp().to_string();
        app.store.write::<_, StoreError>(|writer| writer.set_meta("backed_up", &now))?;
        super::print(&format!("{}\n", self.file.display()))?;
        Ok(Outcome::Fine)
    }
}
