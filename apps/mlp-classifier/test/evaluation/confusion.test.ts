import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ConfusionMatrix, type AverageScore } from "../../src/evaluation/confusion.js";

function matrixOf(labels: readonly number[], predicted: readonly number[]): ConfusionMatrix {
  const classes = Array.from({ length: Math.max(...labels, ...predicted) + 1 }, (_, at) => String(at));
  const matrix = new ConfusionMatrix(classes);
  labels.forEach((label, at) => matrix.add(label, predicted[at] as number));
  return matrix;
}

interface Recorded {
  readonly data: readonly number[];
}

interface Case {
  readonly id: string;
  readonly target: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly inputs: readonly [Recorded, Recorded];
  readonly outputs: readonly [Recorded];
}

const { cases } = JSON.parse(readFileSync(new URL("../../../../tests/reference/metrics.json", import.meta.url), "utf8")) as { readonly cases: readonly Case[] };

const find = (id: string): Case => {
  const found = cases.find((each) => each.id === id);
  if (found === undefined) throw new Error(`no recorded case ${id}`);
  return found;
};

const measured = (id: string): { readonly matrix: ConfusionMatrix; readonly expected: readonly number[] } => {
  const { inputs: [labels, predicted], outputs: [expected] } = find(id);
  return { matrix: matrixOf(labels.data, predicted.data), expected: expected.data };
};

describe("as scikit-learn", () => {
  test.each(["confusion_matrix_multiclass", "confusion_matrix_binary"])("%s", (id) => {
    const { matrix, expected } = measured(id);
    expect(matrix.rows.flat()).toEqual(expected);
  });

  test.each(["accuracy_multiclass", "accuracy_binary"])("%s", (id) => {
    const { matrix, expected } = measured(id);
    expect(matrix.accuracy).toBeCloseTo(expected[0] as number, 12);
  });

  const names = ["precision", "recall", "f1"] as const;

  test.each(names)("%s per class", (name) => {
    const { matrix, expected } = measured(`${name}_per_class`);
    matrix.scores.forEach((score, at) => expect(score[name]).toBeCloseTo(expected[at] as number, 12));
  });

  test.each(names.flatMap((name) => [[name, "macro"], [name, "weighted"]] as const))("%s %s", (name, kind) => {
    const { matrix, expected } = measured(`${name}_${kind}`);
    const average: AverageScore = kind === "macro" ? matrix.macroAverage : matrix.weightedAverage;
    expect(average[name]).toBeCloseTo(expected[0] as number, 12);
  });

  test.each(names)("%s of a class that is never predicted", (name) => {
    const { matrix, expected } = measured(`${name}_class_never_predicted_zero_division_0`);
    expect(matrix.macroAverage[name]).toBeCloseTo(expected[0] as number, 12);
  });
});

test("by hand: three of four cats, one of two dogs", () => {
  const matrix = new ConfusionMatrix(["cat", "dog"]);
  for (const [label, predicted] of [[0, 0], [0, 0], [0, 0], [0, 1], [1, 1], [1, 0]] as const) matrix.add(label, predicted);
  expect(matrix.rows).toEqual([[3, 1], [1, 1]]);
  expect(matrix.accuracy).toBeCloseTo(4 / 6, 12);
  expect(matrix.scores).toEqual([
    { name: "cat", precision: 0.75, recall: 0.75, f1: 0.75, support: 4 },
    { name: "dog", precision: 0.5, recall: 0.5, f1: 0.5, support: 2 },
  ]);
  expect(matrix.macroAverage).toEqual({ precision: 0.625, recall: 0.625, f1: 0.625, support: 6 });
  expect(matrix.mixups(1)).toEqual([{ label: 0, predicted: 1, count: 1 }]);
});

test("without examples nothing is NaN", () => {
  const matrix = new ConfusionMatrix(["a", "b"]);
  expect([matrix.accuracy, matrix.total, matrix.macroAverage.f1, matrix.weightedAverage.recall]).toEqual([0, 0, 0, 0]);
  expect(matrix.mixups(5)).toEqual([]);
});

test("weighted recall is accuracy, and every example is counted once", () => {
  const pairs = fc.array(fc.tuple(fc.nat(4), fc.nat(4)), { minLength: 1, maxLength: 60 });
  fc.assert(fc.property(pairs, (examples) => {
    const matrix = matrixOf(examples.map(([label]) => label), examples.map(([, predicted]) => predicted));
    expect(matrix.weightedAverage.recall).toBeCloseTo(matrix.accuracy, 12);
    expect(matrix.total).toBe(examples.length);
    expect(matrix.scores.reduce((sum, { support }) => sum + support, 0)).toBe(examples.length);
  }));
});
