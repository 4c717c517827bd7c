import { requireDType } from "../dtype.js";
import { bfloat16Matmul as bfloat16MatmulKernel } from "../eager/contraction/bfloat16-matmul.js";
import { ShapeError } from "../errors.js";
import { formatShape, subShape } from "../shape.js";
import type { Bfloat16MatmulAttributes } from "./attributes.js";
import type { PrimitiveDefinition } from "./definition.js";

/**
 * Products of numbers with 8 significant bits (bfloat16: the upper half of a float32), as networks with such weights compute them: `[…, m, k] x [k, n] → […, m, n]`
 * with sums of float32, where `n` is the attribute `columns`.
 *
 * Each element of the first operand is rounded to the nearest bfloat16, halves to even; below 2⁻¹²⁶ it counts as 0. So every product is exact, and a result differs from the
 * exact sum only by the rounding of `k` additions: at most `k · 2⁻²⁴ · Σ |xᵢ·wᵢ|` to first order, in any order of additions, plus `k · 2⁻¹²⁶`, since hardware flushes smaller numbers to 0.
 *
 * The second operand holds the weights in panels of 16 columns (`bfloat16PanelColumns`), of which the last may be narrower. A panel that is `c` wide has `⌈k / 2⌉ · c` words, row by row: word `i` of a
 * column holds its rows `2i`, in the lower half, and `2i + 1`. The half beyond row `k` must be 0.
 * With `transposed`, the first operand and the result are stored as `[…, k, m]` and `[…, n, m]`.
 */
export const bfloat16Matmul: PrimitiveDefinition<"bfloat16Matmul", 2, Bfloat16MatmulAttributes> = {
  name: "bfloat16Matmul",
  arity: 2,
  kernel: bfloat16MatmulKernel,
  type: ([x, weight], { columns: n, transposed }) => {
    requireDType("bfloat16Matmul", x.dtype, ["float32"]);
    requireDType("bfloat16Matmul", weight.dtype, ["int32"]);
    const last = subShape(x.shape, -2);
    const [m, k] = transposed ? last.toReversed() : last;
    if (m === undefined || k === undefined || weight.shape.length !== 1 || weight.shape[0] !== Math.ceil(k / 2) * n) {
      throw new ShapeError(
        `bfloat16Matmul: input ${formatShape(x.shape)} and weight ${formatShape(weight.shape)} do not fit; expected ` +
          `${transposed ? "[…, k, m]" : "[…, m, k]"} and [⌈k / 2⌉ · ${n}], two weights in each word`,
      );
    }
    return { shape: [...subShape(x.shape, 0, -2), ...(transposed ? [n, m] : [m, n])], dtype: "float32" };
  },
};
