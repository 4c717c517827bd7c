import { equal, expand, flip, logicalOr, notEqual, where, type Tensor } from "@nn/tensor";
import { apply, castTo } from "@nn/tensor/extend";
import * as primitives from "@nn/tensor/primitives";
import type { Applied, GradientRules, InputVjp } from "./rule.js";
import { shift } from "./shift.js";

/** The gradient shared evenly among the elements that attain the extreme, as PyTorch's amax and amin do. */
function shareAmongTies({ inputs: [x], attributes: { axes }, output }: Applied<"max"> | Applied<"min">): InputVjp {
  return (gradient) => {
    // NaN is the extreme where there is one.
    const ties = logicalOr(equal(x, output), notEqual(x, x));
    const count = apply(primitives.sum, [castTo(ties, x.dtype)], { axes });
    return where(ties, gradient.div(count), 0);
  };
}

/** Products of all elements before each one along `axis`, or after it, in steps that each double the number of factors. */
function productBeside(x: Tensor, axis: number, side: "before" | "after"): Tensor {
  const sign = side === "before" ? 1 : -1;
  let product = shift(x, axis, sign, 1);
  for (let distance = 1; distance < (x.shape[axis] ?? 1); distance *= 2) product = product.mul(shift(product, axis, sign * distance, 1));
  return product;
}

/** For each element the product of all the others along the axes: exact also where there are zeros. */
function productOfOthers({ definition, inputs: [x], attributes: { axes } }: Pick<Applied<"prod">, "definition" | "inputs" | "attributes">): Tensor | number {
  const [axis, ...rest] = axes;
  if (axis === undefined) return 1;
  const across = productOfOthers({ definition, inputs: [apply(definition, [x], { axes: [axis] })], attributes: { axes: rest } });
  return productBeside(x, axis, "before").mul(productBeside(x, axis, "after")).mul(across);
}

/**
 * The solution of sᵢ = gᵢ + xᵢ₊₁·sᵢ₊₁ along `axis`, with s = 0 after the end, in ⌈log₂ n⌉ steps that each double the number of
 * terms taken in (Hillis & Steele 1986); no division, so that zeros are no special case.
 */
function solveBackwards(g: Tensor, x: Tensor, axis: number): Tensor {
  const length = x.shape[axis] ?? 1;
  let solution = g;
  let factor = shift(x, axis, -1, 0);
  for (let distance = 1; distance < length; distance *= 2) {
    solution = solution.add(factor.mul(shift(solution, axis, -distance, 0)));
    factor = factor.mul(shift(factor, axis, -distance, 0));
  }
  return solution;
}

/** Derivatives of the primitives that combine elements along axes. */
export const reductionRules = {
  /** dΣxᵢ = Σdxᵢ. */
  sum: ({ inputs: [{ shape }] }) => [(gradient) => expand(gradient, shape)],
  /** dΠxᵢ = Σᵢ (Πⱼ≠ᵢ xⱼ)·dxᵢ. */
  prod: ({ definition, inputs, attributes }) => [(gradient) => expand(gradient, inputs[0].shape).mul(productOfOthers({ definition, inputs, attributes }))],
  max: (applied) => [shareAmongTies(applied)],
  min: (applied) => [shareAmongTies(applied)],
  argMax: "not differentiable",
  argMin: "not differentiable",
  /** Each element adds to all sums from its place on. */
  cumSum: ({ definition, attributes: { axis } }) => [(gradient) => flip(apply(definition, [flip(gradient, axis)], { axis }), axis)],
  /** xᵢ has part in yⱼ for j ≥ i: dxᵢ = (Πₖ₍ᵢ xₖ)·Σⱼ≥ᵢ gⱼ·Πᵢ₍ₖ≤ⱼ xₖ. */
  cumProd: ({ inputs: [x], attributes: { axis } }) => [
    (gradient) => productBeside(x, axis, "before").mul(solveBackwards(gradient, x, axis)),
  ],
  argSort: "not differentiable",
} satisfies GradientRules;
