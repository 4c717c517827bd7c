import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { encodeNpy, parseIdx, readCsv, readJsonLines, readNpy, streamCsv } from "@nn/data";
import { openCheckpoint, readSafetensors, writeSafetensors } from "@nn/io";
import { fromOnnx, OnnxError } from "@nn/onnx";
import { tensor, type DType, type Tensor } from "@nn/tensor";
import type { Campaign } from "./campaign.js";
import { Random } from "./random.js";

/** The time limit for a damaged file. Far more than any of them needs, also on a busy machine. */
const patience = 30_000;

/** A file: its bytes, and how to read them. */
interface Sample {
  readonly what: string;
  readonly bytes: Uint8Array;
  /** Reads the bytes; `whole` is the expected result for undamaged bytes, as text. */
  readonly read: (bytes: Uint8Array) => Promise<string> | string;
  readonly whole: string;
}

const encoder = new TextEncoder();

/** Cells that cover the syntax of CSV: quotes, separators, line ends, spaces, characters of two UTF-16 units. */
const cells = ["a", "", "x y", "1", "-2.5", "1e3", 'say "hi"', "a,b", "line\nbreak", "𝄞", "é", "  padded ", "日本", "\u0301"];

const text = (value: Tensor): string => `${value.dtype} ${value.shape.join("x")} ${Array.from(value.toTypedArray()).join()}`;

function randomTensor(random: Random): Tensor {
  const shape = random.list(random.below(4), () => random.below(5));
  const size = shape.reduce((a, b) => a * b, 1);
  const dtype = random.pick<DType>(["float32", "float64", "int32", "bool"]);
  const value = (): number => (dtype === "bool" ? random.below(2) : dtype === "int32" ? random.below(1000) - 500 : random.pick([0, -0, 1.5, -Infinity, NaN, 3e-40, random.fraction()]));
  return tensor(random.list(size, value)).cast(dtype).reshape(shape);
}

function quoted(cell: string, separator: string): string {
  return /["\r\n]/.test(cell) || cell.includes(separator) || cell.trim() !== cell ? `"${cell.replaceAll('"', '""')}"` : cell;
}

function csvSample(random: Random): Sample {
  const separator = ",";
  const width = 1 + random.below(4);
  // Not all cells of a row are empty: such a line may count as blank.
  const rows = random.list(1 + random.below(6), () => random.list(width, () => random.pick(cells)).map((cell, at) => (at === 0 && cell === "" ? "first" : cell)));
  const end = random.pick(["\n", "\r\n"]);
  const header = random.list(width, () => "").map((_, at) => `column ${at}`);
  const content = [header, ...rows].map((row) => row.map((cell) => quoted(cell, separator)).join(separator)).join(end) + (random.chance(0.5) ? end : "");
  const read = async (bytes: Uint8Array): Promise<string> => {
    const found: string[][] = [];
    for await (const row of streamCsv(inPieces(random, bytes), { delimiter: separator })) found.push(header.map((name) => row.values[name] ?? "missing"));
    await readCsv(inPieces(random, bytes), { delimiter: separator, missing: "keep" });
    return JSON.stringify(found);
  };
  return { what: "CSV", bytes: encoder.encode(content), read, whole: JSON.stringify(rows) };
}

function jsonLinesSample(random: Random): Sample {
  const items = random.list(random.below(6), () => ({ [random.pick(cells)]: random.pick<unknown>([1, null, "𝄞", [1, 2], { a: "\n" }]) }));
  const bytes = encoder.encode(items.map((each) => `${JSON.stringify(each)}\n`).join(""));
  return { what: "JSON lines", bytes, read: async (given) => JSON.stringify(await readJsonLines(inPieces(random, given))), whole: JSON.stringify(items) };
}

function npySample(random: Random): Sample {
  const value = randomTensor(random);
  return { what: ".npy", bytes: encodeNpy(value), read: async (bytes) => text(await readNpy(inPieces(random, bytes))), whole: text(value) };
}

function safetensorsSample(random: Random): Sample {
  const tensors = Object.fromEntries(random.list(random.below(4), () => [random.pick(cells) + random.below(3), randomTensor(random)] as const));
  const metadata: Record<string, string> = random.chance(0.5) ? { kind: random.pick(cells) } : {};
  const shown = (each: Readonly<Record<string, Tensor>>): string => Object.entries(each).map(([name, value]) => `${name}: ${text(value)}`).toSorted().join("; ");
  return { what: "safetensors", bytes: writeSafetensors(tensors, metadata), read: (bytes) => shown(readSafetensors(bytes).tensors), whole: shown(tensors) };
}

function idxSample(random: Random): Sample {
  const shape = random.list(1 + random.below(3), () => random.below(4));
  const data = random.list(shape.reduce((a, b) => a * b, 1), () => random.below(256));
  const bytes = new Uint8Array([0, 0, 8, shape.length, ...shape.flatMap((length) => [0, 0, 0, length]), ...data]);
  const shown = (of: readonly number[], values: Iterable<number>): string => `${of.join("x")} ${[...values].join()}`;
  return { what: "IDX", bytes, read: (given) => { const { shape: found, values } = parseIdx(given); return shown(found, values); }, whole: shown(shape, data) };
}

const torchFolder = fileURLToPath(new URL("../reference/models/torch-files/", import.meta.url));
const torchFiles = readdirSync(torchFolder).filter((name) => name.endsWith(".pt")).toSorted();

/** All tensors of a checkpoint, and its values, as text. */
async function shownCheckpoint(bytes: Uint8Array): Promise<string> {
  const checkpoint = await openCheckpoint(bytes);
  const values = JSON.stringify(checkpoint.value, (_, each: unknown) => (each instanceof Map ? [...each] : typeof each === "bigint" ? String(each) : each));
  return `${values} ${Object.entries(await checkpoint.readAll()).map(([name, value]) => `${name}: ${text(value)}`).join("; ")}`;
}

/** A file of PyTorch, honest or hostile: it is read or refused, twice the same way. Those of the older format have no checksums, so damage reaches their pickles. */
async function torchSample(random: Random): Promise<Sample> {
  const name = random.pick(random.chance(0.5) ? torchFiles.filter((each) => each.startsWith("legacy")) : torchFiles);
  const bytes = new Uint8Array(readFileSync(`${torchFolder}${name}`));
  const read = (given: Uint8Array): Promise<string> => shownCheckpoint(given);
  return { what: `PyTorch file ${name}`, bytes, read, whole: await read(bytes).catch((error: unknown) => `refused: ${String(error)}`) };
}

const onnxFolder = fileURLToPath(new URL("../reference/models/onnx/", import.meta.url));
const onnxFiles = readdirSync(onnxFolder).filter((name) => name.endsWith(".onnx")).toSorted();

/** An ONNX file, honest or hostile: it is read or refused, twice the same way. */
function onnxSample(random: Random): Sample {
  const name = random.pick(onnxFiles);
  const bytes = new Uint8Array(readFileSync(`${onnxFolder}${name}`));
  const shown = (given: Uint8Array): string => {
    const model = fromOnnx(given);
    return JSON.stringify([model.inputs, model.outputs, Object.entries(model.stateDict()).map(([each, value]) => `${each} ${text(value)}`)]);
  };
  const verdict = (given: Uint8Array): string => {
    try {
      return shown(given);
    } catch (error) {
      if (!(error instanceof OnnxError)) throw error;
      return `refused: ${error.message}`;
    }
  };
  return { what: `ONNX file ${name}`, bytes, read: verdict, whole: verdict(bytes) };
}

/** A file in chunks, cut anywhere, also within a character; sometimes with empty ones. */
async function* inPieces(random: Random, bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length;) {
    const length = random.chance(0.1) ? 0 : 1 + random.below(random.chance(0.5) ? 3 : bytes.length);
    yield bytes.slice(at, at + length);
    at += length;
  }
}

