import { describe, expect, it } from "vitest";
import { hyperbandPruner, medianPruner, successiveHalvingPruner, type Pruner, type ReportedTrial } from "../src/index.js";
import { bracketsOf } from "../src/pruners/hyperband-pruner.js";

/** A trial that reported these values at steps 1, 2, …. */
function trial(number: number, values: readonly number[], state: ReportedTrial["state"] = "completed"): ReportedTrial {
  return { number, state, reports: values.map((value, at) => ({ step: at + 1, value })) };
}

/** Whether a pruner ends a trial after its last report. */
function prunes(pruner: Pruner, at: ReportedTrial, others: readonly ReportedTrial[]): boolean {
  return pruner.shouldPrune({ trial: at, others });
}

describe("median", () => {
  const others = [trial(0, [5, 4]), trial(1, [3, 2]), trial(2, [9, 1]), trial(3, [7]), trial(4, [1, 1], "running")];
  const pruner = medianPruner({ startupTrials: 4 });

  it("compares the best value so far with the median of the completed trials at the step", () => {
    // At step 1: 3, 5, 7, 9, the median is 6; at step 2: 1, 2, 4, the median is 2.
    expect(prunes(pruner, trial(5, [6]), others)).toBe(false);
    expect(prunes(pruner, trial(5, [6.1]), others)).toBe(true);
    expect(prunes(pruner, trial(5, [2, 8]), others)).toBe(false);
    expect(prunes(pruner, trial(5, [2.1, 8]), others)).toBe(true);
    expect(prunes(pruner, trial(5, [9, 9, 9]), others)).toBe(false);
  });

  it("waits for enough trials and steps", () => {
    expect(prunes(medianPruner(), trial(5, [100]), others)).toBe(false);
    expect(prunes(medianPruner({ startupTrials: 4, warmupSteps: 2 }), trial(5, [100]), others)).toBe(false);
    expect(prunes(medianPruner({ startupTrials: 4, warmupSteps: 2 }), trial(5, [100, 100]), others)).toBe(true);
  });
});

describe("successive halving", () => {
  const pruner = successiveHalvingPruner({ reductionFactor: 2 });

  it("promotes as in a table computed by hand", () => {
    // Rungs at steps 1, 2 and 4, η = 2. Each line: a trial, its values, and at which step it falls out.
    const table = [
      // Alone it is the best of one.
      { values: [0.9, 0.9, 0.9, 0.9], falls: undefined },
      // Rung 1: of {0.9, 0.5} one goes on. Rung 2: of {0.9, 0.6} one. Rung 4: of {0.9, 0.7} one.
      { values: [0.5, 0.6, 0.6, 0.7], falls: undefined },
      // Rung 1: of {0.9, 0.5, 0.7} one goes on.
      { values: [0.7], falls: 1 },
      // Rung 1: of {0.9, 0.5, 0.7, 0.6} two. Rung 2: of {0.9, 0.6, 0.65} one.
      { values: [0.6, 0.65], falls: 2 },
      // Rung 1: of five two: 0.5 and this. Step 3 is no rung. Rung 2: of {0.9, 0.6, 0.65, 0.55} two. Rung 4: of {0.9, 0.7, 0.8} one.
      { values: [0.4, 0.55, 0.95, 0.8], falls: 4 },
      // Rung 1: of six three; 0.5 is as good as that of trial 1, which comes first; it is third. Rung 2: of five two: 0.55 and 0.6, this one is fourth.
      { values: [0.5, 0.7], falls: 2 },
    ] as const;
    const done: ReportedTrial[] = [];
    for (const [number, { values, falls }] of table.entries()) {
      let fell: number | undefined;
      for (let step = 1; step <= values.length && fell === undefined; step++) {
        if (prunes(pruner, trial(number, values.slice(0, step), "running"), done)) fell = step;
      }
      expect([number, fell]).toEqual([number, falls]);
      done.push(trial(number, values, fell === undefined ? "completed" : "pruned"));
    }
  });

  it("has its rungs at minResource · ηˢ⁺ⁱ, and uses the first report at or after each rung", () => {
    const at = (step: number, value: number, number = 0): ReportedTrial => ({ number, state: "running", reports: [{ step, value }] });
    const later = successiveHalvingPruner({ minResource: 3, reductionFactor: 2, minEarlyStoppingRate: 1 });
    expect(prunes(later, at(5, 9, 1), [at(100, 1)])).toBe(false);
    expect(prunes(later, at(6, 9, 1), [at(100, 1)])).toBe(true);
    expect(prunes(later, at(7, 9, 1), [at(5, 1)])).toBe(false);
    expect(() => successiveHalvingPruner({ reductionFactor: 1 })).toThrow("successiveHalvingPruner: reductionFactor is 1, expected a whole number from 2");
  });
});

describe("hyperband", () => {
  it("has the brackets of Li et al. 2017, table 1", () => {
    expect(bracketsOf(1, 81, 3)).toEqual([{ rate: 4, trials: 81 }, { rate: 3, trials: 34 }, { rate: 2, trials: 15 }, { rate: 1, trials: 8 }, { rate: 0, trials: 5 }]);
    expect(bracketsOf(1, 1, 3)).toEqual([{ rate: 0, trials: 1 }]);
  });

  it("compares within a bracket, from its first rung on", () => {
    // R = 4, η = 2: bracket 2 has 4 trials from step 1 on, bracket 1 has 3 from step 2 on, bracket 0 has 3.
    const pruner = hyperbandPruner({ maxResource: 4, reductionFactor: 2 });
    expect(bracketsOf(1, 4, 2).map(({ trials }) => trials)).toEqual([4, 3, 3]);
    expect(prunes(pruner, trial(1, [2], "running"), [trial(0, [1])])).toBe(true);
    expect(prunes(pruner, trial(4, [2], "running"), [trial(0, [1])])).toBe(false);
    expect(prunes(pruner, trial(5, [2], "running"), [trial(4, [1, 1])])).toBe(false);
    expect(prunes(pruner, trial(5, [2, 2], "running"), [trial(4, [1, 1])])).toBe(true);
    expect(prunes(pruner, trial(8, [2, 2, 2], "running"), [trial(7, [1, 1, 1, 1])])).toBe(false);
    // The next round begins with number 10.
    expect(prunes(pruner, trial(11, [2], "running"), [trial(0, [1])])).toBe(true);
    // At R the trial is done.
    expect(prunes(pruner, trial(1, [0, 0, 0, 9], "running"), [trial(0, [1, 1, 1, 1])])).toBe(false);
  });
});
