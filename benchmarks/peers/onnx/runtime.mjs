/** A function that runs a model on inputs by name: ONNX Runtime as a native module ("node") or in WebAssembly ("web"). */
export async function session(model, inputs, { variant, threads }) {
  const ort = await import(variant === "web" ? "onnxruntime-web" : "onnxruntime-node");
  if (variant === "web") ort.env.wasm.numThreads = threads;
  const created = await ort.InferenceSession.create(model, {
    executionProviders: [variant === "web" ? "wasm" : "cpu"],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: "all",
  });
  const feeds = Object.fromEntries(Object.entries(inputs).map(([name, { data, shape }]) => [name, new ort.Tensor("float32", data, shape)]));
  return async () => {
    const { output } = await created.run(feeds);
    return output.data;
  };
}

export const sumOfMagnitudes = (data) => data.reduce((sum, value) => sum + Math.abs(value), 0);
