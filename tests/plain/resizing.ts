import * as nn from "@nn/tensor";
import type { Tensor } from "@nn/tensor";
import { at, atOr, get, indicesOf, make, map, sum, type Plain } from "./array.js";
import type { Random } from "./random.js";
import { adaptive, mean, outputSizes, positionUnder, type Geometry } from "./spatial.js";
import { call, type Entries } from "./trial.js";

export type Mode = "constant" | "reflect" | "symmetric" | "replicate" | "circular";

/** The source index of the element at a position in the padding; `undefined` if that element is a constant. */
export function padded(position: number, length: number, mode: Mode): number | undefined {
  if (position >= 0 && position < length) return position;
  if (mode === "constant") return undefined;
  if (mode === "replicate") return position < 0 ? 0 : length - 1;
  if (mode === "circular") return ((position % length) + length) % length;
  if (mode === "symmetric") return position < 0 ? -1 - position : 2 * length - 1 - position;
  return position < 0 ? -position : 2 * (length - 1) - position;
}

export const pad = (x: Plain, widths: readonly (readonly [number, number])[], mode: Mode, value = 0): Plain => {
  const all = [...x.shape.slice(widths.length).map(() => [0, 0] as const), ...widths];
  return make(x.shape.map((size, axis) => size + get(all, axis)[0] + get(all, axis)[1]), (index) => {
    const position = index.map((each, axis) => padded(each - get(all, axis)[0], get(x.shape, axis), mode));
    return position.includes(undefined) ? value : at(x, ...position.map(Number));
  });
};

const cubic = (t: number): number => {
  const [x, a] = [Math.abs(t), -0.75];
  if (x <= 1) return (a + 2) * x ** 3 - (a + 3) * x ** 2 + 1;
  return x < 2 ? a * x ** 3 - 5 * a * x ** 2 + 8 * a * x - 4 * a : 0;
};

export interface Resizing {
  readonly mode: nn.InterpolationMode;
  readonly alignCorners: boolean;
  readonly sizes: readonly number[];
  /** Distance of new elements in old ones, on each axis. */
  readonly steps: readonly number[];
}

/** The old elements that contribute to a new one on one axis, with their weights. */
function taps(position: number, length: number, size: number, step: number, { mode, alignCorners }: Resizing): readonly (readonly [position: number, weight: number])[] {
  if (mode === "nearest") return [[Math.min(Math.floor(position * step), length - 1), 1]];
  if (mode === "nearestExact") return [[Math.min(Math.floor((position + 0.5) * step), length - 1), 1]];
  const cornerStep = size > 1 ? (length - 1) / (size - 1) : 0;
  const source = alignCorners ? position * cornerStep : (position + 0.5) * step - 0.5;
  const inside = (each: number): number => Math.min(Math.max(each, 0), length - 1);
  if (mode === "bicubic") return [-1, 0, 1, 2].map((offset) => [inside(Math.floor(source) + offset), cubic(source - Math.floor(source) - offset)]);
  const from = Math.max(source, 0);
  const low = Math.min(Math.floor(from), length - 1);
  return [[low, 1 - (from - low)], [inside(low + 1), from - low]];
}

export function resize(x: Plain, resizing: Resizing): Plain {
  const [batch = 0, channels = 0, ...spatial] = x.shape;
  if (resizing.mode === "area") return adaptive(x, resizing.sizes, mean);
  return make([batch, channels, ...resizing.sizes], ([n = 0, c = 0, ...position]) => {
    const along = position.map((each, axis) => taps(each, get(spatial, axis), get(resizing.sizes, axis), get(resizing.steps, axis), resizing));
    return sum(indicesOf(along.map((each) => each.length)).map((which) =>
      which.reduce((product, each, axis) => product * get(get(along, axis), each)[1], 1) * at(x, n, c, ...which.map((each, axis) => get(get(along, axis), each)[0]))));
  });
}

