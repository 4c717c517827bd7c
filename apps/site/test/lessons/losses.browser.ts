import { expect, it } from "vitest";
import { trueLine } from "../../../../packages/figures/src/tasks/robust-line.js";
import { builtSite, button, number, soon } from "../browser.js";

const open = builtSite();

it("an outlier bends the line of L2, and not that of L1; it can be dragged away; logits, uncertainty and a proxy", async () => {
  const { page, address, complaints, close } = await open("learn/losses.html");
  const away = async (name: string): Promise<number> => Math.abs(Number(await page.locator(`[data-line="${name}"]`).getAttribute("data-slope")) - trueLine[0]);
  const steps = () => number(page, "data-steps");
  await button(page, "Train").click();
  await expect.poll(steps, soon).toBe(300);
  expect(await away("L2")).toBeGreaterThan(0.3);
  expect(await away("L1")).toBeLessThan(0.1);
  expect(await away("Huber")).toBeLessThan(0.15);
  // The outlier is dragged up to the others: the line of L2 comes back.
  const outlier = page.getByRole("slider", { name: "Point 11" });
  await outlier.scrollIntoViewIfNeeded();
  const [from, to] = [await outlier.boundingBox(), await page.getByRole("slider", { name: "Point 10" }).boundingBox()];
  if (from === null || to === null) throw new Error("there are no points");
  await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
  await page.mouse.down();
  await page.mouse.move(from.x + from.width / 2, to.y + to.height / 2, { steps: 8 });
  await page.mouse.up();
  await expect.poll(async () => (await steps()) === 300 ? away("L2") : NaN, soon).toBeLessThan(0.1);
  const points = new URL(page.url()).searchParams.get("points");
  await outlier.press("ArrowDown");
  await expect.poll(() => new URL(page.url()).searchParams.get("points"), soon).not.toBe(points);

  await button(page, "classes").click();
  const score = (name: string, what: string) => page.locator(`[data-class="${name}"]`).getAttribute(`data-${what}`).then(Number);
  const powers = [1, 2, -0.5].map(Math.exp);
  const share = (powers[0] ?? NaN) / powers.reduce((sum, power) => sum + power, 0);
  await expect.poll(() => score("cat", "probability"), soon).toBeCloseTo(share, 10);
  expect(await score("cat", "gradient")).toBeCloseTo(share - 1, 10);
  expect(await number(page, "data-loss")).toBeCloseTo(-Math.log(share), 10);
  for (let turn = 0; turn < 10; turn++) await button(page, "One step of gradient descent").click();
  await expect.poll(() => score("cat", "probability"), soon).toBeGreaterThan(0.85);

  await page.goto(`${address}learn/losses.html?view=uncertainty`);
  await button(page, "Train").click();
  await expect.poll(steps, soon).toBe(1200);
  expect(await number(page, "data-within")).toBeGreaterThan(0.9);
  expect(await number(page, "data-right")).toBeGreaterThan(2.5 * await number(page, "data-left"));

  await button(page, "a proxy").click();
  await button(page, "Train").click();
  await page.getByText("Another border makes fewer errors").waitFor(soon);
  expect([await number(page, "data-wrong"), await number(page, "data-fewest")]).toEqual([2, 1]);
  await button(page, "share of errors").click();
  await button(page, "Train").click();
  await page.getByText("the border does not move").waitFor(soon);
  expect([await number(page, "data-slope"), await number(page, "data-border")]).toEqual([0, -3.5]);
  expect(complaints).toEqual([]);
  await close();
});

it("in Korean trains too, on a phone, in the dark", async () => {
  const { page, complaints, close } = await open("ko/learn/losses.html", { width: 400, colorScheme: "dark" });
  await button(page, "대신하는 값").click();
  await button(page, "학습").click();
  await page.getByRole("status").getByText("오답이 더 적은 경계").waitFor(soon);
  expect(complaints).toEqual([]);
  await close();
});
