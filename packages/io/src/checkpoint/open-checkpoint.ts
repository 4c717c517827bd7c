import { FileError } from "@nn/files";
import { builtin } from "@nn/files/builtin";
import { ArgumentError } from "@nn/tensor";
import { describeValue, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { holdsArrays, readNpz } from "../npz/read.js";
import { readSafetensorsSource } from "../safetensors/source.js";
import { blobSource, bytesSource, type ByteSource } from "../source/byte-source.js";
import { fileSource } from "../source/file-source.js";
import { urlSource } from "../source/url-source.js";
import { readTorchLegacy } from "../torch/legacy-file.js";
import { pickleOf, readTorchZip } from "../torch/zip-file.js";
import { readDirectory } from "../zip/directory.js";
import { CheckpointError } from "./checkpoint-error.js";
import { CheckpointFile } from "./checkpoint-file.js";
import { limitOptions, limitsOf, type CheckpointLimits } from "./limits.js";
import { joined, readIndex } from "./sharded.js";
import type { Contents } from "./stored-tensor.js";

/** Options of {@link openCheckpoint}. */
export interface OpenOptions extends CheckpointLimits {
  /** The name of the checkpoint in messages. Default: the path, the address, or the name of the file. */
  readonly name?: string;
  /** Ends transfers from a server. */
  readonly signal?: AbortSignal;
}

const openOptions: OptionKinds<OpenOptions> = { ...limitOptions, name: "string", signal: "any" };

/** Where a checkpoint is: the path of a file or folder, an address (`http:`, `https:`), a `Blob` or `File` of a page, or its bytes. */
export type CheckpointSource = string | URL | Blob | Uint8Array | ArrayBuffer;

/** The names of checkpoints in a folder, as Hugging Face uses them; the first one that exists is opened. */
const folderNames = ["model.safetensors", "model.safetensors.index.json", "pytorch_model.bin", "pytorch_model.bin.index.json"];

/**
 * Opens a checkpoint: a safetensors file, a PyTorch file (`.pt`, `.pth`, `.bin`; also those from before PyTorch 1.6), an archive of NumPy's arrays (`.npz`), or an index of several
 * such files. Names, shapes and element types are read at once. A tensor is read when it is requested; from a file or a server that sends parts, only its bytes are read. The arrays of an `.npz`
 * archive are read through once when it opens, for their headers.
 *
 * A PyTorch file is a pickle, which in Python can run any program. Here it is read as data: dictionaries, lists, tuples, numbers, texts and tensors; every other name in it is refused.
 *
 * @example
 * ```ts no-run
 * import { openCheckpoint } from "@nn/io";
 * import { Linear } from "@nn/layers";
 * const model = new Linear(784, 10);
 * const checkpoint = await openCheckpoint("linear.pth");
 * checkpoint.tensors[0]; // => { name: "weight", shape: [10, 784], dtype: "F32" }
 * model.loadStateDict(await checkpoint.readAll());
 * await checkpoint.close();
 * ```
 * @throws CheckpointError if it is damaged, is not a checkpoint, or has content that is not supported; SafetensorsError for a damaged safetensors file; FileError if it cannot be read.
 */
export async function openCheckpoint(source: CheckpointSource, options: OpenOptions = {}): Promise<CheckpointFile> {
  requireOptions(operation, options, openOptions);
  const { signal } = options;
  if (signal !== undefined && !(signal instanceof AbortSignal)) throw new ArgumentError(`${operation}: signal is ${describeValue(signal)}, expected an AbortSignal`);
  const place = await placeOf(source, options);
  return new CheckpointFile(await contentsOf(place, limitsOf(options)));
}

const operation = "openCheckpoint";

/** The bytes of a checkpoint, and a function that opens other files in its folder. */
interface Place {
  readonly bytes: ByteSource;
  beside(file: string): Promise<ByteSource>;
}

async function placeOf(source: CheckpointSource, { name, signal }: OpenOptions): Promise<Place> {
  const alone = (bytes: ByteSource): Place => ({
    bytes,
    beside: async (file) => {
      throw new CheckpointError(bytes.name, `its tensors lie in other files, such as ${file}; open it by its path or address`);
    },
  });
  if (source instanceof Uint8Array) return alone(bytesSource(name ?? `${operation} input`, source));
  if (source instanceof ArrayBuffer) return alone(bytesSource(name ?? `${operation} input`, new Uint8Array(source)));
  if (typeof Blob !== "undefined" && source instanceof Blob) return alone(blobSource(name ?? ("name" in source && typeof source.name === "string" ? source.name : `${operation} input`), source));
  if (source instanceof URL || (typeof source === "string" && /^https?:\/\//i.test(source))) {
    const url = new URL(source);
    if (url.protocol !== "http:" && url.protocol !== "https:") throw new ArgumentError(`${operation}: the address begins with ${url.protocol}, expected http: or https:`);
    return { bytes: await urlSource(url.href, signal), beside: (file) => urlSource(new URL(encodeURIComponent(file), url).href, signal) };
  }
  if (typeof source !== "string") throw new ArgumentError(`${operation}: the source is ${describeValue(source)}, expected a path, an address, a Blob, or bytes`);
  const path = await fileOf(source);
  const { dirname, join } = builtin(operation, "node:path");
  return { bytes: await fileSource(operation, path), beside: (file) => fileSource(operation, join(dirname(path), file)) };
}

/** The path of the checkpoint: `path` if it is a file, or that of the checkpoint in the folder. */
async function fileOf(path: string): Promise<string> {
  const { stat, readdir } = builtin(operation, "node:fs/promises");
  try {
    if (!(await stat(path)).isDirectory()) return path;
    const names = await readdir(path);
    const found = folderNames.find((name) => names.includes(name));
    if (found !== undefined) return builtin(operation, "node:path").join(path, found);
  } catch (cause) {
    throw new FileError(operation, "read", path, cause);
  }
  throw new CheckpointError(path, `the folder has no checkpoint, expected ${folderNames.join(", ")}; give the path of a file`);
}

async function contentsOf({ bytes, beside }: Place, limits: Required<CheckpointLimits>): Promise<Contents> {
  try {
    const head = await bytes.read(0, Math.min(16, bytes.size));
    if (formatOf(head) !== "index") return await readFormat(bytes, head, limits);
    const files = await readIndex(bytes, limits.maxHeaderBytes);
    const name = bytes.name;
    await bytes.close();
    return await joined(name, files, async (file) => contentsOf({ bytes: await beside(file), beside: refuseIndex(file) }, limits));
  } catch (error) {
    await bytes.close();
    throw error;
  }
}

const refuseIndex = (name: string) => async (): Promise<never> => {
  throw new CheckpointError(name, "it is an index itself, expected a file of tensors");
};

/** The format of a file, from its first bytes. */
function formatOf(head: Uint8Array): "index" | "zip" | "pickle" | "safetensors" | undefined {
  const [first, second] = head;
  if (first === 0x50 && second === 0x4b) return "zip";
  if (first === 0x80 && second !== undefined && second >= 1 && second <= 5) return "pickle";
  // The length of a header, below 2^48, and the header, which begins with a brace.
  if (head[6] === 0 && head[7] === 0 && head[8] === 0x7b) return "safetensors";
  return first === 0x7b ? "index" : undefined;
}

async function readFormat(source: ByteSource, head: Uint8Array, limits: Required<CheckpointLimits>): Promise<Contents> {
  const format = formatOf(head);
  if (format === "safetensors") return readSafetensorsSource(source, limits);
  if (format === "pickle") return readTorchLegacy(source, limits);
  if (format === "zip") {
    const members = await readDirectory(source);
    const pickle = pickleOf(members);
    if (pickle !== undefined) return readTorchZip(source, members, pickle, limits);
    if (holdsArrays(members)) return readNpz(source, members, limits);
    throw new CheckpointError(source.name, "it is a zip archive, but neither one that PyTorch saved, with a member data.pkl, nor one of NumPy's arrays");
  }
  throw new CheckpointError(source.name, source.size === 0 ? "the file is empty" : "it is not a checkpoint, expected a safetensors file, a PyTorch file, an .npz archive, or an index of shards", 0);
}
