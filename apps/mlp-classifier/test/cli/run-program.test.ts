import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { callIn } from "../call.js";
import { temporaryFolder } from "../temporary-folder.js";

const root = temporaryFolder();

const call = callIn(root);

describe("wrong usage ends with code 2 and one sentence", () => {
  test.each([
    [["trian"]],
    [["train", "--epoch", "3"]],
    [["train", "--epochs"]],
    [["train", "--lr", "0.1"]],
    [["train", "--optimizer", "adma"]],
    [["train", "--optimizer", "Adam"]],
    [["train", "--data", "MNIST"]],
    [["train", "--no-compile", "--threads", "2"]],
    [["train", "--test-split", "0.2"]],
    [["train", "--out", ""]],
    [["train", "--epochs", "0"]],
    [["train", "--activation", "rely"]],
    [["train", "more"]],
    [["--data", "mosn"]],
    [["train", "--momentum", "0.5"]],
    [["train", "--resume", "x", "--hidden", "3"]],
    [["train", "--resume", "x", "--out", "y"]],
    [["predict", "x", "y", "--missing", "mean"]],
    [["predict", "x", "y", "--lr", "1"]],
    [["predict", "x", "y", "--outptu", "z"]],
    [["train", "--port", "1"]],
    [["runs", "compare", "a", "--reprot", "x"]],
    [["--hiden", "3"]],
    [["help", "nope"]],
    [["evaluate"]],
    [["evaluate", "x", "--split", "best"]],
    [["predict", "x"]],
    [["importance", "x", "--repeats", "0"]],
    [["serve", "x", "--port", "70000"]],
    [["inspect", "x", "y"]],
  ])("%j", async (args) => {
    const { code, out, notes } = await call(...args);
    expect([code, out]).toEqual([2, ""]);
    expect(notes).toMatchSnapshot();
    expect(notes.trimEnd()).not.toContain("\n");
  });
});

describe("failures end with code 1 and one sentence", () => {
  test("with --json, the failure is an event too", async () => {
    const { code, out, notes } = await call("inspect", join(root, "missing"), "--json");
    expect(code).toBe(1);
    expect(JSON.parse(out)).toEqual({ event: "error", message: "cannot read …/missing: there is no such file or folder", exitCode: 1 });
    expect(notes).toBe("error: cannot read …/missing: there is no such file or folder\n");
  });

  test("with --debug, the stack is shown", async () => {
    const { notes } = await call("inspect", join(root, "missing"), "--debug");
    expect(notes).toMatch(/^error: cannot read .*\nFailure: .*\n\s+at /);
    expect(notes).toContain("caused by Error: ENOENT");
  });
});

test("a table that cannot be used is shown with how its columns are read", async () => {
  const data = join(root, "unusable.csv");
  await writeFile(data, `id,size,kind\n${Array.from({ length: 60 }, (_, at) => `${at + 1},${at % 3 === 0 ? "" : at * 1.5},${at % 2 === 0 ? "a" : "b"}`).join("\n")}\n`);
  const train = ["train", "--data", data, "--target", "kind", "--out", join(root, "unusable")];
  const { code, out, notes } = await call(...train);
  expect([code, notes]).toEqual([1, "error: …/unusable.csv, line 2: 20 rows of 60 lack a value (size in 20); drop such rows with --missing drop, or fill the values in with --missing mean\n"]);
  expect(out).toMatchInlineSnapshot(`
    "Column  Read as  Missing  Values
    id      number         –  1 to 60
    size    number        20  1.5 to 88.5
    kind    class          –  2 classes
    ! "id" looks like an identifier: it counts the rows. To ignore it, add --ignore id.

    "
  `);
  const events = (await call(...train, "--json")).out.trimEnd().split("\n").map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
  expect(events).toMatchObject([{ event: "data", name: "unusable.csv", columns: [{ name: "id" }, { name: "size", missing: 20 }, { name: "kind" }] }, { event: "error", exitCode: 1 }]);
  // A column that holds no classes is wrong usage.
  const quantity = await call(...train.with(4, "size"), "--missing", "drop");
  expect([quantity.code, quantity.out.split("\n")[0], quantity.notes]).toEqual([2, "Column  Read as         Missing  Values", expect.stringMatching(/different values in column "size"; expected a column with a few classes\n$/)]);
});

describe("help", () => {
  test.each([[["--help"]], [["train", "--help"]], [["search", "--help"]], [["worker", "--help"]], [["evaluate", "--help"]], [["predict", "--help"]], [["inspect", "--help"]], [["importance", "--help"]], [["export", "--help"]], [["serve", "--help"]], [["runs", "--help"]], [["runs", "compare", "--help"]], [["init", "--help"]]])("%j", async (args) => {
    const { code, out, notes } = await call(...args);
    expect([code, notes]).toEqual([0, ""]);
    expect(out).toMatchSnapshot();
  });

  test("shows the version", async () => {
    const { version } = JSON.parse(await readFile(new URL("../../package.json", import.meta.url), "utf8")) as { readonly version: string };
    expect(await call("--version")).toEqual({ code: 0, out: `${version}\n`, notes: "" });
  });
});

