import { quote } from "@nn/tensor/extend";
import { CheckpointError } from "../checkpoint/checkpoint-error.js";
import type { CheckpointLimits } from "../checkpoint/limits.js";
import type { Contents } from "../checkpoint/stored-tensor.js";
import type { Unpickled } from "../pickle/unpickle.js";
import { PickleDict, type PickleValue } from "../pickle/values.js";
import { readRange, type ByteSource } from "../source/byte-source.js";
import { spanOf } from "./gather.js";
import { contentsOf, unpickled } from "./torch-contents.js";
import { TorchStorage, TorchTensor } from "./torch-values.js";

/** What such a file begins with, as a whole number, and its version. */
const magic = 0x1950a86a20f9469cfc6cn;
const version = 1001;

/** How much is read at first: the pickles of most files, since their numbers follow. */
const firstRead = 1 << 20;

/** A file that PyTorch before 1.6 saved: pickles, one after another, then the elements of all storages. */
export async function readTorchLegacy(source: ByteSource, limits: Required<CheckpointLimits>): Promise<Contents> {
  const pickles = new Pickles(source, limits.maxHeaderBytes);
  if ((await pickles.next()).value !== magic) throw new CheckpointError(source.name, "it is a pickle, but none that PyTorch saved: it does not begin with PyTorch's number", 0);
  const found = (await pickles.next()).value;
  if (found !== version) throw new CheckpointError(source.name, `the version of its format is ${quote(String(found))}, expected ${version}`);
  requireLittleEndian(source.name, (await pickles.next()).value);
  const { value } = await pickles.next();
  const { value: keys, end } = await pickles.next();
  const places = await placesOf(source, value, keys, end);
  const placeOf = ({ storage: { key } }: TorchTensor): number => {
    const place = places.get(key);
    if (place === undefined) throw new CheckpointError(source.name, `it has no storage ${quote(key)}, which its pickle names`);
    return place;
  };
  return contentsOf(source, value, async (tensor) => {
    const { start, end: stop } = spanOf(tensor);
    return readRange(source, placeOf(tensor) + start, placeOf(tensor) + stop, "a tensor");
  }, (tensor) => void placeOf(tensor));
}

/** Pickles, one after another. Their lengths are not written, so more is read where one ends too early. */
class Pickles {
  readonly #source: ByteSource;
  readonly #limit: number;
  #bytes = new Uint8Array(0);
  #position = 0;

  constructor(source: ByteSource, limit: number) {
    this.#source = source;
    this.#limit = limit;
  }

  async next(): Promise<Unpickled> {
    for (let length = Math.max(firstRead, this.#bytes.length); ; length *= 2) {
      const end = Math.min(length, this.#source.size);
      if (end > this.#bytes.length) this.#bytes = new Uint8Array(await this.#source.read(0, end));
      const result = unpickled(this.#source.name, this.#bytes, this.#position);
      if (result !== undefined) {
        this.#position = result.end;
        return result;
      }
      if (end === this.#source.size) throw new CheckpointError(this.#source.name, "its pickles have no end; it is cut off or damaged", end);
      if (length >= this.#limit) throw new CheckpointError(this.#source.name, `its pickles have more than ${this.#limit} bytes (maxHeaderBytes)`);
    }
  }
}

function requireLittleEndian(source: string, system: PickleValue): void {
  if (system instanceof PickleDict && system.entries.get("little_endian") === true) return;
  throw new CheckpointError(source, "its numbers are not in little byte order; save it on another machine");
}

/** Where the elements of each storage begin: after eight bytes that tell their number, in the order of the keys. */
async function placesOf(source: ByteSource, root: PickleValue, keys: PickleValue, start: number): Promise<ReadonlyMap<string, number>> {
  const storages = storagesOf(root);
  const places = new Map<string, number>();
  let at = start;
  for (const key of Array.isArray(keys) ? keys : []) {
    const storage = typeof key === "string" ? storages.get(key) : undefined;
    if (storage === undefined || typeof key !== "string") throw new CheckpointError(source.name, "it lists a storage that its pickle does not name; it is damaged", at);
    const bytes = await readRange(source, at, at + 8, `the length of storage ${quote(key)}`);
    const length = Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigInt64(0, true));
    if (length !== storage.length) throw new CheckpointError(source.name, `the storage ${quote(key)} has ${length} elements, but its pickle says ${storage.length}; the file is damaged`, at);
    places.set(key, at + 8);
    at += 8 + storage.bytes;
    if (at > source.size) throw new CheckpointError(source.name, `the storage ${quote(key)} would end at byte ${at}, but there are ${source.size} bytes; it is cut off`, source.size);
  }
  return places;
}

/** All storages that tensors of a pickle are views of, by key. */
function storagesOf(root: PickleValue): ReadonlyMap<string, TorchStorage> {
  const found = new Map<string, TorchStorage>();
  const seen = new Set<PickleValue>();
  const rest: PickleValue[] = [root];
  for (let value = rest.pop(); value !== undefined; value = rest.pop()) {
    if (typeof value !== "object" || value === null || seen.has(value)) continue;
    seen.add(value);
    if (value instanceof TorchTensor) found.set(value.storage.key, value.storage);
    else if (value instanceof TorchStorage) found.set(value.key, value);
    else if (value instanceof PickleDict) for (const entry of value.entries) rest.push(...entry);
    else if (Array.isArray(value)) rest.push(...value);
    else if ("items" in value) rest.push(...value.items);
  }
  return found;
}
