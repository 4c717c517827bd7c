import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { FormatError, FileError, TableEncoder } from "@nn/data";
import { describe, expect, test } from "vitest";
import { loadData } from "../../src/data/load.js";
import type { LoadedData, Split } from "../../src/data/loaded-data.js";
import { Failure, UsageFailure } from "../../src/failure.js";
import { mergeSettings, type PartialSettings } from "../../src/settings/merge.js";
import { temporaryFolder } from "../temporary-folder.js";

const root = temporaryFolder();
const flowers = new URL("../fixtures/flowers.csv", import.meta.url).pathname;

const load = (settings: PartialSettings): Promise<LoadedData> => loadData(mergeSettings(settings));

/** The class of every error, and its message with the temporary folder left out. */
async function complaint(step: Promise<unknown>): Promise<string> {
  const error: unknown = await step.catch((caught: unknown) => caught);
  if (!(error instanceof Error)) throw new Error("expected an error");
  expect([Failure, UsageFailure, FormatError, FileError].some((type) => error instanceof type)).toBe(true);
  return `${error.name}: ${error.message.replaceAll(root, "…")}`;
}

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(root, name);
  await writeFile(path, content);
  return path;
}

/** The content of an IDX file of bytes. */
function idx(shape: readonly number[], values: readonly number[]): Uint8Array {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.set([0, 0, 8, shape.length]);
  shape.forEach((length, axis) => header.writeUInt32BE(length, 4 + 4 * axis));
  return Buffer.concat([header, Uint8Array.from(values)]);
}

const labelsOf = (split: Split | undefined): number[] => Array.from({ length: split?.length ?? 0 }, (_, at) => split?.get(at)[1].item() as number);
const countsByClass = (labels: readonly number[], classes: number): number[] => Array.from({ length: classes }, (_, at) => labels.filter((label) => label === at).length);

