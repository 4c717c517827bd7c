import { describe, expect, it } from "vitest";
import { builtSite, hidden, lookNarrow } from "./browser.js";

const open = builtSite();

describe("a page that has a figure", () => {
  it("loads less than 300 kB of scripts and styles", async () => {
    const { page, loaded, close } = await open("learn/two-layers.html");
    await page.locator(".figure").waitFor();
    await page.waitForLoadState("networkidle");
    expect(loaded()).toBeGreaterThan(50_000);
    expect(loaded()).toBeLessThan(300_000);
    await close();
  });
});

describe("the documentation", () => {
  it.each(["", "start.html", "guides/train.html", "from/pytorch.html", "catalogue.html", "packages/tensor.html", "examples/xor.html", "benchmarks/results.html", "contributing/architecture.html", "ko/"])("%s loads, with all of its pictures, and fits narrow screens", async (at) => {
    const { page, complaints, close } = await open(at, { width: 800 });
    await page.waitForLoadState("networkidle");
    expect(await page.evaluate("[...document.images].filter((image) => image.complete && image.naturalWidth === 0).map((image) => image.src)")).toEqual([]);
    await lookNarrow(page);
    expect(await hidden(page)).toBe(0);
    expect(complaints).toEqual([]);
    await close();
  });

  it("goes from page to page", async () => {
    const { page, complaints, close } = await open("learn/");
    await page.getByRole("link", { name: "Two layers solve XOR" }).first().click();
    await page.locator("nn-two-layers .figure").waitFor();
    await page.locator(".VPDocFooter .next").click();
    await page.locator("nn-descent .figure").waitFor();
    expect(new URL(page.url()).pathname).toBe("/some/where/learn/gradient-descent.html");
    expect(complaints).toEqual([]);
    await close();
  });

  it("is searched, in Korean too", async () => {
    const { page, complaints, close } = await open("ko/learn/perceptron.html");
    await page.locator(".figure").waitFor();
    await page.getByRole("button", { name: "찾기" }).first().click();
    await page.locator("#localsearch-input").fill("역전파");
    await page.getByRole("option").filter({ hasText: "계산 그래프" }).first().waitFor();
    expect(complaints).toEqual([]);
    await close();
  });
});
