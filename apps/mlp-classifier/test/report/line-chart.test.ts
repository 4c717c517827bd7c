import { describe, expect, test } from "vitest";
import { lineChart, type LineChart } from "../../src/report/line-chart.js";

const chart = (values: readonly (number | null)[], more: Partial<LineChart> = {}): string =>
  lineChart({
    title: "Loss",
    series: [{ name: "training", colour: "train", values }, { name: "validation", colour: "validation", values: values.map(() => null) }],
    format: (value) => value.toFixed(2),
    formatTick: (value, decimals) => value.toFixed(decimals),
    ...more,
  }).text;

/** The positions that a line goes through. */
const positionsOf = (svg: string): number[][] =>
  [...svg.matchAll(/<path d="([^"]*)"/g)].flatMap(([, path = ""]) => [...path.matchAll(/[ML]([\d.]+) ([\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]));

describe("a line", () => {
  test("goes from the left to the right edge, higher values higher up", () => {
    const positions = positionsOf(chart([1, 0.5, 0]));
    expect(positions).toEqual([[54, 14], [300, 138], [546, 262]]);
  });

  test("has a gap where a value is missing", () => {
    expect(chart([1, null, 0.5, 0.2])).toMatch(/<path d="M[\d. ]+M[\d. ]+L[\d. ]+"/);
  });

  test("of a single epoch is a point in the middle", () => {
    expect(positionsOf(chart([0.5]))[0]?.[0]).toBe(300);
    expect(chart([0.5])).toContain('<circle cx="300"');
  });

  test("of very many epochs is thinned out, but keeps its last value", () => {
    const positions = positionsOf(chart(Array.from({ length: 5001 }, (_, at) => at)));
    expect(positions.length).toBeLessThan(1100);
    expect(positions.at(-1)?.[0]).toBe(546);
  });

  test("of very many epochs keeps each of its peaks, upwards and downwards", () => {
    const values = Array.from({ length: 8000 }, () => 0.5);
    values[4321] = 1;
    values[6789] = 0;
    const heights = positionsOf(chart(values)).map(([, y]) => y);
    expect([heights.filter((y) => y === 14), heights.filter((y) => y === 262)]).toEqual([[14], [262]]);
    expect(chart(values)).toMatch(/epochs 4321 to 4336<\/tspan><tspan x="[\d.]+" dy="16">training 0\.50 to 1\.00</);
  });

  test("of very many epochs has the gaps that it has", () => {
    const values: (number | null)[] = Array.from({ length: 5000 }, (_, at) => at % 7);
    values.fill(null, 1000, 2000);
    expect(chart(values).match(/<path d="M[^M"]*M[^M"]*"/g)).toHaveLength(1);
  });
});

test("lists only existing lines, and shows values under the pointer", () => {
  const svg = chart([1, 0.25]);
  expect(svg).toContain('<span class="key series-train">training</span>');
  expect(svg).not.toContain("validation</span>");
  expect(svg).toContain("training 0.25");
});

test("a mark near the right edge has its label on the left", () => {
  expect(chart([3, 2, 1], { mark: { epoch: 3, text: "best" } })).toMatch(/text-anchor="end">best</);
  expect(chart([3, 2, 1], { mark: { epoch: 1, text: "best" } })).toMatch(/text-anchor="start">best</);
});

test("a chart contains no NaN, whatever the values", () => {
  for (const values of [[], [null], [0, 0, 0], [1e-9], [Number.NaN, 1], [5, 5]]) expect(chart(values)).not.toContain("NaN");
});

test("an axis stops at its ceiling", () => {
  const svg = chart([0.85, 0.99], { ceiling: 1, formatTick: (value) => value.toFixed(2) });
  expect(svg).toContain(">1.00</text>");
  expect(svg).not.toContain(">1.02</text>");
});
