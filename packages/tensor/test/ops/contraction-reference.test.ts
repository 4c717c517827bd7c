import { describe, expect, test } from "vitest";
import { contractionCounterparts } from "../counterparts/contraction.js";
import { counterpartOf, expectRecorded, fromRecorded, referenceCases, type RecordedTensor } from "../reference.js";

/** Decompositions and what rests on them need pivoting or iteration until convergence, which no primitive does. */
const leftOut = [
  "torch.linalg.inv", "torch.linalg.det", "torch.linalg.slogdet", "torch.linalg.solve", "torch.linalg.cholesky",
  "torch.linalg.solve_triangular", "torch.linalg.svdvals", "torch.linalg.eigvalsh", "torch.matrix_exp",
];

const cases = referenceCases("ops-linalg");

describe("contractions give what PyTorch gives", () => {
  test.each(cases.filter(({ target }) => !leftOut.includes(target)))("$id", ({ target, args = {}, inputs, outputs, tolerance }) => {
    expectRecorded(counterpartOf(contractionCounterparts, target)(inputs.map(fromRecorded), args), outputs[0] as RecordedTensor, tolerance);
  });

  test("leaves out only the listed cases", () => {
    const targets = new Set(cases.map(({ target }) => target));
    expect([...targets].filter((target) => !(target in contractionCounterparts))).toEqual(leftOut);
  });
});
