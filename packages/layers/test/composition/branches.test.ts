import { tensor, zeros } from "@nn/tensor";
import { expect, test } from "vitest";
import { Concat, Identity, Linear, Parallel, Sequential } from "../../src/index.js";

test("branches are added or concatenated, and named by their indices", () => {
  const branches = [new Identity(), new Sequential(new Identity(), new Linear(2, 2))] as const;
  const x = tensor([[1, 2]]);
  const second = branches[1].forward(x);
  expect(new Parallel(branches).forward(x).toArray()).toEqual(x.add(second).toArray());
  expect(new Concat(branches).forward(x).slice([null, { start: 2 }]).toArray()).toEqual(second.toArray());
  expect(Object.keys(new Concat(branches).stateDict())).toEqual(["1.1.weight", "1.1.bias"]);
  expect(new Concat(branches, { axis: 0 }).forward(x).shape).toEqual([2, 2]);
  expect(new Parallel(branches).eval().branches[1].training).toBe(false);
});

test("errors", () => {
  expect(() => new Parallel([new Identity(), new Linear(2, 1)]).forward(zeros([4, 2]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: Parallel: branches give [4, 2] and [4, 1], expected one shape]`);
  expect(() => new Concat([])).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: Concat: no branches, expected at least one module]`);
});
