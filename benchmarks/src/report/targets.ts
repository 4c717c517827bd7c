import type { CompetitorId } from "../competitors.js";
import { entryOf, type Result } from "../results.js";
import { duration, factor, percent, significant, space } from "./format.js";

/** A target for speed: a measured value, and its upper or lower limit. */
export interface Target {
  readonly title: string;
  readonly limit: number;
  readonly sense: "at most" | "at least";
  readonly write: (value: number) => string;
  /** The measured value; `undefined` if it was not measured. */
  readonly measure: (results: readonly Result[]) => number | undefined;
}

/** Whether a target is met. */
export interface Verdict {
  readonly title: string;
  readonly wanted: string;
  readonly measured: string;
  /** `met`, `missed by` some factor, or `not measured`. */
  readonly outcome: string;
  readonly met: boolean | undefined;
}

function resultOf(results: readonly Result[], workload: string, name: string): Result | undefined {
  return results.find((result) => result.workload === workload && result.case === name);
}

/** nn's time divided by another's, as WebAssembly on one thread. */
const against = (other: CompetitorId, workload: string, name: string) => (results: readonly Result[]) => entryOf(resultOf(results, workload, name), other)?.ratio?.median;

/** The time of one competitor divided by another's: of their medians, since the rounds compare each with nn alone. */
const between = (one: CompetitorId, other: CompetitorId, workload: string, name: string) => (results: readonly Result[]) => {
  const result = resultOf(results, workload, name);
  const [time, otherTime] = [entryOf(result, one)?.value?.median, entryOf(result, other)?.value?.median];
  return time === undefined || otherTime === undefined ? undefined : time / otherTime;
};

/** nn's median in its unit. */
const own = (workload: string, name: string) => (results: readonly Result[]) => entryOf(resultOf(results, workload, name), "nn")?.value?.median;

/** The fraction of the roofline that nn reaches. */
const fractionOfRoofline = (workload: string, name: string) => (results: readonly Result[]) => {
  const ratio = entryOf(resultOf(results, workload, name), "roofline")?.ratio?.median;
  return ratio === undefined ? undefined : 1 / ratio;
};

const small = "784-128-10, batch 64";
const large = "784-512-512-10, batch 128";
const fused = "max(0.5 x + 0.25, 0.125 x)";
const tiny = "4-8-3, batch 1";

const ratioTarget = (title: string, limit: number, measure: Target["measure"]): Target => ({ title, limit, sense: "at most", write: factor, measure });

/** The limits of one Adam step: of machine code to PyTorch, of merged vectors to plain ones on the Node that measures, and of two threads of machine code to one. */
const steps: readonly { readonly workload: string; readonly name: string; readonly native: number; readonly merged?: number; readonly threads?: number }[] = [
  { workload: "mlp-step", name: small, native: 0.33, merged: 0.62, threads: 0.6 },
  { workload: "mlp-step", name: large, native: 0.62, merged: 0.6, threads: 0.58 },
  { workload: "mlp-step", name: tiny, native: 0.01 },
  { workload: "model-step", name: "CNN", native: 0.3, merged: 0.8, threads: 0.6 },
  { workload: "model-step", name: "LSTM", native: 0.4, merged: 0.75 },
  { workload: "model-step", name: "Transformer", native: 0.45, merged: 0.8 },
  { workload: "model-step", name: "Transformer, dropout 0.1", native: 0.45, merged: 0.8 },
];

export const targets: readonly Target[] = [
  ...steps.map(({ workload, name, native }) => ratioTarget(`Adam step ${name}: machine code to PyTorch`, native, between("nn-native", "torch", workload, name))),
  ...steps.flatMap(({ workload, name, merged }) =>
    merged === undefined ? [] : [ratioTarget(`Adam step ${name}: Node 26 with merged vectors to Node 20`, merged, between("nn-merged", "nn", workload, name))]),
  ...steps.flatMap(({ workload, name, threads }) =>
    threads === undefined ? [] : [ratioTarget(`Adam step ${name}: machine code, 2 threads to one`, threads, between("nn-native-2", "nn-native", workload, name))]),
  ratioTarget(`Adam step ${large}: WebAssembly, 2 threads to one`, 0.6, between("nn-2", "nn", "mlp-step", large)),
  ratioTarget(`Adam step ${small}: WebAssembly to jax-js (which does SGD)`, 0.5, against("jax-sgd", "mlp-step", small)),
  ratioTarget(`Adam step ${small}: WebAssembly to tfjs wasm`, 0.08, against("tfjs-wasm", "mlp-step", small)),
  ratioTarget(`Adam step ${large}: WebAssembly to jax-js (which does SGD)`, 0.6, against("jax-sgd", "mlp-step", large)),
  ratioTarget(`Adam step ${large}: WebAssembly to tfjs wasm`, 0.06, against("tfjs-wasm", "mlp-step", large)),
  { title: `Adam step ${tiny}: WebAssembly`, limit: 0.02, sense: "at most", write: duration, measure: own("mlp-step", tiny) },
  ratioTarget("inference of MobileNet v2: machine code to ONNX Runtime", 1, between("nn-native", "ort-node", "mobilenet", "MobileNet v2, batch 1")),
  ...[1, 256].flatMap((batch) =>
    ["784-128-10", "784-512-512-10"].map((sizes) => {
      const name = `${sizes}, batch ${batch}`;
      return ratioTarget(`inference of ${name}: machine code to ONNX Runtime`, 1, between("nn-native", "ort-node", "inference", name));
    })),
  ...["exp", "softmax of 1000 rows"].map((name) => ratioTarget(`${name}, 1e6 numbers: machine code to PyTorch`, 1, between("nn-native", "torch", "elementwise", name))),
  ...[256, 512, 1024, 2048].map((size): Target => ({
    title: `matmul ${size} x ${size}: fraction of the multiply-add roofline, as WebAssembly`, limit: 0.8, sense: "at least", write: percent,
    measure: fractionOfRoofline("matmul", `${size} x ${size}`),
  })),
  ...[["1e6", fused], ["1.6e7", `${fused} of 1.6e7`]].map(([count = "", name = ""]): Target => ({
    title: `fused elementwise over ${count}: fraction of the speed of copying as much, as WebAssembly`, limit: 0.7, sense: "at least", write: percent,
    measure: fractionOfRoofline("elementwise", name),
  })),
  { title: "cold start, import to first step, as WebAssembly", limit: 150, sense: "at most", write: duration, measure: own("cold-start", "import to first step") },
  {
    title: "JavaScript garbage left behind by a tiny step", limit: 1, sense: "at most", write: (bytes) => `${significant(bytes, 2)}${space}bytes`,
    measure: own("growth", "JavaScript heap, bytes a step"),
  },
  {
    title: "growth of linear memory over tiny steps", limit: 0, sense: "at most", write: (megabytes) => `${significant(megabytes, 2)}${space}MB`,
    measure: own("growth", "linear memory, MB"),
  },
];

/** Whether a target is met, or by how much it is missed. */
export function judge({ title, limit, sense, write, measure }: Target, results: readonly Result[]): Verdict {
  const value = measure(results);
  const wanted = `${sense === "at most" ? "≤" : "≥"}${space}${write(limit)}`;
  if (value === undefined) return { title, wanted, measured: "-", outcome: "not measured", met: undefined };
  const excess = sense === "at most" ? value / limit : limit / value;
  const met = sense === "at most" ? value <= limit : value >= limit;
  return { title, wanted, measured: write(value), outcome: met ? "met" : `missed by ${Number.isFinite(excess) ? `${significant(excess)}x` : write(value - limit)}`, met };
}
