import { expect, it } from "vitest";
import { builtSite, button, number, soon } from "../browser.js";

const open = builtSite();

it("two layers solve XOR, one does not", async () => {
  const { page, complaints, close } = await open("learn/two-layers.html");
  await button(page, "Train").click();
  await page.getByText("Solved").waitFor(soon);
  expect(await number(page, "data-right")).toBe(4);
  expect(await number(page, "data-loss")).toBeLessThan(0.01);
  await button(page, "one").click();
  await expect.poll(() => number(page, "data-steps"), soon).toBe(0);
  await button(page, "Train").click();
  await expect.poll(() => number(page, "data-loss"), soon).toBeLessThan(0.6935);
  expect(await number(page, "data-right")).toBeLessThan(4);
  expect(new URL(page.url()).searchParams.get("layers")).toBe("1");
  expect(complaints).toEqual([]);
  await close();
});

it("in Korean trains too, on a phone, in the dark", async () => {
  const { page, complaints, close } = await open("ko/learn/two-layers.html", { width: 400, colorScheme: "dark" });
  await button(page, "학습").click();
  await page.getByRole("status").getByText("해결").waitFor(soon);
  expect(complaints).toEqual([]);
  await close();
});
