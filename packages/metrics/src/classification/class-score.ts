import { ArgumentError, type Tensor } from "@nn/tensor";
import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { resultOf } from "../accumulator.js";
import { sampleWeightOptions, type SampleWeightOptions, type ScoredInputs } from "../inputs.js";
import type { MetricRule } from "../rule.js";
import { classCounts, classCountShapes, countsOf, totalCount, type ClassCount, type ClassCountName } from "./class-counts.js";
import { countClasses, labelOptions, type LabelOptions, type MultiLabelOptions } from "./labels.js";

/**
 * How the scores of the classes are averaged:
 *
 * - `"binary"`: the score of the class `posLabel` of two;
 * - `"macro"`: the mean over the classes that occur, each with the same weight;
 * - `"weighted"`: the mean over the classes, each weighted by its number of examples;
 * - `"micro"`: the score of all predictions together, whatever their class;
 * - `"none"`: a score for each class.
 */
export type ScoreAverage = "binary" | "macro" | "weighted" | "micro" | "none";

/** The result under an average: one number, or a list with one for each class. */
export type AveragedScore<Average extends ScoreAverage> = Average extends "none" ? readonly number[] : number;

/** Options of scores of classes. */
export interface ClassScoreOptions<Average extends ScoreAverage = "binary"> extends LabelOptions, MultiLabelOptions {
  /** How the scores of the classes are averaged; default `"binary"`, for two classes. More than two classes, and several labels, need another average. */
  readonly average?: Average | undefined;
  /** The number of classes, or of labels. An accumulator needs it, unless the average is `"binary"`; a function derives it from its inputs by default. */
  readonly classes?: number | undefined;
  /** The class whose score is computed with the average `"binary"`; default 1. */
  readonly posLabel?: number | undefined;
  /**
   * The score of a class for which it is 0 / 0, such as the precision of a class that is never predicted; default 0. A class that neither occurs nor
   * is predicted has this score, and does not count in `"macro"`; labels always count.
   */
  readonly zeroDivision?: 0 | 1 | undefined;
}

/** The kinds of these options. */
export const classScoreOptions: OptionKinds<ClassScoreOptions<ScoreAverage>> = {
  ...labelOptions, multiLabel: "boolean", average: ["binary", "macro", "weighted", "micro", "none"], classes: "count", posLabel: "size", zeroDivision: [0, 1],
};

/** The score of a class as a fraction. */
export type ClassFraction = (count: ClassCount) => readonly [numerator: number, denominator: number];

/** The rule of a score that is a fraction of counts of each class. */
export function classScoreRule<Average extends ScoreAverage>(
  operation: string, fraction: ClassFraction, options: ClassScoreOptions<Average>, classes: number,
): MetricRule<ScoredInputs, AveragedScore<Average>, ClassCountName> {
  const { average = "binary", multiLabel = false, posLabel = 1, zeroDivision = 0 } = options;
  if (average === "binary" && (multiLabel || classes !== 2)) {
    throw new ArgumentError(`${operation}: the average "binary" is for two classes, and there are ${classes} ${multiLabel ? "labels" : "classes"}; give average: "macro", "weighted", "micro" or "none"`);
  }
  if (average === "binary" && posLabel >= classes) throw new ArgumentError(`${operation}: posLabel is ${posLabel}, expected a class from 0 to ${classes - 1}`);
  const scoreOf = (count: ClassCount): number => {
    const [numerator, denominator] = fraction(count);
    return denominator === 0 ? zeroDivision : numerator / denominator;
  };
  return {
    higherIsBetter: true,
    shapes: classCountShapes(classes),
    statistics: (prediction, target, sampleWeight) => classCounts(operation, { prediction, target, sampleWeight }, options, classes),
    result: (values) => (values.total[0] === 0 ? noScore(classes, average) : averageScores(countsOf(values), scoreOf, { average, posLabel, multiLabel })) as AveragedScore<Average>,
  };
}

interface Averaging {
  readonly average: ScoreAverage;
  readonly posLabel: number;
  readonly multiLabel: boolean;
}

function averageScores(counts: readonly ClassCount[], scoreOf: (count: ClassCount) => number, { average, posLabel, multiLabel }: Averaging): number | readonly number[] {
  switch (average) {
    case "none": return counts.map(scoreOf);
    case "binary": return scoreOf(counts[posLabel] as ClassCount);
    case "micro": return scoreOf(totalCount(counts));
    case "weighted": return weightedMean(counts.map((count) => [scoreOf(count), count.actual]));
    case "macro": return weightedMean(counts.map((count) => [scoreOf(count), multiLabel || count.actual + count.predicted !== 0 ? 1 : 0]));
  }
}

/** The score without examples. */
function noScore(classes: number, average: ScoreAverage): number | readonly number[] {
  return average === "none" ? new Array<number>(classes).fill(NaN) : NaN;
}

/** `Σ w·v / Σ w`; NaN if all weights are 0. */
export function weightedMean(values: readonly (readonly [value: number, weight: number])[]): number {
  const weight = values.reduce((total, [, each]) => total + each, 0);
  return values.reduce((total, [value, each]) => (each === 0 ? total : total + value * each), 0) / weight;
}

/** The number of classes of an accumulator, which it must know before the first batch. @throws ArgumentError if it is needed and not given. */
export function givenClasses(operation: string, { classes, average = "binary", multiLabel = false }: {
  readonly classes?: number | undefined; readonly average?: ScoreAverage | undefined; readonly multiLabel?: boolean | undefined;
}): number {
  if (classes === undefined && average !== "binary") {
    throw new ArgumentError(`${operation}: classes is missing; an accumulator with average: "${average}" must know the number of ${multiLabel ? "labels" : "classes"} before the first batch, for example classes: 3`);
  }
  return classes ?? 2;
}

/** The score of a function over all examples. */
export function classScore<Average extends ScoreAverage>(
  operation: string, fraction: ClassFraction, [prediction, target]: readonly [Tensor, Tensor], options: ClassScoreOptions<Average> & SampleWeightOptions,
): AveragedScore<Average> {
  const classes = options.multiLabel === true && options.classes === undefined ? labelsIn(target) : countClasses(operation, { prediction, target }, options, options.classes);
  return resultOf(classScoreRule(operation, fraction, options, classes), prediction, target, options.sampleWeight);
}

/** Refuses options that a function does not have. */
export function requireClassScoreOptions(operation: string, options: object, own: Readonly<Record<string, "positive">> = {}): void {
  requireOptions(operation, options, { ...classScoreOptions, ...sampleWeightOptions, ...own });
}

function labelsIn(target: Tensor): number {
  return target.shape[1] ?? 1;
}
