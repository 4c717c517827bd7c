import { describeValue } from "../arguments/describe.js";
import { allocate } from "../dtype.js";
import { ArgumentError } from "../errors.js";
import type { FullAttributes, HostCallbackAttributes, IotaAttributes, RandomBitsAttributes } from "../primitives/attributes.js";
import type { Kernel, TensorType } from "../primitives/definition.js";
import { fillRandomWords } from "../random/philox.js";
import { formatShape, sizeOf } from "../shape.js";
import { converted, filled } from "./elementwise/cast.js";

export const full: Kernel<0, FullAttributes> = (_, { value }, { shape, dtype }) => filled(dtype, sizeOf(shape), value);

export const iota: Kernel<0, IotaAttributes> = (_, { length, dtype }) => {
  const out = allocate(dtype, length);
  for (let i = 0; i < length; i++) out[i] = i;
  return out;
};

export const randomBits: Kernel<1, RandomBitsAttributes> = ([state], { bits }, { shape }) => {
  const [key0 = 0, key1 = 0, counter0 = 0, counter1 = 0] = state.data;
  const out = allocate("int32", sizeOf(shape));
  fillRandomWords(out, [key0, key1], [counter0, counter1]);
  if (bits < 32) for (let i = 0; i < out.length; i++) out[i] = (out[i] as number) >>> (32 - bits);
  return out;
};

/** Whether a value is an array or a typed array of numbers. */
function isNumbers(values: unknown): values is ArrayLike<number> {
  return (Array.isArray(values) && values.every((value) => typeof value === "number")) || (ArrayBuffer.isView(values) && "length" in values);
}

export const hostCallback: Kernel<0, HostCallbackAttributes & TensorType> = (_, { callback }, { shape, dtype }) => {
  const returned = callback();
  const values: unknown = typeof returned === "number" ? [returned] : returned;
  if (!isNumbers(values)) throw new ArgumentError(`hostCallback: the callback returned ${describeValue(returned)}, expected a number or an array of numbers`);
  const size = sizeOf(shape);
  if (values.length !== size) {
    throw new ArgumentError(`hostCallback: the callback returned ${values.length} numbers, expected ${size} for shape ${formatShape(shape)}`);
  }
  return converted(dtype, values);
};
