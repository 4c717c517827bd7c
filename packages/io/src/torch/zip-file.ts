import { quote } from "@nn/tensor/extend";
import { CheckpointError } from "../checkpoint/checkpoint-error.js";
import type { CheckpointLimits } from "../checkpoint/limits.js";
import type { Contents } from "../checkpoint/stored-tensor.js";
import type { ByteSource } from "../source/byte-source.js";
import type { ZipMember } from "../zip/directory.js";
import { readMember } from "../zip/member.js";
import { spanOf } from "./gather.js";
import { contentsOf, unpickled } from "./torch-contents.js";
import type { TorchStorage, TorchTensor } from "./torch-values.js";

/** The versions of the format that are read: those of PyTorch up to now. */
const newestVersion = 10;

/** The name of the pickle in an archive; its folder may have any name. `undefined` if the archive is none of PyTorch's. */
export function pickleOf(members: ReadonlyMap<string, ZipMember>): string | undefined {
  return [...members.keys()].find((name) => /^[^/]*\/?data\.pkl$/.test(name));
}

/** A file that PyTorch 1.6 or later saved: a zip archive with a pickle, and a member for each storage. */
export async function readTorchZip(source: ByteSource, members: ReadonlyMap<string, ZipMember>, pickle: string, limits: Required<CheckpointLimits>): Promise<Contents> {
  const folder = pickle.slice(0, -"data.pkl".length);
  if (members.has(`${folder}constants.pkl`)) throw new CheckpointError(source.name, "it is a TorchScript program, not a checkpoint; in Python, save model.state_dict()");
  const text = async (name: string): Promise<string | undefined> => {
    const member = members.get(`${folder}${name}`);
    return member === undefined ? undefined : new TextDecoder().decode(await readMember(source, member, 100)).trim();
  };
  const version = await text("version");
  if (version !== undefined && !(/^\d+$/.test(version) && Number(version) >= 1 && Number(version) <= newestVersion)) throw new CheckpointError(source.name, `the version of its format is ${quote(version)}, expected 1 to ${newestVersion}`);
  const order = await text("byteorder");
  if (order !== undefined && order !== "little") throw new CheckpointError(source.name, `its numbers are in ${quote(order)} byte order, expected little; save it on another machine`);
  const bytes = await readMember(source, memberOf(source, members, pickle), limits.maxHeaderBytes);
  const read = unpickled(source.name, bytes, 0);
  if (read === undefined) throw new CheckpointError(source.name, `the pickle ${quote(pickle)} has no end; it is cut off or damaged`);
  const storages = new LastStorage(source, members, folder);
  return contentsOf(source, read.value, async (tensor) => {
    const { start, end } = spanOf(tensor);
    return (await storages.read(tensor)).subarray(start, end);
  }, (tensor) => void memberOf(source, members, `${folder}data/${tensor.storage.key}`));
}

function memberOf(source: ByteSource, members: ReadonlyMap<string, ZipMember>, name: string): ZipMember {
  const member = members.get(name);
  if (member === undefined) throw new CheckpointError(source.name, `the archive has no member ${quote(name)}, which its pickle names`);
  return member;
}

/** The storage that was read last: tensors that share one follow one another. It is read whole, to check its checksum. */
class LastStorage {
  readonly #source: ByteSource;
  readonly #members: ReadonlyMap<string, ZipMember>;
  readonly #folder: string;
  #last: { readonly key: string; readonly bytes: Promise<Uint8Array> } | undefined;

  constructor(source: ByteSource, members: ReadonlyMap<string, ZipMember>, folder: string) {
    this.#source = source;
    this.#members = members;
    this.#folder = folder;
  }

  async read(tensor: TorchTensor): Promise<Uint8Array> {
    const { storage } = tensor;
    if (this.#last?.key !== storage.key) this.#last = { key: storage.key, bytes: this.#readWhole(storage) };
    return this.#last.bytes;
  }

  async #readWhole({ key, bytes: size }: TorchStorage): Promise<Uint8Array> {
    const member = memberOf(this.#source, this.#members, `${this.#folder}data/${key}`);
    if (member.size !== size) throw new CheckpointError(this.#source.name, `the storage ${quote(key)} has ${member.size} bytes, but its pickle says ${size}; the file is damaged`, member.header);
    return readMember(this.#source, member, size);
  }
}
