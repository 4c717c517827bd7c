import type { CompetitorId } from "../competitors.js";
import { entryOf, type Result } from "../results.js";
import { duration, factor, percent, significant } from "./format.js";

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

/** nn's time divided by another's. */
const against = (other: CompetitorId, workload: string, name: string) => (results: readonly Result[]) => entryOf(resultOf(results, workload, name), other)?.ratio?.median;

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

export const targets: readonly Target[] = [
  ratioTarget(`Adam step ${small}: time of nn to PyTorch's`, 0.5, against("torch", "mlp-step", small)),
  ratioTarget(`Adam step ${small}: to jax-js' (which does SGD)`, 0.5, against("jax-sgd", "mlp-step", small)),
  ratioTarget(`Adam step ${small}: to tfjs wasm's`, 0.08, against("tfjs-wasm", "mlp-step", small)),
  ratioTarget(`Adam step ${large}: time of nn to PyTorch's`, 1, against("torch", "mlp-step", large)),
  ratioTarget(`Adam step ${large}: to jax-js' (which does SGD)`, 0.6, against("jax-sgd", "mlp-step", large)),
  ratioTarget(`Adam step ${large}: to tfjs wasm's`, 0.06, against("tfjs-wasm", "mlp-step", large)),
  ratioTarget(`Adam step ${large}: nn with 2 threads to nn with one`, 0.6, (results) => {
    const ratio = against("nn-2", "mlp-step", large)(results);
    return ratio === undefined ? undefined : 1 / ratio;
  }),
  ratioTarget(`Adam step ${tiny}: time of nn to PyTorch's`, 0.1, against("torch", "mlp-step", tiny)),
  { title: `Adam step ${tiny}`, limit: 0.02, sense: "at most", write: duration, measure: own("mlp-step", tiny) },
  ...["CNN", "LSTM", "Transformer", "Transformer, dropout 0.1"].map((name) =>
    ratioTarget(`Adam step ${name}: time of nn to PyTorch's`, 0.5, against("torch", "model-step", name))),
  ...[256, 512, 1024, 2048].map((size): Target => ({
    title: `matmul ${size} x ${size}: fraction of the multiply-add roofline`, limit: 0.8, sense: "at least", write: percent,
    measure: fractionOfRoofline("matmul", `${size} x ${size}`),
  })),
  ...[["1e6", fused], ["1.6e7", `${fused} of 1.6e7`]].map(([count = "", name = ""]): Target => ({
    title: `fused elementwise over ${count}: fraction of the speed of copying as much`, limit: 0.7, sense: "at least", write: percent,
    measure: fractionOfRoofline("elementwise", name),
  })),
  { title: "cold start, import to first step", limit: 150, sense: "at most", write: duration, measure: own("cold-start", "import to first step") },
  {
    title: "JavaScript garbage left behind by a tiny step", limit: 1, sense: "at most", write: (bytes) => `${significant(bytes, 2)} bytes`,
    measure: own("growth", "JavaScript heap, bytes a step"),
  },
  {
    title: "growth of linear memory over tiny steps", limit: 0, sense: "at most", write: (megabytes) => `${significant(megabytes, 2)} MB`,
    measure: own("growth", "linear memory, MB"),
  },
];

/** Whether a target is met, or by how much it is missed. */
export function judge({ title, limit, sense, write, measure }: Target, results: readonly Result[]): Verdict {
  const value = measure(results);
  const wanted = `${sense === "at most" ? "<=" : ">="} ${write(limit)}`;
  if (value === undefined) return { title, wanted, measured: "-", outcome: "not measured", met: undefined };
  const excess = sense === "at most" ? value / limit : limit / value;
  const met = sense === "at most" ? value <= limit : value >= limit;
  return { title, wanted, measured: write(value), outcome: met ? "met" : `missed by ${Number.isFinite(excess) ? `${significant(excess)}x` : write(value - limit)}`, met };
}
