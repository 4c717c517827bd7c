import { atomically, hostCallback, hostEffect, HostState, UsageError, Variable, type Gradients, type Tensor } from "@nn/tensor";
import { type ArgumentKind, describeValue, frozenIndices, Printable, requireOptions } from "@nn/tensor/extend";
import { gradientsFor } from "./gradients.js";
import { override, type Optional } from "./options.js";
import { count, describeOptions, describeParameters, exposeState } from "./description.js";
import { OptimizerGroup, type GroupSettings, type LearningRateOptions, type ParameterGroup } from "./parameter-group.js";
import { RateSetting, type LearningRate } from "./learning-rate.js";
import { requireList, requireParameters } from "./parameters.js";
import { createParameterState, type ParameterState } from "./parameter-state.js";
import { load, save, type LoadOptions, type OptimizerStateDict, type Saved } from "./state-dict.js";
import type { State, UpdateRule } from "./update-rule.js";

/** The parameters of an optimizer, or groups of parameters with their own options. */
export type ParametersOrGroups<Options> = readonly Variable[] | readonly GroupSettings<Options>[];

/**
 * Applies an update rule to parameters. The classes `SGD`, `Adam`, … extend it with their rules. Use it directly for your own rule
 * (see {@link UpdateRule}), or as the type of any optimizer.
 *
 * @example
 * ```ts
 * import { tensor, Variable, sum, square } from "@nn/tensor";
 * import { valueAndGrad } from "@nn/autograd";
 * import { SGD } from "@nn/optim";
 *
 * const x = new Variable(tensor([4]));
 * const optimizer = new SGD([x], { learningRate: 0.25 });
 * const { gradients } = valueAndGrad(() => sum(square(x.value)), [x]);
 * optimizer.step(gradients);
 * x.value.toArray(); // => [2]
 * ```
 */
export class Optimizer<S extends State = State, Options extends object = object> extends Printable {
  readonly #groups: readonly OptimizerGroup<Options>[];
  readonly #states: readonly ParameterState[];
  readonly #rate: RateSetting;
  readonly #steps = new HostState(0, "Optimizer.steps");

  /**
   * @throws UsageError for no parameters or one that is given twice; DTypeError for a parameter that is not floating-point;
   * ArgumentError for a learning rate that is negative or not finite.
   */
  constructor(rule: UpdateRule<S, Options>, parameters: ParametersOrGroups<Options>, options: Options & LearningRateOptions);
  /** For subclasses: `defaults` has the values of options that are left out. */
  constructor(
    rule: UpdateRule<S, Options>, parameters: ParametersOrGroups<Options>, options: Optional<Options & LearningRateOptions> | undefined,
    defaults: Options & Partial<LearningRateOptions>,
  );
  constructor(
    rule: UpdateRule<S, Options>, parameters: ParametersOrGroups<Options>, options: Optional<Options & LearningRateOptions> | undefined,
    defaults?: Options & Partial<LearningRateOptions>,
  ) {
    super();
    const owner = this.constructor.name;
    requireRule(owner, rule);
    const kinds = kindsOf(rule, defaults ?? options);
    requireOptions(owner, options, kinds);
    // RateSetting throws if neither has a learning rate.
    const all = override((defaults ?? {}) as Options & LearningRateOptions, options);
    this.#rate = new RateSetting(owner, all.learningRate);
    this.#groups = toGroups(owner, parameters).map(({ members, settings }, at) => {
      if (settings !== undefined) requireOptions(`${owner}: group ${at}`, settings, { ...kinds, parameters: "list" });
      const rate = new RateSetting(owner, settings?.learningRate, this.#rate);
      const own = settings === undefined ? all : override<Options>(all, { ...settings, parameters: undefined });
      return new OptimizerGroup<Options>(members, own, rate, () => this.#steps.value);
    });
    requireParameters(owner, this.parameters);
    exposeState(this);
    this.#states = this.#groups.flatMap((group) => group.parameters.map((parameter) => createParameterState(owner, rule, parameter, group)));
  }

  /** The parameters in their groups. There is one group unless the constructor got groups. */
  get groups(): readonly ParameterGroup<Options>[] {
    return this.#groups;
  }

  /** The parameters of all groups. */
  get parameters(): readonly Variable[] {
    return this.groups.flatMap((group) => group.parameters);
  }

  /** The number of steps taken. */
  get steps(): number {
    return this.#steps.value;
  }

  /**
   * The learning rate of the next step for all groups without their own rate. Set it to a number or a schedule at any time:
   * a compiled step reads it at each call.
   */
  get learningRate(): number {
    return this.#rate.at(this.steps);
  }

  set learningRate(rate: LearningRate) {
    this.#rate.set(rate);
  }

