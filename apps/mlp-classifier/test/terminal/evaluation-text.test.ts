import { expect, test } from "vitest";
import { describeConfusion, describeEvaluation } from "../../src/terminal/evaluation-text.js";
import { columnsOf, plain } from "../../src/terminal/style.js";
import { evaluationOf } from "../evaluation/counted.js";

const evaluation = await evaluationOf(["cat", "a dog with a long name"], [[0, 0, 1200], [0, 1, 3], [1, 1, 7]]);

test("shows accuracy, matrix and scores", () => {
  expect(describeEvaluation("test", evaluation, plain, 80).join("\n")).toMatchInlineSnapshot(`
    "accuracy 99.75%, loss 0.1240 on 1,210 examples (test)
    always answering cat: 99.42%; balanced accuracy 99.88%; ROC AUC 99.9%;
    calibration error 0.2%

    Confusion matrix  rows: true class, columns: predicted
                                   cat a dog wi…ng name
                 cat             1,200                3
    a dog wi…ng name                 ·                7

    Class             Precision  Recall     F1  Examples
    cat                  100.0%   99.8%  99.9%     1,203
    a dog wi…ng name      70.0%  100.0%  82.4%         7
    macro average         85.0%   99.9%  91.1%     1,210
    weighted average      99.8%   99.8%  99.8%     1,210"
  `);
});

test("shows the largest confusions if the matrix is too wide", () => {
  const lines = describeConfusion(evaluation, plain, 30);
  expect(lines).toEqual(["Most frequent confusions", "the matrix of 2 classes is in", "the report", "cat  predicted as  a d…me  3 times"]);
  expect(Math.max(...describeConfusion(evaluation, plain, 80).map(columnsOf))).toBeLessThanOrEqual(80);
});
