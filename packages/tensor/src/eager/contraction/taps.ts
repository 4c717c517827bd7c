import { ShapeError } from "../../errors.js";
import { formatShape, type Shape } from "../../shape.js";
import type { Padding } from "../../primitives/attributes.js";

/** How a window moves along the spatial axes. Every list has one entry for each axis. */
export interface WindowGeometry {
  readonly window: readonly number[];
  readonly strides: readonly number[];
  readonly padding: Padding;
  readonly inputDilation: readonly number[];
  readonly windowDilation: readonly number[];
}

/** One spatial axis: its sizes, and where each tap of each window reads. */
export interface AxisTaps {
  readonly input: number;
  readonly window: number;
  readonly windows: number;
  /** Entry `w · window + t`: the input element under tap `t` of window `w`, or −1 for a zero of the padding or dilation. */
  readonly taps: Int32Array;
}

/** Exactly three spatial axes. Missing ones come first and have size 1. */
export type SpatialTaps = readonly [AxisTaps, AxisTaps, AxisTaps];

const single: AxisTaps = { input: 1, window: 1, windows: 1, taps: /* @__PURE__ */ new Int32Array(1) };

function axisTaps(input: number, windows: number, axis: number, geometry: WindowGeometry): AxisTaps {
  const window = geometry.window[axis] ?? 1;
  const stride = geometry.strides[axis] ?? 1;
  const [low] = geometry.padding[axis] ?? [0, 0];
  const inputDilation = geometry.inputDilation[axis] ?? 1;
  const windowDilation = geometry.windowDilation[axis] ?? 1;
  const taps = new Int32Array(windows * window);
  for (let w = 0; w < windows; w++) {
    for (let t = 0; t < window; t++) {
      const position = w * stride - low + t * windowDilation;
      const element = position / inputDilation;
      taps[w * window + t] = position >= 0 && Number.isInteger(element) && element < input ? element : -1;
    }
  }
  return { input, window, windows, taps };
}

/** The taps of all spatial axes. */
export function spatialTaps(operation: string, spatial: Shape, windows: Shape, geometry: WindowGeometry): SpatialTaps {
  if (spatial.length > 3) {
    throw new ShapeError(`${operation}: ${spatial.length} spatial axes ${formatShape(spatial)}; at most 3 are supported`);
  }
  const axes = spatial.map((length, axis) => axisTaps(length, windows[axis] ?? 1, axis, geometry));
  const [depth, height, width] = [...Array.from({ length: 3 - axes.length }, () => single), ...axes];
  return [depth ?? single, height ?? single, width ?? single];
}
