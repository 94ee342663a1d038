#!/usr/bin/env python3
"""How fast feeds are polled, read, made anew and taken in, with 1,000 and 10,000 events: beside nginx with the same
bytes as a file, beside a bare Rocket route that answers from memory, and beside Radicale with the same events.
Runs on loopback, stops by itself after two to four minutes, and prints Markdown.

    apt-get install nginx-light wrk && python3 -m venv target/bench && target/bench/bin/pip install radicale==3.5.8
    cargo build --release && cargo build --release --manifest-path benches/bare/Cargo.toml --target-dir target/bench
    python3 benches/feeds.py
"""

import datetime
import gzip
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

CONVENE = os.environ.get("CONVENE", "target/release/convene")
BARE = os.environ.get("BARE", "target/bench/release/bare")
RADICALE = os.environ.get("RADICALE", "target/bench/bin/radicale")
SECONDS = int(os.environ.get("SECONDS_EACH", "3"))
ROUNDS = 3
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
ROLES = ("elected_official", "city_manager", "chief_of_staff", "chief_equity_officer", "equity_staff", "procurement_staff",
         "business_support", "wealth_building", "community_organizer", "mayor", "council_member")
PLACES = (("Kansas City, MO", "America/Chicago"), ("Phoenix, AZ", "America/Phoenix"), ("Atlanta, GA", "America/New_York"),
          ("Denver, CO", "America/Denver"), ("Seattle, WA", "America/Los_Angeles"))
WORDS = "budget equity plan council city region team review study housing transit water safety open data procurement contract".split()


def calendar(count):
    """Made-up sessions around today, the same for the same day."""
    dice, first = random.Random(7), datetime.date.today() - datetime.timedelta(days=340)
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//convene//bench//EN"]
    for number in range(count):
        day, (place, zone) = first + datetime.timedelta(days=number * 860 // count), PLACES[number % 5]
        lines += ["BEGIN:VEVENT", f"UID:bench-{number}@example.org", "DTSTAMP:20260101T000000Z",
                  f"SUMMARY:Session {number} on {dice.choice(WORDS)} and {dice.choice(WORDS)}",
                  f"DESCRIPTION:{' '.join(dice.choice(WORDS) for _ in range(40))}",
                  f"CATEGORIES:{ROLES[number % len(ROLES)]},{'virtual' if number % 3 else 'in_person'}"]
        if number % 10 == 0:
            after = day + datetime.timedelta(days=3)
            lines += [f"DTSTART;VALUE=DATE:{day:%Y%m%d}", f"DTEND;VALUE=DATE:{after:%Y%m%d}", f"LOCATION:{place}"]
        else:
            hour = 8 + number % 9
            lines += [f"DTSTART;TZID={zone}:{day:%Y%m%d}T{hour:02}0000", f"DTEND;TZID={zone}:{day:%Y%m%d}T{hour + 1:02}3000",
                      f"LOCATION:{place}" if number % 3 == 0 else f"URL:https://example.org/join/{number}"]
        lines.append("END:VEVENT")
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A server on a port of its own, stopped at the end."""

    def __init__(self, command, port, path, env=None):
        self.port, self.path = port, path
        begun = time.monotonic()
        self.process = subprocess.Popen(command, env={**os.environ, **(env or {})}, start_new_session=True, **QUIET)
        while time.monotonic() - begun < 60:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.0005)
        self.took = time.monotonic() - begun

    def url(self):
        return f"http://127.0.0.1:{self.port}{self.path}"

    def get(self, **headers):
        request = urllib.request.Request(self.url(), headers={name.replace("_", "-"): value for name, value in headers.items()})
        begun = time.monotonic()
        with urllib.request.urlopen(request, timeout=60) as answer:
            body = answer.read()
            return time.monotonic() - begun, body, answer.headers

    def memory(self, name="VmRSS"):
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
            return next(int(line.split()[1]) / 1024 for line in status if line.startswith(name))

    def stop(self):
        os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(timeout=40)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)


def load(server, connections, *headers):
    """Answers a second, and the 99th percentile in ms."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{SECONDS}s", "--latency", "--timeout", "30s"]
    for header in headers:
        command += ["-H", header]
    said = subprocess.run([*command, server.url()], capture_output=True, text=True, check=True).stdout
    value, unit = re.search(r"99%\s+([\d.]+)(us|ms|s|m)", said).groups()
    scale = {"us": 0.001, "ms": 1, "s": 1000, "m": 60000}[unit]
    return float(re.search(r"Requests/sec:\s+([\d.]+)", said).group(1)), float(value) * scale


