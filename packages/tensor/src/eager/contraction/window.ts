import type { TypedArray } from "../../dtype.js";
import type { WindowAttributes } from "../../primitives/attributes.js";
import type { NdArray, TensorType } from "../../primitives/definition.js";
import { sizeOf } from "../../shape.js";
import { inArrayOf } from "../typed-loops.js";
import { spatialTaps, type SpatialTaps } from "./taps.js";

/** The value of one window of the plane that starts at `planeAt`. `d`, `h` and `w` are where its taps start along each axis. */
type WindowValue = (x: Float64Array, planeAt: number, taps: SpatialTaps, d: number, h: number, w: number) => number;

/** The value of every window of every plane of `x`. */
function overWindows(x: NdArray, { shape, dtype }: TensorType, taps: SpatialTaps, value: WindowValue): TypedArray {
  const data = inArrayOf("float64", x.data);
  const out = new Float64Array(sizeOf(shape));
  const [depth, height, width] = taps;
  const plane = depth.input * height.input * width.input;
  const planes = (x.shape[0] ?? 0) * (x.shape[1] ?? 0);
  let at = 0;
  for (let p = 0; p < planes; p++) {
    for (let d = 0; d < depth.windows; d++) {
      for (let h = 0; h < height.windows; h++) {
        for (let w = 0; w < width.windows; w++) {
          out[at++] = value(data, p * plane, taps, d * depth.window, h * height.window, w * width.window);
        }
      }
    }
  }
  return inArrayOf(dtype, out);
}

const sumOfWindow: WindowValue = (x, planeAt, [depth, height, width], d, h, w) => {
  let sum = 0;
  for (let i = d; i < d + depth.window; i++) {
    const z = depth.taps[i] as number;
    if (z < 0) continue;
    for (let j = h; j < h + height.window; j++) {
      const y = height.taps[j] as number;
      if (y < 0) continue;
      const row = planeAt + (z * height.input + y) * width.input;
      for (let k = w; k < w + width.window; k++) {
        const column = width.taps[k] as number;
        if (column >= 0) sum += x[row + column] as number;
      }
    }
  }
  return sum;
};

/** The index of the first largest element. Every window has at least one element that is not padding. */
const firstLargestOfWindow: WindowValue = (x, planeAt, [depth, height, width], d, h, w) => {
  let best = NaN;
  let found = -1;
  for (let i = d; i < d + depth.window; i++) {
    const z = depth.taps[i] as number;
    if (z < 0) continue;
    for (let j = h; j < h + height.window; j++) {
      const y = height.taps[j] as number;
      if (y < 0) continue;
      const row = (z * height.input + y) * width.input;
      for (let k = w; k < w + width.window; k++) {
        const column = width.taps[k] as number;
        if (column < 0) continue;
        const value = x[planeAt + row + column] as number;
        if (found < 0 || value > best || (value !== value && best === best)) {
          best = value;
          found = row + column;
        }
      }
    }
  }
  return found;
};

export function windowSum([x]: readonly [NdArray], attributes: WindowAttributes, output: TensorType): TypedArray {
  const taps = spatialTaps("windowSum", x.shape.slice(2), output.shape.slice(2), attributes);
  return overWindows(x, output, taps, sumOfWindow);
}

export function windowArgMax([x]: readonly [NdArray], attributes: Omit<WindowAttributes, "inputDilation">, output: TensorType): TypedArray {
  const taps = spatialTaps("windowArgMax", x.shape.slice(2), output.shape.slice(2), { ...attributes, inputDilation: x.shape.slice(2).map(() => 1) });
  return overWindows(x, output, taps, firstLargestOfWindow);
}
