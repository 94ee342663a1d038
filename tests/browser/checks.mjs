// What every page keeps to, whoever looks: axe-core's rules by light and dark, and no sideways scrolling on a phone.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const source = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

// What is wrong with the page as it is shown; empty where nothing is.
export async function faults(page) {
  const found = [];
  // Evaluated by the debugger, so that the page's own content security policy stays in force.
  await page.evaluate(source);
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    for (const fault of await page.evaluate(axeFaults)) found.push(`${colorScheme}: ${fault}`);
  }
  await page.emulateMedia({ colorScheme: "light" });
  const size = page.viewportSize();
  await page.setViewportSize({ width: 320, height: 640 });
  const [wide, shown] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  if (wide > shown) found.push(`${wide - shown} pixels too wide for a phone`);
  await page.setViewportSize(size);
  return found;
}

// Runs in the page.
async function axeFaults() {
  const { violations } = await globalThis.axe.run(document, { resultTypes: ["violations"], elementRef: true });
  // axe-core takes a drawing's <title>, which is its tooltip, for text that is shown.
  const isTooltip = (id, node) => id === "label-content-name-mismatch" && node.element?.closest("svg");
  return violations.flatMap(({ id, nodes }) =>
    nodes.filter((node) => !isTooltip(id, node)).map((node) => `${id}: ${node.target.join(" ")}`),
  );
}
