import { atomically, hostEffect, HostState, UsageError, Variable, zeros, type Gradients, type Tensor } from "@nn/tensor";
import { bindGradients, guard, Printable, requireKind, requireOptions, requireSynchronous, type OptionKinds } from "@nn/tensor/extend";
import { eagerInterpreter, type Interpreter } from "@nn/tensor/interpreter";
import { count, describeOptions, exposeState } from "../description.js";
import { gradientsFor } from "../gradients.js";
import { isListOfCounts, requireStateDict } from "../saved-values.js";
import { valuesOf } from "../state-tensors.js";
import { CallCounter, programInterpreter } from "./call-counter.js";
import { loadWrapper, named, type WrapperStateDict } from "./state-dict.js";
import { requireUpdater, type Updater } from "./updater.js";

/** Options of {@link GradientAccumulation}. */
export interface GradientAccumulationOptions {
  /** Number of calls of `step` for one step of the optimizer. */
  readonly every: number;
  /** Whether the optimizer gets the mean of the gradients, as for one large batch, or their sum; default `"mean"`. */
  readonly reduction?: "mean" | "sum" | undefined;
  /** Changes the accumulated gradients before the optimizer gets them, for example by clipping. */
  readonly transform?: ((gradients: Gradients<Tensor | undefined>) => Gradients<Tensor | undefined>) | undefined;
}

const gradientAccumulationOptions: OptionKinds<GradientAccumulationOptions> = { every: "count", reduction: ["mean", "sum"], transform: "function" };

/** The state of {@link GradientAccumulation}. */
export interface GradientAccumulationStateDict<Inner> extends WrapperStateDict<Inner> {
  /** The indices of parameters without a gradient in the current round. */
  readonly missing: readonly number[];
}

/**
 * Takes one step of an optimizer with the mean of the gradients of several batches, as for one large batch that does not fit into memory.
 * The optimizer and its schedules count optimizer steps, not calls. Put other wrappers inside of this one.
 *
 * `compile` makes up to three programs: for the first call of a round, for the last, and for the calls in between.
 *
 * @example
 * ```ts
 * import { gradientsOf, tensor, Variable } from "@nn/tensor";
 * import { clipByGlobalNorm, GradientAccumulation, SGD } from "@nn/optim";
 *
 * const x = new Variable(tensor([0]));
 * const optimizer = new GradientAccumulation(new SGD([x], { learningRate: 1 }), {
 *   every: 2, transform: (gradients) => clipByGlobalNorm(gradients, 10).gradients,
 * });
 * optimizer.step(gradientsOf(optimizer.parameters, [tensor([2])]));
 * x.value.toArray(); // => [0]
 * optimizer.step(gradientsOf(optimizer.parameters, [tensor([4])]));
 * x.value.toArray(); // => [-3]
 * optimizer.step(gradientsOf(optimizer.parameters, [tensor([5])]));
 * optimizer.flush(); // => true
 * x.value.toArray(); // => [-8]
 * ```
 */
export class GradientAccumulation<StateDict> extends Printable implements Updater<GradientAccumulationStateDict<StateDict>> {
  readonly #optimizer: Updater<StateDict>;
  readonly #options: GradientAccumulationOptions;
  readonly #sums: readonly Variable[];
  readonly #calls = new CallCounter();
  /** The missing gradients of this round, if known. */
  readonly #missing = new HostState<string | undefined>(undefined, "GradientAccumulation.step");
  /** The same for a program that is being traced and has not run. */
  readonly #missingAhead = new WeakMap<Interpreter, string>();

  /** @throws ArgumentError unless `every` is a positive whole number. */
  constructor(optimizer: Updater<StateDict>, options: GradientAccumulationOptions) {
    super();
    requireUpdater("GradientAccumulation", optimizer);
    requireOptions("GradientAccumulation", options, gradientAccumulationOptions);
    requireKind("GradientAccumulation", "every", (options as GradientAccumulationOptions | undefined)?.every, "count");
    this.#optimizer = optimizer;
    this.#options = options;
    this.#sums = optimizer.parameters.map(({ shape, dtype }) => new Variable(zeros(shape, { dtype }), { name: "accumulated gradient" }));
    exposeState(this);
  }

  /** The parameters of the optimizer. */
  get parameters(): readonly Variable[] {
    return this.#optimizer.parameters;
  }

