"""A mail server for crash tests: fast, counting, and treacherous at exactly the moment it is told.

It runs on a thread of its own and speaks just enough SMTP. Every accepted mail is counted by its
X-Idempotency and its Message-ID. A Plan says how it fails, and whom it calls at which moment: at
"data" (before 354), "text" (some of the text has come; True cuts the line), "stored" (before the
reply) and "replied" (after it).
"""

import asyncio
import collections
import random
import threading
import time


class Plan:
    """How the server behaves; everything off by default. Probabilities are from 0 to 1."""

    def __init__(self, seed=1, refuse=(), full=(), spam=(), later=0, busy=0, drop_before=0, drop_after=0, greylist=0, per_connection=0, delay=0):
        self.dice = random.Random(seed)
        self.refuse = refuse  # parts of addresses that are nobody's
        self.full, self.spam = full, spam  # parts of addresses: 452 4.2.2 at RCPT; 554 5.7.1 there
        self.later = later  # 450 at RCPT
        self.busy = busy  # 421 at MAIL
        self.drop_before, self.drop_after = drop_before, drop_after  # hang up around storing
        self.greylist = greylist  # seconds
        self.per_connection = per_connection  # mails, then 421
        self.delay = delay  # seconds before the reply to the text
        self.moment = lambda moment, number: None  # called with the name and the count of mails so far

    def strikes(self, probability):
        return probability and self.dice.random() < probability


class Relay:
    """The server; `port` stays the same over `close` and `open`."""

    def __init__(self, plan):
        self.plan, self.port, self.server, self.writers = plan, 0, None, set()
        self.accepted = []  # (time, key, message id), in order
        self.texts = 0
        self.first_seen = {}
        self.most_open = 0
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, daemon=True).start()
        self.open()

    def on_loop(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(30)

    def open(self):
        self.on_loop(self._open())

    def close(self):
        """Ends at once, as if killed: nobody gets an answer any more."""
        self.on_loop(self._close())

    async def _open(self):
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", self.port)
        self.port = self.server.sockets[0].getsockname()[1]

    async def _close(self):
        self.server.close()
        for writer in list(self.writers):
            writer.transport.abort()

    def keys(self):
        return collections.Counter(key for _, key, _ in list(self.accepted))

    def copies(self):
        """Mails by key, and by Message-ID: both must tell the same."""
        by_id = collections.Counter(message_id for _, _, message_id in self.accepted)
        assert sorted(by_id.values()) == sorted(self.keys().values()), "keys and Message-IDs differ"
        return self.keys()

    def peak_per_second(self):
        times = [at for at, _, _ in self.accepted]
        return max((sum(1 for t in times if at <= t < at + 1) for at in times[:: max(1, len(times) // 200)]), default=0)

    async def serve(self, reader, writer):
        self.writers.add(writer)
        self.most_open = max(self.most_open, len(self.writers))
        try:
            await self.talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self.writers.discard(writer)
            writer.close()

    async def talk(self, reader, writer):
        plan, carried, recipient = self.plan, 0, ""

        async def say(text):
            writer.write(text.encode() + b"\r\n")
            await writer.drain()

        await say("220 relay.test ESMTP")
        while line := (await reader.readline()).decode().strip():
            verb = line.split(":")[0].split(" ")[0].upper()
            if verb == "EHLO":
                await say("250-relay.test\r\n250 8BITMIME")
            elif verb == "MAIL":
                if (plan.per_connection and carried >= plan.per_connection) or plan.strikes(plan.busy):
                    return await say("421 4.3.2 that is enough for one connection")
                await say("250 2.1.0 OK")
            elif verb == "RCPT":
                recipient = line.split("<")[1].split(">")[0]
                await say(self.recipient(recipient))
            elif verb == "DATA":
                plan.moment("data", self.texts + 1)
                await say("354 go on")
                if not await self.text(reader, writer, recipient, say):
                    return None
                carried += 1
            elif verb == "QUIT":
                return await say("221 2.0.0 bye")
            else:
                await say("250 2.0.0 OK")
        return None

    def recipient(self, address):
        plan = self.plan
        if any(part in address for part in plan.refuse):
            return "550 5.1.1 nobody of that name"
        if any(part in address for part in plan.full):
            return "452 4.2.2 mailbox full"
        if any(part in address for part in plan.spam):
            return "554 5.7.1 looks like spam"
        now = time.monotonic()
        if now - self.first_seen.setdefault(address, now) < plan.greylist:
            return "450 4.2.0 greylisted"
        return "450 4.3.0 later" if plan.strikes(plan.later) else "250 2.1.5 OK"

    async def text(self, reader, writer, recipient, say):
        """Reads a text; False where the connection is over."""
        plan = self.plan
        lines = [await reader.readline()]
        self.texts += 1
        if plan.moment("text", self.texts):
            # What was under way when the sender died is lost with it.
            writer.transport.abort()
            return False
        while lines[-1] != b".\r\n":
            lines.append(await reader.readline())
            if not lines[-1]:
                return False
        if plan.strikes(plan.drop_before):
            writer.transport.abort()
            return False
        header = lines[: lines.index(b"\r\n")]
        head = dict(line.decode().rstrip("\r\n").split(": ", 1) for line in header if b": " in line)
        self.accepted.append((time.time(), head["X-Idempotency"], head["Message-ID"]))
        plan.moment("stored", len(self.accepted))
        if plan.strikes(plan.drop_after):
            writer.transport.abort()
            return False
        if plan.delay:
            await asyncio.sleep(plan.delay)
        await say("250 2.0.0 stored")
        plan.moment("replied", len(self.accepted))
        return True
