import type { Tensor } from "@nn/tensor";
import { isPlainObject, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import type { RateSetting } from "./learning-rate.js";
import type { OptimizerGroup } from "./parameter-group.js";
import type { ParameterState } from "./parameter-state.js";
import { isCount, isListOfCounts, isRate, refuseMisfits, requireStateDict } from "./saved-values.js";
import { assignTensors, differencesOfTensors, valuesOf, type StateVariables } from "./state-tensors.js";

/** The options of a group as they are saved. */
export interface GroupState {
  /** The number of parameters. */
  readonly parameters: number;
  /** The group's own rate; `null` if it is a schedule or the optimizer's rate. */
  readonly learningRate: number | null;
  /** The other options; `null` for a schedule. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** The state of an optimizer. All fields but `tensors` can be written as JSON. */
export interface OptimizerStateDict {
  /** Steps taken. */
  readonly steps: number;
  /** `null` for a schedule. */
  readonly learningRate: number | null;
  /** The groups, in their order. */
  readonly groups: readonly GroupState[];
  /** The number of updates of each parameter. */
  readonly updates: readonly number[];
  /** The state of the update rule, named `"<index of the parameter>.<name of the state>"`. */
  readonly tensors: Readonly<Record<string, Tensor>>;
}

/** Options of `Optimizer.loadStateDict`. */
export interface LoadOptions {
  /** Whether different options, missing states and unknown states are errors; default true. */
  readonly strict?: boolean | undefined;
}

const loadOptions: OptionKinds<LoadOptions> = { strict: "boolean" };

/** The parts of an optimizer that are saved. */
export interface Saved {
  readonly rate: RateSetting;
  readonly groups: readonly OptimizerGroup<object>[];
  readonly states: readonly ParameterState[];
}

/** The state dictionary of an optimizer. */
export function save({ rate, groups, states }: Saved, steps: number): OptimizerStateDict {
  return {
    steps,
    learningRate: rate.number,
    groups: groups.map(stateOfGroup),
    updates: states.map(({ updates }) => updates.value),
    tensors: valuesOf(stateVariables(states)),
  };
}

/** Assigns a state dictionary, or throws and changes nothing. */
export function load(owner: string, { rate, groups, states }: Saved, from: OptimizerStateDict, options: LoadOptions): void {
  requireOptions(`${owner}.loadStateDict`, options, loadOptions);
  const { strict = true } = options;
  requireStateDict(owner, from, { steps: isCount, learningRate: isRate, groups: Array.isArray, updates: isListOfCounts, tensors: isPlainObject });
  const variables = stateVariables(states);
  const complaints = [
    ...differencesOfGroups(groups.map(stateOfGroup), from.groups, strict),
    ...(from.updates.length === states.length ? [] : [`counts for ${from.updates.length} parameters, expected ${states.length}`]),
    ...differencesOfTensors(variables, from.tensors, strict),
  ];
  refuseMisfits(owner, complaints);
  assignTensors(variables, from.tensors);
  for (const [at, { updates }] of states.entries()) updates.value = from.updates[at] ?? 0;
  rate.restore(from.learningRate);
  for (const [at, group] of groups.entries()) group.rate.restore(from.groups[at]?.learningRate ?? null);
}

function stateOfGroup({ parameters, rate, options }: OptimizerGroup<object>): GroupState {
  const constants = Object.entries(options)
    .filter(([name]) => name !== "learningRate" && name !== "parameters")
    .map(([name, value]) => [name, Array.isArray(value) ? value.map(constantOf) : constantOf(value)] as const);
  return { parameters: parameters.length, learningRate: rate.number, options: Object.fromEntries(constants) };
}

/** An option as it is saved; `null` for a schedule. */
function constantOf(value: unknown): unknown {
  return typeof value === "function" ? null : value;
}

function stateVariables(states: readonly ParameterState[]): StateVariables {
  return new Map(states.flatMap((state, at) => [...state.state].map(([name, variable]) => [`${at}.${name}`, variable] as const)));
}

function differencesOfGroups(own: readonly GroupState[], saved: readonly GroupState[], strict: boolean): string[] {
  const sizes = (groups: readonly GroupState[]): string => `groups of ${groups.map((group) => group.parameters).join(", ")} parameters`;
  const damaged = saved.findIndex((group: unknown) => !isPlainObject(group) || !isPlainObject(group["options"]) || !isRate(group["learningRate"]));
  if (damaged >= 0) return [`group ${damaged} is not a saved group, expected { parameters, learningRate, options }`];
  if (sizes(own) !== sizes(saved)) return [`${sizes(saved)}, expected ${sizes(own)}`];
  if (!strict) return [];
  return own.flatMap(({ options }, at) => {
    const others = saved[at]?.options ?? {};
    const names = [...new Set([...Object.keys(options), ...Object.keys(others)])];
    const show = (value: unknown): string => JSON.stringify(value) ?? "none";
    return names
      .filter((name) => show(options[name]) !== show(others[name]))
      .map((name) => `group ${at}: ${name} is ${show(others[name])}, expected ${show(options[name])} (strict: false keeps the optimizer's)`);
  });
}