/** A resizing and its options. It avoids scales for which the size depends on rounding. */
export function resizingFor(random: Random): { readonly spatial: readonly number[]; readonly options: nn.InterpolateOptions; readonly resizing: Resizing } {
  const mode = random.pick(["nearest", "nearestExact", "linear", "bilinear", "trilinear", "bicubic", "area"] as const);
  const axes = mode === "linear" ? 1 : mode === "bilinear" || mode === "bicubic" ? 2 : mode === "trilinear" ? 3 : random.int(1, 3);
  const spatial = random.list(axes, () => random.int(1, axes === 3 ? 3 : 5));
  const alignCorners = /linear|cubic/.test(mode) && random.bool();
  if (random.bool()) {
    const sizes = random.list(axes, () => random.int(1, axes === 3 ? 4 : 7));
    return { spatial, options: { mode, alignCorners, size: sizes }, resizing: { mode, alignCorners, sizes, steps: spatial.map((length, axis) => length / get(sizes, axis)) } };
  }
  const scale = random.list(axes, () => random.pick([1, 1.25, 1.5, 1.75, 2, 3]));
  return { spatial, options: { mode, alignCorners, scale }, resizing: { mode, alignCorners, sizes: spatial.map((length, axis) => Math.floor(length * get(scale, axis))), steps: scale.map((each) => 1 / each) } };
}

const pair = (random: Random, low: number, high: number): [number, number] => [random.int(low, high), random.int(low, high)];

function windowsFor(random: Random): { readonly geometry: Geometry; readonly size: readonly [number, number] } {
  const [window, dilation] = [pair(random, 1, 3), pair(random, 1, 2)];
  const size: [number, number] = [get(dilation, 0) * (get(window, 0) - 1) + random.int(1, 3), get(dilation, 1) * (get(window, 1) - 1) + random.int(1, 3)];
  return { geometry: { window, dilation, stride: pair(random, 1, 2), padding: pair(random, 0, 1) }, size };
}

/** The patches of an image as columns. */
export function unfold(x: Plain, geometry: Geometry): Plain {
  const [batch = 0, channels = 0, ...spatial] = x.shape;
  const [sizes, taps] = [outputSizes(spatial, geometry), indicesOf(geometry.window)];
  const positions = indicesOf(sizes);
  return make([batch, channels * taps.length, positions.length], ([n = 0, row = 0, column = 0]) =>
    atOr(x, [n, Math.floor(row / taps.length), ...positionUnder(geometry, get(positions, column), get(taps, row % taps.length))], 0));
}

/** Adds columns of patches at the positions that they come from. */
export function fold(x: Plain, spatial: readonly number[], geometry: Geometry): Plain {
  const taps = indicesOf(geometry.window);
  const positions = indicesOf(outputSizes(spatial, geometry));
  return make([get(x.shape, 0), get(x.shape, 1) / taps.length, ...spatial], ([n = 0, c = 0, ...position]) => sum(taps.flatMap((tap, which) => positions.map((output, column) =>
    (positionUnder(geometry, output, tap).join() === position.join() ? at(x, n, c * taps.length + which, column) : 0)))));
}

const windowOptions = ({ stride, padding, dilation }: Geometry): nn.UnfoldOptions => ({ stride: two(stride), padding: two(padding), dilation: two(dilation) });
export const two = (list: readonly number[]): [number, number] => [get(list, 0), get(list, 1)];

export const pixelShuffle = (x: Plain, factor: number): Plain => {
  const [n = 0, c = 0, h = 0, w = 0] = x.shape;
  return make([n, c / factor ** 2, h * factor, w * factor], ([i = 0, o = 0, row = 0, column = 0]) =>
    at(x, i, o * factor ** 2 + (row % factor) * factor + (column % factor), Math.floor(row / factor), Math.floor(column / factor)));
};

export const pixelUnshuffle = (x: Plain, factor: number): Plain => {
  const [n = 0, c = 0, h = 0, w = 0] = x.shape;
  return make([n, c * factor ** 2, h / factor, w / factor], ([i = 0, o = 0, row = 0, column = 0]) => {
    const within = o % factor ** 2;
    return at(x, i, Math.floor(o / factor ** 2), row * factor + Math.floor(within / factor), column * factor + (within % factor));
  });
};

export const channelShuffle = (x: Plain, groups: number): Plain => {
  const channels = get(x.shape, 1);
  return make(x.shape, ([n = 0, c = 0, ...position]) => at(x, n, (c % groups) * (channels / groups) + Math.floor(c / groups), ...position));
};

