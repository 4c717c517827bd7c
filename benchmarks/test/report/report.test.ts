import { describe, expect, test } from "vitest";
import type { CompetitorId } from "../../src/competitors.js";
import { thorough } from "../../src/measure/settings.js";
import { report, type Run } from "../../src/report/report.js";
import { judge, targets, type Target } from "../../src/report/targets.js";
import { agrees, type Entry, type Result } from "../../src/results.js";
import { coldStart } from "../../src/workloads/cold-start.js";
import { mlpStep } from "../../src/workloads/mlp-step.js";

const around = (median: number, count = 15) => ({ median, lower: median * 0.95, upper: median * 1.05, count });
const entry = (competitor: CompetitorId, value: number, ratio: number): Entry => ({ competitor, value: around(value), ratio: around(ratio) });

const step: Result = {
  workload: "mlp-step", case: "784-128-10, batch 64", unit: "ms", rounds: 15, noisy: 2, cost: { kind: "arithmetic", flops: 26e6 },
  entries: [entry("roofline", 0.6, 1.25), entry("nn", 0.75, 1), entry("torch", 1.5, 0.5), entry("jax-sgd", 3, 0.25), { competitor: "jax", problem: "ended with status 1" }],
};
const start: Result = {
  workload: "cold-start", case: "import to first step", unit: "ms", rounds: 11, noisy: 0,
  entries: [entry("nn", 180, 1), { ...entry("torch", 720, 0.25), problem: "computes something else: 1, nn 2" }],
};

const run: Run = {
  date: "2030-01-02", command: "npm run bench", revision: "abc1234", settings: thorough,
  machine: [["processor", "Example 9000"], ["cores", "2"]],
  versions: new Map([["nn", "0.1.0"], ["torch", undefined]]),
  workloads: [mlpStep, coldStart],
  results: [step, start],
};

test("the report contains everything that was measured", async () => {
  await expect(report(run)).toMatchFileSnapshot("report.md");
});

describe("targets", () => {
  const target = (value: number | undefined, sense: Target["sense"]): Target => ({ title: "it", limit: 0.5, sense, write: String, measure: () => value });

  test("are met at the limit, otherwise missed by a factor", () => {
    expect(judge(target(0.5, "at most"), [])).toEqual({ title: "it", wanted: "≤\u00A00.5", measured: "0.5", outcome: "met", met: true });
    expect(judge(target(0.75, "at most"), []).outcome).toBe("missed by 1.50x");
    expect(judge(target(0.5, "at least"), []).met).toBe(true);
    expect(judge(target(0.25, "at least"), []).outcome).toBe("missed by 2.00x");
  });

  test("that were not measured are reported as such", () => {
    expect(judge(target(undefined, "at most"), [])).toMatchObject({ outcome: "not measured", met: undefined });
    expect(targets.every((each) => judge(each, []).met === undefined)).toBe(true);
  });

  test("take their values from the right result", () => {
    const cases = (workload: string, name: string, entries: readonly Entry[]): Result => ({ ...step, workload, case: name, entries });
    const results = [
      step,
      cases("mlp-step", "784-512-512-10, batch 128", [entry("nn", 9, 1), entry("nn-2", 5, 1.8), entry("nn-merged", 4.5, 2), entry("nn-native", 2, 4.5), entry("nn-native-2", 1.1, 8), entry("torch", 4, 2.3)]),
      cases("matmul", "256 x 256", [entry("roofline", 1, 1.25), entry("nn", 1.25, 1)]),
    ];
    const verdicts = new Map(targets.map((each) => [each.title, judge(each, results)]));
    const large = "Adam step 784-512-512-10, batch 128";
    expect(verdicts.get(`${large}: machine code to PyTorch`)).toMatchObject({ measured: "0.50x", met: true });
    expect(verdicts.get(`${large}: Node 26 with merged vectors to Node 20`)).toMatchObject({ measured: "0.50x", met: true });
    expect(verdicts.get(`${large}: machine code, 2 threads to one`)).toMatchObject({ measured: "0.55x", met: true });
    expect(verdicts.get(`${large}: WebAssembly, 2 threads to one`)).toMatchObject({ measured: "0.56x", met: true });
    expect(verdicts.get("Adam step 784-128-10, batch 64: WebAssembly to jax-js (which does SGD)")).toMatchObject({ measured: "0.25x", met: true });
    expect(verdicts.get("matmul 256 x 256: fraction of the multiply-add roofline, as WebAssembly")).toMatchObject({ measured: "80\u00A0%", met: true });
  });
});

test("competitors agree within float32 rounding, as far as both give numbers", () => {
  expect(agrees([2.4126, 2.25], [2.4125, 2.2501, 2.2])).toBe(true);
  expect(agrees([2.4], [2.3])).toBe(false);
  expect(agrees([NaN], [2.3])).toBe(false);
  expect(agrees([], [2.3])).toBe(true);
});
