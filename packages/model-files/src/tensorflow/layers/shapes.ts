import { AlphaDropout, Dropout, Flatten, GaussianNoise, Upsample, ZeroPad2d, type TensorModule } from "@nn/layers";
import { LayerProblem } from "../config.js";
import { channelAxis, describeShape, imageInput, onlyInput, sizeOf, type Converter, type SourceLayer } from "../layer.js";
import { ChannelsLastReshape, Join, Merge } from "../modules.js";

/** Pixels of an image come in another order here. If what follows can take that, its weights are reordered; otherwise the result is. */
const flatten: Converter = (layer) => {
  const { shape } = onlyInput(layer);
  const size = sizeOf(shape);
  if (shape.length !== 3) return { modules: [new Flatten()], value: { shape: [size] } };
  if (!layer.mayReorder) return { modules: [new ChannelsLastReshape([size])], value: { shape: [size] } };
  const [height, width, channels] = imageInput(layer);
  const area = sizeOf([height, width]);
  return { modules: [new Flatten()], value: { shape: [size], order: Array.from({ length: size }, (_, at) => (at % area) * channels + Math.floor(at / area)) } };
};

const reshape: Converter = (layer) => {
  const { shape } = onlyInput(layer);
  const target = layer.config.raw("target_shape");
  if (!Array.isArray(target) || !target.every((each) => Number.isSafeInteger(each)) || target.length > 3) throw new LayerProblem(`target_shape is ${JSON.stringify(target)}, expected up to three whole numbers`);
  const sizes = target as readonly number[];
  const known = sizes.filter((each) => each >= 0).reduce((a, b) => a * b, 1);
  const full = sizes.map((each) => (each >= 0 ? each : sizeOf(shape) / known));
  return { modules: [new ChannelsLastReshape(full)], value: { shape: full } };
};

const zeroPadding2d: Converter = (layer) => {
  const [height, width, channels] = imageInput(layer);
  const given = layer.config.raw("padding") ?? 1;
  const pairs = (Array.isArray(given) ? given : [given, given]).map((each: unknown) => (Array.isArray(each) ? each : [each, each]));
  if (pairs.length !== 2 || !pairs.flat().every((each) => Number.isSafeInteger(each)) || pairs.some(({ length }) => length !== 2)) throw new LayerProblem(`padding is ${JSON.stringify(given)}, expected numbers`);
  const widths = pairs as [number, number][];
  const grown = [height, width].map((size, axis) => (size === null ? null : size + (widths[axis]?.[0] ?? 0) + (widths[axis]?.[1] ?? 0)));
  return { modules: [new ZeroPad2d(widths)], value: { shape: [...grown, channels] } };
};

const upSampling2d: Converter = (layer) => {
  const [height, width, channels] = imageInput(layer);
  layer.config.requireDefault("interpolation", "nearest");
  const scale = layer.config.sizes("size", 2, 2);
  return { modules: [new Upsample({ scale })], value: { shape: [...[height, width].map((size, axis) => (size === null ? null : size * (scale[axis] ?? 1))), channels] } };
};

const dropping = (make: (layer: SourceLayer) => TensorModule): Converter => (layer) => ({ modules: [make(layer)], value: onlyInput(layer) });

const merge = (kind: Merge["kind"]): Converter => ({ inputs }) => {
  const [first, ...others] = inputs;
  if (first === undefined || others.some(({ shape }) => shape.length !== first.shape.length)) throw new LayerProblem(`its inputs are ${inputs.map(({ shape }) => describeShape(shape)).join(" and ")}, expected the same rank`);
  const shape = first.shape.map((size, axis) => (others.some((other) => other.shape[axis] === null) ? null : others.reduce((most, other) => (most === 1 ? other.shape[axis] ?? null : most), size)));
  return { modules: [new Merge(kind)], value: { shape } };
};

const concatenate: Converter = (layer) => {
  const { inputs, config } = layer;
  const [first] = inputs;
  if (first === undefined) throw new LayerProblem("it has no inputs");
  config.requireDefault("axis", -1, first.shape.length);
  const total = inputs.reduce((sum, { shape }) => sum + sizeOf(shape.slice(-1)), 0);
  return { modules: [new Join(channelAxis(first))], value: { shape: [...first.shape.slice(0, -1), total] } };
};

export const shapeLayers: Readonly<Record<string, Converter>> = {
  Flatten: flatten, Reshape: reshape, ZeroPadding2D: zeroPadding2d, UpSampling2D: upSampling2d,
  Dropout: dropping(({ config }) => {
    config.requireDefault("noise_shape");
    return new Dropout(config.number("rate"));
  }),
  AlphaDropout: dropping(({ config }) => new AlphaDropout(config.number("rate"))),
  GaussianNoise: dropping(({ config }) => new GaussianNoise(config.number("stddev"))),
  Add: merge("add"), Subtract: merge("subtract"), Multiply: merge("multiply"), Average: merge("average"), Maximum: merge("maximum"), Minimum: merge("minimum"),
  Concatenate: concatenate,
};