/** Functions that resize images, and split them into patches. */
export const resizing: Entries = {
  interpolate: (random) => {
    const { spatial, options, resizing: asked } = resizingFor(random);
    return call(`${spatial.join("x")}, ${JSON.stringify(options)}`, [random.array([1, 2, ...spatial])], (x) => nn.interpolate(x as Tensor, options), (x) => resize(x, asked));
  },
  pad: (random) => {
    const mode = random.pick(["constant", "reflect", "symmetric", "replicate", "circular"] as const);
    const x = random.array(random.shape([1, 3], [2, 4]));
    const limit = (size: number): number => (mode === "reflect" ? size - 1 : mode === "circular" || mode === "symmetric" ? size : 3);
    const widths = x.shape.slice(random.int(0, x.shape.length - 1)).map((size) => [random.int(0, limit(size)), random.int(0, limit(size))] as const);
    const value = mode === "constant" ? random.real() : undefined;
    return call(`${x.shape.join("x")}, ${widths.join(" ")}, ${mode}`, [x], (a) => nn.pad(a as Tensor, [...x.shape.slice(widths.length).map(() => [0, 0] as const), ...widths], { mode, value }), (a) => pad(a, widths, mode, value));
  },
  unfold: (random) => {
    const { geometry, size } = windowsFor(random);
    return call(JSON.stringify({ ...geometry, size }), [random.array([random.int(1, 2), random.int(1, 2), ...size])], (x) => nn.unfold(x as Tensor, two(geometry.window), windowOptions(geometry)), (x) => unfold(x, geometry));
  },
  fold: (random) => {
    const { geometry, size } = windowsFor(random);
    const [channels, columns] = [random.int(1, 2), outputSizes(size, geometry).reduce((a, b) => a * b, 1)];
    return call(JSON.stringify({ ...geometry, size }), [random.array([1, channels * get(geometry.window, 0) * get(geometry.window, 1), columns])],
      (x) => nn.fold(x as Tensor, two(size), two(geometry.window), windowOptions(geometry)), (x) => fold(x, size, geometry));
  },
  pixelShuffle: (random) => {
    const factor = random.int(1, 3);
    return call(`factor ${factor}`, [random.array([1, factor ** 2 * random.int(1, 2), random.int(1, 3), random.int(1, 3)])], (x) => nn.pixelShuffle(x as Tensor, factor), (x) => pixelShuffle(x, factor));
  },
  pixelUnshuffle: (random) => {
    const factor = random.int(1, 3);
    return call(`factor ${factor}`, [random.array([1, random.int(1, 2), factor * random.int(1, 2), factor * random.int(1, 2)])], (x) => nn.pixelUnshuffle(x as Tensor, factor), (x) => pixelUnshuffle(x, factor));
  },
  channelShuffle: (random) => {
    const groups = random.int(1, 3);
    return call(`${groups} groups`, [random.array([1, groups * random.int(1, 3), random.int(1, 3)])], (x) => nn.channelShuffle(x as Tensor, groups), (x) => channelShuffle(x, groups));
  },
  oneHot: (random) => {
    const [x, classes] = [random.integers(random.shape([0, 2]), 0, 3), random.int(4, 5)];
    return call(`${classes} classes`, [x], (a) => nn.oneHot(nn.cast(a as Tensor, "int32"), classes), (a) => make([...a.shape, classes], (index) => Number(at(a, ...index.slice(0, -1)) === get(index, -1))), { differentiable: false });
  },
  onesLike: (random) => call("", [random.array(random.shape())], (x) => nn.onesLike(x as Tensor), (x) => map(x, () => 1), { differentiable: false }),
  zerosLike: (random) => call("", [random.array(random.shape())], (x) => nn.zerosLike(x as Tensor), (x) => map(x, () => 0), { differentiable: false }),
  fullLike: (random) => {
    const value = random.real();
    return call(`${value}`, [random.array(random.shape())], (x) => nn.fullLike(x as Tensor, value), (x) => map(x, () => value), { differentiable: false });
  },
};
