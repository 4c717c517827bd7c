import * as layers from "@nn/layers";
import * as nn from "@nn/tensor";
import type { Tensor } from "@nn/tensor";
import { activation, affine, layerTrial, moduleTrial, parameter } from "./activations.js";
import { at, atOr, concat, get, indicesOf, make, map, reduce, reshape, sum, zip, type Plain } from "./array.js";
import type { Random } from "./random.js";
import { channelShuffle, fold, pad, padded, pixelShuffle, pixelUnshuffle, resize, resizingFor, two, unfold, type Mode } from "./resizing.js";
import { adaptive, avgPool, convolve, convolveTransposed, geometryFor, half, inAll, lpPool, maxPool, mean, outputSizes, type Axes, type Geometry } from "./spatial.js";
import { call, type Entries, type Entry } from "./trial.js";

type Parameters = Readonly<Record<string, Plain>>;

/** The bias, if there is one. */
const bias = (parameters: Parameters, name = "bias"): Plain | undefined => parameters[name];
const paddings = { zeros: "constant", reflect: "reflect", symmetric: "symmetric", replicate: "replicate", circular: "circular" } as const;

const convolution = (axes: Axes, Layer: typeof layers.Conv1d | typeof layers.Conv2d | typeof layers.Conv3d): Entry => (random) => {
  const paddingMode = random.pick(["zeros", "reflect", "symmetric", "replicate", "circular"] as const);
  const { spatial: least, ...geometry } = geometryFor(random, axes, () => random.int(0, 2));
  const spatial = least.map((size) => Math.max(size, 3));
  const [groups, perGroup, outPerGroup, hasBias] = [random.pick([1, 1, 2]), random.int(1, 2), random.int(1, 2), random.bool()];
  return layerTrial(`${spatial.join("x")}, ${JSON.stringify({ ...geometry, groups, paddingMode })}`, random.array([1, perGroup * groups, ...spatial]),
    (dtype) => new Layer(perGroup * groups, outPerGroup * groups, geometry.window, { stride: geometry.stride, padding: geometry.padding, dilation: geometry.dilation, groups, bias: hasBias, paddingMode, dtype }),
    (x, parameters) => convolve(x, parameter(parameters, "weight"), bias(parameters), geometry, groups, (from, [n = 0, c = 0, ...position]) => {
      const inside = position.map((each, axis) => padded(each, get(spatial, axis), paddings[paddingMode]));
      return inside.includes(undefined) ? 0 : at(from, n, c, ...inside.map(Number));
    }));
};

const transposed = (axes: Axes, Layer: typeof layers.ConvTranspose1d | typeof layers.ConvTranspose2d | typeof layers.ConvTranspose3d): Entry => (random) => {
  const { spatial: _, ...geometry } = geometryFor(random, axes, () => 0);
  const [groups, hasBias] = [random.pick([1, 2]), random.bool()];
  const outputPadding = geometry.stride.map((stride, axis) => random.int(0, Math.max(stride, get(geometry.dilation, axis)) - 1));
  return layerTrial(JSON.stringify({ ...geometry, groups, outputPadding }), random.array([1, groups, ...inAll(random, axes, 1, 3)]),
    (dtype) => new Layer(groups, 2 * groups, geometry.window, { stride: geometry.stride, dilation: geometry.dilation, outputPadding, groups, bias: hasBias, dtype }),
    (x, parameters) => convolveTransposed(x, parameter(parameters, "weight"), bias(parameters), geometry, groups, outputPadding));
};

const still = (window: readonly number[]): Geometry => ({ window, stride: window.map(() => 1), padding: window.map(() => 0), dilation: window.map(() => 1) });

const depthwise = (axes: 1 | 2, Layer: typeof layers.DepthwiseConv1d | typeof layers.DepthwiseConv2d): Entry => (random) => {
  const [channels, multiplier, window] = [random.int(1, 3), random.int(1, 2), inAll(random, axes, 1, 3)];
  return layerTrial(`${channels} channels, ${window.join("x")}`, random.array([1, channels, ...inAll(random, axes, 3, 5)]), (dtype) => new Layer(channels, window, { multiplier, dtype }),
    (x, parameters) => convolve(x, parameter(parameters, "weight"), bias(parameters), still(window), channels));
};

