import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { TableEncoder } from "@nn/data";
import { describe, expect, test } from "vitest";
import { featuresFrom } from "../../src/data/unlabelled.js";
import { loadData } from "../../src/data/load.js";
import { Failure } from "../../src/failure.js";
import type { SavedModel } from "../../src/model/saved-model.js";
import { completeSettings, mergeSettings, type PartialSettings } from "../../src/settings/merge.js";
import { describeColumns } from "../../src/terminal/data-text.js";
import { plain } from "../../src/terminal/style.js";
import { temporaryFolder } from "../temporary-folder.js";

const root = temporaryFolder();

async function file(name: string, content: string): Promise<string> {
  const path = join(root, name);
  await writeFile(path, content);
  return path;
}

const rows = (count: number, row: (at: number) => string): string => Array.from({ length: count }, (_, at) => `${row(at)}\n`).join("");
const classOf = (at: number): string => (at % 2 === 0 ? "a" : "b");
const table = (row: (at: number) => string, head = "x,y\n"): string => head + rows(30, (at) => `${row(at)},${classOf(at)}`);

async function told(settings: PartialSettings): Promise<string[]> {
  const { summary } = await loadData(mergeSettings({ target: "y", ...settings }));
  return summary === undefined ? [] : describeColumns(summary, plain, 200);
}

async function refusal(settings: PartialSettings): Promise<string> {
  const error: unknown = await loadData(mergeSettings({ target: "y", ...settings })).catch((caught: unknown) => caught);
  if (!(error instanceof Failure)) throw new Error("expected a failure");
  return error.message.replaceAll(root, "…");
}

/** A model as a run would save it, without weights. */
async function modelOf(given: PartialSettings): Promise<SavedModel> {
  const settings = completeSettings(mergeSettings({ target: "y", ...given }), "table");
  const { classes, input, features, source } = await loadData(settings);
  return { architecture: { ...settings, features, classes: classes.length }, classes, input, settings, source, epoch: 1, test: null, weights: {} };
}

describe("lines before the header", () => {
  const data = table((at) => `${at},${at / 7}`, "x,z,y\n");

  test.each([
    ["title", "Measurements of 2024\n\n", 2, "…/title.csv, line 1: the first record has one field, the records from line 3 on have 3, separated by \",\"; if the lines before are a title, use --skip-lines 2; otherwise say what separates fields with --delimiter ','"],
    ["commas", "Measurements, 2024\n", 1, "…/commas.csv, line 2: the record has 3 fields; expected 2 (\"Measurements\", \"2024\"); if the lines before are a title, use --skip-lines 1; otherwise check --delimiter ','"],
  ])("%s are refused with the fix, which works", async (name, title, skipLines, message) => {
    const path = await file(`${name}.csv`, title + data);
    expect(await refusal({ data: path })).toBe(message);
    expect(await told({ data: path, skipLines })).toContain("z       number   0 to 4.143");
  });

  test("comments are ignored with --comment", async () => {
    const path = await file("comment.csv", `# made by hand\n${data}`);
    expect(await refusal({ data: path })).toContain("if a comment, --comment '#'");
    expect(await told({ data: path, comment: "#" })).toContain("z       number   0 to 4.143");
    expect(await told({ data: await file("hash.csv", data.replace("x,z", "# x,z")) })).toContain("! The first line, # x, z, y, looks like a comment and is read as names. To ignore such lines, add --comment '#'.");
  });
});

describe("fields and names", () => {
  test("an ambiguous delimiter has to be given", async () => {
    const path = await file("delimiter.csv", rows(30, (at) => `${at},5;${classOf(at)}`).replace(/^/, "x,z;y\n"));
    expect(await refusal({ data: path })).toBe("…/delimiter.csv, line 1: fields may be separated by \",\" or by \";\"; say which with --delimiter ',' or --delimiter ';'");
    expect((await told({ data: path, delimiter: ";", target: "y" }))[1]).toMatch(/^x,z +number/);
  });

  test("refuses names that occur twice; names that are numbers keep their order", async () => {
    expect(await refusal({ data: await file("twice.csv", table((at) => `${at},1`, "x,x,y\n")) })).toBe('…/twice.csv, line 1: two columns of the header have the name "x"; rename one of them');
    const lines = await told({ data: await file("years.csv", table((at) => `${at},${at / 3}`, "x,2020,2019\n").replaceAll(/^(.*),(.*),(.*)$/gm, "$3,$1,$2")), target: "2019" });
    expect(lines.slice(1, 4).map((line) => line.split(" ")[0])).toEqual(["2019", "x", "2020"]);
  });
});

