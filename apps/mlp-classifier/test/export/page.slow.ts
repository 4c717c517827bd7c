import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { escapeControls } from "@nn/tensor/extend";
import type { AxeResults } from "axe-core";
import { chromium, type Browser, type Page } from "playwright";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { callIn } from "../call.js";
import { temporaryFolder } from "../temporary-folder.js";
import { picture, predictedBy, stripe, tables, trainAll, type Predicted, type Value } from "./trained.js";

// The exported pages in a real browser, against `nn-mlp predict`.

/** The path of Chromium; empty where there is none. */
const browserProgram = spawnSync(process.execPath, [fileURLToPath(new URL("../../../../scripts/browsers.mjs", import.meta.url)), "chromium"], { encoding: "utf8" }).stdout.trim();
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** How long a condition may take on a busy machine. */
const soon = { timeout: 60_000 };

const root = temporaryFolder();
const images = ["images-1", "images-3"];
let browser: Browser;

beforeAll(async () => {
  if (browserProgram === "") return;
  await trainAll(root);
  for (const name of [...Object.keys(tables), ...images]) {
    const { code, notes } = await callIn(root)("export", join(root, name), "--format", "html");
    if (code !== 0) throw new Error(notes);
  }
  browser = await chromium.launch({ executablePath: browserProgram, args: ["--no-sandbox", "--disable-gpu"] });
});

afterAll(() => browser?.close());

/** A page that fails the test if anything is written to its console, such as a breach of its policy, or if it loads anything. */
async function open(name: string, width = 1400, colorScheme: "light" | "dark" = "light"): Promise<{ readonly page: Page; readonly complaints: readonly string[] }> {
  const page = await (await browser.newContext({ viewport: { width, height: 900 }, colorScheme, reducedMotion: "reduce", locale: "en-US" })).newPage();
  const complaints: string[] = [];
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => { if (!/^(file|blob|data):/.test(request.url())) complaints.push(request.url()); });
  await page.goto(`file://${join(root, name, "model.html")}`);
  return { page, complaints };
}

/** Fills a field by its label; the value of a category that training did not have is the last choice. */
async function fill(page: Page, column: string, value: Value): Promise<void> {
  const field = page.getByLabel(column, { exact: true });
  if ((await field.evaluate(({ tagName }) => tagName)) === "INPUT") {
    await field.fill(value === null ? "" : String(value));
    return;
  }
  const choices = await field.locator("option").allTextContents();
  const at = choices.indexOf(value === null ? "" : escapeControls(String(value)));
  await field.selectOption({ index: at < 0 ? choices.length - 1 : at });
}

/** What the page shows, with the digits that it shows. */
const shown = async (page: Page) => ({
  prediction: await page.locator("#prediction").textContent(),
  rows: await page.locator("#probabilities li").evaluateAll((items) => items.map(({ textContent }) => textContent)),
});

const expectedRows = ({ prediction, probabilities }: Predicted) => ({ prediction, rows: Object.entries(probabilities ?? {}).map(([name, value]) => `${name}${(value * 100).toFixed(1)} %`) });

/** The probabilities are rounded to six digits there and to three here; where that makes a difference of the last digit, it is none. */
async function expectShown(page: Page, expected: Predicted): Promise<void> {
  const { prediction, rows } = expectedRows(expected);
  await expect.poll(() => shown(page).then((found) => found.prediction), soon).toBe(prediction);
  const found = await shown(page);
  const numberOf = (row: string | null): number => Number(/([\d.]+) %$/.exec(row ?? "")?.[1]);
  expect(found.rows.map((row) => row?.replace(/[\d.]+ %$/, ""))).toEqual(rows.map((row) => row.replace(/[\d.]+ %$/, "")));
  found.rows.forEach((row, at) => expect(Math.abs(numberOf(row) - numberOf(rows[at] ?? null))).toBeLessThan(0.11));
}

