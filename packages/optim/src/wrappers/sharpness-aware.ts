import { atomically, reciprocal, type Tensor, type Variable } from "@nn/tensor";
import { frozenIndices, type OptionKinds, Printable, requireOptions } from "@nn/tensor/extend";
import { normOf } from "../clipping/norm.js";
import { describeOptions, exposeState } from "../description.js";
import { evaluated, type Evaluation } from "../gradients.js";
import { requireUpdater, type Updater } from "./updater.js";

/** Options of {@link SharpnessAware}. */
export interface SharpnessAwareOptions {
  /** Distance ρ to the point of highest loss nearby; default 0.05. */
  readonly radius?: number | undefined;
  /** Whether the distance of an element is relative to its magnitude (Kwon et al. 2021); use a radius about ten times as large. Default false. */
  readonly adaptive?: boolean | undefined;
}

const sharpnessAwareOptions: OptionKinds<SharpnessAwareOptions> = { radius: "nonNegative", adaptive: "boolean" };

/**
 * Sharpness-aware minimisation (Foret et al. 2021): updates the parameters with the gradient at the point of highest loss nearby,
 * `x + ρ g / ‖g‖`, or if adaptive `x + ρ x² g / ‖x g‖`. It finds wide minima. The norm is over all parameters together.
 *
 * A step evaluates the model twice, so it takes a closure. Side effects of the model, such as running statistics of batch normalisation, happen
 * twice, once with the shifted weights. Within `compile`, both evaluations are part of one program.
 *
 * @example
 * ```ts
 * import { square, sum, tensor, Variable } from "@nn/tensor";
 * import { valueAndGrad } from "@nn/autograd";
 * import { SGD, SharpnessAware } from "@nn/optim";
 * const x = new Variable(tensor([3, 4]));
 * const optimizer = new SharpnessAware(new SGD([x], { learningRate: 0.25 }), { radius: 5 });
 * const { value } = optimizer.step(() => valueAndGrad(() => sum(square(x.value)), [x]));
 * value.item(); // => 25
 * x.value.toArray(); // => [0, 0]
 * ```
 */
export class SharpnessAware<StateDict> extends Printable {
  readonly #optimizer: Updater<StateDict>;
  readonly #radius: number;
  readonly #adaptive: boolean;

  /** @throws ArgumentError unless the radius is a finite number that is not negative. */
  constructor(optimizer: Updater<StateDict>, options: SharpnessAwareOptions = {}) {
    super();
    requireUpdater("SharpnessAware", optimizer);
    requireOptions("SharpnessAware", options, sharpnessAwareOptions);
    const { radius = 0.05, adaptive = false } = options;
    this.#optimizer = optimizer;
    this.#radius = radius;
    this.#adaptive = adaptive;
    exposeState(this);
  }

  /** The parameters of the optimizer. */
  get parameters(): readonly Variable[] {
    return this.#optimizer.parameters;
  }

  /**
   * Updates the parameters. `evaluate` returns the loss and the gradients at the present parameters, as `valueAndGrad` does. Returns the result
   * at the parameters themselves.
   * @throws UsageError unless there is one gradient for each parameter; ShapeError, DTypeError if one does not fit.
   */
  step<E extends Evaluation>(evaluate: () => E): E {
    return atomically(() => this.#update(evaluate));
  }

  #update<E extends Evaluation>(evaluate: () => E): E {
    const { result, gradients } = evaluated("SharpnessAware.step", evaluate, this.parameters);
    const before = this.parameters.map(({ value }) => value);
    const frozen = frozenIndices(this.parameters);
    const ascents = this.#ascents(gradients.map((gradient, at) => (frozen.has(at) ? undefined : gradient)), before);
    for (const [at, parameter] of this.parameters.entries()) parameter.value = ascents[at]?.add(parameter.value) ?? parameter.value;
    const nearBy = evaluate();
    for (const [at, parameter] of this.parameters.entries()) parameter.value = before[at] ?? parameter.value;
    this.#optimizer.step(nearBy.gradients);
    return result;
  }

  /** The shift of each parameter to the point of highest loss nearby. */
  #ascents(gradients: readonly (Tensor | undefined)[], parameters: readonly Tensor[]): (Tensor | undefined)[] {
    const scaled = gradients.map((gradient, at) => (this.#adaptive ? gradient?.mul(parameters[at] ?? 1) : gradient));
    const given = scaled.filter((each) => each !== undefined);
    if (given.length === 0) return [];
    const reach = reciprocal(normOf(given, 2).add(1e-12)).mul(this.#radius);
    return scaled.map((each, at) => (this.#adaptive ? each?.mul(parameters[at] ?? 1) : each)?.mul(reach.cast(each?.dtype ?? "float32")));
  }

  /** The optimizer's state as `inner`; this wrapper has no state of its own. */
  stateDict(): StateDict {
    return this.#optimizer.stateDict();
  }

  /** Continues from a state dictionary, or throws and changes nothing. */
  loadStateDict(stateDict: StateDict): void {
    this.#optimizer.loadStateDict(stateDict);
  }

  /** The options and the wrapped optimizer. */
  override toString(): string {
    return `SharpnessAware, ${describeOptions({ radius: this.#radius, adaptive: this.#adaptive })}, of\n${String(this.#optimizer)}`;
  }
}
