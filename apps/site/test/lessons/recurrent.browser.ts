import { expect, it } from "vitest";
import { throughTime } from "../../../../packages/figures/src/tasks/gradient-through-time.js";
import { builtSite, button, number, pause, seriousFaults, soon } from "../browser.js";

const open = builtSite();

it("the gradient through time vanishes, arrives and explodes with the size of W_hh", async () => {
  const { page, complaints, close } = await open("learn/recurrent.html");
  const first = () => number(page, "data-first");
  await expect.poll(first, soon).toBeLessThan(0.002);
  await page.getByLabel("Size of Wₕₕ").fill("1.5");
  await expect.poll(first, soon).toBeGreaterThan(50);
  await page.getByLabel("Steps T").fill("4");
  await expect.poll(first, soon).toBeCloseTo(throughTime({ steps: 4, size: 1.5 }).gradients[0] ?? NaN, 8);
  expect(await number(page, "data-power")).toBeCloseTo(1.5 ** 3, 10);
  expect([...new URL(page.url()).searchParams]).toEqual([["steps", "4"], ["size", "1.5"]]);
  await page.reload();
  await expect.poll(() => number(page, "data-power"), soon).toBeCloseTo(1.5 ** 3, 10);
  await button(page, "four shapes").click();
  expect(await page.locator("nn-recurrent svg[role=img]").count()).toBe(4);
  expect(await seriousFaults(page)).toEqual([]);
  expect(complaints).toEqual([]);
  await close();
});

it("after 20 symbols an LSTM and a GRU know the first one, and a plain network does not", async () => {
  const { page, complaints, close } = await open("learn/recurrent.html");
  const accuracy = async (kind: string): Promise<number> => Number(await page.locator(`[data-kind="${kind}"]`).getAttribute("data-accuracy"));
  await button(page, "memory").click();
  await button(page, "Train").click();
  await expect.poll(() => accuracy("LSTM"), soon).toBeGreaterThan(0.95);
  await expect.poll(() => accuracy("GRU"), soon).toBeGreaterThan(0.95);
  expect(await accuracy("RNN")).toBeLessThan(0.7);
  await pause(page);
  expect(await seriousFaults(page)).toEqual([]);
  await button(page, "C").click();
  await page.getByRole("status").getByText("the first symbol was C").waitFor(soon);
  await button(page, "GRU").click();
  expect(await page.locator("canvas[data-trace]").evaluateAll((all) => all.map((each) => each.getAttribute("data-trace")))).toEqual(["reset", "update", "state"]);
  expect([...new URL(page.url()).searchParams]).toEqual([["view", "memory"], ["cell", "GRU"], ["first", "2"]]);
  expect(complaints).toEqual([]);
  await close();
});

it("in Korean trains too, on a phone, in the dark", async () => {
  const { page, complaints, close } = await open("ko/learn/recurrent.html?view=memory&length=8&first=1", { width: 400, colorScheme: "dark" });
  await button(page, "학습").click();
  await expect.poll(async () => Number(await page.locator('[data-kind="LSTM"]').getAttribute("data-accuracy")), soon).toBeGreaterThan(0.95);
  await page.getByRole("status").getByText("LSTM의 답: B").waitFor(soon);
  expect(complaints).toEqual([]);
  await close();
});
