import { hostCallback, HostState, UsageError, Variable, type Tensor } from "@nn/tensor";
import type { OptimizerGroup } from "./parameter-group.js";
import type { State, UpdateRule } from "./update-rule.js";

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
  rule: UpdateRule<S, Options>, parameter: Variable, group: OptimizerGroup<Options>,
): ParameterState {
  const { dtype } = parameter;
  const { options } = group;
  const state = new Map<string, Variable>();
  for (const [name, value] of Object.entries(rule.init(parameter.value, options))) {
    if (value !== undefined) state.set(name, new Variable(value, { name: `optimizer state ${name}` }));
  }
  const updates = new HostState(0, "Optimizer.step");
  const update = (gradient: Tensor, learningRate: Tensor): void => {
    const values = Object.fromEntries([...state].map(([name, variable]) => [name, variable.value])) as S;
    const atStep = (value: (t: number, step: number) => number): Tensor => hostCallback(() => value(updates.value, group.step), { dtype });
    const next = rule.update({ gradient, parameter: parameter.value, state: values, learningRate: learningRate.cast(dtype), atStep, options });
    for (const [name, variable] of state) {
      const value = next.state[name];
      if (value === undefined) throw new UsageError(`Optimizer.step: update of the rule returned no state "${name}", expected every state that init made`);
      variable.value = value;
    }
    parameter.value = next.parameter;
  };
  return { parameter, group, state, updates, update };
}
