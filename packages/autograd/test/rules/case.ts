import type { Tensor } from "@nn/tensor";
import type { Primitive } from "@nn/tensor/interpreter";

/** One way to use a primitive, at a point where it is smooth. */
export interface RuleCase {
  readonly apply: (...inputs: Tensor[]) => Tensor;
  readonly inputs: readonly Tensor[];
}

/** Cases for some of the primitives: a family. */
export type RuleCases = { readonly [P in Primitive]?: readonly [RuleCase, ...RuleCase[]] };
