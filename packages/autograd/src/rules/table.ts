import type { Primitive } from "@nn/tensor/interpreter";
import { contractionRules } from "./contraction.js";
import { elementwiseRules } from "./elementwise.js";
import { indexingRules } from "./indexing.js";
import { movementRules } from "./movement.js";
import { reductionRules } from "./reduction.js";
import type { GradientRule } from "./rule.js";
import { sourceRules } from "./source.js";

/** The derivative of every primitive. The type check fails if one is missing. */
export const rules: { readonly [P in Primitive]: GradientRule<P> } = /* @__PURE__ */ (() => ({
  ...elementwiseRules, ...reductionRules, ...contractionRules, ...indexingRules, ...movementRules, ...sourceRules,
}))();
