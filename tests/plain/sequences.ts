import * as layers from "@nn/layers";
import { tensor, where, type FloatDType, type Tensor } from "@nn/tensor";
import { activation, affine, layerTrial, moduleTrial, parameter } from "./activations.js";
import { along, at, concat, get, make, map, matmul, narrow, permute, reshape, sum, zip, type Plain } from "./array.js";
import type { Random } from "./random.js";
import { call, type Entries } from "./trial.js";

type Parameters = Readonly<Record<string, Plain>>;
const { sigmoid, softmax } = activation;
const int32 = ({ shape, data }: Plain): Tensor => tensor([...data], { shape, dtype: "int32" });

/** The gates of a step: `Wᵢₕ x + bᵢₕ` and `Wₕₕ h + bₕₕ`, separately. */
function gates(parameters: Parameters, suffix: string, x: Plain, h: Plain): readonly [Plain, Plain] {
  return [affine(x, parameter(parameters, `weight_ih${suffix}`), parameters[`bias_ih${suffix}`]), affine(h, parameter(parameters, `weight_hh${suffix}`), parameters[`bias_hh${suffix}`])];
}

type State = readonly Plain[];
type Step = (parameters: Parameters, suffix: string, x: Plain, state: State) => State;

const chunk = (x: Plain, which: number, size: number): Plain => narrow(x, -1, which * size, size);

const rnnStep = (nonlinearity: "tanh" | "relu"): Step => (parameters, suffix, x, [h]) =>
  [zip((a, b) => (nonlinearity === "tanh" ? Math.tanh(a + b) : Math.max(0, a + b)), ...gates(parameters, suffix, x, h as Plain))];

const gruStep: Step = (parameters, suffix, x, [h]) => {
  const before = h as Plain;
  const [input, hidden] = gates(parameters, suffix, x, before);
  const size = get(before.shape, -1);
  const reset = zip((a, b) => sigmoid(a + b), chunk(input, 0, size), chunk(hidden, 0, size));
  const update = zip((a, b) => sigmoid(a + b), chunk(input, 1, size), chunk(hidden, 1, size));
  const fresh = zip((a, b, r) => Math.tanh(a + r * b), chunk(input, 2, size), chunk(hidden, 2, size), reset);
  return [zip((z, n, old) => (1 - z) * n + z * old, update, fresh, before)];
};

const lstmStep: Step = (parameters, suffix, x, [h, c]) => {
  const cell = c as Plain;
  const all = zip((a, b) => a + b, ...gates(parameters, suffix, x, h as Plain));
  const size = get(cell.shape, -1);
  const [input, forget, fresh, output] = [map(chunk(all, 0, size), sigmoid), map(chunk(all, 1, size), sigmoid), map(chunk(all, 2, size), Math.tanh), map(chunk(all, 3, size), sigmoid)];
  const next = zip((f, old, i, g) => f * old + i * g, forget, cell, input, fresh);
  const hidden = zip((o, value) => o * Math.tanh(value), output, next);
  const projection = parameters[`weight_hr${suffix}`];
  return [projection === undefined ? hidden : affine(hidden, projection), next];
};

interface Recurrence {
  readonly step: Step;
  readonly states: number;
  readonly sizes: readonly number[];
  readonly depth: number;
  readonly directions: number;
}

/** All layers and directions over the steps of `[steps, N, features]`; then the last states, layer by layer, direction by direction. */
function run({ step, states, sizes, depth, directions }: Recurrence, parameters: Parameters, x: Plain): readonly Plain[] {
  const [steps = 0, batch = 0] = x.shape;
  let input = x;
  const last: State[] = [];
  for (let layer = 0; layer < depth; layer += 1) {
    const outputs = Array.from({ length: directions }, (_, direction) => {
      let state: State = sizes.slice(0, states).map((size) => make([batch, size], () => 0));
      const order = Array.from({ length: steps }, (_step, t) => (direction === 0 ? t : steps - 1 - t));
      const rows: Plain[] = [];
      for (const t of order) {
        const now = narrow(input, 0, t, 1);
        state = step(parameters, `_l${layer}${direction === 0 ? "" : "_reverse"}`, reshape(now, now.shape.slice(1)), state);
        rows[t] = reshape(state[0] as Plain, [1, batch, get(sizes, 0)]);
      }
      last.push(state);
      return concat(rows, 0);
    });
    input = concat(outputs, 2);
  }
  const stacked = Array.from({ length: states }, (_, which) => concat(last.map((state) => reshape(state[which] as Plain, [1, ...(state[which] as Plain).shape])), 0));
  return [input, ...stacked];
}

