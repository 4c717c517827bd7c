import { CheckpointError, hasValidChecksum, readSafetensors, writeSafetensors } from "@nn/io";
import { UsageError } from "@nn/tensor";
import { describeValue, messageOf, quote, requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { requireStateful, type Stateful } from "../stateful.js";
import { unflattenState, flattenState } from "./state-tree.js";
import { requireStorage, type CheckpointStorage } from "./storage.js";

/** Options of {@link Checkpoint.load} and {@link Checkpoint.restore}. */
export interface CheckpointLoadOptions {
  /**
   * Whether the checkpoint must have a state for every object, and none besides. With `false`, objects without one keep their state, and other
   * states are ignored. Default true.
   */
  readonly strict?: boolean | undefined;
  /** The name of the checkpoint in errors. Default: its name in the storage, or `"checkpoint"`. */
  readonly name?: string | undefined;
}

const loadOptions: OptionKinds<CheckpointLoadOptions> = { strict: "boolean", name: "string" };

/** The format that the metadata of a file names. */
const format = "nn checkpoint";
const version = "3";

/** The name of a checkpoint in a storage, if no other is given. */
const defaultName = "checkpoint.safetensors";

/**
 * The states of several objects in one safetensors file: everything that a run needs to continue. Tensors are tensors of the file, the rest is JSON in its
 * metadata, and a checksum (CRC-32) covers every byte.
 *
 * Loading checks everything before it changes anything: if one object refuses its state, none changes.
 *
 * @example
 * ```ts
 * import { Linear } from "@nn/layers";
 * import { Adam } from "@nn/optim";
 * import { defaultGenerator } from "@nn/tensor";
 * import { Checkpoint, memoryStorage } from "@nn/train";
 *
 * const model = new Linear(2, 1);
 * const optimizer = new Adam(model.parameters(), { learningRate: 0.01 });
 * const checkpoint = new Checkpoint({ model, optimizer, generator: defaultGenerator() });
 *
 * const storage = memoryStorage();
 * await checkpoint.restore(storage); // => false
 * await checkpoint.save(storage);
 * await checkpoint.restore(storage); // => true
 * ```
 */
export class Checkpoint {
  readonly #objects: ReadonlyMap<string, Stateful>;

  /** @throws UsageError unless every value has `stateDict()` and `loadStateDict(state)`. */
  constructor(objects: Readonly<Record<string, Stateful>>) {
    if (typeof objects !== "object" || objects === null || Array.isArray(objects) || isStateful(objects)) {
      throw new UsageError(`Checkpoint: got ${describeValue(objects)}, expected an object such as { model, optimizer }`);
    }
    for (const [name, object] of Object.entries(objects)) requireStateful("Checkpoint", quote(name), object);
    this.#objects = new Map(Object.entries(objects));
  }

  /** The names of the objects. */
  get names(): readonly string[] {
    return [...this.#objects.keys()];
  }

  /**
   * The states as the content of a file.
   * @throws CheckpointError for a state that cannot be written.
   */
  toBytes(): Uint8Array {
    return encodeStates("Checkpoint.toBytes", Object.fromEntries([...this.#objects].map(([name, object]) => [name, object.stateDict()])));
  }

  /** The states as a file that a page can offer for download. */
  toBlob(): Blob {
    return new Blob([this.toBytes().slice()], { type: "application/octet-stream" });
  }

  /**
   * Loads the states of {@link Checkpoint.toBytes}. For a Blob, pass `await blob.arrayBuffer()`.
   * @throws CheckpointError, and changes nothing, if the bytes are not a checkpoint, are damaged, or do not fit.
   */
  load(bytes: Uint8Array | ArrayBuffer, options: CheckpointLoadOptions = {}): void {
    const operation = "Checkpoint.load";
    requireOptions(operation, options, loadOptions);
    if (!(bytes instanceof Uint8Array) && !(bytes instanceof ArrayBuffer)) {
      throw new UsageError(`${operation}: got ${describeValue(bytes)}, expected the bytes of a checkpoint as a Uint8Array or an ArrayBuffer`);
    }
    const { name = "checkpoint", strict = true } = options;
    assignStates(name, this.#objects, decodeStates(name, bytes), { mayDiffer: () => !strict, hint: () => " (load and restore accept that with strict: false)" });
  }

  /** Writes the states to a storage. The storage replaces an older checkpoint completely or not at all. */
  async save(storage: CheckpointStorage, name: string = defaultName): Promise<void> {
    requireStorage("Checkpoint.save", storage);
    requireKind("Checkpoint.save", "name", name, "string");
    await storage.write(name, this.toBytes());
  }

  /**
   * Loads the states from a storage.
   * @returns whether there was a checkpoint; without one nothing changes.
   * @throws CheckpointError, and changes nothing, if the checkpoint is damaged or does not fit.
   */
  async restore(storage: CheckpointStorage, name: string = defaultName, options: CheckpointLoadOptions = {}): Promise<boolean> {
    requireStorage("Checkpoint.restore", storage);
    requireKind("Checkpoint.restore", "name", name, "string");
    requireOptions("Checkpoint.restore", options, loadOptions);
    const bytes = await storage.read(name);
    if (bytes === undefined) return false;
    this.load(bytes, { name, ...options });
    return true;
  }
}

/** Which parts a checkpoint may lack or have besides, and what errors say of those that it may not. */
export interface Leniency {
  readonly mayDiffer: (name: string) => boolean;
  readonly hint: (names: readonly string[]) => string;
}

/** Loads states into objects, by their names. If one object refuses its state, all keep what they have. @throws CheckpointError */
export function assignStates(source: string, objects: ReadonlyMap<string, Stateful>, states: Readonly<Record<string, unknown>>, { mayDiffer, hint }: Leniency): void {
  const missing = [...objects.keys()].filter((name) => !Object.hasOwn(states, name) && !mayDiffer(name));
  const unexpected = Object.keys(states).filter((name) => !objects.has(name) && !mayDiffer(name));
  if (missing.length + unexpected.length > 0) {
    const list = (names: readonly string[]): string => names.map((name) => quote(name)).join(", ");
    const complaints = [...(missing.length > 0 ? [`it has no state of ${list(missing)}`] : []), ...(unexpected.length > 0 ? [`it has a state of ${list(unexpected)}, which there is not here`] : [])];
    throw new CheckpointError(source, `the checkpoint does not fit: ${complaints.join(", and ")}${hint([...missing, ...unexpected])}`);
  }
  const before: (readonly [Stateful, unknown])[] = [];
  for (const [name, object] of objects) {
    if (!Object.hasOwn(states, name)) continue;
    const own = object.stateDict();
    try {
      object.loadStateDict(states[name]);
    } catch (cause) {
      for (const [changed, state] of before.toReversed()) changed.loadStateDict(state);
      throw new CheckpointError(source, `the checkpoint does not fit ${quote(name)}: ${messageOf(cause)}`, undefined, { cause });
    }
    before.push([object, own]);
  }
}

/** States of objects, by their names, as the content of a file. @throws CheckpointError for a state that cannot be written. */
export function encodeStates(operation: string, states: Readonly<Record<string, unknown>>): Uint8Array {
  const { tensors, json } = flattenState(operation, states);
  return writeSafetensors(tensors, { format, version, state: json }, { checksum: true });
}

/** The states in the content of a file. @throws CheckpointError if it is not a checkpoint, or damaged. */
export function decodeStates(name: string, bytes: Uint8Array | ArrayBuffer): Readonly<Record<string, unknown>> {
  const { tensors, metadata } = readSafetensors(bytes, { name });
  if (metadata["format"] !== format) throw new CheckpointError(name, "it is a safetensors file, but not a checkpoint; load the weights in it with model.loadStateDict(...)");
  if (metadata["version"] !== version) throw new CheckpointError(name, `it has version ${metadata["version"] ?? "?"} of the format, this program reads version ${version}`);
  if (!hasValidChecksum(bytes)) throw new CheckpointError(name, "the file is damaged: its checksum is wrong");
  const states = unflattenState(name, { tensors, json: metadata["state"] ?? "" });
  if (typeof states === "object" && states !== null && !Array.isArray(states)) return states as Readonly<Record<string, unknown>>;
  throw new CheckpointError(name, "the file is damaged: its state is not an object");
}

function isStateful(value: object): boolean {
  return "stateDict" in value && typeof value.stateDict === "function";
}
