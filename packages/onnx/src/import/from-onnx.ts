import { describeValue, requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { FileError } from "@nn/files";
import { builtin } from "@nn/files/builtin";
import { OnnxError } from "../onnx-error.js";
import type { ModelProto } from "../proto/onnx.js";
import { decodeModel, graphOfModel } from "./model.js";
import { OnnxModule } from "./onnx-module.js";
import { externalDataOf, tensorOf, type ExternalData } from "./tensors.js";

/** Options of {@link fromOnnx}. */
export interface FromOnnxOptions {
  /** The files beside the model, by their names, if the model has weights there. */
  readonly externalData?: Readonly<Record<string, Uint8Array>> | undefined;
}

const optionKinds: OptionKinds<FromOnnxOptions> = { externalData: "any" };

/**
 * The model of an ONNX file, with its weights as parameters: it computes, is compiled and is trained like other modules.
 *
 * Opsets 11 to 17 are read, and the operators that perceptrons, convolutional networks, recurrent networks and Transformers consist of. A file runs no code. Half-precision weights become
 * float32, whole numbers int32.
 *
 * @example
 * ```ts
 * import { ones, zeros } from "@nn/tensor";
 * import { Linear } from "@nn/layers";
 * import { fromOnnx, toOnnx } from "@nn/onnx";
 *
 * const layer = new Linear(3, 2).eval();
 * const model = fromOnnx(toOnnx(layer, { x: zeros([1, 3]) }, { batchAxis: 0 }));
 * model.inputs[0]?.shape; // => ["batch", 3]
 * [...model.namedParameters().keys()]; // => ["weight", "bias"]
 * model.forward(ones([4, 3])).sub(layer.forward(ones([4, 3]))).abs().max().item() < 1e-6; // => true
 * ```
 * @throws OnnxError if the file is damaged, and if it uses what is not supported: all such operators are listed at once.
 */
export function fromOnnx(bytes: Uint8Array, options: FromOnnxOptions = {}): OnnxModule {
  requireOptions("fromOnnx", options, optionKinds);
  if (!(bytes instanceof Uint8Array)) throw new OnnxError(`fromOnnx: got ${describeValue(bytes)}, expected the bytes of a file as Uint8Array; loadOnnx takes a path`);
  const { externalData = {} } = options;
  return moduleOf("fromOnnx", decodeModel("fromOnnx", bytes), ({ location, offset, length }) => {
    const file = Object.hasOwn(externalData, location) ? externalData[location] : undefined;
    if (file !== undefined && !(file instanceof Uint8Array)) throw new OnnxError(`fromOnnx: externalData[${JSON.stringify(location)}] is ${describeValue(file)}, expected Uint8Array`);
    return file?.subarray(offset, offset + length);
  });
}

/**
 * Reads an ONNX file, and the weights beside it: see {@link fromOnnx}. For Node, Deno and Bun.
 * @throws OnnxError for a file that is damaged or not supported, or that refers to files which are not beside it; FileError if a file cannot be read.
 */
export async function loadOnnx(path: string): Promise<OnnxModule> {
  requireKind("loadOnnx", "path", path, "string");
  const { readFile } = builtin("loadOnnx", "node:fs/promises");
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new FileError("loadOnnx", "read", path, cause);
  });
  const model = decodeModel("loadOnnx", bytes);
  const outside = new Map<string, Uint8Array>();
  // Refuses what is not supported before anything beside the file is read.
  graphOfModel("loadOnnx", model);
  for (const tensor of model.graph?.initializer ?? []) {
    const data = externalDataOf("loadOnnx", tensor);
    if (data !== undefined) outside.set(keyOf(data), await readBeside(path, data));
  }
  return moduleOf("loadOnnx", model, (data) => outside.get(keyOf(data)));
}

const keyOf = ({ location, offset, length }: ExternalData): string => `${offset} ${length} ${location}`;

function moduleOf(operation: string, model: ModelProto, external: (data: ExternalData) => Uint8Array | undefined): OnnxModule {
  const { initializers, ...graph } = graphOfModel(operation, model);
  return new OnnxModule(graph, new Map([...initializers].map(([name, tensor]) => [name, tensorOf(operation, tensor, external)])));
}

/** Part of a file beside the model. Links that lead elsewhere are refused. */
async function readBeside(model: string, { location, offset, length }: ExternalData): Promise<Uint8Array> {
  const { dirname, join, relative, isAbsolute } = builtin("loadOnnx", "node:path");
  const { open, realpath } = builtin("loadOnnx", "node:fs/promises");
  const path = join(dirname(model), location);
  try {
    const inside = relative(await realpath(dirname(model)), await realpath(path));
    if (inside.startsWith("..") || isAbsolute(inside)) throw new OnnxError(`loadOnnx: ${location} is a link to a place that is not beside the model`);
    const file = await open(path, "r");
    try {
      const { size } = await file.stat();
      if (offset + length > size) throw new OnnxError(`loadOnnx: ${location} has ${size} bytes, but a tensor lies at ${offset} to ${offset + length}`);
      const bytes = new Uint8Array(length);
      for (let at = 0; at < length; ) {
        const { bytesRead } = await file.read(bytes, at, Math.min(length - at, 2 ** 30), offset + at);
        if (bytesRead === 0) throw new OnnxError(`loadOnnx: ${location} became shorter while it was read`);
        at += bytesRead;
      }
      return bytes;
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw cause instanceof OnnxError ? cause : new FileError("loadOnnx", "read", path, cause);
  }
}
