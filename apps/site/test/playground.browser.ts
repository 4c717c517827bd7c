import type { Page } from "playwright";
import { expect, it } from "vitest";
import { builtSite, button, number, pause, seriousFaults, soon } from "./browser.js";

const open = builtSite();

const score = async (page: Page, kind: "train" | "test", attribute = "data-loss"): Promise<number> => Number(await page.locator(`[data-score="${kind}"]`).getAttribute(attribute));
const parts = (page: Page): Readonly<Record<string, string>> => Object.fromEntries(new URL(page.url()).searchParams);
const plane = (page: Page) => page.getByRole("application");

it("is there within little: its worker knows the address before the figure is there, and there are less than 300 kB of scripts and styles", async () => {
  const { page, complaints, loaded, close } = await open("playground.html?layers=3");
  await expect.poll(() => score(page, "test"), soon).toBeGreaterThan(0);
  // What is not of the figure comes to life after it.
  await page.locator('.VPSwitchAppearance:not([title=""])').first().waitFor({ state: "attached" });
  await page.waitForLoadState("networkidle");
  expect(await Promise.all(page.workers().map((worker) => worker.evaluate(() => self.name)))).toEqual(["?layers=3"]);
  expect(loaded()).toBeGreaterThan(50_000);
  expect(loaded()).toBeLessThan(300_000);
  expect(complaints).toEqual([]);
  await close();
});