type Kind = "RNN" | "GRU" | "LSTM";

const recurrent = (kind: Kind) => (random: Random) => {
  const [inputs, hidden, depth, bidirectional, hasBias, batchFirst] = [random.int(1, 3), random.int(1, 3), random.int(1, 2), random.bool(), random.bool(), random.bool()];
  const nonlinearity = random.pick(["tanh", "relu"] as const);
  const projectionSize = kind === "LSTM" && hidden > 1 && random.bool(0.3) ? hidden - 1 : undefined;
  const options = { layers: depth, bidirectional, bias: hasBias, batchFirst };
  const recurrence: Recurrence = {
    step: kind === "RNN" ? rnnStep(nonlinearity) : kind === "GRU" ? gruStep : lstmStep, states: kind === "LSTM" ? 2 : 1, sizes: [projectionSize ?? hidden, hidden], depth, directions: bidirectional ? 2 : 1,
  };
  const shape = [random.int(1, 4), random.int(1, 2), inputs];
  const turned = (x: Plain): Plain => (batchFirst ? permute(x, [1, 0, 2]) : x);
  const x = turned(random.array(shape));
  return moduleTrial(`${inputs} to ${hidden}, ${JSON.stringify(options)}, ${nonlinearity}, projection ${projectionSize}`, [x], (dtype) => {
    if (kind === "RNN") return new layers.RNN(inputs, hidden, { ...options, nonlinearity, dtype });
    return kind === "GRU" ? new layers.GRU(inputs, hidden, { ...options, dtype }) : new layers.LSTM(inputs, hidden, { ...options, projectionSize, dtype });
  }, (module, given) => Object.values((module as layers.GRU).forward(given as Tensor)), ([given], parameters) => {
    const [output, ...states] = run(recurrence, parameters, turned(given as Plain));
    return [turned(output as Plain), ...states];
  });
};

const cell = (kind: Kind) => (random: Random) => {
  const [inputs, hidden, batch] = [random.int(1, 3), random.int(1, 3), random.int(1, 3)];
  const states = random.list(kind === "LSTM" ? 2 : 1, () => random.array([batch, hidden]));
  const steps = { RNN: rnnStep("tanh"), GRU: gruStep, LSTM: lstmStep };
  return moduleTrial(`${inputs} to ${hidden}`, [random.array([batch, inputs]), ...states], (dtype) => new { RNN: layers.RNNCell, GRU: layers.GRUCell, LSTM: layers.LSTMCell }[kind](inputs, hidden, { dtype }), (module, x, h, c) => {
    if (module instanceof layers.LSTMCell) return Object.values(module.forward(x as Tensor, { hidden: h as Tensor, cell: c as Tensor }));
    return (module as layers.GRUCell).forward(x as Tensor, h as Tensor);
  }, ([x, ...given], parameters) => steps[kind](parameters, "", x as Plain, given));
};

const masked = (scores: Plain, allowed: (row: number, column: number) => boolean): Plain => make(scores.shape, (index) => (allowed(get(index, -2), get(index, -1)) ? at(scores, ...index) : -Infinity));

/** `softmax(q kᵀ · scale) v` over the last two axes. */
function attend(q: Plain, k: Plain, v: Plain, scale: number, allowed: (row: number, column: number) => boolean): readonly [output: Plain, weights: Plain] {
  const order = k.shape.map((_, axis) => axis);
  const keys = permute(k, [...order.slice(0, -2), order.length - 1, order.length - 2]);
  const weights = along(masked(map(matmul(q, keys), (value) => value * scale), allowed), -1, softmax);
  return [matmul(weights, v), weights];
}

