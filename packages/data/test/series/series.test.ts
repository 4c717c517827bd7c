import { describe, expect, it } from "vitest";
import { calendarFeatures, groupSplit, MinMaxScaler, readCsv, scaleColumns, SeriesWindows, Standardizer, Table, tableFromRecords, timeSplit } from "../../src/index.js";

const hours = (start: number, count: number): string[] => Array.from({ length: count }, (_, at) => new Date((start + at) * 3_600_000).toISOString().slice(0, 19));

/** Two stations in alternating rows; station b misses hour 4. */
function stations(): Table {
  const records = hours(480_000, 10).flatMap((time, at) => [{ time, station: "a", load: at, wind: -at }, { time, station: "b", load: 100 + at, wind: at }]);
  return tableFromRecords(records.filter(({ load }) => load !== 104));
}

const options = { inputs: ["load", "wind"], targets: ["load"], length: 2, horizon: 2, time: "time", group: "station" } as const;
const loads = (windows: SeriesWindows): number[][] => Array.from({ length: windows.length }, (_, at) => [...windows.get(at)].flatMap((part) => part.toArray() as number[][]).map(([load]) => load as number));

describe("SeriesWindows", () => {
  it("cross neither from one series to another nor a gap", () => {
    const windows = new SeriesWindows(stations(), options);
    expect(loads(windows)).toEqual([
      ...[0, 1, 2, 3, 4, 5, 6].map((at) => [at, at + 1, at + 2, at + 3]),
      [100, 101, 102, 103],
      [105, 106, 107, 108], [106, 107, 108, 109],
    ]);
    expect(loads(new SeriesWindows(stations(), { ...options, maxStep: 7200 }))).toHaveLength(7 + 6);
    const [input, target] = windows.get(8);
    expect(input.toArray()).toEqual([[105, 5], [106, 6]]);
    expect(target.toArray()).toEqual([[107], [108]]);
    const table = stations();
    expect([...windows.rows(8).target].map((row) => table.numeric("load")[row])).toEqual([107, 108]);
  });

  it("are batches like those of their items, at any stride", () => {
    const windows = new SeriesWindows(stations(), { ...options, stride: 3 });
    expect(loads(windows)).toEqual([[0, 1, 2, 3], [3, 4, 5, 6], [6, 7, 8, 9], [100, 101, 102, 103], [105, 106, 107, 108]]);
    const [inputs, targets] = windows.batch([4, 1]);
    expect([inputs.shape, targets.shape]).toEqual([[2, 2, 2], [2, 2, 1]]);
    expect(inputs.toArray()).toEqual([windows.get(4)[0].toArray(), windows.get(1)[0].toArray()]);
  });

  it("with missing values are refused or left out", () => {
    const table = tableFromRecords([1, 2, null, 4, 5, 6].map((x) => ({ x, y: 0 })), { missing: "keep" });
    const how = { inputs: ["x"], targets: ["y"], length: 2, horizon: 1 };
    expect(() => new SeriesWindows(table, how)).toThrow('SeriesWindows, column "x": row 2 has no value; use missing: "skip" to leave such windows out');
    expect(new SeriesWindows(table, { ...how, missing: "skip" }).all()[0].toArray()).toEqual([[[1], [2]], [[4], [5]]]);
  });

  it("refuse what cannot be windows, with the fix", () => {
    const table = stations();
    expect(() => new SeriesWindows(table, { ...options, group: undefined as never })).toThrow('SeriesWindows, column "time": row 1 is not later than row 0 before it; sort the rows by time, or name the column that tells several series apart as group');
    expect(() => new SeriesWindows(table, { ...options, length: 20 })).toThrow("SeriesWindows: no series has 22 rows without a gap, which a window needs; the longest has 10");
    expect(() => new SeriesWindows(table, { ...options, inputs: [] })).toThrow("SeriesWindows: inputs is empty");
    expect(() => new SeriesWindows(table, { ...options, inputs: ["lode"] })).toThrow('SeriesWindows: there is no column "lode"');
    expect(() => new SeriesWindows(table, { ...options, inputs: ["station"] })).toThrow('column "station" is categorical');
    expect(() => new SeriesWindows(table, { ...options, horizon: 0 })).toThrow("SeriesWindows: horizon is 0");
    expect(() => new SeriesWindows(table, { ...options, maxStep: -1 })).toThrow("SeriesWindows: maxStep is -1");
    expect(() => new SeriesWindows(table, { ...options, lenght: 2 } as never)).toThrow('did you mean "length"?');
  });
});

