import { ArgumentError, Generator } from "@nn/tensor";
import { describeValue, requireOptions, type ArgumentKind } from "@nn/tensor/extend";
import { copyOptions } from "./copy-options.js";

type Kinds = Readonly<Record<string, ArgumentKind>>;

/** The options that each module was created with, and the kinds of all options of its class. */
const taken = new WeakMap<object, { readonly options: object; readonly kinds: Kinds }>();

/** Refuses unknown options and wrong values: `requireOptions` plus a check of generators. */
export function checkOptions(operation: string, options: { readonly generator?: unknown } | undefined, kinds: Kinds): void {
  requireOptions(operation, options, kinds);
  const generator = options?.generator;
  if (generator === undefined || generator instanceof Generator) return;
  throw new ArgumentError(`${operation}: generator is ${describeValue(generator)}, expected a Generator`);
}

/** Checks the options of a module and keeps them for {@link describeFields} and for descriptions of models. Every constructor with options calls this first. */
export function takeOptions(operation: string, module: object, options: object, kinds: Kinds): void {
  checkOptions(operation, options, kinds);
  noteOptions(module, options, kinds);
}

/** Keeps options that are already checked, for constructors that need them before `super`. */
export function noteOptions(module: object, options: object, kinds: Kinds): void {
  taken.set(module, { options: copyOptions({ ...options }), kinds });
}

/** The options that a module was created with. */
export function givenOptions(module: object): object {
  return taken.get(module)?.options ?? {};
}

/** Describes how a module was created, such as `inFeatures: 2, outFeatures: 3, bias: false`: its plain public fields and the options that were given. */
export function describeFields(fields: Iterable<readonly [name: string, value: unknown]>, module: object): string {
  const { options = {}, kinds = {} } = taken.get(module) ?? {};
  const own = [...fields].filter(([name]) => !Object.hasOwn(kinds, name));
  return [...own, ...Object.entries(options)].flatMap(([name, value]) => {
    const text = describe(value);
    return text === undefined ? [] : [`${name}: ${text}`];
  }).join(", ");
}

/** Plain values as source code; `undefined` for other values and for deeply nested lists. */
function describe(value: unknown, depth = 0): string | undefined {
  if (Array.isArray(value)) {
    const items = depth === 5 ? [undefined] : value.map((each) => describe(each, depth + 1));
    return items.includes(undefined) ? undefined : items.length > 10 ? `[${items[0]}, … ${items.length} in all]` : `[${items.join(", ")}]`;
  }
  if (typeof value === "string") return JSON.stringify(value);
  return value === null || typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}
