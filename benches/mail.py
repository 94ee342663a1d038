#!/usr/bin/env python3
"""How fast letters are written and sent: `cargo build --release && python3 benches/mail.py`, about five minutes.

The mail server is the counting one of the crash tests, on loopback; the database is on disk with synchronous = FULL.
lettre's pool is measured beside ours where it was built:
`cargo build --release --manifest-path benches/pool/Cargo.toml --target-dir target`.
Prints a table in Markdown for BENCHMARKS.md.
"""

import argparse
import csv
import datetime
import importlib.machinery
import importlib.util
import multiprocessing
import re
import statistics
import subprocess
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def load(path):
    loader = importlib.machinery.SourceFileLoader("crash", str(path))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("crash", loader))
    loader.exec_module(module)
    return module


crash = load(ROOT / "tests/smtp/crash")


def p99(times):
    return sorted(times)[int(len(times) * 0.99)] if times else float("nan")


def rate(options, workers, count):
    with crash.setting(options, crash.Plan(), workers) as (place, relay):
        place.write(count)
        place.start()
        crash.wait_for(lambda: len(relay.accepted) >= count, 120)
        place.stop()
        first, last = relay.accepted[0][0], relay.accepted[-1][0]
        return count / (last - first)


def pool(options, connections, count):
    """Letters a second of lettre's own pool, which keeps nothing in a database."""
    with crash.setting(options, crash.Plan()) as (place, relay):
        port = re.search(r"\bport=(\d+)", place.env["ROCKET_MAIL"])[1]
        done = subprocess.run([options.pool, port, str(count), str(connections)], capture_output=True, text=True, timeout=300)
        assert done.returncode == 0 and len(relay.accepted) == count, done
        return float(done.stdout)


def spread(figures):
    return f"{statistics.median(figures):.0f} ({min(figures):.0f} to {max(figures):.0f})"


def latency(options, behind, notices, per_second):
    """Seconds from a notice's commit to its acceptance, behind so many digests."""
    with crash.setting(options, crash.Plan(), per_second=per_second) as (place, relay):
        place.write(behind, "digest", 8)
        place.start()
        if behind:
            crash.wait_for(lambda: relay.accepted, 60)
        else:
            time.sleep(1)
        written = {}
        for n in range(notices):
            place.write(1, "notice", 4, first=n + 1)
            written[f"notice:{n + 1}"] = time.time()
            time.sleep(0.05)
        crash.wait_for(lambda: sum(1 for _, key, _ in list(relay.accepted) if key in written) == notices, 120)
        return [at - written[key] for at, key, _ in relay.accepted if key in written]


