import { allocate, type DType, type TypedArray } from "../../dtype.js";
import type { ConvolutionAttributes } from "../../primitives/contraction.js";
import type { TensorType } from "../../primitives/definition.js";
import { sizeOf } from "../../shape.js";
import type { NdArray } from "../kernel.js";
import { kernelsFor } from "./matmul-kernels.js";
import { packPanels, panelsSize, tile } from "./panels.js";
import { panelProduct, type ProductSizes } from "./product.js";
import { spatialTaps, type SpatialTaps } from "./taps.js";

/**
 * Where the taps of `count` neighbouring windows read in the plane of one channel: entry `count t + lane` is for tap `t` of window
 * `first + lane`; −1 reads a zero, as do windows after the last.
 */
function locateTaps(places: Int32Array, first: number, count: number, [depth, height, width]: SpatialTaps): void {
  const windows = depth.windows * height.windows * width.windows;
  places.fill(-1);
  for (let lane = 0; lane < Math.min(count, windows - first); lane++) {
    const w = (first + lane) % width.windows;
    const h = Math.floor((first + lane) / width.windows) % height.windows;
    const d = Math.floor((first + lane) / (width.windows * height.windows));
    let at = lane;
    for (let i = d * depth.window; i < (d + 1) * depth.window; i++) {
      const z = depth.taps[i] as number;
      for (let j = h * height.window; j < (h + 1) * height.window; j++) {
        const y = height.taps[j] as number;
        for (let k = w * width.window; k < (w + 1) * width.window; k++) {
          const x = width.taps[k] as number;
          if (z >= 0 && y >= 0 && x >= 0) places[at] = (z * height.input + y) * width.input + x;
          at += count;
        }
      }
    }
  }
}

/** Writes what windows see of `channels` channels, from `offset` on and `plane` elements each: a row for each tap of each channel. */
function packWindows(columns: Float32Array | Float64Array, x: TypedArray, offset: number, channels: number, plane: number, places: Int32Array): void {
  let at = 0;
  for (let channel = 0; channel < channels; channel++) {
    const from = offset + channel * plane;
    for (let tap = 0; tap < places.length; tap++) {
      const place = places[tap] as number;
      columns[at++] = place < 0 ? 0 : (x[from + place] as number);
    }
  }
}

/** How the weights of each group are multiplied with what some windows see. */
interface WindowProduct {
  /** How many windows are taken at once. */
  readonly windows: number;
  /** What they see: `[channels · taps, windows]`, row-major. */
  readonly columns: Float32Array | Float64Array;
  /** Writes the outputs of a group for the windows from `first` on; those of the group's first channel begin at `at` in `out`. */
  multiply(out: TypedArray, at: number, group: number, first: number): void;
}

/** Elements of the columns that are made at once for WebAssembly: few enough to stay in a cache. */
const columnElements = 2 ** 18;

/** By WebAssembly, where that pays and the engine can. */
function kernelProduct(weight: NdArray, groups: number, sizes: ProductSizes): WindowProduct | undefined {
  const { rows, shared, columns: windows } = sizes;
  const atOnce = Math.min(windows, Math.max(tile, Math.floor(columnElements / shared)));
  const { data } = weight;
  const kernels = data instanceof Float32Array && rows >= tile ? kernelsFor(rows, atOnce, shared) : undefined;
  if (kernels === undefined || !(data instanceof Float32Array)) return undefined;
  const weights = Array.from({ length: groups }, (_, group) => data.subarray(group * rows * shared, (group + 1) * rows * shared));
  const columns = new Float32Array(atOnce * shared);
  const products = new Float32Array(rows * atOnce);
  return {
    windows: atOnce,
    columns,
    multiply(out, at, group, first) {
      kernels.multiply(weights[group] ?? data, columns, { m: rows, n: atOnce, k: shared }, products);
      const count = Math.min(atOnce, windows - first);
      for (let row = 0; row < rows; row++) out.set(products.subarray(row * atOnce, row * atOnce + count), at + row * windows + first);
    },
  };
}

/** By loops over tiles, with sums in float64. */
function panelsProduct(weight: NdArray, groups: number, dtype: DType, sizes: ProductSizes): WindowProduct {
  const { rows, shared } = sizes;
  const weights = Array.from({ length: groups }, (_, group) => {
    const panels = new Float64Array(panelsSize(rows, shared));
    packPanels(panels, { data: weight.data, offset: group * rows * shared, rowStride: shared, sharedStride: 1 }, rows, shared);
    return panels;
  });
  const columns = new Float64Array(tile * shared);
  const multiplyPanel = panelProduct(dtype, sizes);
  return {
    windows: tile,
    columns,
    multiply: (out, at, group, first) => multiplyPanel(out, at, weights[group] ?? columns, columns, 0, first),
  };
}

/**
 * A convolution is the product of the weights `[outputs, channels · taps]` with a matrix whose columns are what the windows
 * see. That matrix never exists as a whole: only some windows' columns are packed at a time.
 */
export function convolution(
  [x, weight]: readonly [NdArray, NdArray], attributes: ConvolutionAttributes, { shape, dtype }: TensorType,
): TypedArray {
  const [batch = 0, channels = 0, ...spatial] = x.shape;
  const [outputs = 0, perGroup = 0, ...window] = weight.shape;
  const { groups } = attributes;
  const taps = spatialTaps(`conv${spatial.length}d`, spatial, shape.slice(2), { ...attributes, window, windowDilation: attributes.kernelDilation });
  const out = allocate(dtype, sizeOf(shape));
  const windows = sizeOf(shape.slice(2));
  const plane = sizeOf(spatial);
  const sizes: ProductSizes = { rows: outputs / groups, shared: perGroup * sizeOf(window), columns: windows };
  const product = kernelProduct(weight, groups, sizes) ?? panelsProduct(weight, groups, dtype, sizes);
  const places = new Int32Array(product.windows * sizeOf(window));
  for (let first = 0; first < windows; first += product.windows) {
    locateTaps(places, first, product.windows, taps);
    for (let sample = 0; sample < batch; sample++) {
      for (let group = 0; group < groups; group++) {
        packWindows(product.columns, x.data, (sample * channels + group * perGroup) * plane, perGroup, plane, places);
        product.multiply(out, (sample * outputs + group * sizes.rows) * windows, group, first);
      }
    }
  }
  return out;
}
