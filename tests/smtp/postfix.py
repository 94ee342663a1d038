#!/usr/bin/env python3
"""Letters through a real Postfix, whose delivery reports come back into the bounce folder.

    tests/smtp/postfix.py [--program target/debug/convene]

Postfix runs on loopback with a configuration of its own in a temporary folder; no service of the system is started or
changed. It relays to a server of ours that refuses one address for good and one for now, and writes its reports into
a maildir that convene reads. Needs root, as Postfix does, and openssl for nothing: the certificate is in tests/smtp/tls.
"""

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from relay import Plan, Relay  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


class Postfix:
    """A Postfix of its own: takes our mail over STARTTLS, relays it, and delivers reports into a maildir."""

    def __init__(self, folder, next_port):
        self.port, self.config, self.inlet = free_port(), folder / "config", folder / "mail" / "bounces"
        for name in ("config", "queue", "data", "mail"):
            (folder / name).mkdir()
        for name in ("postfix-files", "postfix-files.d", "dynamicmaps.cf", "dynamicmaps.cf.d"):
            if (source := Path("/etc/postfix") / name).exists():
                (shutil.copytree if source.is_dir() else shutil.copy)(source, self.config / name)
        shutil.chown(folder / "data", "postfix")
        shutil.chown(folder / "mail", "nobody")
        folder.chmod(0o755)
        nobody = "65534"
        (self.config / "main.cf").write_text(
            f"""compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = relay.example.org
mydestination =
local_transport = error:none
alias_maps =
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
relayhost = [127.0.0.1]:{next_port}
smtp_tls_security_level = none
smtpd_tls_cert_file = {ROOT}/tests/smtp/tls/relay.pem
smtpd_tls_key_file = {ROOT}/tests/smtp/tls/relay.pem
smtpd_tls_security_level = may
recipient_delimiter = +
virtual_mailbox_domains = bounces.example.org
virtual_mailbox_base = {folder}/mail
virtual_mailbox_maps = static:bounces/
virtual_uid_maps = static:{nobody}
virtual_gid_maps = static:{nobody}
minimal_backoff_time = 1s
maximal_backoff_time = 2s
queue_run_delay = 1s
maximal_queue_lifetime = 5s
bounce_queue_lifetime = 5s
"""
        )
        services = """{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 1 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""
        (self.config / "master.cf").write_text(services.format(port=f"127.0.0.1:{self.port}"))
        self.log = folder / "log"

    def run(self, command):
        subprocess.run(["postfix", "-c", self.config, command], check=True, capture_output=True, timeout=60)


def wait_for(what, seconds, why):
    until = time.monotonic() + seconds
    while not what():
        if time.monotonic() > until:
            raise SystemExit(f"postfix: {why()}")
        time.sleep(0.2)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=str(ROOT / "target/debug/convene"))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="postfix-") as folder:
        folder = Path(folder)
        relay = Relay(Plan(refuse=["nobody@"], full=["full@"], spam=["strict@"]))
        postfix = Postfix(folder, relay.port)
        postfix.run("start")
        try:
            check(options.program, folder, postfix, relay)
        finally:
            postfix.run("stop")


def check(program, folder, postfix, relay):
    place = folder / "convene"
    place.mkdir()
    mail = {
        "transport": "smtp", "host": "localhost", "port": postfix.port, "tls": "required",
        "authorities": f"{ROOT}/tests/smtp/tls/authority.pem", "hello": "convene.example.org", "from": "convene@convene.example.org",
        "bounce": "bounce@bounces.example.org", "bounce_folder": str(postfix.inlet), "per_second": 1000,
    }  # fmt: skip
    inline = ",".join(f"{key}={json.dumps(value)}" for key, value in mail.items())
    env = {**{k: v for k, v in os.environ.items() if not k.startswith("ROCKET_")}, "ROCKET_MAIL": "{" + inline + "}"}

    def convene(*arguments):
        return subprocess.run([program, *arguments], cwd=place, env=env, capture_output=True, text=True, timeout=60)

    convene("partners", "add", "harbor", "--name", "Harbor Alliance")
    doctor = json.loads(convene("doctor", "--json").stdout)
    server = next(one for one in doctor["findings"] if one["what"] == "mail server")
    assert server["health"] == "fine", server
    people = ["ada@city.example.org", "nobody@city.example.org", "full@city.example.org", "strict@city.example.org"]
    for person in people:
        done = convene("doctor", "--to", person)
        assert "taken: 250" in done.stdout, done
    wait_for(lambda: len(relay.accepted) == 1, 20, lambda: f"only {len(relay.accepted)} letters came through\n{postfix.log.read_text()}")
    # A refusal comes back at once; a full mailbox after the relay has given up; spam is ours, and blamed on nobody.
    new = postfix.inlet / "new"
    wait_for(lambda: new.exists() and len(list(new.iterdir())) >= 3, 40, lambda: f"no reports\n{postfix.log.read_text()}")
    told = convene("deliver").stderr
    listed = json.loads(convene("suppressions", "list", "--json").stdout)
    assert [(one["address"], one["reason"]) for one in listed] == [("nobody@city.example.org", "hard")], listed
    assert "5.1.1" in listed[0]["evidence"], listed
    assert "5.7.1" in told, told
    assert not list(new.iterdir()), "the reports were put away"
    assert convene("suppressions", "lift", "nobody@city.example.org").returncode == 0
    assert convene("suppressions", "list").stdout == ""
    assert convene("verify").returncode == 0
    print("4 letters through Postfix over STARTTLS: 1 arrived, 3 reports came back: 1 hard, 1 soft, 1 about us")


if __name__ == "__main__":
    main()
