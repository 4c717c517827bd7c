import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { once } from "node:events";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readRecordFile } from "@nn/records/node";
import type { AxeResults } from "axe-core";
import { chromium, type Browser, type Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

// The page in a real browser, against a real run: the built packages, as a user has them.

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const program = path("../../packages/dashboard/dist/main.js");
/** The path of Chromium; empty where there is none. */
const browserProgram = spawnSync(process.execPath, [path("../../scripts/browsers.mjs"), "chromium"], { encoding: "utf8" }).stdout.trim();
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** How long a condition may take on a busy machine. */
const soon = { timeout: 60_000 };

const root = mkdtempSync(join(tmpdir(), "nn-dashboard-page-"));
/** Runs that the server of `root` does not show. */
const elsewhere = mkdtempSync(join(tmpdir(), "nn-dashboard-plugin-"));
const children: ChildProcess[] = [];
let address = "";
let browser: Browser;

/** Starts a training run; `wait` milliseconds pass between its steps. */
function train(name: string, epochs: number, wait: number): ChildProcess {
  const child = spawn(process.execPath, [path("train.mjs"), join(root, name), String(epochs)], { env: { ...process.env, NN_DELAY: String(wait) }, stdio: "inherit" });
  children.push(child);
  return child;
}

beforeAll(async () => {
  if (!existsSync(program)) throw new Error(`${program} is not there: run \`npx turbo run build\` first`);
  if (browserProgram === "") return;
  await once(train("finished", 3, 0), "exit");
  const server = spawn(process.execPath, [program, root], { stdio: ["ignore", "pipe", "inherit"] });
  children.push(server);
  const [line] = (await once(server.stdout, "data")) as [Buffer];
  address = line.toString().trim();
  browser = await chromium.launch({ executablePath: browserProgram, args: ["--no-sandbox", "--disable-gpu"] });
});

afterAll(async () => {
  for (const child of children) child.kill();
  await browser?.close();
  for (const folder of [root, elsewhere]) rmSync(folder, { recursive: true });
});

/** A page that fails the test if anything is written to its console, such as a breach of the content security policy. */
async function open(width = 1400, colorScheme: "light" | "dark" = "light", at = address): Promise<{ readonly page: Page; readonly complaints: string[] }> {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme, reducedMotion: "reduce" });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(at);
  await page.locator(".figures div").first().waitFor();
  return { page, complaints };
}

/** The last step of the run that the page shows. */
const stepOf = async (page: Page): Promise<number> => Number((await page.locator(".figures dd").first().textContent())?.replace(/\D/g, ""));

const tabs = ["curves", "layers", "confusion", "samples", "speed", "settings"];

