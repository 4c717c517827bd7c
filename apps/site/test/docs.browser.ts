import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright";
import { describe, expect, it } from "vitest";
import type { RunReport } from "../programs/worker/protocol.js";
import { builtSite, seriousFaults, soon } from "./browser.js";

const open = builtSite();

const programs = readdirSync(fileURLToPath(new URL("../dist/run/programs", import.meta.url)));

/** The first program of a page. */
const first = (page: Page) => page.locator(".program").first();

describe("a Run button", () => {
  it("runs the program of a page with the real packages, and compares its values", async () => {
    const { page, complaints, requests, close } = await open("learn/activations.html");
    await page.waitForLoadState("networkidle");
    expect(requests.filter((url) => url.includes("/run/"))).toEqual([]);
    await first(page).getByRole("button", { name: "Run" }).click();
    await expect.poll(() => first(page).getAttribute("data-state"), soon).toBe("right");
    expect(await first(page).locator(".compared.right pre").allTextContents()).toEqual(["0.25", "1", "true", "0"]);
    expect(complaints).toEqual([]);
    await close();
  });

  it("shows what differs after an edit, errors, and the code as it was", async () => {
    const { page, complaints, close } = await open("learn/activations.html");
    const edited = async (from: string, to: string): Promise<void> => {
      await page.locator("code[contenteditable]").evaluate((code, [before, after]) => {
        code.textContent = (code.textContent ?? "").replace(before ?? "", after ?? "");
      }, [from, to]);
      await first(page).getByRole("button", { name: "Run" }).click();
    };
    await first(page).getByRole("button", { name: "Edit" }).click();
    await edited("// => 0.25", "// => 0.5");
    await expect.poll(() => first(page).getAttribute("data-state"), soon).toBe("wrong");
    expect(await first(page).locator(".compared.wrong").innerText()).toContain("expected 0.5");
    await edited("slopeAtZero(sigmoid)", "missing(sigmoid)");
    await first(page).locator(".failed").getByText("ReferenceError: missing is not defined").waitFor({ timeout: 90_000 });
    await first(page).getByRole("button", { name: "Undo edits" }).click();
    await first(page).getByRole("button", { name: "Run" }).click();
    await expect.poll(() => first(page).getAttribute("data-state"), soon).toBe("right");
    expect(complaints).toEqual([]);
    await close();
  });

  it("compiles and trains under a strict Content-Security-Policy of the worker", async () => {
    const { page, complaints, close } = await open("learn/");
    const policy = { "content-security-policy": "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'" };
    let guarded = 0;
    await page.route("**/run/worker.js", async (route) => {
      guarded += 1;
      const response = await route.fetch();
      await route.fulfill({ response, headers: { ...response.headers(), ...policy } });
    });
    await page.locator(".VPNavBarTitle a").click();
    await first(page).getByRole("button", { name: "Run" }).click();
    await expect.poll(() => first(page).getAttribute("data-state"), soon).toBe("right");
    expect(await first(page).locator(".compared.right pre").allTextContents()).toEqual(["[ 0, 1, 1, 0 ]"]);
    expect(guarded).toBe(1);
    expect(complaints).toEqual([]);
    await close();
  });

  it("is not there for a program that needs Node", async () => {
    const { page, close } = await open("packages/files.html");
    await page.getByText("Runs in Node: it uses node:fs/promises").waitFor();
    expect(await page.locator(".program").count()).toBe(0);
    await close();
  });
});

describe("a name in a program", () => {
  it("shows its type where the pointer rests", async () => {
    const { page, complaints, requests, close } = await open("learn/activations.html");
    const tip = page.locator(".type-tip");
    const name = page.locator(".language-ts code span", { hasText: /^item$/ }).first();
    await name.scrollIntoViewIfNeeded();
    await page.waitForLoadState("networkidle");
    expect(requests.filter((url) => url.includes("/run/"))).toEqual([]);
    await name.hover();
    await expect.poll(() => tip.locator("code").allInnerTexts(), soon).toEqual(["item(): number"]);
    expect(await tip.locator("p").allInnerTexts()).toEqual(["The only element, as a number."]);
    await page.mouse.move(2, 2);
    await expect.poll(() => tip.isHidden(), soon).toBe(true);
    expect(complaints).toEqual([]);
    await close();
  });
});

