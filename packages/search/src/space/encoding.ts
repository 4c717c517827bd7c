import { ArgumentError } from "@nn/tensor";
import { describeValue, didYouMean } from "@nn/tensor/extend";
import { coordinateOf, valueAt, type Dimension, type Point } from "./dimension.js";
import type { ParametersOf } from "./space.js";
import type { Space } from "./parameters.js";

type Values = Readonly<Record<string, unknown>>;

/** The parameters at a point of a space. */
export function decode<S extends Space>(space: S, dimensions: readonly Dimension[], point: Point): ParametersOf<S> {
  const at = new Map(dimensions.map((dimension, index) => [dimension.name, [dimension, point[index]] as const]));
  const valueOf = (name: string): unknown => {
    const [dimension, coordinate] = at.get(name) ?? [];
    return dimension === undefined || coordinate === undefined ? undefined : valueAt(dimension, coordinate);
  };
  const build = (within: Space, prefix: string): Values =>
    Object.freeze(Object.fromEntries(Object.entries(within).map(([name, parameter]) => {
      const value = valueOf(prefix + name);
      if (parameter.type !== "conditional") return [name, value];
      const kind = String(value);
      return [name, Object.freeze({ kind, ...build(parameter.branches[kind] ?? {}, `${prefix}${name}.${kind}.`) })];
    })));
  return build(space, "") as ParametersOf<S>;
}

/**
 * The point of parameters.
 * @throws ArgumentError unless they are exactly the parameters of the space, each with one of its values.
 */
export function encode(operation: string, space: Space, dimensions: readonly Dimension[], parameters: unknown): Point {
  const coordinates = new Map<string, number>();
  const byName = new Map(dimensions.map((dimension) => [dimension.name, dimension]));
  const put = (name: string, value: unknown): void => {
    const dimension = byName.get(name);
    const coordinate = dimension === undefined ? undefined : coordinateOf(dimension, value);
    if (coordinate === undefined) throw new ArgumentError(`${operation}: the parameter "${name}" is ${describeValue(value)}, which is not in the space`);
    coordinates.set(name, coordinate);
  };
  const read = (within: Space, values: unknown, prefix: string, also: readonly string[]): void => {
    if (typeof values !== "object" || values === null) throw new ArgumentError(`${operation}: the parameters are ${describeValue(values)}, expected an object`);
    const record: Values = { ...values };
    const names = [...Object.keys(within), ...also];
    const unknown = Object.keys(record).find((name) => !names.includes(name));
    if (unknown !== undefined) throw new ArgumentError(`${operation}: the space has no parameter "${prefix}${unknown}"${didYouMean(unknown, names)}`);
    for (const [name, parameter] of Object.entries(within)) {
      const value = record[name];
      if (parameter.type !== "conditional") {
        put(prefix + name, value);
        continue;
      }
      const kind: unknown = typeof value === "object" && value !== null && "kind" in value ? value.kind : undefined;
      if (kind === undefined) throw new ArgumentError(`${operation}: the parameter "${prefix}${name}" is ${describeValue(value)}, expected a branch such as { kind: "${Object.keys(parameter.branches)[0]}", … }`);
      put(prefix + name, kind);
      read(parameter.branches[String(kind)] ?? {}, value, `${prefix}${name}.${String(kind)}.`, ["kind"]);
    }
  };
  read(space, parameters, "", []);
  return dimensions.map(({ name }) => coordinates.get(name));
}
