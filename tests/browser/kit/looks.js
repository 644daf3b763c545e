// How a page looks and whether everybody can use it: WCAG 2.2 AA by axe, no sideways scrolling, targets that a thumb
// hits. A picture of each goes to `screenshots/`, for eyes.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

import { expect } from "@playwright/test";

const AXE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const WIDTHS = [360, 1280];
const PICTURES = fileURLToPath(new URL("../screenshots", import.meta.url));

export async function looksRight(page, name) {
  const language = await page.locator("html").getAttribute("lang");
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: width === 360 ? 740 : 900 });
    const where = `${name} at ${width} px in ${language}`;
    await page.screenshot({ path: `${PICTURES}/${name}-${language}-${width}.png`, fullPage: true });
    expect.soft(await sideways(page), `${where}: wider than the screen`).toBe(0);
    expect.soft(await smallTargets(page), `${where}: too small for a thumb`).toEqual([]);
    expect.soft(await barriers(page), where).toEqual([]);
  }
}

// How many pixels have to be scrolled sideways to see all of it.
export function sideways(page) {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return Math.max(0, scrollWidth - clientWidth);
  });
}

// 44 px high for whatever is pressed; links within a sentence are as high as the sentence.
function smallTargets(page) {
  return page.evaluate(() => {
    const small = [];
    for (const target of document.querySelectorAll("a[href], button, summary, input:not([type=hidden]), select")) {
      const tall = target.matches("input[type=checkbox], input[type=radio]") ? target.closest("label") : target;
      const { width, height } = tall.getBoundingClientRect();
      const isHidden = width === 0 || target.closest(".skip") || !target.checkVisibility();
      const inText = target.matches("a") && getComputedStyle(target).display === "inline";
      if (!isHidden && !inText && height < 43.5) small.push(`${target.outerHTML.slice(0, 90)} ${Math.round(height)}`);
    }
    return small;
  });
}

async function barriers(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(
    (values) => axe.run(document, { runOnly: { type: "tag", values }, resultTypes: ["violations"] }),
    RULES,
  );
  return violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.html.slice(0, 160)} (${node.failureSummary})`));
}
