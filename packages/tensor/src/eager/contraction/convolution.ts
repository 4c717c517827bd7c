import { allocate, type TypedArray } from "../../dtype.js";
import type { ConvolutionAttributes } from "../../primitives/contraction.js";
import type { TensorType } from "../../primitives/definition.js";
import { sizeOf } from "../../shape.js";
import type { NdArray } from "../kernel.js";
import { packPanels, panelsSize, tile } from "./panels.js";
import { panelProduct } from "./product.js";
import { spatialTaps, type SpatialTaps } from "./taps.js";

/**
 * Where the taps of 4 neighbouring windows read in the plane of one channel, in the order of a panel: entry `4 t + lane` is
 * for tap `t` of window `first + lane`; −1 reads a zero, as do windows after the last.
 */
function locateTaps(places: Int32Array, first: number, [depth, height, width]: SpatialTaps): void {
  const windows = depth.windows * height.windows * width.windows;
  places.fill(-1);
  for (let lane = 0; lane < Math.min(tile, windows - first); lane++) {
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
          at += tile;
        }
      }
    }
  }
}

/** Packs what the windows see of `channels` channels, from `offset` on and `plane` elements each. */
function packWindows(panel: Float64Array, x: TypedArray, offset: number, channels: number, plane: number, places: Int32Array): void {
  let at = 0;
  for (let channel = 0; channel < channels; channel++) {
    const from = offset + channel * plane;
    for (let tap = 0; tap < places.length; tap++) {
      const place = places[tap] as number;
      panel[at++] = place < 0 ? 0 : (x[from + place] as number);
    }
  }
}

/**
 * A convolution is the product of the weights `[outputs, channels · taps]` with a matrix whose columns are what the windows
 * see. That matrix never exists as a whole: one panel of it, 4 windows, is packed at a time.
 */
export function convolution(
  [x, weight]: readonly [NdArray, NdArray], attributes: ConvolutionAttributes, { shape, dtype }: TensorType,
): TypedArray {
  const [batch = 0, channels = 0, ...spatial] = x.shape;
  const [outputs = 0, perGroup = 0, ...window] = weight.shape;
  const { groups } = attributes;
  const taps = spatialTaps(`conv${spatial.length}d`, spatial, shape.slice(2), { ...attributes, window, windowDilation: attributes.kernelDilation });
  const out = allocate(dtype, sizeOf(shape));
  const rows = outputs / groups;
  const shared = perGroup * sizeOf(window);
  const columns = sizeOf(shape.slice(2));
  const plane = sizeOf(spatial);
  const weights = Array.from({ length: groups }, (_, group) => {
    const panels = new Float64Array(panelsSize(rows, shared));
    packPanels(panels, { data: weight.data, offset: group * rows * shared, rowStride: shared, sharedStride: 1 }, rows, shared);
    return panels;
  });
  const places = new Int32Array(tile * sizeOf(window));
  const panel = new Float64Array(tile * shared);
  const multiplyPanel = panelProduct(dtype, { rows, shared, columns });
  for (let first = 0; first < columns; first += tile) {
    locateTaps(places, first, taps);
    for (let sample = 0; sample < batch; sample++) {
      weights.forEach((panels, group) => {
        packWindows(panel, x.data, (sample * channels + group * perGroup) * plane, perGroup, plane, places);
        multiplyPanel(out, (sample * outputs + group * rows) * columns, panels, panel, 0, first);
      });
    }
  }
  return out;
}
