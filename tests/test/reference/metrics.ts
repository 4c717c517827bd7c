import * as nn from "@nn/metrics";
import type { Metric, ScoreAverage } from "@nn/metrics";
import { narrow, type Tensor } from "@nn/tensor";
import { Arguments } from "./arguments.js";
import { compareNumbers, type Comparison } from "./compare.js";
import type { Execution } from "./execution.js";
import { decode, requireFields, type CallCase } from "./format.js";
import { lookUp } from "./outcome.js";

/** A result of a metric: a number, a list, or rows. */
type Result = number | readonly number[] | readonly (readonly number[])[];

/** Our two forms of a metric of scikit-learn. */
interface Counterpart {
  readonly call: (prediction: Tensor, target: Tensor, sampleWeight: Tensor | undefined) => unknown;
  /** The accumulator, which may be compiled. */
  readonly accumulator: Metric<readonly [Tensor, Tensor, Tensor?], unknown>;
  /** The results that are recorded, of the value of either form; default: the value. */
  readonly results?: (value: never) => readonly Result[];
}

/** What is known of the inputs. */
interface Inputs {
  readonly prediction: Tensor;
  readonly target: Tensor;
  readonly classes: number;
}

type Counterparts = Readonly<Record<string, (args: Arguments, inputs: Inputs) => Counterpart>>;

/** Enough for all examples of a case. */
const capacity = 32;

const weighted = <O extends object>(options: O, sampleWeight: Tensor | undefined): O & { readonly sampleWeight?: Tensor } => (sampleWeight === undefined ? options : { ...options, sampleWeight });

const isMultiLabel = ({ target }: Inputs): { readonly multiLabel?: true } => (target.rank === 2 ? { multiLabel: true } : {});

const averages = { binary: "binary", macro: "macro", micro: "micro", weighted: "weighted" } as const;

function scoreOptions(args: Arguments): nn.ClassScoreOptions<ScoreAverage> {
  const average = args.isGiven("average") || !args.has("average") ? args.choice("average", averages, "binary") : "none";
  args.only("average", null, ...Object.keys(averages));
  const zeroDivision = args.maybeNumber("zero_division");
  return { average, posLabel: args.number("pos_label", 1), ...(zeroDivision === undefined ? {} : { zeroDivision: zeroDivision as 0 | 1 }) };
}

const multioutputs = { uniform_average: "uniformAverage", raw_values: "rawValues", variance_weighted: "varianceWeighted" } as const;

function outputOptions(args: Arguments, { target }: Inputs): { readonly outputs: number; readonly multioutput: nn.MultiOutput } {
  return { outputs: target.shape[1] ?? 1, multioutput: args.choice("multioutput", multioutputs, "uniform_average") };
}

const errorOptions = (args: Arguments, inputs: Inputs): { readonly outputs: number; readonly multioutput: "uniformAverage" | "rawValues" } =>
  outputOptions(args, inputs) as { readonly outputs: number; readonly multioutput: "uniformAverage" | "rawValues" };

const normalizations = { true: "true", pred: "pred", all: "all" } as const;

