import { allocate, type TypedArray } from "../../dtype.js";
import type { ConvolutionAttributes } from "../../primitives/contraction.js";
import type { TensorType } from "../../primitives/definition.js";
import { sizeOf } from "../../shape.js";
import type { NdArray } from "../kernel.js";
import { packPanels, panelsSize, tile, type Panels } from "./panels.js";
import { multiplyPanel } from "./product.js";
import { spatialTaps, type SpatialTaps } from "./taps.js";

/**
 * Packs what 4 neighbouring windows see, of `channels` channels from `offset` on, as one panel of the matrix
 * `[windows, channels · taps]` that the weights are multiplied with.
 */
function packWindows(panel: Panels, x: TypedArray, offset: number, channels: number, first: number, [depth, height, width]: SpatialTaps): void {
  const windows = depth.windows * height.windows * width.windows;
  const plane = depth.input * height.input * width.input;
  if (first + tile > windows) panel.fill(0);
  for (let lane = 0; lane < Math.min(tile, windows - first); lane++) {
    const w = (first + lane) % width.windows;
    const h = Math.floor((first + lane) / width.windows) % height.windows;
    const d = Math.floor((first + lane) / (width.windows * height.windows));
    let at = lane;
    for (let channel = 0; channel < channels; channel++) {
      const channelAt = offset + channel * plane;
      for (let i = d * depth.window; i < (d + 1) * depth.window; i++) {
        const z = depth.taps[i] as number;
        for (let j = h * height.window; j < (h + 1) * height.window; j++) {
          const y = height.taps[j] as number;
          const outside = z < 0 || y < 0;
          const row = channelAt + (z * height.input + y) * width.input;
          for (let k = w * width.window; k < (w + 1) * width.window; k++) {
            const column = width.taps[k] as number;
            panel[at] = outside || column < 0 ? 0 : (x[row + column] as number);
            at += tile;
          }
        }
      }
    }
  }
}

/** Every window is a column of a matrix, four of which are laid out at a time and multiplied with all weights of the group. */
export function convolution(
  [x, weight]: readonly [NdArray, NdArray], attributes: ConvolutionAttributes, { shape, dtype }: TensorType,
): TypedArray {
  const [batch = 0, channels = 0, ...spatial] = x.shape;
  const [outputs = 0, perGroup = 0, ...window] = weight.shape;
  const name = `conv${spatial.length}d`;
  const taps = spatialTaps(name, spatial, shape.slice(2), { ...attributes, window, windowDilation: attributes.kernelDilation });
  const out = allocate(dtype, sizeOf(shape));
  const rows = outputs / attributes.groups;
  const shared = perGroup * sizeOf(window);
  const columns = sizeOf(shape.slice(2));
  const plane = sizeOf(spatial);
  const weights = new Float64Array(panelsSize(rows, shared));
  const panel = new Float64Array(tile * shared);
  for (let group = 0; group < attributes.groups; group++) {
    packPanels(weights, { data: weight.data, offset: group * rows * shared, rowStride: shared, sharedStride: 1 }, rows, shared);
    for (let sample = 0; sample < batch; sample++) {
      const from = (sample * channels + group * perGroup) * plane;
      const to = (sample * outputs + group * rows) * columns;
      for (let first = 0; first < columns; first += tile) {
        packWindows(panel, x.data, from, perGroup, first, taps);
        multiplyPanel(out, to, weights, panel, 0, first, { rows, shared, columns });
      }
    }
  }
  return out;
}
