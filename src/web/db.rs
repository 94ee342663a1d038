//! The service shared among requests; the only crossing from async to sync.

use std::ops::Deref;
use std::sync::Arc;

use rocket::tokio::task::spawn_blocking;

use super::answer::Json;
use super::problem::Problem;
use crate::app::App;
use crate::app::once::{Attempt, once};

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

    /// Does `work` on a thread that may wait: all of it in one transaction with its answer, and only once, where the
    /// sender named the request.
    ///
    /// # Errors
    /// What the work returns; as [`once()`]; a problem of ours where it broke off.
    pub async fn once(
        &self,
        attempt: Option<Attempt>,
        work: impl FnOnce(&App) -> Result<Json, Problem> + Send + 'static,
    ) -> Result<Json, Problem> {
        let app = Arc::clone(&self.app);
        let done = spawn_blocking(move || match attempt {
            None => work(&app),
            Some(attempt) => once(&app, &attempt, work, Json::kept, Json::again),
        });
        done.await.unwrap_or_else(|broken| Err(Problem::ours(&broken)))
    }
}

impl Deref for Service {
    type Target = App;
    fn deref(&self) -> &App {
        &self.app
    }
}
