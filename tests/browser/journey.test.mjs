// The main journey in a real browser: sign in, propose, read the findings, confirm, find it in the feed.
// Every page on the way is checked with axe-core, by light and by dark, and at the width of a phone.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { chromium } from "playwright-core";

import { faults } from "./checks.mjs";
import { Program } from "./program.mjs";

const FLAGS = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const TITLE = "Chief equity officers: budgets that can be read";

let program, browser, page, noise;

before(async () => {
  program = await Program.start();
  browser = await chromium.launch({
    executablePath: process.env.CONVENE_CHROMIUM ?? "/usr/bin/chromium",
    headless: true,
    chromiumSandbox: false,
    args: FLAGS,
  });
  page = await browser.newPage({ baseURL: program.base, viewport: { width: 1100, height: 800 } });
  page.setDefaultTimeout(15_000);
  noise = [];
  page.on("console", (message) => message.type() === "error" && noise.push(message.text()));
  page.on("pageerror", (error) => noise.push(String(error)));
  page.on("request", (request) => request.url().startsWith(program.base) || noise.push(`asks ${request.url()}`));
});

after(async () => {
  await browser?.close();
  await program?.stop();
});

test("anybody can look around, and nothing asks another host for anything", async () => {
  for (const path of ["/", "/findings", "/subscribe", "/map", "/undated", "/feeds", "/feeds/all", "/feeds/roles/mayor", "/sign-in", "/accessibility", "/api"]) {
    const answer = await page.goto(path);
    assert.equal(answer.status(), 200, path);
    assert.deepEqual(await faults(page), [], path);
  }
  await mustSignIn("/propose");
  // The browser says on its console, rightly, that this was a 401.
  noise = noise.filter((line) => !line.includes("401"));
  assert.deepEqual(noise, []);
});

test("the printed link signs in, once, after a click", async () => {
  const link = program.organizersLink;
  await page.goto(link);
  assert.deepEqual(await faults(page), []);
  await page.getByRole("main").getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL("**/desk");
  assert.match(await page.textContent("main"), /You are signed in as Gia Sample/);
  assert.deepEqual(await faults(page), []);
  const again = await page.goto(link);
  assert.ok(again.status() >= 400, "the link is used up");
  noise = noise.filter((line) => !line.includes("status of 4"));
});

test("proposed dates are answered in a minute, and the answer stands in the form", async () => {
  await page.goto("/desk");
  await page.locator("section", { hasText: "You are asked" }).getByRole("link", { name: "Equity data workshop" }).click();
  await page.waitForURL(/\/events\/[0-9a-f-]{36}\/answers$/);
  assert.deepEqual(await faults(page), []);
  const dates = page.locator("#answer fieldset");
  assert.equal(await dates.count(), 3);
  await dates.nth(0).getByLabel("Does not suit").check();
  await dates.nth(1).getByLabel("Suits us").check();
  await page.fill("#answer [name=note]", "The second is best.");
  await page.getByRole("button", { name: "Send the answer" }).click();
  await page.getByText("your answer is kept").waitFor();
  assert.ok(await dates.nth(1).getByLabel("Suits us").isChecked());
  assert.match(await page.locator("#answers").innerText(), /The second is best/);
  assert.deepEqual(await faults(page), []);
});

test("a form with mistakes comes back filled in, each mistake beside its field", async () => {
  await page.goto("/propose");
  assert.deepEqual(await faults(page), []);
  await page.fill("[name=title]", TITLE);
  await page.fill("[name=start_date]", "2027-03-10");
  await page.fill("[name=end_date]", "2027-03-09");
  await page.check("[name=all_day]");
  await page.click("button[name=act][value=check]");
  await page.waitForSelector(".summary");
  assert.equal(await page.inputValue("[name=title]"), TITLE);
  assert.ok(await page.isChecked("[name=all_day]"));
  const links = await page.$$eval(".summary a", (links) => links.map((link) => link.getAttribute("href")));
  assert.ok(links.length >= 2, `${links}`);
  for (const target of links) assert.equal(await page.locator(target).count(), 1, `${target} leads to its field`);
  assert.deepEqual(await faults(page), []);
  noise = noise.filter((line) => !line.includes("status of 400"));
});