describe("numbers", () => {
  test("that can be read in two ways need an option, or are reported", async () => {
    const tabs = await file("tabs.tsv", `x\tz\ty\n${rows(30, (at) => `1,${100 + at}\t${at % 7}\t${classOf(at)}`)}`);
    expect(await refusal({ data: tabs })).toBe('…/tabs.tsv, line 2, column "x": 1,100 may be 1100 (thousands) or 1.1 (decimal comma); say which with --numbers thousands or --numbers comma');
    expect(await told({ data: tabs, numbers: "thousands" })).toContain("x       number   1100 to 1129, thousands with commas");
    expect(await told({ data: tabs, numbers: "comma" })).toContain("x       number   1.1 to 1.129, decimal comma");
    const semicolons = await file("semicolons.csv", `x;y\n${rows(30, (at) => `1,${100 + at};${classOf(at)}`)}`);
    expect(await told({ data: semicolons })).toContain('! "x" has values such as 1,100, which are read as 1.1. To read them as 1100, add --numbers thousands.');
    expect(await told({ data: semicolons, numbers: "comma" })).not.toContain("!");
  });

  test("with leading zeros or too many digits stay texts, and are refused among numbers", async () => {
    const zips = await file("zips.csv", table((at) => `0${1000 + (at % 6)}`));
    expect((await told({ data: zips })).slice(1)).toEqual([
      "x       6 categories  01000, 01001, 01002, 01003, 01004, 01005", "y       class         2 classes",
      '! "x" has numbers with leading zeros, such as 01000, which are read as texts. To read them as numbers, add --numeric x.',
    ]);
    expect(await told({ data: zips, numeric: ["x"] })).toContain("x       number   1000 to 1005");
    const one = await file("one-zero.csv", table((at) => (at === 4 ? "007" : String(at))));
    expect(await refusal({ data: one })).toBe('…/one-zero.csv, line 6, column "x": "007" is a whole number with leading zeros, but the other values are numbers; correct it, read it as a number with --numeric x, or read the column as categories with --categorical x');
    const ids = await file("ids.csv", table((at) => `${9007199254740993n + 2n * BigInt(at)},${at / 3}`, "id,x,y\n"));
    expect(await told({ data: ids })).toContain('! "id" has whole numbers with more digits than a number holds, such as 9007199254740993, which are read as texts.');
    const big = await file("big.csv", table((at) => (at === 4 ? "9007199254740993" : String(at))));
    expect(await refusal({ data: big })).toContain('"9007199254740993" is a number with more digits than float64 holds');
    expect(await refusal({ data: await file("words.csv", table(() => "word")), numeric: ["x"] })).toBe('--numeric x: none of its values is a number, such as "word"');
    const labels = await file("labels.csv", `x,y\n${rows(30, (at) => `${at},00${at % 2}`)}`);
    expect((await loadData(mergeSettings({ data: labels, target: "y" }))).classes).toEqual(["000", "001"]);
  });
});

