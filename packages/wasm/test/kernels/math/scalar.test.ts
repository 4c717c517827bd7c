import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { applyFloat64, binaryNames, mathNames, type MathName, powerOf, randomNumbers, remainderOf, ulps64 } from "./apply.js";
import { binarySpecials, unarySpecials } from "./specials.js";

/** The largest errors of the table at `scalarMath`. */
const accuracy: { readonly [N in MathName]: number } = {
  exp: 1, expm1: 1.5, log: 1, log1p: 1, sin: 1.5, cos: 1.5, tanh: 2.5, sigmoid: 2.5,
  erf: 2, erfc: 3.5, erfInv: 3.5, pow: 1, atan2: 2.5, remainder: 0,
};

/** What the truth may be off itself: JavaScript's functions are within an ulp, recorded values are rounded. */
const javaScriptError = 1;
const recordedError = 0.5;

const truths: { readonly [N in MathName]?: (x: number, y: number) => number } = {
  exp: Math.exp, expm1: Math.expm1, log: Math.log, log1p: Math.log1p, sin: Math.sin, cos: Math.cos, tanh: Math.tanh,
  atan2: Math.atan2, remainder: remainderOf,
};

/** The worst of the results that are farther from the truth than allowed, or nothing. */
function violations(name: MathName, x: Float64Array, y: Float64Array, exact: (i: number) => number, allowed: number): string {
  const results = applyFloat64(name, x, y);
  let [worst, where] = [allowed, ""];
  results.forEach((result, i) => {
    const error = ulps64(result, exact(i));
    if (error <= worst) return;
    worst = error;
    where = `${error} ulp: ${name}(${x[i]}${binaryNames.includes(name) ? `, ${y[i]}` : ""}) = ${result}, not ${exact(i)}`;
  });
  return where;
}

describe("against JavaScript", () => {
  const random = randomNumbers(11);
  const sign = (): number => (random() < 0.5 ? -1 : 1);
  const magnitudes = [
    () => random() * 4, () => random() * 750, () => 2 ** (random() * 2098 - 1074), () => 1 + sign() * 2 ** (-60 * random()),
    () => 2 ** (random() * 40 - 20), () => 2 ** (random() * 60 + 15), () => (Math.floor(random() * 1e6) * Math.PI) / 2,
  ];
  const sample = (): Float64Array => Float64Array.from({ length: 70_000 }, (_, i) => sign() * (magnitudes[i % magnitudes.length]?.() ?? 0));
  const [x, y] = [sample(), sample()];
  test.each(Object.entries(truths))("%s", (name, truth) => {
    const known = name as MathName;
    const mixed = y.map((value, i) => (i % 2 === 0 ? value : (y[(i * 5) % y.length] as number)));
    const allowed = known === "remainder" ? 0 : accuracy[known] + javaScriptError;
    expect(violations(known, x, mixed, (i) => truth(x[i] as number, mixed[i] as number), allowed)).toBe("");
  });

  test("sigmoid, by its definition where that is accurate", () => {
    const moderate = x.map((value) => value % 700);
    const exact = (value: number): number => (value < 0 ? Math.exp(value) / (1 + Math.exp(value)) : 1 / (1 + Math.exp(-value)));
    expect(violations("sigmoid", moderate, y, (i) => exact(moderate[i] as number), accuracy.sigmoid + 2)).toBe("");
  });

  test("pow of whole numbers is exact", () => {
    const bases = Float64Array.from({ length: 400 }, (_, i) => (i % 20) - 10);
    const exponents = bases.map((_, i) => Math.floor(i / 20) % 15);
    expect([...applyFloat64("pow", bases, exponents)]).toEqual([...bases].map((base, i) => powerOf(base, exponents[i] as number)));
  });
});

describe("against recorded values", () => {
  const recorded: Readonly<Record<string, readonly (readonly number[])[]>> = JSON.parse(
    readFileSync(new URL("truth.json", import.meta.url), "utf8"),
  );
  test.each(Object.entries(recorded))("%s", (name, rows) => {
    const column = (at: number): Float64Array => Float64Array.from(rows, (row) => row[at] as number);
    const exact = (i: number): number => (rows[i] as readonly number[]).at(-1) as number;
    expect(violations(name as MathName, column(0), column(1), exact, accuracy[name as MathName] + recordedError)).toBe("");
  });

  test("the hardest angles: next to multiples of π/2 (Muller, Elementary Functions, §11)", () => {
    const x = Float64Array.of(6381956970095103 * 2 ** 797, 5.319372648326541e255);
    expect([...applyFloat64("cos", x)]).toEqual([-4.68716592425462761112e-19, -4.68716592425462761112e-19]);
  });
});

describe("identities", () => {
  const x = Float64Array.from({ length: 4001 }, (_, i) => (i - 2000) / 350);
  test("erf is odd, and erf + erfc = 1", () => {
    const [plus, minus, rest] = [applyFloat64("erf", x), applyFloat64("erf", x.map((value) => -value)), applyFloat64("erfc", x)];
    expect([...minus].map((value) => 0 - value)).toEqual([...plus]);
    plus.forEach((value, i) => expect(Math.abs(value + (rest[i] as number) - 1)).toBeLessThan(5e-16));
  });

  test("erfInv undoes erf", () => {
    const inside = x.filter((value) => Math.abs(value) < 3);
    const back = applyFloat64("erfInv", applyFloat64("erf", inside));
    // What erf rounds is larger in x by 1 / erf'.
    back.forEach((value, i) => expect(Math.abs(value - (inside[i] as number))).toBeLessThan(1e-15 * Math.exp((inside[i] as number) ** 2)));
  });

  test("remainder is below the divisor, and exact", () => {
    const random = randomNumbers(13);
    const dividends = Float64Array.from({ length: 20_000 }, () => 2 ** (random() * 2000 - 1000));
    const divisors = dividends.map((value) => value * 2 ** (random() * -200));
    applyFloat64("remainder", dividends, divisors).forEach((rest, i) => expect(rest).toBe((dividends[i] as number) % (divisors[i] as number)));
  });
});

describe("special values", () => {
  test.each(Object.entries(unarySpecials))("%s", (name, rows) => {
    const results = applyFloat64(name as MathName, Float64Array.from(rows, ([x]) => x));
    expect([...results]).toEqual(rows.map(([, result]) => result));
  });

  test.each(Object.entries(binarySpecials))("%s", (name, rows) => {
    const [x, y] = [Float64Array.from(rows, ([first]) => first), Float64Array.from(rows, ([, second]) => second)];
    const results = applyFloat64(name as MathName, x, y);
    rows.forEach(([, , result], i) => expect([x[i], y[i], results[i]]).toEqual([x[i], y[i], result]));
  });

  test("every function is tested", () => {
    expect([...Object.keys(unarySpecials), ...Object.keys(binarySpecials)].toSorted()).toEqual(mathNames.toSorted());
  });
});