/** Our metrics by the names of scikit-learn's. */
export const metrics: Counterparts = {
  "sklearn.metrics.accuracy_score": (args, inputs) => {
    const options = { normalize: args.boolean("normalize", true), ...isMultiLabel(inputs) };
    return { call: (p, t, w) => nn.accuracyScore(p, t, weighted(options, w)), accumulator: new nn.Accuracy(options) };
  },
  "sklearn.metrics.average_precision_score": (args, inputs) => {
    const options = { average: args.choice("average", { macro: "macro", micro: "micro", weighted: "weighted" } as const, "macro"), classes: inputs.classes, ...isMultiLabel(inputs) };
    return { call: (p, t, w) => nn.averagePrecisionScore(p, t, weighted(options, w)), accumulator: new nn.AveragePrecision({ ...options, capacity }) };
  },
  "sklearn.metrics.balanced_accuracy_score": (args, { classes }) => {
    const options = { adjusted: args.boolean("adjusted", false) };
    return { call: (p, t, w) => nn.balancedAccuracyScore(p, t, weighted(options, w)), accumulator: new nn.BalancedAccuracy({ ...options, classes }) };
  },
  "sklearn.metrics.brier_score_loss": () => ({ call: (p, t, w) => nn.brierScoreLoss(p, t, weighted({}, w)), accumulator: new nn.BrierScoreLoss() }),
  "sklearn.metrics.cohen_kappa_score": (args, { classes }) => {
    const options = args.isGiven("weights") ? { weights: args.choice("weights", { linear: "linear", quadratic: "quadratic" } as const) } : {};
    args.only("weights", null, "linear", "quadratic");
    return { call: (p, t, w) => nn.cohenKappaScore(p, t, weighted(options, w)), accumulator: new nn.CohenKappa({ ...options, classes }) };
  },
  "sklearn.metrics.confusion_matrix": (args, { classes }) => {
    const options = {
      ...(args.isGiven("labels") ? { labels: args.numbers("labels") } : {}),
      ...(args.isGiven("normalize") ? { normalize: args.choice("normalize", normalizations) } : {}),
    };
    return { call: (p, t, w) => nn.confusionMatrix(p, t, weighted(options, w)), accumulator: new nn.ConfusionMatrix({ ...options, classes }) };
  },
  "sklearn.metrics.explained_variance_score": (args, inputs) => {
    const options = outputOptions(args, inputs);
    return { call: (p, t, w) => nn.explainedVarianceScore(p, t, weighted(options, w)), accumulator: new nn.ExplainedVariance(options) };
  },
  "sklearn.metrics.f1_score": (args, { classes }) => {
    const options = scoreOptions(args);
    return { call: (p, t, w) => nn.f1Score(p, t, weighted(options, w)), accumulator: new nn.F1({ ...options, classes }) };
  },
  "sklearn.metrics.fbeta_score": (args, { classes }) => {
    const options = { ...scoreOptions(args), beta: args.number("beta") };
    return { call: (p, t, w) => nn.fbetaScore(p, t, weighted(options, w)), accumulator: new nn.FBeta({ ...options, classes }) };
  },
  "sklearn.metrics.hamming_loss": (_, inputs) => {
    const options = isMultiLabel(inputs);
    return { call: (p, t, w) => nn.hammingLoss(p, t, weighted(options, w)), accumulator: new nn.HammingLoss(options) };
  },
  "sklearn.metrics.jaccard_score": (args, { classes }) => {
    const options = scoreOptions(args);
    return { call: (p, t, w) => nn.jaccardScore(p, t, weighted(options, w)), accumulator: new nn.Jaccard({ ...options, classes }) };
  },
  "sklearn.metrics.log_loss": (args) => {
    const options = { normalize: args.boolean("normalize", true) };
    return { call: (p, t, w) => nn.logLoss(p, t, weighted(options, w)), accumulator: new nn.LogLoss(options) };
  },
  "sklearn.metrics.matthews_corrcoef": (_, { classes }) => ({
    call: (p, t, w) => nn.matthewsCorrcoef(p, t, weighted({}, w)), accumulator: new nn.MatthewsCorrcoef({ classes }),
  }),
  "sklearn.metrics.max_error": () => ({ call: (p, t) => nn.maxError(p, t), accumulator: new nn.MaxError() }),
  "sklearn.metrics.mean_absolute_error": (args, inputs) => {
    const options = errorOptions(args, inputs);
    return { call: (p, t, w) => nn.meanAbsoluteError(p, t, weighted(options, w)), accumulator: new nn.MeanAbsoluteError(options) };
  },
  "sklearn.metrics.mean_absolute_percentage_error": (args, inputs) => {
    const options = errorOptions(args, inputs);
    return { call: (p, t, w) => nn.meanAbsolutePercentageError(p, t, weighted(options, w)), accumulator: new nn.MeanAbsolutePercentageError(options) };
  },
  "sklearn.metrics.mean_squared_error": (args, inputs) => {
    const options = errorOptions(args, inputs);
    return args.boolean("squared", true)
      ? { call: (p, t, w) => nn.meanSquaredError(p, t, weighted(options, w)), accumulator: new nn.MeanSquaredError(options) }
      : { call: (p, t, w) => nn.rootMeanSquaredError(p, t, weighted(options, w)), accumulator: new nn.RootMeanSquaredError(options) };
  },
  "sklearn.metrics.median_absolute_error": (args, inputs) => {
    const options = errorOptions(args, inputs);
    return { call: (p, t) => nn.medianAbsoluteError(p, t, options), accumulator: new nn.MedianAbsoluteError({ ...options, capacity }) };
  },
  "sklearn.metrics.precision_recall_curve": () => ({
    call: (p, t, w) => nn.precisionRecallCurve(p, t, weighted({}, w)), accumulator: new nn.PrecisionRecallCurve({ capacity }),
    results: ({ precision, recall, thresholds }: nn.PrecisionRecallPoints) => [precision, recall, thresholds],
  }),
  "sklearn.metrics.precision_score": (args, { classes }) => {
    const options = scoreOptions(args);
    return { call: (p, t, w) => nn.precisionScore(p, t, weighted(options, w)), accumulator: new nn.Precision({ ...options, classes }) };
  },
  "sklearn.metrics.r2_score": (args, inputs) => {
    const options = outputOptions(args, inputs);
    return { call: (p, t, w) => nn.r2Score(p, t, weighted(options, w)), accumulator: new nn.R2(options) };
  },
  "sklearn.metrics.recall_score": (args, { classes }) => {
    const options = scoreOptions(args);
    return { call: (p, t, w) => nn.recallScore(p, t, weighted(options, w)), accumulator: new nn.Recall({ ...options, classes }) };
  },
  "sklearn.metrics.roc_auc_score": (args, inputs) => {
    const options = {
      average: args.choice("average", { macro: "macro", micro: "micro", weighted: "weighted" } as const, "macro"), classes: inputs.classes, ...isMultiLabel(inputs),
      ...(args.has("multi_class") ? { multiClass: args.choice("multi_class", { ovr: "ovr", ovo: "ovo" } as const) } : {}),
    };
    return { call: (p, t, w) => nn.rocAucScore(p, t, weighted(options, w)), accumulator: new nn.RocAuc({ ...options, capacity }) };
  },
  "sklearn.metrics.roc_curve": (args) => {
    const options = { dropIntermediate: args.boolean("drop_intermediate", true) };
    return {
      call: (p, t, w) => nn.rocCurve(p, t, weighted(options, w)), accumulator: new nn.RocCurve({ ...options, capacity }),
      results: ({ fpr, tpr }: nn.RocPoints) => [fpr, tpr],
    };
  },
  "sklearn.metrics.top_k_accuracy_score": (args) => {
    const options = { k: args.number("k", 2), normalize: args.boolean("normalize", true) };
    return { call: (p, t, w) => nn.topKAccuracyScore(p, t, weighted(options, w)), accumulator: new nn.TopKAccuracy(options) };
  },
};

