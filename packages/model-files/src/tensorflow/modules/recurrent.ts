import { Dropout, Module, Parameter, type GRU, type LSTM, type RNN, type TensorModule } from "@nn/layers";
import { flip, matmul, ones, select, ShapeError, split, stack, unbind, UsageError, where, zeros, type Tensor } from "@nn/tensor";
import { formatShape, requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { requireModule } from "./requirements.js";

/** The outputs of a recurrent layer at all steps, or at the last one. */
export class Outputs extends Module {
  readonly recurrent: RNN | LSTM | GRU;
  readonly all: boolean;
  readonly backwards: boolean;

  /** @param backwards Whether it goes from the last step to the first; the outputs are in the order in which they are computed. */
  constructor(recurrent: RNN | LSTM | GRU, all: boolean, backwards: boolean) {
    super();
    requireModule("Outputs", "recurrent", recurrent);
    requireKind("Outputs", "all", all, "boolean");
    requireKind("Outputs", "backwards", backwards, "boolean");
    this.recurrent = recurrent;
    this.all = all;
    this.backwards = backwards;
  }

  forward(x: Tensor): Tensor {
    const { output } = this.recurrent.forward(this.backwards ? flip(x, 1) : x);
    return this.all ? output : select(output, 1, -1);
  }
}

/** The activations of a recurrent layer. */
export interface RecurrentActivations {
  readonly activation: TensorModule;
  readonly recurrentActivation: TensorModule;
}

/** What one step of a recurrent layer is computed from. */
interface Step {
  /** `x W + b` for all gates, `[N, gates · units]`. */
  readonly fromInput: Tensor;
  /** The state before it, the output first. */
  readonly state: readonly Tensor[];
  /** `U`, `[units, gates · units]`. */
  readonly kernel: Tensor;
  /** The second bias of `gruResetAfter`, `[gates · units]`. */
  readonly bias: Tensor | undefined;
  readonly f: (x: Tensor) => Tensor;
  readonly g: (x: Tensor) => Tensor;
}

interface Kind {
  readonly gates: number;
  readonly states: number;
  readonly step: (step: Step) => readonly Tensor[];
}

const gatesOf = (x: Tensor, count: number): readonly Tensor[] => split(x, (x.shape.at(-1) ?? 0) / count, -1);

/** `z h + (1 − z) h̃`. */
const mixed = (update: Tensor, hidden: Tensor, candidate: Tensor): Tensor => candidate.add(update.mul(hidden.sub(candidate)));

/** The recurrent layers of Keras, with the activation `f` and the recurrent activation `g`, and their gates in its order. */
const kinds = {
  /** `h' = f(x W + b + h U)`. */
  rnn: { gates: 1, states: 1, step: ({ fromInput, state: [hidden], kernel, f }) => [f(fromInput.add(matmul(hidden as Tensor, kernel)))] },
  /** Gates i, f, c, o: `c' = g(f) c + g(i) f(c̃)`, `h' = g(o) f(c')`. */
  lstm: {
    gates: 4, states: 2, step: ({ fromInput, state: [hidden, cell], kernel, f, g }) => {
      const [input, forget, candidate, output] = gatesOf(fromInput.add(matmul(hidden as Tensor, kernel)), 4) as [Tensor, Tensor, Tensor, Tensor];
      const next = g(forget).mul(cell as Tensor).add(g(input).mul(f(candidate)));
      return [g(output).mul(f(next)), next];
    },
  },
  /** Gates z, r, h: `h̃ = f(x W + b + (g(r) h) U)`, the reset gate before the product, as in Cho et al. 2014. */
  gru: {
    gates: 3, states: 1, step: ({ fromInput, state: [hidden], kernel, f, g }) => {
      const before = hidden as Tensor;
      const [updateInput, resetInput, candidateInput] = gatesOf(fromInput, 3) as [Tensor, Tensor, Tensor];
      const [updateKernel, resetKernel, candidateKernel] = gatesOf(kernel, 3) as [Tensor, Tensor, Tensor];
      const update = g(updateInput.add(matmul(before, updateKernel)));
      const reset = g(resetInput.add(matmul(before, resetKernel)));
      return [mixed(update, before, f(candidateInput.add(matmul(reset.mul(before), candidateKernel))))];
    },
  },
  /** Gates z, r, h: `h̃ = f(x W + b + g(r) (h U + b'))`, the reset gate after the product, as in PyTorch. */
  gruResetAfter: {
    gates: 3, states: 1, step: ({ fromInput, state: [hidden], kernel, bias, f, g }) => {
      const before = hidden as Tensor;
      const product = matmul(before, kernel);
      const [updateInput, resetInput, candidateInput] = gatesOf(fromInput, 3) as [Tensor, Tensor, Tensor];
      const [updateOutput, resetOutput, candidateOutput] = gatesOf(bias === undefined ? product : product.add(bias), 3) as [Tensor, Tensor, Tensor];
      const reset = g(resetInput.add(resetOutput));
      return [mixed(g(updateInput.add(updateOutput)), before, f(candidateInput.add(reset.mul(candidateOutput))))];
    },
  },
} as const satisfies Readonly<Record<string, Kind>>;

/** The kinds of recurrent layers that Keras has. */
export type RecurrentKind = keyof typeof kinds;

/** The number of parts of the state of a kind, the output among them. */
export const statesOf = (kind: RecurrentKind): number => kinds[kind].states;

/** The settings of a {@link KerasRecurrent}. */
export interface KerasRecurrentOptions {
  readonly bias: boolean;
  /** Whether the second input is a mask `[N, steps]`: the state stays at masked steps. */
  readonly masked: boolean;
  readonly backwards: boolean;
  /** Whether the result is the output at all steps, in the order in which they are computed, or at the last one. */
  readonly all: boolean;
  /** Whether the parts of the last state are results too. */
  readonly states: boolean;
  /** Probabilities of dropping features of the input, and of the state before each step; the same ones at all steps. */
  readonly dropout: number;
  readonly recurrentDropout: number;
}

const recurrentOptions: OptionKinds<KerasRecurrentOptions> = {
  bias: "boolean", masked: "boolean", backwards: "boolean", all: "boolean", states: "boolean", dropout: "probability", recurrentDropout: "probability",
};

/**
 * A recurrent layer with everything that Keras can set: activations, masks, an initial state. Inputs: `[N, steps, features]`, with `masked` the mask, then the parts of the initial state, `[N, units]` each; they are zero if they are left out.
 * `kernel` is `[features, gates · units]`, `recurrentKernel` `[units, gates · units]`, `bias` `[gates · units]`, for `gruResetAfter` `[2, gates · units]`.
 */
export class KerasRecurrent extends Module {
  readonly kind: RecurrentKind;
  readonly inputs: number;
  readonly units: number;
  readonly options: KerasRecurrentOptions;
  readonly activations: RecurrentActivations;
  readonly kernel: Parameter;
  readonly recurrentKernel: Parameter;
  readonly bias: Parameter | undefined;
  readonly dropout: Dropout;
  readonly recurrentDropout: Dropout;

  constructor(kind: RecurrentKind, inputs: number, units: number, activations: RecurrentActivations, options: KerasRecurrentOptions) {
    super();
    requireKind("KerasRecurrent", "kind", kind, Object.keys(kinds));
    requireKind("KerasRecurrent", "inputs", inputs, "count");
    requireKind("KerasRecurrent", "units", units, "count");
    requireOptions("KerasRecurrent", activations, { activation: "any", recurrentActivation: "any" });
    requireModule("KerasRecurrent", "activation", activations.activation);
    requireModule("KerasRecurrent", "recurrentActivation", activations.recurrentActivation);
    requireOptions("KerasRecurrent", options, recurrentOptions);
    this.kind = kind;
    this.inputs = inputs;
    this.units = units;
    this.activations = activations;
    this.options = options;
    const rows = kinds[kind].gates * units;
    this.kernel = new Parameter(zeros([inputs, rows]));
    this.recurrentKernel = new Parameter(zeros([units, rows]));
    this.bias = options.bias ? new Parameter(zeros(kind === "gruResetAfter" ? [2, rows] : [rows])) : undefined;
    this.dropout = new Dropout(options.dropout);
    this.recurrentDropout = new Dropout(options.recurrentDropout);
  }

  forward(x: Tensor, ...more: Tensor[]): Tensor | Tensor[] {
    const { masked, all, states, backwards } = this.options;
    this.#requireInputs(x, more);
    const inOrder = (steps: readonly Tensor[]): readonly Tensor[] => (backwards ? steps.toReversed() : steps);
    const mask = masked ? inOrder(unbind((more[0] as Tensor).unsqueeze(2), 1)) : undefined;
    const [biasOfInput, biasOfState] = this.bias === undefined ? [] : this.kind === "gruResetAfter" ? unbind(this.bias.value) : [this.bias.value];
    const products = matmul(x.mul(this.dropout.forward(ones([x.shape[0] ?? 0, 1, this.inputs]))), this.kernel.value);
    const kept = this.recurrentDropout.forward(ones([x.shape[0] ?? 0, this.units]));
    const [f, g] = [this.activations.activation, this.activations.recurrentActivation].map((each) => (value: Tensor): Tensor => each.forward(value)) as [Step["f"], Step["g"]];
    let state: readonly Tensor[] = this.#initial(x, masked ? more.slice(1) : more);
    const outputs = inOrder(unbind(biasOfInput === undefined ? products : products.add(biasOfInput), 1)).map((fromInput, turn) => {
      const before = state;
      const [hidden, ...cell] = state as [Tensor, ...Tensor[]];
      const next = kinds[this.kind].step({ fromInput, state: [hidden.mul(kept), ...cell], kernel: this.recurrentKernel.value, bias: biasOfState, f, g });
      state = mask === undefined ? next : next.map((part, at) => where(mask[turn] as Tensor, part, before[at] as Tensor));
      return state[0] as Tensor;
    });
    const result = all ? stack(outputs, 1) : outputs.at(-1) as Tensor;
    return states ? [result, ...state] : result;
  }

  #requireInputs(x: Tensor, more: readonly Tensor[]): void {
    if (x.rank !== 3 || x.shape[1] === 0 || x.shape[2] !== this.inputs) throw new ShapeError(`KerasRecurrent: input is ${formatShape(x.shape)}, expected [N, steps, ${this.inputs}] with at least one step`);
    const states = more.length - (this.options.masked ? 1 : 0);
    if (states !== 0 && states !== statesOf(this.kind)) throw new UsageError(`KerasRecurrent: got ${1 + more.length} inputs, expected the sequences,${this.options.masked ? " their mask," : ""} and none or all ${statesOf(this.kind)} parts of the initial state`);
  }

  #initial(x: Tensor, given: readonly Tensor[]): readonly Tensor[] {
    return given.length > 0 ? given : Array.from({ length: statesOf(this.kind) }, () => zeros([x.shape[0] ?? 0, this.units]));
  }
}