describe.skipIf(browserProgram === "")("the dashboard in a browser", () => {
  it("shows a run that trains, and pauses and stops it", async () => {
    const run = train("live", 500, 30);
    await expect.poll(() => existsSync(join(root, "live/records.jsonl")), soon).toBe(true);
    const { page, complaints } = await open();
    expect(new URL(page.url()).hash).toBe("");
    await expect.poll(() => page.locator(".title h2").textContent(), soon).toBe("live");
    const first = await stepOf(page);
    await expect.poll(() => stepOf(page), soon).toBeGreaterThan(first + 20);
    const label = page.locator("nn-chart .plot").first();
    const before = await label.getAttribute("aria-label");
    expect(before).toMatch(/^Chart of loss: training [\d.]+ at step \d+/);
    await expect.poll(() => label.getAttribute("aria-label"), soon).not.toBe(before);

    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByText("paused", { exact: true }).first().waitFor();
    await page.getByRole("button", { name: "Resume" }).click();
    await page.getByRole("button", { name: "Pause" }).waitFor();

    await page.getByRole("button", { name: "Stop" }).click();
    expect(await once(run, "exit")).toEqual([0, null]);
    await page.locator(".title .state.stopped").waitFor();
    expect(await page.getByRole("button", { name: "Stop" }).count()).toBe(0);
    expect((await readRecordFile(join(root, "live"))).flatMap((record) => (record.type === "status" ? [record.state] : []))).toEqual(["running", "paused", "running", "stopped"]);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it("is a plugin of fit, whose process ends when the run does", async () => {
    const run = spawn(process.execPath, [path("fit.mjs"), elsewhere], { stdio: ["ignore", "pipe", "pipe"] });
    children.push(run);
    let [out, notes] = ["", ""];
    run.stdout.on("data", (chunk: Buffer) => { out += chunk.toString(); });
    run.stderr.on("data", (chunk: Buffer) => { notes += chunk.toString(); });
    await expect.poll(() => notes, soon).toMatch(/^dashboard: http:\/\/127\.0\.0\.1:\d+\/#token=\S+\n$/);
    const { page, complaints } = await open(1400, "light", notes.replace("dashboard: ", "").trim());
    await page.locator("nn-chart .legend").getByText("validation").first().waitFor();
    await page.getByRole("button", { name: "Stop" }).click();
    const [code] = (await once(run, "close")) as [number | null];
    expect([code, out, notes.trim().split("\n").length]).toEqual([0, "stopped: stopped through the dashboard\n", 1]);
    // The server goes with the process, which the browser writes to its console.
    expect(complaints.filter((each) => !each.includes("net::ERR_"))).toEqual([]);
    await page.close();
  });

  it("overlays two runs, and shows how their settings differ", async () => {
    const { page, complaints } = await open();
    for (const box of await page.locator(".runs input").all()) await box.check();
    await page.getByText("finished · training").first().waitFor();
    await page.getByText("live · training").first().waitFor();
    await page.getByRole("tab", { name: "settings" }).click();
    await page.getByRole("rowheader", { name: "epochs" }).waitFor();
    expect(await page.getByRole("rowheader").allTextContents()).toEqual(["epochs"]);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it("opens the examples of a cell of the confusion matrix", async () => {
    const { page, complaints } = await open();
    await page.getByRole("tab", { name: "confusion" }).click();
    await page.locator(".cell.miss", { hasText: /[1-9]/ }).first().waitFor();
    const counts = await page.locator(".cell.miss").evaluateAll((cells) => cells.map((cell) => Number(cell.textContent) || 0));
    const at = counts.findIndex((count) => count > 0);
    await page.locator(".cell.miss").nth(at).click();
    await expect.poll(() => page.locator("dialog .gallery img").count(), soon).toBe(counts[at]);
    expect(await page.locator("dialog .gallery img").first().evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(28);
    await page.keyboard.press("Escape");
    await expect.poll(() => page.locator("dialog").count(), soon).toBe(0);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it("is used by keyboard alone", async () => {
    const { page } = await open();
    await page.locator("#tab-curves").focus();
    const seen: (string | null)[] = [];
    for (let turn = 0; turn < tabs.length; turn++) {
      seen.push(await page.evaluate(() => document.activeElement?.textContent?.trim().split(" ")[0] ?? null));
      await page.keyboard.press("ArrowRight");
    }
    expect(seen).toEqual(tabs);
    await page.keyboard.press("Home");
    await page.locator("nn-chart .plot").first().focus();
    const last = await page.locator("nn-chart .value").first().textContent();
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => page.locator("nn-chart .value").first().textContent(), soon).not.toBe(last);
    await page.close();
  });

  it.each([[400, "light"], [400, "dark"], [800, "light"], [1400, "dark"]] as const)("fits %d pixels (%s), and axe-core finds no fault", async (width, scheme) => {
    const { page } = await open(width, scheme);
    const faults: string[] = [];
    for (const tab of tabs) {
      await page.getByRole("tab", { name: tab }).click();
      if (await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)) faults.push(`${tab}: it is wider than the window`);
      // The policy of the page forbids scripts from elsewhere; what the browser itself evaluates is none.
      await page.evaluate(axe);
      const { violations } = await page.evaluate<AxeResults>("axe.run()");
      faults.push(...violations.filter(({ impact }) => impact !== "minor").map(({ id, nodes }) => `${tab}: ${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" ")}`));
    }
    expect(faults).toEqual([]);
    await page.close();
  });

  it("says that a run was killed, and offers no commands to it", async () => {
    const run = train("lost", 500, 30);
    await expect.poll(() => existsSync(join(root, "lost/records.jsonl")), soon).toBe(true);
    const { page, complaints } = await open();
    await page.getByRole("checkbox", { name: "lost" }).check();
    await page.getByRole("button", { name: "Stop" }).waitFor();
    run.kill("SIGKILL");
    await page.locator(".title .state.killed").waitFor(soon);
    await page.locator(".runs .state.killed").waitFor();
    expect(await page.getByRole("button", { name: "Stop" }).count()).toBe(0);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it("leaves its connection to others while it is hidden, and catches up afterwards", async () => {
    const { page, complaints } = await open();
    const hide = (hidden: boolean): Promise<void> => page.evaluate((value) => {
      Object.defineProperty(document, "hidden", { value, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }, hidden);
    await page.getByText("live", { exact: true }).first().waitFor();
    await hide(true);
    await page.locator(".connection.waiting").waitFor();
    await once(train("hidden", 1, 0), "exit");
    await hide(false);
    await page.locator(".connection.connected").waitFor();
    await page.getByRole("checkbox", { name: "hidden" }).waitFor();
    expect(complaints).toEqual([]);
    await page.close();
  });

  it("keeps showing its data when the server has gone, and says so", async () => {
    const { page } = await open();
    const lost = train("other", 1, 0);
    await once(lost, "exit");
    const figures = page.locator(".figures div");
    await page.getByRole("checkbox", { name: "other" }).waitFor();
    await figures.nth(3).waitFor();
    children.find((child) => child.spawnargs.includes(program))?.kill();
    await page.getByText("not connected").waitFor();
    expect(await figures.count()).toBeGreaterThan(3);
    await page.close();
  });
});
