import { hostCallback, HostState, isTensor, UsageError, Variable, type Tensor } from "@nn/tensor";
import { describeValue, formatShape, requireSynchronous, sameShape } from "@nn/tensor/extend";
import type { OptimizerGroup } from "./parameter-group.js";
import type { State, Update, UpdateRule } from "./update-rule.js";

/** One parameter with the state that an update rule keeps for it. */
export interface ParameterState {
  readonly parameter: Variable;
  readonly group: OptimizerGroup<object>;
  readonly state: ReadonlyMap<string, Variable>;
  /** The number of updates of the parameter. A host callback counts them in every execution of a step. */
  readonly updates: HostState<number>;
  /** Applies the rule. Increase `updates` before the callbacks of `atStep` run. */
  readonly update: (gradient: Tensor, learningRate: Tensor) => void;
}

/** Makes the state of a parameter. Call it outside of steps: a compiled step can only use variables that exist already. */
export function createParameterState<S extends State, Options extends object>(
  owner: string, rule: UpdateRule<S, Options>, parameter: Variable, group: OptimizerGroup<Options>,
): ParameterState {
  const { dtype } = parameter;
  const { options } = group;
  const state = new Map<string, Variable>();
  for (const [name, value] of Object.entries(Object(requireSynchronous(owner, "init", rule.init(parameter.value, options))) as State)) {
    if (value === undefined) continue;
    if (!isTensor(value)) throw new UsageError(`${owner}: init returned ${describeValue(value)} as state "${name}", expected a Tensor`);
    state.set(name, new Variable(value, { name: `optimizer state ${name}` }));
  }
  const updates = new HostState(0, "Optimizer.step");
  const update = (gradient: Tensor, learningRate: Tensor): void => {
    const values = Object.fromEntries([...state].map(([name, variable]) => [name, variable.value])) as S;
    const atStep = (value: (t: number, step: number) => number): Tensor => hostCallback(() => value(updates.value, group.step), { dtype });
    const next: Partial<Update<State>> = Object(requireSynchronous(owner, "update", rule.update({ gradient, parameter: parameter.value, state: values, learningRate: learningRate.cast(dtype), atStep, options })));
    const nextState = Object(next.state) as State;
    for (const [name, variable] of state) assign(owner, `state "${name}"`, variable, nextState[name]);
    assign(owner, "parameter", parameter, next.parameter);
  };
  return { parameter, group, state, updates, update };
}

/** Assigns what `update` returned. A variable would refuse another shape or dtype too, but could not say where it comes from. */
function assign(owner: string, what: string, variable: Variable, value: Tensor | undefined): void {
  const { shape, dtype } = variable;
  const fits = isTensor(value) && sameShape(value.shape, shape) && value.dtype === dtype;
  if (fits) variable.value = value;
  else throw new UsageError(`${owner}.step: update returned ${isTensor(value) ? `${value.dtype} ${formatShape(value.shape)}` : describeValue(value)} as ${what}, expected ${dtype} ${formatShape(shape)}`);
}
