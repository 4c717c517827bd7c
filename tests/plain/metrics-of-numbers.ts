import * as nn from "@nn/metrics";
import { sum, type Plain } from "./array.js";
import type { MetricEntry, MetricTrial } from "./metric-trial.js";
import type { Random } from "./random.js";

interface Numbers {
  /** Rows of outputs. */
  readonly predictions: readonly (readonly number[])[];
  readonly targets: readonly (readonly number[])[];
  readonly weights: readonly number[];
}

type Call = (prediction: never, target: never, options: never) => unknown;
type OfOutput = (p: readonly number[], t: readonly number[], w: readonly number[]) => number;

const weighted = (values: readonly number[], w: readonly number[]): number => sum(values.map((value, at) => value * (w[at] ?? 0))) / sum(w);
const square = (x: number): number => x * x;

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length / 2;
  return sorted.length === 0 ? NaN : sorted.length % 2 === 1 ? (sorted[Math.floor(half)] ?? NaN) : ((sorted[half - 1] ?? NaN) + (sorted[half] ?? NaN)) / 2;
}

interface Setting {
  readonly multioutputs?: readonly ("uniformAverage" | "rawValues" | "varianceWeighted")[];
  readonly isWeighted?: boolean;
  readonly outputs?: number;
}

/** A metric of numbers, output by output. */
const ofNumbers = (
  accumulator: string, call: Call, make: (options: never) => unknown, of: OfOutput, { multioutputs = ["uniformAverage", "rawValues"], isWeighted = true, outputs: most = 3 }: Setting = {},
): MetricEntry => ({
  accumulator,
  trial(random): MetricTrial {
    const [n, outputs] = [random.int(1, 12), random.int(1, most)];
    const constant = random.bool(0.15);
    const rows = (): number[][] => random.list(n, () => random.list(outputs, () => (constant ? 2 : random.real(-3, 3))));
    const [predictions, targets] = [random.list(n, () => random.list(outputs, () => random.real(-3, 3))), rows()];
    const weights = isWeighted ? random.maybe(() => random.list(n, () => random.real(0.2, 2))) : undefined;
    const multioutput = random.pick(multioutputs);
    const options = most === 1 ? {} : { outputs, multioutput };
    const shape = outputs === 1 && random.bool() ? [n] : [n, outputs];
    const plain = (values: readonly (readonly number[])[]): Plain => ({ shape, data: values.flat() });
    return {
      what: `[${String(shape)}], ${multioutput}, ${constant ? "constant targets, " : ""}${weights === undefined ? "no " : ""}weights`,
      inputs: [{ floats: plain(predictions) }, { floats: plain(targets) }, ...(weights === undefined ? [] : [{ floats: { shape: [n], data: weights } }])],
      call: (p: never, t: never, sampleWeight?: never) => call(p, t, { ...options, ...(sampleWeight === undefined ? {} : { sampleWeight }) } as never),
      make: () => make(options as never) as ReturnType<MetricTrial["make"]>,
      plain: () => averaged({ predictions, targets, weights: weights ?? predictions.map(() => 1) }, of, outputs, multioutput),
    };
  },
});

function averaged({ predictions, targets, weights }: Numbers, of: OfOutput, outputs: number, multioutput: "uniformAverage" | "rawValues" | "varianceWeighted"): unknown {
  const columns = Array.from({ length: outputs }, (_, at) => [predictions.map((row) => row[at] ?? 0), targets.map((row) => row[at] ?? 0)] as const);
  const results = columns.map(([p, t]) => of(p, t, weights));
  if (multioutput === "rawValues") return results;
  const variances = columns.map(([, t]) => variance(t, weights));
  const isVaried = multioutput === "varianceWeighted" && variances.some((each) => each > 0);
  return weighted(results, isVaried ? variances : results.map(() => 1));
}

const variance = (x: readonly number[], w: readonly number[]): number => weighted(x.map((each) => square(each - weighted(x, w))), w);

/** `1 − rest / whole`, with the answers for targets that are all equal. */
function score(n: number, rest: number, whole: number): number {
  if (n < 2) return NaN;
  return whole === 0 ? Number(rest === 0) : 1 - rest / whole;
}

