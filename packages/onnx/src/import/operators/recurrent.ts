import { add, concat, linear, mul, relu, select, sigmoid, split, stack, sub, tanh, unsqueeze, zeros, type Tensor } from "@nn/tensor";
import type { Call } from "../call.js";
import { operator, type Operators } from "./operator.js";

/** The weights of one direction: of the inputs, of the hidden state, and both biases. */
interface Weights {
  readonly input: Tensor;
  readonly hidden: Tensor;
  readonly inputBias: Tensor;
  readonly hiddenBias: Tensor;
}

/** The state after one step: the hidden state first. */
type State = readonly Tensor[];

/** One step: what the inputs contribute to the gates, and the state before. */
type Step = (gates: Tensor, state: State, weights: Weights) => State;

interface Recurrence {
  /** The gates, in the order of ONNX, whose weights lie below one another. */
  readonly gates: number;
  readonly step: Step;
}

const inGates = (x: Tensor, gates: number): readonly Tensor[] => split(x, new Array<number>(gates).fill((x.shape[1] ?? 0) / gates), 1);

/** Gates: input, output, forget, cell (Hochreiter, Schmidhuber 1997). */
const lstm: Step = (gates, [hidden = gates, cell = hidden], { hidden: weight, hiddenBias }) => {
  const [input, output, forget, candidate] = inGates(add(gates, linear(hidden, weight, hiddenBias)), 4) as readonly [Tensor, Tensor, Tensor, Tensor];
  const next = add(mul(sigmoid(forget), cell), mul(sigmoid(input), tanh(candidate)));
  return [mul(sigmoid(output), tanh(next)), next];
};

/** Gates: update, reset, candidate (Cho et al. 2014). The reset gate acts on the hidden state before or after its weight. */
const gru = (isResetLast: boolean): Step => (gates, [hidden = gates], { hidden: weight, hiddenBias }) => {
  const [update, reset, candidate] = inGates(gates, 3) as readonly [Tensor, Tensor, Tensor];
  const size = hidden.shape[1] ?? 0;
  const [updateWeight, resetWeight, candidateWeight] = split(weight, [size, size, size], 0) as readonly [Tensor, Tensor, Tensor];
  const [updateBias, resetBias, candidateBias] = split(hiddenBias, [size, size, size], 0) as readonly [Tensor, Tensor, Tensor];
  const z = sigmoid(add(update, linear(hidden, updateWeight, updateBias)));
  const r = sigmoid(add(reset, linear(hidden, resetWeight, resetBias)));
  const past = isResetLast ? mul(r, linear(hidden, candidateWeight, candidateBias)) : linear(mul(r, hidden), candidateWeight, candidateBias);
  return [add(mul(sub(1, z), tanh(add(candidate, past))), mul(z, hidden))];
};

const rnn = (activation: (x: Tensor) => Tensor): Step => (gates, [hidden = gates], { hidden: weight, hiddenBias }) => [activation(add(gates, linear(hidden, weight, hiddenBias)))];

const attributes = "activations direction hidden_size layout";

/** The directions in which the steps are taken. */
const directions: Readonly<Record<string, readonly ("forward" | "reverse")[]>> = { forward: ["forward"], reverse: ["reverse"], bidirectional: ["forward", "reverse"] };

function run(call: Call, { gates, step }: Recurrence, states: number): readonly Tensor[] {
  call.requireAttribute("layout", 0);
  if (call.optional(4) !== undefined) call.fail("sequence_lens is not supported: all sequences have the same length");
  if (call.optional(7) !== undefined) call.fail("peephole weights are not supported");
  const [x, allInput, allHidden] = [call.input(0), call.input(1), call.input(2)];
  const [length = 0, batch = 0] = x.shape;
  const size = allHidden.shape[2] ?? 0;
  const order = directions[call.text("direction", "forward")] ?? call.fail(`the direction ${call.text("direction", "forward")} is unknown`);
  if (allInput.shape[0] !== order.length || allHidden.shape[1] !== gates * size || call.int("hidden_size", size) !== size) call.fail(`weights of [${allInput.shape.join(", ")}] and [${allHidden.shape.join(", ")}] do not fit ${order.length} directions and ${gates} gates`);
  const biases = call.optional(3) ?? zeros([order.length, 2 * gates * size], { dtype: x.dtype });
  const results = order.map((direction, at) => {
    const [inputBias, hiddenBias] = split(select(biases, 0, at), [gates * size, gates * size], 0) as readonly [Tensor, Tensor];
    const weights = { input: select(allInput, 0, at), hidden: select(allHidden, 0, at), inputBias, hiddenBias };
    const initial = Array.from({ length: states }, (_, which) => {
      const given = call.optional(5 + which);
      return given === undefined ? zeros([batch, size], { dtype: x.dtype }) : select(given, 0, at);
    });
    return alongSequence(linear(x, weights.input, weights.inputBias), initial, step, weights, { length, isReversed: direction === "reverse" });
  });
  const finals = Array.from({ length: states }, (_, which) => stack(results.flatMap(({ last }) => last[which] ?? []), 0));
  return [concat(results.map(({ outputs }) => outputs), 1), ...finals];
}

function alongSequence(gates: Tensor, initial: State, step: Step, weights: Weights, { length, isReversed }: { readonly length: number; readonly isReversed: boolean }) {
  let last = initial;
  const outputs = new Array<Tensor>(length).fill(gates);
  for (let count = 0; count < length; count++) {
    const at = isReversed ? length - 1 - count : count;
    last = step(select(gates, 0, at), last, weights);
    outputs[at] = last[0] ?? gates;
  }
  // [length, 1, batch, size]: the directions lie along the second axis.
  return { outputs: unsqueeze(stack(outputs, 0), 1), last };
}

/** Refuses activations other than the usual ones, which are the default. */
function requireActivations(call: Call, usual: readonly string[]): void {
  const given = call.texts("activations");
  const isUsual = given === undefined || given.every((name, at) => name === usual[at % usual.length]);
  if (!isUsual) call.fail(`the activations ${given.join(", ")} are not supported, only ${usual.join(", ")}`);
}

const activations: Readonly<Record<string, (x: Tensor) => Tensor>> = { Tanh: tanh, Relu: relu };

export const recurrent: Operators = {
  LSTM: operator([3, 8], attributes, (call) => {
    requireActivations(call, ["Sigmoid", "Tanh", "Tanh"]);
    return run(call, { gates: 4, step: lstm }, 2);
  }, { outputs: 3, shapes: [4] }),
  GRU: operator([3, 6], `${attributes} linear_before_reset`, (call) => {
    requireActivations(call, ["Sigmoid", "Tanh"]);
    return run(call, { gates: 3, step: gru(call.int("linear_before_reset", 0) === 1) }, 1);
  }, { outputs: 2, shapes: [4] }),
  RNN: operator([3, 6], attributes, (call) => {
    const [name = "Tanh", ...others] = call.texts("activations") ?? [];
    const activation = others.every((other) => other === name) ? activations[name] : undefined;
    return run(call, { gates: 1, step: rnn(activation ?? call.fail(`the activations ${[name, ...others].join(", ")} are not supported, only Tanh and Relu`)) }, 1);
  }, { outputs: 2, shapes: [4] }),
};
