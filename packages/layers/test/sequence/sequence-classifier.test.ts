import { checkGradients } from "@nn/autograd";
import { Generator, normal, permute, slice, tensor, zeros, type Tensor } from "@nn/tensor";
import { describe, expect, it, test } from "vitest";
import { paddingMask, SequenceClassifier, type SequencePooling } from "../../src/index.js";

const random = (shape: readonly number[], seed: number): Tensor => normal(shape, { dtype: "float64", generator: new Generator(seed) });
const create = (pooling: SequencePooling, batchFirst = true): SequenceClassifier =>
  new SequenceClassifier(3, 2, { pooling, batchFirst, dtype: "float64", generator: new Generator(1) });

function expectClose(a: Tensor, b: Tensor): void {
  expect(a.shape).toEqual(b.shape);
  const wanted = b.toTypedArray();
  a.toTypedArray().forEach((each, at) => expect(each).toBeCloseTo(wanted[at] as number, 12));
}

const pools: Readonly<Record<SequencePooling, (x: Tensor) => Tensor>> = {
  last: (x) => slice(x, [{}, -1]), first: (x) => slice(x, [{}, 0]), mean: (x) => x.mean(1), max: (x) => x.max(1),
};

describe.each(Object.keys(pools) as SequencePooling[])("%s", (pooling) => {
  const x = random([2, 4, 3], 2);

  it("is a linear map of the pooled sequence", () => {
    const head = create(pooling);
    expectClose(head.forward(x), head.linear.forward(pools[pooling](x)));
    expectClose(create(pooling, false).forward(permute(x, [1, 0, 2])), head.forward(x));
    expectClose(head.forward(slice(x, [1])), slice(head.forward(x), [1]));
  });

  it("with lengths, each sequence gives the result it gives alone", () => {
    const head = create(pooling);
    const together = head.forward(x, { lengths: [4, 2] });
    expectClose(slice(together, [{ start: 1 }]), head.forward(slice(x, [{ start: 1 }, { stop: 2 }])));
    expectClose(slice(together, [{ stop: 1 }]), head.forward(slice(x, [{ stop: 1 }])));
    expectClose(head.forward(x, { lengths: tensor([4, 2], { dtype: "int32" }) }), together);
  });

  it("gradients agree with central differences", () => {
    const head = create(pooling);
    expect(() => checkGradients((input) => head.forward(input, { lengths: [4, 2] }), [x])).not.toThrow();
  });
});

test("padding masks", () => {
  expect(paddingMask(tensor([2, 1], { dtype: "int32" }), 2).toArray()).toEqual([[false, false], [false, true]]);
  expect(() => paddingMask([undefined] as never, 2)).toThrow("paddingMask: a length is undefined, expected whole numbers from 1 to 2");
  expect(() => paddingMask([3], 2)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: paddingMask: a length is 3, expected whole numbers from 1 to 2, the number of steps]`);
});

test("errors", () => {
  expect(() => new SequenceClassifier(3, 2, { pooling: "middle" as "mean" })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: SequenceClassifier: pooling is the string "middle", expected "last", "first", "mean" or "max"]`);
  expect(() => new SequenceClassifier(3, 2).forward(zeros([4, 2, 5]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: SequenceClassifier: input is [4, 2, 5], expected [steps, N, 3], or [steps, 3] without a batch]`);
  expect(() => new SequenceClassifier(3, 2).forward(zeros([0, 2, 3]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: SequenceClassifier: input [0, 2, 3] has no steps, expected at least one]`);
  expect(() => new SequenceClassifier(3, 2).forward(zeros([4, 2, 3]), { lengths: [1] })).toThrowErrorMatchingInlineSnapshot(`[ShapeError: SequenceClassifier: lengths are [1], expected [2], one for each sequence]`);
});