const minus = (a: readonly number[], b: readonly number[]): number[] => a.map((value, at) => value - (b[at] ?? 0));
const all = { multioutputs: ["uniformAverage", "rawValues", "varianceWeighted"] } as const;

/** Configurations of metrics of numbers and vectors. */
export const regressionMetrics: Readonly<Record<string, MetricEntry>> = {
  meanSquaredError: ofNumbers("MeanSquaredError", nn.meanSquaredError as Call, (options) => new nn.MeanSquaredError(options), (p, t, w) => weighted(minus(p, t).map(square), w)),
  rootMeanSquaredError: ofNumbers("RootMeanSquaredError", nn.rootMeanSquaredError as Call, (options) => new nn.RootMeanSquaredError(options), (p, t, w) => Math.sqrt(weighted(minus(p, t).map(square), w))),
  meanAbsoluteError: ofNumbers("MeanAbsoluteError", nn.meanAbsoluteError as Call, (options) => new nn.MeanAbsoluteError(options), (p, t, w) => weighted(minus(p, t).map(Math.abs), w)),
  meanAbsolutePercentageError: ofNumbers("MeanAbsolutePercentageError", nn.meanAbsolutePercentageError as Call, (options) => new nn.MeanAbsolutePercentageError(options),
    (p, t, w) => weighted(minus(p, t).map((each, at) => Math.abs(each / (t[at] ?? 0))), w)),
  r2Score: ofNumbers("R2", nn.r2Score as Call, (options) => new nn.R2(options), (p, t, w) => score(p.length, weighted(minus(p, t).map(square), w), variance(t, w)), all),
  explainedVarianceScore: ofNumbers("ExplainedVariance", nn.explainedVarianceScore as Call, (options) => new nn.ExplainedVariance(options), (p, t, w) => score(p.length, variance(minus(t, p), w), variance(t, w)), all),
  medianAbsoluteError: ofNumbers("MedianAbsoluteError", nn.medianAbsoluteError as Call, (options) => new nn.MedianAbsoluteError({ ...(options as object), capacity: 16 }), (p, t) => median(minus(p, t).map(Math.abs)), { isWeighted: false }),
  maxError: ofNumbers("MaxError", (p, t) => nn.maxError(p, t), () => new nn.MaxError(), (p, t) => Math.max(...minus(p, t).map(Math.abs)), { isWeighted: false, outputs: 1 }),
  meanCosineSimilarity: {
    accumulator: "MeanCosineSimilarity",
    trial(random) {
      const [n, size] = [random.int(1, 8), random.int(1, 5)];
      const rows = (): number[][] => random.list(n, () => random.list(size, () => random.real(-2, 2)));
      const [a, b] = [rows(), rows()];
      const dot = (x: readonly number[], y: readonly number[]): number => sum(x.map((value, at) => value * (y[at] ?? 0)));
      return {
        what: `[${n}, ${size}]`, inputs: [a, b].map((values) => ({ floats: { shape: [n, size], data: values.flat() } })),
        call: (p: never, t: never) => nn.meanCosineSimilarity(p, t), make: () => new nn.MeanCosineSimilarity() as ReturnType<MetricTrial["make"]>,
        plain: () => sum(a.map((x, at) => dot(x, b[at] ?? []) / Math.sqrt(dot(x, x) * dot(b[at] ?? [], b[at] ?? [])))) / n,
      };
    },
  },
  mean: {
    accumulator: "Mean",
    trial(random: Random) {
      const n = random.int(1, 10);
      const [values, weights] = [random.list(n, () => random.real(-2, 2)), random.maybe(() => random.list(n, () => random.pick([0, 1, 2.5])))];
      return {
        what: `${n} values`, inputs: [values, ...(weights === undefined ? [] : [weights])].map((data) => ({ floats: { shape: [n], data } })), make: () => new nn.Mean() as ReturnType<MetricTrial["make"]>,
        plain: () => weighted(values, weights ?? values.map(() => 1)),
      };
    },
  },
};
