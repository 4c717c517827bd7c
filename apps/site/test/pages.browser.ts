import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import type { Server } from "node:http";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import type { AxeResults } from "axe-core";
import { chromium, type Browser, type Page, type Response } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { examples } from "../figures/tasks/approximation.js";
import { pixelsOf, strokesOf } from "../figures/tasks/drawing.js";
import { featuresOf, kernels, mapSide } from "../figures/tasks/kernels.js";
import { serveFolder } from "./static-server.js";

// The built site in a browser, under a sub-path.

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const site = path("../dist");
const program = spawnSync(process.execPath, [path("../../../scripts/browsers.mjs"), "chromium"], { encoding: "utf8" }).stdout.trim();
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const soon = { timeout: 90_000 };

let server: Server;
let address = "";
let browser: Browser;

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

interface Opened {
  readonly page: Page;
  /** What was written to the console, and what was asked of other hosts. */
  readonly complaints: string[];
  /** Bytes of scripts and styles, gzipped. */
  readonly loaded: () => number;
}

async function open(at: string, width = 1400, colorScheme: "light" | "dark" = "light"): Promise<Opened> {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme, reducedMotion: "reduce" });
  const page = await context.newPage();
  const complaints: string[] = [];
  let bytes = 0;
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => {
    if (!request.url().startsWith(address) && !/^(data|blob):/.test(request.url())) complaints.push(`asks ${request.url()}`);
  });
  page.on("response", (response) => {
    if (/\.(js|css)$/.test(response.url())) void gzippedSize(response).then((size) => (bytes += size));
  });
  await page.goto(address + at);
  return { page, complaints, loaded: () => bytes };
}

/** The size of a response, gzipped; 0 if the page was left before it came. */
async function gzippedSize(response: Response): Promise<number> {
  try {
    return gzipSync(await response.body()).length;
  } catch {
    return 0;
  }
}

const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const number = async (page: Page, attribute: string): Promise<number> => Number(await page.locator(`[${attribute}]`).first().getAttribute(attribute));

/** The name of the button for searching leaves out the key that does the same, which it shows. */
const leftOut = { "label-content-name-mismatch": { enabled: false } };