/** Attention by several heads of `[steps, N, features]`, the maps by the names of a prefix. */
function multihead(parameters: Parameters, prefix: string, heads: number, query: Plain, key: Plain, value: Plain, allowed: (row: number, column: number) => boolean): readonly [output: Plain, weights: Plain] {
  const features = get(query.shape, -1);
  const size = features / heads;
  const projected = (x: Plain, which: number): Plain => {
    const joint = parameters[`${prefix}in_proj_weight`];
    const weight = joint === undefined ? parameter(parameters, `${prefix}${"qkv"[which]}_proj_weight`) : narrow(joint, 0, which * features, features);
    const bias = parameters[`${prefix}in_proj_bias`];
    const y = affine(x, weight, bias === undefined ? undefined : narrow(bias, 0, which * features, features));
    return permute(reshape(y, [get(y.shape, 0), get(y.shape, 1), heads, size]), [1, 2, 0, 3]);
  };
  const [output, weights] = attend(projected(query, 0), projected(key, 1), projected(value, 2), 1 / Math.sqrt(size), allowed);
  const joined = reshape(permute(output, [2, 0, 1, 3]), query.shape);
  return [affine(joined, parameter(parameters, `${prefix}out_proj.weight`), parameters[`${prefix}out_proj.bias`]), weights];
}

const everything = (): boolean => true;
const causally = (row: number, column: number): boolean => column <= row;
const add = (a: Plain, b: Plain): Plain => zip((x, y) => x + y, a, b);

function layerNorm(x: Plain, parameters: Parameters, name: string): Plain {
  const [weight, bias] = [parameter(parameters, `${name}.weight`), parameters[`${name}.bias`]];
  return along(x, -1, (row) => {
    const average = sum(row) / row.length;
    const variance = sum(row.map((value) => (value - average) ** 2)) / row.length;
    return row.map((value, position) => ((value - average) / Math.sqrt(variance + 1e-5)) * at(weight, position) + (bias === undefined ? 0 : at(bias, position)));
  });
}

interface LayerKind {
  readonly heads: number;
  readonly normFirst: boolean;
  readonly nonlinearity: "relu" | "gelu";
  readonly causal: boolean;
}

/** A block with a shortcut: the norm is before the block, or after the sum. */
function sublayer(x: Plain, parameters: Parameters, norm: string, normFirst: boolean, part: (x: Plain) => Plain): Plain {
  return normFirst ? add(x, part(layerNorm(x, parameters, norm))) : layerNorm(add(x, part(x)), parameters, norm);
}

function feedForward(x: Plain, parameters: Parameters, prefix: string, nonlinearity: "relu" | "gelu"): Plain {
  const hidden = map(affine(x, parameter(parameters, `${prefix}linear1.weight`), parameters[`${prefix}linear1.bias`]), (value) => (nonlinearity === "relu" ? Math.max(0, value) : activation.gelu(value, "none")));
  return affine(hidden, parameter(parameters, `${prefix}linear2.weight`), parameters[`${prefix}linear2.bias`]);
}

function encoderLayer(x: Plain, parameters: Parameters, prefix: string, { heads, normFirst, nonlinearity, causal }: LayerKind): Plain {
  const attended = sublayer(x, parameters, `${prefix}norm1`, normFirst, (each) => multihead(parameters, `${prefix}self_attn.`, heads, each, each, each, causal ? causally : everything)[0]);
  return sublayer(attended, parameters, `${prefix}norm2`, normFirst, (each) => feedForward(each, parameters, prefix, nonlinearity));
}

function decoderLayer(x: Plain, memory: Plain, parameters: Parameters, prefix: string, { heads, normFirst, nonlinearity, causal }: LayerKind): Plain {
  const own = sublayer(x, parameters, `${prefix}norm1`, normFirst, (each) => multihead(parameters, `${prefix}self_attn.`, heads, each, each, each, causal ? causally : everything)[0]);
  const both = sublayer(own, parameters, `${prefix}norm2`, normFirst, (each) => multihead(parameters, `${prefix}multihead_attn.`, heads, each, memory, memory, everything)[0]);
  return sublayer(both, parameters, `${prefix}norm3`, normFirst, (each) => feedForward(each, parameters, prefix, nonlinearity));
}

const kindFor = (random: Random): LayerKind => ({ heads: random.int(1, 2), normFirst: random.bool(), nonlinearity: random.pick(["relu", "gelu"] as const), causal: random.bool() });
const layerOptions = ({ normFirst, nonlinearity }: LayerKind, dtype: FloatDType) => ({ feedForward: 3, dropout: 0, activation: nonlinearity, normFirst, dtype });