describe("a CSV file", () => {
  test("is split by the seed, with the same fraction of every class", async () => {
    const data = await load({ data: flowers, target: "species" });
    expect([data.train.length, data.validation?.length, data.test.length]).toEqual([121, 14, 15]);
    expect(data.classes).toEqual(["setosa", "versicolor", "virginica"]);
    expect(countsByClass(labelsOf(data.test), 3)).toEqual([5, 5, 5]);
    const again = await load({ data: flowers, target: "species" });
    expect(labelsOf(again.train)).toEqual(labelsOf(data.train));
    const other = await load({ data: flowers, target: "species", seed: 2 });
    expect(labelsOf(other.train)).not.toEqual(labelsOf(data.train));
  });

  test("is standardised by its training split only", async () => {
    const { train, test, input } = await load({ data: flowers, target: "species", ignore: ["colour"] });
    const mean = (split: Split, feature: number): number =>
      Array.from({ length: split.length }, (_, at) => split.get(at)[0].toTypedArray()[feature] as number).reduce((a, b) => a + b, 0) / split.length;
    expect(mean(train, 0)).toBeCloseTo(0, 5);
    expect(Math.abs(mean(test, 0))).toBeGreaterThan(1e-3);
    if (input.kind !== "table") throw new Error("expected a table");
    expect(TableEncoder.fromJSON(input.encoder).featureNames).toEqual(["sepal_length", "sepal_width", "petal_length", "petal_width"]);
  });

  test("may have semicolons, tabs, gzip, and numbers as classes in the order of their size", async () => {
    const rows = Array.from({ length: 40 }, (_, at) => [at / 7, [10, 2, 33][at % 3]]);
    const text = (delimiter: string): string => [["x", "y"], ...rows].map((row) => `${row.join(delimiter)}\n`).join("");
    const paths = [await file("a.csv", text(",")), await file("b.csv", text(";")), await file("c.tsv", text("\t")), await file("d.csv.gz", gzipSync(text(",")))];
    const loaded = await Promise.all(paths.map((data) => load({ data, target: "y" })));
    for (const { classes, train } of loaded) {
      expect(classes).toEqual(["2", "10", "33"]);
      expect(labelsOf(train)).toEqual(labelsOf(loaded[0]?.train));
    }
  });

  test("with missing values is refused, loses rows, or is filled in", async () => {
    const text = `a,kind\n${Array.from({ length: 30 }, (_, at) => `${at === 4 ? "" : at},${at % 2 === 0 ? "x" : "y"}\n`).join("")}`;
    const data = await file("holes.csv", text);
    expect(await complaint(load({ data, target: "kind" }))).toMatchInlineSnapshot(`"UnusableTable: …/holes.csv, line 6: 1 row of 30 lacks a value (a in 1); drop such rows with --missing drop, or fill the values in with --missing mean"`);
    const count = ({ train, validation, test }: LoadedData): number => train.length + (validation?.length ?? 0) + test.length;
    expect(count(await load({ data, target: "kind", missing: "drop" }))).toBe(29);
    expect(count(await load({ data, target: "kind", missing: "mean" }))).toBe(30);
  });

  test("that does not fit is refused in one sentence", async () => {
    const long = Array.from({ length: 60 }, (_, at) => `${at},${at / 3}\n`).join("");
    expect([
      await complaint(load({ data: flowers })),
      await complaint(load({ data: flowers, target: "specis" })),
      await complaint(load({ data: flowers, target: "species", ignore: ["color"] })),
      await complaint(load({ data: flowers, target: "species", ignore: ["species"] })),
      await complaint(load({ data: await file("bad.csv", "a,b\n1,x\n2\n"), target: "b" })),
      await complaint(load({ data: await file("one.csv", "a,b\n1,x\n2,x\n"), target: "b" })),
      await complaint(load({ data: await file("long.csv", `a,b\n${long}`), target: "b" })),
      await complaint(load({ data: await file("few.csv", "a,b\n1,x\n2,y\n"), target: "b" })),
      await complaint(load({ data: await file("hole.csv", "a,b\n1,x\n2,\n3,y\n"), target: "b", missing: "mean" })),
      await complaint(load({ data: await file("bare.csv", "b\nx\ny\nx\ny\nx\ny\nx\ny\nx\ny\nx\ny\nx\ny\nx\ny\nx\ny\nx\ny\n"), target: "b" })),
      await complaint(load({ data: await file("empty.csv", "a,b\n"), target: "b" })),
      await complaint(load({ data: join(root, "missing.csv"), target: "b" })),
    ].map((text) => text.replace(flowers, "flowers.csv"))).toMatchInlineSnapshot(`
      [
        "UsageFailure: --data flowers.csv is a CSV file: name the column that holds the class with --target; it has sepal_length, sepal_width, petal_length, petal_width, colour, species",
        "UsageFailure: --target specis: flowers.csv has no such column; it has sepal_length, sepal_width, petal_length, petal_width, colour, species; did you mean "species"?",
        "UsageFailure: --ignore color: flowers.csv has no such column; it has sepal_length, sepal_width, petal_length, petal_width, colour, species; did you mean "colour"?",
        "UsageFailure: --ignore species: it is the --target",
        "Failure: …/bad.csv, line 3: the record has 1 field; expected 2 ("a", "b"); complete the line, or remove it",
        "UnusableTable: one.csv has only one class in column "b"; a classifier needs at least two",
        "UnusableTable: long.csv has 60 different values in column "b"; expected a column with a few classes",
        "UnusableTable: 2 examples are too few to hold out 0.1 of them for the test",
        "UnusableTable: 2 examples are too few to hold out 0.1 of them for the test",
        "UnusableTable: bare.csv has no column besides b to learn from",
        "Failure: …/empty.csv has no rows after its header",
        "Failure: cannot read --data …/missing.csv: there is no such file or folder",
      ]
    `);
  });
});

