"""A mail server that keeps what it is given, counts it, and fails when told to.

It listens on a loopback port of its own choosing and prints "PORT n". Each accepted mail becomes
FOLDER/NNNNN.eml, byte for byte as it was received, and each event one line of JSON in
FOLDER/events.jsonl. It stops after --seconds, whatever happens.

--fail PHASE:REPLY:PROBABILITY[:PART] makes it fail; PART is a part of the recipient's address (of
the sender's at "mail"). Phases:

  ehlo, mail, rcpt, data, dot   answer with REPLY, such as "450 4.2.0 later"
  drop_data                     hang up instead of answering DATA
  drop_before, drop_after       take the text and hang up: without storing it, or after storing it
"""

import argparse
import asyncio
import json
import random
import ssl
import time
from email.parser import BytesHeaderParser
from pathlib import Path

from aiosmtpd.smtp import SMTP, AuthResult


class Fault:
    """One way to fail."""

    def __init__(self, text):
        self.phase, self.reply, probability, *part = text.split(":", 3)
        self.probability, self.part = float(probability), "".join(part)

    def strikes(self, phase, address, dice):
        return phase == self.phase and self.part in address and dice.random() < self.probability


class Sink:
    """What aiosmtpd asks when a command arrives."""

    def __init__(self, options):
        self.folder = options.folder
        self.events = (options.folder / "events.jsonl").open("a", buffering=1)
        self.faults = options.fail
        self.greylist, self.first_seen = options.greylist, {}
        self.dice = random.Random(options.seed)
        self.stored = 0

    def note(self, event, **more):
        self.events.write(json.dumps({"event": event, "at": time.time(), **more}) + "\n")

    def fault(self, phase, address=""):
        """The reply to fail with, or None."""
        for fault in self.faults:
            if fault.strikes(phase, address, self.dice):
                self.note("failed", phase=phase, reply=fault.reply, address=address)
                return fault.reply
        return None

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        session.host_name = hostname
        self.note("ehlo", name=hostname)
        reply = self.fault("ehlo")
        return [reply] if reply else responses

    async def handle_MAIL(self, server, session, envelope, address, options):
        reply = self.fault("mail", address or "")
        if reply:
            return reply
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        reply = self.fault("rcpt", address) or self.grey(address)
        if reply:
            return reply
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    def grey(self, address):
        """Refuses an address until it has been known for a while."""
        now = time.monotonic()
        known_for = now - self.first_seen.setdefault(address, now)
        if known_for < self.greylist:
            self.note("greylisted", address=address)
            return "450 4.2.0 Greylisted, try again later"
        return None

    async def handle_DATA(self, server, session, envelope):
        to = envelope.rcpt_tos[0]
        if self.fault("drop_before", to):
            return hang_up(server)
        reply = self.fault("dot", to)
        if reply:
            return reply
        self.store(envelope)
        if self.fault("drop_after", to):
            return hang_up(server)
        return f"250 2.0.0 Stored as {self.stored:05}"

    def store(self, envelope):
        self.stored += 1
        name = f"{self.stored:05}.eml"
        (self.folder / name).write_bytes(envelope.original_content)
        head = BytesHeaderParser().parsebytes(envelope.original_content)
        self.note(
            "stored",
            file=name,
            sender=envelope.mail_from,
            to=envelope.rcpt_tos,
            message_id=head["Message-ID"],
            key=head["X-Idempotency"],
        )


class Server(SMTP):
    """aiosmtpd, with a say before the text is asked for."""

    async def smtp_DATA(self, arg):
        to = "".join(self.envelope.rcpt_tos[:1])
        if to and self.event_handler.fault("drop_data", to):
            hang_up(self)
            return
        reply = to and self.event_handler.fault("data", to)
        if reply:
            await self.push(reply)
            return
        if to:
            self.event_handler.note("data", to=to)
        await super().smtp_DATA(arg)


def hang_up(server):
    """Closes the connection with nothing said; the reply that aiosmtpd then writes goes nowhere."""
    server.transport.abort()
    return "421 gone"


def authenticator(user):
    """Lets in whoever says exactly USER:PASSWORD."""

    def check(server, session, envelope, mechanism, data):
        given = b":".join([data.login, data.password]).decode()
        return AuthResult(success=given == user, handled=False)

    return check


def certificate(file):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(file)
    return context


async def serve(options):
    sink = Sink(options)

    tls = certificate(options.certificate) if options.certificate else None

    def connection():
        more = {"authenticator": authenticator(options.auth), "auth_required": True} if options.auth else {}
        if tls and not options.wrapper:
            more |= {"tls_context": tls, "require_starttls": True}
        return Server(sink, hostname="sink.test", auth_require_tls=False, **more)

    loop = asyncio.get_running_loop()
    server = await loop.create_server(connection, "127.0.0.1", 0, ssl=tls if options.wrapper else None)
    print("PORT", server.sockets[0].getsockname()[1], flush=True)
    await asyncio.sleep(options.seconds)
    server.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--fail", type=Fault, action="append", default=[], metavar="PHASE:REPLY:PROBABILITY[:PART]")
    parser.add_argument("--greylist", type=float, default=0, metavar="SECONDS")
    parser.add_argument("--auth", metavar="USER:PASSWORD")
    parser.add_argument("--certificate", metavar="PEM", help="with its key: offers STARTTLS, and takes no mail without")
    parser.add_argument("--wrapper", action="store_true", help="TLS from the first byte instead")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(serve(options))


if __name__ == "__main__":
    main()