/** Kinds of damage: a byte changed, the end cut off, bytes repeated, a number replaced by an extreme one, or a part inserted twice. */
function damaged(random: Random, bytes: Uint8Array): Uint8Array {
  let result = Array.from(bytes);
  for (let count = 1 + random.below(3); count > 0; count--) {
    const at = random.below(result.length + 1);
    const length = random.below(9);
    const kind = random.below(5);
    if (kind === 0) result[Math.min(at, result.length - 1)] = random.below(256);
    else if (kind === 1) result = result.slice(0, at);
    else if (kind === 2) result.splice(at, 0, ...result.slice(at, at + length));
    else if (kind === 3) result.splice(at, length, ...random.list(length, () => random.pick([0, 255, 127, 34, 44, 123])));
    else result.splice(at, 1, ...encoder.encode(random.pick(["-1", "1e999", "9007199254740993", "null", "{", "[", '"', "\\u0000", "true"])));
  }
  return Uint8Array.from(result.filter((byte) => byte !== undefined));
}

const makers: readonly ((random: Random) => Sample | Promise<Sample>)[] = [csvSample, jsonLinesSample, npySample, safetensorsSample, idxSample, torchSample, onnxSample];

/** Reads files in every format, whole and in chunks, intact and damaged. */
export const readersCampaign: Campaign = {
  name: "readers",
  title: "files of every format, in random chunks, intact and damaged",
  async round(seed) {
    const random = new Random(seed);
    const { what, bytes, read, whole } = await random.pick(makers)(random);
    const found: string[] = [];
    const intact = await Promise.resolve().then(() => read(bytes)).catch((error: unknown) => `refused: ${String(error)}`);
    if (intact !== whole) found.push(`${what} comes out changed: ${intact.slice(0, 200)} instead of ${whole.slice(0, 200)}`);
    const zipped = random.chance(0.2) && !["IDX", "safetensors"].includes(what) && !/^(PyTorch|ONNX)/.test(what);
    for (let times = 0; times < 20; times++) {
      const broken = damaged(random, zipped ? gzipSync(bytes) : bytes);
      const started = performance.now();
      try {
        await read(broken);
      } catch (error) {
        const raw = !(error instanceof Error) || [Error, TypeError, RangeError, SyntaxError].some((each) => error.constructor === each);
        if (raw) found.push(`damaged ${what} [${broken.join()}]: raw ${String(error)}`);
      }
      const taken = performance.now() - started;
      if (taken > patience) found.push(`damaged ${what} [${broken.join()}] took ${(taken / 1000).toFixed(0)} s`);
    }
    return found;
  },
};
