import { CheckpointError } from "../checkpoint/checkpoint-error.js";
import type { Contents } from "../checkpoint/stored-tensor.js";
import { unpickle, type Unpickled } from "../pickle/unpickle.js";
import { PickleEnd, PickleProblem, type PickleValue } from "../pickle/values.js";
import { decode } from "../safetensors/element-types.js";
import type { ByteSource } from "../source/byte-source.js";
import { gather } from "./gather.js";
import { torchRules } from "./torch-rules.js";
import type { TorchTensor } from "./torch-values.js";
import { treeOf } from "./tree.js";

/** Reads a pickle of PyTorch. `undefined` if the bytes end before it does. @throws CheckpointError if it is damaged, or names what is not read. */
export function unpickled(source: string, bytes: Uint8Array, start: number): Unpickled | undefined {
  try {
    return unpickle(bytes, start, torchRules);
  } catch (cause) {
    if (cause instanceof PickleEnd) return undefined;
    if (cause instanceof PickleProblem) throw new CheckpointError(source, cause.message, undefined, { cause });
    throw cause;
  }
}

/** The tensors of a pickle. `read` gives the bytes from the first element of a tensor to its last; `check` throws if its storage is not there. */
export function contentsOf(source: ByteSource, root: PickleValue, read: (tensor: TorchTensor) => Promise<Uint8Array>, check: (tensor: TorchTensor) => void): Contents {
  const { value, tensors } = treeOf(root, source.name);
  return {
    format: "PyTorch",
    metadata: {},
    value,
    tensors: Array.from(tensors, ([name, tensor]) => {
      const { shape, dtype } = tensor;
      check(tensor);
      const stored = { name, shape, dtype, start: 0, end: 0 };
      return { name, shape, dtype, read: async () => decode(stored, gather(tensor, await read(tensor)), source.name) };
    }),
    close: () => source.close(),
  };
}
