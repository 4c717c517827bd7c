import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import type { Server } from "node:http";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import type { AxeResults } from "axe-core";
import { chromium, type Browser, type Locator, type Page, type Response } from "playwright";
import { afterAll, beforeAll } from "vitest";
import { serveFolder } from "../scripts/static-server.mjs";

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const site = path("../dist");
const program = spawnSync(process.execPath, [path("../../../scripts/browsers.mjs"), "chromium"], { encoding: "utf8" }).stdout.trim();
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** For what a training reaches: a busy machine takes its time. */
export const soon = { timeout: 90_000 };

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

async function open(browser: Browser | undefined, address: string, at: string, { width = 1400, colorScheme = "light" }: Look = {}): Promise<Opened> {
  if (browser === undefined) throw new Error("the browser is not there yet: open pages within tests");
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme, reducedMotion: "reduce" });
  const page = await context.newPage();
  const complaints: string[] = [];
  const requests: string[] = [];
  let bytes = 0;
  page.on("console", (message) => complaints.push(message.text()));
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

/** The name of the button for searching leaves out the key that does the same, which it shows. */
const leftOut = { "label-content-name-mismatch": { enabled: false } };

/** What axe finds to be serious on a page. */
export async function seriousFaults(page: Page): Promise<string[]> {
  await page.addScriptTag({ content: axe });
  const results = await page.evaluate(`axe.run({ rules: ${JSON.stringify(leftOut)} })`) as AxeResults;
  return results.violations.filter(({ impact }) => impact === "serious" || impact === "critical").map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`);
}
