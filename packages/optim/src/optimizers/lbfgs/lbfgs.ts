import { ArgumentError, atomically, HostState, item, UsageError, type Variable } from "@nn/tensor";
import { frozenPlaces, Printable, requireOptions, type OptionKinds } from "@nn/tensor/extend";
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
  /** How far to go along a direction, or how far to try first; a number, or a schedule over calls of `step`. Default 1. */
  readonly learningRate?: LearningRate | undefined;
  /** Iterations of one step at most; default 20. */
  readonly maxIterations?: number | undefined;
  /** Evaluations after which no iteration of one step begins; default 1.25 · `maxIterations`, rounded down. */
  readonly maxEvaluations?: number | undefined;
  /** The largest element of a gradient that ends a step; default 1e-7. */
  readonly gradientTolerance?: number | undefined;
  /** The change of the value, or of every element of the parameters, that ends a step; default 1e-9. */
  readonly changeTolerance?: number | undefined;
  /** Iterations that are remembered; default 100. */
  readonly historySize?: number | undefined;
  /** Whether to search along each direction for the strong conditions of Wolfe, or to go by the learning rate; default `"none"`. */
  readonly lineSearch?: "strongWolfe" | "none" | undefined;
}

const lbfgsOptions: OptionKinds<LBFGSOptions> = {
  learningRate: "any", maxIterations: "count", maxEvaluations: "count", gradientTolerance: "nonNegative", changeTolerance: "nonNegative",
  historySize: "count", lineSearch: ["strongWolfe", "none"],
};

/** A place along a direction, with the gradient there. */
interface Point extends LinePoint {
  readonly gradient: Float64Array;
}

/** Evaluations of a line search after its first. */
const searchTries = 25;

/**
 * Limited-memory BFGS (Liu and Nocedal 1989): steps `x ← x − t H g`, where the inverse `H` of the Hessian matrix is estimated from the last
 * steps and changes of the gradient. For full batches, on which it takes far fewer steps than the others.
 *
 * A step is several iterations, each of one or more evaluations of the model, and what it does depends on their values. So it is
 * given a closure that evaluates, runs operation by operation, and cannot be part of a compiled function; but the closure may be one.
 * All parameters are one vector, in float64: there are no groups. PyTorch's arithmetic and options.
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

  /** How often a closure was called, in all steps. */
  get evaluations(): number {
    return this.#progress.evaluations;
  }

  /** The rate of the next step. It may be set, to a number or a schedule, at any time. */
  get learningRate(): number {
    return this.#rate.at(this.steps);
  }

  set learningRate(rate: LearningRate) {
    this.#rate.set(rate);
  }

  /**
   * Improves the parameters. `evaluate` gives the loss and the gradients at their present values, as `valueAndGrad` does; it is called
   * several times. The result is what it gave first.
   * @throws UsageError in a compiled function or a gradient, and unless there is one gradient for each parameter; ShapeError, DTypeError if
   * one does not fit; ArgumentError if the loss or a gradient is not finite. A step that throws changes nothing.
   */
  step<E extends Evaluation>(evaluate: () => E): E {
    if (currentInterpreter() !== eagerInterpreter()) {
      throw new UsageError("LBFGS.step: what it does depends on values, which are not known inside compile() or a gradient; call it outside, and compile the closure that it is given");
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

  /** Everything that is needed to go on later. All but `tensors` is ready for JSON. */
  stateDict(): LBFGSStateDict {
    return saveProgress(this.#progress, this.#curvature, this.#rate.number);
  }

  /**
   * Continues from a state dictionary, or changes nothing if it does not fit. The learning rate is taken over if it is a number here and
   * there; options are those of this optimizer.
   * @throws UsageError if it is that of other parameters.
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

  /** One iteration; nothing if it was the last. */
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

  /** The direction to go in, once what the last step showed is remembered. */
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

  /** Where the elements of frozen parameters are among all. */
  #frozenRanges(): (readonly [start: number, end: number])[] {
    const frozen = frozenPlaces(this.parameters);
    let end = 0;
    const ranges = this.parameters.map(({ shape }) => [end, (end += shape.reduce((product, each) => product * each, 1))] as const);
    return ranges.filter((_, at) => frozen.has(at));
  }

  #evaluate<E extends Evaluation>(evaluate: () => E): Evaluated<E> {
    this.#progress.evaluations += 1;
    return evaluated("LBFGS.step", evaluate, this.parameters);
  }

  #pointOf({ result: { value }, gradients }: Evaluated<Evaluation>, direction: Float64Array | undefined, at: number): Point {
    const frozen = frozenPlaces(this.parameters);
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
  throw new ArgumentError(`LBFGS.step: the closure gave ${what}${hint}`);
}