const separable = (axes: 1 | 2, Layer: typeof layers.SeparableConv1d | typeof layers.SeparableConv2d): Entry => (random) => {
  const [channels, multiplier, window, outputs] = [random.int(1, 3), random.int(1, 2), inAll(random, axes, 1, 3), random.int(1, 3)];
  return layerTrial(`${channels} channels, ${window.join("x")}`, random.array([1, channels, ...inAll(random, axes, 3, 5)]), (dtype) => new Layer(channels, outputs, window, { multiplier, dtype }), (x, parameters) => {
    const deep = convolve(x, parameter(parameters, "depthwise.weight"), bias(parameters, "depthwise.bias"), still(window), channels);
    return convolve(deep, parameter(parameters, "pointwise.weight"), bias(parameters, "pointwise.bias"), still(window.map(() => 1)), 1);
  });
};

const maxPooling = (axes: Axes, Layer: typeof layers.MaxPool1d | typeof layers.MaxPool2d | typeof layers.MaxPool3d): Entry => (random) => {
  const { spatial, ...geometry } = geometryFor(random, axes, (window) => random.int(0, half(window)));
  const ceilMode = random.bool();
  return layerTrial(JSON.stringify({ ...geometry, spatial, ceilMode }), random.array([1, 2, ...spatial]), () => new Layer(geometry.window, { stride: geometry.stride, padding: geometry.padding, dilation: geometry.dilation, ceilMode }), (x) => maxPool(x, geometry, ceilMode)[0]);
};

const avgPooling = (axes: Axes, Layer: typeof layers.AvgPool1d | typeof layers.AvgPool2d | typeof layers.AvgPool3d): Entry => (random) => {
  const { spatial, ...all } = geometryFor(random, axes, (window) => random.int(0, half(window)));
  const geometry = { ...all, dilation: all.dilation.map(() => 1) };
  const [ceilMode, countIncludePad] = [random.bool(), random.bool()];
  return layerTrial(JSON.stringify({ ...geometry, spatial, ceilMode, countIncludePad }), random.array([1, 2, ...spatial]),
    () => new Layer(geometry.window, { stride: geometry.stride, padding: geometry.padding, ceilMode, countIncludePad }), (x) => avgPool(x, geometry, { ceil: ceilMode, countIncludePad }));
};

const lpPooling = (axes: Axes, Layer: typeof layers.LpPool1d | typeof layers.LpPool2d | typeof layers.LpPool3d): Entry => (random) => {
  const { spatial, ...all } = geometryFor(random, axes, () => 0);
  const [geometry, p] = [{ ...all, dilation: all.dilation.map(() => 1) }, random.pick([1, 2, 3])];
  return layerTrial(`${spatial.join("x")}, ${geometry.window.join("x")}, p ${p}`, random.array([1, 2, ...spatial], 0.2, 2), () => new Layer(p, geometry.window, { stride: geometry.stride }), (x) => lpPool(x, p, geometry, false));
};

const adaptivePooling = (axes: Axes, Layer: new (size: number[]) => layers.TensorModule, f: (values: readonly number[]) => number): Entry => (random) => {
  const [spatial, sizes] = [inAll(random, axes, 1, 5), inAll(random, axes, 1, 3)];
  return layerTrial(`${spatial.join("x")} to ${sizes.join("x")}`, random.array([1, 2, ...spatial]), () => new Layer(sizes), (x) => adaptive(x, sizes, f));
};

const unpooling = (axes: Axes, Layer: typeof layers.MaxUnpool1d, Pool: typeof layers.MaxPool1d): Entry => (random) => {
  const window = inAll(random, axes, 1, 2);
  const spatial = window.map((size) => size * random.int(1, 3));
  return call(`${spatial.join("x")}, window ${window.join("x")}`, [random.array([1, 1, ...spatial])], (x) => {
    const { values, indices } = new Pool(window).forwardWithIndices(x as Tensor);
    return new Layer(window).forward(values, indices);
  }, (x) => {
    const [values, indices] = maxPool(x, { ...still(window), stride: window }, false);
    return make(x.shape, (index) => {
      const position = indicesOf(spatial).findIndex((each) => each.join() === index.slice(2).join());
      const found = indices.data.indexOf(position);
      return found === -1 ? 0 : get(values.data, found);
    });
  });
};

