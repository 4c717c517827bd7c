import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Failure, UsageFailure } from "../../src/failure.js";
import type { EpochMetrics } from "../../src/run/metrics-file.js";
import { findModel, RunFolder } from "../../src/run/run-folder.js";
import { writeAtomically } from "../../src/run/atomic-file.js";
import { completeSettings, mergeSettings } from "../../src/settings/merge.js";
import { temporaryFolder } from "../temporary-folder.js";

const root = temporaryFolder();
const settings = completeSettings(mergeSettings({ seed: 5 }), "image");

/** The message of a failure, with the temporary folder left out. */
async function complaint(step: Promise<unknown>): Promise<string> {
  const error: unknown = await step.catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(Failure);
  return (error as Failure).message.replaceAll(root, "…");
}

const metricsOf = (epoch: number): EpochMetrics => ({
  epoch, learningRate: 0.1, trainLoss: 1 / epoch, trainAccuracy: 0.5, validationLoss: null, validationAccuracy: null, seconds: 1, stepsPerSecond: 2,
});

describe("a new run", () => {
  test("has its settings from the start", async () => {
    const folder = await RunFolder.create(join(root, "deep", "down", "run"), settings);
    expect(await folder.readSettings()).toEqual(settings);
    expect(await (await RunFolder.open(folder.path)).readSettings()).toEqual(settings);
  });

  test("is named after time and data, and never takes an old folder", async () => {
    const now = new Date(2026, 2, 1, 14, 25, 3);
    const first = await RunFolder.createNamed(join(root, "runs"), "my data.csv", settings, now);
    const second = await RunFolder.createNamed(join(root, "runs"), "my data.csv", settings, now);
    expect([first.path, second.path]).toEqual([join(root, "runs", "2026-03-01-142503-my-data"), join(root, "runs", "2026-03-01-142503-my-data-2")]);
  });

  test("may take an empty folder", async () => {
    await mkdir(join(root, "empty"));
    expect((await RunFolder.create(join(root, "empty"), settings)).path).toBe(join(root, "empty"));
  });

  test("never overwrites", async () => {
    await RunFolder.create(join(root, "taken"), settings);
    await mkdir(join(root, "full"));
    await writeFile(join(root, "full", "thesis.txt"), "…");
    await writeFile(join(root, "file"), "…");
    const messages = await Promise.all(["taken", "full", "file", "file/below"].map((name) => complaint(RunFolder.create(join(root, name), settings))));
    expect(messages).toMatchInlineSnapshot(`
      [
        "…/taken holds a run already; continue it with --resume …/taken, or choose another --out",
        "…/full is not empty; choose another --out",
        "cannot use …/file as the folder of the run: it is a file",
        "cannot create the folder …/file/below: a part of the path is no folder",
      ]
    `);
    await expect(RunFolder.create(join(root, "taken"), settings)).rejects.toBeInstanceOf(UsageFailure);
  });

  test("says so where no folder can be made", async () => {
    expect(await complaint(RunFolder.create("/proc/nowhere/run", settings))).toMatch(/^cannot create the folder \/proc\/nowhere\/run: /);
  });
});

test("what is not a run is said to be none", async () => {
  await mkdir(join(root, "other"));
  await RunFolder.create(join(root, "young"), settings);
  expect([
    await complaint(RunFolder.open(join(root, "missing"))),
    await complaint(RunFolder.open(join(root, "other"))),
    await complaint(findModel(join(root, "missing"))),
    await complaint(findModel(join(root, "other"))),
    await complaint(findModel(join(root, "young"))),
  ]).toMatchInlineSnapshot(`
    [
      "cannot read …/missing: there is no such file or folder",
      "…/other is not the folder of a run: it has no config.json",
      "cannot read …/missing: there is no such file or folder",
      "…/other is not the folder of a run: it has no model.safetensors",
      "the run in …/young has no model yet: it ended before its first epoch did",
    ]
  `);
});

describe("metrics", () => {
  test("come back as they were written, up to the epoch asked for", async () => {
    const folder = await RunFolder.create(join(root, "metrics"), settings);
    for (const epoch of [1, 2, 3]) await folder.appendMetrics(metricsOf(epoch));
    expect(await folder.readMetrics(2)).toEqual([metricsOf(1), metricsOf(2)]);
    expect(await folder.readMetrics(0)).toEqual([]);
  });

  test("a line that was cut off does no harm before it is needed", async () => {
    const folder = await RunFolder.create(join(root, "cut"), settings);
    await folder.appendMetrics(metricsOf(1));
    await writeFile(folder.pathOf("metrics"), `${await readFile(folder.pathOf("metrics"), "utf8")}{"epoch":2,"lea`);
    expect(await folder.readMetrics(1)).toEqual([metricsOf(1)]);
    expect(await complaint(folder.readMetrics(2))).toMatchInlineSnapshot(`"…/cut/metrics.jsonl, line 2: expected the metrics of epoch 2; the file does not belong to the checkpoint beside it"`);
    expect(await complaint(folder.readMetrics(5))).toMatchInlineSnapshot(`"…/cut/metrics.jsonl, line 2: expected the metrics of epoch 2; the file does not belong to the checkpoint beside it"`);
  });
});

describe("writeAtomically", () => {
  test("replaces a file as a whole and leaves nothing else behind", async () => {
    const folder = join(root, "atomic");
    await mkdir(folder);
    await writeAtomically(join(folder, "file"), "old");
    await writeAtomically(join(folder, "file"), new Uint8Array([110, 101, 119]));
    expect(await readFile(join(folder, "file"), "utf8")).toBe("new");
    expect(await readdir(folder)).toEqual(["file"]);
  });

  test("keeps the old file if it fails, and says why", async () => {
    const folder = join(root, "blocked");
    await mkdir(join(folder, "file"), { recursive: true });
    // A folder cannot be replaced by a file.
    expect(await complaint(writeAtomically(join(folder, "file"), "new"))).toMatch(/^cannot write …\/blocked\/file: /);
    expect(await readdir(folder)).toEqual(["file"]);
  });

  test("says so where a file stands in the place of the folder", async () => {
    await writeAtomically(join(root, "plain"), "x");
    expect(await complaint(writeAtomically(join(root, "plain", "file"), "x"))).toMatchInlineSnapshot(`"cannot write …/plain/file: a part of the path is no folder"`);
  });
});
