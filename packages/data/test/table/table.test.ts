import { describe, expect, it } from "vitest";
import {
  csvLine, dateFormatsOf, describeColumns, dropMissing, encodeCsv, expandDates, missingCounts, parseDate, planDates, readCsv, similarCategories, Table, type CsvField,
} from "../../src/index.js";

describe("dates", () => {
  it.each([
    ["2024-02-29", "ymd", [2024, 2, 29, 4]], ["2024/2/9", "ymd", [2024, 2, 9, 5]], ["29.02.2024", "dmy", [2024, 2, 29, 4]], ["2/29/2024", "mdy", [2024, 2, 29, 4]],
    [" 0001-01-01 ", "ymd", [1, 1, 1, 1]], ["2026-11-29", "ymd", [2026, 11, 29, 7]],
  ] as const)("%j (%s) is %j", (text, format, [year, month, day, weekday]) => {
    expect(parseDate(text, format)).toEqual({ year, month, day, weekday, hour: undefined, minute: undefined, second: undefined });
  });

  it("may have times", () => {
    expect(parseDate("2024-02-29T13:45:07.5Z", "ymd")).toMatchObject({ hour: 13, minute: 45, second: 7 });
    expect(parseDate("29.02.2024 9:05", "dmy")).toMatchObject({ hour: 9, minute: 5, second: 0 });
    expect(parseDate("2024-02-29 13:45:00+02:00", "ymd")).toMatchObject({ hour: 13 });
  });

  it.each([["2023-02-29", "ymd"], ["2024-13-01", "ymd"], ["32.01.2024", "dmy"], ["2024-02-29 24:00", "ymd"], ["2024-02/29", "ymd"], ["20240229", "ymd"], ["1.2", "dmy"], ["", "ymd"]] as const)(
    "%j (%s) is none", (text, format) => {
      expect(parseDate(text, format)).toBeUndefined();
    });

  it("have a format that is decided by the column", () => {
    expect(dateFormatsOf(["1/2/2024", "13/2/2024", null])).toEqual(["dmy"]);
    expect(dateFormatsOf(["1/2/2024", "1/13/2024"])).toEqual(["mdy"]);
    expect(dateFormatsOf(["1/2/2024"])).toEqual(["dmy", "mdy"]);
    expect(dateFormatsOf(["2024-01-01", "red"])).toEqual([]);
    expect(dateFormatsOf([null])).toEqual([]);
  });

  it("become numbers by a plan, also in new tables", async () => {
    const table = await readCsv("a,sold\n1,2023-12-31 08:00\n2,2024-01-01 09:30\n3,?\n", { missing: "keep" });
    const plan = planDates(table);
    expect(JSON.parse(JSON.stringify(plan))).toEqual([{ column: "sold", format: "ymd", parts: ["year", "month", "day", "weekday", "hour", "minute"] }]);
    const expanded = expandDates(table, plan);
    expect(expanded.names).toEqual(["a", "sold year", "sold month", "sold day", "sold weekday", "sold hour", "sold minute"]);
    expect([...expanded.numeric("sold weekday")]).toEqual([7, 1, NaN]);
    expect([...expanded.numeric("sold minute")]).toEqual([0, 30, NaN]);
    const later = await readCsv("a,sold\n1,2025-06-01\n");
    expect(() => expandDates(later, plan)).toThrow('expandDates, column "sold": row 0 has a date without a time');
    const other = await readCsv("a,sold\n1,red\n");
    expect(() => expandDates(other, plan)).toThrow('expandDates, column "sold": row 0 has "red", expected a date (ymd)');
    expect(() => expandDates(table.without(["sold"]), plan)).toThrow('expandDates: there is no column "sold"');
    expect(() => expandDates(table, [{ column: "sold", format: "iso", parts: [] } as never])).toThrow("expandDates: plan[0].format is");
  });

  it("are refused where two columns would have one name", async () => {
    const table = await readCsv("day,day month\n2024-01-01,5\n2024-02-01,7\n");
    const plan = planDates(table);
    expect(() => expandDates(table, plan)).toThrow('expandDates: two columns would have the name "day month"');
    expect(() => expandDates(table, [...plan, ...plan])).toThrow('expandDates: two plans are for columns with the name "day"');
    expect(() => planDates(table, ["day", "day"])).toThrow('planDates: two columns have the name "day"');
  });

  it("that can be read in two ways need an option", async () => {
    const table = await readCsv("when,x\n1/2/2024,1\n3/4/2024,2\n");
    expect(() => planDates(table)).toThrow('planDates, column "when": day and month cannot be told apart; say which comes first with the format "dmy" or "mdy"');
    expect(planDates(table, ["when"], "mdy")).toEqual([{ column: "when", format: "mdy", parts: ["month", "day", "weekday"] }]);
    expect(() => planDates(table, ["x"])).toThrow('planDates, column "x": the values are not dates');
  });
});

