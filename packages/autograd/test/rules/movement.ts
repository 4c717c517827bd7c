import type { Tensor } from "@nn/tensor";
import { apply } from "@nn/tensor/extend";
import * as primitives from "@nn/tensor/primitives";
import { sample } from "../samples.js";
import type { RuleCases } from "./case.js";

const one = (apply: (x: Tensor) => Tensor, shape: readonly number[]) => ({ apply, inputs: [sample(shape)] });

export const movementCases = {
  reshape: [one((x) => apply(primitives.reshape, [x], { shape: [3, 2] }), [2, 3]), one((x) => apply(primitives.reshape, [x], { shape: [1, 1] }), [])],
  permute: [
    one((x) => apply(primitives.permute, [x], { permutation: [2, 0, 1] }), [2, 3, 4]),
    one((x) => apply(primitives.permute, [x], { permutation: [1, 0] }), [2, 3]),
  ],
  expand: [
    one((x) => apply(primitives.expand, [x], { shape: [2, 3] }), []),
    one((x) => apply(primitives.expand, [x], { shape: [4, 2, 3] }), [2, 1]),
    one((x) => apply(primitives.expand, [x], { shape: [0, 2] }), [1, 2]),
  ],
  slice: [
    one((x) => apply(primitives.slice, [x], { starts: [1], stops: [4], steps: [1] }), [5]),
    one((x) => apply(primitives.slice, [x], { starts: [0, 1], stops: [5, 6], steps: [2, 3] }), [5, 7]),
    one((x) => apply(primitives.slice, [x], { starts: [2, 0], stops: [2, 2], steps: [1, 1] }), [3, 2]),
    one((x) => apply(primitives.slice, [x], { starts: [0], stops: [5], steps: [3] }), [6]), // the last step reaches beyond the range
  ],
  pad: [
    one((x) => apply(primitives.pad, [x], { low: [1], high: [2], interior: [0], value: 5 }), [3]),
    one((x) => apply(primitives.pad, [x], { low: [0, 1], high: [2, 0], interior: [2, 1], value: 0 }), [3, 2]),
    one((x) => apply(primitives.pad, [x], { low: [1, 0], high: [1, 1], interior: [1, 0], value: 2 }), [0, 2]),
  ],
  concat: [
    { apply: (...parts) => apply(primitives.concat, parts, { axis: 1 }), inputs: [sample([2, 1]), sample([2, 3], -1, 1, 2), sample([2, 0]), sample([2, 2], -1, 1, 3)] },
    { apply: (x, y) => apply(primitives.concat, [x as Tensor, y as Tensor, x as Tensor], { axis: 0 }), inputs: [sample([2]), sample([1], -1, 1, 2)] },
  ],
  flip: [one((x) => apply(primitives.flip, [x], { axes: [0] }), [4]), one((x) => apply(primitives.flip, [x], { axes: [0, 2] }), [2, 2, 3])],
} satisfies RuleCases;