test("proposing shows what clashes first, and confirming puts it into the feed", async () => {
  const retreat = await theRetreat();
  await page.goto("/propose");
  await page.fill("[name=title]", TITLE);
  await page.check("[name=roles][value=chief_equity_officer]");
  await page.check("[name=mode][value=in_person]");
  await page.fill("[name=venue_city]", "Kansas City");
  await page.fill("[name=venue_state]", "MO");
  await page.fill("[name=start_date]", retreat.start);
  await page.fill("[name=end_date]", retreat.start);
  await page.fill("[name=start_time]", "09:00");
  await page.fill("[name=end_time]", "12:30");
  await page.selectOption("[name=time_zone]", "America/Chicago");
  await page.click("button[name=act][value=check]");
  const verdict = page.locator("#verdict");
  await verdict.waitFor();
  const found = await verdict.innerText();
  assert.ok(found.includes(retreat.title), `the clash is named:\n${found}`);
  assert.match(found, /chief equity officers/i, "and whom it is about");
  assert.deepEqual(await faults(page), []);
  assert.equal((await stored()).length, 0, "checking stores nothing");

  await page.click("button[name=act][value=propose]");
  await page.waitForURL(/\/events\/[0-9a-f-]{36}$/);
  assert.match(await page.textContent("main"), /Not public yet/);
  assert.ok((await page.locator("#findings").innerText()).includes(retreat.title));
  assert.deepEqual(await faults(page), []);
  assert.ok(!(await feed()).includes("budgets that can be read"), "a proposal is not public");
  assert.equal((await stored()).length, 0, "nor in the API for anybody");

  await page.click("form[action$='/confirmation'] button[type=submit]");
  await page.getByText("It is confirmed.").waitFor();
  assert.deepEqual(await faults(page), []);
  const entry = (await feed()).replaceAll("\r\n ", "").split("BEGIN:VEVENT").find((part) => part.includes(TITLE));
  assert.match(entry, /\r\nSTATUS:CONFIRMED\r\n/);
  assert.ok(entry.includes(`DTSTART;TZID=America/Chicago:${retreat.start.replaceAll("-", "")}T090000`), entry);
  assert.ok(entry.includes(page.url()), "the entry leads back to its page");
  assert.equal((await stored()).length, 1);
  assert.deepEqual(noise, []);
});

test("the calendar shows it, in every view, to somebody who is not signed in", async () => {
  const retreat = await theRetreat();
  const stranger = await browser.newPage({ baseURL: program.base });
  await stranger.goto("/?roles=chief_equity_officer");
  assert.match(await stranger.textContent("main"), /budgets that can be read/);
  for (const view of await views(stranger)) {
    assert.equal((await stranger.goto(view)).status(), 200, view);
    assert.deepEqual(await faults(stranger), [], view);
  }
  assert.ok(retreat.start > new Date().toISOString().slice(0, 10), "the demo's sessions lie ahead");
  await stranger.close();
});

test("the mail that would go out can be read in the demo", async () => {
  await page.goto("/desk/mail");
  assert.deepEqual(await faults(page), []);
  // The clash is kept back until the plan is left alone; the page shows already what would be told.
  const waiting = page.locator("main details");
  assert.ok((await waiting.count()) > 0, "the other side of the clash is going to be told");
  await waiting.first().locator("summary").click();
  assert.match(await waiting.first().innerText(), /if nothing more happens/);
  assert.deepEqual(await faults(page), []);
  assert.deepEqual(noise, []);
});

test("an organizer's other pages can be used by everybody", async () => {
  for (const path of ["/desk", "/desk/import", "/desk/sources", "/desk/sources/new", "/decisions", "/partners/gare/policy"]) {
    const answer = await page.goto(path);
    assert.equal(answer.status(), 200, path);
    assert.deepEqual(await faults(page), [], path);
  }
  assert.deepEqual(noise, []);
});

test("a doubtful row of a calendar waits, and is answered by keyboard on a phone", async () => {
  await page.setViewportSize({ width: 320, height: 640 });
  await page.goto("/desk/sources/new");
  await page.locator("details summary").click();
  const table = [
    "id,title,start,end,time_zone,mode,roles",
    "plain,Listening hour,2027-04-20,2027-04-20,America/Chicago,virtual,chief_equity_officer",
    "odd,2029 Listening week,2027-05-18,2027-05-20,America/Chicago,virtual,chief_equity_officer",
  ];
  await page.setInputFiles("[name=file]", { name: "hours.csv", mimeType: "text/csv", buffer: Buffer.from(table.join("\r\n")) });
  await page.locator("[name=file]").focus();
  await press("Add and read it");
  await page.waitForURL(/\/desk\/sources\/\d+$/);
  assert.match(await page.locator("#doubts").innerText(), /its title says 2029, and its dates are in 2027/);
  assert.deepEqual(await faults(page), []);
  const own = page.url();
  await page.goto("/desk");
  assert.match(await page.textContent("main"), /One row of “hours.csv” waits for your yes or no/);
  assert.deepEqual(await faults(page), []);
  assert.deepEqual([(await titled("Listening hour")).length, (await titled("2029 Listening week")).length], [1, 0]);

  await page.goto(own);
  await press(/^No, leave it out/);
  await page.getByText("It stays out").waitFor();
  await page.locator("summary", { hasText: "Left out on your word" }).click();
  assert.deepEqual(await faults(page), []);
  await press(/^Take it in after all/);
  await page.getByText("It is taken in.").waitFor();
  assert.equal((await titled("2029 Listening week")).length, 1);
  await page.setViewportSize({ width: 1100, height: 800 });
  assert.deepEqual(noise, []);
});

