import { valueAndGrad } from "@nn/autograd";
import { onForward, type Module } from "@nn/layers";
import type { Recorder } from "@nn/records";
import { isTensor, type Tensor, type TypedArray } from "@nn/tensor";
import type { OptionKinds } from "@nn/tensor/extend";
import type { Controls, Position } from "@nn/train";

/** Options of the statistics of a run. */
export interface StatisticsOptions {
  /** Number of epochs between recordings. Default: 1, unless this would take more than 0.5 % of the time. */
  readonly everyEpochs?: number | undefined;
  /** Returns the loss of some examples, such as `() => crossEntropy(model.forward(x), y)`. It is called outside of the step, for histograms of activations and gradients. */
  readonly probe?: (() => Tensor) | undefined;
}

/** The kinds of {@link StatisticsOptions}. */
export const statisticsOptions: OptionKinds<StatisticsOptions> = { everyEpochs: "count", probe: "function" };

/** The fraction of the time that statistics may take if no interval is given. */
const timeFraction = 0.005;

/** Records histograms of weights, activations and gradients, and the ratio of update to weight. */
export class Statistics {
  readonly #every: number | undefined;
  readonly #probe: (() => Tensor) | undefined;
  readonly #stepsPerEpoch: number | undefined;
  /** The weights before the last step of the epoch. */
  #before: readonly TypedArray[] = [];
  /** The milliseconds that reading them took. */
  #spent = 0;
  /** The time at which statistics are due again, if no interval is given. */
  #dueAt = -Infinity;

  constructor({ everyEpochs, probe }: StatisticsOptions, stepsPerEpoch: number | undefined) {
    this.#every = everyEpochs;
    this.#probe = probe;
    this.#stepsPerEpoch = stepsPerEpoch;
  }

  /** Keeps the weights before the last step of an epoch. Their values are read only then. */
  afterStep({ epoch, stepInEpoch }: Position, { model }: Controls): void {
    const length = this.#stepsPerEpoch;
    if (length === undefined || stepInEpoch !== length - 1 || !this.#isDue(epoch)) return;
    const began = performance.now();
    this.#before = model.parameters().map(({ value }) => value.toTypedArray());
    this.#spent = performance.now() - began;
  }

  afterEpoch(recorder: Recorder, step: number, epoch: number, { model }: Controls): void {
    if (!this.#isDue(epoch)) return;
    const began = performance.now();
    const ratios: Record<string, number> = {};
    for (const [at, [name, { value }]] of [...model.namedParameters()].entries()) {
      recorder.histogram(step, `weights/${name}`, value);
      const before = this.#before[at];
      const ratio = before !== undefined && value.shape.length > 1 ? ratioOf(before, value.toTypedArray()) : NaN;
      if (Number.isFinite(ratio)) ratios[`update ratio/${name}`] = ratio;
    }
    this.#before = [];
    if (Object.keys(ratios).length > 0) recorder.scalars(step, ratios);
    if (this.#probe !== undefined) recordProbe(recorder, step, model, this.#probe);
    const now = performance.now();
    this.#dueAt = now + (this.#spent + now - began) / timeFraction;
  }

  #isDue(epoch: number): boolean {
    return this.#every === undefined ? performance.now() >= this.#dueAt : epoch % this.#every === 0;
  }
}

/** ‖after − before‖ / ‖before‖; not finite for weights that were all 0. */
function ratioOf(before: TypedArray, after: TypedArray): number {
  let [change, size] = [0, 0];
  for (let at = 0; at < before.length; at++) {
    const [was, is] = [before[at] ?? 0, after[at] ?? 0];
    change += (is - was) ** 2;
    size += was ** 2;
  }
  return Math.sqrt(change / size);
}

/**
 * Computes the loss of the probe, and records the outputs of all modules without child modules and the gradients of all parameters. The model is in
 * evaluation mode during this, so that no running statistics and no state of a generator changes.
 */
function recordProbe(recorder: Recorder, step: number, model: Module, probe: () => Tensor): void {
  const stopListening = onForward(model, (module, path, _, output) => {
    if (!isTensor(output) || module.namedModules().size > 1) return;
    const unitAxis = unitAxisOf(output.shape.length);
    recorder.histogram(step, `activations/${path}`, output, unitAxis === undefined ? {} : { unitAxis });
  });
  // Outer modules come first, and set the mode of those in them.
  const modes = model.modules().map((each) => [each, each.training] as const);
  model.eval();
  try {
    const parameters = [...model.namedParameters()];
    const { gradients } = valueAndGrad(probe, parameters.map(([, parameter]) => parameter));
    for (const [at, [name]] of parameters.entries()) {
      const gradient = gradients[at];
      if (gradient !== undefined) recorder.histogram(step, `gradients/${name}`, gradient);
    }
  } finally {
    for (const [each, training] of modes) each.train(training);
    stopListening();
  }
}

/** The axis of the units of a layer: the last one for rows and sequences, axis 1 for images. */
function unitAxisOf(rank: number): number | undefined {
  if (rank < 2) return undefined;
  return rank <= 3 ? rank - 1 : 1;
}
