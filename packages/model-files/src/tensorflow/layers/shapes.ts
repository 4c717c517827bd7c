import { AlphaDropout, Dropout, Dropout1d, Flatten, GaussianNoise, Upsample, type TensorModule } from "@nn/layers";
import { LayerProblem } from "../config.js";
import { describeShape, onlyInput, sizeOf, spatialInput, type Converter, type SourceLayer } from "../layer.js";
import { CornerUpsample } from "../modules/corner-upsample.js";
import { GaussianDropout, Masking, Rescale, StepMask } from "../modules/elementwise.js";
import { ChannelsLastPermute, ChannelsLastReshape, RepeatSteps } from "../modules/layout.js";
import { channelsFirst, zeroPad } from "./padding.js";

/** The elements of images and volumes come in another order here. If what follows can take that, its weights are reordered; otherwise the result is. */
const flatten: Converter = (layer) => {
  const { shape } = onlyInput(layer);
  const size = sizeOf(shape);
  if (shape.length < 3) return { modules: [new Flatten()], value: { shape: [size] } };
  if (!layer.mayReorder) return { modules: [new ChannelsLastReshape([size])], value: { shape: [size] } };
  layer.config.requireDefault("data_format", "channels_last");
  const channels = sizeOf(shape.slice(-1));
  const area = size / channels;
  return { modules: [new Flatten()], value: { shape: [size], order: Array.from({ length: size }, (_, at) => (at % area) * channels + Math.floor(at / area)) } };
};

const reshape: Converter = (layer) => {
  const { shape } = onlyInput(layer);
  const target = layer.config.raw("target_shape");
  if (!Array.isArray(target) || !target.every((each) => each === null || Number.isSafeInteger(each))) throw new LayerProblem(`target_shape is ${JSON.stringify(target)}, expected whole numbers`);
  const sizes = (target as readonly (number | null)[]).map((each) => each ?? -1);
  const known = sizes.filter((each) => each >= 0).reduce((a, b) => a * b, 1);
  const full = sizes.map((each) => (each >= 0 ? each : sizeOf(shape) / known));
  return { modules: [new ChannelsLastReshape(full)], value: { shape: full } };
};

const permute: Converter = (layer) => {
  const { shape } = onlyInput(layer);
  const axes = layer.config.sizes("dims", shape.length);
  if (axes.toSorted((a, b) => a - b).some((axis, at) => axis !== at + 1)) throw new LayerProblem(`dims is ${JSON.stringify(axes)}, expected each axis of ${describeShape(shape)} once`);
  return { modules: [new ChannelsLastPermute(axes)], value: { shape: axes.map((axis) => shape[axis - 1] ?? null) } };
};

const repeatVector: Converter = (layer) => {
  const { shape } = onlyInput(layer);
  const [steps = 1] = layer.config.sizes("n", 1);
  if (shape.length !== 1 || steps < 1) throw new LayerProblem(`its input is ${describeShape(shape)} and n ${steps}, expected [features] and a positive number`);
  return { modules: [new RepeatSteps(steps)], value: { shape: [steps, ...shape] } };
};

/** What a setting adds to an image: one number, one for each axis, or pairs of numbers. Cropping adds negative widths. */
const border = (setting: string, byDefault: number, sign: 1 | -1): Converter => (layer) => {
  const { sizes, channels } = spatialInput(layer, 2);
  const given = layer.config.raw(setting) ?? byDefault;
  const pairs = (Array.isArray(given) ? given : [given, given]).map((each: unknown) => (Array.isArray(each) ? each : [each, each]));
  if (pairs.length !== 2 || !pairs.flat().every((each) => Number.isSafeInteger(each) && (each as number) >= 0) || pairs.some(({ length }) => length !== 2)) throw new LayerProblem(`${setting} is ${JSON.stringify(given)}, expected numbers`);
  const widths = (pairs as [number, number][]).map(([before, after]) => [sign * before, sign * after] as const);
  const result = sizes.map((size, axis) => (size === null ? null : size + (widths[axis]?.[0] ?? 0) + (widths[axis]?.[1] ?? 0)));
  return { modules: [zeroPad(widths)], value: { shape: [...result, channels] } };
};

const upSampling2d: Converter = (layer) => {
  const { sizes, channels } = spatialInput(layer, 2);
  layer.config.requireDefault("interpolation", "nearest", "bilinear");
  const scale = layer.config.sizes("size", 2, 2);
  const isBilinear = layer.config.raw("interpolation") === "bilinear";
  return { modules: [isBilinear ? new CornerUpsample(scale) : new Upsample({ scale })], value: { shape: [...sizes.map((size, axis) => (size === null ? null : size * (scale[axis] ?? 1))), channels] } };
};

const masking: Converter = (layer) => {
  const input = onlyInput(layer);
  if (input.shape.length !== 2) throw new LayerProblem(`its input is ${describeShape(input.shape)}, expected [steps, features]`);
  const value = layer.config.number("mask_value", 0);
  return { modules: [new Masking(value)], value: input, mask: new StepMask(value) };
};

const spatialDropout1d: Converter = (layer) => {
  spatialInput(layer, 1);
  return { modules: channelsFirst(1, [new Dropout1d(layer.config.rate("rate"))]), value: onlyInput(layer) };
};

const dropping = (make: (layer: SourceLayer) => TensorModule): Converter => (layer) => ({ modules: [make(layer)], value: onlyInput(layer) });

export const shapeLayers: Readonly<Record<string, Converter>> = {
  Flatten: flatten, Reshape: reshape, Permute: permute, RepeatVector: repeatVector, Masking: masking,
  ZeroPadding2D: border("padding", 1, 1), Cropping2D: border("cropping", 0, -1), UpSampling2D: upSampling2d,
  Rescaling: dropping(({ config }) => new Rescale(config.number("scale"), config.number("offset", 0))),
  Dropout: dropping(({ config }) => {
    config.requireDefault("noise_shape");
    return new Dropout(config.rate("rate"));
  }),
  AlphaDropout: dropping(({ config }) => new AlphaDropout(config.rate("rate"))),
  GaussianDropout: dropping(({ config }) => new GaussianDropout(config.rate("rate"))),
  GaussianNoise: dropping(({ config }) => new GaussianNoise(config.number("stddev"))),
  SpatialDropout1D: spatialDropout1d,
};
