import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import type { Server } from "node:http";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import type { AxeResults } from "axe-core";
import { chromium, type Browser, type Locator, type Page, type Response } from "playwright";
import { afterAll, beforeAll, expect } from "vitest";
import { serveFolder } from "../scripts/static-server.mjs";

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const site = path("../dist");
const program = spawnSync(process.execPath, [path("../../../scripts/browsers.mjs"), "chromium"], { encoding: "utf8" }).stdout.trim();
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** How long anything may take: a busy machine takes its time. */
const patience = 240_000;

/** For what a training reaches. */
export const soon = { timeout: patience, interval: 100 };

/** A page of the site in the browser. */
export interface Opened {
  readonly page: Page;
  /** The address of the site. */
  readonly address: string;
  /** What was written to the console, and what was asked of other hosts. */
  readonly complaints: string[];
  /** Bytes of scripts and styles, gzipped. */
  readonly loaded: () => number;
  /** The addresses of all requests in their order. */
  readonly requests: readonly string[];
  readonly close: () => Promise<void>;
}

/** How a page is opened: the width of the window in pixels, and light or dark. */
export interface Look {
  readonly width?: number;
  readonly colorScheme?: "light" | "dark";
}

/** The two looks that all pages are looked at in. */
export const wide = { width: 1400, colorScheme: "light" } as const;
export const narrow = { width: 400, colorScheme: "dark" } as const;

const height = 900;

/** Makes a page that is open narrow and dark. */
export async function lookNarrow(page: Page): Promise<void> {
  await page.emulateMedia({ colorScheme: narrow.colorScheme });
  await page.setViewportSize({ width: narrow.width, height });
  await page.locator("html.dark").waitFor({ state: "attached" });
}

/** How much of a page is beyond its right edge, or of a formula beyond that of its box, in pixels. */
export const hidden = (page: Page): Promise<number> =>
  page.evaluate(() => Math.max(...[document.documentElement, ...document.querySelectorAll(".formula.display")].map(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)));

/** Where a line of a Korean page ends within a word: between a letter, sign or code and the particle behind it. */
export const brokenWords = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    // Answers are read too.
    for (const details of document.querySelectorAll("details")) details.open = true;
    const found: string[] = [];
    const walker = document.createTreeWalker(document.querySelector(".vp-doc") ?? document.body, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    let before: { readonly block: Element | null; readonly bottom: number } | undefined;
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const parent = node.parentElement;
      const block = parent?.closest("p, li, td, h1, h2, h3") ?? null;
      const isWritten = parent !== null && parent.closest(".katex, pre, style") === null;
      if (!isWritten || before?.block !== block) before = undefined;
      if (!isWritten) continue;
      const text = node.textContent ?? "";
      for (const [at, sign] of [...text].entries()) {
        range.setStart(node, at);
        range.setEnd(node, at + 1);
        const [box] = range.getClientRects();
        if (/\s/.test(sign) || block === null) before = undefined;
        else if (box !== undefined && box.width > 0) {
          if (before !== undefined && /\p{Script=Hangul}/u.test(sign) && box.top > before.bottom - 4) found.push(text.slice(Math.max(0, at - 12), at + 4));
          before = { block, bottom: box.bottom };
        }
      }
    }
    return found;
  });

/** The built site in Chromium, under a sub-path, for the tests of one file. Gives a function that opens a page. */
export function builtSite(): (at: string, look?: Look) => Promise<Opened> {
  let server: Server | undefined;
  let address = "";
  let browser: Browser | undefined;
  beforeAll(async () => {
    if (!existsSync(`${site}/index.html`)) throw new Error(`${site} is not there: run \`npm run site:build\` first`);
    if (program === "") throw new Error("there is no Chromium: scripts/browsers.mjs says how to get one");
    ({ server, address } = await serveFolder(site, "/some/where/"));
    browser = await chromium.launch({ executablePath: program, args: ["--no-sandbox", "--disable-gpu"] });
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });
  return (at, look) => open(browser, address, at, look);
}

/** What Chromium tells of fonts on a busy machine: no fault of the page. */
const ofSlowness = /^Slow network is detected/;

async function open(browser: Browser | undefined, address: string, at: string, { width = 1400, colorScheme = "light" }: Look = {}): Promise<Opened> {
  if (browser === undefined) throw new Error("the browser is not there yet: open pages within tests");
  const context = await browser.newContext({ viewport: { width, height }, colorScheme, reducedMotion: "reduce" });
  context.setDefaultTimeout(patience);
  const page = await context.newPage();
  const complaints: string[] = [];
  const requests: string[] = [];
  let bytes = 0;
  page.on("console", (message) => {
    if (!ofSlowness.test(message.text())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => {
    requests.push(request.url());
    if (!request.url().startsWith(address) && !/^(data|blob):/.test(request.url())) complaints.push(`asks ${request.url()}`);
  });
  page.on("response", (response) => {
    if (/\.(js|css)$/.test(response.url())) void gzippedSize(response).then((size) => (bytes += size));
  });
  await page.goto(address + at);
  return { page, address, complaints, loaded: () => bytes, requests, close: () => context.close() };
}

/** The size of a response, gzipped; 0 if the page was left before it came. */
async function gzippedSize(response: Response): Promise<number> {
  try {
    return gzipSync(await response.body()).length;
  } catch {
    return 0;
  }
}

/** The button with exactly this name. */
export const button = (page: Page, name: string): Locator => page.getByRole("button", { name, exact: true });

/** The number in a `data-` attribute of the figure. */
export const number = async (page: Page, attribute: string): Promise<number> => Number(await page.locator(`[${attribute}]`).first().getAttribute(attribute));

/** Pauses a training, unless it has ended by itself. */
export async function pause(within: Page | Locator): Promise<void> {
  const main = within.locator("button.main").first();
  // Asking and pressing are one action: the training does not end between them.
  await main.evaluate((element: HTMLElement) => {
    if (element.dataset["state"] === "running") element.click();
  });
  await expect.poll(() => main.getAttribute("data-state"), soon).not.toBe("running");
}

/** Waits until every figure of a page shows something. */
export async function shown(page: Page): Promise<void> {
  await page.locator(".figure").first().waitFor();
  await expect.poll(() => page.locator('[aria-busy="true"]').count(), soon).toBe(0);
}

/** What axe finds to be serious on a page, or in a part of it. */
export async function seriousFaults(page: Page, part?: string): Promise<string[]> {
  // The switch of the appearance gets its name when the page begins to work.
  await expect.poll(() => page.locator('.VPSwitchAppearance[title=""]').count(), soon).toBe(0);
  // The script is large: a page takes it once.
  if (await page.evaluate("typeof axe") === "undefined") await page.evaluate(axe);
  const results = await page.evaluate(`axe.run(${part === undefined ? "document" : JSON.stringify({ include: part })}, { resultTypes: ["violations"] })`) as AxeResults;
  return results.violations.filter(({ impact }) => impact === "serious" || impact === "critical").map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`);
}
