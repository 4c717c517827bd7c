import * as nn from "@nn/tensor";
import type { Tensor } from "@nn/tensor";
import { at, atOr, get, indicesOf, make, positionOf, sizeOf, sum, type Plain } from "./array.js";
import type { Random } from "./random.js";
import { call, type Entries, type Entry } from "./trial.js";

export type Axes = 1 | 2 | 3;

/** How a window moves over spatial axes. */
export interface Geometry {
  readonly window: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly number[];
  /** Padding after each axis, if it differs from the padding before. */
  readonly after?: readonly number[];
  readonly dilation: readonly number[];
}

export const outputSizes = (spatial: readonly number[], { window, stride, padding, after = padding, dilation }: Geometry, ceil = false): number[] => spatial.map((length, axis) => {
  const rest = length + get(padding, axis) + get(after, axis) - get(dilation, axis) * (get(window, axis) - 1) - 1;
  if (!ceil) return Math.floor(rest / get(stride, axis)) + 1;
  const count = Math.ceil(rest / get(stride, axis)) + 1;
  return (count - 1) * get(stride, axis) >= length + get(padding, axis) ? count - 1 : count;
});

/** The input position under an element of a window. */
export const positionUnder = ({ stride, padding, dilation }: Geometry, output: readonly number[], tap: readonly number[]): number[] =>
  output.map((each, axis) => each * get(stride, axis) - get(padding, axis) + get(tap, axis) * get(dilation, axis));

/** `y[n, o] = b[o] + Σ w[o, i, tap] x[n, i, position]`, within the channels of each group. */
export function convolve(x: Plain, weight: Plain, bias: Plain | undefined, geometry: Geometry, groups: number, read: (x: Plain, index: readonly number[]) => number = (from, index) => atOr(from, index, 0)): Plain {
  const [batch, , ...spatial] = x.shape;
  const [outputs = 0, perGroup = 0] = weight.shape;
  const taps = indicesOf(geometry.window);
  return make([batch ?? 0, outputs, ...outputSizes(spatial, geometry)], ([n = 0, o = 0, ...position]) => {
    const group = Math.floor(o / (outputs / groups));
    return (bias === undefined ? 0 : at(bias, o)) + sum(Array.from({ length: perGroup }, (_, i) => sum(taps.map((tap) =>
      at(weight, o, i, ...tap) * read(x, [n, group * perGroup + i, ...positionUnder(geometry, position, tap)])))));
  });
}

/** Each input element adds a window to the output. */
export function convolveTransposed(x: Plain, weight: Plain, bias: Plain | undefined, geometry: Geometry, groups: number, outputPadding: readonly number[]): Plain {
  const [batch = 0, inputs = 0, ...spatial] = x.shape;
  const perGroup = get(weight.shape, 1);
  const sizes = spatial.map((length, axis) => (length - 1) * get(geometry.stride, axis) - 2 * get(geometry.padding, axis) + get(geometry.dilation, axis) * (get(geometry.window, axis) - 1) + 1 + get(outputPadding, axis));
  const shape = [batch, perGroup * groups, ...sizes];
  const data = Array.from({ length: sizeOf(shape) }, () => 0);
  for (const [n = 0, i = 0, ...from] of indicesOf(x.shape)) for (const [o = 0, ...tap] of indicesOf([perGroup, ...geometry.window])) {
    const group = Math.floor(i / (inputs / groups));
    const to = positionUnder(geometry, from, tap);
    if (to.every((each, axis) => each >= 0 && each < get(sizes, axis))) {
      const position = positionOf(shape, [n, group * perGroup + o, ...to]);
      data[position] = get(data, position) + at(x, n, i, ...from) * at(weight, i, o, ...tap);
    }
  }
  return make(shape, (index) => get(data, positionOf(shape, index)) + (bias === undefined ? 0 : at(bias, get(index, 1))));
}

export const inAll = (random: Random, axes: Axes, low: number, high: number): number[] => random.list(axes, () => random.int(low, high));

/** A window geometry, and spatial sizes that it fits into. */
export function geometryFor(random: Random, axes: Axes, padding: (window: number) => number = (window) => random.int(0, window)): Geometry & { readonly spatial: readonly number[] } {
  const [window, dilation, stride] = [inAll(random, axes, 1, axes === 3 ? 2 : 3), inAll(random, axes, 1, 2), inAll(random, axes, 1, 3)];
  const spatial = window.map((size, axis) => get(dilation, axis) * (size - 1) + random.int(1, axes === 3 ? 2 : 5));
  return { window, stride, dilation, padding: window.map(padding), spatial };
}

