import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { FormatError, readNpy } from "@nn/data";
import { CheckpointError, openCheckpoint, type CheckpointFile } from "@nn/io";
import type { Tensor } from "@nn/tensor";
import type { Outcome } from "./outcome.js";

// Files of PyTorch and NumPy, honest and hostile, each with what must happen when it is read.

/** An array as it is recorded: numbers that JSON does not have, and integers beyond 2⁵³, are strings. */
interface RecordedArray {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data: readonly unknown[];
}

const verdicts = ["read", "refuse", "refuse-or-read", "read-or-refuse", "read-without-effect"] as const;

/** A file in an index: what must happen to it, and what it holds. */
interface RecordedFile {
  readonly file: string;
  readonly verdict: (typeof verdicts)[number];
  readonly bytes?: number;
  /** Of a checkpoint of PyTorch. */
  readonly content?: unknown;
  /** Of a `.npy` file. */
  readonly array?: RecordedArray;
  /** Of a `.npz` file. */
  readonly arrays?: Readonly<Record<string, RecordedArray>>;
}

/** The fields of an index; `note` and what PyTorch's own reader did have no effect. */
const fields = new Set(["file", "verdict", "bytes", "content", "array", "arrays", "note", "torch113WeightsOnly"]);

const isRecordedFile = (value: unknown): value is RecordedFile =>
  typeof value === "object" && value !== null && "file" in value && typeof value.file === "string" && /\.(pt|pth|npy|npz)$/.test(value.file) && "verdict" in value && verdicts.some((each) => each === value.verdict);

/** Whether the content of a file is an index of files of PyTorch or NumPy. */
export const isStoredIndex = (content: unknown): content is readonly RecordedFile[] => Array.isArray(content) && content.length > 0 && content.every(isRecordedFile);

/** A file that is read or refused. */
export interface StoredFileCase {
  readonly run: () => Promise<Outcome>;
}

/** The cases of an index in a folder. */
export function casesOfStoredFiles(folder: string, index: readonly RecordedFile[]): readonly StoredFileCase[] {
  return index.map((recorded) => ({
    run: async () => {
      const reasons = await problemsOf(folder, recorded).catch((error: unknown) => [String(error)]);
      return { id: recorded.file, target: recorded.verdict, optional: false, status: reasons.length === 0 ? "passed" : "failed", worst: reasons.length === 0 ? 0 : Infinity, reasons };
    },
  }));
}

/** What is wrong with how a file is read; nothing if all is right. */
async function problemsOf(folder: string, recorded: RecordedFile): Promise<readonly string[]> {
  const { file, verdict, bytes } = recorded;
  const strange = Object.keys(recorded).filter((field) => !fields.has(field));
  if (strange.length > 0) return [`the runner does not know the fields ${strange.join(", ")}`];
  const path = join(folder, file);
  const { length } = readFileSync(path);
  if (bytes !== undefined && length !== bytes) return [`the file has ${length} bytes, recorded were ${bytes}`];
  const prototype = Object.getOwnPropertyNames(Object.prototype).join();
  const found = await readOrRefusal(path);
  if (Object.getOwnPropertyNames(Object.prototype).join() !== prototype) return ["reading it changed Object.prototype"];
  const wanted = recorded.content ?? recorded.array ?? recorded.arrays;
  if (found instanceof Error) {
    const mayBeRefused = verdict !== "read" || holdsWideInteger(wanted);
    if (!mayBeRefused) return [found.message];
    return found.message.includes(basename(path)) ? [] : [`the error does not name the file: ${found.message}`];
  }
  if (verdict === "refuse") return found.isOther ? [] : ["the file was read, and must be refused"];
  if (wanted === undefined) return [];
  const [got, want] = [JSON.stringify(found.content), JSON.stringify(expected(wanted))];
  return got === want ? [] : [`it holds ${shortened(got)}, expected ${shortened(want)}`];
}

const shortened = (text: string): string => (text.length > 200 ? `${text.slice(0, 200)}…` : text);

/** What a file holds; `isOther`: it is of another format than its name says, which the index does not know. */
interface Found {
  readonly content: unknown;
  readonly isOther: boolean;
}

async function readOrRefusal(path: string): Promise<Found | CheckpointError | FormatError> {
  try {
    if (path.endsWith(".npy")) return { content: plain(await readNpy(new Uint8Array(readFileSync(path)), { name: path })), isOther: false };
    const checkpoint = await openCheckpoint(path);
    try {
      const isNpz = checkpoint.format === "npz";
      const content = isNpz ? Object.fromEntries(Object.entries(await checkpoint.readAll()).map(([name, value]) => [name, plain(value)])) : await contentOf(checkpoint, checkpoint.value);
      return { content, isOther: path.endsWith(".npz") !== isNpz || checkpoint.format === "safetensors" };
    } finally {
      await checkpoint.close();
    }
  } catch (error) {
    if (error instanceof CheckpointError || error instanceof FormatError) return error;
    throw error;
  }
}

/** A value of a checkpoint in the form of the index, with the elements of its tensors. */
async function contentOf(checkpoint: CheckpointFile, value: unknown): Promise<unknown> {
  const inner = (each: unknown): Promise<unknown> => contentOf(checkpoint, each);
  if (value instanceof Map) return { dict: await Promise.all(Array.from(value, async ([key, each]: [unknown, unknown]) => [await inner(key), await inner(each)])) };
  if (Array.isArray(value)) return { list: await Promise.all(value.map(inner)) };
  if (typeof value === "bigint") return Number(value);
  if (typeof value !== "object" || value === null || !("tensor" in value) || typeof value.tensor !== "string") return value;
  return plain(await checkpoint.read(value.tensor));
}

/** A tensor as it is compared. Its dtype is ours: that of the file is in tests of the package. */
const plain = (value: Tensor): object => ({
  shape: [...value.shape], data: Array.from(value.data("plain"), (element) => (value.dtype === "bool" ? element === 1 : Number.isFinite(element) ? element : String(element))),
});

const isTensor = (value: object): value is RecordedArray => "data" in value && "shape" in value && "dtype" in value;

/** What a file should hold. Tuples are lists to users. */
function expected(wanted: unknown): unknown {
  if (Array.isArray(wanted)) return wanted.map(expected);
  if (typeof wanted !== "object" || wanted === null) return wanted;
  if (isTensor(wanted)) return { shape: wanted.shape, data: wanted.data };
  if ("tuple" in wanted) return { list: expected(wanted.tuple) };
  return Object.fromEntries(Object.entries(wanted).map(([key, value]) => [key, expected(value)]));
}

/** Whether tensors hold integers that int32 does not: they are refused where they are read. */
function holdsWideInteger(wanted: unknown): boolean {
  if (typeof wanted !== "object" || wanted === null) return false;
  if (!isTensor(wanted)) return Object.values(wanted).some(holdsWideInteger);
  return /^u?int/.test(wanted.dtype) && wanted.data.some((each) => Number(each) > 2 ** 31 - 1 || Number(each) < -(2 ** 31));
}
