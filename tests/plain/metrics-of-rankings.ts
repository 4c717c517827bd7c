import * as nn from "@nn/metrics";
import { sum, type Plain } from "./array.js";
import type { MetricEntry, MetricInput, MetricTrial } from "./metric-trial.js";
import type { Random } from "./random.js";

/** A score, whether its example is positive, and its weight. */
interface Ranked {
  readonly score: number;
  readonly isPositive: boolean;
  readonly weight: number;
}

const capacity = 16;
const vector = (data: readonly number[]): Plain => ({ shape: [data.length], data });
const matrix = (rows: readonly (readonly number[])[]): Plain => ({ shape: [rows.length, rows[0]?.length ?? 0], data: rows.flat() });
const weigh = (list: readonly Ranked[], of: (each: Ranked) => boolean = () => true): number => sum(list.filter(of).map(({ weight }) => weight));
const mean = (values: readonly number[], weights: readonly number[] = values.map(() => 1)): number => sum(values.map((value, at) => value * (weights[at] ?? 0))) / sum(weights);

/** How often a positive example has the higher score, from all pairs. */
function area(list: readonly Ranked[]): number {
  const [positive, negative] = [list.filter(({ isPositive }) => isPositive), list.filter(({ isPositive }) => !isPositive)];
  const pairs = positive.flatMap((a) => negative.map((b) => [a.score > b.score ? 1 : a.score === b.score ? 0.5 : 0, a.weight * b.weight] as const));
  return mean(pairs.map(([value]) => value), pairs.map(([, weight]) => weight));
}

const thresholdsOf = (list: readonly Ranked[]): number[] => [...new Set(list.map(({ score }) => score))].toSorted((a, b) => b - a);
const recallAt = (list: readonly Ranked[], threshold: number): number => weigh(list, ({ score, isPositive }) => isPositive && score >= threshold) / weigh(list, ({ isPositive }) => isPositive);
const precisionAt = (list: readonly Ranked[], threshold: number): number => weigh(list, ({ score, isPositive }) => isPositive && score >= threshold) / weigh(list, ({ score }) => score >= threshold);
const falseRateAt = (list: readonly Ranked[], threshold: number): number => weigh(list, ({ score, isPositive }) => !isPositive && score >= threshold) / weigh(list, ({ isPositive }) => !isPositive);

function averagePrecision(list: readonly Ranked[]): number {
  const thresholds = thresholdsOf(list);
  return sum(thresholds.map((threshold, at) => {
    const before = thresholds[at - 1];
    return (recallAt(list, threshold) - (before === undefined ? 0 : recallAt(list, before))) * precisionAt(list, threshold);
  }));
}

interface Scores {
  readonly what: string;
  readonly kind: "binary" | "classes" | "labels";
  readonly columns: number;
  readonly inputs: readonly MetricInput[];
  /** The examples as seen by a column of scores, between all classes or two of them. */
  readonly ranked: (column: number, positive?: number, negative?: number) => readonly Ranked[];
}

/** Scores with ties. */
function scored(random: Random, kind: Scores["kind"]): Scores {
  const [n, columns] = [random.int(1, 14), kind === "binary" ? 1 : random.int(3, 4)];
  const scores = random.list(n, () => random.list(columns, () => (random.bool() ? random.int(0, 4) / 4 : random.real(0, 1))));
  const targets = random.list(n, () => (kind === "labels" ? random.list(columns, () => random.int(0, 1)) : [random.int(0, kind === "binary" ? 1 : columns - 1)]));
  const weights = random.maybe(() => random.list(n, () => random.real(0.2, 2)));
  return {
    what: `${kind}, ${n} examples, ${columns} columns, ${weights === undefined ? "no " : ""}weights`, kind, columns,
    inputs: [
      { floats: kind === "binary" ? vector(scores.flat()) : matrix(scores) }, { integers: kind === "labels" ? matrix(targets) : vector(targets.flat()) },
      ...(weights === undefined ? [] : [{ floats: vector(weights) }]),
    ],
    ranked: (column, positive = kind === "classes" ? column : 1, negative = undefined) => scores.flatMap((row, at) => {
      const label = targets[at]?.[kind === "labels" ? column : 0] ?? 0;
      if (negative !== undefined && label !== positive && label !== negative) return [];
      return [{ score: row[column] ?? 0, isPositive: label === positive, weight: weights?.[at] ?? 1 }];
    }),
  };
}

