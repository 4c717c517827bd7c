import { allocate, type TypedArray } from "../../dtype.js";
import type { ConvolutionAttributes } from "../../primitives/attributes.js";
import type { NdArray, TensorType } from "../../primitives/definition.js";
import { sizeOf } from "../../shape.js";
import { inArrayOf } from "../typed-loops.js";
import { kernelProduct, loopProduct } from "./product.js";
import { spatialTaps, type SpatialTaps } from "./taps.js";

/**
 * Finds where the taps of `count` neighbouring windows, from the window `first` on, read in the plane of one channel, one window after
 * the other. −1 stands for a zero; windows after the last one read zeros.
 */
function locateTaps(offsets: Int32Array, first: number, count: number, [depth, height, width]: SpatialTaps): void {
  offsets.fill(-1);
  let at = 0;
  for (let window = first; window < Math.min(first + count, depth.windows * height.windows * width.windows); window++) {
    const w = window % width.windows;
    const h = Math.floor(window / width.windows) % height.windows;
    const d = Math.floor(window / (width.windows * height.windows));
    for (let i = d * depth.window; i < (d + 1) * depth.window; i++) {
      const z = depth.taps[i] as number;
      for (let j = h * height.window; j < (h + 1) * height.window; j++) {
        const y = height.taps[j] as number;
        for (let k = w * width.window; k < (w + 1) * width.window; k++) {
          const x = width.taps[k] as number;
          if (z >= 0 && y >= 0 && x >= 0) offsets[at] = (z * height.input + y) * width.input + x;
          at++;
        }
      }
    }
  }
}

/** Writes one row for each window: the elements under its `taps` taps in each of `channels` channels. The channels begin at `offset` and have `plane` elements each. */
function packWindows(seen: TypedArray, x: TypedArray, offset: number, channels: number, plane: number, offsets: Int32Array, taps: number): void {
  let at = 0;
  for (let window = 0; window < offsets.length; window += taps) {
    for (let channel = 0; channel < channels; channel++) {
      const from = offset + channel * plane;
      for (let tap = window; tap < window + taps; tap++) {
        const element = offsets[tap] as number;
        seen[at++] = element < 0 ? 0 : (x[from + element] as number);
      }
    }
  }
}

/** How many elements are packed at once: few enough to stay in a cache. */
const packedElements = 2 ** 18;

/** The fewest rows for which WebAssembly computes a product. Depthwise convolutions have one row, for which it gains little. */
const fewestRows = 4;

/**
 * Computes a convolution as the product of the weights `[outputs, channels · taps]` with a matrix that has the elements of one window in
 * each column (im2col). That matrix never exists as a whole: only some windows are packed at a time.
 */
export function convolution(
  [x, weight]: readonly [NdArray, NdArray], attributes: ConvolutionAttributes, { shape, dtype }: TensorType,
): TypedArray {
  const [batch = 0, channels = 0, ...spatial] = x.shape;
  const [outputs = 0, perGroup = 0, ...window] = weight.shape;
  const { groups } = attributes;
  const axes = spatialTaps(`conv${spatial.length}d`, spatial, shape.slice(2), { ...attributes, window, windowDilation: attributes.kernelDilation });
  const out = allocate(dtype, sizeOf(shape));
  const windows = sizeOf(shape.slice(2));
  const plane = sizeOf(spatial);
  const taps = sizeOf(window);
  const m = outputs / groups;
  const k = perGroup * taps;
  const n = Math.min(windows, Math.max(1, Math.floor(packedElements / k)));
  const sizes = { m, n, k, transposeA: false, transposeB: true };
  const fast = m < fewestRows ? undefined : kernelProduct(dtype, sizes);
  const multiply = fast ?? loopProduct(dtype, sizes);
  const computed = fast === undefined ? "float64" : dtype;
  const data = inArrayOf(computed, x.data);
  const weights = inArrayOf(computed, weight.data);
  const offsets = new Int32Array(n * taps);
  const seen = allocate(computed, n * k);
  const products = allocate(computed, m * n);
  for (let first = 0; first < windows; first += n) {
    locateTaps(offsets, first, n, axes);
    const count = Math.min(n, windows - first);
    for (let sample = 0; sample < batch; sample++) {
      for (let group = 0; group < groups; group++) {
        packWindows(seen, data, (sample * channels + group * perGroup) * plane, perGroup, plane, offsets, taps);
        multiply(products, 0, weights, group * m * k, seen, 0);
        const at = (sample * outputs + group * m) * windows + first;
        for (let row = 0; row < m; row++) out.set(products.subarray(row * n, row * n + count), at + row * windows);
      }
    }
  }
  return out;
}
