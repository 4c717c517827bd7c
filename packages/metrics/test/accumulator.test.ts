import { atomically, sum, tensor, type Tensor } from "@nn/tensor";
import { Accumulator, Accuracy, Mean, type MetricRule } from "@nn/metrics";
import { describe, expect, it } from "vitest";

const classes = (values: readonly number[]): Tensor => tensor(values, { dtype: "int32" });

describe("an accumulator", () => {
  it("merges accumulators of parts", () => {
    const [a, b] = [new Mean(), new Mean()];
    a.update(tensor([1, 2]));
    b.update(tensor([6]));
    a.merge(b);
    expect([a.compute(), b.compute()]).toEqual([3, 6]);
  });

  it("resets", () => {
    const mean = new Mean();
    mean.update(NaN);
    expect(mean.compute()).toBeNaN();
    mean.reset();
    expect(mean.compute()).toBeNaN();
    mean.update(2);
    expect(mean.compute()).toBe(2);
  });

  it("continues from a state dictionary", async () => {
    const [a, b] = [new Mean(), new Mean()];
    a.update(tensor([1, 2, 4]), tensor([1, 1, 2]));
    b.loadStateDict(a.stateDict());
    b.update(8, 4);
    expect(b.compute()).toBe((1 + 2 + 8 + 32) / 8);
    expect(await b.computeAsync()).toBe(b.compute());
    expect(a.compute()).toBe(11 / 4);
  });

  it("refuses a state that does not fit, and changes nothing", () => {
    const accuracy = new Accuracy();
    accuracy.update(classes([1]), classes([1]));
    expect(() => accuracy.loadStateDict({ correct: tensor(0, { dtype: "float64" }), totals: tensor(1) })).toThrowErrorMatchingInlineSnapshot(`
      [UsageError: Accuracy.loadStateDict: the state dictionary does not fit
        unexpected: totals
        total is missing, expected float64 []]
    `);
    expect(() => accuracy.loadStateDict({ correct: tensor(0), total: tensor([0], { dtype: "float64" }) })).toThrowErrorMatchingInlineSnapshot(`
      [UsageError: Accuracy.loadStateDict: the state dictionary does not fit
        correct is float32 [], expected float64 []
        total is float64 [1], expected float64 []]
    `);
    expect(() => accuracy.loadStateDict([] as never)).toThrowErrorMatchingInlineSnapshot(`[UsageError: Accuracy.loadStateDict: got an array of 0, expected a result of stateDict()]`);
    expect(accuracy.compute()).toBe(1);
  });

  it("refuses to merge different metrics", () => {
    const accuracy = new Accuracy({ threshold: 0 });
    expect(() => accuracy.merge(new Accuracy({ threshold: 0.5 }))).toThrowErrorMatchingInlineSnapshot(`[UsageError: Accuracy.merge: the other metric has the options { threshold: 0.5 }, expected { threshold: 0 }]`);
    expect(() => accuracy.merge(new Mean() as never)).toThrowErrorMatchingInlineSnapshot(`[UsageError: Accuracy.merge: got a value of class Mean, expected another Accuracy]`);
    expect(() => accuracy.merge(undefined as never)).toThrowErrorMatchingInlineSnapshot(`[UsageError: Accuracy.merge: got undefined, expected another Accuracy]`);
    accuracy.merge(new Accuracy({ threshold: 0, normalize: undefined }));
  });

  it("updates entirely or not at all", () => {
    const accuracy = new Accuracy();
    accuracy.update(tensor([[0, 1]]), classes([1]));
    expect(() => accuracy.update(tensor([[0, 1]]), classes([7]))).toThrow("Accuracy: target has a class outside of 0 to 1");
    expect(() => atomically(() => {
      accuracy.update(tensor([[0, 1]]), classes([0]));
      throw new Error("later");
    })).toThrow("later");
    expect(accuracy.compute()).toBe(1);
  });

  it("takes a user-defined rule with its own way to join", () => {
    const largest: MetricRule<readonly [Tensor], number, "largest"> = {
      higherIsBetter: null,
      shapes: { largest: [] },
      statistics: (x) => ({ largest: x.max() }),
      join: (a, b) => ({ largest: a.largest.maximum(b.largest) }),
      result: ({ largest }) => largest[0] as number,
    };
    const metric = new Accumulator(largest);
    for (const values of [[1, 7], [3]]) metric.update(tensor(values));
    expect(metric.compute()).toBe(7);
    expect(() => new Accumulator({} as never)).toThrowErrorMatchingInlineSnapshot(`[UsageError: Accumulator: the rule is an object, expected { higherIsBetter, shapes, statistics, result } or one with samples in place of statistics]`);
    expect(() => new Accumulator({ ...largest, reduce: sum } as never)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: Accumulator: there is no option "reduce"; its options are higherIsBetter, shapes, result, isCompilable, statistics, join]`);
    expect(() => new Accumulator({ ...largest, shapes: { largest: 1 } } as never)).toThrowErrorMatchingInlineSnapshot(`[ShapeError: Accumulator: largest of shapes: the shape is 1, expected an array of sizes such as [2, 3]]`);
  });
});

describe("Mean", () => {
  it("weights values", () => {
    const mean = new Mean({ higherIsBetter: false });
    mean.update(tensor(0.5, { dtype: "float64" }), 3);
    mean.update(tensor([[1, 2], [3, 4]]), tensor([1, 0]));
    expect(mean.compute()).toBe((1.5 + 4) / 5);
    expect(mean.higherIsBetter).toBe(false);
  });

  it("does not round plain numbers", () => {
    const mean = new Mean();
    mean.update(0.1, 2 ** 33);
    expect(mean.compute()).toBe(0.1);
  });

  it("leaves out the mean of an empty batch", () => {
    const mean = new Mean();
    mean.update(NaN, 0);
    expect(mean.compute()).toBeNaN();
    mean.update(2, 1);
    expect(mean.compute()).toBe(2);
  });

  it("refuses weights that do not fit", () => {
    const mean = new Mean();
    expect(() => mean.update(1, -1)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: Mean: weight has a negative element, expected numbers from 0]`);
    expect(() => mean.update(tensor([1, 2]), tensor([1, 2, 3]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: Mean: cannot broadcast [3] with [2] (sizes 3 and 2 on axis -1); sizes must be equal or 1]`);
    expect(() => mean.update(1, tensor([1, 2]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: Mean: weight is [2], which does not broadcast to the values []]`);
    expect(() => mean.update("1" as never)).toThrowErrorMatchingInlineSnapshot(`[UsageError: Mean: value is the string "1", expected a Tensor]`);
    expect(() => new Mean({ higherIsBetter: 1 as never })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: Mean: higherIsBetter is 1, expected true, false or null]`);
  });
});