type Call = (prediction: never, target: never, options: never) => unknown;
const withWeights = (call: Call, own: object) => (p: never, t: never, sampleWeight?: never): unknown => call(p, t, { ...own, ...(sampleWeight === undefined ? {} : { sampleWeight }) } as never);

function averaged({ columns, ranked }: Scores, average: "macro" | "weighted" | "micro" | "none", of: (list: readonly Ranked[]) => number): unknown {
  const lists = Array.from({ length: columns }, (_, column) => ranked(column));
  if (average === "micro") return of(lists.flat());
  if (average === "none") return lists.map(of);
  const valid = lists.filter((list) => !Number.isNaN(of(list)));
  return mean(valid.map(of), average === "macro" ? valid.map(() => 1) : valid.map((list) => weigh(list, ({ isPositive }) => isPositive)));
}

function oneVersusOne({ columns, ranked }: Scores, isWeighted: boolean): number {
  const pairs = Array.from({ length: columns }, (_, a) => Array.from({ length: a }, (_, b) => [a, b] as const)).flat();
  const results = pairs.map(([a, b]) => [(area(ranked(a, a, b)) + area(ranked(b, b, a))) / 2, isWeighted ? weigh(ranked(a, a, b)) : 1] as const).filter(([value]) => !Number.isNaN(value));
  return mean(results.map(([value]) => value), results.map(([, weight]) => weight));
}

/** Probabilities of classes `[N, C]`, or of class 1 `[N]`, with targets and weights. */
function chances(random: Random) {
  const [n, classes] = [random.int(1, 12), random.int(2, 4)];
  const isOne = classes === 2 && random.bool();
  const rows = random.list(n, () => {
    const parts = random.list(classes, () => random.real(0.05, 1));
    return parts.map((part) => part / sum(parts));
  });
  const targets = random.list(n, () => random.int(0, classes - 1));
  const weights = random.maybe(() => random.list(n, () => random.real(0.2, 2)));
  const inputs: readonly MetricInput[] = [
    { floats: isOne ? vector(rows.map((row) => row[1] ?? 0)) : matrix(rows) }, { integers: vector(targets) }, ...(weights === undefined ? [] : [{ floats: vector(weights) }]),
  ];
  const own = weights ?? targets.map(() => 1);
  return { what: `${isOne ? "one" : classes} probabilities, ${n} examples, ${weights === undefined ? "no " : ""}weights`, isOne, rows, targets, weights: own, inputs };
}

const ofChances = (accumulator: string, call: Call, make: () => unknown, plain: (given: ReturnType<typeof chances>) => unknown): MetricEntry => ({
  accumulator,
  trial(random) {
    const given = chances(random);
    return { what: given.what, inputs: given.inputs, call: withWeights(call, {}), make: () => make() as ReturnType<MetricTrial["make"]>, plain: () => plain(given) };
  },
});

function binsOf({ isOne, rows, targets, weights }: ReturnType<typeof chances>): nn.CalibrationBin[] {
  const outcomes = rows.map((row, at) => {
    const chosen = isOne ? 1 : row.indexOf(Math.max(...row));
    return { chance: row[chosen] ?? 0, came: Number(targets[at] === chosen), weight: weights[at] ?? 0 };
  });
  return Array.from({ length: 10 }, (_, at) => {
    const inside = outcomes.filter(({ chance }) => Math.ceil(chance * 10) - 1 === at);
    return { low: at / 10, high: (at + 1) / 10, count: sum(inside.map(({ weight }) => weight)), probPred: mean(inside.map(({ chance }) => chance), inside.map(({ weight }) => weight)), probTrue: mean(inside.map(({ came }) => came), inside.map(({ weight }) => weight)) };
  });
}

