import { host, UsageError, Variable, type Tensor } from "@nn/tensor";
import type { ParameterGroup } from "./parameter-group.js";
import type { State, UpdateRule } from "./update-rule.js";

/** One parameter with the state that its rule keeps. */
export class Slot<S extends State, Options> {
  readonly parameter: Variable;
  readonly group: ParameterGroup<Options>;
  readonly state: ReadonlyMap<string, Variable>;
  /** How often the parameter was updated: counted on the host, by a callback that runs with every execution of a step. */
  updates = 0;
  readonly #rule: UpdateRule<S, Options>;

  constructor(rule: UpdateRule<S, Options>, parameter: Variable, group: ParameterGroup<Options>) {
    this.parameter = parameter;
    this.group = group;
    this.#rule = rule;
    const state = new Map<string, Variable>();
    for (const [name, value] of Object.entries(rule.init(parameter.value, group.options))) {
      if (value !== undefined) state.set(name, new Variable(value, { name: `optimizer state ${name}` }));
    }
    this.state = state;
  }

  /** Applies the rule. `updates` must have been moved on before the callbacks of `atStep` run. */
  update(gradient: Tensor, learningRate: Tensor): void {
    const { dtype } = this.parameter;
    const values = Object.fromEntries([...this.state].map(([name, variable]) => [name, variable.value]));
    const { parameter, state } = this.#rule.update({
      gradient,
      parameter: this.parameter.value,
      state: values as S,
      learningRate: learningRate.cast(dtype),
      atStep: (value) => host(() => value(this.updates), { dtype }),
      options: this.group.options,
    });
    for (const [name, variable] of this.state) {
      const next = state[name];
      if (next === undefined) throw new UsageError(`Optimizer.step: the rule's update gave no state "${name}", which its init made`);
      variable.value = next;
    }
    this.parameter.value = parameter;
  }
}
