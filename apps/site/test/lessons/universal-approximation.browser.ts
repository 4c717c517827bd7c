import { expect, it } from "vitest";
import { examples } from "../../../../packages/figures/src/tasks/approximation.js";
import { builtSite, button, number, soon } from "../browser.js";

const open = builtSite();

it("one wide layer fits a wave and what is drawn; depth wins with 169 parameters", async () => {
  const { page, address, complaints, close } = await open("learn/universal-approximation.html");
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
  await close();
});

it("in Korean trains too, on a phone, in the dark", async () => {
  const { page, complaints, close } = await open("ko/learn/universal-approximation.html", { width: 400, colorScheme: "dark" });
  await button(page, "학습").click();
  await page.getByRole("status").getByText("따라 그렸습니다").waitFor(soon);
  expect(complaints).toEqual([]);
  await close();
});
