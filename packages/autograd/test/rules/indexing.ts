import { tensor, type Shape, type Tensor } from "@nn/tensor";
import { apply } from "@nn/tensor/extend";
import * as primitives from "@nn/tensor/primitives";
import { sample } from "../samples.js";
import type { RuleCase, RuleCases } from "./case.js";

function index(values: readonly number[], shape: Shape): Tensor {
  return tensor(Int32Array.from(values), { shape });
}

function gather(x: Shape, positions: Tensor, axis: number): RuleCase {
  return { apply: (each) => apply(primitives.gather, [each as Tensor, positions], { axis }), inputs: [sample(x)] };
}

function scatterAdd(base: Shape, positions: Tensor, updates: Shape, axis: number): RuleCase {
  return {
    apply: (x, y) => apply(primitives.scatterAdd, [x as Tensor, positions, y as Tensor], { axis }),
    inputs: [sample(base), sample(updates, -1, 1, 3)],
  };
}

export const indexingCases = {
  gather: [
    gather([4], index([2, 0, 2], [3]), 0),
    gather([2, 3], index([0, 2, 1, 1], [2, 2]), 1),
    gather([3, 2], index([2, 2, 0, 1], [4, 1]), 0), // rows: one index for all columns
    gather([2, 3, 2], index([1, 1], [1, 2, 1]), 1),
    gather([3, 2], index([], [0, 1]), 0),
  ],
  scatterAdd: [
    scatterAdd([4], index([2, 0, 2], [3]), [3], 0),
    scatterAdd([2, 3], index([0, 2, 1, 1], [2, 2]), [2, 2], 1),
    scatterAdd([3, 2], index([2, 2, 0, 1], [4, 1]), [4, 2], 0),
    scatterAdd([3, 2], index([], [0, 1]), [0, 2], 0),
  ],
} satisfies RuleCases;
