import { contractions } from "./contraction.js";
import type { Arity, InputTuple, PrimitiveDefinition } from "./definition.js";
import { elementwise } from "./elementwise.js";
import { indexing } from "./indexing.js";
import { movement } from "./movement.js";
import { reductions } from "./reduction.js";
import { sources } from "./source.js";

/**
 * The closed table of primitives. Everything that the library computes is a composition of these. Whoever consumes the table
 * (reference kernels, gradient rules, compiler lowering) is an exhaustive mapped type over it, so that a missing entry does
 * not compile.
 */
export const primitives = { ...elementwise, ...reductions, ...contractions, ...indexing, ...movement, ...sources };

/** Name of a primitive. */
export type Primitive = keyof typeof primitives;

/** How many inputs the primitive `P` takes. */
export type ArityOf<P extends Primitive> = (typeof primitives)[P] extends PrimitiveDefinition<infer N extends Arity, never> ? N : never;

/** The attributes of the primitive `P`. */
export type AttributesOf<P extends Primitive> = Parameters<(typeof primitives)[P]["type"]>[1];

/** The inputs of the primitive `P`, each a `T`. */
export type InputsOf<P extends Primitive, T> = InputTuple<(typeof primitives)[P]["arity"], T>;
