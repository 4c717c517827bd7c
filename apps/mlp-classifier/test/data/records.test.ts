import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { looksLikeRecords, recordColumns } from "../../src/data/records.js";
import { loadData } from "../../src/data/load.js";
import type { LoadedData } from "../../src/data/loaded-data.js";
import { mergeSettings, type PartialSettings } from "../../src/settings/merge.js";
import { temporaryFolder } from "../temporary-folder.js";

const root = temporaryFolder();
const load = (settings: PartialSettings): Promise<LoadedData> => loadData(mergeSettings(settings));
const complaint = async (step: Promise<unknown>): Promise<string> => step.then(() => "no error", (error: unknown) => String(error).replaceAll(root, "…"));

async function file(name: string, content: string | Uint8Array): Promise<string> {
  await writeFile(join(root, name), content);
  return join(root, name);
}

const read = (text: string) => {
  const { scalars: _, ...columns } = recordColumns("x.json", Buffer.from(text));
  return columns;
};

describe("records", () => {
  test("are an array or lines; every name is a column", () => {
    const expected = { names: ["a", "b"], columns: [["1.50", "", "3"], ["", "x", "true"]], delimiter: "," };
    expect(read('[{"a": 1.50}, {"b": " x", "a": null},\n {"a": 3, "b": true}]')).toEqual({ ...expected, lines: [1, 2, 3], unit: "record" });
    expect(read('{"a": 1.50}\n\n{"b": "x"}\r\n{"a": 3, "b": true}\n')).toEqual({ ...expected, lines: [1, 3, 4], unit: "line" });
    expect(recordColumns("x", gzipSync('{"a": 1}')).columns).toEqual([["1"]]);
  });

  test("keep the digits of numbers that would be rounded", () => {
    expect(read('{"id": 9007199254740993, "x": 1e-7}').columns).toEqual([["9007199254740993"], ["1e-7"]]);
  });

  test("are told from CSV by their first characters", () => {
    expect(['{"a": 1}', ' [ {"a"', "\uFEFF{}"].map(looksLikeRecords)).toEqual([true, true, true]);
    expect(["a,b\n1,2", "[a],{b}", "{a},b", ""].map(looksLikeRecords)).toEqual([false, false, false, false]);
  });

  test("that are none are refused with line or record", () => {
    const problem = (text: string | Uint8Array): string => {
      try {
        recordColumns("x.json", Buffer.from(text));
        return "no error";
      } catch (error) {
        return String(error);
      }
    };
    expect([
      problem(""), problem("[]"), problem("{}"), problem('{"a": 1}\n{"a": }'), problem('[{"a": 1},\n {"a": 2]'), problem('[{"a": 1}, 7]'), problem('{"a": [1]}'),
      problem('[{"a": {"b": 1}}]'), problem('{"a": 1, "a": 2}'), problem('{\n"a": 1\n}'), problem(Uint8Array.of(0x7b, 0xff)), problem(Uint8Array.of(0x1f, 0x8b, 3)),
    ]).toMatchInlineSnapshot(`
      [
        "Failure: x.json has no records",
        "Failure: x.json has no records",
        "Failure: x.json: its records have no values",
        "Failure: x.json, line 2: Object value expected after ':'; a file has one array of records, or a record on each line",
        "Failure: x.json, line 2: Comma ',' expected after value but got ']'; a file has one array of records, or a record on each line",
        "Failure: x.json, record 2: found 7, expected an object with a value for each column, such as {"size": 1.5}",
        "Failure: x.json, line 1, column "a": found a list, expected a number, a text, true, false or null; write its parts as columns of their own",
        "Failure: x.json, record 1, column "a": found an object, expected a number, a text, true, false or null; write its parts as columns of their own",
        "Failure: x.json, line 1: Duplicate key 'a' encountered; a file has one array of records, or a record on each line",
        "no error",
        "Failure: x.json is not UTF-8; save the file as UTF-8",
        "Failure: x.json cannot be decompressed: unexpected end of file",
      ]
    `);
  });
});