const globalPooling = (Layer: new (options: layers.GlobalPoolOptions) => layers.TensorModule, f: (values: readonly number[]) => number): Entry => (random) => {
  const keepAxes = random.bool();
  const x = random.array([2, 2, ...random.shape([1, 3], [1, 3])]);
  return layerTrial(`${x.shape.join("x")}, keepAxes ${keepAxes}`, x, () => new Layer({ keepAxes }), (a) => reduce(a, a.shape.slice(2).map((_, axis) => axis + 2), keepAxes, f));
};

const padding = (axes: Axes, Layer: new (widths: layers.PaddingWidths) => layers.TensorModule, mode: Mode, value = 0): Entry => (random) => {
  const spatial = inAll(random, axes, 2, 4);
  const widths = spatial.map((size) => [random.int(0, size - 1), random.int(0, size - 1)] as const);
  return layerTrial(`${spatial.join("x")}, ${widths.join(" ")}`, random.array([1, 1, ...spatial]), () => new Layer(widths), (x) => pad(x, widths, mode, value));
};

class ConstantPad1d extends layers.ConstantPad1d { constructor(widths: layers.PaddingWidths) { super(widths, 1.5); } }
class ConstantPad2d extends layers.ConstantPad2d { constructor(widths: layers.PaddingWidths) { super(widths, 1.5); } }
class ConstantPad3d extends layers.ConstantPad3d { constructor(widths: layers.PaddingWidths) { super(widths, 1.5); } }

const moments = (values: readonly number[]): readonly [mean: number, variance: number] => [mean(values), mean(values.map((value) => (value - mean(values)) ** 2))];

/** Normalises over groups of elements, with a factor and an offset for each channel. */
function normalized(x: Plain, group: (index: readonly number[]) => string, parameters: Parameters, channel: (index: readonly number[]) => readonly number[], epsilon: number): Plain {
  const groups = new Map<string, number[]>();
  for (const index of indicesOf(x.shape)) groups.set(group(index), [...(groups.get(group(index)) ?? []), at(x, ...index)]);
  const of = new Map([...groups].map(([name, values]) => [name, moments(values)]));
  return make(x.shape, (index) => {
    const [average = 0, variance = 1] = of.get(group(index)) ?? [];
    const [weight, shift] = [parameters["weight"], parameters["bias"]];
    return ((at(x, ...index) - average) / Math.sqrt(variance + epsilon)) * (weight === undefined ? 1 : at(weight, ...channel(index))) + (shift === undefined ? 0 : at(shift, ...channel(index)));
  });
}

const ofChannel = (index: readonly number[]): readonly number[] => [get(index, 1)];

const batchNorm = (axes: Axes, Layer: typeof layers.BatchNorm1d | typeof layers.BatchNorm2d | typeof layers.BatchNorm3d): Entry => (random) => {
  const [channels, affineToo, momentum, evaluation, epsilon] = [random.int(1, 3), random.bool(), random.pick([0.1, 0.5]), random.bool(0.3), random.pick([1e-5, 0.1])];
  const x = random.array([random.int(2, 3), channels, ...inAll(random, axes, 1, 3)]);
  const what = `${x.shape.join("x")}, affine ${affineToo}, momentum ${momentum}, evaluation ${evaluation}`;
  const construct = (dtype: "float32" | "float64") => new Layer(channels, { affine: affineToo, momentum, epsilon, dtype });
  if (evaluation) {
    return moduleTrial(what, [x], construct, (module, a) => (module.eval() as layers.BatchNorm1d).forward(a as Tensor), ([a], parameters) =>
      map(make((a as Plain).shape, (index) => (at(a as Plain, ...index) / Math.sqrt(1 + epsilon)) * (affineToo ? at(parameter(parameters, "weight"), get(index, 1)) : 1) + (affineToo ? at(parameter(parameters, "bias"), get(index, 1)) : 0)), (value) => value));
  }
  return moduleTrial(what, [x], construct, (module, a) => {
    const output = (module as layers.BatchNorm1d).forward(a as Tensor);
    const buffers = module.namedBuffers();
    return [output, ...["running_mean", "running_var"].map((name) => (buffers.get(name) as { value: Tensor }).value.detach())];
  }, ([given], parameters) => {
    const a = given as Plain;
    const values = (c: number): number[] => indicesOf(a.shape).filter((index) => index[1] === c).map((index) => at(a, ...index));
    const count = values(0).length;
    return [normalized(a, (index) => String(index[1]), parameters, ofChannel, epsilon), make([channels], ([c = 0]) => momentum * moments(values(c))[0]),
      make([channels], ([c = 0]) => 1 - momentum + momentum * moments(values(c))[1] * (count / (count - 1)))];
  }, { differentiable: false });
};

