//! How fast clashes are found, on a made-up network, beside the simplest ways to find some of them.
//!
//! `cargo bench --bench conflicts` prints the table of BENCHMARKS.md; `-- --quick` does all of it on a small
//! network, to see that it runs. Whatever is compared is first checked to give the same.
#![allow(clippy::expect_used, reason = "a measurement that cannot be made is worth nothing")]

mod network;
mod plain;
mod rounds;
mod stored;

use std::hint::black_box;

use convene::domain::conflict::{find, find_all};
use convene::domain::suggest::suggest;
use convene::domain::{Agenda, Days, Policy};

use network::{DAYS, FIRST, Network, SMALL, Size, WHOLE};
use rounds::{measure, once, percentile};

/// The program's own.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let quick = std::env::args().any(|argument| argument == "--quick");
    let (size, rounds) = if quick { (SMALL, 3) } else { (WHOLE, 15) };
    let mut table = Table::default();
    let network = Network::new(size);
    let two_years = Days::new(FIRST, FIRST + chrono::Days::new(DAYS - 1));
    let entries = network.entries(1, size.occurrences, two_years);
    overlaps(&network, &entries, rounds, &mut table);
    everything(&network, &entries, rounds.min(7), &mut table);
    stored::questions(&network, &entries, size, quick, &mut table);
    stored::changes(&network, size, quick, &mut table);
    table.print(size, quick);
}

/// What was measured, line by line.
#[derive(Default)]
pub struct Table(Vec<[String; 3]>);

impl Table {
    /// Adds a line.
    pub fn add(&mut self, what: &str, measured: String, wanted: &str) {
        eprintln!("{what}: {measured}");
        self.0.push([what.to_owned(), measured, wanted.to_owned()]);
    }

    fn print(&self, size: Size, quick: bool) {
        let command = if quick { "cargo bench --bench conflicts -- --quick" } else { "cargo bench --bench conflicts" };
        let Size { occurrences, teams, speakers, venues } = size;
        println!(
            "`{command}` · {} · {occurrences} occurrences over two years, a tenth of the events series; 20 roles, {teams} city",
            machine()
        );
        println!("teams of 2–8 people, {speakers} speakers, {venues} venues; median (fastest–slowest) of several rounds.\n");
        println!("| what | measured | wanted |\n| --- | --- | --- |");
        for [what, measured, wanted] in &self.0 {
            println!("| {what} | {measured} | {wanted} |");
        }
    }
}

fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let known = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = known.lines().find_map(|line| line.strip_prefix("model name")).and_then(|line| line.split(": ").nth(1));
    format!("{cores} cores, {}, {}", model.unwrap_or("a processor that does not say its name"), std::env::consts::OS)
}

/// Something that calls back for each pair that it finds.
type Sweep<'a> = dyn Fn(&mut dyn FnMut(u32, u32)) + 'a;

/// All overlaps of people, speakers and rooms, three ways.
fn overlaps(network: &Network, entries: &[convene::domain::Entry], rounds: usize, table: &mut Table) {
    let agenda = Agenda::new(network.facts(entries.to_vec()));
    let times = plain::times(&agenda);
    let sorted = plain::sorted(&times);
    let database = plain::table(&times);
    let expected = plain::pairs(|visit| plain::sweep(&sorted, visit));
    assert_eq!(expected, plain::pairs(|visit| plain::joined(&database, visit)), "the join finds what the sweep finds");
    let mine: Vec<_> = plain::engine_pairs(&agenda);
    let others: Vec<_> = expected.into_iter().filter(|(_, a, b)| !plain::is_one_event(&agenda, *a, *b)).collect();
    assert!(mine == others, "the engine finds {} pairs and the sweep {}", mine.len(), others.len());

    let count = |sweep: &Sweep<'_>| {
        let mut sum = (0_u64, 0_u64);
        sweep(&mut |a, b| sum = (sum.0 + 1, sum.1 + u64::from(a + b)));
        sum
    };
    let sweep = measure(rounds, || black_box(count(&|visit| plain::sweep(&sorted, |_, a, b| visit(a, b)))));
    let join = measure(rounds.min(7), || black_box(plain::join(&database)));
    let engine = measure(rounds, || black_box(count(&|visit| agenda.overlaps(|_, a, b| visit(a, b)))));
    table.add(&format!("plain sweep: every overlap of one key, {} pairs", others.len()), sweep.to_string(), "");
    table.add("SQL join over SQLite, its best index in place", join.to_string(), "");
    let ratios = format!("{engine}: {} the sweep, {} faster than the join", engine.ratio(&sweep), join.ratio(&engine));
    table.add("convene: the same overlaps, each once", ratios, "≤ 3× the sweep, ≥ 10× faster than the join");
    let sorting = measure(rounds.min(5), || plain::sorted(black_box(&times)));
    table.add("plain sweep: copying and sorting the times first", sorting.to_string(), "");
}

fn everything(network: &Network, entries: &[convene::domain::Entry], rounds: usize, table: &mut Table) {
    let policy = Policy::default();
    let facts = network.facts(entries.to_vec());
    let made = measure(rounds.min(3), || Agenda::new(facts.clone()));
    table.add("convene: an agenda of everything, from its facts", made.to_string(), "");
    let agenda = Agenda::new(facts);
    let findings = find_all(&agenda, &policy);
    let all = measure(rounds, || find_all(&agenda, &policy));
    let found = format!("convene: all findings of all kinds, teams counted, worded: {} findings", findings.len());
    table.add(&found, all.to_string(), "< 1 s");
    for (kind, count) in kinds(&findings) {
        eprintln!("    {kind}: {count}");
    }
    let asked: Vec<f64> =
        entries.iter().step_by(entries.len() / 500 + 1).map(|entry| once(|| find(entry, &agenda, &policy))).collect();
    table.add("convene: one event against everything, in memory", percentile(asked), "");
    for (what, wish) in stored::wishes() {
        let better = measure(rounds, || suggest(&wish, &agenda, &policy));
        table.add(&format!("convene: better dates over 60 days, {what}, in the engine"), better.to_string(), "< 10 ms");
    }
}

fn kinds(findings: &[convene::domain::conflict::Finding]) -> std::collections::BTreeMap<&'static str, usize> {
    let mut kinds = std::collections::BTreeMap::new();
    for finding in findings {
        *kinds.entry(finding.kind.as_str()).or_default() += 1;
    }
    kinds
}
