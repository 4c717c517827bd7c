import { expect, it } from "vitest";
import { builtSite, button, number, soon } from "../browser.js";

const open = builtSite();

it("steps that are right arrive, too large ones diverge; the tangent's promise is α f′²", async () => {
  const { page, complaints, close } = await open("learn/gradient-descent.html");
  await button(page, "One step").click();
  await expect.poll(() => number(page, "data-steps"), soon).toBe(1);
  expect(await number(page, "data-promised")).toBeCloseTo(0.3 * 16, 10);
  expect(await number(page, "data-real")).toBeCloseTo(4 - 0.64, 10);
  await button(page, "Train").click();
  await page.locator('[data-ending="arrived"]').waitFor(soon);
  expect(Math.abs(await number(page, "data-slope"))).toBeLessThan(1e-3);
  await button(page, "too large").click();
  await button(page, "Train").click();
  await page.locator('[data-ending="diverged"]').waitFor(soon);
  expect(complaints).toEqual([]);
  await close();
});

it("in Korean trains too, on a phone, in the dark", async () => {
  const { page, complaints, close } = await open("ko/learn/gradient-descent.html", { width: 400, colorScheme: "dark" });
  await button(page, "학습").click();
  await page.getByRole("status").getByText("도착").waitFor(soon);
  expect(complaints).toEqual([]);
  await close();
});
