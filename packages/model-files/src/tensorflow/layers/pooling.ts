import { AvgPool1d, AvgPool2d, AvgPool3d, ConstantPad1d, ConstantPad2d, ConstantPad3d, GlobalAvgPool, GlobalMaxPool, MaxPool1d, MaxPool2d, MaxPool3d, type TensorModule } from "@nn/layers";
import { LayerProblem } from "../config.js";
import { spatialInput, type Converter, type SourceLayer } from "../layer.js";
import { SwapSteps } from "../modules/layout.js";
import { channelsFirst, extentOf, isSymmetric, type Extent } from "./padding.js";

/** The layers for one, two and three axes. */
const maxPools = [MaxPool1d, MaxPool2d, MaxPool3d] as const;
const avgPools = [AvgPool1d, AvgPool2d, AvgPool3d] as const;
const constantPads = [ConstantPad1d, ConstantPad2d, ConstantPad3d] as const;

interface Windows {
  readonly window: number[];
  readonly stride: number[];
  readonly extents: readonly Extent[];
}

function windowsOf({ config }: SourceLayer, sizes: readonly (number | null)[]): Windows {
  const axes = sizes.length;
  const window = config.sizes("pool_size", axes, 2);
  const given = config.raw("strides");
  const stride = given === undefined || given === null ? window : config.sizes("strides", axes);
  return { window, stride, extents: sizes.map((size, axis) => extentOf(config, { size, kernel: window[axis] ?? 1, stride: stride[axis] ?? 1, dilation: 1 })) };
}

/** Padding counts as −∞ for maxima. Layers pad by at most half a window, as much before as after. */
function maxPool({ window, stride, extents }: Windows): readonly TensorModule[] {
  const [Pool, Pad] = [maxPools[window.length - 1] ?? MaxPool1d, constantPads[window.length - 1] ?? ConstantPad1d];
  if (isSymmetric(extents) && extents.every(({ before }, axis) => before <= (window[axis] ?? 1) / 2)) {
    return [new Pool(window, { stride, padding: extents.map(({ before }) => before) })];
  }
  return [new Pad(extents.map(({ before, after }) => [before, after] as const), -Infinity), new Pool(window, { stride })];
}

/** Padding does not count for means. If there is only some after the axes, the last windows are cut off there (`ceilMode`). */
function avgPool({ window, stride, extents }: Windows): readonly TensorModule[] {
  const ceilMode = !isSymmetric(extents);
  if (ceilMode && extents.some(({ before }) => before > 0)) throw new LayerProblem('its padding "same" is uneven on both sides here, for which means have no counterpart');
  const Pool = avgPools[window.length - 1] ?? AvgPool1d;
  return [new Pool(window, { stride, padding: extents.map(({ before }) => before), countIncludePad: false, ceilMode })];
}

const windowed = (axes: number, pool: (windows: Windows) => readonly TensorModule[]): Converter => (layer) => {
  const { sizes, channels } = spatialInput(layer, axes);
  const windows = windowsOf(layer, sizes);
  return { modules: channelsFirst(axes, pool(windows)), value: { shape: [...windows.extents.map(({ size }) => size), channels] } };
};

const whole = (axes: number, make: () => TensorModule): Converter => (layer) => {
  const { channels } = spatialInput(layer, axes);
  layer.config.requireDefault("keepdims", false);
  return { modules: [...(axes === 1 ? [new SwapSteps()] : []), make()], value: { shape: [channels] } };
};

export const poolingLayers: Readonly<Record<string, Converter>> = {
  AveragePooling1D: windowed(1, avgPool), AveragePooling2D: windowed(2, avgPool), AveragePooling3D: windowed(3, avgPool),
  MaxPooling1D: windowed(1, maxPool), MaxPooling2D: windowed(2, maxPool), MaxPooling3D: windowed(3, maxPool),
  GlobalAveragePooling1D: whole(1, () => new GlobalAvgPool()), GlobalAveragePooling2D: whole(2, () => new GlobalAvgPool()),
  GlobalMaxPooling1D: whole(1, () => new GlobalMaxPool()), GlobalMaxPooling2D: whole(2, () => new GlobalMaxPool()),
};
