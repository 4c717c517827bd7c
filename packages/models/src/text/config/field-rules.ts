/** The fields of a `config.json`, as `JSON.parse` gives them. */
export type Config = Readonly<Record<string, unknown>>;

/** What a field of a `config.json` means for a model with the options `O`. */
export interface FieldRule<O> {
  /** The options that follow from a value; `undefined` for a value with which the model would have to compute something else. */
  readonly read: (value: unknown, config: Config) => Partial<O> | undefined;
  /** The values that are taken, for messages. */
  readonly expected: string;
  /** Whether a file must have the field. */
  readonly required?: true;
}

const none = {};

/** Fields whose value is that of an option. */
export const option = <O>(name: keyof O): FieldRule<O> => ({ read: (value) => ({ [name]: value }) as Partial<O>, expected: "" });

/** Options without which a file does not describe a model. */
export const required = <O>(name: keyof O): FieldRule<O> => ({ ...option(name), required: true });

/** Fields of which the model computes these values only. */
export const only = (...values: readonly unknown[]): FieldRule<unknown> => ({
  read: (value) => (values.some((each) => JSON.stringify(each) === JSON.stringify(value)) ? none : undefined),
  expected: values.map((value) => JSON.stringify(value)).join(" or "),
});

/** Fields that must have the value that follows from others. */
export const sameAs = (expected: string, of: (config: Config) => unknown): FieldRule<unknown> => ({ read: (value, config) => (value === of(config) ? none : undefined), expected });

/** Fields on which no output depends. */
export const ignored: FieldRule<unknown> = { read: () => none, expected: "" };

/** The rules of fields that no output depends on. */
export const allIgnored = (names: string): Readonly<Record<string, FieldRule<unknown>>> => Object.fromEntries(names.split(/\s+/).filter(Boolean).map((name) => [name, ignored]));
