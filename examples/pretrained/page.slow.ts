import { spawnSync } from "node:child_process";
import { copyFile, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { decodeImage } from "@nn/images";
import { resnet18 } from "@nn/models";
import { loadOnnx, saveOnnx } from "@nn/onnx";
import { manualSeed, stack, zeros } from "@nn/tensor";
import { build } from "esbuild";
import { chromium } from "playwright";
import { expect, test } from "vitest";
import { writeImages } from "./main.js";
import { normalized } from "./normalized.js";

/** The path of Chromium; empty where there is none. */
const browserProgram = spawnSync(process.execPath, [fileURLToPath(new URL("../../scripts/browsers.mjs", import.meta.url)), "chromium"], { encoding: "utf8" }).stdout.trim();
const here = fileURLToPath(new URL(".", import.meta.url));

/** In a page: the next image takes a second to decode (`late`), and files that are read from now on are counted (`reads`). */
function delayNextDecoding(): void {
  const [decode, read] = [window.createImageBitmap, Blob.prototype.arrayBuffer];
  Object.assign(window, {
    late: "waiting",
    reads: 0,
    createImageBitmap: async (...given: Parameters<typeof createImageBitmap>) => {
      window.createImageBitmap = decode;
      await new Promise((resume) => setTimeout(resume, 1000));
      const bitmap = await decode(...given);
      Reflect.set(window, "late", "decoded");
      return bitmap;
    },
  });
  Blob.prototype.arrayBuffer = function count(this: Blob): Promise<ArrayBuffer> {
    Reflect.set(window, "reads", (Reflect.get(window, "reads") as number) + 1);
    return read.call(this);
  };
}

test.skipIf(browserProgram === "")("the page computes from an ONNX file what the network computes", { timeout: 600_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), "page-"));
  const browser = await chromium.launch({ executablePath: browserProgram, args: ["--no-sandbox", "--disable-gpu"] });
  try {
    manualSeed(1);
    const model = resnet18({ numClasses: 5 }).eval();
    const file = join(folder, "resnet18.onnx");
    await saveOnnx(file, model, { x: zeros([1, 3, 28, 28]) }, { batchAxis: 0, outputNames: ["logits"], metadata: { classes: "5,6,7,8,9" } });
    await writeImages(join(folder, "images"));
    const names = (await readdir(join(folder, "images/test/7"))).slice(0, 5);
    const pictures = names.map((name) => join(folder, "images/test/7", name));
    const images = normalized(stack(await Promise.all(pictures.map(async (path) => decodeImage(await readFile(path), { channels: 3 })))));
    const expected = model.forward(images).toArray() as number[][];
    expect((await loadOnnx(file)).metadata).toEqual({ classes: "5,6,7,8,9" });

    await build({ absWorkingDir: here, entryPoints: ["page.ts"], bundle: true, minify: true, conditions: ["@nn/source"], outfile: join(folder, "page.js"), logLevel: "error", logOverride: { "empty-import-meta": "silent" } });
    await copyFile(join(here, "page.html"), join(folder, "page.html"));
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => complaints.push(message.text()));
    await page.goto(`file://${join(folder, "page.html")}`);
    await page.getByLabel("Network").setInputFiles(file);
    await page.getByLabel("Images").setInputFiles(pictures);
    await page.getByText(`Images: ${names.length}`).waitFor({ timeout: 300_000 });
    const rowsNow = () => page.getByRole("row").evaluateAll((all) => all.map((row) => Array.from(row.children, ({ textContent }) => textContent)));
    const rows = await rowsNow();

    // The answer to a choice of images that takes long comes after that to the next choice. The file of the network is not read again.
    await page.evaluate(delayNextDecoding);
    await page.getByLabel("Images").setInputFiles(pictures.slice(0, 2));
    await page.getByLabel("Images").setInputFiles(pictures.slice(2, 3));
    await page.waitForFunction(() => Reflect.get(window, "late") === "decoded");
    await page.waitForTimeout(500);
    await page.getByText(/^Images: \d/).waitFor({ timeout: 300_000 });
    const later = await rowsNow();
    expect(later.map(([name]) => name)).toEqual(["image", names[2]]);
    expect(later[1]?.[1]).toEqual(rows[3]?.[1]);
    expect(await page.evaluate(() => Reflect.get(window, "reads") as number)).toBe(0);

    expect(complaints).toEqual([]);
    expect(rows.map(([name]) => name)).toEqual(["image", ...names]);
    for (const [at, logits] of expected.entries()) {
      const [, best, ...found] = rows[at + 1] ?? [];
      expect(best).toBe(String(5 + logits.indexOf(Math.max(...logits))));
      for (const [position, logit] of logits.entries()) expect(Math.abs(Number(found[position]) - logit)).toBeLessThan(1e-4 * Math.max(...logits.map(Math.abs)));
    }
  } finally {
    await browser.close();
    await rm(folder, { recursive: true });
  }
});
