import type { FloatDType } from "../dtype.js";
import { apply } from "../interpreter/stack.js";
import { castTo } from "../operand.js";
import * as primitives from "../primitives/all.js";
import { affine } from "../ops/affine.js";
import type { Shape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import type { Generator } from "./generator.js";

/** Uniform numbers in [0, 1), with as many bits as the significand holds: multiples of 2⁻²⁴ in float32, of 2⁻⁵³ in float64. */
export function unitInterval(generator: Generator, shape: Shape, dtype: FloatDType): Tensor {
  if (dtype === "float32") return affine(castTo(generator.randomBits(shape, 24), dtype), 2 ** -24, 0);
  const high = affine(castTo(generator.randomBits(shape, 26), dtype), 2 ** -26, 0);
  const low = affine(castTo(generator.randomBits(shape, 27), dtype), 2 ** -53, 0);
  return apply(primitives.add, [high, low], {});
}

/** Uniform numbers in (0, 1], so that logarithms are finite. In float32 they are finer than those of {@link unitInterval}: the smallest is 2⁻³². */
export function aboveZero(generator: Generator, shape: Shape, dtype: FloatDType): Tensor {
  if (dtype === "float32") return affine(castTo(generator.randomBits(shape, 31), dtype), 2 ** -31, 2 ** -32);
  return affine(unitInterval(generator, shape, dtype), -1, 1);
}