describe("missing values", () => {
  it("are counted by column, and their rows are left out by columns", async () => {
    const table = await readCsv("a,b,c\n1,x,y\n?,y,y\n3,?,y\n?,?,?\n", { missing: "keep" });
    expect(missingCounts(table)).toEqual({ a: 2, b: 2, c: 1 });
    const clean = dropMissing(table);
    expect([...clean]).toEqual([{ a: 1, b: "x", c: "y" }]);
    expect(clean.dropped).toEqual({ rows: 3, missing: { a: 2, b: 2, c: 1 } });
    expect(dropMissing(table, ["c"]).dropped).toEqual({ rows: 1, missing: { c: 1 } });
    expect(() => dropMissing(table, ["d"])).toThrow("there is no column");
    expect(() => dropMissing([] as never)).toThrow("dropMissing: table is an array of 0, expected a Table");
  });
});

describe("describeColumns", () => {
  it("describes what columns hold", async () => {
    const rows = Array.from({ length: 20 }, (_, at) => [`id${at}`, at, at % 3, `2024-01-${String(at + 1).padStart(2, "0")}`, ["red", "blue"][at % 2], "same", "?", at / 8]);
    const table = await readCsv(`id,n,class,day,color,one,none,x\n${rows.map((row) => row.join(",")).join("\n")}\n`, { missing: "keep" });
    expect(describeColumns(table).map(({ name, kind, distinct, isNearlyUnique }) => [name, kind, distinct, isNearlyUnique])).toEqual([
      ["id", "text", 20, true], ["n", "number", 20, true], ["class", "number", 3, false], ["day", "date", 20, true], ["color", "category", 2, false],
      ["one", "constant", 1, false], ["none", "empty", 0, false], ["x", "number", 20, true],
    ]);
    expect(describeColumns(table)[7]).toEqual({ name: "x", kind: "number", known: 20, missing: 0, distinct: 20, isNearlyUnique: true, minimum: 0, maximum: 2.375, mean: expect.closeTo(1.1875, 12), isWhole: false });
    expect(describeColumns(table)[6]).toMatchObject({ known: 0, missing: 20 });
  });

  it("finds classes that differ only by case and spaces", () => {
    expect(similarCategories(["yes", "Yes", " yes", "no", "NO ", "maybe", null, 3])).toEqual([["yes", "Yes", " yes"], ["no", "NO "]]);
  });
});

