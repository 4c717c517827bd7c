import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Failure, UsageFailure } from "../../src/failure.js";
import type { EpochMetrics } from "../../src/run/metrics-file.js";
import { findModel, RunFolder } from "../../src/run/run-folder.js";
import { writeWhole } from "../../src/run/file.js";
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
    await folder.release();
    expect(await (await RunFolder.open(folder.path)).readSettings()).toEqual(settings);
  });

  test("is named after time and data, and never uses an existing folder", async () => {
    const now = new Date(2026, 2, 1, 14, 25, 3);
    const first = await RunFolder.createNamed(join(root, "runs"), "my data.csv", settings, now);
    const second = await RunFolder.createNamed(join(root, "runs"), "my data.csv", settings, now);
    expect([first.path, second.path]).toEqual([join(root, "runs", "2026-03-01-142503-my-data"), join(root, "runs", "2026-03-01-142503-my-data-2")]);
  });

  test("may use an empty folder", async () => {
    await mkdir(join(root, "empty"));
    expect((await RunFolder.create(join(root, "empty"), settings)).path).toBe(join(root, "empty"));
  });

  test("of an earlier version, whose checkpoint is another, is refused", async () => {
    const folder = await RunFolder.create(join(root, "earlier"), settings);
    await folder.requireReadable();
    await writeFile(join(folder.path, "checkpoint.safetensors"), "…");
    expect(await complaint(folder.requireReadable())).toBe("…/earlier/checkpoint.safetensors was written by an earlier version of nn-mlp, and this version cannot continue from it; start a new run with --config …/earlier/config.json");
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
        "cannot create the folder …/file/below: a part of the path is a file, expected a folder",
      ]
    `);
    await expect(RunFolder.create(join(root, "taken"), settings)).rejects.toBeInstanceOf(UsageFailure);
  });

  test("reports a folder that cannot be made", async () => {
    expect(await complaint(RunFolder.create("/proc/nowhere/run", settings))).toMatch(/^cannot create the folder \/proc\/nowhere\/run: /);
  });
});

test("reports a folder that is not a run", async () => {
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
  test("are counted, including damaged lines, and replaced as a whole", async () => {
    const folder = await RunFolder.create(join(root, "metrics"), settings);
    expect(await folder.countMetrics()).toBe(0);
    for (const epoch of [1, 2]) await folder.appendMetrics(metricsOf(epoch));
    await writeFile(folder.pathOf("metrics"), `${await readFile(folder.pathOf("metrics"), "utf8")}{"epoch":3,"lea`);
    expect(await folder.countMetrics()).toBe(3);
    await folder.writeMetrics([metricsOf(1)]);
    expect(await readFile(folder.pathOf("metrics"), "utf8")).toBe(`${JSON.stringify(metricsOf(1))}\n`);
  });
});

/** The temporary file that an ended process left of a file. */
const temporaryOf = (name: string): string => `.${name}.${createHash("sha256").update(hostname()).digest("hex").slice(0, 8)}-${spawnSync(process.execPath, ["--version"]).pid}-00000000.tmp`;

describe("a folder in use", () => {
  test("is refused to others until it is released", async () => {
    const path = join(root, "busy");
    const folder = await RunFolder.create(path, settings);
    expect(await complaint(RunFolder.open(path))).toBe(`…/busy is in use by this process; end or close that first, or choose another folder`);
    await folder.release();
    expect(await readdir(path)).toEqual(["config.json"]);
    await (await RunFolder.open(path)).release();
  });

  test("is free when its process has ended in any way, even if another process has its number", async () => {
    const path = join(root, "crashed");
    await (await RunFolder.create(path, settings)).release();
    const { pid } = spawnSync(process.execPath, ["--version"]);
    for (const holder of [{ pid, host: hostname(), started: "" }, { pid: process.pid, host: hostname(), started: "another boot 1" }]) {
      await writeFile(join(path, ".lock"), JSON.stringify(holder));
      const folder = await RunFolder.open(path);
      expect(JSON.parse(await readFile(join(path, ".lock"), "utf8"))).toMatchObject({ pid: process.pid, host: hostname() });
      await folder.release();
    }
  });

  test("has a complete lock file, and no other traces of taking it", async () => {
    const path = join(root, "complete");
    const folder = await RunFolder.create(path, settings);
    expect((await readdir(path)).toSorted()).toEqual([".lock", "config.json"]);
    expect(JSON.parse(await readFile(join(path, ".lock"), "utf8"))).toMatchObject({ pid: process.pid, host: hostname() });
    await folder.release();
    expect(await readdir(path)).toEqual(["config.json"]);
  });

  test("of another machine is not taken over", async () => {
    const path = join(root, "elsewhere");
    await (await RunFolder.create(path, settings)).release();
    await writeFile(join(path, ".lock"), JSON.stringify({ pid: 1, host: "elsewhere.example", started: "" }));
    expect(await complaint(RunFolder.open(path))).toBe("…/elsewhere is in use by process 1 on elsewhere.example; if it has ended, delete …/elsewhere/.lock, or choose another folder");
  });

  test("is cleared of files of ended processes, even if they never wrote the settings", async () => {
    const path = join(root, "leftovers");
    await mkdir(path);
    await writeFile(join(path, temporaryOf("config.json")), "{");
    await writeFile(join(path, temporaryOf("model.safetensors")), "");
    for (const name of [".lock", "..lock.takeover"]) {
      await writeFile(join(path, name), "");
      await utimes(join(path, name), 1, 1);
    }
    const folder = await RunFolder.create(path, settings);
    expect(await folder.readSettings()).toEqual(settings);
    await folder.release();
    expect(await readdir(path)).toEqual(["config.json"]);
  });
});

describe("writeWhole", () => {
  test("replaces a file as a whole and leaves nothing else behind", async () => {
    const folder = join(root, "atomic");
    await mkdir(folder);
    await writeWhole(join(folder, "file"), "old");
    await writeWhole(join(folder, "file"), new Uint8Array([110, 101, 119]));
    expect(await readFile(join(folder, "file"), "utf8")).toBe("new");
    expect(await readdir(folder)).toEqual(["file"]);
  });

  test("keeps the old file if it fails, and reports why", async () => {
    const folder = join(root, "blocked");
    await mkdir(join(folder, "file"), { recursive: true });
    // A folder cannot be replaced by a file.
    expect(await complaint(writeWhole(join(folder, "file"), "new"))).toMatch(/^cannot write …\/blocked\/file: /);
    expect(await readdir(folder)).toEqual(["file"]);
  });

  test("reports a file at the path of the folder", async () => {
    await writeWhole(join(root, "plain"), "x");
    expect(await complaint(writeWhole(join(root, "plain", "file"), "x"))).toMatchInlineSnapshot(`"cannot write …/plain/file: a part of the path is a file, expected a folder"`);
  });
});