describe.skipIf(browserProgram === "")("the page of a model", () => {
  test.each(Object.keys(tables))("answers for %s as nn-mlp predict does", async (name) => {
    const { page, complaints } = await open(name);
    const expected = await predictedBy(root, name);
    for (const [at, row] of (tables[name]?.rows ?? []).entries()) {
      for (const [column, value] of Object.entries(row)) await fill(page, column, value);
      await expectShown(page, expected[at] ?? { prediction: null, probabilities: null });
    }
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test("says what is missing, and has usual values again", async () => {
    const { page, complaints } = await open("flowers");
    const before = await shown(page);
    const field = page.getByLabel("petal_width", { exact: true });
    await field.fill("");
    await expect.poll(() => page.locator("#problem").textContent(), soon).toMatch(/^petal_width: ./);
    expect(await field.getAttribute("aria-invalid")).toBe("true");
    expect((await shown(page)).rows).toEqual(["setosa", "versicolor", "virginica"]);
    await page.getByRole("button", { name: "Usual values" }).press("Enter");
    await expect.poll(() => shown(page), soon).toEqual(before);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test.each([1, 3] as const)("answers for an image of %d channels that was opened, as nn-mlp predict does", async (channels) => {
    const { page, complaints } = await open(`images-${channels}`);
    for (const upright of [true, false]) {
      const buffer = Buffer.from(stripe(upright, 2, channels));
      const file = join(root, `opened-${channels}-${String(upright)}.png`);
      await writeFile(file, buffer);
      const [expected] = await predictedBy(root, `images-${channels}`, file);
      await page.locator("#file").setInputFiles(file);
      await expectShown(page, expected ?? { prediction: null, probabilities: null });
    }
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test("refuses what is no image of the kind, and resizes larger ones", async () => {
    const { page, complaints } = await open("images-1");
    const choose = (buffer: Uint8Array) => page.locator("#file").setInputFiles({ name: "x.png", mimeType: "image/png", buffer: Buffer.from(buffer) });
    await choose(picture(6, 8, 3, (x) => x / 8));
    await expect.poll(() => shown(page).then(({ prediction }) => prediction), soon).not.toBe("Draw something");
    const { rows } = await shown(page);
    await choose(stripe(true, 2, 3));
    await expect.poll(() => page.locator("#problem").textContent(), soon).toContain("in colour");
    await choose(Buffer.from("no image"));
    await expect.poll(() => page.locator("#problem").textContent(), soon).toContain("no image");
    // Every pixel four times: the means are the pixels.
    await choose(picture(12, 16, 1, (x) => Math.floor(x / 2) / 8));
    await expect.poll(() => shown(page).then((found) => found.rows), soon).toEqual(rows);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test("can be drawn on with a pointer and with the keyboard", async () => {
    const { page, complaints } = await open("images-1");
    const canvas = page.locator("#picture");
    const inkAt = (x: number, y: number) => page.evaluate<number>(`document.getElementById("picture").getContext("2d").getImageData(${x}, ${y}, 1, 1).data[0]`);
    expect((await shown(page)).prediction).toBe("Draw something");
    await page.locator("#dark").uncheck();
    const { x = 0, y = 0, width = 0, height = 0 } = (await canvas.boundingBox()) ?? {};
    await page.mouse.move(x + (2.5 / 8) * width, y + 0.05 * height);
    await page.mouse.down();
    await page.mouse.move(x + (2.5 / 8) * width, y + 0.95 * height, { steps: 4 });
    await page.mouse.up();
    await expect.poll(() => inkAt(2, 3), soon).toBe(255);
    expect(await inkAt(6, 3)).toBe(0);
    await expect.poll(() => shown(page).then(({ prediction }) => prediction), soon).toBe("upright");
    await canvas.press("Delete");
    await expect.poll(() => shown(page).then(({ prediction }) => prediction), soon).toBe("Draw something");
    // From the middle (4, 3) to the left end.
    await canvas.press("ArrowUp");
    for (let at = 0; at < 6; at++) await canvas.press("Shift+ArrowLeft");
    await canvas.press("ArrowDown");
    await canvas.press("Space");
    expect([await inkAt(0, 2), await inkAt(4, 2), await inkAt(7, 2), await inkAt(0, 3)]).toEqual([255, 255, 0, 255]);
    expect((await shown(page)).prediction).not.toBe("Draw something");
    await page.locator("#dark").check();
    expect(await inkAt(0, 0)).toBe(255);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test.each(["passengers", "visits", "images-3"])("%s is accessible and fits at every width, light and dark", async (name) => {
    for (const [width, scheme] of [[400, "light"], [800, "dark"], [1400, "light"]] as const) {
      const { page, complaints } = await open(name, width, scheme);
      expect(complaints).toEqual([]);
      expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
      // The policy of the page lets no script in that is not its own; this one comes from the debugger.
      await page.evaluate(axe);
      const { violations } = await page.evaluate<AxeResults>("axe.run()");
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`)).toEqual([]);
      await page.context().close();
    }
  });
});
