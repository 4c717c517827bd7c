import type { GradientRules } from "./rule.js";

/** Derivatives of the primitives that make tensors. */
export const sourceRules = {
  full: "no inputs",
  iota: "no inputs",
  hostCallback: "no inputs",
  randomBits: "not differentiable",
} satisfies GradientRules;
