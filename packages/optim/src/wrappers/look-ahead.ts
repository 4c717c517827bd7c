import { atomically, Variable, type Gradients, type Tensor } from "@nn/tensor";
import { frozenIndices, type OptionKinds, Printable, requireOptions } from "@nn/tensor/extend";
import { describeOptions, exposeState } from "../description.js";
import { valuesOf } from "../state-tensors.js";
import { CallCounter } from "./call-counter.js";
import { loadWrapper, named, type WrapperStateDict } from "./state-dict.js";
import { requireUpdater, type Updater } from "./updater.js";

/** Options of {@link LookAhead}. */
export interface LookAheadOptions {
  /** Steps of the optimizer between those of the slow weights; default 5. */
  readonly every?: number | undefined;
  /** Fraction α of the way that the slow weights move to the fast weights; default 0.5. */
  readonly fraction?: number | undefined;
}

const lookAheadOptions: OptionKinds<LookAheadOptions> = { every: "count", fraction: "probability" };

/**
 * Look-ahead (Zhang et al. 2019): after every `k` steps of an optimizer, moves the slow weights a fraction of the way, `s ← s + α (x − s)`, and
 * continues from there, `x ← s`. The optimizer keeps its state. The slow weights start as a copy of the parameters.
 *
 * `compile` makes two programs: one for the steps at which the slow weights move, and one for the others.
 *
 * @example
 * ```ts
 * import { gradientsOf, tensor, Variable } from "@nn/tensor";
 * import { LookAhead, SGD } from "@nn/optim";
 * const x = new Variable(tensor([0]));
 * const optimizer = new LookAhead(new SGD([x], { learningRate: 1 }), { every: 2, fraction: 0.25 });
 * const visited = [4, 4, 4].map((gradient) => {
 *   optimizer.step(gradientsOf(optimizer.parameters, [tensor([gradient])]));
 *   return x.value.item();
 * });
 * visited; // => [-4, -2, -6]
 * ```
 */
export class LookAhead<StateDict> extends Printable implements Updater<WrapperStateDict<StateDict>> {
  readonly #optimizer: Updater<StateDict>;
  readonly #slow: readonly Variable[];
  readonly #every: number;
  readonly #fraction: number;
  readonly #calls = new CallCounter();

  /** @throws ArgumentError unless `every` is a positive whole number and the fraction from 0 to 1. */
  constructor(optimizer: Updater<StateDict>, options: LookAheadOptions = {}) {
    super();
    requireUpdater("LookAhead", optimizer);
    requireOptions("LookAhead", options, lookAheadOptions);
    const { every = 5, fraction = 0.5 } = options;
    this.#optimizer = optimizer;
    this.#every = every;
    this.#fraction = fraction;
    this.#slow = optimizer.parameters.map(({ value }) => new Variable(value, { name: "slow weights" }));
    exposeState(this);
  }

  /** The parameters of the optimizer. */
  get parameters(): readonly Variable[] {
    return this.#optimizer.parameters;
  }

  /** Takes a step of the optimizer. Every `every` steps, moves the slow weights. */
  step(gradients: Gradients<Tensor | undefined>): void {
    atomically(() => this.#advance(gradients));
  }

  #advance(gradients: Gradients<Tensor | undefined>): void {
    this.#optimizer.step(gradients);
    if (!this.#calls.next((count) => (count + 1) % this.#every === 0)) return;
    const frozen = frozenIndices(this.parameters);
    for (const [at, parameter] of this.parameters.entries()) {
      const slow = this.#slow[at];
      if (slow === undefined || frozen.has(at)) continue;
      slow.value = slow.value.add(parameter.value.sub(slow.value).mul(this.#fraction));
      parameter.value = slow.value;
    }
  }

  /** The slow weights, and the optimizer's state as `inner`. */
  stateDict(): WrapperStateDict<StateDict> {
    return { inner: this.#optimizer.stateDict(), calls: this.#calls.count, tensors: valuesOf(named(this.#slow, "slow")) };
  }

  /**
   * Continues from a state dictionary, or changes nothing if it does not fit.
   * @throws UsageError that names every difference.
   */
  loadStateDict(stateDict: WrapperStateDict<StateDict>): void {
    loadWrapper("LookAhead", this.#optimizer, named(this.#slow, "slow"), stateDict);
    this.#calls.count = stateDict.calls;
  }

  /** The options and the wrapped optimizer. */
  override toString(): string {
    return `LookAhead, ${describeOptions({ every: this.#every, fraction: this.#fraction })}, of\n${String(this.#optimizer)}`;
  }
}
