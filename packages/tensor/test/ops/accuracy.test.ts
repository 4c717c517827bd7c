import { describe, expect, test } from "vitest";
import * as nn from "../../src/index.js";
import type { Tensor } from "../../src/index.js";

/** float32 numbers of both signs over the whole range, from 2⁻¹²⁶ to 2¹²⁷, eight in each octave, and 0. */
const wholeRange = Float32Array.from([0, ...octaves(-126, 127).flatMap((x) => [x, -x])]);

function octaves(first: number, last: number): number[] {
  const exponents = Array.from({ length: last - first + 1 }, (_, at) => first + at);
  return exponents.flatMap((exponent) => Array.from({ length: 8 }, (_, eighth) => 2 ** exponent * (1 + eighth / 8)));
}

interface Accuracy {
  readonly run: (x: Tensor) => Tensor;
  readonly exact: (x: number) => number;
  /** Units of 2⁻²³ relative to the exact value. */
  readonly units?: number;
  readonly domain?: (x: number) => boolean;
}

const epsilon = 2 ** -23;
const smallestNormal = 2 ** -126;

const functions: Readonly<Record<string, Accuracy>> = {
  exp: { run: nn.exp, exact: Math.exp },
  exp2: { run: nn.exp2, exact: (x) => 2 ** x },
  expm1: { run: nn.expm1, exact: Math.expm1 },
  log: { run: nn.log, exact: Math.log },
  log1p: { run: nn.log1p, exact: Math.log1p },
  log2: { run: nn.log2, exact: (x) => Math.log(x) / Math.LN2 },
  log10: { run: nn.log10, exact: (x) => Math.log(x) / Math.LN10 },
  sqrt: { run: nn.sqrt, exact: Math.sqrt },
  rsqrt: { run: nn.rsqrt, exact: (x) => 1 / Math.sqrt(x), domain: (x) => x > 0 },
  "the power −1": { run: (x) => nn.pow(x, -1), exact: (x) => 1 / x },
  "the power −½": { run: (x) => nn.pow(x, -0.5), exact: (x) => x ** -0.5, domain: (x) => x > 0 },
  "the power ½": { run: (x) => nn.pow(x, 0.5), exact: Math.sqrt },
  "the power 3": { run: (x) => nn.pow(x, 3), exact: (x) => x ** 3 },
  "the power 1.5": { run: (x) => nn.pow(x, 1.5), exact: (x) => x ** 1.5 },
  tanh: { run: nn.tanh, exact: Math.tanh },
  sigmoid: { run: nn.sigmoid, exact: (x) => (x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x))) },
  asin: { run: nn.asin, exact: Math.asin },
  acos: { run: nn.acos, exact: Math.acos },
  atan: { run: nn.atan, exact: Math.atan },
  sinh: { run: nn.sinh, exact: Math.sinh, units: 40 },
  cosh: { run: nn.cosh, exact: Math.cosh, units: 40 },
  asinh: { run: nn.asinh, exact: Math.asinh },
  acosh: { run: nn.acosh, exact: Math.acosh },
  atanh: { run: nn.atanh, exact: Math.atanh, units: 16 },
  softplus: { run: (x) => nn.softplus(x), exact: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))) },
  logSigmoid: { run: nn.logSigmoid, exact: (x) => Math.min(x, 0) - Math.log1p(Math.exp(-Math.abs(x))) },
  logit: { run: (x) => nn.logit(x), exact: (x) => Math.log(x) - Math.log1p(-x), domain: (x) => x > 0 && x < 0.25 },
  silu: { run: nn.silu, exact: (x) => (x < 0 ? x * (Math.exp(x) / (1 + Math.exp(x))) : x / (1 + Math.exp(-x))), domain: (x) => x > -80 },
  elu: { run: (x) => nn.elu(x), exact: (x) => (x > 0 ? x : Math.expm1(x)) },
};

describe("functions are accurate over the whole range of float32", () => {
  test.each(Object.entries(functions))("%s", (_, { run, exact, units = 4, domain = () => true }) => {
    const inputs = wholeRange.filter(domain);
    const results = run(nn.tensor(inputs)).toTypedArray();
    const wrong = [...inputs].map((x, at) => ({ x, got: results[at] as number, want: exact(x) })).filter(({ got, want }) => {
      if (Object.is(got, Math.fround(want)) || got === Math.fround(want)) return false;
      // Where results leave the range of normal numbers, the last place is as wide as at its lower end.
      return !(Math.abs(got - want) <= units * epsilon * Math.max(Math.abs(want), smallestNormal));
    });
    expect(wrong).toEqual([]);
  });
});

