import { bind, zeros } from "@nn/tensor";
import type { GradientRules } from "./rule.js";

/** Derivatives of the primitives that read and add at computed places; the two are each other's adjoint. */
export const indexingRules = {
  gather: ({ inputs: [{ shape, dtype }, index], attributes: { axis } }) => [
    (gradient) => bind("scatterAdd", [zeros(shape, { dtype }), index, gradient], { axis }),
    undefined,
  ],
  scatterAdd: ({ inputs: [, index], attributes: { axis } }) => [
    (gradient) => gradient,
    undefined,
    (gradient) => bind("gather", [gradient, index], { axis }),
  ],
} satisfies GradientRules;