def nginx(folder, feed):
    files, port = os.path.join(folder, "files"), free_port()
    os.makedirs(os.path.join(files, "feeds"), exist_ok=True)
    for name, data in (("all.ics", feed), ("all.ics.gz", gzip.compress(feed, 1))):
        with open(os.path.join(files, "feeds", name), "wb") as file:
            file.write(data)
    with open(os.path.join(folder, "nginx.conf"), "w", encoding="ascii") as conf:
        as_root = "user root; " if os.geteuid() == 0 else ""
        conf.write(f"""{as_root}daemon off; worker_processes 2; pid {folder}/nginx.pid; error_log /dev/null;
events {{ worker_connections 1024; }}
http {{ access_log off; sendfile on; tcp_nopush on; keepalive_requests 10000000; types {{ text/calendar ics; }} gzip_static on;
client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
server {{ listen 127.0.0.1:{port} backlog=1024; root {files}; }} }}""")
    return Server(["nginx", "-c", os.path.join(folder, "nginx.conf"), "-p", folder], port, "/feeds/all.ics")


def radicale(folder, feed):
    store, port = os.path.join(folder, "radicale"), free_port()
    config = os.path.join(folder, "radicale.conf")
    with open(config, "w", encoding="ascii") as conf:
        conf.write(f"[server]\nhosts = 127.0.0.1:{port}\n[auth]\ntype = none\n[rights]\ntype = authenticated\n[storage]\nfilesystem_folder = {store}\n")
    server = Server([RADICALE, "--config", config], port, "/bench/all/")
    put = urllib.request.Request(server.url(), data=feed, method="PUT", headers={"Content-Type": "text/calendar", "Authorization": "Basic YmVuY2g6"})
    urllib.request.urlopen(put, timeout=120).close()
    return server


