import { tensor, toTypedArray, type Tensor, type Variable } from "@nn/tensor";

/** The elements of all parameters or gradients in one vector; zeros for a missing gradient. */
export function flatten(parts: readonly (Tensor | undefined)[], parameters: readonly Variable[]): Float64Array {
  const sizes = parameters.map(({ shape }) => shape.reduce((product, size) => product * size, 1));
  const flat = new Float64Array(sizes.reduce((sum, size) => sum + size, 0));
  let at = 0;
  for (const [index, size] of sizes.entries()) {
    const part = parts[index];
    if (part !== undefined) flat.set(toTypedArray(part), at);
    at += size;
  }
  return flat;
}

/** Assigns the elements of a vector to the parameters. */
export function assign(parameters: readonly Variable[], flat: Float64Array): void {
  let at = 0;
  for (const parameter of parameters) {
    const { shape, dtype } = parameter;
    const size = shape.reduce((product, each) => product * each, 1);
    parameter.value = tensor(flat.subarray(at, at + size), { shape, dtype });
    at += size;
  }
}

/** `Σ xᵢ yᵢ`. */
export function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < x.length; at++) sum += (x[at] as number) * (y[at] as number);
  return sum;
}

/** Adds `fraction · y` to `x` in place and returns `x`. */
export function add(x: Float64Array, y: Float64Array, fraction: number): Float64Array {
  for (let at = 0; at < x.length; at++) x[at] = (x[at] as number) + fraction * (y[at] as number);
  return x;
}

/** Multiplies `x` by a factor. */
export function scale(x: Float64Array, factor: number): void {
  for (let at = 0; at < x.length; at++) x[at] = (x[at] as number) * factor;
}

/** The largest `|xᵢ|`. */
export function largest(x: Float64Array): number {
  return x.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}