const instanceNorm = (axes: Axes, Layer: typeof layers.InstanceNorm1d | typeof layers.InstanceNorm2d | typeof layers.InstanceNorm3d): Entry => (random) => {
  const [channels, affineToo] = [random.int(1, 3), random.bool()];
  const x = random.array([random.int(1, 2), channels, ...inAll(random, axes, 2, 3)]);
  return layerTrial(`${x.shape.join("x")}, affine ${affineToo}`, x, (dtype) => new Layer(channels, { affine: affineToo, dtype }), (a, parameters) => normalized(a, (index) => index.slice(0, 2).join(), parameters, ofChannel, 1e-5), { loose: 5 });
};

/** Convolutions, pooling, padding and resizing. */
const images: Entries = {
  Conv1d: convolution(1, layers.Conv1d), Conv2d: convolution(2, layers.Conv2d), Conv3d: convolution(3, layers.Conv3d),
  ConvTranspose1d: transposed(1, layers.ConvTranspose1d), ConvTranspose2d: transposed(2, layers.ConvTranspose2d), ConvTranspose3d: transposed(3, layers.ConvTranspose3d),
  DepthwiseConv1d: depthwise(1, layers.DepthwiseConv1d), DepthwiseConv2d: depthwise(2, layers.DepthwiseConv2d), SeparableConv1d: separable(1, layers.SeparableConv1d), SeparableConv2d: separable(2, layers.SeparableConv2d),
  MaxPool1d: maxPooling(1, layers.MaxPool1d), MaxPool2d: maxPooling(2, layers.MaxPool2d), MaxPool3d: maxPooling(3, layers.MaxPool3d),
  AvgPool1d: avgPooling(1, layers.AvgPool1d), AvgPool2d: avgPooling(2, layers.AvgPool2d), AvgPool3d: avgPooling(3, layers.AvgPool3d),
  LpPool1d: lpPooling(1, layers.LpPool1d), LpPool2d: lpPooling(2, layers.LpPool2d), LpPool3d: lpPooling(3, layers.LpPool3d),
  AdaptiveAvgPool1d: adaptivePooling(1, layers.AdaptiveAvgPool1d, mean), AdaptiveAvgPool2d: adaptivePooling(2, layers.AdaptiveAvgPool2d, mean), AdaptiveAvgPool3d: adaptivePooling(3, layers.AdaptiveAvgPool3d, mean),
  AdaptiveMaxPool1d: adaptivePooling(1, layers.AdaptiveMaxPool1d, (values) => Math.max(...values)), AdaptiveMaxPool2d: adaptivePooling(2, layers.AdaptiveMaxPool2d, (values) => Math.max(...values)),
  AdaptiveMaxPool3d: adaptivePooling(3, layers.AdaptiveMaxPool3d, (values) => Math.max(...values)),
  MaxUnpool1d: unpooling(1, layers.MaxUnpool1d, layers.MaxPool1d), MaxUnpool2d: unpooling(2, layers.MaxUnpool2d, layers.MaxPool2d), MaxUnpool3d: unpooling(3, layers.MaxUnpool3d, layers.MaxPool3d),
  GlobalAvgPool: globalPooling(layers.GlobalAvgPool, mean), GlobalMaxPool: globalPooling(layers.GlobalMaxPool, (values) => Math.max(...values)),
  ZeroPad1d: padding(1, layers.ZeroPad1d, "constant"), ZeroPad2d: padding(2, layers.ZeroPad2d, "constant"), ZeroPad3d: padding(3, layers.ZeroPad3d, "constant"),
  ConstantPad1d: padding(1, ConstantPad1d, "constant", 1.5), ConstantPad2d: padding(2, ConstantPad2d, "constant", 1.5), ConstantPad3d: padding(3, ConstantPad3d, "constant", 1.5),
  ReflectionPad1d: padding(1, layers.ReflectionPad1d, "reflect"), ReflectionPad2d: padding(2, layers.ReflectionPad2d, "reflect"), ReflectionPad3d: padding(3, layers.ReflectionPad3d, "reflect"),
  SymmetricPad1d: padding(1, layers.SymmetricPad1d, "symmetric"), SymmetricPad2d: padding(2, layers.SymmetricPad2d, "symmetric"), SymmetricPad3d: padding(3, layers.SymmetricPad3d, "symmetric"),
  ReplicationPad1d: padding(1, layers.ReplicationPad1d, "replicate"), ReplicationPad2d: padding(2, layers.ReplicationPad2d, "replicate"), ReplicationPad3d: padding(3, layers.ReplicationPad3d, "replicate"),
  CircularPad1d: padding(1, layers.CircularPad1d, "circular"), CircularPad2d: padding(2, layers.CircularPad2d, "circular"), CircularPad3d: padding(3, layers.CircularPad3d, "circular"),
  Upsample: (random) => {
    const { spatial, options, resizing } = resizingFor(random);
    return layerTrial(`${spatial.join("x")}, ${JSON.stringify(options)}`, random.array([1, 2, ...spatial]), () => new layers.Upsample(options), (x) => resize(x, resizing));
  },
  PixelShuffle: (random) => layerTrial("", random.array([1, 8, random.int(1, 3), 2]), () => new layers.PixelShuffle(2), (x) => pixelShuffle(x, 2)),
  PixelUnshuffle: (random) => layerTrial("", random.array([1, random.int(1, 2), 4, 2]), () => new layers.PixelUnshuffle(2), (x) => pixelUnshuffle(x, 2)),
  ChannelShuffle: (random) => layerTrial("", random.array([1, 6, random.int(1, 3)]), () => new layers.ChannelShuffle(3), (x) => channelShuffle(x, 3)),
  Unfold: (random) => {
    const geometry = { ...still([random.int(1, 2), random.int(1, 3)]), stride: [random.int(1, 2), 1] };
    return layerTrial(JSON.stringify(geometry), random.array([1, 2, 3, 4]), () => new layers.Unfold(two(geometry.window), { stride: two(geometry.stride) }), (x) => unfold(x, geometry));
  },
  Fold: (random) => {
    const geometry = still([random.int(1, 2), random.int(1, 3)]);
    const columns = outputSizes([3, 4], geometry).reduce((a, b) => a * b, 1);
    return layerTrial(JSON.stringify(geometry), random.array([1, 2 * get(geometry.window, 0) * get(geometry.window, 1), columns]), () => new layers.Fold([3, 4], two(geometry.window), { stride: 1 }), (x) => fold(x, [3, 4], geometry));
  },
};

