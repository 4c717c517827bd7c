import { expect, test } from "vitest";
import { Calibration } from "../../src/evaluation/calibration.js";
import { ConfusionMatrix } from "../../src/evaluation/confusion.js";
import { describeConfusion, describeEvaluation } from "../../src/terminal/evaluation-text.js";
import { columnsOf, plain } from "../../src/terminal/style.js";

const confusion = new ConfusionMatrix(["cat", "a dog with a long name"]);
for (const [label, predicted, times] of [[0, 0, 1200], [0, 1, 3], [1, 1, 7]] as const) for (let at = 0; at < times; at++) confusion.add(label, predicted);

test("accuracy, matrix and scores", () => {
  expect(describeEvaluation("test", { loss: 0.123, confusion, calibration: new Calibration(), mistakes: [] }, plain, 80).join("\n")).toMatchInlineSnapshot(`
    "accuracy 99.75%, loss 0.1230 on 1,210 examples (test)
    always answering cat: 99.42%; balanced accuracy 99.88%; calibration error 0.0%

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

test("where the matrix is too wide, the largest confusions", () => {
  const lines = describeConfusion(confusion, plain, 30);
  expect(lines).toEqual(["Most frequent confusions", "the matrix of 2 classes is in", "the report", "cat  predicted as  a d…me  3 times"]);
  expect(Math.max(...describeConfusion(confusion, plain, 80).map(columnsOf))).toBeLessThanOrEqual(80);
});