describe("calendarFeatures", () => {
  it("are points on a circle", async () => {
    const table = await readCsv("at,x\n2024-01-01 00:00,1\n2024-04-03 18:00,2\n2024-12-29 23:59:59,3\n");
    const features = calendarFeatures(table, "at", ["hour", "weekday", "month"]);
    const angle = (name: string): number[] => Array.from(features.numeric(`at ${name} sin`), (sine, row) => (Math.atan2(sine, features.numeric(`at ${name} cos`)[row] as number) / (2 * Math.PI) + 1) % 1);
    const close = (found: number[], expected: number[]): void => found.forEach((value, at) => expect(value).toBeCloseTo(expected[at] as number, 12));
    close(angle("hour"), [0, 0.75, 86399 / 86400]);
    close(angle("weekday"), [0, 2 / 7, 6 / 7]);
    close(angle("month"), [0, 3 / 12, 11 / 12]);
    expect(() => calendarFeatures(table, "x", ["hour"])).toThrow('calendarFeatures, column "x": the values are not dates');
    expect(() => calendarFeatures(table, "at", ["year" as never])).toThrow('calendarFeatures: cycles[0] is the string "year"');
  });

  it("of one cycle are named once", async () => {
    const table = await readCsv("day\n2024-01-01\n2024-02-01\n");
    expect(() => calendarFeatures(table, "day", ["month", "month"])).toThrow('calendarFeatures: two cycles have the name "month"');
  });

  it("need the order of day and month where it cannot be seen", async () => {
    const table = await readCsv("at\n01/02/2024\n03/04/2024\n");
    expect(() => calendarFeatures(table, "at", ["month"])).toThrow("day and month cannot be told apart");
    expect(calendarFeatures(table, "at", ["month"], { format: "mdy" }).numeric("at month cos")[0]).toBe(1);
  });
});

describe("splits", () => {
  it("by time keep rows of one time together, and no window sees two splits", () => {
    const [train, test] = timeSplit(stations(), [0.5, 0.5], { time: "time" });
    const last = Math.max(...train.categorical("time").map((time) => Date.parse(`${time ?? ""}Z`)));
    expect(test.categorical("time").every((time) => Date.parse(`${time ?? ""}Z`) > last)).toBe(true);
    expect(train.length + test.length).toBe(19);
    const seen = new Set(loads(new SeriesWindows(train, options)).flat());
    expect(loads(new SeriesWindows(test, options)).flat().some((load) => seen.has(load))).toBe(false);
    expect(() => timeSplit(tableFromRecords([{ t: 1 }, { t: 1 }]), [1, 1], { time: "t" })).toThrow("timeSplit: split 0 would be empty, since rows of one time stay together");
    expect(() => timeSplit(stations(), [0.5, 0.5], {} as never)).toThrow("timeSplit: time is undefined");
    for (const t of [Infinity, -Infinity]) {
      const table = new Table([{ name: "t", type: "numeric", values: Float64Array.of(1, 2, t) }, { name: "x", type: "numeric", values: Float64Array.of(1, 2, 3) }]);
      expect(() => timeSplit(table, [2, 1], { time: "t" })).toThrow(`row 2 has the time ${t}; give it a finite time, or drop the row`);
      expect(() => new SeriesWindows(table, { time: "t", inputs: ["x"], targets: ["x"], length: 1, horizon: 1 })).toThrow(`row 2 has the time ${t}`);
    }
  });

  it("by group divide no group", () => {
    const table = tableFromRecords(Array.from({ length: 50 }, (_, at) => ({ patient: `p${at % 10}`, at })));
    const splits = groupSplit(table, [0.6, 0.2, 0.2], { groups: ({ patient }) => String(patient), seed: 2 });
    expect(splits.map(({ length }) => length)).toEqual([30, 10, 10]);
    const patients = splits.map((split) => new Set(split.categorical("patient")));
    expect(patients.map(({ size }) => size)).toEqual([6, 2, 2]);
    expect(new Set(patients.flatMap((each) => [...each])).size).toBe(10);
    expect([...splits[0].numeric("at")]).toEqual([...splits[0].numeric("at")].toSorted((a, b) => a - b));
    expect(groupSplit(table, [0.6, 0.2, 0.2], { groups: ({ patient }) => String(patient), seed: 2 })[1].toJSON()).toEqual(splits[1].toJSON());
    expect(() => groupSplit(table, [0.5, 0.5], {} as never)).toThrow("groupSplit: there are no groups");
    expect(() => groupSplit(table, [30, 20], { groups: ({ patient }) => String(patient) })).toThrow("counts that add up to 10");
  });
});

it("scaleColumns scales by what was fitted on another table", () => {
  const [train, test] = timeSplit(stations(), [0.5, 0.5], { time: "time" });
  for (const scaler of [Standardizer, MinMaxScaler]) {
    const fitted = scaler.fit(train.tensor(["load", "wind"], { dtype: "float64" }));
    const scaled = scaleColumns(test, ["load", "wind"], fitted);
    expect(fitted.inverseTransform(scaled.tensor(["load", "wind"], { dtype: "float64" })).data("test")[0]).toBeCloseTo(test.numeric("load")[0] as number, 10);
    expect(scaled.categorical("station")).toEqual(test.categorical("station"));
  }
  const one = Standardizer.fit(train.tensor(["load"]));
  expect(() => scaleColumns(train, ["load", "load"], one)).toThrow('scaleColumns: two columns to scale have the name "load"');
  expect(() => scaleColumns(test, ["load", "wind"], one)).toThrow("scaleColumns: there are 2 names, but the scaler was fitted on 1 columns; name the same columns");
  expect(() => scaleColumns(test, ["station"], one)).toThrow('scaleColumns: column "station" is categorical, expected numbers');
  expect(() => scaleColumns(test, ["load"], {} as never)).toThrow("scaleColumns: scaler is an object, expected a Standardizer or a MinMaxScaler");
});