/** Recurrent layers, attention and Transformers. */
export const sequenceLayers: Entries = {
  RNN: recurrent("RNN"), GRU: recurrent("GRU"), LSTM: recurrent("LSTM"), RNNCell: cell("RNN"), GRUCell: cell("GRU"), LSTMCell: cell("LSTM"),
  scaledDotProductAttention: (random) => {
    const [batch, queries, keys, size, causal, scale] = [random.shape([0, 2], [1, 2]), random.int(1, 3), random.int(1, 3), random.int(1, 3), random.bool(), random.maybe(() => random.real(0.2, 1))];
    return call(`${batch.join("x")}, ${queries}, ${keys}, causal ${causal}, scale ${scale}`, [random.array([...batch, queries, size]), random.array([...batch, keys, size]), random.array([...batch, keys, random.int(1, 3)])],
      (q, k, v) => layers.scaledDotProductAttention(q as Tensor, k as Tensor, v as Tensor, { causal, scale }), (q, k, v) => attend(q, k, v, scale ?? 1 / Math.sqrt(size), causal ? causally : everything)[0]);
  },
  MultiheadAttention: (random) => {
    const [heads, size, batch, queries, keys, causal] = [random.int(1, 2), random.int(1, 2), random.int(1, 2), random.int(1, 3), random.int(1, 3), random.bool()];
    const [hasBias, weights, other] = [random.bool(), random.pick([undefined, "average", "perHead"] as const), random.bool(0.3)];
    const [features, keyFeatures, valueFeatures] = [heads * size, other ? 3 : heads * size, other ? 5 : heads * size];
    return moduleTrial(`${heads} heads of ${size}, ${queries} to ${keys}, causal ${causal}, bias ${hasBias}, weights ${weights}, other features ${other}`,
      [random.array([queries, batch, features]), random.array([keys, batch, keyFeatures]), random.array([keys, batch, valueFeatures])],
      (dtype) => new layers.MultiheadAttention(features, heads, { bias: hasBias, ...(other ? { keyFeatures, valueFeatures } : {}), dtype }), (module, q, k, v) => {
        const result = (module as layers.MultiheadAttention).forward(q as Tensor, k, v, { causal, weights });
        return [result.output, ...(result.weights === undefined ? [] : [result.weights])];
      }, ([q, k, v], parameters) => {
        const [output, perHead] = multihead(parameters, "", heads, q as Plain, k as Plain, v as Plain, causal ? causally : everything);
        if (weights === undefined) return output;
        return [output, weights === "perHead" ? perHead : make([batch, queries, keys], ([n = 0, row = 0, column = 0]) => sum(Array.from({ length: heads }, (_, head) => at(perHead, n, head, row, column))) / heads)];
      });
  },
  TransformerEncoderLayer: (random) => {
    const kind = kindFor(random);
    return moduleTrial(JSON.stringify(kind), [random.array([3, 2, 4])], (dtype) => new layers.TransformerEncoderLayer(4, kind.heads, layerOptions(kind, dtype)),
      (module, x) => (module as layers.TransformerEncoderLayer).forward(x as Tensor, { causal: kind.causal }), ([x], parameters) => encoderLayer(x as Plain, parameters, "", kind), { loose: 5 });
  },
  TransformerDecoderLayer: (random) => {
    const kind = kindFor(random);
    return moduleTrial(JSON.stringify(kind), [random.array([3, 2, 4]), random.array([2, 2, 4])], (dtype) => new layers.TransformerDecoderLayer(4, kind.heads, layerOptions(kind, dtype)),
      (module, x, memory) => (module as layers.TransformerDecoderLayer).forward(x as Tensor, memory as Tensor, { causal: kind.causal }), ([x, memory], parameters) => decoderLayer(x as Plain, memory as Plain, parameters, "", kind), { loose: 5 });
  },
  TransformerEncoder: (random) => {
    const kind = kindFor(random);
    return moduleTrial(JSON.stringify(kind), [random.array([3, 1, 4])], (dtype) => new layers.TransformerEncoder([0, 1].map(() => new layers.TransformerEncoderLayer(4, kind.heads, layerOptions(kind, dtype))), { norm: new layers.LayerNorm(4, { dtype }) }),
      (module, x) => (module as layers.TransformerEncoder).forward(x as Tensor, { causal: kind.causal }), ([x], parameters) => layerNorm([0, 1].reduce((each, position) => encoderLayer(each, parameters, `layers.${position}.`, kind), x as Plain), parameters, "norm"), { loose: 10 });
  },
  TransformerDecoder: (random) => {
    const kind = kindFor(random);
    return moduleTrial(JSON.stringify(kind), [random.array([3, 1, 4]), random.array([2, 1, 4])], (dtype) => new layers.TransformerDecoder([0, 1].map(() => new layers.TransformerDecoderLayer(4, kind.heads, layerOptions(kind, dtype)))),
      (module, x, memory) => (module as layers.TransformerDecoder).forward(x as Tensor, memory as Tensor, { causal: kind.causal }), ([x, memory], parameters) => [0, 1].reduce((each, position) => decoderLayer(each, memory as Plain, parameters, `layers.${position}.`, kind), x as Plain), { loose: 10 });
  },
  Transformer: (random) => {
    const kind = { ...kindFor(random), causal: true };
    return moduleTrial(JSON.stringify(kind), [random.array([2, 1, 4]), random.array([3, 1, 4])], (dtype) => new layers.Transformer(4, kind.heads, { ...layerOptions(kind, dtype), encoderLayers: 1, decoderLayers: 1 }),
      (module, source, target) => (module as layers.Transformer).forward(source as Tensor, target as Tensor, { causal: true }), ([source, target], parameters) => {
        const memory = layerNorm(encoderLayer(source as Plain, parameters, "encoder.layers.0.", { ...kind, causal: false }), parameters, "encoder.norm");
        return layerNorm(decoderLayer(target as Plain, memory, parameters, "decoder.layers.0.", kind), parameters, "decoder.norm");
      }, { loose: 10 });
  },
  squareSubsequentMask: (random) => {
    const length = random.int(1, 4);
    return call(`${length}`, [random.array([length, length])], (x) => (x as Tensor).add(layers.squareSubsequentMask(length, { dtype: (x as Tensor).dtype as FloatDType })), (x) => masked(x, causally), { differentiable: false });
  },
  LearnedPositionalEncoding: (random) => layerTrial("", random.array([random.int(1, 4), 2, 3]), (dtype) => new layers.LearnedPositionalEncoding(5, 3, { dtype }), (x, parameters) =>
    make(x.shape, (index) => at(x, ...index) + at(parameter(parameters, "weight"), get(index, 0), get(index, 2)))),
  SinusoidalPositionalEncoding: (random) => layerTrial("", random.array([random.int(1, 4), 2, 4]), (dtype) => new layers.SinusoidalPositionalEncoding(4, { dtype }), (x) => make(x.shape, (index) => {
    const [step, feature] = [get(index, 0), get(index, 2)];
    const angle = step / 10_000 ** ((feature - (feature % 2)) / 4);
    return at(x, ...index) + (feature % 2 === 0 ? Math.sin(angle) : Math.cos(angle));
  })),
  RotaryPositionalEncoding: (random) => {
    const [steps, pairs, base] = [random.int(1, 4), random.pick(["neighbours", "halves"] as const), random.pick([10_000, 10])];
    const size = 2 * random.int(1, 3);
    return layerTrial(`${steps} of ${size}, ${pairs}`, random.array([2, steps, size]), (dtype) => new layers.RotaryPositionalEncoding(size, { pairs, base, dtype }), (x) => make(x.shape, (index) => {
      const [outer, step, feature] = [index.slice(0, -2), get(index, -2), get(index, -1)];
      const pair = pairs === "neighbours" ? Math.floor(feature / 2) : feature % (size / 2);
      const isFirst = pairs === "neighbours" ? feature % 2 === 0 : feature < size / 2;
      const distance = (pairs === "neighbours" ? 1 : size / 2) * (isFirst ? 1 : -1);
      const angle = step / base ** ((2 * pair) / size);
      return at(x, ...index) * Math.cos(angle) - (isFirst ? 1 : -1) * at(x, ...outer, step, feature + distance) * Math.sin(angle);
    }));
  },
  paddingMask: (random) => {
    const [batch, steps] = [random.int(1, 3), random.int(1, 4)];
    const lengths = random.list(batch, () => random.int(1, steps));
    return call(`${lengths.join()} of ${steps}`, [random.array([batch, steps])], (x) => where(layers.paddingMask(lengths, steps), 0, x as Tensor), (x) => make(x.shape, ([n = 0, step = 0]) => (step < get(lengths, n) ? at(x, n, step) : 0)), { compiled: false });
  },
  SequenceClassifier: (random) => {
    const pooling = random.pick(["mean", "max", "last"] as const);
    return layerTrial(pooling, random.array([3, 2, 4]), (dtype) => new layers.SequenceClassifier(4, 2, { pooling, dropout: 0, dtype }), (x, parameters) => {
      const pooled = make([2, 4], ([n = 0, feature = 0]) => {
        const column = [0, 1, 2].map((step) => at(x, step, n, feature));
        return pooling === "mean" ? sum(column) / 3 : pooling === "max" ? Math.max(...column) : get(column, 2);
      });
      const [weight, bias] = Object.keys(parameters).toSorted().toReversed();
      return affine(pooled, parameter(parameters, weight ?? ""), parameter(parameters, bias ?? ""));
    });
  },
  weightNorm: (random) => layerTrial("", random.array([2, 3]), (dtype) => layers.weightNorm(new layers.Linear(3, 2, { dtype })), (x, parameters) => {
    const [g, v] = [parameter(parameters, "weight_g"), parameter(parameters, "weight_v")];
    const weight = make(v.shape, ([row = 0, column = 0]) => (at(g, row, 0) * at(v, row, column)) / Math.sqrt(sum([0, 1, 2].map((each) => at(v, row, each) ** 2))));
    return affine(x, weight, parameter(parameters, "bias"));
  }),
  Embedding: (random) => {
    const [count, features] = [random.int(1, 5), random.int(1, 3)];
    const index = random.integers(random.shape([1, 2]), 0, count - 1);
    return moduleTrial(`${count}x${features}, ${index.data.join(" ")}`, [], (dtype) => new layers.Embedding(count, features, { dtype }), (module) => (module as layers.Embedding).forward(int32(index)), (_, parameters) =>
      make([...index.shape, features], (position) => at(parameter(parameters, "weight"), at(index, ...position.slice(0, -1)), get(position, -1))));
  },
  EmbeddingBag: (random) => {
    const [count, features, mode] = [random.int(1, 5), random.int(1, 3), random.pick(["sum", "mean"] as const)];
    const index = random.integers([random.int(1, 3), random.int(1, 3)], 0, count - 1);
    return moduleTrial(`${count}x${features}, ${mode}`, [], (dtype) => new layers.EmbeddingBag(count, features, { mode, dtype }), (module) => (module as layers.EmbeddingBag).forward(int32(index)), (_, parameters) =>
      make([get(index.shape, 0), features], ([bag = 0, feature = 0]) => sum(Array.from({ length: get(index.shape, 1) }, (_step, step) => at(parameter(parameters, "weight"), at(index, bag, step), feature))) / (mode === "mean" ? get(index.shape, 1) : 1)));
  },
  AdaptiveLogSoftmaxWithLoss: (random) => {
    const [features, classes, divValue, headBias] = [random.int(2, 5), 7, random.pick([1, 2]), random.bool()];
    const cutoffs = random.pick([[3], [2, 4], [3, 5]]);
    const target = random.integers([random.int(1, 3)], 0, classes - 1);
    return moduleTrial(`${features}, ${cutoffs.join()}, div ${divValue}, bias ${headBias}, ${target.data.join()}`, [random.array([target.data.length, features])],
      (dtype) => new layers.AdaptiveLogSoftmaxWithLoss(features, classes, cutoffs, { divValue, headBias, dtype }), (module, x) => Object.values((module as layers.AdaptiveLogSoftmaxWithLoss).forward(x as Tensor, int32(target))), ([x], parameters) => {
        const head = along(affine(x as Plain, parameter(parameters, "head.weight"), parameters["head.bias"]), -1, activation.logSoftmax);
        const output = make(target.shape, ([n = 0]) => {
          const y = at(target, n);
          if (y < get(cutoffs, 0)) return at(head, n, y);
          const cluster = cutoffs.filter((cutoff) => cutoff <= y).length - 1;
          const hidden = affine(x as Plain, parameter(parameters, `tail.${cluster}.0.weight`));
          const tail = along(affine(hidden, parameter(parameters, `tail.${cluster}.1.weight`)), -1, activation.logSoftmax);
          return at(head, n, get(cutoffs, 0) + cluster) + at(tail, n, y - get(cutoffs, cluster));
        });
        return [output, { shape: [], data: [-sum(output.data) / output.data.length] }];
      });
  },
};
