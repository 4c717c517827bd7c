import { customVjp, vjp, type CustomContext, type CustomGradients } from "@nn/autograd";
import { add, linear, matmul, reshape, select, stack, sum, transpose, where, type Tensor } from "@nn/tensor";

/**
 * Computes the next state from the contributions of the input and of the previous output to the gates, the previous state, and the
 * parameters of the step. The first part of the state is the output.
 */
export type Step = (fromInput: Tensor, fromOutput: Tensor, state: readonly Tensor[], own: readonly Tensor[]) => readonly Tensor[];

/** A recurrence `sₜ = step(xₜ, W·hₜ₋₁ + b, sₜ₋₁)` over a sequence, h being the first part of the state s. */
export interface Recurrence {
  readonly step: Step;
  /** The contribution of the inputs to the gates, for all steps, `[steps, N, gates]`. */
  readonly fromInputs: Tensor;
  /** W, `[gates, outputs]`. */
  readonly weight: Tensor;
  /** b, `[gates]`. */
  readonly bias: Tensor;
  /** Parameters of the step itself. */
  readonly own: readonly Tensor[];
  /** The state before the first step, parts of shape `[N, …]`. */
  readonly initial: readonly Tensor[];
  /** Whether it goes from the last step to the first. */
  readonly reverse: boolean;
  /** For each step, the sequences that have it, `[N, 1]`. The state of the others does not change. Default: all. */
  readonly valid: readonly Tensor[] | undefined;
}

/**
 * The state after each step, in the order of the sequence.
 *
 * The gradient is that of the recurrence as a whole (back-propagation through time, Werbos 1990): going back, only the gradients of
 * the gates are computed step by step; that of the weight is one product over all steps instead of a product and an addition
 * for each. Only the states are kept. What a step computed from them is computed again. In a
 * compiled function this is free: the compiler merges equal computations.
 */
export function recur(recurrence: Recurrence): readonly (readonly Tensor[])[] {
  const { fromInputs, weight, bias, initial, own, reverse } = recurrence;
  const run = customVjp<Inputs, readonly Tensor[]>(
    (...inputs) => forward(recurrence, inputs),
    (gradients, context) => backward(recurrence, gradients, context),
  );
  const states = grouped(run(fromInputs, weight, bias, ...initial, ...own), initial.length);
  return reverse ? states.toReversed() : states;
}

type Inputs = readonly [fromInputs: Tensor, weight: Tensor, bias: Tensor, ...stateAndOwn: Tensor[]];

/** The parts of the states one after the other, in the order in which they are computed. */
function forward(recurrence: Recurrence, [fromInputs, weight, bias, ...rest]: Inputs): Tensor[] {
  const parts = recurrence.initial.length;
  const own = rest.slice(parts);
  let state: readonly Tensor[] = rest.slice(0, parts);
  return order(recurrence).flatMap((at) => {
    state = advance(recurrence, at, select(fromInputs, 0, at), linear(state[0] as Tensor, weight, bias), state, own);
    return state;
  });
}

/** The gradients of a step's gates, and the output that came before it. */
interface Gates {
  readonly ofInput: Tensor;
  readonly ofOutput: Tensor;
  readonly output: Tensor;
}

function backward(recurrence: Recurrence, gradients: readonly Tensor[], { inputs, output }: CustomContext<Inputs, readonly Tensor[]>): CustomGradients<Inputs> {
  const [fromInputs, weight, bias, ...rest] = inputs;
  const parts = recurrence.initial.length;
  const own = rest.slice(parts);
  const before = grouped([...rest.slice(0, parts), ...output], parts);
  const given = grouped(gradients, parts);
  const walked: Gates[] = [];
  let arriving: readonly Tensor[] | undefined;
  let ofOwn: readonly Tensor[] | undefined;
  for (const [turn, at] of [...order(recurrence).entries()].toReversed()) {
    const state = before[turn] as readonly Tensor[];
    const hidden = state[0] as Tensor;
    const { pullback } = vjp(
      (fromInput, fromOutput, ...others) => advance(recurrence, at, fromInput, fromOutput, others.slice(0, parts), others.slice(parts)),
      [select(fromInputs, 0, at), linear(hidden, weight, bias), ...state, ...own],
    );
    const [ofInput, ofOutput, throughStep, ...others] = pullback(totals(given[turn] as readonly Tensor[], arriving)) as readonly [Tensor, Tensor, Tensor, ...Tensor[]];
    arriving = [add(throughStep, matmul(ofOutput, weight)), ...others.slice(0, parts - 1)];
    ofOwn = totals(others.slice(parts - 1), ofOwn);
    walked.push({ ofInput, ofOutput, output: hidden });
  }
  const gates = recurrence.reverse ? walked : walked.toReversed();
  const ofOutputs = stack(gates.map(({ ofOutput }) => ofOutput));
  return [
    stack(gates.map(({ ofInput }) => ofInput)),
    matmul(transpose(rows(ofOutputs)), rows(stack(gates.map((gate) => gate.output)))),
    sum(ofOutputs, [0, 1]),
    ...(arriving ?? []),
    ...(ofOwn ?? []),
  ];
}

/** The steps of the sequence in the order of computation. */
function order({ fromInputs, reverse }: Recurrence): readonly number[] {
  const [steps = 0] = fromInputs.shape;
  return Array.from({ length: steps }, (_, turn) => (reverse ? steps - 1 - turn : turn));
}

function advance({ step, valid }: Recurrence, at: number, fromInput: Tensor, fromOutput: Tensor, state: readonly Tensor[], own: readonly Tensor[]): readonly Tensor[] {
  const next = step(fromInput, fromOutput, state, own);
  const mask = valid?.[at];
  return mask === undefined ? next : next.map((part, number) => where(mask, part, state[number] as Tensor));
}

/** All but the last axis joined into one. */
function rows(x: Tensor): Tensor {
  return reshape(x, [-1, x.shape.at(-1) ?? 1]);
}

function totals(tensors: readonly Tensor[], others: readonly Tensor[] | undefined): readonly Tensor[] {
  return others === undefined ? tensors : tensors.map((each, at) => add(each, others[at] as Tensor));
}

function grouped(tensors: readonly Tensor[], size: number): readonly (readonly Tensor[])[] {
  return Array.from({ length: tensors.length / size }, (_, at) => tensors.slice(at * size, (at + 1) * size));
}