test("a table is looked at row by row and stored as chosen, by keyboard and on a phone", async () => {
  await page.setViewportSize({ width: 320, height: 640 });
  await page.goto("/desk/import");
  const table = [
    "id,title,start,end,time_zone,mode,roles",
    "one,Reading room on rents,2027-04-13,2027-04-14,America/Chicago,virtual,chief_equity_officer",
    "two,Reading room on buses,2027-05-11,2027-05-12,America/Chicago,virtual,chief_equity_officer",
    "three,Reading room on nothing,some day,,America/Chicago,virtual,chief_equity_officer",
  ];
  await page.setInputFiles("[name=file]", { name: "rooms.csv", mimeType: "text/csv", buffer: Buffer.from(table.join("\r\n")) });
  assert.deepEqual(await faults(page), []);
  await page.locator("[name=file]").focus();
  await press("Look at it");
  await page.waitForURL(/\/desk\/import\/.+/);
  const shown = await page.innerText("main");
  assert.match(shown, /2 new and 1 refused/);
  assert.match(shown, /some day/, "what is wrong with a row is said");
  assert.deepEqual(await faults(page), []);
  assert.equal((await titled("Reading room")).length, 0, "looking stores nothing");

  // Both are chosen; the second gets a no, by the space bar.
  const box = page.getByRole("checkbox", { name: /Reading room on buses/ });
  assert.ok(await box.isChecked());
  await tabTo(box);
  await page.keyboard.press("Space");
  assert.ok(!(await box.isChecked()));
  await press("Store the chosen rows");
  await page.waitForURL("**/desk");
  await page.getByText("Stored: 1 new.").waitFor();
  assert.deepEqual(await faults(page), []);
  assert.deepEqual(await titled("Reading room"), ["Reading room on rents"]);
  await page.setViewportSize({ width: 1100, height: 800 });
  assert.deepEqual(noise, []);
});

test("signing out forgets who it was", async () => {
  await page.goto("/desk");
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.waitForURL((url) => url.pathname === "/");
  await mustSignIn("/desk");
});

// The page asks who it is, and leads back afterwards.
async function mustSignIn(path) {
  const answer = await page.goto(path);
  assert.equal(answer.status(), 401, path);
  assert.equal(await page.locator(`main a[href^='/sign-in?next=']`).count(), 1, "there is a way in that leads back");
  assert.deepEqual(await faults(page), [], path);
}

// A session of the demo for chief equity officers, whole days in person, that the proposal is to clash with.
async function theRetreat() {
  const { items } = await (await fetch(`${program.base}/api/v1/events?cohorts=chief-equity-officers`)).json();
  const retreat = items.find((event) => event.mode === "in_person" && event.all_day);
  assert.ok(retreat, "the demo has one");
  return retreat;
}

// Presses a button as somebody without a mouse does.
async function press(name) {
  await tabTo(page.getByRole("main").getByRole("button", { name }));
  await page.keyboard.press("Enter");
}

// Goes on by the tabulator until it is there.
async function tabTo(target) {
  const isThere = () => target.evaluate((element) => element === document.activeElement);
  for (let step = 0; step < 60; step += 1) {
    if (await isThere()) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`${target} cannot be reached by keyboard`);
}

async function titled(start) {
  const { items } = await (await fetch(`${program.base}/api/v1/events?partners=gare&limit=200`)).json();
  return items.map((event) => event.title).filter((title) => title.startsWith(start));
}

async function stored() {
  const { items } = await (await fetch(`${program.base}/api/v1/events?partners=gare&limit=200`)).json();
  return items.filter((event) => event.title === TITLE);
}

async function feed() {
  const answer = await fetch(`${program.base}/feeds/all.ics`);
  assert.equal(answer.status, 200);
  return answer.text();
}

// The addresses of the calendar's other views, as the page links to them.
async function views(stranger) {
  const links = await stranger.$$eval("main a[href*='view=']", (links) => links.map((link) => link.getAttribute("href")));
  assert.ok(links.length > 0, "there is a month beside the agenda");
  return [...new Set(links)];
}
