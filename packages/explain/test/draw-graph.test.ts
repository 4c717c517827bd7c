import { describe, expect, test } from "vitest";
import { drawGraph, explainGraph, graphSteps } from "../src/index.js";

const apples = explainGraph(({ price, count, tax }) => price.mul(count).mul(tax), { price: 100, count: 2, tax: 1.1 });

/** The texts of a picture with their class, in order. */
const texts = (svg: string, kind: string): string[] => [...svg.matchAll(new RegExp(`<text class="${kind}"[^>]*>([^<]*)</text>`, "g"))].map(([, text = ""]) => text);

describe("a picture", () => {
  test("shows every value and gradient", () => {
    const svg = drawGraph(apples);
    expect(texts(svg, "value")).toEqual(["100", "2", "200", "1.1", "220"]);
    expect(texts(svg, "gradient")).toEqual(["2.2", "110", "1.1", "200", "1"]);
    expect(svg).toContain("<desc>price: value 100, gradient 2.2; count: value 2, gradient 110; tax: value 1.1, gradient 200; ×: value 200, gradient 1.1; ×: value 220, gradient 1</desc>");
  });

  test("has the first input at the top, and nothing outside of its frame", () => {
    for (const direction of ["right", "down"] as const) {
      const svg = drawGraph(apples, { direction });
      const boxes = [...svg.matchAll(/<rect x="(\S+)" y="(\S+)" width="(\S+)" height="(\S+)"/g)].map((match) => match.slice(1).map(Number));
      const [width = 0, height = 0] = /viewBox="0 0 (\S+) (\S+)"/.exec(svg)?.slice(1).map(Number) ?? [];
      for (const [x = -1, y = -1, wide = 0, high = 0] of boxes) expect(x >= 0 && y >= 0 && x + wide <= width && y + high <= height).toBe(true);
      const along = direction === "right" ? 1 : 0;
      expect(boxes[0]?.[along]).toBeLessThan(boxes[2]?.[along] ?? NaN);
    }
  });

  test("steps forward, then back", () => {
    expect(graphSteps(apples)).toBe(5);
    const at = (step: number) => {
      const svg = drawGraph(apples, { step });
      return { values: texts(svg, "value").length, gradients: texts(svg, "gradient").length, current: / current (\w+)" data-node="(\d)"/.exec(svg)?.slice(1) };
    };
    expect([0, 1, 2, 3, 4, 5].map(at)).toEqual([
      { values: 3, gradients: 0, current: undefined },
      { values: 4, gradients: 0, current: ["forward", "3"] },
      { values: 5, gradients: 0, current: ["forward", "4"] },
      { values: 5, gradients: 1, current: ["backward", "4"] },
      { values: 5, gradients: 3, current: ["backward", "4"] },
      { values: 5, gradients: 5, current: undefined },
    ]);
  });

  test("escapes names, and shows long values by their shape", () => {
    const svg = drawGraph(explainGraph((inputs) => inputs["<b>&"].square().mean(), { "<b>&": [[1, 2], [3, 4]] }), { title: "<script>" });
    expect(svg).not.toMatch(/<b>|<script>/);
    expect(svg).toContain("2 × 2 numbers");
  });

  test("has both colour schemes, or one", () => {
    expect(drawGraph(apples)).toContain("prefers-color-scheme: dark");
    expect(drawGraph(apples, { theme: "dark" })).not.toContain("prefers-color-scheme");
  });
});

test("refuses what is no graph", () => {
  const draw = drawGraph as (...args: readonly unknown[]) => unknown;
  expect(() => draw(3)).toThrow("drawGraph: the graph is 3, expected one that explainGraph returned");
  expect(() => draw(apples, { direction: "up" })).toThrow('drawGraph: direction is the string "up", expected "right" or "down"');
  expect(() => draw(apples, { words: [1, 2] })).toThrow("drawGraph: a word of the key is 1, expected a string");
  expect(() => draw(apples, { words: ["value"] })).toThrow("drawGraph: words has 1 entry, expected two: for values and for gradients");
  expect(() => (graphSteps as (graph: unknown) => unknown)({})).toThrow("graphSteps: the graph is ");
});