const shapeOfNorm = (random: Random): { readonly shape: number[]; readonly inner: number[] } => {
  const shape = random.shape([2, 3], [2, 4]);
  return { shape, inner: shape.slice(random.int(1, shape.length - 1)) };
};

const normalization: Entries = {
  BatchNorm1d: batchNorm(1, layers.BatchNorm1d), BatchNorm2d: batchNorm(2, layers.BatchNorm2d), BatchNorm3d: batchNorm(3, layers.BatchNorm3d),
  InstanceNorm1d: instanceNorm(1, layers.InstanceNorm1d), InstanceNorm2d: instanceNorm(2, layers.InstanceNorm2d), InstanceNorm3d: instanceNorm(3, layers.InstanceNorm3d),
  LayerNorm: (random) => {
    const { shape, inner } = shapeOfNorm(random);
    const [affineToo, epsilon] = [random.bool(), random.pick([1e-5, 0.1])];
    return layerTrial(`${shape.join("x")} over ${inner.join("x")}`, random.array(shape), (dtype) => new layers.LayerNorm(inner, { affine: affineToo, epsilon, dtype }), (x, parameters) =>
      normalized(x, (index) => index.slice(0, -inner.length).join(), parameters, (index) => index.slice(-inner.length), epsilon), { loose: 5 });
  },
  RMSNorm: (random) => {
    const { shape, inner } = shapeOfNorm(random);
    const epsilon = random.pick([1e-5, 0.1]);
    return layerTrial(`${shape.join("x")} over ${inner.join("x")}`, random.array(shape), (dtype) => new layers.RMSNorm(inner, { epsilon, dtype }), (x, parameters) => {
      const squares = reduce(x, inner.map((_, axis) => axis - inner.length), true, (values) => mean(values.map((value) => value * value)));
      return zip((value, square, weight) => (value / Math.sqrt(square + epsilon)) * weight, x, squares, parameter(parameters, "weight"));
    });
  },
  GroupNorm: (random) => {
    const [groups, perGroup] = [random.int(1, 2), random.int(1, 2)];
    const x = random.array([random.int(1, 2), groups * perGroup, ...random.shape([1, 2], [2, 3])]);
    return layerTrial(`${x.shape.join("x")}, ${groups} groups`, x, (dtype) => new layers.GroupNorm(groups, groups * perGroup, { dtype }), (a, parameters) =>
      normalized(a, (index) => `${index[0]},${Math.floor(get(index, 1) / perGroup)}`, parameters, ofChannel, 1e-5), { loose: 5 });
  },
  LocalResponseNorm: (random) => {
    const [size, alpha, beta, k] = [random.int(1, 4), random.real(0.1, 1), random.real(0.4, 1), random.real(0.5, 2)];
    return layerTrial(`${size}`, random.array([1, random.int(1, 5), random.int(1, 3)]), () => new layers.LocalResponseNorm(size, { alpha, beta, k }), (x) => make(x.shape, ([n = 0, c = 0, ...position]) =>
      at(x, n, c, ...position) / (k + (alpha / size) * sum(Array.from({ length: size }, (_, offset) => atOr(x, [n, c - Math.floor(size / 2) + offset, ...position], 0) ** 2))) ** beta));
  },
};