describe("a table of records", () => {
  const rows = Array.from({ length: 40 }, (_, at) => ({ size: at / 7, colour: ["red", "blue"][at % 2], kind: at % 3 }));

  test("gives the same as the same table in CSV", async () => {
    const csv = await load({ data: await file("t.csv", `size,colour,kind\n${rows.map((row) => `${Object.values(row).join(",")}\n`).join("")}`), target: "kind" });
    const texts = { "t.json": JSON.stringify(rows, null, 1), "t.jsonl": rows.map((row) => JSON.stringify(row)).join("\n"), "t.data": JSON.stringify(rows) };
    for (const [name, text] of Object.entries(texts)) {
      const json = await load({ data: await file(name, text), target: "kind" });
      expect(json.input).toEqual(csv.input);
      expect(json.test.get(0)).toEqual(csv.test.get(0));
      expect(json.summary?.columns).toEqual(csv.summary?.columns);
    }
  });

  test("is refused with the position of a value that does not fit", async () => {
    const wrong = await file("wrong.json", JSON.stringify(rows.map((row, at) => (at === 3 ? { ...row, size: "big" } : row))));
    expect([
      await complaint(load({ data: wrong, target: "kind" })), await complaint(load({ data: wrong })), await complaint(load({ data: wrong, target: "kind", header: false })),
      await complaint(load({ data: await file("holes.jsonl", '{"a": 1, "b": "x"}\n{"b": "y"}'), target: "b" })),
    ]).toMatchInlineSnapshot(`
      [
        "Failure: …/wrong.json, record 4, column "size": "big" is not a number, but the other values are numbers; correct it, count it as missing with --numeric size, or read the column as categories with --categorical size",
        "UsageFailure: --data …/wrong.json is a JSON file: name the column that holds the class with --target; it has size, colour, kind",
        "UsageFailure: --no-header applies to CSV files only, but …/wrong.json has records as JSON",
        "UnusableTable: …/holes.jsonl, line 2: 1 row of 2 lacks a value (a in 1); drop such rows with --missing drop, or fill the values in with --missing mean",
      ]
    `);
  });
});

describe("test data", () => {
  const table = (colours: readonly string[], more = ""): string => `size,colour,kind${more}\n${Array.from({ length: 40 }, (_, at) => `${at / 7},${colours[at % colours.length] ?? ""},${"xy"[at % 2] ?? ""}${more === "" ? "" : ",1"}\n`).join("")}`;

  test("are a file of their own; the encoder knows the training data alone", async () => {
    const train = await file("train.csv", table(["red", "blue"]));
    const data = await load({ data: train, target: "kind", testData: await file("test.csv", table(["red", "green"])) });
    expect([data.train.length, data.validation?.length, data.test.length, data.testRows?.length]).toEqual([36, 4, 40, 40]);
    expect(data.features).toBe(3);
    expect(data.summary?.warnings).toMatchInlineSnapshot(`
      [
        "Test data: 20 rows of 40 have values of "colour" that the training did not have, which count as none of the known ones: green 20.",
      ]
    `);
    const alone = await load({ data: train, target: "kind", validationSplit: 0.1, testSplit: 0.1 });
    expect(data.source).not.toEqual(alone.source);
    // Rows 1, 3, … are green: neither of the columns of colours is set.
    expect([...data.test.get(1)[0].toTypedArray()].slice(1)).toEqual([0, 0]);
    // All rows that are not for validation determine the mean.
    const [first] = data.train.get(0);
    const sizes = Array.from({ length: data.train.length }, (_, at) => data.train.get(at)[0].toTypedArray()[0] ?? 0);
    expect(sizes.reduce((a, b) => a + b) / sizes.length).toBeCloseTo(0, 5);
    expect(first.shape).toEqual([3]);
  });

  test("that do not fit are refused with the names", async () => {
    const train = join(root, "train.csv");
    expect([
      await complaint(load({ data: train, target: "kind", testData: await file("more.csv", table(["red"], ",extra")) })),
      await complaint(load({ data: train, target: "kind", testData: await file("less.csv", "size,kind\n1,x\n") })),
      await complaint(load({ data: train, target: "kind", testData: await file("classes.csv", "size,colour,kind\n1,red,z\n") })),
      await complaint(load({ data: train, target: "kind", testData: await file("texts.csv", "size,colour,kind\nbig,red,x\n") })),
      await complaint(load({ data: train, target: "kind", testData: join(root, "none.csv") })),
      await complaint(load({ data: train, target: "kind", testData: train, testSplit: 0.2 })),
      await complaint(load({ data: train, target: "kind", testData: train })),
    ]).toMatchInlineSnapshot(`
      [
        "Failure: --test-data …/more.csv does not have the columns of …/train.csv: it has "extra" besides; give it the same columns",
        "Failure: --test-data …/less.csv does not have the columns of …/train.csv: it lacks "colour"; give it the same columns",
        "UnusableTable: the test data have classes that the training data do not have: z; the training has x, y",
        "Failure: …/texts.csv, line 2, column "size": found "big", expected a number as in the training; correct it, or leave it empty",
        "Failure: cannot read …/none.csv: there is no such file or folder",
        "UsageFailure: --test-split does not apply with --test-data, which has the test examples",
        "Failure: --test-data …/train.csv has the same content as --data …/train.csv; to hold a part out for the test, leave --test-data out",
      ]
    `);
  });
});
