import { ArgumentError } from "@nn/tensor";
import { describeValue, isPlainObject, requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";

/** A real number from `low` to `high`, both included. */
export interface FloatParameter {
  readonly type: "float";
  readonly low: number;
  readonly high: number;
  /** Whether it is searched on a logarithmic scale. */
  readonly log: boolean;
}

/** A whole number: `low`, `low + step`, … up to `high`. */
export interface IntParameter {
  readonly type: "int";
  readonly low: number;
  readonly high: number;
  readonly step: number;
  /** Whether it is searched on a logarithmic scale. */
  readonly log: boolean;
}

/** A value of a choice: any scalar of JSON. */
export type ChoiceValue = string | number | boolean | null;

/** One of several values without an order. */
export interface ChoiceParameter<Value extends ChoiceValue = ChoiceValue> {
  readonly type: "choice";
  readonly values: readonly Value[];
}

/** The branches of a {@link ConditionalParameter}: a space for each. */
export interface Branches {
  readonly [kind: string]: Space;
}

/** One of several branches, each with its own parameters, which exist only if the branch is chosen. */
export interface ConditionalParameter<B extends Branches = Branches> {
  readonly type: "conditional";
  readonly branches: B;
}

/** A search space: a parameter for each name. It is plain data, which a journal stores as it is. */
export interface Space {
  readonly [name: string]: Parameter;
}

/** A parameter of a space. */
export type Parameter = FloatParameter | IntParameter | ChoiceParameter | ConditionalParameter;

/** Options of {@link float}. */
export interface FloatOptions {
  /** Whether to search on a logarithmic scale, as is right for learning rates; default false. */
  readonly log?: boolean | undefined;
}

/** Options of {@link int}. */
export interface IntOptions {
  /** The distance between two values; default 1. It cannot be combined with `log`. */
  readonly step?: number | undefined;
  /** Whether to search on a logarithmic scale, as is right for widths of layers; default false. */
  readonly log?: boolean | undefined;
}

const floatOptions: OptionKinds<FloatOptions> = { log: "boolean" };
const intOptions: OptionKinds<IntOptions> = { step: "count", log: "boolean" };

/**
 * A real number from `low` to `high`, both included.
 *
 * @example
 * ```ts
 * import { float } from "@nn/search";
 * float(1e-4, 1e-1, { log: true }); // => { type: "float", low: 1e-4, high: 1e-1, log: true }
 * ```
 * @throws ArgumentError unless both are finite and `low < high`, and with `log` also `low > 0`.
 */
export function float(low: number, high: number, options: FloatOptions = {}): FloatParameter {
  requireOptions("float", options, floatOptions);
  const parameter: FloatParameter = { type: "float", low, high, log: options.log ?? false };
  requireParameter("float", parameter);
  return parameter;
}

/**
 * A whole number from `low` to `high`, both included.
 *
 * @example
 * ```ts
 * import { int } from "@nn/search";
 * int(16, 128, { step: 16 }); // => { type: "int", low: 16, high: 128, step: 16, log: false }
 * ```
 * @throws ArgumentError unless both are whole numbers, `low <= high` and `high - low` is a multiple of `step`; with `log` also unless `low >= 1` and
 * the step is 1.
 */
export function int(low: number, high: number, options: IntOptions = {}): IntParameter {
  requireOptions("int", options, intOptions);
  const parameter: IntParameter = { type: "int", low, high, step: options.step ?? 1, log: options.log ?? false };
  requireParameter("int", parameter);
  return parameter;
}

/**
 * One of several values without an order. Its type is the union of the values.
 *
 * @example
 * ```ts
 * import { choice } from "@nn/search";
 * choice(["relu", "tanh"]).values; // => ["relu", "tanh"]
 * ```
 * @throws ArgumentError unless the values are strings, finite numbers, booleans or null, at least one, and all different.
 */
export function choice<const Value extends ChoiceValue>(values: readonly Value[]): ChoiceParameter<Value> {
  requireKind("choice", "values", values, "list");
  const parameter: ChoiceParameter<Value> = { type: "choice", values: [...values] };
  requireParameter("choice", parameter);
  return parameter;
}

/**
 * One of several branches. The parameters of a branch exist only if it is chosen. In the parameters of a trial, it is an object with the name of the
 * branch as `kind`, by which TypeScript distinguishes the branches.
 *
 * @example
 * ```ts
 * import { conditional, float } from "@nn/search";
 *
 * const optimizer = conditional({
 *   adam: { beta1: float(0.8, 0.99) },
 *   sgd: { momentum: float(0, 0.99) },
 * });
 * Object.keys(optimizer.branches); // => ["adam", "sgd"]
 * ```
 * @throws ArgumentError unless each branch is a space without a parameter `kind`, and there is at least one.
 */
export function conditional<B extends Branches>(branches: B): ConditionalParameter<B> {
  if (!isPlainObject(branches)) throw new ArgumentError(`conditional: the branches are ${describeValue(branches)}, expected an object such as { adam: { beta1: float(0.8, 0.99) }, sgd: {} }`);
  const parameter: ConditionalParameter<B> = { type: "conditional", branches: { ...branches } };
  requireParameter("conditional", parameter);
  return parameter;
}

/** Refuses values that are not parameters, or cannot be searched. Parameters are plain data, so they may be written by hand. */
export function requireParameter(operation: string, parameter: unknown): asserts parameter is Parameter {
  if (!isPlainObject(parameter)) throw new ArgumentError(`${operation}: a parameter is ${describeValue(parameter)}, expected float(…), int(…), choice(…) or conditional(…)`);
  requireKind(operation, "the type of a parameter", parameter["type"], ["float", "int", "choice", "conditional"]);
  if (parameter["type"] === "choice") requireChoice(operation, parameter["values"]);
  else if (parameter["type"] === "conditional") requireBranches(operation, parameter["branches"]);
  else requireRange(operation, parameter);
}

function requireRange(operation: string, { type, low, high, log, step = 1 }: Readonly<Record<string, unknown>>): void {
  const kind = type === "int" ? "integer" : "finite";
  requireKind(operation, "low", low, kind);
  requireKind(operation, "high", high, kind);
  requireKind(operation, "log", log, "boolean");
  requireKind(operation, "step", step, "count");
  const [from, to, by] = [low as number, high as number, step as number];
  if (type === "float" ? from >= to : from > to) throw new ArgumentError(`${operation}: low is ${from} and high is ${to}, expected low ${type === "float" ? "<" : "<="} high`);
  if (!Number.isFinite(to - from)) throw new ArgumentError(`${operation}: low is ${from} and high is ${to}; their difference is too large for a number`);
  if (log === true && from <= 0) throw new ArgumentError(`${operation}: low is ${from}, expected a positive number: a logarithmic scale has no 0`);
  if (log === true && by !== 1) throw new ArgumentError(`${operation}: step is ${by} with log: true, expected one of the two`);
  if (type === "int" && (to - from) % by !== 0) throw new ArgumentError(`${operation}: from low ${from}, steps of ${by} do not meet high ${to}; the last one below it is ${to - ((to - from) % by)}`);
}

function requireChoice(operation: string, values: unknown): void {
  requireKind(operation, "values", values, "list");
  const list = values as readonly unknown[];
  if (list.length === 0) throw new ArgumentError(`${operation}: there are no values, expected at least one`);
  for (const value of list) {
    const isScalar = value === null || typeof value === "string" || typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value));
    if (!isScalar || Object.is(value, -0)) throw new ArgumentError(`${operation}: a value is ${describeValue(value)}, expected a string, a finite number, a boolean or null; choose among names, and look the rest up by them`);
  }
  if (new Set(list).size < list.length) throw new ArgumentError(`${operation}: a value occurs twice`);
}