/** What programs report that is not as their pages say; nothing if all is right. They run one after the other in one worker, which loads the packages once: most of the time of a program is loading. */
async function faultsOf(page: Page, programIds: readonly string[]): Promise<readonly string[]> {
  return page.evaluate(async (ids) => {
    const worker = new Worker(new URL("run/worker.js", location.href), { type: "module" });
    const faults: string[] = [];
    for (const id of ids) {
      const listening = new AbortController();
      await new Promise<void>((resolve) => {
        worker.addEventListener("error", ({ message }) => resolve(void faults.push(`${id}: ${message}`)), listening);
        worker.addEventListener("message", ({ data }: MessageEvent<RunReport>) => {
          if ("expected" in data || data.type === "failed") faults.push(`${id}: ${JSON.stringify(data)}`);
          if (data.type === "ended" || data.type === "failed") resolve();
        }, listening);
        worker.postMessage({ program: id }, []);
      });
      listening.abort();
    }
    worker.terminate();
    return faults;
  }, programIds);
}

describe("every program of the site runs in a browser, and gives what its page says", () => {
  const chunks = Array.from({ length: Math.ceil(programs.length / 40) }, (_, at) => programs.slice(40 * at, 40 * (at + 1)));
  it.each(chunks.map((chunk, at) => [at + 1, chunk] as const))("part %i", async (_, chunk) => {
    const { page, close } = await open("");
    expect(await faultsOf(page, chunk.map((program) => program.replace(/\.js$/, "")))).toEqual([]);
    await close();
  });
});

describe("the API", () => {
  it("is found by search", async () => {
    const { page, complaints, close } = await open("learn/activations.html");
    await page.getByRole("button", { name: /Search/ }).first().click();
    await page.locator("#localsearch-input").fill("crossEntropy");
    await page.getByRole("option").filter({ hasText: "@nn/losses" }).first().click();
    await page.waitForURL(/\/api\/losses\/.*#crossEntropy$/);
    expect(await page.locator('[id="crossEntropy"] + pre').innerText()).toMatch(/^crossEntropy\(\s*logits: Tensor,\s*target: Tensor/);
    expect(complaints).toEqual([]);
    await close();
  });

  it("leads from a signature to the type of an option, and from a package to its API", async () => {
    const { page, complaints, close } = await open("packages/losses.html");
    await page.getByRole("link", { name: "API of @nn/losses" }).click();
    await page.locator('[id="crossEntropy"] + pre').getByRole("link", { name: "CrossEntropyOptions" }).first().click();
    await page.waitForURL(/#CrossEntropyOptions$/);
    expect(complaints).toEqual([]);
    await close();
  });
});

it.each(["api/losses/index.html", "examples/index.html", "guides/browser.html"])("%s has no serious accessibility fault, and fits narrow screens", async (at) => {
  for (const [width, colorScheme] of [[400, "dark"], [1400, "light"]] as const) {
    const { page, close } = await open(at, { width, colorScheme });
    expect(await seriousFaults(page)).toEqual([]);
    expect(await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")).toBe(0);
    await close();
  }
});

describe("a cold load", () => {
  it.each([["the front page", ""], ["a lesson", "learn/perceptron.html"], ["a guide", "guides/train.html"], ["a page of the API", "api/tensor/index.html"]])("of %s is small", async (_, at) => {
    const { page, loaded, requests, close } = await open(at);
    await page.waitForLoadState("networkidle");
    expect(loaded()).toBeGreaterThan(20_000);
    expect(loaded()).toBeLessThan(300_000);
    // Pages that the reader may go to next are fetched when the page has come to rest.
    const ahead = await page.locator("link[rel=prefetch]").evaluateAll((links) => links.map((link) => (link as HTMLLinkElement).href));
    const own = requests.filter((request) => !ahead.includes(request));
    expect(own.length).toBeGreaterThan(3);
    expect(own.length).toBeLessThan(40);
    await close();
  });
});
