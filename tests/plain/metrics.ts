import * as nn from "@nn/metrics";
import { sum, type Plain } from "./array.js";
import type { MetricEntry, MetricInput, MetricTrial } from "./metric-trial.js";
import { rankingMetrics } from "./metrics-of-rankings.js";
import { regressionMetrics } from "./metrics-of-numbers.js";
import { textMetrics } from "./metrics-of-texts.js";
import type { Random } from "./random.js";

/** Examples of classes: what is predicted, the truth, and the weight of each. */
export interface Example {
  readonly predicted: number;
  readonly actual: number;
  readonly weight: number;
}

const vector = (data: readonly number[]): Plain => ({ shape: [data.length], data });

const largest = (values: readonly number[]): number => values.indexOf(Math.max(...values));

/** The inputs of a metric of classes in one of the accepted forms, and the examples that they mean. */
interface Classified {
  readonly what: string;
  readonly classes: number;
  readonly examples: readonly Example[];
  readonly inputs: readonly MetricInput[];
  readonly options: { readonly threshold?: number; readonly ignoreIndex?: number };
}

function classified(random: Random, most = 4): Classified {
  const [n, form] = [random.int(1, 14), random.pick(["labels", "scores", "threshold"] as const)];
  const classes = form === "threshold" ? 2 : random.int(2, most);
  const scores = random.list(n, () => random.list(form === "threshold" ? 1 : classes, () => random.real(-1, 1)));
  const labels = random.list(n, () => random.int(0, classes - 1));
  const threshold = random.pick([0, 0.25]);
  const predicted = { labels, scores: scores.map(largest), threshold: scores.map(([score = 0]) => (score > threshold ? 1 : 0)) }[form];
  const ignored = random.bool(0.3) ? random.pick([-100, 7]) : undefined;
  const targets = random.list(n, () => (ignored !== undefined && random.bool(0.3) ? ignored : random.int(0, classes - 1)));
  const weights = random.maybe(() => random.list(n, () => random.real(0.2, 2)));
  const prediction: MetricInput = form === "labels" ? { integers: vector(labels) } : { floats: { shape: form === "threshold" ? [n] : [n, classes], data: scores.flat() } };
  return {
    what: `${form}, ${n} examples, ${classes} classes, ignore ${ignored}, ${weights === undefined ? "no " : ""}weights`, classes,
    examples: targets.flatMap((actual, at) => (actual === ignored ? [] : [{ predicted: predicted[at] ?? 0, actual, weight: weights?.[at] ?? 1 }])),
    inputs: [prediction, { integers: vector(targets) }, ...(weights === undefined ? [] : [{ floats: vector(weights) }])],
    options: { ...(form === "threshold" ? { threshold } : {}), ...(ignored === 7 ? { ignoreIndex: 7 } : {}) },
  };
}

const weigh = (examples: readonly Example[], of: (example: Example) => number | boolean = () => 1): number => sum(examples.map((each) => each.weight * Number(of(each))));

/** A metric of classes: the function and the accumulator of some options, and the result of examples. */
interface Forms {
  readonly what?: string;
  readonly call: (options: object) => (prediction: never, target: never, sampleWeight?: never) => unknown;
  readonly make: (options: object) => unknown;
  readonly plain: (examples: readonly Example[]) => unknown;
}

const ofClasses = (accumulator: string, of: (random: Random, classes: number) => Forms, most = 4): MetricEntry => ({
  accumulator,
  trial(random) {
    const { what, classes, examples, inputs, options } = classified(random, most);
    const { what: more = "", call, make, plain } = of(random, classes);
    return { what: `${what} ${more}`, inputs, call: call(options), make: () => make(options) as ReturnType<MetricTrial["make"]>, plain: () => plain(examples) };
  },
});

type Call = (prediction: never, target: never, options: never) => unknown;

/** The function with options, and with the weights as one of them. */
export const withWeights = (call: Call, own: object) => (given: object) => (prediction: never, target: never, sampleWeight?: never): unknown =>
  call(prediction, target, { ...own, ...given, ...(sampleWeight === undefined ? {} : { sampleWeight }) } as never);

type Fraction = (hits: number, predicted: number, actual: number) => readonly [number, number];