const convolution = (axes: Axes, run: typeof nn.conv1d): Entry => (random) => {
  const { spatial, ...geometry } = geometryFor(random, axes);
  const [groups, perGroup, outPerGroup, batch] = [random.pick([1, 1, 2]), random.int(1, 2), random.int(1, 2), random.int(1, 2)];
  const bias = random.bool() ? [random.array([outPerGroup * groups])] : [];
  const options = { stride: geometry.stride, padding: geometry.padding, dilation: geometry.dilation, groups };
  return call(`${batch}x${perGroup * groups}x${spatial.join("x")}, window ${geometry.window.join("x")}, ${JSON.stringify(options)}`,
    [random.array([batch, perGroup * groups, ...spatial]), random.array([outPerGroup * groups, perGroup, ...geometry.window]), ...bias],
    (x, w, b) => run(x as Tensor, w as Tensor, b, options), (x, w, b) => convolve(x, w, b, geometry, groups));
};

const transposed = (axes: Axes, run: typeof nn.convTranspose1d): Entry => (random) => {
  const { spatial: _, ...geometry } = geometryFor(random, axes, () => 0);
  const [groups, inPerGroup, outPerGroup, batch] = [random.pick([1, 1, 2]), random.int(1, 2), random.int(1, 2), random.int(1, 2)];
  const spatial = inAll(random, axes, 1, axes === 3 ? 2 : 3);
  const padding = geometry.window.map((size, axis) => random.int(0, Math.floor(((get(spatial, axis) - 1) * get(geometry.stride, axis) + get(geometry.dilation, axis) * (size - 1)) / 2)));
  const outputPadding = geometry.stride.map((stride, axis) => random.int(0, Math.max(stride, get(geometry.dilation, axis)) - 1));
  const bias = random.bool() ? [random.array([outPerGroup * groups])] : [];
  const options = { stride: geometry.stride, padding, dilation: geometry.dilation, outputPadding, groups };
  return call(`${spatial.join("x")}, window ${geometry.window.join("x")}, ${JSON.stringify(options)}`,
    [random.array([batch, inPerGroup * groups, ...spatial]), random.array([inPerGroup * groups, outPerGroup, ...geometry.window]), ...bias],
    (x, w, b) => run(x as Tensor, w as Tensor, b, options), (x, w, b) => convolveTransposed(x, w, b, { ...geometry, padding }, groups, outputPadding));
};

export const half = (window: number): number => Math.floor(window / 2);

/** The largest element of each window, and its index in the image. */
export function maxPool(x: Plain, geometry: Geometry, ceil: boolean): readonly [Plain, Plain] {
  const [batch = 0, channels = 0, ...spatial] = x.shape;
  const shape = [batch, channels, ...outputSizes(spatial, geometry, ceil)];
  const best = (n: number, c: number, position: readonly number[]): { value: number; index: number } => {
    let found = { value: -Infinity, index: -1 };
    for (const tap of indicesOf(geometry.window)) {
      const under = positionUnder(geometry, position, tap);
      const value = atOr(x, [n, c, ...under], -Infinity);
      if (value > found.value) found = { value, index: positionOf(spatial, under) };
    }
    return found;
  };
  return [make(shape, ([n = 0, c = 0, ...position]) => best(n, c, position).value), make(shape, ([n = 0, c = 0, ...position]) => best(n, c, position).index)];
}

/** The mean of each window. Padding counts if `countIncludePad` is set; positions beyond the padding never count. */
export function avgPool(x: Plain, geometry: Geometry, { ceil = false, countIncludePad = true, divisor }: { ceil?: boolean | undefined; countIncludePad?: boolean | undefined; divisor?: number | undefined }): Plain {
  const [batch = 0, channels = 0, ...spatial] = x.shape;
  return make([batch, channels, ...outputSizes(spatial, geometry, ceil)], ([n = 0, c = 0, ...position]) => {
    const under = indicesOf(geometry.window).map((tap) => positionUnder(geometry, position, tap));
    const { padding, after = padding } = geometry;
    const within = (each: readonly number[], margin: number): boolean => each.every((value, axis) => value >= -margin * get(padding, axis) && value < get(spatial, axis) + margin * get(after, axis));
    return sum(under.map((each) => atOr(x, [n, c, ...each], 0))) / (divisor ?? under.filter((each) => within(each, countIncludePad ? 1 : 0)).length);
  });
}

