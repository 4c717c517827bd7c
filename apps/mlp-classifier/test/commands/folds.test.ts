import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { encode } from "fast-png";
import { describe, expect, test } from "vitest";
import { loadData } from "../../src/data/load.js";
import type { Split } from "../../src/data/loaded-data.js";
import { mergeSettings, type PartialSettings } from "../../src/settings/merge.js";
import { runProgram } from "../../src/cli/run-program.js";
import { callIn } from "../call.js";
import { capturedTerminal } from "../captured-terminal.js";
import { temporaryFolder } from "../temporary-folder.js";

const root = temporaryFolder();
const call = callIn(root);
const flowers = new URL("../fixtures/flowers.csv", import.meta.url).pathname;

const load = (settings: PartialSettings) => loadData(mergeSettings(settings));
const counts = (split: Split | undefined, classes: number): number[] => {
  const labels = Array.from({ length: split?.length ?? 0 }, (_, at) => split?.get(at)[1].item());
  return Array.from({ length: classes }, (_, label) => labels.filter((each) => each === label).length);
};

describe("folds", () => {
  test("of a table hold out each training row once, and encode it by the others", async () => {
    const data = await load({ data: flowers, target: "species" });
    const folds = data.folds?.(5) ?? [];
    expect(folds.map(({ test: held }) => counts(held, 3))).toEqual([[9, 9, 9], [9, 9, 9], [9, 9, 9], [9, 9, 9], [9, 9, 9]]);
    expect(folds.map(({ train, validation }) => train.length + (validation?.length ?? 0))).toEqual([108, 108, 108, 108, 108]);
    // In all folds together, the rows of the training are the test once each; encoders differ.
    const rows = folds.flatMap(({ testRows }) => Array.from({ length: testRows?.length ?? 0 }, (_, row) => JSON.stringify(testRows?.get(row))));
    const tested = Array.from({ length: data.testRows?.length ?? 0 }, (_, row) => JSON.stringify(data.testRows?.get(row)));
    expect(rows).toHaveLength(135);
    const all = [...rows, ...tested].toSorted();
    const whole = folds[0]?.input.kind === "table" ? folds.map(({ input }) => JSON.stringify(input.kind === "table" && input.encoder.scaler)) : [];
    expect(new Set(whole).size).toBe(5);
    const other = await load({ data: flowers, target: "species", seed: 2 });
    const otherRows = [...(other.folds?.(3) ?? []).flatMap(({ testRows }) => Array.from({ length: testRows?.length ?? 0 }, (_, row) => JSON.stringify(testRows?.get(row)))),
      ...Array.from({ length: other.testRows?.length ?? 0 }, (_, row) => JSON.stringify(other.testRows?.get(row)))].toSorted();
    expect(otherRows).toEqual(all);
  });

  test("of images hold out each training image once", async () => {
    for (const [label, name] of ["cat", "dog"].entries()) {
      await mkdir(join(root, "images", name), { recursive: true });
      for (let at = 0; at < 22; at++) await writeFile(join(root, "images", name, `${at}.png`), encode({ width: 1, height: 1, channels: 1, data: Uint8Array.of(100 * label + at) }));
    }
    const data = await load({ data: join(root, "images") });
    const folds = data.folds?.(4) ?? [];
    expect(folds.map(({ train, validation, test: held }) => [train.length, validation?.length, counts(held, 2)])).toEqual([[27, 3, [5, 5]], [27, 3, [5, 5]], [27, 3, [5, 5]], [27, 3, [5, 5]]]);
    const pixels = folds.flatMap(({ test: held }) => [...held].map(([x]) => Math.round(x.item() * 255)));
    const tested = [...data.test].map(([x]) => Math.round(x.item() * 255));
    expect([...pixels, ...tested].toSorted((x, y) => x - y)).toEqual([0, 100].flatMap((from) => Array.from({ length: 22 }, (_, at) => from + at)));
  });

  test("need enough examples", async () => {
    const data = await load({ data: flowers, target: "species" });
    expect(() => data.folds?.(136)).toThrowErrorMatchingInlineSnapshot(`[Failure: 135 training examples are too few for --folds 136]`);
    expect((await load({ data: "xor" })).folds).toBeUndefined();
  });
});

