import { hostCallback, tensor, type Tensor } from "@nn/tensor";
import { apply } from "@nn/tensor/extend";
import * as primitives from "@nn/tensor/primitives";
import { sample } from "../samples.js";
import type { RuleCases } from "./case.js";

/** A primitive without inputs is a constant factor. */
const times = (factor: () => Tensor) => ({ apply: (x: Tensor) => x.mul(factor()), inputs: [sample([3])] });

export const sourceCases = {
  full: [times(() => apply(primitives.full, [], { shape: [3], dtype: "float64", value: 2 }))],
  iota: [times(() => apply(primitives.iota, [], { length: 3, dtype: "float64" }))],
  hostCallback: [times(() => hostCallback(() => 3, { dtype: "float64" }))],
  randomBits: [times(() => apply(primitives.randomBits, [tensor([1, 2, 3, 4], { dtype: "int32" })], { shape: [3], bits: 4 }).cast("float64"))],
} satisfies RuleCases;