  /**
   * Updates every parameter with its gradient. The gradients carry their parameters, so their order does not matter. A parameter whose gradient
   * is `undefined` does not change, nor does its state or its count of updates; the same holds for a frozen one (`trainable = false`).
   * A step that throws changes nothing, also in a compiled function.
   * @throws UsageError unless there is one gradient for each parameter, and none of another variable; ShapeError, DTypeError if one does not fit.
   */
  step(gradients: Gradients<Tensor | undefined>): void {
    const ordered = gradientsFor(`${this.constructor.name}.step`, gradients, this.parameters);
    atomically(() => this.#update(ordered));
  }

  /** Everything that `loadStateDict` needs to continue later: state, counts, rates and options. All fields but `tensors` can be written as JSON. */
  stateDict(): OptimizerStateDict {
    return save(this.#saved(), this.steps);
  }

  /**
   * Continues from a state dictionary. Throws and changes nothing if it does not fit. A learning rate is loaded if it is a number both in this optimizer
   * and in the dictionary. Schedules stay and continue at the saved step.
   * @throws UsageError that names every difference. With `strict: false` options may differ (the optimizer keeps its own), and
   * states may be missing or unknown.
   */
  loadStateDict(stateDict: OptimizerStateDict, options: LoadOptions = {}): void {
    load(this.constructor.name, this.#saved(), stateDict, options);
    this.#steps.value = stateDict.steps;
  }

  /** The class, the number of steps, and the options of each group. */
  override toString(): string {
    const groups = this.#groups.map((group) => `\n  ${describeParameters(group.parameters)}: ${describeOptions({ ...group.options, learningRate: group.learningRate })}`);
    return `${this.constructor.name}, ${count(this.steps, "step")}${groups.join("")}`;
  }

  #saved(): Saved {
    return { rate: this.#rate, groups: this.#groups, states: this.#states };
  }

  #update(gradients: Gradients<Tensor | undefined>): void {
    const frozen = frozenIndices(this.parameters);
    const due = this.#states.filter((_, at) => gradients[at] !== undefined && !frozen.has(at));
    // The callbacks below see the new counts.
    hostEffect(() => this.#count(due));
    const rates = new Map<OptimizerGroup<object>, Tensor>(this.#groups.map((group) => (
      [group, hostCallback(() => group.rate.at(this.steps - 1), { dtype: group.dtype })]
    )));
    for (const [at, state] of this.#states.entries()) {
      const gradient = gradients[at];
      const rate = rates.get(state.group);
      if (gradient !== undefined && rate !== undefined && !frozen.has(at)) state.update(gradient, rate);
    }
  }

  #count(due: readonly ParameterState[]): void {
    this.#steps.value += 1;
    for (const { updates } of due) updates.value += 1;
  }
}

const ruleParts = { init: "function", update: "function", options: "any" } as const;

function requireRule(owner: string, rule: unknown): void {
  const { init, update } = Object(rule) as Partial<Record<string, unknown>>;
  if (typeof init !== "function" || typeof update !== "function") {
    throw new UsageError(`${owner}: the rule is ${describeValue(rule)}, expected { init, update }`);
  }
  requireOptions(owner, Object(rule) as object, ruleParts);
}

/** The kinds of a rule's options. A rule without `options` accepts any value for the known names. */
function kindsOf<S extends State, Options extends object>(rule: UpdateRule<S, Options>, known: object | undefined): Readonly<Record<string, ArgumentKind>> {
  const unchecked = (): Record<string, ArgumentKind> => Object.fromEntries(Object.keys(known ?? {}).map((name) => [name, "any"]));
  return { learningRate: "any", ...(rule.options ?? unchecked()) };
}

interface Given<Options> {
  readonly members: readonly Variable[];
  readonly settings?: GroupSettings<Options> | undefined;
}

function toGroups<Options>(owner: string, given: ParametersOrGroups<Options>): readonly Given<Options>[] {
  requireList(owner, given);
  const members: Variable[] = [];
  const groups: Given<Options>[] = [];
  for (const [at, each] of given.entries()) {
    if (each instanceof Variable) members.push(each);
    else if (isGroup(each)) groups.push({ members: [...each.parameters], settings: each });
    else throw new UsageError(`${owner}: parameter ${at} is neither a Variable nor a group { parameters: [...] }; pass model.parameters()`);
  }
  if (members.length > 0 && groups.length > 0) throw new UsageError(`${owner}: got parameters and groups of parameters in one list, expected one or the other; put all parameters into groups`);
  return groups.length > 0 ? groups : [{ members }];
}

function isGroup<Options>(each: unknown): each is GroupSettings<Options> {
  return typeof each === "object" && each !== null && "parameters" in each && Array.isArray(each.parameters);
}
