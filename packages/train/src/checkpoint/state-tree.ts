import { CheckpointError } from "@nn/io";
import { isTensor, type Tensor } from "@nn/tensor";
import { describeValue, isPlainObject, quote } from "@nn/tensor/extend";

/** A flattened state: its tensors by name, and the rest as JSON that refers to them. */
export interface StateTree {
  readonly tensors: Readonly<Record<string, Tensor>>;
  readonly json: string;
}

/** A state that is nested more deeply is assumed to contain itself. */
const maxDepth = 100;

/** Numbers that JSON cannot hold, by the names under which they are written. */
const specialNumbers: Readonly<Record<string, number>> = { NaN: Number.NaN, Infinity: Number.POSITIVE_INFINITY, "-Infinity": Number.NEGATIVE_INFINITY, "-0": -0 };

/**
 * Flattens a state. In the JSON, a tensor is `{ "$tensor": name }` and a number that JSON does not have is `{ "$number": name }`; other keys
 * that begin with `$` get a second one. A tensor that occurs twice is stored once.
 * @throws CheckpointError for a value that is not a tensor and cannot be written as JSON, with its path.
 */
export function flattenState(operation: string, state: unknown): StateTree {
  const tensors = new Map<string, Tensor>();
  const names = new Map<Tensor, string>();

  const nameOf = (tensor: Tensor, path: string): string => {
    const known = names.get(tensor);
    if (known !== undefined) return known;
    let name = path;
    for (let copy = 2; tensors.has(name); copy++) name = `${path}#${copy}`;
    tensors.set(name, tensor);
    names.set(tensor, name);
    return name;
  };

  const walk = (value: unknown, path: string, depth: number): unknown => {
    if (depth > maxDepth) throw new CheckpointError(operation, `the state is nested more than ${maxDepth} levels deep, or contains itself (${quote(path)})`);
    if (isTensor(value)) return { $tensor: nameOf(value, path) };
    if (typeof value === "number") return Number.isFinite(value) && !Object.is(value, -0) ? value : { $number: Object.is(value, -0) ? "-0" : String(value) };
    if (value === null || typeof value === "boolean" || typeof value === "string") return value;
    if (Array.isArray(value)) return value.map((each, at) => walk(each, join(path, String(at)), depth + 1));
    if (!isPlainObject(value)) {
      throw new CheckpointError(operation, `the state ${quote(path)} is ${describeValue(value)}, expected tensors, strings, numbers, booleans, null, and arrays and plain objects of these`);
    }
    const entries = Object.entries(value).filter(([, each]) => each !== undefined);
    return Object.fromEntries(entries.map(([key, each]) => [key.startsWith("$") ? `$${key}` : key, walk(each, join(path, key), depth + 1)]));
  };

  const json = JSON.stringify(walk(state, "", 0));
  return { tensors: Object.fromEntries(tensors), json };
}

/** The state that was flattened. @throws CheckpointError for JSON that {@link flattenState} does not write. */
export function unflattenState(operation: string, { tensors, json }: StateTree): unknown {
  const damaged = (what: string): CheckpointError => new CheckpointError(operation, `the file is damaged: ${what}`);

  const tagged = (tag: string, name: unknown): unknown => {
    if (typeof name === "string") {
      if (tag === "$tensor" && Object.hasOwn(tensors, name)) return tensors[name];
      if (tag === "$number" && Object.hasOwn(specialNumbers, name)) return specialNumbers[name];
    }
    throw damaged(`its state refers to ${quote(JSON.stringify({ [tag]: name }))}, which there is not`);
  };

  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== "object" || value === null) return value;
    const entries = Object.entries(value);
    const [tag, name] = entries[0] ?? [];
    if (entries.length === 1 && (tag === "$tensor" || tag === "$number")) return tagged(tag, name);
    return Object.fromEntries(entries.map(([key, each]) => [key.startsWith("$$") ? key.slice(1) : key, walk(each)]));
  };

  let tree: unknown;
  try {
    tree = JSON.parse(json);
  } catch (cause) {
    throw new CheckpointError(operation, "the file is damaged: its state is not JSON", undefined, { cause });
  }
  return walk(tree);
}

function join(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}
