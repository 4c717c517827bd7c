import { broadcastShapes, formatShape, matmul, requireTensor, ShapeError, type RandomOptions, type Tensor } from "@nn/tensor";
import type { OptionKinds } from "@nn/tensor/extend";
import { checkOptions } from "../options.js";
import { drop } from "../regularization/drop.js";
import { attentionWeights } from "./attention-weights.js";

/** Options of {@link scaledDotProductAttention}. */
export interface ScaledDotProductAttentionOptions extends RandomOptions {
  /** Boolean, `true` where a query may attend to a key, or a float that is added to the products; broadcasts to `[…, L, S]`. */
  readonly mask?: Tensor | undefined;
  /** Whether query i attends to the keys up to i only; default false. */
  readonly causal?: boolean | undefined;
  /** Probability with which a weight is dropped; default 0. */
  readonly dropout?: number | undefined;
  /** Factor of the products; default 1/√size. */
  readonly scale?: number | undefined;
}

const attentionOptions: OptionKinds<ScaledDotProductAttentionOptions> = {
  mask: "tensor", causal: "boolean", dropout: "probability", scale: "finite", generator: "any",
};

/**
 * Attention (Vaswani et al. 2017): `softmax(scale · Q Kᵀ + mask) V`.
 *
 * Shapes: query `[…, L, size]`, key `[…, S, size]`, value `[…, S, valueSize]`, result `[…, L, valueSize]`; leading axes broadcast. As in
 * PyTorch `true` in a mask means taking part, and dropout is not switched off by anything. A query that may attend to nothing gives
 * zeros, where PyTorch up to 2.4 gives NaN.
 *
 * @example
 * ```ts
 * import { scaledDotProductAttention } from "@nn/layers";
 * import { tensor } from "@nn/tensor";
 * const x = tensor([[1, 0], [0, 1]]);
 * scaledDotProductAttention(x, x, tensor([[1], [3]]), { causal: true, scale: 0 }).toArray(); // => [[1], [2]]
 * ```
 * @throws ShapeError if the shapes do not fit.
 */
export function scaledDotProductAttention(query: Tensor, key: Tensor, value: Tensor, options: ScaledDotProductAttentionOptions = {}): Tensor {
  checkOptions("scaledDotProductAttention", options, attentionOptions);
  const { mask, causal = false, dropout = 0, scale, ...random } = options;
  requireShapes(query, key, value);
  const weights = attentionWeights("scaledDotProductAttention", query, key, { masks: mask === undefined ? [] : [mask], causal, scale });
  return matmul(drop(weights, dropout, weights.shape, random), value);
}

function requireShapes(query: Tensor, key: Tensor, value: Tensor): void {
  for (const [name, given] of Object.entries({ query, key, value })) requireTensor("scaledDotProductAttention", given, name);
  const shapes = [query.shape, key.shape, value.shape];
  const found = shapes.map(formatShape).join(", ");
  const fail = (expected: string): never => {
    throw new ShapeError(`scaledDotProductAttention: query, key and value are ${found}, expected ${expected}`);
  };
  if (shapes.some(({ length }) => length < 2)) fail("at least two axes each: […, steps, size]");
  if (query.shape.at(-1) !== key.shape.at(-1)) fail("query and key of one size (last axis)");
  if (key.shape.at(-2) !== value.shape.at(-2)) fail("as many values as keys (last axis but one)");
  broadcastShapes("scaledDotProductAttention", shapes.map((shape) => shape.slice(0, -2)));
}