const logSumExp = (values: readonly number[]): number => Math.log(sum(values.map(Math.exp)));

/** Configurations of metrics of scores and probabilities, and of clusters. */
export const rankingMetrics: Readonly<Record<string, MetricEntry>> = {
  rocAucScore: {
    accumulator: "RocAuc",
    trial(random) {
      const scores = scored(random, random.pick(["binary", "classes", "labels"]));
      const { what, inputs, kind, columns } = scores;
      const isOvo = kind === "classes" && random.bool();
      const average = isOvo ? random.pick(["macro", "weighted"] as const) : random.pick(["macro", "weighted", "micro", "none"] as const);
      const options = { average, ...(isOvo ? { multiClass: "ovo" as const } : {}), ...(kind === "binary" ? {} : { classes: columns }), ...(kind === "labels" ? { multiLabel: true } : {}) };
      return {
        what: `${what}, ${average}, ${isOvo ? "ovo" : "ovr"}`, inputs, call: withWeights(nn.rocAucScore as Call, options), make: () => new nn.RocAuc({ ...options, capacity }) as ReturnType<MetricTrial["make"]>,
        plain: () => (isOvo ? oneVersusOne(scores, average === "weighted") : averaged(scores, average, area)),
      };
    },
  },
  averagePrecisionScore: {
    accumulator: "AveragePrecision",
    trial(random) {
      const scores = scored(random, random.pick(["binary", "classes", "labels"]));
      const { what, inputs, kind, columns } = scores;
      const average = random.pick(["macro", "weighted", "micro", "none"] as const);
      const options = { average, ...(kind === "binary" ? {} : { classes: columns }), ...(kind === "labels" ? { multiLabel: true } : {}) };
      return {
        what: `${what}, ${average}`, inputs, call: withWeights(nn.averagePrecisionScore as Call, options), make: () => new nn.AveragePrecision({ ...options, capacity }) as ReturnType<MetricTrial["make"]>,
        plain: () => averaged(scores, average, averagePrecision),
      };
    },
  },
  rocCurve: {
    accumulator: "RocCurve",
    trial(random) {
      const { what, inputs, ranked } = scored(random, "binary");
      const list = ranked(0);
      const thresholds = [Infinity, ...thresholdsOf(list)];
      return {
        what, inputs, call: withWeights(nn.rocCurve as Call, { dropIntermediate: false }), make: () => new nn.RocCurve({ dropIntermediate: false, capacity }) as ReturnType<MetricTrial["make"]>,
        plain: () => [thresholds.map((each) => falseRateAt(list, each)), thresholds.map((each) => recallAt(list, each)), thresholds],
      };
    },
  },
  precisionRecallCurve: {
    accumulator: "PrecisionRecallCurve",
    trial(random) {
      const { what, inputs, ranked } = scored(random, "binary");
      const list = ranked(0);
      const thresholds = thresholdsOf(list).toReversed();
      return {
        what, inputs, call: withWeights(nn.precisionRecallCurve as Call, {}), make: () => new nn.PrecisionRecallCurve({ capacity }) as ReturnType<MetricTrial["make"]>,
        plain: () => [[...thresholds.map((each) => precisionAt(list, each)), 1], [...thresholds.map((each) => recallAt(list, each)), 0], thresholds],
      };
    },
  },
  topKAccuracyScore: {
    accumulator: "TopKAccuracy",
    trial(random) {
      const { what, inputs, kind, columns, ranked } = scored(random, "classes");
      const options = { k: random.int(1, columns), normalize: random.bool() };
      const rows = Array.from({ length: columns }, (_, column) => ranked(column));
      const found = (at: number): boolean => {
        const order = rows.map((list, column) => [list[at]?.score ?? 0, column] as const).toSorted(([a, i], [b, j]) => b - a || i - j);
        return order.slice(0, options.k).some(([, column]) => rows[column]?.[at]?.isPositive === true);
      };
      return {
        what: `${what} ${kind}, ${JSON.stringify(options)}`, inputs, call: withWeights(nn.topKAccuracyScore as Call, options), make: () => new nn.TopKAccuracy(options) as ReturnType<MetricTrial["make"]>,
        plain: () => sum((rows[0] ?? []).map(({ weight }, at) => weight * Number(found(at)))) / (options.normalize ? weigh(rows[0] ?? []) : 1),
      };
    },
  },
  logLoss: ofChances("LogLoss", nn.logLoss as Call, () => new nn.LogLoss(), ({ rows, targets, weights }) => mean(rows.map((row, at) => -Math.log(row[targets[at] ?? 0] ?? 0)), weights)),
  brierScoreLoss: ofChances("BrierScoreLoss", nn.brierScoreLoss as Call, () => new nn.BrierScoreLoss(), ({ rows, targets, weights, isOne }) =>
    mean(rows.map((row, at) => sum(row.map((chance, label) => (isOne && label === 0 ? 0 : (chance - Number(label === targets[at])) ** 2)))), weights)),
  calibrationCurve: ofChances("CalibrationCurve", nn.calibrationCurve as Call, () => new nn.CalibrationCurve(), binsOf),
  expectedCalibrationError: ofChances("ExpectedCalibrationError", nn.expectedCalibrationError as Call, () => new nn.ExpectedCalibrationError(), (given) => {
    const bins = binsOf(given).filter(({ count }) => count > 0);
    return mean(bins.map(({ probPred, probTrue }) => Math.abs(probPred - probTrue)), bins.map(({ count }) => count));
  }),
  perplexity: {
    accumulator: "Perplexity",
    trial(random) {
      const [n, classes] = [random.int(1, 10), random.int(2, 5)];
      const rows = random.list(n, () => random.list(classes, () => random.real(-2, 2)));
      const targets = random.list(n, () => (random.bool(0.2) ? -100 : random.int(0, classes - 1)));
      return {
        what: `[${n}, ${classes}]`, inputs: [{ floats: matrix(rows) }, { integers: vector(targets) }], call: withWeights(nn.perplexity as Call, {}), make: () => new nn.Perplexity() as ReturnType<MetricTrial["make"]>,
        plain: () => Math.exp(mean(rows.flatMap((row, at) => (targets[at] === -100 ? [] : [logSumExp(row) - (row[targets[at] ?? 0] ?? 0)])))),
      };
    },
  },
  silhouetteScore: {
    accumulator: "Silhouette",
    trial(random) {
      const [n, features] = [random.int(2, 10), random.int(1, 3)];
      const points = random.list(n, () => random.list(features, () => random.real(-2, 2)));
      const labels = random.list(n, () => random.pick([0, 3, 5]));
      return {
        what: `[${n}, ${features}]`, inputs: [{ floats: matrix(points) }, { integers: vector(labels) }], call: (x: never, of: never) => nn.silhouetteScore(x, of),
        make: () => new nn.Silhouette({ features, capacity }) as ReturnType<MetricTrial["make"]>, plain: () => mean(silhouettes(points, labels)),
      };
    },
  },
};

/** The silhouette of each point, from its definition. */
function silhouettes(points: readonly (readonly number[])[], labels: readonly number[]): number[] {
  const distance = (a: readonly number[], b: readonly number[]): number => Math.hypot(...a.map((value, at) => value - (b[at] ?? 0)));
  return points.map((point, i) => {
    const meanTo = (label: number): number => mean(points.flatMap((other, j) => (j !== i && labels[j] === label ? [distance(point, other)] : [])));
    const own = meanTo(labels[i] ?? 0);
    const others = [...new Set(labels)].filter((label) => label !== labels[i]).map(meanTo);
    if (others.length === 0) return NaN;
    return Number.isNaN(own) ? 0 : (Math.min(...others) - own) / Math.max(own, Math.min(...others));
  });
}