function requireBranches(operation: string, branches: unknown): void {
  if (!isPlainObject(branches)) throw new ArgumentError(`${operation}: the branches are ${describeValue(branches)}, expected an object of spaces`);
  if (Object.keys(branches).length === 0) throw new ArgumentError(`${operation}: there are no branches, expected at least one`);
  for (const [kind, space] of Object.entries(branches)) {
    requireParameters(operation, `branch "${kind}"`, space);
    if (Object.hasOwn(space, "kind")) throw new ArgumentError(`${operation}: branch "${kind}" has a parameter "kind", which is the name of the branch in the parameters of a trial; choose another name`);
    requireName(operation, kind);
  }
}

/** Refuses anything but an object of parameters. It may be empty, because a branch needs no parameters. */
export function requireParameters(operation: string, what: string, space: unknown): asserts space is Space {
  if (!isPlainObject(space)) throw new ArgumentError(`${operation}: ${what} is ${describeValue(space)}, expected an object of parameters such as { learningRate: float(1e-4, 1, { log: true }) }`);
  for (const [name, parameter] of Object.entries(space)) {
    requireName(operation, name);
    requireParameter(operation, parameter);
  }
}

/** Checks a name: it must not contain a dot, because nested names are joined with dots. */
function requireName(operation: string, name: string): void {
  if (name === "" || name.includes(".") || name === "__proto__") throw new ArgumentError(`${operation}: a parameter or branch is called ${JSON.stringify(name)}, expected a name without a dot`);
}
