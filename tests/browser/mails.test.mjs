// The HTML part of every wording of our mail, as a mail program shows it: in light and dark, and on a phone.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { after, before, test } from "node:test";

import { chromium } from "playwright-core";

import { faults } from "./checks.mjs";

// Laid out by the test every_wording_is_laid_out_for_other_programs.
const folder = new URL("../../target/tmp/mails/", import.meta.url);
const mails = readdirSync(folder).filter((name) => name.endsWith(".html"));

let browser;
before(async () => {
  browser = await chromium.launch({ executablePath: process.env.CONVENE_CHROMIUM, args: ["--no-sandbox"] });
});
after(() => browser.close());

test("there is every wording", () => assert.ok(mails.length > 20, mails.join()));

for (const name of mails) {
  test(`${name} can be read by everybody, in light and dark and on a phone`, async () => {
    const page = await browser.newPage({ viewport: { width: 700, height: 900 } });
    await page.goto(new URL(name, folder).href);
    assert.deepEqual(await faults(page), []);
    if (process.env.CONVENE_SCREENSHOTS) {
      for (const colorScheme of ["light", "dark"]) {
        await page.emulateMedia({ colorScheme });
        await page.screenshot({ path: `${process.env.CONVENE_SCREENSHOTS}/${name}.${colorScheme}.png`, fullPage: true });
      }
    }
    await page.close();
  });
}