describe("a folder of IDX files", () => {
  const images = (count: number): Uint8Array => idx([count, 2, 3], Array.from({ length: count * 6 }, (_, at) => at % 256));
  const labels = (count: number): Uint8Array => idx([count], Array.from({ length: count }, (_, at) => at % 4));

  async function folder(name: string, files: Readonly<Record<string, Uint8Array>>): Promise<string> {
    const path = join(root, name);
    await mkdir(path);
    for (const [each, content] of Object.entries(files)) await writeFile(join(path, each), content);
    return path;
  }

  test("with both parts keeps them", async () => {
    const data = await load({
      data: await folder("both", {
        "train-images-idx3-ubyte": images(40), "train-labels-idx1-ubyte": labels(40),
        "t10k-images-idx3-ubyte.gz": gzipSync(images(8)), "t10k-labels-idx1-ubyte.gz": gzipSync(labels(8)),
      }),
    });
    expect([data.train.length, data.validation?.length, data.test.length, data.features]).toEqual([36, 4, 8, 6]);
    expect(data).toMatchObject({ name: "both", classes: ["0", "1", "2", "3"], input: { kind: "image", height: 2, width: 3 } });
    expect(data.test.get(0)[0].toArray()).toEqual([0, 1, 2, 3, 4, 5].map((pixel) => Math.fround(pixel / 255)));
  });

  test("with either split alone, is split", async () => {
    const path = await folder("single", { "t10k-images-idx3-ubyte": images(100), "t10k-labels-idx1-ubyte": labels(100) });
    const data = await load({ data: path, validationSplit: 0 });
    expect([data.train.length, data.validation, data.test.length]).toEqual([90, undefined, 10]);
    expect((await load({ data: path, testSplit: 0.25 })).test.length).toBe(25);
  });

  test("that does not fit is refused in one sentence", async () => {
    expect([
      await complaint(load({ data: await folder("none", { "readme.txt": new Uint8Array(0) }) })),
      await complaint(load({ data: await folder("half", { "train-images-idx3-ubyte": images(4) }) })),
      await complaint(load({ data: await folder("unequal", { "train-images-idx3-ubyte": images(4), "train-labels-idx1-ubyte": labels(5) }) })),
      await complaint(load({
        data: await folder("sizes", {
          "train-images-idx3-ubyte": images(4), "train-labels-idx1-ubyte": labels(4),
          "t10k-images-idx3-ubyte": idx([1, 3, 2], [1, 2, 3, 4, 5, 6]), "t10k-labels-idx1-ubyte": labels(1),
        }),
      })),
      await complaint(load({ data: root, target: "x" })),
    ]).toMatchInlineSnapshot(`
      [
        "Failure: …/none holds no data: expected a folder of images for each class, such as …/none/cat/1.png, or IDX files",
        "FormatError: …/half: the folder holds train-images-idx3-ubyte, but not train-labels-idx1-ubyte, plain or with .gz",
        "FormatError: …/unequal/train-labels-idx1-ubyte: the file holds 5 labels, expected 4, one for each image of …/unequal/train-images-idx3-ubyte",
        "FormatError: …/sizes: images for training are 2 x 3, those of the test 3 x 2",
        "UsageFailure: --target applies to tables in files only, but --data is …",
      ]
    `);
  });
});

describe("built-in data", () => {
  test.each([["digits", 784, 10], ["xor", 2, 2], ["blobs", 2, 3], ["moons", 2, 2], ["circles", 2, 2], ["spirals", 2, 2]] as const)("%s", async (name, features, classes) => {
    const data = await load({ data: name });
    expect([data.name, data.features, data.classes.length]).toEqual([name, features, classes]);
    expect(new Set(labelsOf(data.test)).size).toBe(classes);
    expect(data.train.get(0)[0].shape).toEqual([features]);
  });

  test("does not depend on the seed, but its parts do", async () => {
    const [one, two] = await Promise.all([1, 2].map((seed) => load({ data: "digits", seed })));
    expect(one?.test.get(0)[0].toArray()).toEqual(two?.test.get(0)[0].toArray());
    expect(labelsOf(one?.validation)).not.toEqual(labelsOf(two?.validation));
  });

  test("lists the names if one is mistyped", async () => {
    expect([
      await complaint(load({ data: "mooons" })), await complaint(load({ data: "zebra" })), await complaint(load({ data: "moons", target: "x" })),
      await complaint(load({ data: "digits", ignore: ["x"] })),
    ]).toMatchInlineSnapshot(`
      [
        "UsageFailure: --data mooons is neither a built-in data set nor a file or folder; did you mean "moons"?",
        "UsageFailure: --data zebra is neither a built-in data set nor a file or folder; built in are digits, mnist, fashionMnist, xor, blobs, moons, circles, spirals",
        "UsageFailure: --target applies to tables in files only, but --data is moons",
        "UsageFailure: --ignore applies to tables in files only, but --data is digits",
      ]
    `);
  });
});
