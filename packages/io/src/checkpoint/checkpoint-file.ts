import { ArgumentError, type Tensor } from "@nn/tensor";
import { didYouMean, quote, requireKind } from "@nn/tensor/extend";
import type { SafetensorsDType } from "../safetensors/element-types.js";
import { renamed, type RenameRules } from "./rename.js";
import type { CheckpointFormat, CheckpointValue, Contents, StoredTensor } from "./stored-tensor.js";

/** The name, shape and element type of a tensor in a checkpoint. */
export interface CheckpointTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** The element type in the file, named as in safetensors: `F16`, `BF16`, `I64`, …. */
  readonly dtype: SafetensorsDType;
}

/**
 * An open checkpoint, made by `openCheckpoint`. Names, shapes and element types are known; each tensor is read when it is requested.
 *
 * F32, F64, I32 and BOOL keep their type. F16 and BF16 become float32. Other integers become int32; one that does not fit is an error.
 */
export class CheckpointFile {
  readonly #contents: Contents;
  readonly #byName: ReadonlyMap<string, StoredTensor>;
  /** The tensors, in the order of the file. */
  readonly tensors: readonly CheckpointTensor[];

  /** @internal */
  constructor(contents: Contents) {
    this.#contents = contents;
    this.#byName = new Map(contents.tensors.map((tensor) => [tensor.name, tensor]));
    this.tensors = contents.tensors.map(({ name, shape, dtype }) => ({ name, shape, dtype }));
  }

  get format(): CheckpointFormat {
    return this.#contents.format;
  }

  /** The metadata texts of a safetensors file; empty for other formats. */
  get metadata(): Readonly<Record<string, string>> {
    return this.#contents.metadata;
  }

  /** The whole content of a PyTorch file: dictionaries as maps, lists and tuples as arrays, tensors by their names. `undefined` for other formats. */
  get value(): CheckpointValue | undefined {
    return this.#contents.value;
  }

  /** Whether it has a tensor of this name. */
  has(name: string): boolean {
    requireKind("CheckpointFile.has", "the name", name, "string");
    return this.#byName.has(name);
  }

  /**
   * Reads one tensor.
   * @throws ArgumentError if there is no tensor of this name; CheckpointError if its bytes are damaged, or an element does not fit; FileError if the file cannot be
   * read.
   */
  async read(name: string): Promise<Tensor> {
    requireKind("CheckpointFile.read", "the name", name, "string");
    const tensor = this.#byName.get(name);
    if (tensor === undefined) throw new ArgumentError(`CheckpointFile.read: there is no tensor ${quote(name)}${didYouMean(name, [...this.#byName.keys()]) || `; the checkpoint has ${this.#byName.size} tensors`}`);
    return tensor.read();
  }

  /** Reads all tensors: a state dictionary, for `model.loadStateDict(await checkpoint.readAll())`. @throws As {@link CheckpointFile.read}. */
  async readAll(): Promise<Readonly<Record<string, Tensor>>> {
    const tensors: (readonly [string, Tensor])[] = [];
    for (const tensor of this.#byName.values()) tensors.push([tensor.name, await tensor.read()]);
    // A record whose keys may be any names, `__proto__` too.
    return Object.fromEntries(tensors);
  }

  /**
   * The same checkpoint with other names, for files that follow another convention.
   *
   * @example
   * ```ts
   * import { openCheckpoint, writeSafetensors } from "@nn/io";
   * import { tensor } from "@nn/tensor";
   * const checkpoint = await openCheckpoint(writeSafetensors({ "module.fc.gamma": tensor([1, 2]) }));
   * const renamed = checkpoint.renamed([["module.", ""], [/gamma$/, "weight"]]);
   * renamed.tensors.map(({ name }) => name); // => ["fc.weight"]
   * ```
   * @throws ArgumentError if two tensors would have the same name.
   */
  renamed(rules: RenameRules): CheckpointFile {
    return new CheckpointFile({ ...this.#contents, tensors: renamed(this.#contents.tensors, rules), close: () => this.#contents.close() });
  }

  /** Closes its files. */
  async close(): Promise<void> {
    await this.#contents.close();
  }
}