const classScore = (accumulator: string, call: Call, make: (options: never) => unknown, fraction: Fraction, more: object = {}): MetricEntry => ofClasses(accumulator, (random, classes) => {
  const average = random.pick(["macro", "micro", "weighted", "none", ...(classes === 2 ? ["binary"] : [])] as const);
  const [zeroDivision, posLabel] = [random.pick([0, 1] as const), random.int(0, 1)];
  const options = { average, zeroDivision, posLabel, ...more };
  return {
    what: `${average}, zeroDivision ${zeroDivision}, posLabel ${posLabel}`,
    call: withWeights(call, { ...options, classes }),
    make: (given) => make({ ...options, classes, ...given } as never),
    plain(examples): unknown {
      const countsOf = (label: number): readonly [number, number, number] => [
        weigh(examples, ({ predicted, actual }) => predicted === label && actual === label), weigh(examples, ({ predicted }) => predicted === label), weigh(examples, ({ actual }) => actual === label),
      ];
      const score = (counts: readonly [number, number, number]): number => {
        const [above, below] = fraction(...counts);
        return below === 0 ? zeroDivision : above / below;
      };
      const labels = Array.from({ length: classes }, (_, label) => label);
      if (examples.length === 0) return average === "none" ? labels.map(() => NaN) : NaN;
      const scores = labels.map((label) => score(countsOf(label)));
      const occurring = labels.filter((label) => examples.some(({ predicted, actual }) => predicted === label || actual === label));
      switch (average) {
        case "none": return scores;
        case "binary": return scores[posLabel];
        case "macro": return sum(occurring.map((label) => scores[label] ?? 0)) / occurring.length;
        case "weighted": return sum(examples.map(({ actual, weight }) => weight * (scores[actual] ?? 0))) / weigh(examples);
        default: return score([weigh(examples, ({ predicted, actual }) => predicted === actual), weigh(examples), weigh(examples)]);
      }
    },
  };
});

/** The covariance of two lists of vectors, summed over the components. */
function covariance(examples: readonly Example[], classes: number, a: (each: Example) => number, b: (each: Example) => number): number {
  const total = weigh(examples);
  return sum(Array.from({ length: classes }, (_, label) => {
    const [meanA, meanB] = [weigh(examples, (each) => a(each) === label) / total, weigh(examples, (each) => b(each) === label) / total];
    return sum(examples.map((each) => each.weight * (Number(a(each) === label) - meanA) * (Number(b(each) === label) - meanB)));
  }));
}

const predictedOf = ({ predicted }: Example): number => predicted;
const actualOf = ({ actual }: Example): number => actual;
const isSingle = (examples: readonly Example[], of: (each: Example) => number): boolean => new Set(examples.map(of)).size <= 1;

