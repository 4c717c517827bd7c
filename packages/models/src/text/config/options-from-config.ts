import { ArgumentError } from "@nn/tensor";
import { describeValue, isPlainObject, quote, requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { commonFields } from "./common-fields.js";
import type { Config, FieldRule } from "./field-rules.js";

/** Options of the functions that read a `config.json`. */
export interface ConfigOptions {
  /** Fields that are passed over, although they are unknown or have a value that the model does not compute. Default: none. */
  readonly ignore?: readonly string[] | undefined;
}

const configOptions: OptionKinds<ConfigOptions> = { ignore: "list" };

/** How the `config.json` of a family of models is read. */
export interface ConfigRules<O> {
  /** The function, for messages. */
  readonly operation: string;
  /** The classes here. */
  readonly models: string;
  readonly fields: Readonly<Record<string, FieldRule<O>>>;
  readonly kinds: OptionKinds<O>;
}

/**
 * The options that a `config.json` describes. A field that is `null` counts as missing: so transformers writes that a default holds.
 * @throws ArgumentError that names all fields that are missing, are unknown, or have a value that the model does not compute.
 */
export function optionsFromConfig<O extends object>({ operation, models, fields, kinds }: ConfigRules<O>, config: Config, options: ConfigOptions): O {
  requireOptions(operation, options, configOptions);
  if (!isPlainObject(config)) throw new ArgumentError(`${operation}: config is ${describeValue(config)}, expected the object that JSON.parse makes of a config.json`);
  const rules: Readonly<Record<string, FieldRule<O>>> = { ...commonFields, ...fields };
  const { ignore = [] } = options;
  ignore.forEach((name: unknown, at) => requireKind(operation, `ignore[${at}]`, name, "string"));
  const passedOver: ReadonlySet<string> = new Set(ignore);
  const given = Object.entries(config).filter(([name, value]) => value !== null && value !== undefined && !passedOver.has(name));
  const missing = Object.keys(rules).filter((name) => rules[name]?.required === true && !given.some(([each]) => each === name));
  const refused = new Map<string, string>();
  const found: Partial<O> = {};
  for (const [name, value] of given) {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    const read = rule?.read(value, config);
    if (read !== undefined) Object.assign(found, read);
    else refused.set(name, `${name} is ${text(value)}, ${rule === undefined ? "a field that is not known here" : `expected ${rule.expected}`}`);
  }
  if (missing.length + refused.size > 0) {
    const advice = refused.size === 0 ? "" : `\nIf no output depends on them, pass them over: { ignore: [${[...refused.keys()].map((name) => quote(name)).join(", ")}] }`;
    throw new ArgumentError(`${operation}: this config.json is not one of ${models} here:\n  ${[...missing.map((name) => `${name} is missing`), ...refused.values()].join("\n  ")}${advice}`);
  }
  for (const [name, value] of Object.entries(found)) requireKind(operation, name, value, kinds[name as keyof O & string]);
  return found as O;
}

/** A value of JSON, shortened. */
function text(value: unknown): string {
  const all = JSON.stringify(value) ?? describeValue(value);
  return all.length > 60 ? `${all.slice(0, 60)}…` : all;
}
