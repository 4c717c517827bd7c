import { PickleObject } from "../pickle/values.js";
import { elementSizes, type SafetensorsDType } from "../safetensors/element-types.js";

/** Elements in memory that tensors are views of. */
export class TorchStorage extends PickleObject {
  readonly kind = "storage";
  readonly key: string;
  /** `undefined` for bytes whose type each tensor gives. */
  readonly dtype: SafetensorsDType | undefined;
  /** The number of elements, or of bytes. */
  readonly length: number;

  constructor(key: string, dtype: SafetensorsDType | undefined, length: number) {
    super();
    this.key = key;
    this.dtype = dtype;
    this.length = length;
  }

  /** Its length in bytes. */
  get bytes(): number {
    return this.length * (this.dtype === undefined ? 1 : elementSizes[this.dtype]);
  }
}

/** A tensor: element `(i, j, …)` is the element `offset + i strides[0] + j strides[1] + …` of its storage. */
export class TorchTensor extends PickleObject {
  readonly kind = "tensor";
  readonly storage: TorchStorage;
  readonly dtype: SafetensorsDType;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];

  constructor(storage: TorchStorage, dtype: SafetensorsDType, offset: number, shape: readonly number[], strides: readonly number[]) {
    super();
    this.storage = storage;
    this.dtype = dtype;
    this.offset = offset;
    this.shape = shape;
    this.strides = strides;
  }
}