const classMetrics: Readonly<Record<string, MetricEntry>> = {
  accuracyScore: ofClasses("Accuracy", (random) => {
    const normalize = random.bool();
    return {
      what: `normalize ${normalize}`, call: withWeights(nn.accuracyScore, { normalize }), make: (given) => new nn.Accuracy({ normalize, ...given }),
      plain: (examples) => weigh(examples, ({ predicted, actual }) => predicted === actual) / (normalize ? weigh(examples) : 1),
    };
  }),
  hammingLoss: ofClasses("HammingLoss", () => ({
    call: withWeights(nn.hammingLoss, {}), make: (given) => new nn.HammingLoss(given), plain: (examples) => weigh(examples, ({ predicted, actual }) => predicted !== actual) / weigh(examples),
  })),
  precisionScore: classScore("Precision", nn.precisionScore as Call, (options) => new nn.Precision(options), (hits, predicted) => [hits, predicted]),
  recallScore: classScore("Recall", nn.recallScore as Call, (options) => new nn.Recall(options), (hits, _, actual) => [hits, actual]),
  f1Score: classScore("F1", nn.f1Score as Call, (options) => new nn.F1(options), (hits, predicted, actual) => [2 * hits, predicted + actual]),
  fbetaScore: classScore("FBeta", nn.fbetaScore as Call, (options) => new nn.FBeta(options), (hits, predicted, actual) => [5 * hits, predicted + 4 * actual], { beta: 2 }),
  jaccardScore: classScore("Jaccard", nn.jaccardScore as Call, (options) => new nn.Jaccard(options), (hits, predicted, actual) => [hits, predicted + actual - hits]),
  balancedAccuracyScore: ofClasses("BalancedAccuracy", (random, classes) => {
    const adjusted = random.bool();
    return {
      what: `adjusted ${adjusted}`, call: withWeights(nn.balancedAccuracyScore, { adjusted }), make: (given) => new nn.BalancedAccuracy({ adjusted, classes, ...given }),
      plain(examples) {
        const present = [...new Set(examples.map(actualOf))];
        const recalls = present.map((label) => weigh(examples, ({ predicted, actual }) => actual === label && predicted === label) / weigh(examples, ({ actual }) => actual === label));
        const [score, chance] = [sum(recalls) / present.length, 1 / present.length];
        return adjusted ? (score - chance) / (1 - chance) : score;
      },
    };
  }),
  classificationReport: ofClasses("ClassificationReport", (random, classes) => {
    const zeroDivision = random.pick([0, 1] as const);
    return {
      what: `zeroDivision ${zeroDivision}`, call: withWeights(nn.classificationReport, { zeroDivision, classes }), make: (given) => new nn.ClassificationReport({ zeroDivision, classes, ...given }),
      plain(examples) {
        const ratio = (part: number, whole: number): number => (whole === 0 ? zeroDivision : part / whole);
        const labels = Array.from({ length: classes }, (_, label) => {
          const hits = weigh(examples, ({ predicted, actual }) => predicted === label && actual === label);
          const [taken, support] = [weigh(examples, ({ predicted }) => predicted === label), weigh(examples, ({ actual }) => actual === label)];
          return { scores: [ratio(hits, taken), ratio(hits, support), ratio(2 * hits, taken + support)], support, occurs: Number(taken + support > 0) };
        });
        const average = (of: "support" | "occurs"): number[] => [0, 1, 2].map((at) => sum(labels.map((label) => label[of] * (label.scores[at] ?? 0))) / sum(labels.map((label) => label[of])));
        const total = weigh(examples);
        return [weigh(examples, ({ predicted, actual }) => predicted === actual) / total, labels.map(({ scores, support }) => [...scores, support]), [...average("occurs"), total], [...average("support"), total]];
      },
    };
  }),
  confusionMatrix: ofClasses("ConfusionMatrix", (random, classes) => {
    const normalize = random.pick([undefined, "true", "pred", "all"] as const);
    return {
      what: `normalize ${normalize}`, call: withWeights(nn.confusionMatrix, { normalize, classes }), make: (given) => new nn.ConfusionMatrix({ normalize, classes, ...given }),
      plain: (examples) => Array.from({ length: classes }, (_, row) => Array.from({ length: classes }, (_, column) => {
        const whole = { true: (each: Example) => each.actual === row, pred: (each: Example) => each.predicted === column, all: () => true };
        return weigh(examples, ({ predicted, actual }) => actual === row && predicted === column) / (normalize === undefined ? 1 : weigh(examples, whole[normalize]) || 1);
      })),
    };
  }),
  cohenKappaScore: ofClasses("CohenKappa", (random, classes) => {
    const weights = random.pick([undefined, "linear", "quadratic"] as const);
    const distance = (a: number, b: number): number => (weights === undefined ? Number(a !== b) : Math.abs(a - b) ** (weights === "linear" ? 1 : 2));
    return {
      what: `weights ${weights}`, call: withWeights(nn.cohenKappaScore, { weights }), make: (given) => new nn.CohenKappa({ weights, classes, ...given }),
      // Chance is what the predictions of other examples would give.
      plain: (examples) => 1 - (weigh(examples, ({ predicted, actual }) => distance(predicted, actual)) * weigh(examples)) / sum(examples.map((a) => a.weight * weigh(examples, (b) => distance(a.predicted, b.actual)))),
    };
  }),
  matthewsCorrcoef: ofClasses("MatthewsCorrcoef", (_, classes) => ({
    call: withWeights(nn.matthewsCorrcoef, {}), make: (given) => new nn.MatthewsCorrcoef({ classes, ...given }),
    plain(examples) {
      if (examples.length === 0) return NaN;
      if (isSingle(examples, predictedOf) || isSingle(examples, actualOf)) return 0;
      return covariance(examples, classes, predictedOf, actualOf) / Math.sqrt(covariance(examples, classes, predictedOf, predictedOf) * covariance(examples, classes, actualOf, actualOf));
    },
  })),
};

/** Configurations of every metric. */
export const metricEntries: Readonly<Record<string, MetricEntry>> = { ...classMetrics, ...rankingMetrics, ...regressionMetrics, ...textMetrics };
