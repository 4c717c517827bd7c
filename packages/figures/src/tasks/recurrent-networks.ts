import { GRU, Linear, LSTM, Module, RNN } from "@nn/layers";
import { concat, full, linear, narrow, oneHot, sigmoid, stack, tanh, unbind, zeros, type Generator, type Tensor } from "@nn/tensor";

/** The kinds of recurrent layers. */
export const kinds = ["RNN", "GRU", "LSTM"] as const;
export type Kind = (typeof kinds)[number];

/** The symbols of a sequence: one of the first four to remember, then others. */
export const symbols = "ABCDwxyz";
/** Number of symbols to remember, which are the classes. */
export const classes = 4;
/** Units of each layer. */
export const units = 12;

/** What can be seen inside: gates from 0 to 1, states from −1 to 1. */
export const traceNames = ["reset", "update", "input", "forget", "output", "state", "cell"] as const;
export type TraceName = (typeof traceNames)[number];

const layers = { RNN, GRU, LSTM } as const;

/** Reads a sequence, and says from the last state what its first symbol was: many to one. */
export class FirstSymbolReader extends Module {
  readonly kind: Kind;
  readonly layer: RNN | GRU | LSTM;
  readonly head: Linear;

  constructor(kind: Kind, generator: Generator) {
    super();
    this.kind = kind;
    this.layer = new layers[kind](symbols.length, units, { generator });
    this.head = new Linear(units, classes, { generator });
    if (kind !== "RNN") this.#keepAtFirst();
  }

  /** Logits `[N, classes]` for symbols `[steps, N]`. */
  override forward(sequences: Tensor): Tensor {
    return this.head.forward(this.#outputs(sequences).select(0, -1));
  }

  /** What happens inside at each step, `[steps, N, units]` each: the gates, and what is remembered. */
  inside(sequences: Tensor): Readonly<Partial<Record<TraceName, Tensor>>> {
    const output = this.#outputs(sequences);
    const [weights] = this.layer.weights.flat();
    if (weights === undefined || this.kind === "RNN") return { state: output };
    const [steps = 1, count = 0] = output.shape;
    const before = concat([zeros([1, count, units]), narrow(output, 0, 0, steps - 1)], 0);
    const fromInput = linear(embedded(sequences), weights.weightIh.value, weights.biasIh?.value);
    const fromOutput = linear(before, weights.weightHh.value, weights.biasHh?.value);
    const sums = fromInput.add(fromOutput);
    // The rows of the weights are those of r, z and n in a GRU, of i, f, g and o in an LSTM.
    const part = (at: number): Tensor => narrow(sums, 2, at * units, units);
    const [first, second] = [sigmoid(part(0)), sigmoid(part(1))];
    if (this.kind === "GRU") return { reset: first, update: second, state: output };
    return { input: first, forget: second, output: sigmoid(part(3)), cell: tanh(cells(first.mul(tanh(part(2))), second)) };
  }

  #outputs(sequences: Tensor): Tensor {
    return this.layer.forward(embedded(sequences)).output;
  }

  /** Raises by 3 the bias of the gate that keeps what is there, the second one of both kinds, so that a network begins by remembering (Gers et al. 2000; Jozefowicz et al. 2015). */
  #keepAtFirst(): void {
    const bias = this.layer.weights[0]?.[0]?.biasIh;
    if (bias === undefined) return;
    const gates = bias.shape[0] ?? 0;
    bias.value = bias.value.add(concat([zeros([units]), full([units], 3), zeros([gates - 2 * units])], 0));
  }
}

const embedded = (sequences: Tensor): Tensor => oneHot(sequences, symbols.length);

/** `cₜ = fₜ ⊙ cₜ₋₁ + added`. */
function cells(added: Tensor, forget: Tensor): Tensor {
  const kept = unbind(forget, 0);
  const all: Tensor[] = [];
  for (const [at, each] of unbind(added, 0).entries()) {
    const last = all.at(-1);
    all.push(last === undefined ? each : (kept[at] as Tensor).mul(last).add(each));
  }
  return stack(all);
}
