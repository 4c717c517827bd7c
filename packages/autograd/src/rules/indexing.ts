import { zeros } from "@nn/tensor";
import { apply } from "@nn/tensor/extend";
import * as primitives from "@nn/tensor/primitives";
import type { GradientRules } from "./rule.js";

/** Derivatives of the primitives that read and add at computed positions. Each is the adjoint of the other. */
export const indexingRules = {
  gather: ({ inputs: [{ shape, dtype }, index], attributes }) => [
    (gradient) => apply(primitives.scatterAdd, [zeros(shape, { dtype }), index, gradient], attributes),
    undefined,
  ],
  scatterAdd: ({ inputs: [, index], attributes }) => [
    (gradient) => gradient,
    undefined,
    (gradient) => apply(primitives.gather, [gradient, index], attributes),
  ],
} satisfies GradientRules;