async function seriousFaults(page: Page): Promise<string[]> {
  await page.addScriptTag({ content: axe });
  const results = await page.evaluate(`axe.run({ rules: ${JSON.stringify(leftOut)} })`) as AxeResults;
  return results.violations.filter(({ impact }) => impact === "serious" || impact === "critical").map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`);
}

describe("lessons", () => {
  it("1: the perceptron learns AND, and never XOR; the line can be moved with keys", async () => {
    const { page, complaints } = await open("learn/perceptron.html");
    await button(page, "Train").click();
    await expect.poll(() => number(page, "data-right"), soon).toBe(4);
    await page.getByText("All four are right").waitFor();
    await page.goto(`${address}learn/perceptron.html?gate=XOR`);
    expect(await button(page, "XOR").getAttribute("aria-pressed")).toBe("true");
    const before = await page.locator("[data-weights]").getAttribute("data-weights");
    await page.getByRole("slider").first().press("ArrowUp");
    await expect.poll(() => page.locator("[data-weights]").getAttribute("data-weights"), soon).not.toBe(before);
    expect(new URL(page.url()).searchParams.get("line")?.split(",").length).toBe(3);
    await button(page, "Train").click();
    await page.getByText("No line divides the points of XOR").waitFor({ timeout: 90_000 });
    expect(await number(page, "data-right")).toBeLessThan(4);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it("2: two layers solve XOR, one does not", async () => {
    const { page, complaints } = await open("learn/two-layers.html");
    await button(page, "Train").click();
    await page.getByText("Solved").waitFor({ timeout: 90_000 });
    expect(await number(page, "data-right")).toBe(4);
    expect(await number(page, "data-loss")).toBeLessThan(0.01);
    await button(page, "one").click();
    await expect.poll(() => number(page, "data-steps"), soon).toBe(0);
    await button(page, "Train").click();
    await expect.poll(() => number(page, "data-loss"), soon).toBeLessThan(0.6935);
    expect(await number(page, "data-right")).toBeLessThan(4);
    expect(new URL(page.url()).searchParams.get("layers")).toBe("1");
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it("3: steps that are right arrive, too large ones diverge; the tangent's promise is α f′²", async () => {
    const { page, complaints } = await open("learn/gradient-descent.html");
    await button(page, "One step").click();
    await expect.poll(() => number(page, "data-steps"), soon).toBe(1);
    expect(await number(page, "data-promised")).toBeCloseTo(0.3 * 16, 10);
    expect(await number(page, "data-real")).toBeCloseTo(4 - 0.64, 10);
    await button(page, "Train").click();
    await page.locator('[data-ending="arrived"]').waitFor({ timeout: 90_000 });
    expect(Math.abs(await number(page, "data-slope"))).toBeLessThan(1e-3);
    await button(page, "too large").click();
    await button(page, "Train").click();
    await page.locator('[data-ending="diverged"]').waitFor({ timeout: 90_000 });
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it("4: the graph of the lecture notes, forward and back, and a step of gradient descent", async () => {
    const { page, complaints } = await open("learn/computational-graph.html");
    const texts = (kind: string) => page.locator(`.nn-graph text.${kind}:not(.key)`).allTextContents();
    await page.locator(".nn-graph").waitFor();
    expect(await texts("gradient")).toEqual([]);
    for (let step = 0; step < 5; step++) await button(page, "Forward ▶").click();
    expect(await texts("value")).toEqual(["100", "2", "200", "1.1", "220"]);
    expect(await texts("gradient")).toEqual(["2.2", "110", "1.1", "200", "1"]);
    await page.locator('[data-name="price"]').fill("50");
    await page.locator('[data-name="price"]').press("Enter");
    expect(await number(page, "data-result")).toBeCloseTo(110, 10);
    await button(page, "a neuron").click();
    await button(page, "To the end").click();
    expect((await texts("gradient")).slice(0, 4)).toEqual(["−0.20", "0.39", "−0.39", "−0.59"]);
    await page.getByLabel("take the sigmoid apart").check();
    expect(await texts("gradient")).toContain("−0.53");
    const before = await number(page, "data-result");
    await page.getByRole("button", { name: "One step of gradient descent" }).click();
    expect(Number(await page.locator('[data-name="w0"]').inputValue())).toBeCloseTo(2.02, 3);
    expect(await number(page, "data-result")).toBeLessThan(before);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it("5: gradients vanish behind ten sigmoids, and not behind ReLU or with batch normalisation; ReLU units die", async () => {
    const { page, complaints } = await open("learn/activations.html");
    await expect.poll(() => number(page, "data-ratio"), soon).toBeLessThan(1e-4);
    await page.getByLabel("batch normalisation").check();
    await expect.poll(() => number(page, "data-ratio"), soon).toBeGreaterThan(0.01);
    await page.goto(`${address}learn/activations.html?activation=ReLU&rate=3&depth=4`);
    await expect.poll(() => number(page, "data-ratio"), soon).toBeGreaterThan(0.01);
    await button(page, "Train").click();
    await expect.poll(() => number(page, "data-dead"), soon).toBeGreaterThan(0.3);
    await button(page, "leaky ReLU").click();
    await button(page, "Train").click();
    await expect.poll(() => number(page, "data-steps"), soon).toBeGreaterThan(60);
    expect(await number(page, "data-dead")).toBe(0);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it("6: one wide layer fits a wave and what is drawn; depth wins with 169 parameters", async () => {
    const { page, complaints } = await open("learn/universal-approximation.html");
    const loss = async (kind: string): Promise<number> => Number(await page.locator(`[data-network="${kind}"]`).getAttribute("data-loss"));
    const inAddress = (name: string): string => new URL(page.url()).searchParams.get(name) ?? "";
    await button(page, "Train").click();
    await expect.poll(() => loss("wide"), soon).toBeLessThan(0.001);
    // A stroke of the pointer is fitted at once, and a key bends the drawing.
    const paper = page.getByRole("group", { name: "Draw here" });
    await paper.scrollIntoViewIfNeeded();
    const box = await paper.boundingBox();
    if (box === null) throw new Error("there is nothing to draw on");
    await page.mouse.move(box.x + 4, box.y + 20);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width - 4, box.y + box.height - 20, { steps: 10 });
    await page.mouse.up();
    expect(await button(page, "your own").getAttribute("aria-pressed")).toBe("true");
    await expect.poll(() => number(page, "data-steps"), soon).toBeGreaterThan(0);
    await expect.poll(() => loss("wide"), soon).toBeLessThan(0.02);
    const drawn = inAddress("curve");
    const handle = page.getByRole("slider");
    await handle.press("ArrowLeft");
    await handle.press("ArrowUp");
    await expect.poll(() => inAddress("curve"), soon).not.toBe(drawn);
    expect(drawn).toHaveLength(2 * examples);
    // The address brings the drawing back: a line from the upper left to the lower right, through 0.
    await page.reload();
    expect(Math.abs(Number(await handle.getAttribute("aria-valuenow")))).toBeLessThan(0.15);
    await handle.press("Home");
    expect(Number(await handle.getAttribute("aria-valuenow"))).toBeGreaterThan(1);
    // Depth against width.
    await page.goto(`${address}learn/universal-approximation.html?function=ripples&neurons=56&deep=1`);
    await button(page, "Train").click();
    await expect.poll(() => number(page, "data-steps"), soon).toBeGreaterThan(1000);
    expect(await loss("deep")).toBeLessThan(await loss("wide"));
    expect(await page.locator("[data-parameters]").evaluateAll((all) => all.map((each) => each.getAttribute("data-parameters")))).toEqual(["169", "169"]);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it("7: a kernel slides over a drawing, and a network learns to read it", async () => {
    const { page, complaints } = await open("learn/convolution.html");
    const value = () => number(page, "data-value");
    // The frame is moved by keys. At the edge there is no ink, only a little noise.
    await button(page, "blur").click();
    const place = page.getByRole("slider", { name: "The frame" });
    await place.press("ArrowDown");
    for (let step = 0; step < mapSide; step++) await place.press("ArrowLeft");
    await expect.poll(value, soon).toBeLessThan(0.1);
    // Pen strokes are kept in the address. A stroke down the middle is ink under the whole frame.
    await page.locator("svg.pad").evaluate((element) => element.scrollIntoView({ block: "center" }));
    const pad = await page.locator("svg.pad").boundingBox();
    if (pad === null) throw new Error("there is no paper");
    const at = (x: number, y: number) => [pad.x + x * pad.width, pad.y + y * pad.height] as const;
    await page.mouse.move(...at(0.5, 0.2));
    await page.mouse.down();
    await page.mouse.move(...at(0.5, 0.8), { steps: 6 });
    await page.mouse.up();
    await page.waitForFunction(() => (new URL(location.href).searchParams.get("drawing") ?? "").length > 2);
    const drawing = await page.evaluate(() => new URL(location.href).searchParams.get("drawing") ?? "");
    await page.locator("svg.reach").evaluate((element) => element.scrollIntoView({ block: "center" }));
    const map = await page.locator("svg.reach").boundingBox();
    if (map === null) throw new Error("there is no feature map");
    await page.mouse.move(map.x + (13.5 / mapSide) * map.width, map.y + (13.5 / mapSide) * map.height);
    const expected = featuresOf(pixelsOf(strokesOf(drawing)), kernels.blur).map[13 * mapSide + 13] ?? NaN;
    expect(expected).toBeGreaterThan(0.5);
    await expect.poll(value, soon).toBeCloseTo(expected, 5);
    // A weight that is typed counts.
    await page.getByLabel("Weight, row 2, column 2").fill("1");
    await page.getByLabel("Weight, row 2, column 2").press("Enter");
    await expect.poll(value, soon).toBeGreaterThan(expected + 0.5);
    // The network learns, and reads the examples: a 3 first of all.
    await button(page, "Train").click();
    await expect.poll(() => number(page, "data-accuracy"), soon).toBeGreaterThan(0.9);
    const answers: boolean[] = [];
    for (const digit of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]) {
      await button(page, String(digit)).click();
      await page.waitForFunction((shown) => new URL(location.href).searchParams.get("digit") === shown, String(digit));
      answers.push(await number(page, "data-answer") === digit);
    }
    expect(answers.filter(Boolean).length).toBeGreaterThanOrEqual(8);
    await button(page, "Kernel 1 of the network").click();
    expect(await page.locator('fieldset [aria-pressed="true"]').allTextContents()).toEqual(["9"]);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it.each([["perceptron", "학습", "네 점을 모두 맞혔습니다"], ["two-layers", "학습", "해결"], ["gradient-descent", "학습", "도착"], ["computational-graph", "끝으로", "결과 220"], ["universal-approximation", "학습", "따라 그렸습니다"], ["convolution", "학습", "신경망의 답은 3"]])("%s in Korean trains too", async (lesson, start, end) => {
    const { page, complaints } = await open(`ko/learn/${lesson}.html`, 400, "dark");
    await button(page, start).click();
    await page.getByRole("status").getByText(end).waitFor({ timeout: 90_000 });
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});

const lessons = ["learn/perceptron.html", "learn/two-layers.html", "learn/gradient-descent.html", "learn/computational-graph.html", "learn/activations.html", "learn/universal-approximation.html", "learn/convolution.html"];

describe("every page that has a figure", () => {
  it.each([...lessons, ...lessons.map((lesson) => `ko/${lesson}`)])("%s has no serious accessibility fault, and fits narrow screens", async (lesson) => {
    for (const [width, scheme] of [[400, "dark"], [1400, "light"]] as const) {
      const { page, complaints } = await open(lesson, width, scheme);
      await page.locator(".figure").waitFor();
      expect(await seriousFaults(page)).toEqual([]);
      expect(await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")).toBe(0);
      expect(complaints).toEqual([]);
      await page.context().close();
    }
  });

  it("loads less than 300 kB of scripts and styles", async () => {
    const { page, loaded } = await open("learn/two-layers.html");
    await page.locator(".figure").waitFor();
    await page.waitForLoadState("networkidle");
    expect(loaded()).toBeGreaterThan(50_000);
    expect(loaded()).toBeLessThan(300_000);
    await page.context().close();
  });
});

describe("the documentation", () => {
  it.each(["", "start.html", "guides/train.html", "from/pytorch.html", "catalogue.html", "packages/tensor.html", "examples/xor.html", "benchmarks/results.html", "contributing/architecture.html", "ko/"])("%s loads, with all of its pictures", async (at) => {
    const { page, complaints } = await open(at, 800);
    await page.waitForLoadState("networkidle");
    expect(await page.evaluate("[...document.images].filter((image) => image.complete && image.naturalWidth === 0).map((image) => image.src)")).toEqual([]);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it("goes from page to page", async () => {
    const { page, complaints } = await open("learn/");
    await page.getByRole("link", { name: "Two layers solve XOR" }).first().click();
    await page.locator("nn-two-layers .figure").waitFor();
    await page.getByRole("link", { name: "Next: gradient descent" }).click();
    await page.locator("nn-descent .figure").waitFor();
    expect(new URL(page.url()).pathname).toBe("/some/where/learn/gradient-descent.html");
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it("is searched, in Korean too", async () => {
    const { page, complaints } = await open("ko/learn/perceptron.html");
    await page.locator(".figure").waitFor();
    await page.getByRole("button", { name: "찾기" }).first().click();
    await page.locator("#localsearch-input").fill("역전파");
    await page.getByRole("option").filter({ hasText: "계산 그래프" }).first().waitFor();
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});
