import * as fc from "fast-check";
import { expect, test } from "vitest";
import { argMax, argMin, tensor, type DType } from "@nn/tensor";
import { compile } from "../../src/index.js";

const few: { readonly [D in DType]: readonly number[] } = {
  float32: [NaN, -Infinity, Infinity, -0, 0, 1, 2, -1],
  float64: [NaN, -Infinity, Infinity, -0, 0, 1e300, 1 + 2 ** -52, 1],
  int32: [-(2 ** 31), 2 ** 31 - 1, 0, 1, -1],
  bool: [0, 1],
};

const both = compile((x: Parameters<typeof argMax>[0]) => [0, 1, 2].flatMap((axis) => [argMax(x, axis), argMin(x, axis)]));

test.each(Object.keys(few) as DType[])("gives the first of equal extremes and of NaN, as eager execution does: %s", (dtype) => {
  const elements = fc.array(fc.constantFrom(...few[dtype]), { minLength: 30, maxLength: 30 });
  fc.assert(
    fc.property(elements, fc.constantFrom([2, 3, 5], [5, 6, 1], [1, 1, 30], [30, 1, 1]), (values, shape) => {
      const x = tensor(values, { dtype, shape });
      const found = both(x).map((position) => position.toArray());
      expect(found).toEqual([0, 1, 2].flatMap((axis) => [argMax(x, axis).toArray(), argMin(x, axis).toArray()]));
    }),
    { numRuns: 60 },
  );
});

test("works along long axes", () => {
  const x = tensor(Array.from({ length: 9001 }, (_, at) => Math.sin(at * 12.9898) * 43758.5453 % 1), { shape: [9001] });
  const found = compile((a: typeof x) => argMax(a.mul(3), 0))(x).item();
  expect(found).toBe(argMax(x.mul(3), 0).item());
});
