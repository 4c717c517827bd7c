import { tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import { rankingOf } from "../../src/evaluation/ranking.js";
import { rankingSection } from "../../src/report/ranking-charts.js";
import { evaluationOf } from "./counted.js";

/** How often an example of the class has a higher score than one of another class; equal scores count as a half. */
function plainArea(scores: readonly number[], isOwn: readonly boolean[]): number {
  let [sum, pairs] = [0, 0];
  scores.forEach((own, a) => scores.forEach((other, b) => {
    if (isOwn[a] !== true || isOwn[b] === true) return;
    pairs++;
    sum += own > other ? 1 : own === other ? 0.5 : 0;
  }));
  return sum / pairs;
}

const rows = Array.from({ length: 60 }, (_, at) => {
  const raw = [1, 2, 3, 4, 5, 6, 7].map((prime) => ((at * 37 + prime * prime * 11) % 23) + (at % 7 === prime - 1 ? 4 : 0) + 1);
  const sum = raw.reduce((a, b) => a + b);
  return raw.map((value) => value / sum);
});
const labels = rows.map((_, at) => at % 7);

describe("ranking", () => {
  test("of two classes is about the second one", () => {
    const two = rows.map(([a = 0, b = 0]) => [a / (a + b), b / (a + b)]);
    const y = labels.map((label) => label % 2);
    const ranking = rankingOf(tensor(two, { dtype: "float64" }), tensor(y, { dtype: "int32" }));
    const area = plainArea(two.map(([, b = 0]) => b), y.map((label) => label === 1));
    expect(ranking.rocAuc).toBeCloseTo(area, 12);
    expect(ranking.curves.map(({ label }) => label)).toEqual([1]);
    expect(ranking.curves[0]?.rocAuc).toBe(ranking.rocAuc);
    expect(ranking.curves[0]?.averagePrecision).toBe(ranking.averagePrecision);
  });

  test("of many classes has the mean of all, and the curves of the five with the smallest areas", () => {
    const ranking = rankingOf(tensor(rows, { dtype: "float64" }), tensor(labels, { dtype: "int32" }));
    const areas = Array.from({ length: 7 }, (_, label) => plainArea(rows.map((row) => row[label] ?? 0), labels.map((each) => each === label)));
    expect(ranking.rocAuc).toBeCloseTo(areas.reduce((a, b) => a + b) / 7, 12);
    const sorted = areas.map((area, label) => ({ area, label })).toSorted((a, b) => a.area - b.area).slice(0, 5);
    expect(ranking.curves.map(({ label }) => label)).toEqual(sorted.map(({ label }) => label));
    ranking.curves.forEach(({ rocAuc }, at) => expect(rocAuc).toBeCloseTo(sorted[at]?.area ?? -1, 12));
  });

  test("needs examples of two classes", async () => {
    const one = rankingOf(tensor([[0.5, 0.5], [0.2, 0.8]]), tensor([1, 1], { dtype: "int32" }));
    expect([one.rocAuc, one.curves]).toEqual([Number.NaN, []]);
    expect(rankingSection(await evaluationOf(["a", "b"], [[0, 0, 3]]))).toBeUndefined();
  });
});

describe("the curves in the report", () => {
  test("go through the points of the rates", async () => {
    // Of four a and two b, one a and all b are predicted as b.
    const { text } = rankingSection(await evaluationOf(["a", "b"], [[0, 0, 3], [0, 1, 1], [1, 1, 2]])) ?? { text: "" };
    expect(text).toContain("area under the ROC curve 87.5%, average precision 66.7%");
    // ROC: (0, 0), (1/4, 1), (1, 1); precision and recall: 2/6 back to recall 1, then 2/3 back to recall 0.
    const [left, right, top, bottom] = [54, 536, 14, 262];
    const point = (x: number, y: number): string => `${Math.round(10 * (left + x * (right - left))) / 10} ${Math.round(10 * (bottom - y * (bottom - top))) / 10}`;
    expect(text).toContain(`d="M${point(0, 0)}L${point(1 / 4, 1)}L${point(1, 1)}"`);
    expect(text).toContain(`d="M${point(1, 1 / 3)}L${point(1, 2 / 3)}L${point(0, 2 / 3)}"`);
  });

  test("say which classes are drawn, with their names escaped", async () => {
    const classes = ["<a>", "b", "c", "d", "e", "f", "g"];
    const { text } = rankingSection(await evaluationOf(classes, classes.map((_, at) => [at, (at + (at % 2)) % 7, 2 + at]))) ?? { text: "" };
    expect(text).toContain("the 5 of 7 classes with the smallest areas");
    expect(text).not.toContain("<a>");
    expect(text).not.toMatch(/NaN|undefined/);
  });
});
