export { Accumulator } from "./accumulator.js";
export type { CapacityOptions, SampleWeightOptions, ScoredInputs } from "./inputs.js";
export { Metric } from "./metric.js";
export type { MetricStateDict } from "./metric.js";
export type { MetricRule, SampleRule, Statistics, StatisticValues } from "./rule.js";

export { Mean } from "./averages/mean.js";
export type { MeanInputs, MeanOptions } from "./averages/mean.js";
export { MeanCosineSimilarity, meanCosineSimilarity } from "./averages/mean-cosine-similarity.js";

export { Accuracy, accuracyScore } from "./classification/accuracy.js";
export type { AccuracyOptions, AccuracyScoreOptions } from "./classification/accuracy.js";
export { BalancedAccuracy, balancedAccuracyScore } from "./classification/balanced-accuracy.js";
export type { BalancedAccuracyOptions } from "./classification/balanced-accuracy.js";
export { ClassificationReport, classificationReport } from "./classification/classification-report.js";
export type { ClassificationReportOptions, ClassificationReportValue, ClassReport } from "./classification/classification-report.js";
export type { AveragedScore, ClassScoreOptions, ScoreAverage } from "./classification/class-score.js";
export { CohenKappa, cohenKappaScore } from "./classification/cohen-kappa.js";
export type { CohenKappaOptions } from "./classification/cohen-kappa.js";
export { ConfusionMatrix, confusionMatrix } from "./classification/confusion-matrix.js";
export type { ConfusionMatrixOptions, ConfusionRows } from "./classification/confusion-matrix.js";
export { F1, f1Score, FBeta, fbetaScore } from "./classification/f-score.js";
export type { FBetaOptions } from "./classification/f-score.js";
export { HammingLoss, hammingLoss } from "./classification/hamming-loss.js";
export type { HammingLossOptions } from "./classification/hamming-loss.js";
export { Jaccard, jaccardScore } from "./classification/jaccard.js";
export type { LabelOptions, MultiLabelOptions } from "./classification/labels.js";
export { MatthewsCorrcoef, matthewsCorrcoef } from "./classification/matthews.js";
export type { MatthewsCorrcoefOptions } from "./classification/matthews.js";
export { Precision, precisionScore } from "./classification/precision.js";
export { Recall, recallScore } from "./classification/recall.js";
export { TopKAccuracy, topKAccuracyScore } from "./classification/top-k-accuracy.js";
export type { TopKAccuracyOptions } from "./classification/top-k-accuracy.js";

export { AveragePrecision, averagePrecisionScore } from "./ranking/average-precision.js";
export type { AveragePrecisionOptions } from "./ranking/average-precision.js";
export type { AveragedRanking, RankedClassesOptions, RankingAverage } from "./ranking/columns.js";
export { PrecisionRecallCurve, precisionRecallCurve, RocCurve, rocCurve } from "./ranking/curves.js";
export type { PrecisionRecallPoints, RocCurveOptions, RocCurveScoreOptions, RocPoints } from "./ranking/curves.js";
export type { RankingOptions } from "./ranking/ranking.js";
export { RocAuc, rocAucScore } from "./ranking/roc-auc.js";
export type { RocAucOptions, RocAucScoreOptions } from "./ranking/roc-auc.js";

export { BrierScoreLoss, brierScoreLoss } from "./probabilities/brier-score.js";
export { CalibrationCurve, calibrationCurve, ExpectedCalibrationError, expectedCalibrationError } from "./probabilities/calibration.js";
export type { CalibrationBin, CalibrationOptions } from "./probabilities/calibration.js";
export { LogLoss, logLoss, Perplexity, perplexity } from "./probabilities/log-loss.js";
export type { LogLossOptions, PerplexityOptions } from "./probabilities/log-loss.js";

export { ExplainedVariance, explainedVarianceScore } from "./regression/explained-variance.js";
export { MaxError, maxError } from "./regression/max-error.js";
export { MeanAbsoluteError, meanAbsoluteError, MeanAbsolutePercentageError, meanAbsolutePercentageError } from "./regression/mean-absolute-error.js";
export { MeanSquaredError, meanSquaredError, RootMeanSquaredError, rootMeanSquaredError } from "./regression/mean-squared-error.js";
export { MedianAbsoluteError, medianAbsoluteError } from "./regression/median-absolute-error.js";
export type { MedianAbsoluteErrorOptions } from "./regression/median-absolute-error.js";
export type { MultiOutput, OfOutputs, RegressionOptions } from "./regression/outputs.js";
export { R2, r2Score } from "./regression/r2.js";

export { Bleu, bleuScore } from "./text/bleu.js";
export type { BleuInputs, BleuOptions } from "./text/bleu.js";
export { CharacterErrorRate, characterErrorRate, WordErrorRate, wordErrorRate } from "./text/error-rate.js";
export type { Text } from "./text/texts.js";

export { Silhouette, silhouetteSamples, silhouetteScore } from "./clustering/silhouette.js";
export type { SilhouetteOptions } from "./clustering/silhouette.js";
