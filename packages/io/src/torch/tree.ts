import { quote } from "@nn/tensor/extend";
import { CheckpointError } from "../checkpoint/checkpoint-error.js";
import type { CheckpointValue } from "../checkpoint/stored-tensor.js";
import { PickleDict, PickleTuple, type PickleValue } from "../pickle/values.js";
import { TorchTensor } from "./torch-values.js";

/** The deepest nesting of dictionaries and lists. */
const deepest = 64;

/** The most values: a small file may name the same list again and again. */
const mostValues = 1_000_000;

/** The tensors of a file by name, and its values with these names in place of the tensors. */
export interface Tree {
  readonly tensors: ReadonlyMap<string, TorchTensor>;
  readonly value: CheckpointValue;
}

/**
 * Names the tensors of a pickle by the keys and places that lead to them, with dots between: `model.0.weight`. A file that is one tensor calls it `tensor`.
 * @throws CheckpointError for values nested too deeply or without end, and for two tensors of one name.
 */
export function treeOf(root: PickleValue, source: string): Tree {
  const tensors = new Map<string, TorchTensor>();
  let values = 0;
  const walk = (value: PickleValue, path: readonly string[]): CheckpointValue => {
    if (path.length > deepest) throw new CheckpointError(source, `its values are nested more than ${deepest} deep, or contain themselves`);
    if (++values > mostValues) throw new CheckpointError(source, `it holds more than ${mostValues} values`);
    if (value instanceof TorchTensor) return named(value, path);
    if (value instanceof PickleDict) return new Map(Array.from(value.entries, ([key, each]) => [walk(key, [...path, "key"]), walk(each, [...path, textOf(key)])]));
    if (value instanceof PickleTuple || Array.isArray(value)) return (Array.isArray(value) ? value : value.items).map((each, at) => walk(each, [...path, String(at)]));
    if (typeof value === "object" && value !== null && !(value instanceof Uint8Array)) return "name" in value ? value.name : value.kind;
    return value;
  };
  const named = (tensor: TorchTensor, path: readonly string[]): CheckpointValue => {
    const name = path.length === 0 ? "tensor" : path.join(".");
    if (tensors.has(name)) throw new CheckpointError(source, `two tensors have the name ${quote(name)}; save them under other keys`);
    tensors.set(name, tensor);
    return { tensor: name };
  };
  return { value: walk(root, []), tensors };
}

function textOf(key: PickleValue): string {
  if (typeof key === "string" || typeof key === "number" || typeof key === "bigint" || typeof key === "boolean") return String(key);
  return key instanceof PickleTuple ? key.items.map(textOf).join(",") : "?";
}
