// node apps/site/bench/playground.mjs [ROUNDS [OTHER_DIST ...]]: how soon the playground is there, and how smoothly it trains. Needs `npm run site:build` and Chromium.
//
// Prints, as medians over rounds: in a new profile of a running browser, with nothing in its cache, the time from the request of the page to the first picture of the untrained network's output,
// and, for each speed, the frames a second that the page shows while it trains, the longest wait between two frames, the training steps a second, and what the page's thread does in a second:
// layouts, recalculations of styles, and the milliseconds that it is busy. Other builds of the site take turns with this one; on a busy machine only their ratios say something, and the counts.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright";
import { serveFolder } from "../scripts/static-server.mjs";

const [rounds = 5, ...others] = process.argv.slice(2).map((argument, at) => (at === 0 ? Number(argument) : argument));
const seconds = 4;
const sites = [fileURLToPath(new URL("../dist", import.meta.url)), ...others];
const executablePath = spawnSync(process.execPath, [fileURLToPath(new URL("../../../scripts/browsers.mjs", import.meta.url)), "chromium"], { encoding: "utf8" }).stdout.trim();
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** The milliseconds from the start of the navigation to the first loss that the page shows. */
function firstPicture(page) {
  return page.evaluate(() => new Promise((resolve) => {
    const score = () => document.querySelector("nn-playground-figure")?.shadowRoot?.querySelector('[data-score="test"]');
    const look = () => Number(score()?.getAttribute("data-loss")) > 0 ? resolve(performance.now()) : requestAnimationFrame(look);
    look();
  }));
}

/** What the page shows while it trains: frames a second, the longest wait between two of them in milliseconds, and steps a second. */
function smoothness(page) {
  return page.evaluate((length) => new Promise((resolve) => {
    const steps = () => Number(document.querySelector("nn-playground-figure")?.shadowRoot?.querySelector("[data-steps]")?.getAttribute("data-steps"));
    const frames = [];
    const [begin, before] = [performance.now(), steps()];
    const count = (now) => {
      frames.push(now);
      if (now - begin < length) return requestAnimationFrame(count);
      const waits = frames.slice(1).map((time, i) => time - frames[i]);
      const passed = (performance.now() - begin) / 1000;
      resolve({ frames: frames.length / passed, longest: Math.max(...waits), steps: (steps() - before) / passed });
    };
    requestAnimationFrame(count);
  }), seconds * 1000);
}

/** What the thread of a page has done since the page began, as Chromium counts it. */
async function work(session) {
  const { metrics } = await session.send("Performance.getMetrics");
  const valueOf = (name) => metrics.find((metric) => metric.name === name)?.value ?? NaN;
  return { layouts: valueOf("LayoutCount"), styles: valueOf("RecalcStyleCount"), busy: valueOf("TaskDuration") * 1000, scripts: valueOf("ScriptDuration") * 1000, time: valueOf("Timestamp") };
}

/** The work of one second between two looks. */
function workBetween(before, after) {
  const length = after.time - before.time;
  return Object.fromEntries(["layouts", "styles", "busy", "scripts"].map((key) => [key, (after[key] - before[key]) / length]));
}

/** One look at the playground of a site: a number for each thing that is measured. */
async function measure(browser, site) {
  const { server, address } = await serveFolder(site, "/");
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  // A new window loads parts of the browser's own surface for a while.
  await page.waitForTimeout(2500);
  const response = await page.goto(`${address}playground.html`, { waitUntil: "commit" });
  if (response?.ok() !== true) throw new Error(`${site} has no playground.html: run \`npm run site:build\` first`);
  const first = await firstPicture(page);
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  await page.getByRole("button", { name: "Train", exact: true }).click();
  const speeds = {};
  for (const speed of ["slow", "medium", "full"]) {
    await page.getByLabel("Speed").selectOption(speed);
    await page.waitForTimeout(500);
    const before = await work(session);
    const smooth = await smoothness(page);
    speeds[speed] = { ...smooth, ...workBetween(before, await work(session)) };
  }
  await page.close();
  server.close();
  return { first, ...speeds };
}

const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
// The first page of a browser waits for parts of the browser.
const warm = await serveFolder(sites[0], "/");
const page = await browser.newPage();
await page.goto(`${warm.address}start.html`, { waitUntil: "networkidle" });
await page.close();
warm.server.close();
const measured = sites.map(() => []);
for (let round = 0; round < rounds; round++) for (const [at, site] of sites.entries()) measured[at].push(await measure(browser, site));
await browser.close();

for (const [at, site] of sites.entries()) {
  const values = measured[at];
  console.log(`${site}: first picture after ${Math.round(median(values.map(({ first }) => first)))} ms (${values.map(({ first }) => Math.round(first)).join(", ")})`);
  for (const speed of ["slow", "medium", "full"]) {
    const of = (key) => median(values.map((value) => value[speed][key]));
    console.log(`${speed.padEnd(8)} ${of("frames").toFixed(1)} frames a second, longest wait ${Math.round(of("longest"))} ms, ${Math.round(of("steps"))} steps a second; in a second ${Math.round(of("layouts"))} layouts, ${Math.round(of("styles"))} recalculations of styles, ${Math.round(of("busy"))} ms busy, ${Math.round(of("scripts"))} ms of it scripts`);
  }
}