/** A geometry of pooling and its options: equal padding on both sides, different padding, or `"same"`. */
function poolingFor(random: Random, axes: Axes) {
  const { spatial, ...both } = geometryFor(random, axes, (window) => random.int(0, half(window)));
  const ceilMode = random.bool();
  const { window, stride, padding, dilation } = both;
  const kind = random.pick(["both", "sides", "same"] as const);
  if (kind === "both") return { spatial, geometry: both, options: { stride, padding, dilation, ceilMode } };
  if (kind === "sides") {
    const after = window.map((size) => random.int(0, half(size)));
    return { spatial, geometry: { ...both, after }, options: { stride, padding: padding.map((low, axis) => [low, get(after, axis)] as const), dilation, ceilMode } };
  }
  const total = spatial.map((length, axis) => Math.max(0, (Math.ceil(length / get(stride, axis)) - 1) * get(stride, axis) + get(window, axis) - length));
  const geometry = { window, stride, dilation: dilation.map(() => 1), padding: total.map((sum) => Math.floor(sum / 2)), after: total.map((sum) => Math.ceil(sum / 2)) };
  return { spatial, geometry, options: { stride, padding: "same" as const, ceilMode: false } };
}

const maxPooling = (axes: Axes, run: typeof nn.maxPool1d): Entry => (random) => {
  const { spatial, geometry, options } = poolingFor(random, axes);
  const { ceilMode } = options;
  const returnIndices = random.bool();
  return call(`${spatial.join("x")}, window ${geometry.window.join("x")}, ${JSON.stringify(options)}`, [random.array([1, 2, ...spatial])], (x) => {
    if (!returnIndices) return run(x as Tensor, geometry.window, options);
    const { values, indices } = run(x as Tensor, geometry.window, { ...options, returnIndices: true });
    return [values, indices];
  }, (x) => maxPool(x, geometry, ceilMode).slice(0, returnIndices ? 2 : 1));
};

const avgPooling = (axes: Axes, run: typeof nn.avgPool1d): Entry => (random) => {
  const { spatial, geometry, options: moving } = poolingFor(random, axes);
  const options = { ...moving, countIncludePad: random.bool(), divisor: random.bool(0.2) ? 3 : undefined };
  return call(`${spatial.join("x")}, window ${geometry.window.join("x")}, ${JSON.stringify(options)}`, [random.array([1, 2, ...spatial])],
    (x) => run(x as Tensor, geometry.window, options), (x) => avgPool(x, geometry, { ...options, ceil: options.ceilMode }));
};

/** `(Σ xᵖ)^(1/p)` of each window; for a window that extends beyond the input, the sum is the mean of the powers inside times the size of the window, as in PyTorch. */
export function lpPool(x: Plain, p: number, geometry: Geometry, ceil: boolean): Plain {
  const [batch = 0, channels = 0, ...spatial] = x.shape;
  return make([batch, channels, ...outputSizes(spatial, geometry, ceil)], ([n = 0, c = 0, ...position]) =>
    {
      const under = indicesOf(geometry.window).map((tap) => positionUnder(geometry, position, tap));
      const inside = under.filter((each) => each.every((value, axis) => value >= 0 && value < get(spatial, axis)));
      return ((sum(inside.map((each) => at(x, n, c, ...each) ** p)) / inside.length) * under.length) ** (1 / p);
    });
}

const lpPooling = (axes: Axes, run: typeof nn.lpPool1d): Entry => (random) => {
  const { spatial, ...geometry } = geometryFor(random, axes, () => 0);
  const [p, ceilMode] = [random.pick([1, 2, 3]), random.bool()];
  return call(`${spatial.join("x")}, window ${geometry.window.join("x")}, stride ${geometry.stride.join("x")}, p ${p}`, [random.array([1, 2, ...spatial], 0.2, 2)],
    (x) => run(x as Tensor, p, geometry.window, { stride: geometry.stride, dilation: geometry.dilation, ceilMode }), (x) => lpPool(x, p, geometry, ceilMode));
};