const cosineOf = (a: readonly number[], b: readonly number[], epsilon: number): number => {
  const length = (x: readonly number[]): number => Math.max(Math.sqrt(sum(x.map((value) => value * value))), epsilon);
  return sum(a.map((value, position) => value * get(b, position))) / (length(a) * length(b));
};

const column = (x: Plain, row: number): number[] => Array.from({ length: get(x.shape, 1) }, (_, feature) => at(x, row, feature));

const affineLayers: Entries = {
  Linear: (random) => {
    const [inputs, outputs, hasBias] = [random.int(1, 4), random.int(1, 4), random.bool()];
    return layerTrial(`${inputs} to ${outputs}`, random.array([...random.shape([0, 2]), inputs]), (dtype) => new layers.Linear(inputs, outputs, { bias: hasBias, dtype }), (x, parameters) => affine(x, parameter(parameters, "weight"), bias(parameters)));
  },
  Bilinear: (random) => {
    const [left, right, outputs, batch] = [random.int(1, 3), random.int(1, 3), random.int(1, 3), random.int(1, 3)];
    return moduleTrial(`${left}, ${right} to ${outputs}`, [random.array([batch, left]), random.array([batch, right])], (dtype) => new layers.Bilinear(left, right, outputs, { dtype }), (module, a, b) => (module as layers.Bilinear).forward(a as Tensor, b as Tensor), ([a, b], parameters) =>
      make([batch, outputs], ([n = 0, o = 0]) => at(parameter(parameters, "bias"), o) + sum(indicesOf([left, right]).map(([i = 0, j = 0]) => at(a as Plain, n, i) * at(parameter(parameters, "weight"), o, i, j) * at(b as Plain, n, j)))));
  },
  Flatten: (random) => {
    const x = random.array(random.shape([2, 4]));
    return layerTrial(x.shape.join("x"), x, () => new layers.Flatten(), (a) => reshape(a, [get(a.shape, 0), a.data.length / get(a.shape, 0)]));
  },
  Unflatten: (random) => layerTrial("", random.array([random.int(1, 3), 6]), () => new layers.Unflatten(1, [2, 3]), (x) => reshape(x, [get(x.shape, 0), 2, 3])),
  Sequential: (random) => layerTrial("", random.array([2, 3]), (dtype) => new layers.Sequential(new layers.Linear(3, 2, { dtype }), new layers.Tanh()), (x, parameters) => map(affine(x, parameter(parameters, "0.weight"), parameter(parameters, "0.bias")), Math.tanh)),
  Residual: (random) => layerTrial("", random.array([2, 3]), (dtype) => new layers.Residual(new layers.Linear(3, 3, { dtype })), (x, parameters) => zip((a, b) => a + b, x, affine(x, parameter(parameters, "body.weight"), parameter(parameters, "body.bias")))),
  Parallel: (random) => layerTrial("", random.array([2, 3]), () => new layers.Parallel([new layers.Tanh(), new layers.Sigmoid()]), (x) => map(x, (value) => Math.tanh(value) + activation.sigmoid(value))),
  Concat: (random) => layerTrial("", random.array([2, 3]), () => new layers.Concat([new layers.Tanh(), new layers.Sigmoid()], { axis: 1 }), (x) => concat([map(x, Math.tanh), map(x, activation.sigmoid)], 1)),
  SqueezeExcitation: (random) => {
    const [channels, squeezed] = [random.int(1, 3), random.int(1, 3)];
    const matrix = (x: Plain): Plain => reshape(x, x.shape.slice(0, 2));
    return layerTrial(`${channels}, ${squeezed}`, random.array([2, channels, 2, 3]), (dtype) => new layers.SqueezeExcitation(channels, squeezed, { dtype }), (x, parameters) => {
      const hidden = map(affine(reduce(x, [2, 3], false, mean), matrix(parameter(parameters, "fc1.weight")), parameter(parameters, "fc1.bias")), (value) => Math.max(0, value));
      const factors = map(affine(hidden, matrix(parameter(parameters, "fc2.weight")), parameter(parameters, "fc2.bias")), activation.sigmoid);
      return make(x.shape, (index) => at(x, ...index) * at(factors, get(index, 0), get(index, 1)));
    });
  },
  CosineSimilarity: (random) => {
    const [n, size] = [random.int(1, 3), random.int(1, 4)];
    return call(`${n}x${size}`, [random.array([n, size], 0.2, 2), random.array([n, size])], (a, b) => new layers.CosineSimilarity({ axis: 1 }).forward(a as Tensor, b as Tensor), (a, b) => make([n], ([row = 0]) => cosineOf(column(a, row), column(b, row), 1e-8)));
  },
  PairwiseDistance: (random) => {
    const [n, size, p] = [random.int(1, 3), random.int(1, 4), random.pick([1, 2, 3])];
    return call(`${n}x${size}, p ${p}`, [random.array([n, size]), random.array([n, size])], (a, b) => new layers.PairwiseDistance({ p }).forward(a as Tensor, b as Tensor), (a, b) =>
      make([n], ([row = 0]) => sum(column(a, row).map((value, feature) => Math.abs(value - at(b, row, feature) + 1e-6) ** p)) ** (1 / p)));
  },
};

