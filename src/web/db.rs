//! The service shared among requests; the only crossing from async to sync.

use std::ops::Deref;
use std::sync::Arc;

use rocket::tokio::task::spawn_blocking;

use super::problem::Problem;
use crate::app::App;

/// The service behind the front door.
#[derive(Clone)]
pub struct Service {
    app: Arc<App>,
    /// The demo: a page shows the mail that would go out.
    pub demo: bool,
}

impl Service {
    /// The service as every request has it.
    #[must_use]
    pub fn new(app: Arc<App>, demo: bool) -> Self {
        Self { app, demo }
    }

    /// Does `work` on a thread that may wait.
    ///
    /// # Errors
    /// What the work returns, or a problem of ours where it broke off.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&App) -> crate::app::Result<T> + Send + 'static,
    ) -> Result<T, Problem> {
        let app = Arc::clone(&self.app);
        match spawn_blocking(move || work(&app)).await {
            Ok(done) => done.map_err(Problem::from),
            Err(broken) => Err(Problem::ours(&broken)),
        }
    }
}

impl Deref for Service {
    type Target = App;
    fn deref(&self) -> &App {
        &self.app
    }
}
