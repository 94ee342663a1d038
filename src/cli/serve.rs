//! `convene serve`

use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use anyhow::Context as _;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use rocket::Shutdown;
use rocket::fairing::AdHoc;
use rocket::figment::Figment;

use super::{Outcome, Place, data, open};
use crate::app::answers::remind;
use crate::app::deliver::{self, Stop};
use crate::app::digest::{Run, run as write_digests};
use crate::app::{App, Error, bounces, holds, notify, once, overrides, passing, seed, sign_in, sync, teams, upload};
use crate::clock::Clock;
use crate::web;

/// How often the background looks for digests that are due, holds that lapse and reports of failed letters.
const EVERY: Duration = Duration::from_secs(5);
/// How often it looks for notices that are due: what is urgent is on its way within two seconds.
const AT_ONCE: Duration = Duration::from_secs(1);
/// For how long a stop waits for the letters in hand.
const LAST_LETTER: Duration = Duration::from_secs(30);
/// For how long the link that the demo prints signs in.
const LINK_HOURS: i64 = 12;

#[derive(Debug, Args)]
pub(super) struct Serve {
    /// Fill an empty database with the real convenings that ship with the program, and made-up people
    #[arg(long)]
    demo: bool,
}

impl Serve {
    pub(super) fn run(self, place: &Place) -> anyhow::Result<Outcome> {
        let (figment, settings) = place.settings()?;
        let app = open(settings, Clock::System)?;
        data::put_in_place(&app)?;
        if self.demo {
            fill(&app)?;
        }
        let jobs = open(app.settings.clone(), Clock::System)?;
        let welcome = welcome(&app, self.demo);
        let runtime = rocket::tokio::runtime::Builder::new_multi_thread()
            .worker_threads(figment.extract_inner("workers").unwrap_or(2))
            .enable_all()
            .build()
            .context("starting the runtime")?;
        let served = runtime.block_on(serve(app, jobs, figment, self.demo, welcome));
        runtime.shutdown_timeout(LAST_LETTER);
        served.map(|()| Outcome::Fine)
    }
}

async fn serve(app: App, jobs: App, figment: Figment, demo: bool, welcome: String) -> anyhow::Result<()> {
    let say = AdHoc::on_liftoff("welcome", move |_| Box::pin(async move { println!("{welcome}") }));
    let rocket = web::build(app, &figment, demo).attach(say).ignite().await.map_err(|error| anyhow::anyhow!(said(&error)))?;
    let jobs = Arc::new(jobs);
    rocket::tokio::spawn(work_until(rocket.shutdown(), Arc::clone(&jobs), EVERY, write_letters));
    // A long run of digests holds up no notice.
    rocket::tokio::spawn(work_until(rocket.shutdown(), Arc::clone(&jobs), AT_ONCE, write_notices));
    let sender = Sender::start(Arc::clone(&jobs), rocket.shutdown());
    // A calendar that answers slowly holds up no letter.
    rocket::tokio::spawn(work_until(rocket.shutdown(), jobs, EVERY, read_calendars));
    let launched = rocket.launch().await.map_err(|error| anyhow::anyhow!(said(&error)));
    rocket::tokio::task::spawn_blocking(move || sender.finish()).await?;
    launched.map(drop)
}

/// The thread that carries letters to the post.
struct Sender {
    stop: Arc<Stop>,
    over: Receiver<()>,
}

impl Sender {
    /// Sends until the server stops.
    fn start(app: Arc<App>, shutdown: Shutdown) -> Self {
        let stop = Arc::new(Stop::default());
        let (told, over) = channel();
        let at_shutdown = Arc::clone(&stop);
        rocket::tokio::spawn(async move {
            shutdown.await;
            at_shutdown.now();
        });
        let until = Arc::clone(&stop);
        std::thread::spawn(move || {
            give_way();
            let say = |what: &str| eprintln!("convene: mail: {what}");
            deliver::keep_delivering(&app, &app.settings.post(), &until, &say);
            let _ = told.send(());
        });
        Self { stop, over }
    }

