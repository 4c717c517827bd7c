import { GRU, Identity, LSTM, RNN, type TensorModule } from "@nn/layers";
import { indexSelect, tensor, unbind, zeros, type Tensor } from "@nn/tensor";
import { isPlainObject } from "@nn/tensor/extend";
import { LayerProblem, type Config } from "../config.js";
import { describeShape, type Converted, type Converter, type SourceLayer } from "../layer.js";
import { KerasRecurrent, Outputs, statesOf, type RecurrentKind } from "../modules/recurrent.js";
import { activationFor } from "./activations.js";

/** The settings of a recurrent layer and its weights. */
interface Description {
  readonly kind: RecurrentKind;
  readonly inputs: number;
  readonly units: number;
  readonly activation: string;
  readonly recurrentActivation: string;
  readonly all: boolean;
  readonly backwards: boolean;
  readonly states: boolean;
  readonly dropout: number;
  readonly recurrentDropout: number;
  readonly kernel: Tensor;
  readonly recurrentKernel: Tensor;
  readonly bias: Tensor | undefined;
}

function describe(layer: SourceLayer, kind: RecurrentKind, config: Config): Description {
  for (const name of ["stateful", "time_major", "zero_output_for_mask"]) config.requireDefault(name, false);
  const [kernel, recurrentKernel] = [layer.weight("kernel"), layer.weight("recurrent_kernel")];
  return {
    kind, kernel, recurrentKernel, bias: config.boolean("use_bias", true) ? layer.weight("bias") : undefined,
    inputs: kernel.shape[0] ?? 0, units: recurrentKernel.shape[0] ?? 0,
    activation: config.string("activation", "tanh"), recurrentActivation: config.string("recurrent_activation", "hard_sigmoid"),
    all: config.boolean("return_sequences", false), backwards: config.boolean("go_backwards", false), states: config.boolean("return_state", false),
    dropout: config.rate("dropout", 0), recurrentDropout: config.rate("recurrent_dropout", 0),
  };
}

/** The kind of a layer. A missing `reset_after` means what TensorFlow.js computes. */
const kindOf: Readonly<Record<string, (config: Config) => RecurrentKind>> = {
  SimpleRNN: () => "rnn",
  LSTM: () => "lstm",
  GRU: (config) => (config.boolean("reset_after", false) ? "gruResetAfter" : "gru"),
};

/**
 * TensorFlow.js gives the mask of an earlier layer also to recurrent layers that no mask reaches.
 * @throws LayerProblem for these: what they compute here and there would differ.
 */
function requireMask({ masked, masksExist }: SourceLayer): void {
  if (masksExist && !masked) throw new LayerProblem("no mask reaches it, although the model masks steps; TensorFlow.js would use the mask of another layer");
}

function recurrent(layer: SourceLayer, kind: RecurrentKind, config: Config): Converted {
  requireMask(layer);
  const description = describe(layer, kind, config);
  const { inputs, units, all, states } = description;
  const [input, ...initial] = layer.inputs;
  if (input?.shape.length !== 2 || input.shape[1] !== inputs) throw new LayerProblem(`its input is ${describeShape(input?.shape ?? [])}, expected [steps, ${inputs}]`);
  if (initial.length > 0 && initial.length !== statesOf(kind)) throw new LayerProblem(`it has ${initial.length} initial states, expected ${statesOf(kind)}`);
  const isPlain = !layer.masked && !states && initial.length === 0 && description.dropout === 0 && description.recurrentDropout === 0;
  const module = (isPlain ? plain(description) : undefined) ?? complete(description, layer.masked);
  const state = { shape: [units] };
  return { modules: [module], value: { shape: all ? [input.shape[0] ?? null, units] : [units] }, others: states ? Array.from({ length: statesOf(kind) }, () => state) : [], takesMask: layer.masked, maskedResults: all ? 1 : 0 };
}

/** The layer of `@nn/layers` that computes the same, if there is one. There are two biases; the second one is zero except for `gruResetAfter`. */
function plain({ kind, inputs, units, activation, recurrentActivation, all, backwards, kernel, recurrentKernel, bias }: Description): Outputs | undefined {
  const isUsual = activation === "tanh" && (kind === "rnn" || recurrentActivation === "sigmoid");
  const options = { batchFirst: true, bias: bias !== undefined } as const;
  const [weight, own] = [kernel.transpose(), recurrentKernel.transpose()];
  const biases = bias === undefined ? {} : { bias_ih_l0: bias, bias_hh_l0: zeros(bias.shape) };
  const made = (network: RNN | LSTM | GRU, state: Readonly<Record<string, Tensor>>): Outputs => {
    network.loadStateDict(state);
    return new Outputs(network, all, backwards);
  };
  if (kind === "rnn" && (isUsual || activation === "relu")) return made(new RNN(inputs, units, { ...options, nonlinearity: isUsual ? "tanh" : "relu" }), { weight_ih_l0: weight, weight_hh_l0: own, ...biases });
  if (kind === "lstm" && isUsual) return made(new LSTM(inputs, units, options), { weight_ih_l0: weight, weight_hh_l0: own, ...biases });
  if (kind !== "gruResetAfter" || !isUsual) return undefined;
  const inOrder = (rows: Tensor): Tensor => indexSelect(rows, tensor(Array.from({ length: 3 * units }, (_, at) => (at < units ? at + units : at < 2 * units ? at - units : at)), { dtype: "int32" }), 0);
  const [first, second] = bias === undefined ? [] : unbind(bias) as [Tensor, Tensor];
  return made(new GRU(inputs, units, options), {
    weight_ih_l0: inOrder(weight), weight_hh_l0: inOrder(own), ...(first === undefined || second === undefined ? {} : { bias_ih_l0: inOrder(first), bias_hh_l0: inOrder(second) }),
  });
}

function complete(description: Description, masked: boolean): KerasRecurrent {
  const { kind, inputs, units, activation, recurrentActivation, all, backwards, states, dropout, recurrentDropout, kernel, recurrentKernel, bias } = description;
  const [f, g] = [activation, recurrentActivation].map((name) => activationFor(name, { shape: [units] })[0] ?? new Identity()) as [TensorModule, TensorModule];
  const module = new KerasRecurrent(kind, inputs, units, { activation: f, recurrentActivation: g }, { bias: bias !== undefined, masked, backwards, all, states, dropout, recurrentDropout });
  module.loadStateDict({ kernel, recurrent_kernel: recurrentKernel, ...(bias === undefined ? {} : { bias }) });
  return module;
}

/** A layer that applies a cell. Its own settings come after those of the cell. */
const withCell: Converter = (layer) => {
  const cell = layer.config.raw("cell");
  const { class_name: className, config } = isPlainObject(cell) ? cell : {};
  const kind = typeof className === "string" && className.endsWith("Cell") ? kindOf[className.slice(0, -"Cell".length)] : undefined;
  if (kind === undefined || !isPlainObject(config)) throw new LayerProblem(`a cell of the class ${JSON.stringify(className)} is not supported`);
  const all = layer.config.with({ ...config, ...Object.fromEntries(["return_sequences", "go_backwards", "return_state", "stateful"].map((name) => [name, layer.config.raw(name)])) });
  return recurrent(layer, kind(all), all);
};

export const recurrentLayers: Readonly<Record<string, Converter>> = {
  ...Object.fromEntries(Object.entries(kindOf).map(([className, kind]) => [className, (layer: SourceLayer) => recurrent(layer, kind(layer.config), layer.config)])),
  RNN: withCell,
};
