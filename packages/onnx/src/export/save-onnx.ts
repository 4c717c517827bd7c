import type { Tensor } from "@nn/tensor";
import { requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { writeAtomically } from "@nn/files";
import { builtin } from "@nn/files/builtin";
import { externalLocation, type TensorDraft } from "../proto/onnx.js";
import { encodeModel, exportGraph, type Exportable, type OnnxOptions } from "./to-onnx.js";

/** Options of {@link saveOnnx}. */
export interface SaveOnnxOptions extends OnnxOptions {
  /** Whether the elements of tensors of 1 kB and more are written to a second file, `<name>.data`, beside the first. An ONNX file holds at most 2 GiB. Default: false. */
  readonly externalData?: boolean | undefined;
}

const optionKinds: OptionKinds<SaveOnnxOptions> = { batchAxis: "any", outputNames: "list", module: "any", metadata: "any", externalData: "boolean" };

/** Smaller tensors stay in the file. */
const leastExternal = 1024;

/** Tensors begin at multiples of it, the size of a page: so a runtime can map them into memory. */
const alignment = 4096;

/**
 * Writes a module or a function of tensors as an ONNX file: see {@link toOnnx}. The file appears complete or not at all. With `externalData`, the weights are written to `<path>.data`
 * first; move both files together.
 *
 * @example
 * ```ts
 * import { mkdtemp, readdir } from "node:fs/promises";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { zeros } from "@nn/tensor";
 * import { Linear } from "@nn/layers";
 * import { saveOnnx } from "@nn/onnx";
 *
 * const folder = await mkdtemp(join(tmpdir(), "onnx-"));
 * await saveOnnx(`${folder}/model.onnx`, new Linear(64, 16).eval(), { x: zeros([1, 64]) }, { externalData: true });
 * await readdir(folder); // => ["model.onnx", "model.onnx.data"]
 * ```
 * @throws OnnxError for what cannot be exported, FileError if a file cannot be written.
 */
export async function saveOnnx(path: string, subject: Exportable, inputs: Readonly<Record<string, Tensor>>, options: SaveOnnxOptions = {}): Promise<void> {
  requireKind("saveOnnx", "path", path, "string");
  requireOptions("saveOnnx", options, optionKinds);
  const { externalData = false, ...others } = options;
  const graph = exportGraph("saveOnnx", subject, inputs, others);
  const { parts, initializers } = externalData ? external(`${builtin("saveOnnx", "node:path").basename(path)}.data`, graph.writer.initializers) : { parts: [], initializers: graph.writer.initializers };
  const content = encodeModel("saveOnnx", graph, () => initializers);
  if (parts.length > 0) await writeAtomically("saveOnnx", `${path}.data`, joined(parts));
  await writeAtomically("saveOnnx", path, content);
}

/** Bytes and where they begin. */
interface Part {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

function external(location: string, all: readonly TensorDraft[]): { readonly parts: readonly Part[]; readonly initializers: readonly TensorDraft[] } {
  const parts: Part[] = [];
  let end = 0;
  const initializers = all.map((initializer): TensorDraft => {
    const { rawData: bytes, ...rest } = initializer;
    if (bytes === undefined || bytes.length < leastExternal) return initializer;
    const offset = Math.ceil(end / alignment) * alignment;
    parts.push({ offset, bytes });
    end = offset + bytes.length;
    const entries = { location, offset, length: bytes.length };
    return { ...rest, dataLocation: externalLocation, externalData: Object.entries(entries).map(([key, value]) => ({ key, value: String(value) })) };
  });
  return { parts, initializers };
}

function joined(parts: readonly Part[]): Uint8Array {
  const last = parts.at(-1);
  const bytes = new Uint8Array(last === undefined ? 0 : last.offset + last.bytes.length);
  for (const part of parts) bytes.set(part.bytes, part.offset);
  return bytes;
}
