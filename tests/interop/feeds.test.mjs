// The feed of the demo, read by calendar software that is not ours, against the table that its convenings come from.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { Program } from "../browser/program.mjs";
import { readFeed } from "./read_feed.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const python = process.env.CONVENE_PYTHON ?? "python3";

let program, feed, byPython, byNode, table;

before(async () => {
  program = await Program.start();
  const answer = await fetch(`${program.base}/feeds/all.ics?past=P10Y&future=P10Y`);
  assert.equal(answer.status, 200);
  feed = await answer.text();
  const file = join(program.folder, "all.ics");
  await writeFile(file, feed);
  byPython = await readByPython(file);
  byNode = readFeed(feed);
  table = rows(await readFile(join(here, "../calendars/convenings/partner-events.csv"), "utf8"));
});

after(() => program?.stop());

test("both find nothing wrong", () => {
  assert.deepEqual(byPython.faults, []);
  assert.deepEqual(byNode.faults, []);
});

test("both read the same entries, days and instants", () => {
  assert.equal(byNode.entries.length, feed.split("BEGIN:VEVENT").length - 1);
  assert.deepEqual(byNode.entries, byPython.entries);
});

test("every convening of the table has its civil days", () => {
  assert.equal(table.length, 87);
  // What is cancelled stays, and says so in its title as well.
  const read = new Map(byPython.entries.map((entry) => [entry.title.replace(/^Cancelled: /, ""), entry]));
  const wrong = [];
  for (const row of table) {
    const entry = read.get(row.title);
    const meant = [row.start.slice(0, 10), row.end.slice(0, 10) || null];
    const cancelled = row.status === "cancelled";
    if (!entry) wrong.push(`${row.title} is missing`);
    else if (String(entry.days) !== String(meant)) wrong.push(`${row.title}: ${entry.days} instead of ${meant}`);
    else if (cancelled !== (entry.status === "CANCELLED")) wrong.push(`${row.title}: ${entry.status}`);
    else if (row.start.includes("T") && row.time_zone && entry.zone !== row.time_zone) wrong.push(`${row.title}: ${entry.zone}`);
  }
  assert.deepEqual(wrong, []);
});

test("an occurrence is an entry of its own, for every program alike", () => {
  assert.equal(byPython.occurrences, byPython.entries.length);
  assert.equal(byNode.occurrences, byNode.entries.length);
  assert.ok(byNode.entries.length > 87, "the cohorts' series are in it");
});

test("what is exported at the command line is the feed", async () => {
  const exported = await program.run("export");
  const read = readFeed(exported);
  assert.deepEqual(new Set(read.entries.map((entry) => entry.uid)), new Set(byNode.entries.map((entry) => entry.uid)));
});

// Feeds that are not for everybody: their addresses are printed once, and hold names.
for (const [whose, words] of [["team", ["--team", "sampleton-oh"]], ["user", ["--user", "gia.sample@example.org"]]]) {
  test(`the feed of a ${whose} is read alike by both, and says what the public one does not`, async () => {
    const address = (await program.run("feeds", "add", ...words)).trim();
    const answer = await fetch(`${program.base}${new URL(address).pathname}?past=P10Y&future=P10Y`);
    assert.equal(answer.status, 200);
    const own = await answer.text();
    const file = join(program.folder, `${whose}.ics`);
    await writeFile(file, own);
    const [theirs, ours] = [await readByPython(file), readFeed(own)];
    assert.deepEqual([theirs.faults, ours.faults], [[], []]);
    assert.deepEqual(ours.entries, theirs.entries);
    assert.deepEqual([theirs.occurrences, ours.occurrences], [ours.entries.length, theirs.entries.length]);
    assert.ok(ours.entries.length > 0);

    // Who of the team an entry is for, by name and as both programs show it; nobody else's feed names anybody.
    const said = ours.entries.filter((entry) => /^For [^\n]*Sample/m.test(entry.text));
    assert.equal(said.length > 0, whose === "team", `${said.length} of ${ours.entries.length}`);
    assert.equal(said.length, whose === "team" ? ours.entries.length : 0, "each entry says for whom");
    assert.ok(!byNode.entries.some((entry) => /^For [^\n]*Sample/m.test(entry.text)), "not in public");
    // The same convening has the same name in every feed, so that a program can tell that it has it already.
    const known = new Set(byNode.entries.map((entry) => entry.uid));
    const shared = ours.entries.filter((entry) => known.has(entry.uid));
    if (whose === "team") assert.equal(shared.length, ours.entries.length);
    else assert.ok(shared.length > 0);
  });
}

async function readByPython(file) {
  try {
    const { stdout } = await promisify(execFile)(python, [join(here, "read_feed.py"), file], { maxBuffer: 64 << 20 });
    return JSON.parse(stdout);
  } catch (error) {
    throw new Error(`${python} cannot read the feed; tests/run installs what it needs, and CONVENE_PYTHON names it\n${error.stderr ?? error}`);
  }
}

// A table by its header; quoted cells may have commas and doubled quotes in them.
function rows(text) {
  const [header, ...lines] = text.trim().split(/\r?\n/).map((line) => {
    const cells = line.match(/("([^"]|"")*"|[^,]*)(,|$)/g).map((cell) => cell.replace(/,$/, ""));
    return cells.map((cell) => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell));
  });
  return lines.map((cells) => Object.fromEntries(header.map((name, at) => [name, cells[at] ?? ""])));
}
