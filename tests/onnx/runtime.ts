import { tensor, type DType, type Tensor } from "@nn/tensor";
import * as ort from "onnxruntime-web";

ort.env.wasm.numThreads = 1;
ort.env.logLevel = "error";

const types: { readonly [D in DType]: "float32" | "float64" | "int32" | "bool" } = { float32: "float32", float64: "float64", int32: "int32", bool: "bool" };

function toRuntime(value: Tensor): ort.Tensor {
  return new ort.Tensor(types[value.dtype], value.toTypedArray(), value.shape);
}

function fromRuntime({ type, data, dims }: ort.Tensor): Tensor {
  const dtype = type === "int64" ? "int32" : type;
  if (dtype !== "float32" && dtype !== "float64" && dtype !== "int32" && dtype !== "bool") throw new TypeError(`ONNX Runtime returned ${type}`);
  return tensor(Array.from(data as ArrayLike<number | bigint>, Number), { shape: [...dims] }).cast(dtype);
}

/** Runs an ONNX file in ONNX Runtime, compiled to WebAssembly. */
export async function runOnnx(file: Uint8Array, inputs: Readonly<Record<string, Tensor>>): Promise<Record<string, Tensor>> {
  const session = await ort.InferenceSession.create(file, { executionProviders: ["wasm"] });
  try {
    const feeds = Object.fromEntries(session.inputNames.map((name) => [name, toRuntime(inputs[name] as Tensor)]));
    const outputs = await session.run(feeds);
    return Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, fromRuntime(value as ort.Tensor)]));
  } finally {
    await session.release();
  }
}
