/**
 * Numbers that are easy to compute identically in any language: each is a hash of its index, so no generator with state is needed.
 * `lowbias32` by Chris Wellons, https://nullprogram.com/blog/2018/07/31/.
 */
function hash(index: number, seed: number): number {
  let x = (index + Math.imul(seed, 0x9e3779b1)) >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}

/** `count` float32 numbers, uniform in [-bound, bound). */
export function uniform(count: number, seed: number, bound = 1): Float32Array<ArrayBuffer> {
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) values[i] = (hash(i, seed) / 2 ** 31 - 1) * bound;
  return values;
}

/** `count` whole numbers in 0 .. classes - 1. */
export function labels(count: number, classes: number, seed: number): Int32Array<ArrayBuffer> {
  const values = new Int32Array(count);
  for (let i = 0; i < count; i++) values[i] = hash(i, seed) % classes;
  return values;
}

/** One dense layer: weight `[outputs, inputs]`, bias `[outputs]`, uniform in ±1/√inputs. */
export interface Dense {
  readonly inputs: number;
  readonly outputs: number;
  readonly weight: Float32Array<ArrayBuffer>;
  readonly bias: Float32Array<ArrayBuffer>;
}

/** The layers of a multilayer perceptron of these widths. */
export function dense(sizes: readonly number[]): readonly Dense[] {
  return sizes.slice(1).map((outputs, layer) => {
    const inputs = sizes[layer] as number;
    const bound = 1 / Math.sqrt(inputs);
    return {
      inputs,
      outputs,
      weight: uniform(inputs * outputs, 10 + 2 * layer, bound),
      bias: uniform(outputs, 11 + 2 * layer, bound),
    };
  });
}

/** Pixels of grey images, k / 255. */
export function pixels(count: number, seed: number): Float32Array<ArrayBuffer> {
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) values[i] = (hash(i, seed) & 255) / 255;
  return values;
}
