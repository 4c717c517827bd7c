import type { Tensor } from "@nn/tensor";
import type { SafetensorsDType } from "../safetensors/element-types.js";

/** A tensor of a checkpoint, before it is read. */
export interface StoredTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** The element type in the file, named as in safetensors. */
  readonly dtype: SafetensorsDType;
  /** Reads it. @throws CheckpointError if its bytes are damaged, or an element does not fit into a tensor. */
  read(): Promise<Tensor>;
}

/** The formats of checkpoints. */
export type CheckpointFormat = "safetensors" | "PyTorch" | "npz";

/** A value beside the tensors in a PyTorch file. */
export type CheckpointValue = null | boolean | number | bigint | string | Uint8Array | readonly CheckpointValue[] | ReadonlyMap<CheckpointValue, CheckpointValue> | TensorName;

/** The place of a tensor among the values of a PyTorch file. */
export interface TensorName {
  /** Its name in {@link CheckpointFile.tensors}. */
  readonly tensor: string;
}

/** The result of the reader of a format. */
export interface Contents {
  readonly format: CheckpointFormat;
  readonly tensors: readonly StoredTensor[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly value: CheckpointValue | undefined;
  close(): Promise<void>;
}
