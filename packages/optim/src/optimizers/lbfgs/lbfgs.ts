import { ArgumentError, atomically, HostState, item, UsageError, type Variable } from "@nn/tensor";
import { frozenIndices, Printable, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { currentInterpreter, eagerInterpreter } from "@nn/tensor/interpreter";
import { count, describeOptions, describeParameters, exposeState } from "../../description.js";
import { evaluated, type Evaluated, type Evaluation } from "../../gradients.js";
import { RateSetting, type LearningRate } from "../../learning-rate.js";
import { override, type Complete } from "../../options.js";
import { requireParameters } from "../../parameters.js";
import { Curvature } from "./curvature.js";
import { loadProgress, saveProgress, type LBFGSStateDict, type Progress } from "./state-dict.js";
import { strongWolfe, type LinePoint } from "./strong-wolfe.js";
import { add, assign, dot, flatten, largest } from "./vector.js";

/** Options of {@link LBFGS}. */
export interface LBFGSOptions {
  /** Step size along a direction; with a line search, the first one to try. A number, or a schedule over calls of `step`. Default 1. */
  readonly learningRate?: LearningRate | undefined;
  /** Largest number of iterations of one step; default 20. */
  readonly maxIterations?: number | undefined;
  /** Number of evaluations after which a step starts no further iteration; default 1.25 · `maxIterations`, rounded down. */
  readonly maxEvaluations?: number | undefined;
  /** A step ends when no element of the gradient is larger than this; default 1e-7. */
  readonly gradientTolerance?: number | undefined;
  /** A step ends when the value, or every element of the parameters, changes by no more than this; default 1e-9. */
  readonly changeTolerance?: number | undefined;
  /** Number of iterations to store; default 100. */
  readonly historySize?: number | undefined;
  /** `"strongWolfe"` searches along each direction for the strong Wolfe conditions; `"none"` uses the learning rate as step size. Default `"none"`. */
  readonly lineSearch?: "strongWolfe" | "none" | undefined;
}

const lbfgsOptions: OptionKinds<LBFGSOptions> = {
  learningRate: "any", maxIterations: "count", maxEvaluations: "count", gradientTolerance: "nonNegative", changeTolerance: "nonNegative",
  historySize: "count", lineSearch: ["strongWolfe", "none"],
};

/** A point along a direction, with the gradient there. */
interface Point extends LinePoint {
  readonly gradient: Float64Array;
}

/** Evaluations of a line search after its first. */
const searchTries = 25;

/**
 * Limited-memory BFGS (Liu and Nocedal 1989): steps `x ← x − t H g`, where the inverse `H` of the Hessian matrix is estimated from the last
 * steps and changes of the gradient. Use it with full batches, where it needs far fewer steps than the other optimizers.
 *
 * A step has several iterations, each with one or more evaluations of the model, and depends on their values. It therefore takes a closure,
 * runs eagerly, and cannot be part of a compiled function. The closure can be a compiled function.
 * All parameters are one vector, in float64: there are no groups. The formulas and options are PyTorch's.
 *
 * @example
 * ```ts
 * import { slice, square, sum, tensor, Variable } from "@nn/tensor";
 * import { valueAndGrad } from "@nn/autograd";
 * import { LBFGS } from "@nn/optim";
 *
 * const x = new Variable(tensor([-1.2, 1], { dtype: "float64" }));
 * const rosenbrock = () => {
 *   const [a, b] = [slice(x.value, [0]), slice(x.value, [1])];
 *   return sum(square(a.sub(1)).add(square(b.sub(square(a))).mul(100)));
 * };
 * const optimizer = new LBFGS([x], { lineSearch: "strongWolfe", maxIterations: 50 });
 * optimizer.step(() => valueAndGrad(rosenbrock, [x]));
 * Array.from(x.value.toTypedArray(), (value) => value.toFixed(3)); // => ["1.000", "1.000"]
 * ```
 * @throws UsageError for no parameters or one that is given twice; DTypeError for a parameter that is not floating-point; ArgumentError
 * for options out of range.
 */
export class LBFGS extends Printable {
  /** The parameters. */
  readonly parameters: readonly Variable[];
  /** The options, with the defaults filled in. */
  readonly options: Complete<Omit<LBFGSOptions, "learningRate">>;
  readonly #rate: RateSetting;
  readonly #curvature: Curvature;
  readonly #state = new HostState<Progress>({ steps: 0, iterations: 0, evaluations: 0, last: undefined }, "LBFGS.step");

  constructor(parameters: readonly Variable[], options: LBFGSOptions = {}) {
    super();
    requireOptions("LBFGS", options, lbfgsOptions);
    const { learningRate = 1, maxIterations = 20, ...others } = options;
    requireParameters("LBFGS", parameters);
    this.parameters = [...parameters];
    this.#rate = new RateSetting("LBFGS", learningRate);
    this.options = override<Complete<Omit<LBFGSOptions, "learningRate">>>({
      maxIterations, maxEvaluations: Math.max(1, Math.floor(maxIterations * 1.25)), gradientTolerance: 1e-7, changeTolerance: 1e-9, historySize: 100,
      lineSearch: "none",
    }, others);
    this.#curvature = new Curvature(this.options.historySize);
    exposeState(this);
  }

  /** How often `step` was called. */
  get steps(): number {
    return this.#progress.steps;
  }

  /** The number of calls of the closure in all steps. */
  get evaluations(): number {
    return this.#progress.evaluations;
  }

  /** The rate of the next step. Set it to a number or a schedule at any time. */
  get learningRate(): number {
    return this.#rate.at(this.steps);
  }

  set learningRate(rate: LearningRate) {
    this.#rate.set(rate);
  }

  /**
   * Updates the parameters. `evaluate` returns the loss and the gradients at the present parameters, as `valueAndGrad` does; it is called
   * several times. Returns the result of the first call.
   * @throws UsageError in a compiled function or a gradient, and unless there is one gradient for each parameter; ShapeError, DTypeError if
   * one does not fit; ArgumentError if the loss or a gradient is not finite. A step that throws changes nothing.
   */
  step<E extends Evaluation>(evaluate: () => E): E {
    if (currentInterpreter() !== eagerInterpreter()) {
      throw new UsageError("LBFGS.step: the step depends on values, which are not known inside compile() or a gradient; call it outside, and compile the closure");
    }
    return atomically(() => {
      this.#state.value = { ...this.#progress };
      return this.#step(evaluate);
    });
  }

  #step<E extends Evaluation>(evaluate: () => E): E {
    const rate = this.learningRate;
    const first = this.#evaluate(evaluate);
    const { result } = first;
    let here = this.#pointOf(first, undefined, 0);
    requireFinite(here);
    this.#progress.steps += 1;
    if (largest(here.gradient) <= this.options.gradientTolerance) return result;
    const before = this.evaluations - 1;
    for (let iteration = 1; ; iteration++) {
      const next = this.#iterate(evaluate, here, rate, iteration);
      if (next === undefined || this.evaluations - before >= this.options.maxEvaluations) return result;
      here = next;
    }
  }

  /** Everything that `loadStateDict` needs to continue later. All fields but `tensors` can be written as JSON. */
  stateDict(): LBFGSStateDict {
    return saveProgress(this.#progress, this.#curvature, this.#rate.number);
  }

  /**
   * Continues from a state dictionary, or changes nothing if it does not fit. The learning rate is loaded if it is a number both in this
   * optimizer and in the dictionary. Options are not loaded.
   * @throws UsageError if it belongs to other parameters.
   */
  loadStateDict(stateDict: LBFGSStateDict): void {
    const size = this.parameters.reduce((sum, { shape }) => sum + shape.reduce((product, each) => product * each, 1), 0);
    this.#state.value = loadProgress(stateDict, this.#curvature, size);
    this.#rate.restore(stateDict.learningRate);
  }

  /** The class, the steps, and the options. */
  override toString(): string {
    return `LBFGS, ${count(this.steps, "step")}\n  ${describeParameters(this.parameters)}: ${describeOptions({ learningRate: this.learningRate, ...this.options })}`;
  }

  get #progress(): Progress {
    return this.#state.value;
  }

  /** One iteration. Returns undefined if it was the last. */
  #iterate(evaluate: () => Evaluation, here: Point, rate: number, iteration: number): Point | undefined {
    const { maxIterations, gradientTolerance, changeTolerance, lineSearch } = this.options;
    const direction = this.#aim(here.gradient);
    const start = { ...here, at: 0, slope: dot(here.gradient, direction) };
    const size = largest(direction);
    const first = this.#progress.iterations === 1 ? Math.min(1, 1 / here.gradient.reduce((sum, value) => sum + Math.abs(value), 0)) * rate : rate;
    this.#progress.last = { direction, length: first, gradient: here.gradient };
    if (start.slope > -changeTolerance) return undefined;

    const from = flatten(this.parameters.map(({ value }) => value), this.parameters);
    const pointAt = (at: number): Point => {
      assign(this.parameters, add(from.slice(), direction, at));
      return this.#pointOf(this.#evaluate(evaluate), direction, at);
    };
    let next: Point = { ...start, at: first };
    if (lineSearch === "strongWolfe") {
      next = strongWolfe(pointAt, start, first, { closest: changeTolerance / size, tries: searchTries });
      this.#progress.last.length = next.at;
      assign(this.parameters, add(from, direction, next.at));
    } else if (iteration === maxIterations) {
      assign(this.parameters, add(from, direction, first));
    } else {
      next = pointAt(first);
      if (!isFinite(next)) assign(this.parameters, from);
      requireFinite(next, ` after iteration ${iteration}; a lower learning rate, or lineSearch: "strongWolfe", keeps steps from going too far`);
    }
    const isDone = iteration === maxIterations || largest(next.gradient) <= gradientTolerance || size * next.at <= changeTolerance;
    return isDone || Math.abs(next.value - here.value) < changeTolerance ? undefined : next;
  }

  /** The next direction. Stores the last step and its change of the gradient first. */
  #aim(gradient: Float64Array): Float64Array {
    const { last } = this.#progress;
    if (last !== undefined) {
      this.#curvature.add({ step: last.direction.map((value) => value * last.length), change: add(gradient.slice(), last.gradient, -1) });
    }
    this.#progress.iterations += 1;
    const direction = this.#curvature.descentFrom(gradient);
    for (const [start, end] of this.#frozenRanges()) direction.fill(0, start, end);
    return direction;
  }

  /** The positions of the elements of frozen parameters in the vector. */
  #frozenRanges(): (readonly [start: number, end: number])[] {
    const frozen = frozenIndices(this.parameters);
    let end = 0;
    const ranges = this.parameters.map(({ shape }) => [end, (end += shape.reduce((product, each) => product * each, 1))] as const);
    return ranges.filter((_, at) => frozen.has(at));
  }

  #evaluate<E extends Evaluation>(evaluate: () => E): Evaluated<E> {
    this.#progress.evaluations += 1;
    return evaluated("LBFGS.step", evaluate, this.parameters);
  }

  #pointOf({ result: { value }, gradients }: Evaluated<Evaluation>, direction: Float64Array | undefined, at: number): Point {
    const frozen = frozenIndices(this.parameters);
    const gradient = flatten(gradients.map((each, at) => (frozen.has(at) ? undefined : each)), this.parameters);
    return { at, value: item(value), gradient, slope: direction === undefined ? dot(gradient, gradient) : dot(gradient, direction) };
  }
}

function isFinite({ value, slope }: Point): boolean {
  return Number.isFinite(value) && Number.isFinite(slope);
}

function requireFinite(point: Point, hint = ""): void {
  if (isFinite(point)) return;
  const what = Number.isFinite(point.value) ? "a gradient that is not finite" : `the value ${point.value}`;
  throw new ArgumentError(`LBFGS.step: the closure returned ${what}${hint}`);
}