describe("train --folds", () => {
  const settings = ["--data", flowers, "--target", "species", "--hidden", "8", "--epochs", "6", "--learning-rate", "0.05", "--no-compile", "--quiet"];
  const out = join(root, "run");

  test("trains the model that a run without folds trains", async () => {
    expect((await call("train", ...settings, "--out", join(root, "whole"))).code).toBe(0);
  });

  test("tells the scores of each fold, their mean and deviation, then trains a model", async () => {
    const { code, out: text } = await call("train", ...settings, "--folds", "3", "--out", out, "--json");
    expect(code).toBe(0);
    const events = text.trimEnd().split("\n").map((line) => JSON.parse(line) as { readonly event: string; readonly accuracy: number; readonly mean: { readonly accuracy: number }; readonly std: { readonly accuracy: number } });
    expect(events.map(({ event }) => event).filter((event) => event !== "epoch")).toEqual(["data", "fold", "fold", "fold", "folds", "config", "evaluation", "summary"]);
    const accuracies = events.filter(({ event }) => event === "fold").map(({ accuracy }) => accuracy);
    const mean = accuracies.reduce((a, b) => a + b) / 3;
    const found = events.find(({ event }) => event === "folds");
    expect(found?.mean.accuracy).toBeCloseTo(mean, 12);
    expect(found?.std.accuracy).toBeCloseTo(Math.sqrt(accuracies.reduce((sum, each) => sum + (each - mean) ** 2, 0) / 2), 12);
    expect(JSON.parse(await readFile(join(out, "folds.json"), "utf8"))).toMatchObject({ mean: found?.mean, std: found?.std, folds: [{ fold: 1, examples: 45 }, { fold: 2 }, { fold: 3 }] });
    expect(await readdir(out)).toContain("model.safetensors");
  });

  test("has the scores in the report, also after the run was continued", async () => {
    const { folds, mean } = JSON.parse(await readFile(join(out, "folds.json"), "utf8")) as { readonly folds: readonly { readonly loss: number }[]; readonly mean: { readonly loss: number } };
    const shown = [...folds.map(({ loss }) => `<td>${loss.toFixed(4)}</td></tr>`), `<td>${mean.loss.toFixed(4)} ± `];
    const first = await readFile(join(out, "report.html"), "utf8");
    expect((await call("train", "--resume", out, "--epochs", "7", "--quiet")).code).toBe(0);
    for (const report of [first, await readFile(join(out, "report.html"), "utf8")]) for (const part of ["<h2>Cross-validation</h2>", ...shown]) expect(report).toContain(part);
    const text = await readFile(join(out, "folds.json"), "utf8");
    await writeFile(join(out, "folds.json"), "{}");
    expect((await call("train", "--resume", out, "--epochs", "8")).notes).toBe('error: …/run/folds.json is damaged: its metadata have no proper "folds.count"\n');
    await writeFile(join(out, "folds.json"), text);
  });

  test("alone saves only the scores, the same ones", async () => {
    const only = join(root, "only");
    const { code, out: text } = await call("train", ...settings, "--folds", "3", "--folds-only", "--out", only);
    expect(code).toBe(0);
    expect(await readdir(only)).toEqual(["config.json", "folds.json"]);
    expect(JSON.parse(await readFile(join(only, "folds.json"), "utf8"))).toEqual(JSON.parse(await readFile(join(out, "folds.json"), "utf8")));
    expect(text.slice(text.indexOf("Cross-validation"))).toMatch(/^Cross-validation: 3 folds .*\n\nFold +Examples +Epochs +Accuracy +Balanced +Loss\n(\d +45 +6 +\d+\.\d\d% +\d+\.\d\d% +\d\.\d{4}\n){3}mean +\d+\.\d\d% ± \d\.\d\d%/);
  });

  test("that is interrupted keeps the folds that are done, and goes on with the others", async () => {
    const cut = join(root, "cut");
    const interrupted = async (...args: readonly string[]): Promise<string> => {
      const controller = new AbortController();
      const { terminal, notes } = capturedTerminal(undefined, (text) => {
        if (text.includes('"event":"fold"')) controller.abort("SIGINT");
      });
      expect(await runProgram([...args, "--json"], terminal, controller.signal)).toBe(130);
      return notes().replaceAll(root, "…");
    };
    expect(await interrupted("train", ...settings, "--folds", "3", "--out", cut)).toBe("interrupted in fold 2 of 3, which will begin anew; 1 fold is saved; continue with: nn-mlp train --resume …/cut\n");
    expect(JSON.parse(await readFile(join(cut, "folds.json"), "utf8"))).toMatchObject({ count: 3, folds: [{ fold: 1 }] });
    expect((await call("train", "--resume", cut, "--epochs", "7")).notes).toBe("error: --epochs cannot be given while the cross-validation is not complete, since its folds could not be compared; continue without it\n");
    expect(await interrupted("train", "--resume", cut, "--folds-only")).toBe("interrupted in fold 3 of 3, which will begin anew; 2 folds are saved; continue with: nn-mlp train --resume …/cut --folds-only\n");
    const only = await call("train", "--resume", cut, "--folds-only", "--quiet");
    expect([only.code, await readdir(cut)]).toEqual([0, ["config.json", "folds.json"]]);
    expect(only.out).toMatch(/\n1 +45 .*\n2 +45 .*\n3 +45 .*\nmean /);
    expect(JSON.parse(await readFile(join(cut, "folds.json"), "utf8"))).toEqual(JSON.parse(await readFile(join(out, "folds.json"), "utf8")));
    expect((await call("train", "--resume", cut, "--folds-only")).notes).toBe("error: the cross-validation in …/cut is complete; to train its model, leave out --folds-only\n");
    expect((await call("train", "--resume", cut, "--quiet")).code).toBe(0);
    expect(await readFile(join(cut, "model.safetensors"))).toEqual(await readFile(join(root, "whole", "model.safetensors")));
  });

  test("goes on with the same data only", async () => {
    const table = join(root, "changed.csv");
    const text = await readFile(flowers, "utf8");
    await writeFile(table, text);
    const changed = join(root, "changed");
    expect((await call("train", ...settings, "--data", table, "--folds", "3", "--folds-only", "--out", changed)).code).toBe(0);
    const { mean: _, std: __, ...record } = JSON.parse(await readFile(join(changed, "folds.json"), "utf8")) as { readonly mean: unknown; readonly std: unknown; readonly folds: readonly unknown[] };
    await writeFile(join(changed, "folds.json"), JSON.stringify({ ...record, folds: record.folds.slice(0, 1) }));
    await writeFile(table, text.split("\n").toSpliced(3, 1).join("\n"));
    expect((await call("train", "--resume", changed, "--quiet")).notes).toBe("error: the data are not those with which the cross-validation in …/changed began, so its folds could not be compared; restore them, or start a new run with --config …/changed/config.json\n");
  });

  test("refuses what does not go together", async () => {
    expect([
      (await call("train", "--folds-only")).notes, (await call("train", "--data", "xor", "--folds", "3")).notes, (await call("train", "--resume", out, "--folds", "3")).notes,
      (await call("train", "--folds", "1")).notes,
    ]).toMatchInlineSnapshot(`
      [
        "error: --folds-only needs the number of folds: add --folds 5
      ",
        "error: --folds does not apply to --data xor, whose training examples repeat its test examples
      ",
        "error: --folds cannot be given with --resume: a run continues with its own settings; only --epochs and --patience can change
      ",
        "error: --folds is "1", expected a whole number from 2 to 1000
      ",
      ]
    `);
  });
});