/** Windows from ⌊i·n/m⌋ to ⌈(i + 1)·n/m⌉. */
export function adaptive(x: Plain, sizes: readonly number[], f: (values: readonly number[], positions: readonly number[]) => number): Plain {
  const [batch = 0, channels = 0, ...spatial] = x.shape;
  return make([batch, channels, ...sizes], ([n = 0, c = 0, ...position]) => {
    const start = position.map((each, axis) => Math.floor((each * get(spatial, axis)) / get(sizes, axis)));
    const count = position.map((each, axis) => Math.ceil(((each + 1) * get(spatial, axis)) / get(sizes, axis)) - get(start, axis));
    const positions = indicesOf(count).map((step) => step.map((each, axis) => each + get(start, axis)));
    return f(positions.map((each) => at(x, n, c, ...each)), positions.map((each) => positionOf(spatial, each)));
  });
}

export const mean = (values: readonly number[]): number => sum(values) / values.length;

const adaptivePooling = (axes: Axes, run: (x: Tensor, size: nn.AdaptiveSize) => Tensor, f: (values: readonly number[]) => number): Entry => (random) => {
  const spatial = inAll(random, axes, 1, axes === 3 ? 3 : 6);
  const asked = spatial.map((length) => (random.bool(0.2) ? null : random.int(1, length + 1)));
  return call(`${spatial.join("x")} to ${JSON.stringify(asked)}`, [random.array([1, 2, ...spatial])], (x) => run(x as Tensor, asked), (x) => adaptive(x, asked.map((size, axis) => size ?? get(spatial, axis)), f));
};

const unpooling = (axes: Axes, pool: typeof nn.maxPool1d, run: typeof nn.maxUnpool1d): Entry => (random) => {
  const window = inAll(random, axes, 1, 2);
  const spatial = window.map((size) => size * random.int(1, 3));
  return call(`${spatial.join("x")}, window ${window.join("x")}`, [random.array([1, 2, ...spatial])], (x) => {
    const { values, indices } = pool(x as Tensor, window, { returnIndices: true });
    return run(values, indices, window);
  }, (x) => {
    const [values, indices] = maxPool(x, { window, stride: window, padding: window.map(() => 0), dilation: window.map(() => 1) }, false);
    const chosen = indicesOf(values.shape);
    return make(x.shape, ([n = 0, c = 0, ...position]) => {
      const found = chosen.find((index) => index[0] === n && index[1] === c && at(indices, ...index) === positionOf(spatial, position));
      return found === undefined ? 0 : at(values, ...found);
    });
  });
};

/** Convolutions and pooling. */
export const spatial: Entries = {
  conv1d: convolution(1, nn.conv1d), conv2d: convolution(2, nn.conv2d), conv3d: convolution(3, nn.conv3d),
  convTranspose1d: transposed(1, nn.convTranspose1d), convTranspose2d: transposed(2, nn.convTranspose2d), convTranspose3d: transposed(3, nn.convTranspose3d),
  maxPool1d: maxPooling(1, nn.maxPool1d), maxPool2d: maxPooling(2, nn.maxPool2d), maxPool3d: maxPooling(3, nn.maxPool3d),
  avgPool1d: avgPooling(1, nn.avgPool1d), avgPool2d: avgPooling(2, nn.avgPool2d), avgPool3d: avgPooling(3, nn.avgPool3d),
  lpPool1d: lpPooling(1, nn.lpPool1d), lpPool2d: lpPooling(2, nn.lpPool2d), lpPool3d: lpPooling(3, nn.lpPool3d),
  adaptiveAvgPool1d: adaptivePooling(1, nn.adaptiveAvgPool1d, mean), adaptiveAvgPool2d: adaptivePooling(2, nn.adaptiveAvgPool2d, mean),
  adaptiveAvgPool3d: adaptivePooling(3, nn.adaptiveAvgPool3d, mean), adaptiveMaxPool1d: adaptivePooling(1, nn.adaptiveMaxPool1d, (values) => Math.max(...values)),
  adaptiveMaxPool2d: adaptivePooling(2, nn.adaptiveMaxPool2d, (values) => Math.max(...values)), adaptiveMaxPool3d: adaptivePooling(3, nn.adaptiveMaxPool3d, (values) => Math.max(...values)),
  maxUnpool1d: unpooling(1, nn.maxPool1d, nn.maxUnpool1d), maxUnpool2d: unpooling(2, nn.maxPool2d, nn.maxUnpool2d), maxUnpool3d: unpooling(3, nn.maxPool3d, nn.maxUnpool3d),
};