def api(options, mails, per_second=100_000, asks=2400):
    """Milliseconds of an API answer, without and with a full outbox draining."""
    with crash.setting(options, crash.Plan(), per_second=per_second) as (place, relay):
        base = f"http://127.0.0.1:{place.start()}/api/v1/events?limit=20"
        crash.wait_for(lambda: crash.answers(base), 30)

        # A process of its own: the counting server would make it wait for the interpreter's lock.
        here, there = multiprocessing.get_context("spawn").Pipe()
        asker = multiprocessing.get_context("spawn").Process(target=answer_times, args=(base, there), daemon=True)
        asker.start()

        def ask(asks=asks // 4):
            here.send(asks)
            return here.recv()

        # In turns: on a machine that does other things too, one after the other would compare two different hours.
        idle, busy, rounds = [], [], 4
        for part in range(1, rounds + 1):
            idle += ask()
            place.write(mails // rounds, first=1 + (part - 1) * (mails // rounds))
            asked = len(relay.accepted)
            crash.wait_for(lambda: len(relay.accepted) > asked, 30)
            while len(relay.accepted) < part * (mails // rounds):
                busy += ask(50)
        asker.terminate()
        return idle, busy


def answer_times(base, pipe):
    """Asks as often as it is told to, and tells how many milliseconds each answer took."""
    while True:
        times = []
        for _ in range(pipe.recv()):
            begun = time.perf_counter()
            urllib.request.urlopen(base).read()
            times.append((time.perf_counter() - begun) * 1000)
            time.sleep(0.005)
        pipe.send(times)


def digests(options, readers, changes):
    """Seconds in which the digests of so many readers over so many changes are written."""
    with crash.setting(options, crash.Plan()) as (place, _):
        with (place.folder / "events.csv").open("w", newline="") as file:
            table = csv.writer(file)
            table.writerow(["title", "start_date", "end_date", "mode", "roles", "time_zone"])
            for n in range(changes):
                day = datetime.date(2028, 1, 3) + datetime.timedelta(days=n)
                table.writerow([f"Convening {n}", day, day, "virtual", "procurement_staff", "America/Chicago"])
        imported = place.run("import", "events.csv", "--partner", "harbor", "--doubtful")
        assert imported.returncode == 0, imported
        with crash.contextlib.closing(crash.sqlite3.connect(place.database)) as connection, connection:
            connection.executemany(
                "INSERT INTO subscriptions (email, frequency, time_zone, hour, state, confirm_hash, confirm_until, created_at,"
                " confirmed_at, watermark, next_due) VALUES (?1, 'weekly', 'UTC', 7, 'active', ?1, 0, 0, 0, 0, 0)",
                [(f"reader{n}@example.org",) for n in range(readers)],
            )
        begun = time.monotonic()
        done = subprocess.run([place.program, "digest"], cwd=place.folder, env=place.env, capture_output=True, text=True)
        took = time.monotonic() - begun
        written = place.sql("SELECT count(*) FROM outbox WHERE kind = 'digest'")[0][0]
        assert written == readers, (written, done.stderr)
        return took


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=str(ROOT / "target/release/convene"))
    parser.add_argument("--pool", default=str(ROOT / "target/release/pool"), help="lettre's pool, if it is built")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only-digests", action="store_true")
    options = parser.parse_args()
    print("| what | measured | wanted |\n| --- | --- | --- |")

    def row(what, measured, wanted):
        print(f"| {what} | {measured} | {wanted} |", flush=True)

    if options.only_digests:
        row("5,000 digests over 1,000 changes, written", f"{digests(options, 5000, 1000):.1f} s", "under 60 s")
        return
    rounds = range(options.rounds)
    for connections, wanted in [(2, "200"), (1, "150")]:
        of = "one connection" if connections == 1 else f"{connections} workers"
        ours, theirs = [], []
        for _ in rounds:
            ours.append(rate(options, connections, 3000))
            theirs += [pool(options, connections, 200)] if Path(options.pool).exists() else []
        row(f"letters a second, {of}, middle of {options.rounds} (lowest to highest)", spread(ours), wanted)
        if theirs:
            row("the same by lettre's own pool, which keeps nothing", spread(theirs), "")
    empty = latency(options, 0, 100, 1000)
    row("a notice from its commit to the server's 250, empty queue", f"median {statistics.median(empty):.2f} s, p99 {p99(empty):.2f} s", "p99 under 2 s")
    behind = latency(options, 5000, 100, 200)
    row("the same behind 5,000 digests, 200 letters a second", f"median {statistics.median(behind):.2f} s, p99 {p99(behind):.2f} s", "p99 under 30 s")
    for per_second, how in [(200, "at 200 a second"), (100_000, "as fast as they go")]:
        idle, busy = api(options, 10_000, per_second)
        row(f"an API answer, idle, before letters go {how}", f"median {statistics.median(idle):.1f} ms, p99 {p99(idle):.2f} ms", "")
        row(
            f"the same while 10,000 letters drain {how}, in turns with it",
            f"median {statistics.median(busy):.1f} ms, p99 {p99(busy):.2f} ms",
            "p99 at most 10 % more",
        )
    row("5,000 digests over 1,000 changes, written", f"{digests(options, 5000, 1000):.1f} s", "under 60 s")


if __name__ == "__main__":
    main()
