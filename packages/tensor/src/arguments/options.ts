import { isOwnTensor } from "../brand.js";
import { ArgumentError } from "../errors.js";
import { describeValue } from "./describe.js";
import { requireKind, type ArgumentKind, type KindOf } from "./kinds.js";
import { didYouMean } from "./nearest.js";

/** The kind of every option of an options type. The type check fails for an option without a kind. */
export type OptionKinds<Options> = { readonly [Name in keyof Options]-?: KindOf<Exclude<Options[Name], undefined>> };

/**
 * Throws for options that an operation would ignore or misunderstand: a value that is not an object (`Linear(2, 3, false)`), an unknown
 * name (`{ labelsmoothing: 0.5 }`), a value of the wrong kind (`{ reduction: "avg" }`). Options that are `undefined` count as left out.
 * Every public function that takes options calls it first. Do the same in layers and losses of your own.
 *
 * @example
 * ```ts
 * import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
 *
 * interface ShiftOptions {
 *   readonly by?: number;
 *   readonly mode?: "left" | "right";
 * }
 * const shiftOptions: OptionKinds<ShiftOptions> = { by: "finite", mode: ["left", "right"] };
 *
 * const options = { mod: "left" };
 * requireOptions("shift", options, shiftOptions); // throws: ArgumentError: shift: there is no option "mod"; did you mean "mode"?
 * ```
 * @throws ArgumentError that names the operation, the option, what was expected, and the nearest valid name.
 */
export function requireOptions(operation: string, options: object | undefined, kinds: Readonly<Record<string, ArgumentKind>>): void {
  if (options === undefined) return;
  if (!isRecord(options)) throw new ArgumentError(`${operation}: the options are ${describeValue(options)}, expected an object such as ${exampleOf(kinds)}`);
  for (const [name, value] of Object.entries(options)) {
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    if (kind === undefined) throw new ArgumentError(`${operation}: there is no option "${name}"${didYouMean(name, Object.keys(kinds)) || listOf(kinds)}`);
    if (value !== undefined) requireKind(operation, name, value, kind);
  }
}

/** Whether a value is an object with named values: not an array, a tensor or a function. */
export function isRecord(options: unknown): options is Readonly<Record<string, unknown>> {
  return typeof options === "object" && options !== null && !Array.isArray(options) && !ArrayBuffer.isView(options) && !isOwnTensor(options);
}

function exampleOf(kinds: Readonly<Record<string, ArgumentKind>>): string {
  const names = Object.keys(kinds);
  return names.length === 0 ? "{}" : `{ ${names.slice(0, 3).map((name) => `${name}: …`).join(", ")} }`;
}

function listOf(kinds: Readonly<Record<string, ArgumentKind>>): string {
  const names = Object.keys(kinds);
  return names.length === 0 ? "; it has none" : `; its options are ${names.join(", ")}`;
}