  /**
   * Adds gradients to the round. The last call of a round updates the parameters.
   * @throws UsageError unless there is one gradient for each parameter, and the same gradients are missing in all calls of a round; ShapeError,
   * DTypeError if one does not fit.
   */
  step(gradients: Gradients<Tensor | undefined>): void {
    const ordered = gradientsFor("GradientAccumulation.step", gradients, this.parameters);
    atomically(() => this.#accumulate(ordered));
  }

  #accumulate(gradients: Gradients<Tensor | undefined>): void {
    this.#requireSameMissing(gradients);
    const { every } = this.#options;
    const position = this.#calls.next((count) => positionInRound(count, every));
    const totals = gradients.map((gradient, at) => (position.startsWith("first") ? gradient : gradient && this.#sums[at]?.value.add(gradient)));
    if (position.endsWith("last")) {
      this.#handOn(totals, every);
      return;
    }
    for (const [at, sum] of this.#sums.entries()) sum.value = totals[at] ?? sum.value;
  }

  /**
   * Takes a step with the mean, or the sum, of the gradients of an unfinished round; the next call starts a new round. Call it at the
   * end of an epoch if the number of batches is not a multiple of `every`. `compile` makes one program for each number of calls so far.
   * @returns whether there was a step to take.
   */
  flush(): boolean {
    return atomically(() => {
      const { every } = this.#options;
      const calls = this.#calls.next((before) => before % every, (pending) => (pending === 0 ? 0 : every - pending));
      if (calls === 0) return false;
      const missing = this.#missingNow();
      this.#handOn(bindGradients(this.parameters, this.#sums.map(({ value }, at) => (missing.includes(at) ? undefined : value))), calls);
      return true;
    });
  }

  /** The accumulated gradients, and the optimizer's state as `inner`. */
  stateDict(): GradientAccumulationStateDict<StateDict> {
    const missing = this.#calls.count % this.#options.every === 0 ? [] : indicesIn(this.#missing.value);
    return { inner: this.#optimizer.stateDict(), calls: this.#calls.count, missing, tensors: valuesOf(named(this.#sums, "sum")) };
  }

  /**
   * Continues from a state dictionary, or changes nothing if it does not fit.
   * @throws UsageError that names every difference.
   */
  loadStateDict(stateDict: GradientAccumulationStateDict<StateDict>): void {
    requireStateDict("GradientAccumulation", stateDict, { missing: isListOfCounts });
    loadWrapper("GradientAccumulation", this.#optimizer, named(this.#sums, "sum"), stateDict);
    this.#calls.count = stateDict.calls;
    this.#missing.value = stateDict.missing.join(", ");
  }

  /** The options, the calls of the round so far, and the wrapped optimizer. */
  override toString(): string {
    const { every, reduction = "mean" } = this.#options;
    return `GradientAccumulation, ${describeOptions({ every, reduction })}, ${count(this.#calls.count % every, "call")} of the round, of\n${String(this.#optimizer)}`;
  }

  /** Passes the gradients of `calls` calls to the optimizer. */
  #handOn(totals: Gradients<Tensor | undefined>, calls: number): void {
    const { reduction, transform = (given: Gradients<Tensor | undefined>) => given } = this.#options;
    this.#optimizer.step(requireSynchronous("GradientAccumulation", "transform", transform(totals.map((total) => (reduction === "sum" ? total : total?.mul(1 / calls))))));
  }

  /** The parameters without a gradient in this round: from the traced program, if it has a call of the round; otherwise from earlier calls. */
  #missingNow(): readonly number[] {
    return indicesIn(this.#missingAhead.get(programInterpreter()) ?? guard(() => this.#missing.value));
  }

  /** Throws if a gradient is missing in some calls of a round only: it would be unclear whether its parameter should change. */
  #requireSameMissing(gradients: Gradients<Tensor | undefined>): void {
    const missing = gradients.flatMap((gradient, at) => (gradient === undefined ? [at] : [])).join(", ");
    const program = programInterpreter();
    if (program !== eagerInterpreter()) this.#missingAhead.set(program, missing);
    hostEffect(() => {
      const known = this.#calls.count % this.#options.every === 0 ? missing : (this.#missing.value ?? missing);
      this.#missing.value = known;
      if (known !== missing) throw new UsageError(`GradientAccumulation.step: parameters without a gradient: ${missing || "none"}, but before in this round: ${known || "none"}; give zeros instead`);
    });
  }
}

/** The numbers in a list of indices. */
function indicesIn(list: string | undefined): number[] {
  return list === undefined || list === "" ? [] : list.split(", ").map(Number);
}

type PositionInRound = "first" | "between" | "last" | "first and last";

function positionInRound(count: number, every: number): PositionInRound {
  if (every === 1) return "first and last";
  if (count % every === 0) return "first";
  return (count + 1) % every === 0 ? "last" : "between";
}
