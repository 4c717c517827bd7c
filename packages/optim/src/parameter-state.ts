import { DTypeError, hostCallback, HostState, ShapeError, UsageError, Variable, type Tensor } from "@nn/tensor";
import { describeValue, formatShape, requireSynchronous, requireTensor, sameShape } from "@nn/tensor/extend";
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
  owner: string, rule: UpdateRule<S, Options>, parameter: Variable, group: OptimizerGroup<Options>,
): ParameterState {
  const { dtype } = parameter;
  const { options } = group;
  const state = new Map<string, Variable>();
  for (const [name, value] of Object.entries(requireRecord(owner, "init", rule.init(parameter.value, options), "an object with tensors by name"))) {
    if (value === undefined) continue;
    requireTensor(owner, value, `state "${name}" that init of the rule returned`);
    state.set(name, new Variable(value, { name: `optimizer state ${name}` }));
  }
  const updates = new HostState(0, "Optimizer.step");
  const update = (gradient: Tensor, learningRate: Tensor): void => {
    const values = Object.fromEntries([...state].map(([name, variable]) => [name, variable.value])) as S;
    const atStep = (value: (t: number, step: number) => number): Tensor => hostCallback(() => value(updates.value, group.step), { dtype });
    const update = rule.update({ gradient, parameter: parameter.value, state: values, learningRate: learningRate.cast(dtype), atStep, options });
    const next = requireRecord(`${owner}.step`, "update", update, "{ parameter, state }");
    const nextState = requireRecord(`${owner}.step`, "update", next.state, "a state that is an object with tensors by name");
    for (const [name, variable] of state) {
      const value = nextState[name];
      if (value === undefined) throw new UsageError(`${owner}.step: update of the rule returned no state "${name}", expected every state that init made`);
      assign(owner, `state "${name}"`, variable, value);
    }
    assign(owner, "parameter", parameter, next.parameter);
  };
  return { parameter, group, state, updates, update };
}

/** Refuses what a function of a rule returned if it is no object. */
function requireRecord<T extends object>(owner: string, name: string, value: T, expected: string): T {
  requireSynchronous(owner, `${name} of the rule`, value);
  if (typeof value !== "object" || value === null) throw new UsageError(`${owner}: ${name} of the rule returned ${describeValue(value)}, expected ${expected}`);
  return value;
}

/** Assigns what `update` returned. A variable would refuse another shape or dtype too, but could not say where it comes from. */
function assign(owner: string, what: string, variable: Variable, value: Tensor): void {
  const operation = `${owner}.step`;
  requireTensor(operation, value, `the ${what} that update of the rule returned`);
  if (!sameShape(value.shape, variable.shape)) {
    throw new ShapeError(`${operation}: update of the rule returned a ${what} of shape ${formatShape(value.shape)}, expected ${formatShape(variable.shape)} as before`);
  }
  if (value.dtype !== variable.dtype) {
    throw new DTypeError(`${operation}: update of the rule returned a ${what} of dtype ${value.dtype}, expected ${variable.dtype} as before`);
  }
  variable.value = value;
}
