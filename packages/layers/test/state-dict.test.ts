import { tensor, zeros, type Tensor } from "@nn/tensor";
import { expect, test } from "vitest";
import { BatchNorm1d, Linear, Sequential } from "../src/index.js";

const build = () => new Sequential(new Linear(2, 3), new BatchNorm1d(3));

test("a state dictionary copies the whole state to another model", () => {
  const [from, to] = [build(), build()];
  from.forward(tensor([[1, 2], [3, 5]]));
  expect(to.loadStateDict(from.stateDict())).toEqual({ missing: [], unexpected: [] });
  const x = tensor([[0.5, -1]]);
  expect(to.eval().forward(x).toArray()).toEqual(from.eval().forward(x).toArray());
  expect(Object.keys(from.stateDict())).toEqual([
    "0.weight", "0.bias", "1.weight", "1.bias", "1.running_mean", "1.running_var", "1.num_batches_tracked",
  ]);
});

test("every entry that does not fit is named, and nothing changes", () => {
  const model = build();
  const before = model.stateDict();
  const { "0.bias": _, ...others } = before;
  const wrong = { ...others, "0.weight": zeros([3, 3]), "1.num_batches_tracked": zeros([]), "2.weight": zeros([4]) };
  expect(() => model.loadStateDict(wrong)).toThrowErrorMatchingInlineSnapshot(`
    [UsageError: loadStateDict: the state dictionary does not fit Sequential (strict: false lets entries be missing or unexpected)
      missing: 0.bias (float32 [3])
      unexpected: 2.weight (float32 [4])
      wrong type: 0.weight (float32 [3, 3]), expected float32 [3, 2]
      wrong type: 1.num_batches_tracked (float32 []), expected int32 []]
  `);
  expect(model.stateDict()).toEqual(before);
});

test("with strict: false, entries may be missing or unexpected, but not of another shape", () => {
  const model = build();
  const bias = tensor([1, 2, 3]);
  const report = model.loadStateDict({ "0.bias": bias, "9.weight": bias }, { strict: false });
  expect(report.unexpected).toEqual(["9.weight"]);
  expect(report.missing).toContain("0.weight");
  expect(model.stateDict()["0.bias"]).toBe(bias);
  expect(() => model.loadStateDict({ "0.bias": zeros([2]) }, { strict: false })).toThrowErrorMatchingInlineSnapshot(`
    [UsageError: loadStateDict: the state dictionary does not fit Sequential
      wrong type: 0.bias (float32 [2]), expected float32 [3]]
  `);
});

test("values that are not tensors are refused", () => {
  const stateDict = { ...build().stateDict(), "0.bias": [1, 2, 3] as never as Tensor };
  expect(() => build().loadStateDict(stateDict)).toThrowErrorMatchingInlineSnapshot(`
    [UsageError: loadStateDict: the state dictionary does not fit Sequential
      wrong type: 0.bias (not a tensor), expected float32 [3]]
  `);
});
