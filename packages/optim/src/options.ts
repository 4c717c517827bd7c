import { ArgumentError } from "@nn/tensor";

/** Options any of which may be left out. */
export type Optional<Options> = { readonly [Name in keyof Options]?: Options[Name] | undefined };

/** Options with the defaults filled in. */
export type Complete<Options> = { readonly [Name in keyof Options]-?: Exclude<Options[Name], undefined> };

/**
 * `base` with those options that `overrides` gives.
 * @throws ArgumentError for an option that the base does not have: misspelt, or by its name elsewhere.
 */
export function override<Options extends object>(base: Options, overrides: Optional<Options>): Options {
  if (typeof overrides !== "object") throw new ArgumentError(`options of an optimizer are ${typeof overrides}, expected an object such as { learningRate: 0.1 }`);
  const given = Object.entries(overrides).filter(([, value]) => value !== undefined);
  const unknown = given.find(([name]) => !(name in base))?.[0];
  if (unknown !== undefined) throw new ArgumentError(`this optimizer has no option "${unknown}"; its options are ${Object.keys(base).join(", ")}`);
  return { ...base, ...Object.fromEntries(given) };
}
