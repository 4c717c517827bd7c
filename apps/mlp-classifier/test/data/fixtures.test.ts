import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadData } from "../../src/data/load.js";
import { Failure } from "../../src/failure.js";
import { mergeSettings, type PartialSettings } from "../../src/settings/merge.js";
import { describeColumns } from "../../src/terminal/data-text.js";
import { plain } from "../../src/terminal/style.js";
import { temporaryFolder } from "../temporary-folder.js";

const root = temporaryFolder();
const fixture = (name: string): string => new URL(`../fixtures/${name}`, import.meta.url).pathname;

/** What is said about a table before it is trained on, and the sizes that come of it. */
async function told(settings: PartialSettings, width = 100): Promise<string> {
  const { summary, train, validation, test: kept, features, classes } = await loadData(mergeSettings(settings));
  if (summary === undefined) throw new Error("expected a summary");
  const sizes = `${train.length} + ${validation?.length ?? 0} + ${kept.length} rows, ${features} features, ${classes.length} classes`;
  return [...describeColumns(summary, plain, width), sizes].join("\n");
}

async function refusal(settings: PartialSettings): Promise<string> {
  const error: unknown = await loadData(mergeSettings(settings)).catch((caught: unknown) => caught);
  if (!(error instanceof Failure)) throw new Error("expected a failure");
  return error.message.replaceAll(root, "…").replace(/\S*\/fixtures\//g, "");
}

async function file(name: string, content: string): Promise<string> {
  const path = join(root, name);
  await writeFile(path, content);
  return path;
}

describe("before training, the program reports what it did with each column and row", () => {
  test("decimal commas, an identifier, dates and addresses", async () => {
    expect(await told({ data: fixture("houses.csv"), target: "Lage" })).toMatchInlineSnapshot(`
      "Column   Read as  Values
      Nr       number   1001 to 1120
      Verkauf  date     split into year, month, day, weekday
      Fläche   number   52.19 to 220.2, decimal comma
      Preis    number   203500 to 627400, decimal comma
      Straße   ignored  text, nearly as many values as rows
      Lage     class    2 classes
      ! "Nr" looks like an identifier: it counts the rows. To ignore it, add --ignore Nr.
      ! "Straße" is ignored: nearly every row has a text of its own (120 in 120 rows), as names and
        identifiers have. To use it, add --categorical Straße.
      97 + 11 + 12 rows, 7 features, 2 classes"
    `);
    expect((await told({ data: fixture("houses.csv"), target: "Lage", ignore: ["Nr", "Straße"], categorical: ["Verkauf"] })).split("\n").slice(1, 7)).toMatchInlineSnapshot(`
      [
        "Nr       ignored         as --ignore says",
        "Verkauf  112 categories  01.01.2024, 01.05.2025, 01.07.2024, 02.03.2024 and 108 more",
        "Fläche   number          52.19 to 220.2, decimal comma",
        "Preis    number          203500 to 627400, decimal comma",
        "Straße   ignored         as --ignore says",
        "Lage     class           2 classes",
      ]
    `);
  });

  test("rows without a class, and missing values", async () => {
    expect(await refusal({ data: fixture("passengers.csv"), target: "survived" })).toMatchInlineSnapshot(`"passengers.csv, line 2: 129 rows of 150 lack a value (deck in 117, age in 34, survived in 18, fare in 3); drop such rows with --missing drop, or fill the values in with --missing mean"`);
    expect(await told({ data: fixture("passengers.csv"), target: "survived", missing: "drop" })).toMatchInlineSnapshot(`
      "Column    Read as       Missing  Values
      age       number             34  12 to 63
      fare      number              3  4 to 83.32
      deck      5 categories      117  A, B, C, D, E
      port      3 categories        –  Cherbourg, Queenstown, Southampton
      survived  class              18  2 classes
      ! 129 rows of 150 are dropped, because a value is missing: deck in 117, age in 34, survived in 18,
        fare in 3 rows. To keep more rows, add --ignore deck; to keep all that have a class, --missing
        mean.
      17 + 2 + 2 rows, 10 features, 2 classes"
    `);
    expect(await told({ data: fixture("passengers.csv"), target: "survived", missing: "mean" })).toMatchInlineSnapshot(`
      "Column    Read as       Missing  Values
      age       number             34  12 to 63
      fare      number              3  4 to 83.32
      deck      5 categories      117  A, B, C, D, E
      port      3 categories        –  Cherbourg, Queenstown, Southampton
      survived  class              18  2 classes
      ! 18 rows of 150 have no class and are dropped.
      ! Missing numbers are filled with the mean of their column: age in 34, fare in 3 rows.
      ! Missing categories count as none of the known ones: deck in 117 rows.
      107 + 12 + 13 rows, 10 features, 2 classes"
    `);
    expect((await told({ data: fixture("passengers.csv"), target: "survived", missing: "drop", ignore: ["deck"] })).split("\n").slice(6)).toMatchInlineSnapshot(`
      [
        "! 49 rows of 150 are dropped, because a value is missing: age in 34, survived in 18, fare in 3 rows.",
        "82 + 9 + 10 rows, 5 features, 2 classes",
      ]
    `);
  });

  test("spaces and case in classes, and names of persons", async () => {
    expect(await told({ data: fixture("reviews.csv"), target: "sentiment" })).toMatchInlineSnapshot(`
      "Column     Read as  Values
      reviewer   ignored  text, nearly as many values as rows
      stars      number   1 to 5
      words      number   5 to 113
      sentiment  class    6 classes
      ! "reviewer" is ignored: nearly every row has a text of its own (120 in 120 rows), as names and
        identifiers have. To use it, add --categorical reviewer.
      ! "sentiment" has values that differ only by case or spaces: "neg", "NEG", "Neg". They count as
        different.
      ! "sentiment" has values that differ only by case or spaces: "pos", "Pos", "POS". They count as
        different.
      ! 2 classes have fewer than 5 examples: Neg, Pos.
      97 + 11 + 12 rows, 2 features, 6 classes"
    `);
  });

  test("a quantity in place of classes, and thousands with commas", async () => {
    expect(await told({ data: fixture("cars.csv"), target: "mpg" })).toMatchInlineSnapshot(`
      "Column  Read as         Values
      weight  number          309 to 1904, thousands with commas
      power   number          27 to 160
      origin  3 categories    Europe, Japan, US
      mpg     class (number)  43 classes, 10 to 39.5
      ! "mpg" looks like a quantity: it has 43 different numbers. A classifier treats each as a class of
        its own, and ignores their order.
      ! 27 classes have fewer than 5 examples: 10, 12.5, 14, 15, 15.5, 16 and 21 more.
      130 + 14 + 16 rows, 5 features, 43 classes"
    `);
  });

  test("59 classes in a file without a header", async () => {
    expect(await refusal({ data: fixture("plants.csv"), target: "4" })).toMatchInlineSnapshot(`"--target 4: plants.csv has no such column; it has -0.123, 0.420, -0.090, plant 01; the first line looks like values: if there is no header, use --no-header"`);
    expect(await told({ data: fixture("plants.csv"), target: "4", header: false })).toMatchInlineSnapshot(`
      "Column  Read as  Values
      1       number   -0.773 to 7.906
      2       number   -1.064 to 7.417
      3       number   -0.823 to 4.843
      4       class    59 classes
      287 + 32 + 35 rows, 3 features, 59 classes"
    `);
  });

  test("no line is wider than a narrow screen", async () => {
    for (const [data, target] of [["houses.csv", "Lage"], ["reviews.csv", "sentiment"], ["cars.csv", "mpg"]] as const) {
      const lines = (await told({ data: fixture(data), target }, 40)).split("\n").slice(0, -1);
      expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(40);
    }
  });
});

describe("values", () => {
  const rows = (count: number, row: (at: number) => string): string => Array.from({ length: count }, (_, at) => `${row(at)}\n`).join("");
  const featureValues = async (settings: PartialSettings): Promise<number[]> => {
    const { testRows, input } = await loadData(mergeSettings({ testSplit: 0.5, ...settings }));
    if (input.kind !== "table" || testRows === undefined) throw new Error("expected a table");
    return [...testRows.numeric("x")].toSorted((a, b) => a - b);
  };

  test("are read as they are written: with a decimal comma, with thousands, with a point", async () => {
    const semicolon = await file("comma.csv", `x;y\n${rows(20, (at) => `1.03${at % 10},5;${at % 2 === 0 ? "a" : "b"}`)}`);
    const quoted = await file("thousands.csv", `x,y\n${rows(20, (at) => `"1,03${at % 10}",${at % 2 === 0 ? "a" : "b"}`)}`);
    const point = await file("point.csv", `x;y\n${rows(20, (at) => `1.03${at % 10};${at % 2 === 0 ? "a" : "b"}`)}`);
    expect((await featureValues({ data: semicolon, target: "y" })).every((value) => value >= 1030.5 && value <= 1039.5)).toBe(true);
    expect((await featureValues({ data: quoted, target: "y" })).every((value) => value >= 1030 && value <= 1039)).toBe(true);
    expect((await featureValues({ data: point, target: "y" })).every((value) => value >= 1.03 && value <= 1.039)).toBe(true);
  });

  test("are separated by the delimiter that all lines share", async () => {
    const path = await file("address.csv", `x;street, number;y\n${rows(30, (at) => `${at / 7};${at % 3 === 0 ? "a, 1" : "b"};${at % 2 === 0 ? "a" : "b"}`)}`);
    expect(await told({ data: path, target: "y" })).toContain("street, number  2 categories");
  });

  test("in binary formats or other encodings are refused by name, and UTF-16 is read", async () => {
    await writeFile(join(root, "picture.csv"), Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0]));
    await writeFile(join(root, "table.parquet"), Buffer.from("PAR1\u0015\u0004\u0015", "latin1"));
    await writeFile(join(root, "latin.csv"), Buffer.from("x,stra\u00dfe,y\n1,2,a\n", "latin1"));
    expect(await Promise.all(["picture.csv", "table.parquet", "latin.csv"].map((name) => refusal({ data: join(root, name), target: "y" })))).toMatchInlineSnapshot(`
      [
        "…/picture.csv: it is a PNG image, expected text; convert or unpack it first",
        "…/table.parquet: readParquet cannot read it as Parquet: it has 7 bytes; it is another format, or damaged",
        "…/latin.csv, byte 6: the text from here on is not UTF-8; save the file as UTF-8",
      ]
    `);
    await writeFile(join(root, "wide.csv"), Buffer.from(`\uFEFFx,y\n${rows(20, (at) => `${at},${at % 2 === 0 ? "a" : "b"}`)}`, "utf16le"));
    expect(await told({ data: join(root, "wide.csv"), target: "y" })).toContain("0 to 19");
  });

  test("that are texts among numbers, or too large, are refused with their line", async () => {
    const inf = await file("inf.csv", `x,y\n${rows(30, (at) => `${at === 6 ? "inf" : at},${at % 2 === 0 ? "a" : "b"}`)}`);
    const huge = await file("huge.csv", `x,y\n${rows(30, (at) => `${at === 6 ? "1e308" : at},${at % 2 === 0 ? "a" : "b"}`)}`);
    expect([await refusal({ data: inf, target: "y" }), await refusal({ data: huge, target: "y" })]).toMatchInlineSnapshot(`
      [
        "…/inf.csv, line 8, column "x": "inf" is an infinite value, but the other values are numbers; correct it, count it as missing with --numeric x, or read the column as categories with --categorical x",
        "…/huge.csv, line 8, column "x": 1e308 is too large for float32, which ends at 3.4e38; correct it, or ignore the column with --ignore x",
      ]
    `);
    expect(await told({ data: inf, target: "y", numeric: ["x"], missing: "mean" })).toContain("1 value that is not a number counts as missing");
    expect(await told({ data: inf, target: "y", categorical: ["x"] })).toContain("30 categories");
  });

  test("of constant and empty columns are left out, with a report", async () => {
    const path = await file("constant.csv", `x,same,none,y\n${rows(30, (at) => `${at / 7},1,,${at % 2 === 0 ? "a" : "b"}`)}`);
    expect((await told({ data: path, target: "y" })).split("\n").slice(0, 4)).toMatchInlineSnapshot(`
      [
        "Column  Read as  Missing  Values",
        "x       number         –  0 to 4.143",
        "same    ignored        –  always 1",
        "none    ignored       30  it has no values",
      ]
    `);
  });

  test("with a sign are texts, with a report", async () => {
    const path = await file("signs.csv", `price,part,y\n${rows(30, (at) => `$${(at % 7) + 1}.50,${at % 9} %,${at % 2 === 0 ? "a" : "b"}`)}`);
    expect(await told({ data: path, target: "y" })).toMatchInlineSnapshot(`
      "Column  Read as       Values
      price   7 categories  $1.50, $2.50, $3.50, $4.50 and 3 more
      part    9 categories  0 %, 1 %, 2 %, 3 % and 5 more
      y       class         2 classes
      ! "price" has numbers with a sign, such as $1.50, which are read as texts. Without the sign they are
        numbers.
      ! "part" has numbers with a sign, such as 0 %, which are read as texts. Without the sign they are
        numbers.
      24 + 3 + 3 rows, 16 features, 2 classes"
    `);
  });

  test("of dates with an ambiguous order are reported with the order used", async () => {
    const path = await file("dates.csv", `x,when,y\n${rows(24, (at) => `${at / 7},0${(at % 9) + 1}/0${(at % 7) + 1}/2024 1${at % 3}:30,${at % 2 === 0 ? "a" : "b"}`)}`);
    expect(await told({ data: path, target: "y" })).toMatchInlineSnapshot(`
      "Column  Read as  Values
      x       number   0 to 3.286
      when    date     split into month, day, weekday, hour
      y       class    2 classes
      ! "when" has dates such as 01/01/2024 10:30, which are read as month, day, year. To read them as
        day, month, year, add --dates day-month.
      20 + 2 + 2 rows, 5 features, 2 classes"
    `);
  });

  test("with control characters in names are escaped on the terminal", async () => {
    const path = await file("escape.csv", `x,\u001B[31mred\u0007,y\n${rows(20, (at) => `${at / 3},a\u202Eb${at % 3},c\u001B]0;t\u0007${at % 2}`)}`);
    // oxlint-disable-next-line no-control-regex -- control characters are what this is about
    expect(await told({ data: path, target: "y" })).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202E]/);
  });
});

test.each([
  [{ data: fixture("cars.csv"), target: "Origin" }, /did you mean "origin"\?$/],
  [{ data: fixture("cars.csv"), target: "origin", numeric: ["wieght"] }, /^--numeric wieght: .* did you mean "weight"\?$/],
  [{ data: fixture("cars.csv"), target: "origin", numeric: ["power"], categorical: ["power"] }, /^--categorical power: it is in --numeric as well$/],
  [{ data: "moons", header: false }, /^--no-header applies to tables in files only/],
  [{ data: "digits", testSplit: 0.3 }, /^--test-split does not apply to --data digits/],
  [{ data: "MNIST" }, /did you mean "mnist"\?$/],
] satisfies readonly (readonly [PartialSettings, RegExp])[])("%j is refused with a suggestion", async (settings, message) => {
  expect(await refusal(settings)).toMatch(message);
});
