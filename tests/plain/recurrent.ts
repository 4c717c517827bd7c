import * as layers from "@nn/layers";
import { tensor, type Tensor } from "@nn/tensor";
import { activation, affine, moduleTrial, parameter } from "./activations.js";
import { at, concat, get, make, map, narrow, permute, reshape, zip, type Plain } from "./array.js";
import type { Random } from "./random.js";
import type { Entries } from "./trial.js";

type Parameters = Readonly<Record<string, Plain>>;
const { sigmoid } = activation;

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

/** The steps of one direction. A sequence of the batch keeps its state, and gives zeros, where it has no step. */
function direct({ step, sizes }: Recurrence, parameters: Parameters, suffix: string, x: Plain, start: State, order: readonly number[], lengths: readonly number[]): { readonly output: Plain; readonly last: State } {
  const rows: Plain[] = [];
  const isIn = (t: number, n: number): boolean => t < get(lengths, n);
  let state = start;
  for (const t of order) {
    const now = narrow(x, 0, t, 1);
    const before = state;
    state = step(parameters, suffix, reshape(now, now.shape.slice(1)), before).map((next, part) => make(next.shape, (index) => at(isIn(t, get(index, 0)) ? next : (before[part] as Plain), ...index)));
    const hidden = state[0] as Plain;
    rows[t] = make([1, lengths.length, get(sizes, 0)], ([, n = 0, feature = 0]) => (isIn(t, n) ? at(hidden, n, feature) : 0));
  }
  return { output: concat(rows, 0), last: state };
}

/** All layers and directions over the steps of `[steps, N, features]`; then the last states, layer by layer, direction by direction. */
function run(recurrence: Recurrence, parameters: Parameters, x: Plain, initial: State, lengths: readonly number[]): readonly Plain[] {
  const { depth, directions, states } = recurrence;
  let input = x;
  const last: State[] = [];
  for (let layer = 0; layer < depth; layer += 1) {
    const outputs = Array.from({ length: directions }, (_, direction) => {
      const forwards = Array.from({ length: get(x.shape, 0) }, (_step, t) => t);
      const start = initial.map((part) => reshape(narrow(part, 0, last.length, 1), part.shape.slice(1)));
      const done = direct(recurrence, parameters, `_l${layer}${direction === 0 ? "" : "_reverse"}`, input, start, direction === 0 ? forwards : forwards.toReversed(), lengths);
      last.push(done.last);
      return done.output;
    });
    input = concat(outputs, 2);
  }
  const stacked = Array.from({ length: states }, (_, which) => concat(last.map((state) => reshape(state[which] as Plain, [1, ...(state[which] as Plain).shape])), 0));
  return [input, ...stacked];
}

type Kind = "RNN" | "GRU" | "LSTM";
type Layer = layers.RNN | layers.GRU | layers.LSTM;

/** The outputs, with lengths as a list or as a tensor, and with the states before the first step if they are given. */
function forward(module: Layer, x: Tensor, [hidden, cell]: readonly Tensor[], lengths: layers.Lengths | undefined): readonly Tensor[] {
  return Object.values(module instanceof layers.LSTM ? module.forward(x, { hidden, cell, lengths }) : module.forward(x, { hidden, lengths }));
}

const recurrent = (kind: Kind) => (random: Random) => {
  const [inputs, hidden, depth, bidirectional, hasBias, batchFirst] = [random.int(1, 3), random.int(1, 3), random.int(1, 2), random.bool(), random.bool(), random.bool()];
  const nonlinearity = random.pick(["tanh", "relu"] as const);
  const projectionSize = kind === "LSTM" && hidden > 1 && random.bool(0.3) ? hidden - 1 : undefined;
  const options = { layers: depth, bidirectional, bias: hasBias, batchFirst };
  const directions = bidirectional ? 2 : 1;
  const states = kind === "LSTM" ? 2 : 1;
  const sizes = [projectionSize ?? hidden, hidden];
  const recurrence: Recurrence = { step: kind === "RNN" ? rnnStep(nonlinearity) : kind === "GRU" ? gruStep : lstmStep, states, sizes, depth, directions };
  const [steps, batched] = [random.int(1, 4), random.bool(0.8)];
  const batch = batched ? random.int(1, 3) : 1;
  const whole = random.list(batch, () => steps);
  const lengths = batched ? random.maybe(() => random.list(batch, () => random.int(1, steps))) : undefined;
  const asTensor = random.bool();
  const turned = (x: Plain): Plain => (batched && batchFirst ? permute(x, [1, 0, 2]) : x);
  const withBatch = (x: Plain): Plain => (batched ? x : reshape(x, [get(x.shape, 0), 1, get(x.shape, 1)]));
  const withoutBatch = (x: Plain): Plain => (batched ? x : reshape(x, [get(x.shape, 0), get(x.shape, 2)]));
  const x = turned(random.array(batched ? [steps, batch, inputs] : [steps, inputs]));
  const initial = random.bool() ? sizes.slice(0, states).map((size) => random.array([depth * directions, ...(batched ? [batch] : []), size], -1, 1)) : [];
  const nothing = sizes.slice(0, states).map((size) => make([depth * directions, batch, size], () => 0));
  return moduleTrial(`${inputs} to ${hidden}, ${JSON.stringify(options)}, ${nonlinearity}, projection ${projectionSize}, input ${x.shape.join("x")}, lengths ${lengths?.join()} ${asTensor}, ${initial.length} states`, [x, ...initial], (dtype) => {
    if (kind === "RNN") return new layers.RNN(inputs, hidden, { ...options, nonlinearity, dtype });
    return kind === "GRU" ? new layers.GRU(inputs, hidden, { ...options, dtype }) : new layers.LSTM(inputs, hidden, { ...options, projectionSize, dtype });
  }, (module, given, ...before) => forward(module as Layer, given as Tensor, before, lengths && asTensor ? tensor(lengths, { dtype: "int32" }) : lengths), ([given, ...before], parameters) => {
    const [output, ...after] = run(recurrence, parameters, withBatch(turned(given as Plain)), before.length > 0 ? before.map(withBatch) : nothing, lengths ?? whole);
    return [turned(withoutBatch(output as Plain)), ...after.map(withoutBatch)];
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

/** Recurrent layers and their steps. */
export const recurrentLayers: Entries = {
  RNN: recurrent("RNN"), GRU: recurrent("GRU"), LSTM: recurrent("LSTM"), RNNCell: cell("RNN"), GRUCell: cell("GRU"), LSTMCell: cell("LSTM"),
};
