import { quote } from "@nn/tensor/extend";
import { PickleDict, PickleGlobal, PickleProblem, PickleTuple, type PickleRules, type PickleValue } from "../pickle/values.js";
import { elementSizes, type SafetensorsDType } from "../safetensors/element-types.js";
import { dtypeNames, storageTypes } from "./storage-types.js";
import { TorchStorage, TorchTensor } from "./torch-values.js";

/** The most axes of a tensor, as in PyTorch. */
const mostAxes = 64;

/** The most elements by which a view may be larger than its storage, as expanded tensors are: what a small file may make of memory. */
const mostExpanded = 2 ** 24;

/** What the functions that a checkpoint may name give. */
const functions: Readonly<Record<string, (args: readonly PickleValue[]) => PickleValue>> = {
  "collections.OrderedDict": dictionary,
  "torch.Size": ([sizes]) => (sizes instanceof PickleTuple ? sizes : refuse("torch.Size", "a tuple")),
  "torch._utils._rebuild_tensor": ([storage, offset, shape, strides]) => rebuilt(storage, offset, shape, strides, undefined),
  "torch._utils._rebuild_tensor_v2": ([storage, offset, shape, strides]) => rebuilt(storage, offset, shape, strides, undefined),
  "torch._utils._rebuild_tensor_v3": ([storage, offset, shape, strides, , , dtype]) => rebuilt(storage, offset, shape, strides, dtype),
  "torch._utils._rebuild_parameter": parameter,
  "torch._utils._rebuild_parameter_with_state": parameter,
  "torch.device": () => null,
};

/** Globals that are values, and are not called: types of storages, and dtypes. */
const values: ReadonlySet<string> = new Set([
  ...Object.keys(storageTypes).map((name) => `torch.${name}`), "torch.storage.UntypedStorage", "torch.UntypedStorage", ...Object.keys(dtypeNames).map((name) => `torch.${name}`),
]);

/** What to do about files that hold more than tensors. */
const advice: readonly (readonly [RegExp, string])[] = [
  [/^torch\._utils\._rebuild_(q|wrapper_q)|QInt|QUInt/, "quantized tensors are not supported; save the model with dequantized weights"],
  [/sparse/, "sparse tensors are not supported; save them with to_dense()"],
  [/Complex/, "complex numbers are not supported; save real and imaginary parts"],
  [/^numpy/, "NumPy arrays are not supported; save them as tensors, or as .npz"],
  [/^torch\.nn\.|^__main__\./, "the file holds whole objects of Python classes, not only their tensors; in Python, save model.state_dict()"],
];

/** PyTorch's pickles: dictionaries, lists, tuples, numbers and text, and tensors as views of storages. */
export const torchRules: PickleRules = {
  refusal: (name) => {
    if (Object.hasOwn(functions, name) || values.has(name)) return undefined;
    const [, hint = "expected tensors in dictionaries, lists and tuples"] = advice.find(([pattern]) => pattern.test(name)) ?? [];
    return `the file names ${quote(name)}, which is not read; ${hint}`;
  },
  call: (name, args) => {
    const make = Object.hasOwn(functions, name) ? functions[name] : undefined;
    if (make === undefined) throw new PickleProblem(`${quote(name)} is called, which is no function`);
    return make(args);
  },
  persistent: storageOf,
};

function refuse(name: string, expected: string): never {
  throw new PickleProblem(`the arguments of ${name} do not fit, expected ${expected}`);
}

function dictionary([pairs]: readonly PickleValue[]): PickleDict {
  const dict = new PickleDict();
  if (pairs === undefined) return dict;
  for (const pair of Array.isArray(pairs) ? pairs : refuse("collections.OrderedDict", "a list of pairs")) {
    const [key, value, ...more] = pair instanceof PickleTuple ? pair.items : Array.isArray(pair) ? pair : [];
    if (key === undefined || value === undefined || more.length > 0) refuse("collections.OrderedDict", "a list of pairs");
    dict.entries.set(key, value);
  }
  return dict;
}

function parameter([tensor]: readonly PickleValue[]): TorchTensor {
  return tensor instanceof TorchTensor ? tensor : refuse("torch._utils._rebuild_parameter", "a tensor first");
}

/** `("storage", type, key, location, length)`. Where it was, on a GPU or not, does not matter. */
function storageOf(id: PickleValue): TorchStorage {
  const [tag, type, key, , length, view] = id instanceof PickleTuple ? id.items : [];
  if (tag === "module") throw new PickleProblem("the file holds whole objects of Python classes, not only their tensors; in Python, save model.state_dict()");
  const isSize = typeof length === "number" && Number.isSafeInteger(length) && length >= 0;
  if (tag !== "storage" || !(type instanceof PickleGlobal) || typeof key !== "string" || !isSize) throw new PickleProblem("a persistent id is no storage");
  if (view !== undefined && view !== null) throw new PickleProblem("a storage is a view of another one, as very old versions of PyTorch wrote them; save the file again with a newer one");
  const short = type.name.slice("torch.".length);
  return new TorchStorage(key, Object.hasOwn(storageTypes, short) ? storageTypes[short] : undefined, length);
}

/** A tensor, whose view must lie within its storage. */
function rebuilt(storage: PickleValue | undefined, offset: PickleValue | undefined, shape: PickleValue | undefined, strides: PickleValue | undefined, type: PickleValue | undefined): TorchTensor {
  if (!(storage instanceof TorchStorage)) throw new PickleProblem("a tensor has no storage");
  const dtype = dtypeOf(storage, type);
  const sizes = sizesOf(shape);
  const steps = sizesOf(strides);
  if (sizes === undefined || steps === undefined || sizes.length !== steps.length || sizes.length > mostAxes) throw new PickleProblem("a tensor has a shape and strides that do not fit");
  if (typeof offset !== "number" || !Number.isSafeInteger(offset) || offset < 0) throw new PickleProblem("the offset of a tensor is no whole number, at least 0");
  const available = storage.dtype === undefined ? Math.floor(storage.length / elementSizes[dtype]) : storage.length;
  const count = sizes.reduce((product, size) => product * size, 1);
  const last = count === 0 ? -1 : sizes.reduce((at, size, axis) => at + (size - 1) * (steps[axis] ?? 0), offset);
  if (last >= available || (count === 0 && offset > available)) throw new PickleProblem(`a tensor [${sizes.join(", ")}] reaches beyond the ${available} elements of its storage`);
  if (count > available + mostExpanded) throw new PickleProblem(`a tensor [${sizes.join(", ")}] repeats the ${available} elements of its storage to ${count}, expected at most ${mostExpanded} more`);
  return new TorchTensor(storage, dtype, offset, sizes, steps);
}

function dtypeOf(storage: TorchStorage, type: PickleValue | undefined): SafetensorsDType {
  if (storage.dtype !== undefined) return storage.dtype;
  const name = type instanceof PickleGlobal ? type.name.slice("torch.".length) : "";
  const dtype = Object.hasOwn(dtypeNames, name) ? dtypeNames[name] : undefined;
  if (dtype === undefined) throw new PickleProblem("a tensor over untyped bytes has no dtype");
  return dtype;
}

function sizesOf(value: PickleValue | undefined): readonly number[] | undefined {
  if (!(value instanceof PickleTuple)) return undefined;
  const sizes = value.items.filter((size): size is number => typeof size === "number" && Number.isSafeInteger(size) && size >= 0);
  return sizes.length === value.items.length ? sizes : undefined;
}
