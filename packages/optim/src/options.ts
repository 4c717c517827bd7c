/** Options, all of them optional. */
export type Optional<Options> = { readonly [Name in keyof Options]?: Options[Name] | undefined };

/** Options with the defaults filled in. */
export type Complete<Options> = { readonly [Name in keyof Options]-?: Exclude<Options[Name], undefined> };

/** `base` with the options in `overrides` replaced. */
export function override<Options extends object>(base: Options, overrides: Optional<Options> | undefined): Options {
  return { ...base, ...Object.fromEntries(Object.entries(overrides ?? {}).filter(([, value]) => value !== undefined)) };
}
