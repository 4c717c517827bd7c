// node apps/site/bench/playground.mjs [ROUNDS [OTHER_DIST ...]]: how soon the playground is there, and how smoothly it trains. Needs `npm run site:build` and Chromium.
//
// Prints, as medians over rounds: in a new profile of a running browser, with nothing in its cache, the time from the request of the page to the first picture of the untrained network's output,
// and, for each speed, the frames a second that the page shows while it trains, the longest wait between two frames, and the training steps a second. Other builds of the site take turns with this
// one; on a busy machine only their ratios say something.
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

/** One look at the playground of a site: a number for each thing that is measured. */
async function measure(browser, site) {
  const { server, address } = await serveFolder(site, "/");
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  // A new window loads parts of the browser's own surface for a while.
  await page.waitForTimeout(2500);
  const response = await page.goto(`${address}playground.html`, { waitUntil: "commit" });
  if (response?.ok() !== true) throw new Error(`${site} has no playground.html: run \`npm run site:build\` first`);
  const first = await firstPicture(page);
  await page.getByRole("button", { name: "Train", exact: true }).click();
  const speeds = {};
  for (const speed of ["slow", "medium", "full"]) {
    await page.getByLabel("Speed").selectOption(speed);
    await page.waitForTimeout(500);
    speeds[speed] = await smoothness(page);
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
    const [frames, longest, steps] = ["frames", "longest", "steps"].map((key) => median(values.map((value) => value[speed][key])));
    console.log(`${speed.padEnd(8)} ${frames.toFixed(1)} frames a second, longest wait ${Math.round(longest)} ms, ${Math.round(steps)} steps a second`);
  }
}
