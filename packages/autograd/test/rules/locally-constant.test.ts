import {
  ceil, cumMax, digamma, equal, floor, floorDivide, fmod, frac, greater, hypot, lgamma, maximum, quantile, remainder, round, sign, sort, tensor, trunc, where, type Tensor,
} from "@nn/tensor";
import { describe, expect, test } from "vitest";
import { grad } from "../../src/index.js";

const special = [0, -0, 0.5, -0.5, 1, -1, 2.5, -2.5, 1e30, -1e30, Infinity, -Infinity];

describe("a piecewise constant function has the gradient 0, also at its jumps and where it is infinite", () => {
  const functions: Readonly<Record<string, (x: Tensor) => Tensor>> = {
    floor, ceil, round, trunc, sign,
    "floorDivide by 2": (x) => floorDivide(x, 2),
    "floorDivide by −0.75": (x) => floorDivide(x, -0.75),
    "floorDivide by 0": (x) => floorDivide(x, 0),
    "floorDivide of 7": (x) => floorDivide(7, x),
    "floorDivide of 0": (x) => floorDivide(0, x),
    equal: (x) => equal(x, 0).cast("float64"),
    greater: (x) => greater(x, 0).cast("float64"),
    where: (x) => where(greater(x, 0), 1, tensor(2, { dtype: "float64" })),
    "a cast to whole numbers": (x) => x.cast("int32").cast("float64"),
  };

  test.each(Object.entries(functions))("%s", (_, f) => {
    for (const dtype of ["float32", "float64"] as const) {
      const gradient = grad((x: Tensor) => f(x).sum())(tensor(special, { dtype }));
      expect(gradient.toArray()).toEqual(special.map(() => 0));
    }
  });
});

/** Central differences in float64, at points between the jumps. */
describe("a function of piecewise constant ones is differentiated between the jumps", () => {
  const points = [-3.7, -1.2, -0.4, 0.3, 1.6, 4.9];
  const functions: Readonly<Record<string, (x: Tensor) => Tensor>> = {
    frac,
    "remainder of it": (x) => remainder(x, 1.1),
    "remainder by it": (x) => remainder(5.3, x),
    "fmod of it": (x) => fmod(x, -1.1),
    "fmod by it": (x) => fmod(-5.3, x),
    "hypot": (x) => hypot(x, 2),
    "lgamma": lgamma,
    "digamma": digamma,
    "quantile": (x) => quantile(x, 0.3),
    "sort": (x) => sort(x).values.mul(tensor([1, 2, 3, 4, 5, 6], { dtype: "float64" })),
    "cumMax": (x) => cumMax(x, 0).values,
    "maximum": (x) => maximum(x, x.neg()),
  };

  test.each(Object.entries(functions))("%s", (_, f) => {
    const total = (values: readonly number[]): number => f(tensor(values, { dtype: "float64" })).sum().item();
    const gradient = grad((x: Tensor) => f(x).sum())(tensor(points, { dtype: "float64" })).toTypedArray();
    const h = 1e-5;
    points.forEach((_point, at) => {
      const moved = (by: number): number[] => points.map((value, each) => (each === at ? value + by : value));
      const slope = (total(moved(h)) - total(moved(-h))) / (2 * h);
      expect(Math.abs((gradient[at] as number) - slope)).toBeLessThan(1e-7 * Math.max(1, Math.abs(slope)));
    });
  });
});

test("the length of an infinite side follows that side", () => {
  const other = tensor([NaN, 2, 4, 0]);
  expect(grad((x: Tensor) => hypot(x, other).sum())(tensor([Infinity, -Infinity, 3, 0])).toArray()).toEqual([1, -1, expect.closeTo(0.6, 6), 0]);
});

test("a quantile that is an infinite element follows only that element", () => {
  const of = (interpolation: "lower" | "higher"): unknown => grad((x: Tensor) => quantile(x, 0.5, { interpolation }))(tensor([Infinity, 1])).toArray();
  expect([of("lower"), of("higher")]).toEqual([[0, 1], [1, 0]]);
});