    /// Lets the letters in hand go out, and says goodbye to the mail server.
    fn finish(self) {
        self.stop.now();
        // A mail server that does not answer in time: the letter is marked, and is recovered at the next start.
        let _ = self.over.recv_timeout(LAST_LETTER);
    }
}

/// Lets whoever waits for an answer go first: of this thread, and of those it begins.
///
/// Linux keeps that for each thread (`setpriority(2)`, notes on threads); elsewhere it would slow down the whole service.
fn give_way() {
    #[cfg(target_os = "linux")]
    // Where it is not allowed, letters are as urgent as answers.
    let _ = rustix::process::setpriority_process(None, 10);
}

/// Does background work again and again until the server stops.
async fn work_until(mut stop: Shutdown, jobs: Arc<App>, every: Duration, work: fn(&App)) {
    loop {
        let app = Arc::clone(&jobs);
        // Each round finishes the letter in hand, also while the server is stopping.
        let _ = rocket::tokio::task::spawn_blocking(move || work(&app)).await;
        rocket::tokio::select! {
            () = &mut stop => return,
            () = rocket::tokio::time::sleep(every) => {}
        }
    }
}

/// Notes what came back, and writes the letters that are due; the sender finds them.
fn write_letters(app: &App) {
    let how = Run { dry_run: false, replay: false, sent_from: app.now() };
    report("reports of failed letters", bounces::take_in(app).map(drop));
    report("old letters", deliver::forget(app).map(drop));
    report("holds", holds::sweep(app).map(drop));
    report("overrides", overrides::expire(app).map(drop));
    report("reminders", remind::sweep(app).map(drop));
    report("findings of the day", passing::sweep(app).map(drop));
    report("councils", teams::carry_on(app).map(drop));
    report("uploads", upload::sweep(app));
    report("kept answers", once::sweep(app));
    report("digests", write_digests(app, how).map(drop));
}

/// Tells organizers what is due.
fn write_notices(app: &App) {
    report("notices", notify::write_due(app).map(drop));
}

/// Reads the upstream calendars that are due.
fn read_calendars(app: &App) {
    report("calendars", sync::due(app).map(drop));
}

fn said(error: &rocket::Error) -> String {
    use rocket::error::ErrorKind;
    match error.kind() {
        ErrorKind::Bind(cause) => format!("the address could not be listened on: {cause}; choose another with ROCKET_PORT"),
        other => format!("the server could not start: {other}"),
    }
}

fn report(what: &str, done: Result<(), Error>) {
    if let Err(error) = done {
        eprintln!("convene: {what}: {error}");
    }
}

fn fill(app: &App) -> anyhow::Result<()> {
    let style = ProgressStyle::with_template("{bar:24} {pos}/{len} {msg}").unwrap_or_else(|_| ProgressStyle::default_bar());
    let bar = ProgressBar::new(1).with_style(style);
    seed::demo(app, |what, done, all| {
        bar.set_length(all as u64);
        bar.set_position(done as u64);
        bar.set_message(what.to_owned());
    })?;
    bar.finish_and_clear();
    Ok(())
}

fn welcome(app: &App, demo: bool) -> String {
    let base = &app.settings.base_url;
    let mut lines = vec![format!("convene is at {base}/")];
    lines.push(format!("  feed for a calendar program: {base}/feeds/all.ics"));
    if demo {
        let link = |email: &str| sign_in::link(app, email, LINK_HOURS);
        if let Ok(organizer) = link(seed::ORGANIZER) {
            lines.push(format!("  sign in as an organizer (once): {organizer}"));
        }
        if let Ok(lead) = link(seed::LEAD.0) {
            lines.push(format!("  sign in as a city team lead (once): {lead}"));
        }
        if let Ok(operator) = link(seed::OPERATOR) {
            lines.push(format!("  sign in as the operator (once): {operator}"));
        }
        lines.push(format!("  mail that would go out: {base}/desk/mail"));
        lines.push("  everybody in this demo is made up; the convenings are real".to_owned());
    } else {
        lines.push(format!(
            "  add people who may sign in: convene users add EMAIL --partner SLUG; they ask for a link at {base}/sign-in"
        ));
    }
    lines.join("\n")
}
