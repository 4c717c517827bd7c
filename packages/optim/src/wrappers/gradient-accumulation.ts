import { ArgumentError, atomically, host, HostState, UsageError, Variable, zeros, type Tensor } from "@nn/tensor";
import { requireGradients, type Gradients } from "../gradients.js";
import { requireCount } from "../requirements.js";
import { valuesOf } from "../state-tensors.js";
import { CallCounter } from "./call-counter.js";
import { loadWrapper, named, type WrapperStateDict } from "./state-dict.js";
import type { Updater } from "./updater.js";

/** Options of {@link GradientAccumulation}. */
export interface GradientAccumulationOptions {
  /** Calls of `step` until the optimizer takes one. */
  readonly every: number;
  /** Whether the optimizer gets the mean of the gradients, as of one large batch, or their sum; default `"mean"`. */
  readonly reduction?: "mean" | "sum" | undefined;
  /** What is done to the accumulated gradients before the optimizer gets them: clipping, for example. */
  readonly transform?: ((gradients: (Tensor | undefined)[]) => Gradients) | undefined;
}

/**
 * Takes a step of an optimizer with the mean of the gradients of several batches, as if they were one that does not fit into memory.
 * The optimizer counts its steps, and schedules theirs, not the calls; so other wrappers belong inside of this one.
 *
 * Within `compile`, a program is compiled for the first call of a round, for the last, and for those between.
 *
 * @example
 * ```ts
 * import { tensor, Variable } from "@nn/tensor";
 * import { clipByGlobalNorm, GradientAccumulation, SGD } from "@nn/optim";
 *
 * const x = new Variable(tensor([0]));
 * const optimizer = new GradientAccumulation(new SGD([x], { learningRate: 1 }), {
 *   every: 2, transform: (gradients) => clipByGlobalNorm(gradients, 10).gradients,
 * });
 * optimizer.step([tensor([2])]);
 * x.value.toArray(); // => [0]
 * optimizer.step([tensor([4])]);
 * x.value.toArray(); // => [-3]
 * ```
 */
export class GradientAccumulation<StateDict> implements Updater<WrapperStateDict<StateDict>> {
  readonly #optimizer: Updater<StateDict>;
  readonly #options: GradientAccumulationOptions;
  readonly #sums: readonly Variable[];
  readonly #calls = new CallCounter();
  /** Which gradients are missing in this round, as far as that is known. */
  readonly #missing = new HostState<string | undefined>(undefined, "GradientAccumulation.step");

  /** @throws ArgumentError unless `every` is a positive whole number. */
  constructor(optimizer: Updater<StateDict>, options: GradientAccumulationOptions) {
    const { every, reduction = "mean" } = options;
    requireCount("GradientAccumulation", { every });
    if (reduction !== "mean" && reduction !== "sum") throw new ArgumentError(`GradientAccumulation: reduction is ${String(reduction)}, expected "mean" or "sum"`);
    this.#optimizer = optimizer;
    this.#options = options;
    this.#sums = optimizer.parameters.map(({ shape, dtype }) => new Variable(zeros(shape, { dtype }), { name: "accumulated gradient" }));
  }

  /** The parameters of the optimizer, in the order of the gradients. */
  get parameters(): readonly Variable[] {
    return this.#optimizer.parameters;
  }

  /**
   * Adds gradients to those of the round, and at its end updates the parameters.
   * @throws UsageError unless there is one gradient for each parameter, and the same ones are missing in all calls of a round; ShapeError,
   * DTypeError if one does not fit.
   */
  step(gradients: Gradients): void {
    requireGradients("GradientAccumulation.step", gradients, this.parameters);
    atomically(() => this.#accumulate(gradients));
  }

  #accumulate(gradients: Gradients): void {
    this.#requireSameMissing(gradients);
    const { every, reduction, transform = (given) => given } = this.#options;
    const place = this.#calls.next((count) => placeInRound(count, every));
    const totals = gradients.map((gradient, at) => (place.startsWith("first") ? gradient : gradient && this.#sums[at]?.value.add(gradient)));
    if (place.endsWith("last")) {
      this.#optimizer.step(transform(totals.map((total) => (reduction === "sum" ? total : total?.mul(1 / every)))));
      return;
    }
    for (const [at, sum] of this.#sums.entries()) sum.value = totals[at] ?? sum.value;
  }

  /** What is accumulated, and `inner` of the optimizer. */
  stateDict(): WrapperStateDict<StateDict> {
    return { inner: this.#optimizer.stateDict(), calls: this.#calls.count, tensors: valuesOf(named(this.#sums, "sum")) };
  }

  /**
   * Continues from a state dictionary, or changes nothing if it does not fit.
   * @throws UsageError that names every difference.
   */
  loadStateDict(stateDict: WrapperStateDict<StateDict>): void {
    loadWrapper("GradientAccumulation", this.#optimizer, named(this.#sums, "sum"), stateDict);
    this.#calls.count = stateDict.calls;
    this.#missing.value = undefined;
  }

  /** A gradient that is missing in some calls of a round would leave open whether its parameter is to stay. */
  #requireSameMissing(gradients: Gradients): void {
    const missing = gradients.flatMap((gradient, at) => (gradient === undefined ? [at] : [])).join(", ") || "none";
    host(() => {
      const known = this.#calls.count % this.#options.every === 0 ? missing : (this.#missing.value ?? missing);
      this.#missing.value = known;
      if (known === missing) return 0;
      throw new UsageError(`GradientAccumulation.step: parameters without a gradient: ${missing}, but before in this round: ${known}; give zeros instead`);
    });
  }
}

type PlaceInRound = "first" | "between" | "last" | "first and last";

function placeInRound(count: number, every: number): PlaceInRound {
  if (every === 1) return "first and last";
  if (count % every === 0) return "first";
  return (count + 1) % every === 0 ? "last" : "between";
}