describe("a run", () => {
  const out = join(root, "run");

  test("is described in text", async () => {
    const { code, out: text } = await call("train", "--data", "xor", "--epochs", "3", "--hidden", "8", "--out", out, "--patience", "9", "--schedule", "cosine");
    expect(code).toBe(0);
    const steady = text.replace(/\d+ ms|\d+\.\d s\b/g, "<time>").replace(/[\d,]+ steps\/s/, "<pace>").replace(/ +<time>/g, "  <time>");
    expect(steady.split("\n").slice(0, 8).join("\n")).toMatchInlineSnapshot(`
      "data      xor: 1,000 to train on, 4 to validate, 4 to test; 2 features, 2 classes
                There are only four points: an epoch contains each of them 250 times, and they are the test examples as well.
      model     2 → 8 relu → 2, 42 parameters
      training  adam, rate 0.001 cosine, batches of 32, 3 epochs, patience 9, seed 1
      run       …/run

      Epoch      Loss  Accuracy  Val. loss  Val. acc.      Rate       Time
          1    0.6784    50.00%     0.6535     50.00%   7.64e-4  <time>  best"
    `);
    expect(steady.split("\n").slice(-4).join("\n")).toMatchInlineSnapshot(`
      "time  <time> for 3 epochs, <pace>
      model   …/run/model.safetensors
      report  …/run/report.html
      "
    `);
  });

  test("is evaluated with the same result, and inspected", async () => {
    const trained = JSON.parse((await call("inspect", out, "--json")).out) as { readonly test: { readonly accuracy: number; readonly loss: number }; readonly weights: unknown };
    expect(trained.weights).toEqual({
      "0.weight": { shape: [8, 2], dtype: "float32" }, "0.bias": { shape: [8], dtype: "float32" }, "2.weight": { shape: [2, 8], dtype: "float32" }, "2.bias": { shape: [2], dtype: "float32" },
    });
    const evaluated = JSON.parse((await call("evaluate", out, "--json")).out) as { readonly accuracy: number; readonly loss: number };
    expect(evaluated).toMatchObject({ accuracy: trained.test.accuracy, loss: trained.test.loss });
    expect((await call("inspect", out)).out).toContain("nn-mlp train --data xor --hidden 8 --schedule cosine --epochs 3 --batch-size 32 --patience 9");
  });

  test("predicts from raw values", async () => {
    await writeFile(join(root, "points.csv"), "note,y,x\n,0,1\nhi,1,1\n");
    const { code, out: csv } = await call("predict", out, join(root, "points.csv"));
    const [header, ...rows] = csv.trimEnd().split("\n").map((line) => line.split(","));
    expect([code, header, rows.length]).toEqual([0, ["note", "y", "x", "prediction", "probability of 0", "probability of 1"], 2]);
    expect(rows.map((row) => row.slice(0, 3))).toEqual([["", "0", "1"], ["hi", "1", "1"]]);
    for (const [prediction = "", ...probabilities] of rows.map((row) => row.slice(3))) {
      const values = probabilities.map(Number);
      expect(values.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
      expect(values[Number(prediction)]).toBe(Math.max(...values));
    }
    const lines = (await call("predict", out, join(root, "points.csv"), "--json")).out.trimEnd().split("\n").map((line) => JSON.parse(line) as { readonly prediction: string });
    expect(lines.map(({ prediction }) => prediction)).toEqual(rows.map((row) => row[3]));
  });

  test("refuses rows that it cannot read", async () => {
    await writeFile(join(root, "lacking.csv"), "x\n1\n");
    await writeFile(join(root, "holes.csv"), "x,y\n1,\n");
    expect([
      (await call("predict", out, join(root, "lacking.csv"))).notes, (await call("predict", out, join(root, "holes.csv"))).notes,
      (await call("predict", out, root)).notes, (await call("predict", out, join(root, "nothing.csv"))).notes,
    ]).toMatchInlineSnapshot(`
      [
        "error: …/lacking.csv lacks the column y, that the model needs; it has x
      ",
        "error: …/holes.csv, line 2: 1 row of 1 lacks a value (y in 1); fill them in, or train the model with --missing mean or drop
      ",
        "error: … is a folder; expected a CSV, JSON or Parquet file
      ",
        "error: cannot read …/nothing.csv: there is no such file or folder
      ",
      ]
    `);
  });

  test("that is complete is resumed only with more epochs", async () => {
    const { code, notes } = await call("train", "--resume", out);
    expect([code, notes]).toMatchInlineSnapshot(`
      [
        2,
        "error: the run in …/run is complete with 3 epochs; to continue, give a larger --epochs
      ",
      ]
    `);
    const longer = await call("train", "--resume", out, "--epochs", "5", "--json");
    const events = longer.out.trimEnd().split("\n").map((line) => JSON.parse(line) as { readonly event: string; readonly epoch?: number });
    expect(events.map(({ event, epoch }) => [event, epoch])).toEqual([["config", undefined], ["epoch", 4], ["epoch", 5], ["evaluation", undefined], ["summary", undefined]]);
  });

  test("is never overwritten", async () => {
    const { code, notes } = await call("train", "--data", "xor", "--out", out);
    expect([code, notes]).toEqual([2, "error: …/run holds a run already; continue it with --resume …/run, or choose another --out\n"]);
  });
});