describe("a file for a trained model", () => {
  test("has its numbers read as in training, whatever else is in it; numbers of JSON are numbers", async () => {
    const model = await modelOf({ data: await file("train.csv", `x;n;y\n${rows(30, (at) => `1.${100 + at},5;${at};${classOf(at)}`)}`) });
    const encoder = model.input.kind === "table" ? TableEncoder.fromJSON(model.input.encoder) : undefined;
    const valueOf = async (text: string): Promise<number> => {
      const { features } = await featuresFrom(await file(text.startsWith("x") ? "new.csv" : "new.json", text), model);
      return encoder?.scaler?.inverseTransform(features).toTypedArray()[0] ?? NaN;
    };
    const notesOn = async (name: string, text: string): Promise<readonly string[]> => (await featuresFrom(await file(name, text), model)).notes;
    expect(await valueOf("x;n\n1.100,5;1\n")).toBeCloseTo(1100.5, 3);
    for (const other of ["", "1,5;1;0.5\n"]) expect(await valueOf(`x;n;z\n1.100;1;0.5\n${other}`)).toBeCloseTo(1100, 3);
    await expect(valueOf("x;n\n1.100;1\n0.5;1\n")).rejects.toThrow('line 3, column "x": found "0.5", expected a number with a decimal comma, such as 1234,5 or 1.234,5, as in the training');
    for (const other of ["", ', {"x": 0.5, "n": 1}', ', {"x": 1100.5, "n": 1}', ', {"x": "1.100,5", "n": 1}']) expect(await valueOf(`[{"x": 1.100, "n": 1}${other}]`)).toBeCloseTo(1.1, 3);
    expect(await valueOf('[{"x": "1.100", "n": 1}]')).toBeCloseTo(1100, 3);
    expect(await notesOn("new.csv", "x;n\n1.100;1\n")).toEqual(['"x" has values such as 1.100, which are read as 1100, as in the training.']);
    expect([await notesOn("new.csv", "x;n\n1.100;1\n2,5;1\n"), await notesOn("new.json", '{"x": 1.100, "n": 1}')]).toEqual([[], []]);
    // A column of digits alone is written like the others.
    expect(model.input.kind === "table" && model.input.columns.slice(0, 2)).toEqual([{ name: "x", kind: "number", style: "comma" }, { name: "n", kind: "number", style: "comma" }]);
  });

  test("has numbers of JSON read as numbers also with --numbers comma, in the training too", async () => {
    const values = Array.from({ length: 30 }, (_, at) => ({ x: at + 0.125, y: classOf(at) }));
    const model = await modelOf({ data: await file("points.json", JSON.stringify(values)), numbers: "comma" });
    const scaler = model.input.kind === "table" ? TableEncoder.fromJSON(model.input.encoder).scaler : undefined;
    const { features } = await featuresFrom(await file("seven.json", '[{"x": 7.125}, {"x": "7,125"}]'), model);
    for (const value of scaler?.inverseTransform(features).toTypedArray() ?? [NaN]) expect(value).toBeCloseTo(7.125, 3);
    expect(scaler?.mean[0]).toBeLessThan(30);
  });

  test("may lack values in every row if the training dropped such rows: there is no prediction", async () => {
    const model = await modelOf({ data: await file("holes.csv", table((at) => `${at === 3 ? "" : at},${at % 7}`, "x,z,y\n")), missing: "drop" });
    for (const [name, text] of Object.entries({ "hole.csv": "x,z\n,1\n", "hole.json": '{"x": null, "z": 1}', "short.json": '{"z": 1}' })) {
      const { features, table: read, notes } = await featuresFrom(await file(name, text), model);
      expect([features.shape, read?.rows, notes]).toEqual([[0, 2], [], ["1 row of 1 lacks a value and gets no prediction: x in 1 row."]]);
    }
    expect((await featuresFrom(await file("two.json", '[{"z": 1}, {"x": 2, "z": 1}]'), model)).table?.rows).toEqual([1]);
    await expect(featuresFrom(await file("short.csv", "z\n1\n"), model)).rejects.toThrow("lacks the column x, that the model needs");
  });

  test("has its dates in the order of the training, which an option gives", async () => {
    const data = await file("orders.csv", table((at) => `0${1 + (at % 3)}/0${1 + (at % 7)}/2022`));
    const formatOf = async (dates: "auto" | "day-month" | "month-day"): Promise<unknown> => {
      const { input } = await modelOf({ data, dates });
      return input.kind === "table" ? input.columns[0] : undefined;
    };
    expect([await formatOf("auto"), await formatOf("day-month"), await formatOf("month-day")]).toMatchObject([{ format: "mdy" }, { format: "dmy" }, { format: "mdy" }]);
    expect((await told({ data })).join(" ")).toContain('"x" has dates such as 01/01/2022, which are read as month, day, year. To read them as day, month, year, add --dates day-month.');
    expect((await told({ data, dates: "month-day" })).join(" ")).not.toContain("!");
    const american = await file("american.csv", table((at) => `0${1 + (at % 7)}/1${3 + (at % 5)}/2022`));
    expect((await told({ data: american, dates: "day-month" })).join(" ")).toContain('! "x" has dates that can only be read as month, day, year, whatever --dates day-month says.');
    await expect(featuresFrom(await file("swapped.csv", "x\n2022-31-01\n"), await modelOf({ data, dates: "day-month" }))).rejects.toThrow("expected a date (day, month, year) as in the training");
  });

  test("may have dates with times, and must if the model needs them", async () => {
    const model = await modelOf({ data: await file("times.csv", table((at) => `2024-01-0${1 + (at % 7)} 1${at % 5}:30`)) });
    await expect(featuresFrom(await file("dates.csv", "x\n2024-01-05\n"), model)).rejects.toThrow('line 2, column "x": found "2024-01-05", expected a date with a time (year, month, day) as in the training');
  });

  test("reports that lines are skipped as in training", async () => {
    const model = await modelOf({ data: await file("skipped.csv", `title\n${table(String)}`), skipLines: 1 });
    expect((await featuresFrom(await file("more.csv", "title\nx\n3\n"), model)).notes).toEqual(["The first line of more.csv is skipped, as in the training."]);
  });
});
