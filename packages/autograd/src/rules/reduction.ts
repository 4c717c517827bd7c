import { equal, expand, flip, logicalOr, notEqual, where, type Tensor } from "@nn/tensor";
import { apply, castTo } from "@nn/tensor/extend";
import * as primitives from "@nn/tensor/primitives";
import type { Applied, GradientRules, InputVjp } from "./rule.js";
import { shift } from "./shift.js";

/** Divides the gradient evenly among the elements that equal the extreme, as PyTorch's amax and amin do. */
function divideAmongTies({ inputs: [x], attributes: { axes }, output }: Applied<"max"> | Applied<"min">): InputVjp {
  return (gradient) => {
    // If there is a NaN, it is the extreme.
    const ties = logicalOr(equal(x, output), notEqual(x, x));
    const count = apply(primitives.sum, [castTo(ties, x.dtype)], { axes });
    return where(ties, gradient.div(count), 0);
  };
}

/** For each element, the product of all elements before it along `axis`, or after it. Each step doubles the number of factors. */
function productBeside(x: Tensor, axis: number, side: "before" | "after"): Tensor {
  const sign = side === "before" ? 1 : -1;
  let product = shift(x, axis, sign, 1);
  for (let distance = 1; distance < (x.shape[axis] ?? 1); distance *= 2) product = product.mul(shift(product, axis, sign * distance, 1));
  return product;
}

/** For each element, the product of all others along the axes. It is exact also where there are zeros. */
function productOfOthers({ definition, inputs: [x], attributes: { axes } }: Pick<Applied<"prod">, "definition" | "inputs" | "attributes">): Tensor | number {
  const [axis, ...rest] = axes;
  if (axis === undefined) return 1;
  const across = productOfOthers({ definition, inputs: [apply(definition, [x], { axes: [axis] })], attributes: { axes: rest } });
  return productBeside(x, axis, "before").mul(productBeside(x, axis, "after")).mul(across);
}

/**
 * Solves sᵢ = gᵢ + xᵢ₊₁·sᵢ₊₁ along `axis`, with s = 0 after the end. Each of the ⌈log₂ n⌉ steps doubles the number of terms
 * (Hillis & Steele 1986). Nothing is divided, so zeros need no special case.
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
  max: (applied) => [divideAmongTies(applied)],
  min: (applied) => [divideAmongTies(applied)],
  argMax: "not differentiable",
  argMin: "not differentiable",
  /** An element is part of the sum at its own position and of all later sums. */
  cumSum: ({ definition, attributes: { axis } }) => [(gradient) => flip(apply(definition, [flip(gradient, axis)], { axis }), axis)],
  /** xᵢ is a factor of yⱼ for j ≥ i: dxᵢ = (Πₖ₍ᵢ xₖ)·Σⱼ≥ᵢ gⱼ·Πᵢ₍ₖ≤ⱼ xₖ. */
  cumProd: ({ inputs: [x], attributes: { axis } }) => [
    (gradient) => productBeside(x, axis, "before").mul(solveBackwards(gradient, x, axis)),
  ],
  argSort: "not differentiable",
} satisfies GradientRules;
