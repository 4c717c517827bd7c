import { expect, it } from "vitest";
import { builtSite, button, number, soon } from "../browser.js";

const open = builtSite();

it("the perceptron learns AND, and never XOR; the line can be moved with keys", async () => {
  const { page, address, complaints, close } = await open("learn/perceptron.html?gate=AND&line=-1.5,1,1");
  await button(page, "Done").waitFor();
  await button(page, "Start again").click();
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
  await page.getByText("No line divides the points of XOR").waitFor(soon);
  expect(await number(page, "data-right")).toBeLessThan(4);
  expect(complaints).toEqual([]);
  await close();
});

it("in Korean trains too, on a phone, in the dark", async () => {
  const { page, complaints, close } = await open("ko/learn/perceptron.html", { width: 400, colorScheme: "dark" });
  await button(page, "학습").click();
  await page.getByRole("status").getByText("네 점을 모두 맞혔습니다").waitFor(soon);
  expect(complaints).toEqual([]);
  await close();
});
