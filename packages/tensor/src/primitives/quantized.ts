import { requireDType } from "../dtype.js";
import { quantizedMatmul as quantizedMatmulKernel } from "../eager/contraction/quantized-matmul.js";
import { ShapeError } from "../errors.js";
import { formatShape, subShape } from "../shape.js";
import type { QuantizedMatmulAttributes } from "./attributes.js";
import type { PrimitiveDefinition } from "./definition.js";

/** The longest sums: 2¹⁷ · 127 · 128 < 2³¹. */
const longest = 2 ** 17;

/**
 * Products of whole numbers of 7 and 8 bits, as quantized networks compute them: `[…, m, k] x [⌈k / 4⌉, n] → […, m, n]`. Sums are exact.
 *
 * Each element of the first operand is rounded to the nearest whole number from 0 to 127, halves to even; NaN counts as 0. A word of the second
 * operand holds four signed bytes, the lowest first: byte `j` of word `[i, c]` is the factor of row `4i + j`. Bytes beyond row `k` do not count.
 * With `transposed`, the first operand and the result are stored as `[…, k, m]` and `[…, n, m]`.
 */
export const quantizedMatmul: PrimitiveDefinition<"quantizedMatmul", 2, QuantizedMatmulAttributes> = {
  name: "quantizedMatmul",
  arity: 2,
  kernel: quantizedMatmulKernel,
  type: ([x, weight], { transposed }) => {
    requireDType("quantizedMatmul", x.dtype, ["float32"]);
    requireDType("quantizedMatmul", weight.dtype, ["int32"]);
    const last = subShape(x.shape, -2);
    const [m, k] = transposed ? last.toReversed() : last;
    const [words, n] = weight.shape;
    if (m === undefined || k === undefined || n === undefined || weight.shape.length !== 2 || words !== Math.ceil(k / 4)) {
      throw new ShapeError(
        `quantizedMatmul: input ${formatShape(x.shape)} and weight ${formatShape(weight.shape)} do not fit; expected ` +
          `${transposed ? "[…, k, m]" : "[…, m, k]"} and [⌈k / 4⌉, n], four weights in each word`,
      );
    }
    if (k > longest) throw new ShapeError(`quantizedMatmul: sums of ${k} products may exceed 32 bits; expected at most ${longest}, so split the product`);
    return { shape: [...subShape(x.shape, 0, -2), ...(transposed ? [n, m] : [m, n])], dtype: "int32" };
  },
};
