#!/usr/bin/env python3
"""How long the program takes from its start to its first answered page, with the demo loaded, and how much memory it
then uses after 200 pages and feeds. Runs on loopback, stops by itself.

    cargo build --release && python3 benches/start.py
"""

import os
import socket
import subprocess
import sys
import tempfile
import time

PROGRAM = sys.argv[1] if len(sys.argv) > 1 else "target/release/convene"
ROUNDS = 9
PATHS = ("/", "/feeds/all.ics", "/findings", "/?view=year")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def get(port, path):
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        answer = b""
        while part := connection.recv(65536):
            answer += part
    return answer.startswith(b"HTTP/1.1 200")


def start(database, port):
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    begun = time.monotonic()
    server = subprocess.Popen([PROGRAM, "--database", database, "serve", "--demo"], env={**os.environ, "ROCKET_PORT": str(port)}, **quiet)
    while time.monotonic() - begun < 30:
        try:
            if get(port, "/"):
                return server, time.monotonic() - begun
        except OSError:
            time.sleep(0.001)
    server.kill()
    sys.exit("the program did not answer within 30 s")


def memory(server):
    with open(f"/proc/{server.pid}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))


def main():
    with tempfile.TemporaryDirectory() as folder:
        database, port = os.path.join(folder, "bench.sqlite"), free_port()
        times, used = [], []
        for round_ in range(ROUNDS + 1):
            server, took = start(database, port)
            for _ in range(50):
                for path in PATHS:
                    get(port, path)
            used.append(memory(server))
            server.terminate()
            server.wait(timeout=40)
            if round_ == 0:
                print(f"first start, which loads the demo: {took * 1000:.0f} ms")
            else:
                times.append(took)
        times.sort()
        middle = times[len(times) // 2]
        print(f"start to first answered page, demo loaded: median {middle * 1000:.0f} ms, from {times[0] * 1000:.0f} to {times[-1] * 1000:.0f} ms, {ROUNDS} starts")
        print(f"resident memory after {50 * len(PATHS)} answers: at most {max(used) / 1024:.0f} MiB")


main()
