// Letters with invitations, as the snapshots hold them, read by software that is not ours.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import ICAL from "../browser/node_modules/ical.js/dist/ical.js";

const here = fileURLToPath(new URL(".", import.meta.url));
const snapshots = join(here, "../snapshots");
const python = process.env.CONVENE_PYTHON ?? "python3";

const names = (await readdir(snapshots)).filter((name) => /^mail_invit.*\.eml\.snap$/.test(name)).sort();
const { stdout } = await promisify(execFile)(python, [join(here, "read_invitation.py"), ...names.map((name) => join(snapshots, name))]);
const letters = JSON.parse(stdout);

test("there are invitations, updates and cancellations to read", () => {
  assert.equal(letters.length, 7);
  assert.deepEqual([...new Set(letters.map((letter) => letter.method))].sort(), ["CANCEL", "REQUEST"]);
});

test("the method of the part is that of its calendar, and organizer and attendee are sender and reader", () => {
  for (const [at, letter] of letters.entries()) {
    const name = names[at];
    assert.deepEqual(letter.shape, ["multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/calendar", "application/ics"], name);
    assert.equal(letter.mime_method, letter.method, name);
    assert.deepEqual([letter.component, letter.charset, letter.disposition, letter.same_file], ["VEVENT", "utf-8", null, true], name);
    assert.equal(letter.organizer, letter.from, name);
    assert.deepEqual(letter.attendees, [letter.to], name);
    assert.equal(letter.status, letter.method === "CANCEL" ? "CANCELLED" : "CONFIRMED", name);
    assert.deepEqual(letter.errors, [], name);
  }
});

test("ical.js reads the same", () => {
  for (const [at, letter] of letters.entries()) {
    const calendar = new ICAL.Component(ICAL.parse(Buffer.from(letter.text, "base64").toString()));
    const [event, ...others] = calendar.getAllSubcomponents("vevent");
    assert.deepEqual(others, []);
    const value = (name) => event.getFirstPropertyValue(name);
    assert.deepEqual(
      [calendar.getFirstPropertyValue("method"), value("uid"), value("sequence"), value("status"), value("dtstart").toJSDate().getTime()],
      [letter.method, letter.uid, letter.sequence, letter.status, Date.parse(letter.start)],
      names[at],
    );
    assert.equal(event.getAllProperties("attendee").length, 1);
  }
});