it("trains the circle, goes back, and shows the program that does the same", async () => {
  const { page, complaints, close } = await open("playground.html");
  await page.getByLabel("Speed").selectOption("full");
  await button(page, "Train").click();
  await expect.poll(() => score(page, "test"), soon).toBeLessThan(0.05);
  await pause(page);
  await expect.poll(() => page.locator(".playground").getAttribute("data-state"), soon).toBe("paused");
  expect(await score(page, "test", "data-accuracy")).toBeGreaterThan(0.97);
  const history = page.getByRole("slider", { name: "History" });
  await history.fill("0");
  await expect.poll(() => number(page, "data-steps"), soon).toBe(0);
  expect(await score(page, "test")).toBeGreaterThan(0.3);
  await button(page, "One step").click();
  await expect.poll(() => number(page, "data-steps"), soon).toBe(1);
  await button(page, "Back").click();
  await expect.poll(() => number(page, "data-steps"), soon).toBe(0);
  await button(page, "Export").click();
  const program = await page.locator('[data-copy="program"]').textContent();
  expect(program).toContain("new Linear(2, 4, { generator })");
  expect(program).toContain("trainStep(model, binaryCrossEntropyWithLogits, optimizer)");
  expect(await seriousFaults(page)).toEqual([]);
  await button(page, "Trained network").click();
  const source = await page.locator('[data-copy="network"]').textContent();
  const { predict } = await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(source ?? "")}`) as { readonly predict: (row: readonly number[]) => readonly number[] };
  expect(predict([0, 0])).toHaveLength(2);
  await button(page, "ONNX file").click();
  await expect.poll(() => number(page, "data-bytes"), soon).toBeGreaterThan(500);
  expect(complaints).toEqual([]);
  await close();
});

it("layers, units, features and weights are changed by clicks and keys; the address holds them", async () => {
  const { page, complaints, close } = await open("playground.html");
  expect(await page.locator(".network .scroll").evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0);
  await button(page, "Add a layer").click();
  await button(page, "Add a unit to layer 3").click();
  await page.getByRole("button", { name: "Feature x₁²: not in use" }).click();
  await page.getByLabel("Activation").selectOption("gelu");
  await page.getByLabel("Optimizer").selectOption("adam");
  await page.getByLabel("batch normalisation").check();
  await page.getByLabel("discretise the output").check();
  expect(parts(page)).toEqual({ layers: "4-2-3", features: "x1_x2_x1x1", activation: "gelu", optimizer: "adam", norm: "1", discrete: "1" });
  // A weight is edited by keys.
  await page.getByRole("button", { name: "Unit 1 of layer 2" }).press("Enter");
  const weight = page.locator('[data-weight="2"]');
  await weight.fill("1.5");
  await expect.poll(() => weight.inputValue(), soon).toBe("1.5");
  // The address leads to the same network.
  await button(page, "Share").click();
  const shared = await page.locator('[data-copy="share"]').textContent();
  expect(shared).toBe(page.url());
  await page.goto(String(shared));
  await expect.poll(() => page.locator("[data-layers]").getAttribute("data-layers"), soon).toBe("3");
  await expect.poll(() => page.locator('canvas[data-map^="unit-"]').count(), soon).toBe(4 + 2 + 3 + 1);
  expect(await page.getByLabel("Activation").inputValue()).toBe("gelu");
  expect(complaints).toEqual([]);
  await close();
});

it("a damaged address leads to the first settings, and says so", async () => {
  const { page, complaints, close } = await open("playground.html?layers=99&rate=fast&data=spiral");
  await page.getByText("Not understood in the address, and left out: layers, rate.").waitFor();
  await expect.poll(() => score(page, "test"), soon).toBeGreaterThan(0);
  expect(await page.getByRole("button", { name: "spiral" }).getAttribute("aria-pressed")).toBe("true");
  expect(complaints).toEqual([]);
  await close();
});

it("points are drawn with the pointer and with keys, and learned; three classes", async () => {
  const { page, complaints, close } = await open("playground.html?optimizer=adam&rate=0.03");
  await expect.poll(() => score(page, "test"), soon).toBeGreaterThan(0);
  await button(page, "Draw points").click();
  await button(page, "Clear").click();
  const box = await plane(page).boundingBox();
  if (box === null) throw new Error("there is no plane");
  for (const [label, x] of [[1, 0.2], [2, 0.5], [3, 0.8]] as const) {
    await page.getByRole("button", { name: `Draw: ${label}` }).click();
    await plane(page).evaluate((element) => element.scrollIntoView({ block: "center" }));
    const at = await plane(page).boundingBox() ?? box;
    await page.mouse.move(at.x + x * at.width, at.y + 0.2 * at.height);
    await page.mouse.down();
    await page.mouse.move(at.x + x * at.width, at.y + 0.8 * at.height, { steps: 20 });
    await page.mouse.up();
  }
  await expect.poll(() => number(page, "data-points"), soon).toBeGreaterThan(20);
  const before = await number(page, "data-points");
  await plane(page).press("ArrowRight");
  await plane(page).press("Space");
  await expect.poll(() => number(page, "data-points"), soon).toBe(before + 1);
  await plane(page).press("Delete");
  await expect.poll(() => number(page, "data-points"), soon).toBe(before);
  expect(parts(page)["points"]).toHaveLength(5 * before);
  await button(page, "Train").click();
  await expect.poll(() => score(page, "train", "data-accuracy"), soon).toBeGreaterThan(0.95);
  expect(complaints).toEqual([]);
  await close();
});

/** Draws lines on the sheet, from and to places given as shares of its side. */
async function drawOn(page: Page, lines: readonly (readonly [x0: number, y0: number, x1: number, y1: number])[]): Promise<void> {
  await plane(page).evaluate((element) => element.scrollIntoView({ block: "center" }));
  const box = await plane(page).boundingBox();
  if (box === null) throw new Error("there is no sheet");
  for (const [x0, y0, x1, y1] of lines) {
    await page.mouse.move(box.x + x0 * box.width, box.y + y0 * box.height);
    await page.mouse.down();
    await page.mouse.move(box.x + x1 * box.width, box.y + y1 * box.height, { steps: 8 });
    await page.mouse.up();
  }
}

it("pictures are drawn with the pointer and with keys, learned, and answered at once", async () => {
  const { page, complaints, close } = await open("playground.html?optimizer=adam&rate=0.03&layers=6");
  await button(page, "Draw pictures").click();
  await expect.poll(() => number(page, "data-pictures"), soon).toBe(8);
  const answer = () => number(page, "data-answer");
  expect(await answer()).toBe(-1);
  // A third class: upright lines, drawn by pointer, and one by keys.
  for (const x of [0.4, 0.5, 0.6]) {
    await drawOn(page, [[x, 0.1, x, 0.9]]);
    await button(page, "Add the picture on the sheet to class 3").click();
  }
  await plane(page).focus();
  for (let row = 0; row < 6; row++) {
    await plane(page).press("Space");
    await plane(page).press("ArrowUp");
  }
  await plane(page).press("3");
  await expect.poll(() => number(page, "data-pictures"), soon).toBe(12);
  expect(parts(page)["pictures"]).toHaveLength(12 * 67);
  await button(page, "Train").click();
  await expect.poll(() => score(page, "train", "data-accuracy"), soon).toBe(1);
  await expect.poll(() => score(page, "train"), soon).toBeLessThan(0.05);
  await pause(page);
  await drawOn(page, [[0.22, 0.2, 0.8, 0.8], [0.8, 0.2, 0.22, 0.78]]);
  await expect.poll(answer, soon).toBe(1);
  await button(page, "Clear the sheet").click();
  await drawOn(page, [[0.52, 0.12, 0.52, 0.88]]);
  await expect.poll(answer, soon).toBe(2);
  // An example goes back onto the sheet.
  await button(page, "Take this picture of class 3 back onto the sheet").first().click();
  await expect.poll(() => number(page, "data-pictures"), soon).toBe(11);
  expect(await seriousFaults(page)).toEqual([]);
  // The address leads to the same pictures.
  await page.goto(page.url());
  await expect.poll(() => number(page, "data-pictures"), soon).toBe(11);
  expect(complaints).toEqual([]);
  await close();
});

it("generated digits are learned and tried on a phone, in the dark", async () => {
  const { page, complaints, close } = await open("ko/playground.html?data=digits&classes=3&layers=8&optimizer=adam&rate=0.01", { width: 400, colorScheme: "dark" });
  await button(page, "학습").click();
  await expect.poll(() => score(page, "test", "data-accuracy"), soon).toBeGreaterThan(0.9);
  await pause(page);
  await button(page, "이 2 시험해 보기").first().click();
  await expect.poll(() => number(page, "data-answer"), soon).toBe(2);
  expect(await seriousFaults(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(400);
  expect(complaints).toEqual([]);
  await close();
});

it("a pasted table is read and learned; what is wrong in it is said", async () => {
  const { page, complaints, close } = await open("playground.html?optimizer=adam&rate=0.03");
  await button(page, "Your own table").click();
  await page.getByRole("textbox").fill("a,b\n1\n");
  await button(page, "Read the table").click();
  await page.getByRole("alert").waitFor();
  expect(await seriousFaults(page)).toEqual([]);
  const rows = Array.from({ length: 40 }, (_, at) => `${at % 20},${(at * 7) % 11},${at % 20 < 10 ? "low" : "high"}`);
  await page.getByRole("textbox").fill(`first,second,kind\n${rows.join("\n")}\n`);
  await button(page, "Read the table").click();
  await button(page, "Use these columns").click();
  await page.getByText("first, second · 40 rows").waitFor();
  await button(page, "Train").click();
  await expect.poll(() => score(page, "test", "data-accuracy"), soon).toBeGreaterThan(0.9);
  expect(complaints).toEqual([]);
  await close();
});

it.each([["en", 1400, "light"], ["en", 400, "dark"], ["ko", 400, "light"]] as const)("has no serious accessibility fault, and fits: %s, %i pixels, %s", async (language, width, colorScheme) => {
  const { page, complaints, close } = await open(language === "en" ? "playground.html" : "ko/playground.html", { width, colorScheme });
  await expect.poll(() => score(page, "test"), soon).toBeGreaterThan(0);
  expect(await seriousFaults(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  await button(page, language === "en" ? "Train" : "학습").click();
  await expect.poll(() => score(page, "test"), soon).toBeLessThan(0.1);
  expect(complaints).toEqual([]);
  await close();
});
