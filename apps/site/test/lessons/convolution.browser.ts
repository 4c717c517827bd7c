import { expect, it } from "vitest";
import { pixelsOf, strokesOf } from "../../../../packages/figures/src/tasks/drawing.js";
import { featuresOf, kernels, mapSide } from "../../../../packages/figures/src/tasks/kernels.js";
import { builtSite, button, number, soon } from "../browser.js";

const open = builtSite();

it("a kernel slides over a drawing, and a network learns to read it", async () => {
  const { page, complaints, close } = await open("learn/convolution.html");
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
  const figure = page.locator("nn-convolution");
  await figure.getByRole("button", { name: "Train", exact: true }).click();
  await expect.poll(() => number(page, "data-accuracy"), soon).toBeGreaterThan(0.9);
  const answers: boolean[] = [];
  for (const digit of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]) {
    await figure.getByRole("button", { name: String(digit), exact: true }).click();
    await page.waitForFunction((shown) => new URL(location.href).searchParams.get("digit") === shown, String(digit));
    answers.push(await number(page, "data-answer") === digit);
  }
  expect(answers.filter(Boolean).length).toBeGreaterThanOrEqual(8);
  await button(page, "Kernel 1 of the network").click();
  expect(await figure.locator('fieldset [aria-pressed="true"]').allTextContents()).toEqual(["9"]);
  expect(complaints).toEqual([]);
  await close();
});

it("in Korean trains too, on a phone, in the dark", async () => {
  const { page, complaints, close } = await open("ko/learn/convolution.html", { width: 400, colorScheme: "dark" });
  await button(page, "학습").first().click();
  await page.getByRole("status").getByText("신경망의 답은 3").waitFor(soon);
  expect(complaints).toEqual([]);
  await close();
});

it("21 convolutions learn with residual connections, and not without", async () => {
  const { page, address, complaints, close } = await open("learn/convolution.html?depth=21");
  const figure = page.locator("nn-residual");
  const value = async (network: string, attribute: string): Promise<number> => Number(await figure.locator(`[data-network="${network}"][${attribute}]`).getAttribute(attribute));
  await expect.poll(() => value("plain", "data-ratio"), soon).toBeLessThan(1e-5);
  expect(await value("residual", "data-ratio")).toBeGreaterThan(0.1);
  await figure.getByRole("button", { name: "Train", exact: true }).click();
  await expect.poll(() => value("residual", "data-loss"), soon).toBeLessThan(0.3);
  expect(await value("plain", "data-loss")).toBeGreaterThan(2.2);
  await page.goto(`${address}learn/convolution.html?depth=5`);
  await figure.getByRole("button", { name: "Train", exact: true }).click();
  await expect.poll(() => value("plain", "data-loss"), soon).toBeLessThan(0.5);
  expect(complaints).toEqual([]);
  await close();
});
