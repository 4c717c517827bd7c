import { apply, castTo, equal, expand, flip, where, type Tensor } from "@nn/tensor";
import * as primitives from "@nn/tensor/primitives";
import type { Applied, GradientRules, Pull } from "./rule.js";
import { shift } from "./shift.js";

/** The gradient shared evenly among the elements that attain the extreme, as PyTorch's amax and amin do. */
function shareAmongTies({ inputs: [x], attributes: { axes }, output }: Applied<"max"> | Applied<"min">): Pull {
  return (gradient) => {
    const ties = equal(x, output);
    const count = apply(primitives.sum, [castTo(ties, x.dtype)], { axes });
    return where(ties, gradient.div(count), 0);
  };
}

/** Products of all elements before each one along `axis`. */
function productBefore(x: Tensor, axis: number): Tensor {
  return apply(primitives.cumprod, [shift(x, axis, 1, 1)], { axis });
}

/** For each element the product of all the others along `axes`: exact also where there are zeros. */
function productOfOthers(x: Tensor, axes: readonly number[]): Tensor | undefined {
  const [axis, ...rest] = axes;
  if (axis === undefined) return undefined;
  const along = productBefore(x, axis).mul(flip(productBefore(flip(x, axis), axis), axis));
  const across = productOfOthers(apply(primitives.prod, [x], { axes: [axis] }), rest);
  return across === undefined ? along : along.mul(across);
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
  prod: ({ inputs: [x], attributes: { axes } }) => [(gradient) => expand(gradient, x.shape).mul(productOfOthers(x, axes) ?? 1)],
  max: (applied) => [shareAmongTies(applied)],
  min: (applied) => [shareAmongTies(applied)],
  argMax: "not differentiable",
  argMin: "not differentiable",
  /** Each element adds to all sums from its place on. */
  cumsum: ({ definition, attributes: { axis } }) => [(gradient) => flip(apply(definition, [flip(gradient, axis)], { axis }), axis)],
  /** xᵢ has part in yⱼ for j ≥ i: dxᵢ = (Πₖ₍ᵢ xₖ)·Σⱼ≥ᵢ gⱼ·Πᵢ₍ₖ≤ⱼ xₖ. */
  cumprod: ({ inputs: [x], attributes: { axis } }) => [
    (gradient) => productBefore(x, axis).mul(solveBackwards(gradient, x, axis)),
  ],
  argSort: "not differentiable",
} satisfies GradientRules;
