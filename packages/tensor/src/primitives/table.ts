import type { Kernel } from "../eager/kernel.js";
import type { InputTuple, TensorType } from "./definition.js";
import { convolution, matmul, windowArgMax, windowSum } from "./contraction.js";
import {
  abs, add, atan2, bitwiseAnd, bitwiseLeftShift, bitwiseOr, bitwiseRightShift, bitwiseXor, cast, ceil, cos, div, equal, erf, erfc,
  erfInv, exp, expm1, floor, less, lessEqual, log, log1p, logicalAnd, logicalNot, logicalOr, maximum, minimum, mul, neg, pow, remainder,
  round, select, sigmoid, sign, sin, sqrt, sub, tanh, trunc,
} from "./elementwise.js";
import { gather, scatterAdd } from "./indexing.js";
import { concat, expand, flip, pad, permute, reshape, slice } from "./movement.js";
import { argMax, argMin, argSort, cumprod, cumsum, max, min, prod, sum } from "./reduction.js";
import { full, host, iota, randomBits } from "./source.js";

/**
 * The closed table of primitives. Everything that the library computes is a composition of these. Whoever consumes the table
 * (gradient rules, compiler lowering) is an exhaustive mapped type over it, so that a missing entry does not compile.
 *
 * Operations refer to single definitions instead, so that a program gets those that it uses; this is all of them.
 */
export const primitives = {
  neg, abs, sign, floor, ceil, round, trunc, sqrt, exp, expm1, log, log1p, sin, cos, tanh, sigmoid, erf, erfc, erfInv, logicalNot,
  add, sub, mul, div, pow, remainder, maximum, minimum, atan2, equal, less, lessEqual, logicalAnd, logicalOr, select, cast,
  bitwiseAnd, bitwiseOr, bitwiseXor, bitwiseLeftShift, bitwiseRightShift,
  sum, prod, max, min, argMax, argMin, cumsum, cumprod, argSort,
  matmul, convolution, windowSum, windowArgMax,
  gather, scatterAdd,
  reshape, permute, expand, slice, pad, concat, flip,
  full, iota, randomBits, host,
};

/** Name of a primitive. */
export type Primitive = keyof typeof primitives;

/** How many inputs the primitive `P` takes. */
export type ArityOf<P extends Primitive> = (typeof primitives)[P]["arity"];

/** The attributes of the primitive `P`. */
export type AttributesOf<P extends Primitive> = Parameters<(typeof primitives)[P]["type"]>[1];

/** The inputs of the primitive `P`, each a `T`. */
export type InputsOf<P extends Primitive, T> = InputTuple<(typeof primitives)[P]["arity"], T>;

/** The definition of the primitive `P`. */
export interface DefinitionOf<P extends Primitive> {
  readonly name: P;
  /** The type of the output, or an error that names the operation. */
  readonly type: (inputs: InputsOf<P, TensorType>, attributes: AttributesOf<P>) => TensorType;
  /** The reference kernel. */
  readonly kernel: Kernel<P>;
}

/** The definition of the primitive of that name. */
export function definitionOf<P extends Primitive>(primitive: P): DefinitionOf<P> {
  const definitions: { readonly [Q in Primitive]: DefinitionOf<Q> } = primitives;
  return definitions[primitive];
}
