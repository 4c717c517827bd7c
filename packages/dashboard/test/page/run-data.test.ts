import type { HistogramRecord, RunRecord } from "@nn/records";
import { describe, expect, it } from "vitest";
import { listed } from "../../src/page/listed-run.js";
import { chartOf, RunData } from "../../src/page/run-data.js";
import { smooth } from "../../src/page/smoothing.js";
import { formatDuration, formatNumber, formatPercent, inWords, widthOfLabels } from "../../src/page/format.js";
import { flattened } from "../../src/page/flattened.js";

const scalars = (step: number, values: Readonly<Record<string, number>>): RunRecord => ({ type: "scalars", step, time: 1000 * step, values });
const histogram = (step: number): HistogramRecord => ({ type: "histogram", step, time: 0, name: "weights/w", edges: [0, 1], counts: [1], mean: 0, deviation: 0, zeros: 0, nonFinite: 0 });

describe("a run of the list", () => {
  const run = (state: "running" | "paused" | "killed" | "stopped") => ({ id: "a", state, step: 8, updated: 0 });
  const told = (state: "running" | "paused" | "stopped", step: number): RunData => {
    const data = new RunData("a");
    data.add([{ type: "status", step, time: 0, state }]);
    return data;
  };

  it("has the state and the step of its records, which come before the list", () => {
    expect(listed(run("running"), told("stopped", 12))).toMatchObject({ state: "stopped", step: 12 });
    expect(listed(run("running"), told("paused", 9))).toMatchObject({ state: "paused", step: 9 });
    expect(listed(run("paused"), told("running", 7))).toMatchObject({ state: "running", step: 8 });
    expect(listed(run("killed"), told("stopped", 12))).toMatchObject({ state: "stopped" });
  });

  it("is as the list says where its records do not tell", () => {
    expect(listed(run("killed"), told("running", 12))).toMatchObject({ state: "killed", step: 12 });
    expect(listed(run("stopped"), undefined)).toEqual(run("stopped"));
    expect(listed(run("stopped"), new RunData("a"))).toEqual(run("stopped"));
  });
});

it("labels of an axis have room for the longest", () => {
  expect([widthOfLabels(null), widthOfLabels([]), widthOfLabels(["0.5"])]).toEqual([52, 52, 52]);
  const label = formatNumber(-1e-4);
  expect([label, widthOfLabels(["0", label])]).toEqual(["−1.00 e−4", 75]);
});

describe("RunData", () => {
  it("collects scalars in the order of their steps", () => {
    const data = new RunData("a");
    data.add([scalars(1, { loss: 3 }), scalars(2, { loss: 2, rate: 1 }), scalars(2, { loss: 1 }), scalars(1, { loss: 9 })]);
    expect(data.scalars.get("loss")).toEqual({ steps: [1, 2], values: [3, 1], seconds: [0, 1] });
    expect(data.scalars.get("rate")).toEqual({ steps: [2], values: [1], seconds: [1] });
    expect(data.step).toBe(2);
  });

  it("reads numbers that are not finite from JSON", () => {
    const data = new RunData("a");
    data.add([JSON.parse('{"type":"scalars","step":1,"time":0,"values":{"loss":"NaN","high":"Infinity"}}') as RunRecord]);
    expect(data.scalars.get("loss")?.values).toEqual([NaN]);
    expect(data.scalars.get("high")?.values).toEqual([Infinity]);
  });

  it("keeps a selection of histograms over the whole run", () => {
    const data = new RunData("a");
    data.add(Array.from({ length: 1000 }, (_, at) => histogram(at)));
    const steps = (data.histograms.get("weights/w") ?? []).map(({ step }) => step);
    expect(steps.length).toBeLessThanOrEqual(64);
    expect([steps[0], steps.at(-1)]).toEqual([0, 999]);
  });
});

describe("chartOf", () => {
  it.each([
    ["training.loss", "loss", "training"],
    ["learningRate", "learningRate", ""],
    ["update ratio/hidden.weight", "update ratio", "hidden.weight"],
    ["validation.per.class.f1", "f1", "validation.per.class"],
  ])("puts %s on the chart %s as %s", (name, chart, line) => {
    expect(chartOf(name)).toEqual({ chart, line });
  });
});

describe("smooth", () => {
  it("keeps constants and the first value, whatever the weight", () => {
    expect(smooth([5, 5, 5], 0.9).every((value) => Math.abs(value - 5) < 1e-12)).toBe(true);
    expect(smooth([3, 9], 0.9)[0]).toBeCloseTo(3, 12);
  });

  it("gives the weighted mean of the values so far", () => {
    const weight = 0.5;
    const values = [1, 2, 6];
    // Weights 1/4, 1/2, 1, divided by their sum.
    expect(smooth(values, weight)[2]).toBeCloseTo((1 / 4 + 2 / 2 + 6) / (1 / 4 + 1 / 2 + 1), 12);
  });

  it("leaves out values that are not finite", () => {
    expect(smooth([1, NaN, 1, Infinity], 0.5)).toEqual([1, NaN, 1, Infinity]);
  });
});

describe("numbers in words", () => {
  it.each([[0, "0"], [1234.567, "1,235"], [0.012345, "0.01235"], [-2.5, "−2.5"], [1.5e-7, "1.50 e−7"], [2e9, "2.00 e9"], [NaN, "NaN"], [-Infinity, "−∞"]])("%d is %s", (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });

  it("formats times and fractions", () => {
    expect([0.25, 45, 200, 3600, 7500, 2e6].map((each) => formatDuration(each))).toEqual(["0.3 s", "45 s", "3 min 20 s", "1 h", "2 h 5 min", "23 days"]);
    expect([0.935, 1, 0.004].map((each) => formatPercent(each))).toEqual(["93.5 %", "100 %", "0.4 %"]);
    expect(inWords("stepsPerSecond")).toBe("steps per second");
  });
});

describe("flattened", () => {
  it("names nested settings by their path", () => {
    expect([...flattened({ a: 1, b: { c: [1, 2], d: { e: null } }, f: "x" })]).toEqual([["a", "1"], ["b.c", "[1,2]"], ["b.d.e", "null"], ["f", "x"]]);
  });
});
