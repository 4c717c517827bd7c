import { requireDType } from "../dtype.js";
import * as kernels from "../eager/source.js";
import { ShapeError } from "../errors.js";
import { formatShape, requireShape, sameShape } from "../shape.js";
import type { FullAttributes, HostCallbackAttributes, IotaAttributes, RandomBitsAttributes } from "./attributes.js";
import type { PrimitiveDefinition, TensorType } from "./definition.js";

// Primitives that make a tensor from attributes.

/** Every element is `value`. */
export const full: PrimitiveDefinition<"full", 0, FullAttributes> = {
  name: "full",
  arity: 0,
  kernel: kernels.full,
  type: (_, { shape, dtype }) => {
    requireShape("full", shape);
    return { shape, dtype };
  },
};

/** 0, 1, …, length − 1. */
export const iota: PrimitiveDefinition<"iota", 0, IotaAttributes> = {
  name: "iota",
  arity: 0,
  kernel: kernels.iota,
  type: (_, { length, dtype }) => {
    requireShape("arange", [length]);
    return { shape: [length], dtype };
  },
};

/**
 * Random whole numbers of `bits` bits (1 to 32; 32 fills the sign bit too), from the counter-based generator Philox4x32-10
 * (Salmon et al. 2011). The input holds `[key0, key1, counter0, counter1]`; element `i` is word `i mod 4` of the block
 * `counter + ⌊i / 4⌋`, its upper `bits` bits.
 */
export const randomBits: PrimitiveDefinition<"randomBits", 1, RandomBitsAttributes> = {
  name: "randomBits",
  arity: 1,
  kernel: kernels.randomBits,
  type: ([state], { shape }) => {
    requireDType("randomBits", state.dtype, ["int32"], "state");
    if (!sameShape(state.shape, [4])) throw new ShapeError(`randomBits: state is ${formatShape(state.shape)}, expected [4]`);
    requireShape("randomBits", shape);
    return { shape, dtype: "int32" };
  },
};

/**
 * Numbers from the host that change from call to call, such as a learning rate or a position in a random sequence.
 * `callback` runs again for every execution, in program order, also in compiled programs.
 */
export const hostCallback: PrimitiveDefinition<"hostCallback", 0, TensorType & HostCallbackAttributes> = {
  name: "hostCallback",
  arity: 0,
  kernel: kernels.hostCallback,
  type: (_, { shape, dtype }) => ({ shape, dtype }),
};