/** Configurations of layers other than activations and sequence layers. */
export const layerEntries: Entries = { ...images, ...normalization, ...affineLayers };


/** Functional normalisations, whose weight and bias are inputs. */
const functional = (run: (x: Tensor, weight: Tensor, bias: Tensor) => Tensor, group: (index: readonly number[]) => string): Entry => (random) => {
  const x = random.array([2, 4, random.int(2, 3), 2]);
  return call(x.shape.join("x"), [x, random.array([4]), random.array([4])], (a, w, b) => run(a as Tensor, w as Tensor, b as Tensor), (a, weight, shift) => normalized(a, group, { weight, bias: shift }, ofChannel, 1e-5), { loose: 5 });
};

/** Normalisations, and a rectifier, that are functions. */
export const functionalEntries: Entries = {
  batchNorm: functional((x, weight, shift) => nn.batchNorm(x, { weight, bias: shift }), (index) => String(index[1])),
  instanceNorm: functional((x, weight, shift) => nn.instanceNorm(x, { weight, bias: shift }), (index) => index.slice(0, 2).join()),
  groupNorm: functional((x, weight, shift) => nn.groupNorm(x, 2, { weight, bias: shift }), (index) => `${index[0]},${Math.floor(get(index, 1) / 2)}`),
  layerNorm: (random) => call("", [random.array([2, 3, 4]), random.array([4]), random.array([4])], (x, w, b) => nn.layerNorm(x as Tensor, 4, { weight: w as Tensor, bias: b as Tensor }), (x, weight, shift) =>
    normalized(x, (index) => index.slice(0, 2).join(), { weight, bias: shift }, (index) => index.slice(-1), 1e-5), { loose: 5 }),
  rmsNorm: (random) => call("", [random.array([2, 3, 4]), random.array([4])], (x, w) => nn.rmsNorm(x as Tensor, 4, { weight: w as Tensor, epsilon: 0.01 }), (x, weight) =>
    zip((value, square, factor) => (value / Math.sqrt(square + 0.01)) * factor, x, reduce(x, [-1], true, (values) => mean(values.map((value) => value * value))), weight)),
  prelu: (random) => call("", [random.array([2, 3, 2]), random.array([3])], (x, w) => nn.prelu(x as Tensor, w as Tensor), (x, slopes) => make(x.shape, (index) => (at(x, ...index) > 0 ? 1 : at(slopes, get(index, 1))) * at(x, ...index))),
};