describe("functions of two arguments neither overflow nor underflow before their results", () => {
  test("hypot", () => {
    const got = nn.hypot(nn.tensor([3e38, 3e-38, 3e20]), nn.tensor([1e38, 4e-38, -4e20])).toTypedArray();
    [Math.hypot(3e38, 1e38), 5e-38, 5e20].forEach((want, at) => expect((got[at] as number) / want).toBeCloseTo(1, 6));
    expect(nn.hypot(nn.tensor([0, -Infinity, NaN]), nn.tensor([0, 1, 1])).toArray()).toEqual([0, Infinity, NaN]);
  });

  test("logAddExp of equal infinities is that infinity", () => {
    const infinities = nn.tensor([Infinity, -Infinity, Infinity]);
    expect(nn.logAddExp(infinities, nn.tensor([Infinity, -Infinity, -Infinity])).toArray()).toEqual([Infinity, -Infinity, Infinity]);
  });

  test("xlogy is 0 where x is 0, unless y is NaN", () => {
    expect(nn.xlogy(nn.tensor([0, 0, 0, 0, 1]), nn.tensor([0, -1, Infinity, NaN, 0])).toArray()).toEqual([0, 0, 0, NaN, -Infinity]);
  });

  test("floorDivide rounds the exact quotient down, not the rounded one", () => {
    expect(nn.floorDivide(nn.tensor([1, -1, 7, -7, 7, 0, 5, -5]), nn.tensor([0.1, 0.1, 2, 2, -2, 3, 0, 0])).toArray())
      .toEqual([9, -10, 3, -4, -4, 0, Infinity, -Infinity]);
    const integers = nn.tensor([2147483647, -2147483648, 7, -7, -2147483648], { dtype: "int32" });
    expect(nn.floorDivide(integers, nn.tensor([2, 3, -2, -2, 1], { dtype: "int32" })).toArray())
      .toEqual([1073741823, -715827883, -4, 3, -2147483648]);
    expect(() => nn.floorDivide(integers, 0)).toThrow("floorDivide: division by 0 is not defined for int32");
    const none = nn.zeros([0], { dtype: "int32" });
    for (const divide of [nn.floorDivide, nn.fmod, nn.remainder]) expect(divide(none, 0).toArray()).toEqual([]);
  });

  test("fmod has the sign of the first, remainder that of the second", () => {
    const [x, y] = [nn.tensor([5, -5, 5, -5, -1e-10]), nn.tensor([3, 3, -3, -3, 1])];
    expect(nn.fmod(x, y).toArray()).toEqual([2, -2, 2, -2, Math.fround(-1e-10)]);
    expect(nn.remainder(x, y).toArray()).toEqual([2, 1, -1, -2, 1]);
  });

  test("copySign copies the sign of −0 too", () => {
    expect(nn.copySign(nn.tensor([1, -1, 2]), nn.tensor([-0, 0, -3])).toArray()).toEqual([-1, 1, -2]);
  });
});

describe("gamma functions", () => {
  /** Γ at whole numbers is a factorial. */
  test("lgamma of whole numbers is the logarithm of a factorial", () => {
    let factorial = 1;
    for (let n = 1; n <= 20; n++) {
      expect(nn.lgamma(nn.tensor([n], { dtype: "float64" })).item()).toBeCloseTo(Math.log(factorial), 11);
      factorial *= n;
    }
  });

  test("poles", () => {
    expect(nn.lgamma(nn.tensor([0, -1, -Infinity, Infinity])).toTypedArray()).toEqual(Float32Array.of(Infinity, Infinity, Infinity, Infinity));
    expect(nn.digamma(nn.tensor([0, -1])).toArray()).toEqual([-Infinity, NaN]);
  });

  test("digamma is the derivative of lgamma", () => {
    const x = nn.tensor([-3.7, -0.3, 0.2, 0.9, 1.5, 3, 7.9, 8.1, 40], { dtype: "float64" });
    const step = 1e-5;
    const slope = nn.div(nn.sub(nn.lgamma(nn.add(x, step)), nn.lgamma(nn.sub(x, step))), 2 * step);
    const difference = nn.max(nn.abs(nn.sub(nn.digamma(x), slope))).item();
    expect(difference).toBeLessThan(1e-7);
  });
});
