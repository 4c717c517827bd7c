import { expect, it } from "vitest";
import { builtSite, button, number, soon } from "../browser.js";

const open = builtSite();

it("the graph of the lecture notes, forward and back, and a step of gradient descent", async () => {
  const { page, complaints, close } = await open("learn/computational-graph.html");
  const texts = (kind: string) => page.locator(`.nn-graph text.${kind}:not(.key)`).allTextContents();
  const input = async (name: string) => Number(await page.locator(`[data-name="${name}"]`).inputValue());
  const learn = page.getByRole("button", { name: "One step of gradient descent" });
  await page.locator(".nn-graph").waitFor();
  expect(await texts("gradient")).toEqual([]);
  for (let step = 0; step < 5; step++) await button(page, "Next ▶").click();
  expect(await texts("value")).toEqual(["100", "2", "200", "1.1", "220"]);
  expect(await texts("gradient")).toEqual(["2.2", "110", "1.1", "200", "1"]);
  await page.locator('[data-name="price"]').fill("50");
  await page.locator('[data-name="price"]').press("Enter");
  expect(await number(page, "data-result")).toBeCloseTo(110, 10);
  await button(page, "a neuron").click();
  await button(page, "To the end").click();
  expect((await texts("gradient")).slice(0, 4)).toEqual(["−0.20", "0.39", "−0.39", "−0.59"]);
  expect(await number(page, "data-result")).toBeCloseTo(0.73, 2);
  await learn.click();
  expect(await input("w0")).toBeCloseTo(2.02, 3);
  expect(await number(page, "data-result")).toBeCloseTo(0.71, 2);
  await button(page, "Reset values").click();
  await page.getByLabel("take the sigmoid apart").check();
  expect(await texts("gradient")).toContain("−0.53");
  await button(page, "a loss").click();
  await button(page, "To the end").click();
  expect(await number(page, "data-result")).toBe(4);
  await learn.click();
  expect([await input("w"), await input("b")]).toEqual([1.3, 0.4]);
  expect(await number(page, "data-result")).toBeCloseTo(0, 6);
  expect(complaints).toEqual([]);
  await close();
});

it("in Korean trains too, on a phone, in the dark", async () => {
  const { page, complaints, close } = await open("ko/learn/computational-graph.html", { width: 400, colorScheme: "dark" });
  await button(page, "끝으로").click();
  await page.getByRole("status").getByText("결과 220").waitFor(soon);
  expect(complaints).toEqual([]);
  await close();
});
