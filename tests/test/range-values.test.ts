import { grad, valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { BatchNorm1d, LocalResponseNorm } from "@nn/layers";
import { gaussianNegativeLogLikelihood, smoothL1 } from "@nn/losses";
import { Adafactor, Muon } from "@nn/optim";
import {
  gradientsOf, layerNorm, logCumSumExp, logSumExp, lpPool1d, rmsNorm, std, sum, tensor, Variable, variance, varianceAndMean, type FloatDType, type Tensor,
} from "@nn/tensor";
import { describe, expect, test } from "vitest";

interface Case {
  readonly name: string;
  readonly f: (x: Tensor) => Tensor;
  readonly x: readonly unknown[];
  readonly want: readonly number[];
  /** The gradient of the sum of the results. */
  readonly gradient: readonly number[];
  readonly dtype?: FloatDType;
}

const root = Math.sqrt(1.5);

const cases: readonly Case[] = [
  { name: "std of large elements", f: (x) => std(x), x: [1e30, 2e30, 3e30], want: [1e30], gradient: [-0.5, 0, 0.5] },
  { name: "std of the largest elements", f: (x) => std(x, 0, { correction: 0 }), x: [3e38, -3e38], want: [3e38], gradient: [0.5, -0.5] },
  { name: "std of small elements", f: (x) => std(x), x: [1e-30, 2e-30, 3e-30], want: [1e-30], gradient: [-0.5, 0, 0.5] },
  { name: "std of the smallest elements", f: (x) => std(x), x: [0, 2 ** -149 * 4], want: [2 ** -149 * 3], gradient: [-Math.SQRT1_2, Math.SQRT1_2] },
  { name: "std of equal large elements", f: (x) => std(x), x: [1e30, 1e30], want: [0], gradient: [0, 0] },
  { name: "std in float64", f: (x) => std(x), x: [1e200, 2e200, 3e200], want: [1e200], gradient: [-0.5, 0, 0.5], dtype: "float64" },
  { name: "variance whose sum of squares overflows", f: (x) => variance(x), x: [0, 1.5e19, -1.5e19], want: [2.25e38], gradient: [0, 1.5e19, -1.5e19] },
  { name: "variance that is too large", f: (x) => variance(x), x: [0, 2e30, -2e30], want: [Infinity], gradient: [0, 2e30, -2e30] },
  { name: "mean beside a variance", f: (x) => varianceAndMean(x).mean, x: [3e38, 3e38, 3e38, -3e38], want: [1.5e38], gradient: [0.25, 0.25, 0.25, 0.25] },
  { name: "rmsNorm of large elements", f: (x) => rmsNorm(x, 2), x: [1e30, -1e30], want: [1, -1], gradient: [1e-30, 1e-30] },
  { name: "rmsNorm of small elements", f: (x) => rmsNorm(x, 2, { epsilon: 0 }), x: [1e-30, -1e-30], want: [1, -1], gradient: [1e30, 1e30] },
  { name: "rmsNorm of small elements beside epsilon", f: (x) => rmsNorm(x, 1, { epsilon: 1e-36 }), x: [1e-18], want: [Math.SQRT1_2], gradient: [1e18 / Math.SQRT2 / 2] },
  { name: "rmsNorm in float64", f: (x) => rmsNorm(x, 2), x: [1e200, -1e200], want: [1, -1], gradient: [1e-200, 1e-200], dtype: "float64" },
  { name: "layerNorm of large elements", f: (x) => layerNorm(x, 3), x: [1e30, 2e30, 3e30], want: [-root, 0, root], gradient: [0, 0, 0] },
  { name: "layerNorm of equal large elements", f: (x) => layerNorm(x, 2), x: [1e30, 1e30], want: [0, 0], gradient: [0, 0] },
  { name: "a large row beside an ordinary one", f: (x) => layerNorm(x, 2, { epsilon: 0 }), x: [[1e30, 3e30], [1, 3]], want: [-1, 1, -1, 1], gradient: [0, 0, 0, 0] },
  { name: "lpPool of large elements", f: (x) => lpPool1d(x, 2, 2), x: [[3e30, 4e30, 3, 4]], want: [5e30, 5], gradient: [0.6, 0.8, 0.6, 0.8] },
  { name: "lpPool of small elements", f: (x) => lpPool1d(x, 2, 2), x: [[3e-30, 4e-30]], want: [5e-30], gradient: [0.6, 0.8] },
  { name: "lpPool of a large power", f: (x) => lpPool1d(x, 20, 2), x: [[1000, 1000]], want: [1000 * 2 ** 0.05], gradient: [2 ** -0.95, 2 ** -0.95] },
  { name: "lpPool of overlapping windows", f: (x) => lpPool1d(x, 2, 2, { stride: 1, padding: [[1, 0]] }), x: [[3e30, 4e30, 0]], want: [3e30, 5e30, 4e30], gradient: [1.6, 1.8, 0] },
  { name: "LocalResponseNorm", f: (x) => new LocalResponseNorm(1, { alpha: 1, beta: 1 }).forward(x), x: [[[1e30]]], want: [1e-30], gradient: [0] },
  { name: "logSumExp of nothing", f: (x) => logSumExp(x), x: [-Infinity, -Infinity], want: [-Infinity], gradient: [0, 0] },
  { name: "logSumExp of one row of nothing", f: (x) => logSumExp(x, 1), x: [[-Infinity, -Infinity], [-Infinity, 0]], want: [-Infinity, 0], gradient: [0, 0, 0, 1] },
  { name: "logCumSumExp of nothing", f: (x) => logCumSumExp(x, 0), x: [-Infinity, 0], want: [-Infinity, 0], gradient: [1, 1] },
  { name: "gaussianNegativeLogLikelihood", f: (x) => gaussianNegativeLogLikelihood(x, tensor([0]), tensor([1e38])), x: [1e25], want: [(Math.log(1e38) + 1e12) / 2], gradient: [1e-13] },
  { name: "smoothL1 with a large beta", f: (x) => smoothL1(x, tensor([0]), { beta: 1e30 }), x: [5e29], want: [1.25e29], gradient: [0.5] },
];

function expectClose(got: Tensor, want: readonly number[]): void {
  const found = Array.from(got.toTypedArray(), Number);
  expect(found.length).toBe(want.length);
  const size = Math.max(...want.filter(Number.isFinite).map(Math.abs));
  // What is 0 because parts cancel may be off by their rounding.
  const tolerance = size === 0 ? 1e-36 : 1e-5 * size;
  const isClose = want.every((value, at) => value === found[at] || Math.abs((found[at] as number) - value) <= tolerance);
  expect(isClose, `${found.join()}, expected ${want.join()}`).toBe(true);
}

describe("numbers whose squares and powers are beyond the dtype", () => {
  test.each(cases)("$name", ({ f, x, want, gradient, dtype = "float32" }) => {
    const input = tensor(x as number[], { dtype });
    const derivative = grad((each: Tensor) => sum(f(each)));
    for (const [value, slope] of [[f, derivative], [compile(f), compile(derivative)]] as const) {
      expectClose(value(input), want);
      expectClose(slope(input), gradient);
    }
  });

  test("BatchNorm1d normalises them, and tracks a variance that fits into float32", () => {
    const x = tensor([[1e15], [3e15]]);
    const layer = new BatchNorm1d(1, { momentum: 1 });
    expectClose(layer.forward(x), [-1, 1]);
    expectClose(layer.runningVar?.value ?? tensor(0), [2e30]);
    expectClose(new BatchNorm1d(1).forward(tensor([[1e30], [3e30]])), [-1, 1]);
    const compiled = new BatchNorm1d(1, { momentum: 1 });
    expectClose(compile((each: Tensor) => compiled.forward(each))(x), [-1, 1]);
    expectClose(compiled.runningVar?.value ?? tensor(0), [2e30]);
  });

  test("Muon and Adafactor move large parameters", () => {
    const gradient = tensor([[1e30, 0], [0, 1e30]]);
    const [muon, adafactor] = [new Variable(tensor([[1, 0], [0, 1]])), new Variable(tensor([1e30, 1e30]))];
    const byMuon = new Muon([muon], { learningRate: 1, weightDecay: 0 });
    byMuon.step(gradientsOf([muon], [gradient]));
    const moved = Array.from(muon.value.toTypedArray(), (value, at) => Math.abs(Number(value) - (at % 3 === 0 ? 1 : 0)));
    expect(Math.min(moved[0] ?? 0, moved[3] ?? 0)).toBeGreaterThan(0.5);
    const byAdafactor = new Adafactor([adafactor], { learningRate: 1 });
    byAdafactor.step(valueAndGrad(() => adafactor.value.sum(), [adafactor]).gradients);
    expectClose(adafactor.value, [0, 0]);
  });
});
