import type { Tensor } from "@nn/tensor";
import { apply } from "@nn/tensor/extend";
import * as primitives from "@nn/tensor/primitives";
import { definitionOf } from "./definition-of.js";
import { exact, sample } from "../samples.js";
import type { RuleCase, RuleCases } from "./case.js";

type Reduction = "sum" | "prod" | "max" | "min";

function reduction(primitive: Reduction): readonly [RuleCase, ...RuleCase[]] {
  const over = (axes: readonly number[]) => (x: Tensor): Tensor => apply(definitionOf(primitive), [x], { axes });
  return [
    { apply: over([0, 1]), inputs: [sample([2, 3])] },
    { apply: over([1]), inputs: [sample([2, 3, 2])] },
    { apply: over([0, 2]), inputs: [sample([2, 3, 2])] },
    { apply: over([0]), inputs: [sample([1, 3])] },
    { apply: over([]), inputs: [sample([2, 2])] },
    { apply: over([]), inputs: [sample([])] },
  ];
}

const product = (axes: readonly number[]) => (x: Tensor): Tensor => apply(primitives.prod, [x], { axes });
const running = (primitive: "cumSum" | "cumProd", axis: number) => (x: Tensor): Tensor => apply(definitionOf(primitive), [x], { axis });

export const reductionCases = {
  sum: [...reduction("sum"), { apply: (x: Tensor) => apply(primitives.sum, [x], { axes: [0] }), inputs: [sample([0, 2])] }],
  prod: [
    ...reduction("prod"),
    // A product is smooth at zeros too: none, one, two of them.
    { apply: product([1]), inputs: [exact([2, -3, 5, 2, 0, 5, 0, 0, 5, 0, 0, 0], [4, 3])] },
    { apply: product([0, 1]), inputs: [exact([2, 0, 5, 0.5, 3, 1.5], [2, 3])] },
    { apply: product([0]), inputs: [sample([0, 2])] },
  ],
  max: reduction("max"),
  min: reduction("min"),
  argMax: [{ apply: (x) => apply(primitives.argMax, [x as Tensor], { axis: 1 }).cast("float64"), inputs: [sample([2, 3])] }],
  argMin: [{ apply: (x) => apply(primitives.argMin, [x as Tensor], { axis: 0 }).cast("float64"), inputs: [sample([2, 3])] }],
  cumSum: [
    { apply: running("cumSum", 0), inputs: [sample([4])] },
    { apply: running("cumSum", 1), inputs: [sample([2, 3, 2])] },
    { apply: running("cumSum", 1), inputs: [sample([2, 0])] },
  ],
  cumProd: [
    { apply: running("cumProd", 0), inputs: [sample([5])] },
    { apply: running("cumProd", 1), inputs: [sample([2, 3, 2])] },
    { apply: running("cumProd", 1), inputs: [exact([2, -3, 5, 7, 0, 3, 2, 4, 0, 2, 0, 3, 0, 0, 0, 1], [4, 4])] },
    { apply: running("cumProd", 0), inputs: [sample([1])] },
    { apply: running("cumProd", 1), inputs: [sample([2, 0])] },
  ],
  argSort: [{ apply: (x) => apply(primitives.argSort, [x as Tensor], { axis: 0, descending: true }).cast("float64"), inputs: [sample([4])] }],
} satisfies RuleCases;
