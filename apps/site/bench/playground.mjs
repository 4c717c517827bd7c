// node apps/site/bench/playground.mjs [ROUNDS]: how soon the playground is there, and how smoothly it trains. Needs `npm run site:build` and Chromium.
//
// Prints, as medians over rounds: in a new profile of a running browser, with nothing in its cache, the time from the request of the page to the first picture of the untrained network's output,
// and, for each speed, the frames a second that the page shows while it trains, the longest wait between two frames, and the training steps a second.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright";
import { serveFolder } from "../scripts/static-server.mjs";

const rounds = Number(process.argv[2] ?? 5);
const seconds = 4;
const site = fileURLToPath(new URL("../dist", import.meta.url));
const executablePath = spawnSync(process.execPath, [fileURLToPath(new URL("../../../scripts/browsers.mjs", import.meta.url)), "chromium"], { encoding: "utf8" }).stdout.trim();
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

const { server, address } = await serveFolder(site, "/");

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

const firsts = [];
const measured = new Map();
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
const other = await browser.newPage();
await other.goto(`${address}start.html`, { waitUntil: "networkidle" });
await other.close();
for (let round = 0; round < rounds; round++) {
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  const response = await page.goto(`${address}playground.html`, { waitUntil: "commit" });
  if (response?.ok() !== true) throw new Error(`${site} has no playground.html: run \`npm run site:build\` first`);
  firsts.push(await firstPicture(page));
  await page.getByRole("button", { name: "Train", exact: true }).click();
  for (const speed of ["slow", "medium", "full"]) {
    await page.getByLabel("Speed").selectOption(speed);
    await page.waitForTimeout(500);
    measured.set(speed, [...measured.get(speed) ?? [], await smoothness(page)]);
  }
  await page.close();
}
await browser.close();
server.close();

console.log(`first picture after ${Math.round(median(firsts))} ms (${firsts.map(Math.round).join(", ")})`);
for (const [speed, values] of measured) {
  const [frames, longest, steps] = ["frames", "longest", "steps"].map((key) => median(values.map((value) => value[key])));
  console.log(`${speed.padEnd(8)} ${frames.toFixed(1)} frames a second, longest wait ${Math.round(longest)} ms, ${Math.round(steps)} steps a second`);
}