/** The number of classes of the inputs of a case, of which no class is missing at the end. */
function classesOf(prediction: Tensor, target: Tensor): number {
  if (target.dtype !== "int32") return 2;
  if (prediction.dtype !== "int32") return prediction.shape[1] ?? 2;
  return Math.max(1, ...prediction.toTypedArray(), ...target.toTypedArray()) + 1;
}

/** Names of the inputs, of which scikit-learn has the target first. */
const names = { target: ["y_true", "y1"], prediction: ["y_pred", "y2", "y_score", "y_prob", "probas_pred"], sampleWeight: ["sample_weight"] } as const;

/**
 * Computes a metric by its function, and by two accumulators that get batches of different sizes, are saved, loaded and merged. With a compiling execution, updates are compiled.
 */
export function runMetric(one: CallCase, execution: Execution): readonly Comparison[] {
  requireFields(one, ["inputs", "inputNames", "outputs", "outputNames", "gradOutputs", "gradInputs"]);
  const inputOf = (role: keyof typeof names): Tensor | undefined => {
    const at = (one.inputNames ?? []).findIndex((name) => (names[role] as readonly string[]).includes(name));
    const input = one.inputs[at];
    return input === undefined ? undefined : decode(input);
  };
  const [prediction, target, sampleWeight] = [inputOf("prediction"), inputOf("target"), inputOf("sampleWeight")];
  const known = [prediction, target, sampleWeight].filter((input) => input !== undefined);
  if (prediction === undefined || target === undefined || known.length !== one.inputs.length) throw new TypeError(`the inputs are ${String(one.inputNames)}, expected a target, a prediction and weights`);
  const make = (): Counterpart => {
    const args = new Arguments(one.args);
    const counterpart = lookUp(metrics, one.target)(args, { prediction, target, classes: classesOf(prediction, target) });
    args.requireAllRead(one.target);
    return counterpart;
  };
  const counterpart = make();
  const gathered = gather(make, known, execution);
  return [
    ...compareResults("function", counterpart, counterpart.call(prediction, target, sampleWeight), one),
    ...compareResults("accumulator", counterpart, gathered.compute(), one),
  ];
}

/** An accumulator that has seen all examples. */
function gather(make: () => Counterpart, inputs: readonly Tensor[], execution: Execution): Counterpart["accumulator"] {
  const examples = inputs[0]?.shape[0] ?? 0;
  const parts = [[0, 3, 6], [6, examples]].map((ends) => ends.map((end) => Math.min(end, examples)));
  const [first, second] = parts.map((ends) => {
    const { accumulator } = make();
    const update = execution.prepare((...batch) => {
      accumulator.update(...(batch as unknown[] as [Tensor, Tensor]));
      return [];
    });
    for (const [at, end] of ends.slice(1).entries()) {
      const start = ends[at] ?? 0;
      if (end > start) update(...inputs.map((input) => narrow(input, 0, start, end - start)));
    }
    return accumulator;
  });
  const { accumulator } = make();
  accumulator.loadStateDict(first?.stateDict() ?? {});
  if (second !== undefined) accumulator.merge(second);
  return accumulator;
}

function compareResults(what: string, { results = (value: never) => [value] }: Counterpart, value: unknown, { outputs, tolerance }: CallCase): readonly Comparison[] {
  const found = results(value as never);
  if (found.length !== outputs.length) return [{ worst: Infinity, failure: `${what}: ${found.length} results, expected ${outputs.length}` }];
  return outputs.map((want, at) => {
    const [name, got] = [`${what}, output ${at}`, found[at] as Result];
    if (String(shapeOf(got)) !== String(want.shape)) return { worst: Infinity, failure: `${name}: has the shape [${String(shapeOf(got))}], expected [${String(want.shape)}]` };
    const limits = want.dtype === "int32" ? { rtol: 0, atol: 0 } : (tolerance ?? { rtol: 1e-9, atol: 1e-12 });
    return compareNumbers(name, [got].flat(2), want.data.map(Number), limits);
  });
}

function shapeOf(value: Result): readonly number[] {
  if (typeof value === "number") return [];
  const [first] = value;
  return [value.length, ...(first === undefined ? [] : shapeOf(first))];
}