describe("Table", () => {
  const table = new Table([
    { name: "a", type: "numeric", values: Float64Array.of(1, NaN, 3) },
    { name: "b", type: "categorical", values: ["x", null, "z"] },
  ]);

  it("selects, leaves out and replaces columns, and stays a table when rows are taken", () => {
    expect(table.select(["b"]).names).toEqual(["b"]);
    expect(table.without(["b"]).names).toEqual(["a"]);
    const changed = table.with([{ name: "a", type: "numeric", values: Float64Array.of(7, 8, 9) }, { name: "c", type: "numeric", values: Float64Array.of(0, 0, 0) }]);
    expect(changed.names).toEqual(["a", "b", "c"]);
    expect(changed.get(1)).toEqual({ a: 8, b: null, c: 0 });
    expect([...table.take(2).skip(1)]).toEqual([{ a: NaN, b: null }]);
    expect(table.filter(({ b }) => b !== null)).toBeInstanceOf(Table);
    expect(table.filter(({ b }) => b !== null).categorical("b")).toEqual(["x", "z"]);
  });

  it("prints, and becomes JSON as its rows", () => {
    expect(String(table)).toBe('Table of 3 rows: "a" numeric, "b" categorical');
    expect(JSON.stringify(table)).toBe('[{"a":1,"b":"x"},{"a":null,"b":null},{"a":3,"b":"z"}]');
  });

  it("refuses values that are not columns, and numbers that float32 cannot hold", () => {
    expect(() => new Table([{ name: "a", type: "numeric", values: [1] as never }])).toThrow('Table: the values of column "a" are an array of 1, expected a Float64Array');
    expect(() => new Table([{ name: "a", type: "number" as never, values: [] }])).toThrow("Table: the type of column 0 is");
    expect(() => new Table([null as never])).toThrow("Table: the name of column 0 is undefined, expected a string");
    expect(() => new Table("a" as never)).toThrow("Table: columns is");
    const large = new Table([{ name: "a", type: "numeric", values: Float64Array.of(1e308) }]);
    expect(() => large.tensor()).toThrow('Table.tensor: row 0 of column "a" is 1e+308, too large for float32; use dtype: "float64", or scale the column first');
    expect(large.tensor(undefined, { dtype: "float64" }).toArray()).toEqual([[1e308]]);
    expect(() => table.tensor(["a"], { dtype: "int32" as never })).toThrow("Table.tensor: dtype is");
    expect(() => table.subset([0.5])).toThrow("Table.subset: index 0.5 is out of range");
    expect(() => table.subset([-1])).toThrow("Table.subset: index -1 is out of range");
    const age = { name: "age", type: "numeric", values: Float64Array.of(1) } as const;
    expect(() => new Table([age, age])).toThrow('Table: two columns have the name "age"');
    expect(() => table.with([age, age])).toThrow('Table.with: two columns have the name "age"');
    expect(() => table.with([null as never])).toThrow("Table.with: the name of column 0 is undefined");
  });
});

describe("CSV that is written", () => {
  it.each<[CsvField[], string]>([
    [["a", 1.5, null, NaN, true], "a,1.5,,,true\n"], [["a,b", 'say "x"', "two\nlines", " spaces "], '"a,b","say ""x""","two\nlines"," spaces "\n'],
    [["=1+1", "@SUM(1)", "+x", "-x", "\t=1", " =1"], "'=1+1,'@SUM(1),'+x,'-x,\"'\t=1\",' =1\n"], [["-5", "+1.5", "-1,5", -5], '-5,+1.5,"-1,5",-5\n'], [[""], '""\n'],
  ])("%j", (fields, line) => {
    expect(csvLine(fields)).toBe(line);
  });

  it("keeps formulas on request, and is read back unchanged", async () => {
    expect(csvLine(["=1"], { formulas: "keep" })).toBe("=1\n");
    const texts = ["=1", '"', "a,b", "x\r\ny", " z "];
    const table = new Table([{ name: "t", type: "categorical", values: texts }, { name: "n", type: "numeric", values: Float64Array.of(1, 2, 3, 4, 0.1) }]);
    expect([...(await readCsv(encodeCsv(table, { formulas: "keep" })))]).toEqual([...table]);
    expect(encodeCsv(table, { delimiter: ";" }).split("\n")[0]).toBe("t;n");
    expect(() => csvLine([{} as never])).toThrow("csvLine: field 0 is an object, expected a text, a number, true, false or null");
    expect(() => csvLine(["a"], { delimiter: "::" })).toThrow("csvLine: delimiter is");
    expect(() => csvLine(["a"], { formula: "keep" } as never)).toThrow('csvLine: there is no option "formula"; did you mean "formulas"?');
  });
});
