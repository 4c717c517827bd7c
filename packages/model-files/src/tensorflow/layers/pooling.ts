import { AvgPool1d, AvgPool2d, ConstantPad1d, ConstantPad2d, GlobalAvgPool, GlobalMaxPool, MaxPool1d, MaxPool2d, type TensorModule } from "@nn/layers";
import { LayerProblem } from "../config.js";
import { imageInput, sequenceInput, type Converter, type SourceLayer } from "../layer.js";
import { SwapSteps } from "../modules.js";
import { extentOf, isSymmetric, type Extent } from "./padding.js";

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
  const oneAxis = window.length === 1;
  if (isSymmetric(extents) && extents.every(({ before }, axis) => before <= (window[axis] ?? 1) / 2)) {
    const padding = extents.map(({ before }) => before);
    return [oneAxis ? new MaxPool1d(window, { stride, padding }) : new MaxPool2d(window, { stride, padding })];
  }
  const widths = extents.map(({ before, after }) => [before, after] as const);
  return oneAxis ? [new ConstantPad1d(widths, -Infinity), new MaxPool1d(window, { stride })] : [new ConstantPad2d(widths, -Infinity), new MaxPool2d(window, { stride })];
}

/** Padding does not count for means. If there is only some after the axes, the last windows are cut off there (`ceilMode`). */
function avgPool({ window, stride, extents }: Windows): readonly TensorModule[] {
  const ceilMode = !isSymmetric(extents);
  if (ceilMode && extents.some(({ before }) => before > 0)) throw new LayerProblem('its padding "same" is uneven on both sides here, for which means have no counterpart');
  const options = { stride, padding: extents.map(({ before }) => before), countIncludePad: false, ceilMode };
  return [window.length === 1 ? new AvgPool1d(window, options) : new AvgPool2d(window, options)];
}

const images = (pool: (windows: Windows) => readonly TensorModule[]): Converter => (layer) => {
  const [height, width, channels] = imageInput(layer);
  const windows = windowsOf(layer, [height, width]);
  return { modules: pool(windows), value: { shape: [...windows.extents.map(({ size }) => size), channels] } };
};

const sequences = (pool: (windows: Windows) => readonly TensorModule[]): Converter => (layer) => {
  const [steps, channels] = sequenceInput(layer);
  const windows = windowsOf(layer, [steps]);
  return { modules: [new SwapSteps(), ...pool(windows), new SwapSteps()], value: { shape: [windows.extents[0]?.size ?? null, channels] } };
};

const whole = (make: () => TensorModule, inputOf: (layer: SourceLayer) => readonly (number | null)[], before: () => readonly TensorModule[]): Converter => (layer) => {
  const channels = inputOf(layer).at(-1) ?? null;
  layer.config.requireDefault("keepdims", false);
  return { modules: [...before(), make()], value: { shape: [channels] } };
};

export const poolingLayers: Readonly<Record<string, Converter>> = {
  AveragePooling1D: sequences(avgPool), AveragePooling2D: images(avgPool), MaxPooling1D: sequences(maxPool), MaxPooling2D: images(maxPool),
  GlobalAveragePooling1D: whole(() => new GlobalAvgPool(), sequenceInput, () => [new SwapSteps()]), GlobalAveragePooling2D: whole(() => new GlobalAvgPool(), imageInput, () => []),
  GlobalMaxPooling1D: whole(() => new GlobalMaxPool(), sequenceInput, () => [new SwapSteps()]), GlobalMaxPooling2D: whole(() => new GlobalMaxPool(), imageInput, () => []),
};