def best(rounds):
    """The middle of what was measured, and its spread."""
    ordered = sorted(rounds)
    return ordered[len(ordered) // 2], ordered[0], ordered[-1]


def run(*arguments):
    begun = time.monotonic()
    subprocess.run([CONVENE, *arguments], check=True, **QUIET)
    return time.monotonic() - begun


def row(name, *cells):
    print("| " + " | ".join([name, *cells]) + " |")


def at_work(folder, count):
    """Import, start, first builds and memory; gives the running service and its feed."""
    source, taken = os.path.join(folder, f"{count}.ics"), []
    with open(source, "wb") as file:
        file.write(calendar(count))
    for number in range(ROUNDS):
        database = os.path.join(folder, f"{count}-{number}.sqlite")
        run("--database", database, "partners", "add", "bench", "--name", "Bench League")
        taken.append(run("--database", database, "import", source, "--partner", "bench", "--doubtful"))
    again = best([run("--database", database, "import", source, "--partner", "bench", "--doubtful") for _ in range(ROUNDS)])
    starts = []
    for _ in range(5):
        begun = time.monotonic()
        server = serve(database)
        urllib.request.urlopen(f"http://127.0.0.1:{server.port}/api/v1/health", timeout=30).close()
        starts.append(time.monotonic() - begun)
        server.stop()
    server = serve(database)
    # Until what it does at its start is done.
    time.sleep(3)
    idle = server.memory()
    first, feed, headers = server.get()
    print(f"\n### {count:,} events, a feed of {len(feed) / 1e6:.1f} MB\n")
    print("| what | measured | wanted |\n| --- | --- | --- |")
    big = count > 1000
    row("import", spread(best(taken)), "under 1,000 ms" if big else "")
    row("second reading, nothing changed", spread(again), "under 300 ms" if big else "")
    row("cold start to the first answer", spread(best(starts)), "under 50 ms" if big else "")
    row("resident memory, idle", f"{idle:.0f} MiB", "under 30 MB" if big else "")
    row("first build after a start", f"{first * 1000:.1f} ms", "")
    changes(server, database, count, len(feed))
    _, feed, headers = server.get()
    load(server, 16, f"If-None-Match: {headers['ETag']}")
    row("resident memory, 16 clients polling", f"{server.memory():.0f} MiB (at most {server.memory('VmHWM'):.0f} MiB since the start)", "under 64 MB" if big else "")
    return server, feed


def spread(measured):
    return f"{measured[0] * 1000:.0f} ms ({measured[1] * 1000:.0f} to {measured[2] * 1000:.0f})"


def work(server):
    import json
    with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/api/v1/health/ready", timeout=30) as answer:
        return json.load(answer)["feeds"]


def changes(server, database, count, size):
    """The first answer after one event changed: the feed that it is in, packed, and one that it is not in."""
    plain, packed, beside, written = [], [], [], []
    mayor = Server.__new__(Server)
    mayor.port, mayor.path = server.port, "/feeds/all.ics?modes=hybrid"
    mayor.get()
    server.get(Accept_Encoding="gzip")
    for number in range(6):
        run("--database", database, "propose", f"Late {number}", "--partner", "bench", "--mode", "virtual", "--roles", "mayor",
            "--start", "2027-03-10T14:00", "--end", "2027-03-10T15:00", "--zone", "America/New_York", "--status", "confirmed")
        before = work(server)
        if number % 2:
            packed.append(server.get(Accept_Encoding="gzip")[0])
        else:
            plain.append(server.get()[0])
        after = work(server)
        written.append(after["bytes_written"] - before["bytes_written"])
        beside.append(mayor.get()[0])
        assert work(server)["bytes_written"] == after["bytes_written"], "a feed was rebuilt that the event is not in"
    row("first answer after one event changed", spread(best(plain)), "under 50 ms" if count > 1000 else "under 5 ms")
    row("the same, packed", spread(best(packed)), "under 100 ms" if count > 1000 else "under 10 ms")
    row("bytes written anew for it", f"{best(written)[0]:,} of {size:,}", "its entry alone")
    row("a feed that the event is not in", f"{spread(best(beside))}, 0 bytes written", "0 bytes")


def serve(database):
    port = free_port()
    return Server([CONVENE, "--database", database, "serve"], port, "/feeds/all.ics", {"ROCKET_PORT": str(port)})


def compare(folder, ours, feed):
    others = {"convene": ours, "nginx": nginx(folder, feed)}
    path = os.path.join(folder, "feed.ics")
    with open(path, "wb") as file:
        file.write(feed)
    port = free_port()
    others["bare Rocket"] = Server([BARE], port, "/feeds/all.ics", {"FEED": path, "ROCKET_PORT": str(port), "ROCKET_LOG_LEVEL": "off"})
    time.sleep(0.3)
    print("\n| answers a second (p99) | convene | bare Rocket | nginx | of bare | of nginx | wanted |\n| --- | --- | --- | --- | --- | --- | --- |")
    tags = {name: server.get()[2]["ETag"] for name, server in others.items()}
    kinds = (
        ("304, kept alive, 64 connections", 64, lambda name: [f"If-None-Match: {tags[name]}"], "0.85 and 0.5"),
        ("304, a connection each", 16, lambda name: [f"If-None-Match: {tags[name]}", "Connection: close"], "0.75 of nginx"),
        ("whole, 16 connections", 16, lambda name: [], "0.7 of nginx"),
        ("whole, packed, 16 connections", 16, lambda name: ["Accept-Encoding: gzip"], "0.65 of nginx"),
    )
    whole = []
    for title, connections, headers, wanted in kinds:
        measured = {name: [] for name in others}
        # In turns, so that what else the machine does falls on all alike.
        for _ in range(ROUNDS):
            for name, server in others.items():
                if not ("packed" in title and name == "bare Rocket"):
                    measured[name].append(load(server, connections, *headers(name)))
        middle = {name: sorted(rounds)[len(rounds) // 2] for name, rounds in measured.items() if rounds}
        cell = lambda name: f"{middle[name][0]:,.0f} ({middle[name][1]:.1f} ms)" if name in middle else "–"
        part = lambda name: f"{middle['convene'][0] / middle[name][0]:.2f}" if name in middle else "–"
        if title.startswith("whole"):
            whole.append(middle["convene"][0])
        row(title, cell("convene"), cell("bare Rocket"), cell("nginx"), part("bare Rocket"), part("nginx"), wanted)
    for name in ("nginx", "bare Rocket"):
        others[name].stop()
    return whole


def main():
    for needed in (CONVENE, BARE, "nginx", "wrk"):
        if not shutil.which(needed):
            sys.exit(f"{needed} is missing; see the head of this file")
    with tempfile.TemporaryDirectory() as folder:
        for count in (1000, 10000):
            server, feed = at_work(folder, count)
            whole, packed = compare(folder, server, feed)
            print(f"\nResident memory after whole feeds to 16 clients at once: {server.memory():.0f} MiB (at most {server.memory('VmHWM'):.0f} MiB).")
            server.stop()
            if count == 1000 and shutil.which(RADICALE):
                other = radicale(folder, feed)
                took = best([other.get(Authorization="Basic YmVuY2g6")[0] for _ in range(3)])
                other.stop()
                print(f"Radicale: {1 / took[0]:.1f} whole feeds a second; convene {whole * took[0]:,.0f} times as many (wanted: 300), packed {packed * took[0]:,.0f} times.")


main()
