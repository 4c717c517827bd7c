import { checkGradients, valueAndGrad } from "@nn/autograd";
import { logSoftmax, normal, manualSeed, tensor, Variable, zeros, type Tensor } from "@nn/tensor";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ctc, type CtcOptions } from "../src/index.js";

const indices = (values: number[] | number[][]): Tensor => tensor(values, { dtype: "int32" });

/** All sequences of a number of classes. */
function paths(steps: number, classes: number): readonly (readonly number[])[] {
  if (steps === 0) return [[]];
  return paths(steps - 1, classes).flatMap((path) => Array.from({ length: classes }, (_, each) => [...path, each]));
}

/** What a path spells: equal neighbours are one, blanks are nothing. */
const spelled = (path: readonly number[], blank: number): readonly number[] => path.filter((each, at) => each !== path[at - 1] && each !== blank);

/** The loss by its definition: all paths are tried. */
function byEnumeration(logProbabilities: readonly (readonly number[])[], target: readonly number[], blank: number): number {
  const fitting = paths(logProbabilities.length, logProbabilities[0]?.length ?? 0).filter((path) => spelled(path, blank).join() === target.join());
  const likelihoods = fitting.map((path) => Math.exp(path.reduce((sum, each, step) => sum + (logProbabilities[step]?.[each] ?? NaN), 0)));
  return -Math.log(likelihoods.reduce((a, b) => a + b, 0));
}

const randomly = (shape: number[], seed: number): Tensor => {
  manualSeed(seed);
  return logSoftmax(normal(shape, { dtype: "float64" }));
};

describe("ctc", () => {
  const sample = fc.record({
    seed: fc.nat(1000), steps: fc.integer({ min: 1, max: 5 }), classes: fc.integer({ min: 2, max: 3 }), blank: fc.nat(2), labels: fc.array(fc.nat(1), { maxLength: 4 }),
  });

  test("sums over all paths that spell the target, or is Infinity if there are none", () => {
    fc.assert(fc.property(sample, ({ seed, steps, classes, blank: wanted, labels }) => {
      const blank = wanted % classes;
      const target = labels.map((label) => (blank + 1 + (label % (classes - 1))) % classes);
      const x = randomly([steps, classes], seed);
      const expected = byEnumeration(x.toArray() as number[][], target, blank);
      const found = ctc(x, tensor(target, { dtype: "int32", shape: [target.length] }), { blank, reduction: "sum" }).item();
      expect(found).toBeCloseTo(expected, 9);
    }), { numRuns: 200 });
  });

  const x = randomly([6, 3, 4], 7);
  const padded = indices([[1, 1, 2], [3, -5, 99], [2, 1, 0]]);
  const options: CtcOptions = { inputLengths: [6, 3, 5], targetLengths: [3, 1, 2], reduction: "none" };

  test("gives each sample of a batch its own loss; steps and labels beyond their lengths do not count", () => {
    const alone = [
      ctc(x.slice([null, 0]), indices([1, 1, 2])),
      ctc(x.slice([{ stop: 3 }, 1]), indices([3])),
      ctc(x.slice([{ stop: 5 }, 2]), indices([2, 1])),
    ].map((loss) => loss.item());
    const counts = [3, 1, 2];
    const losses = ctc(x, padded, options).toTypedArray();
    losses.forEach((loss, at) => expect(loss / (counts[at] as number)).toBeCloseTo(alone[at] as number, 12));
    expect(ctc(x, padded, { ...options, reduction: undefined }).item()).toBeCloseTo(alone.reduce((a, b) => a + b) / 3, 12);
    expect(ctc(x, padded, { ...options, reduction: "sum" }).item()).toBeCloseTo([...losses].reduce((a, b) => a + b), 12);
  });

  test("gives the same for padded and concatenated targets, and for lengths as numbers and as tensors", () => {
    const expected = ctc(x, padded, options).toArray();
    const joined = indices([1, 1, 2, 3, 2, 1]);
    const lengths = { inputLengths: indices([6, 3, 5]), targetLengths: indices([3, 1, 2]) };
    expect(ctc(x, joined, options).toArray()).toEqual(expected);
    expect(ctc(x, joined, { ...options, ...lengths }).toArray()).toEqual(expected);
    expect(ctc(x, padded, { ...options, ...lengths }).toArray()).toEqual(expected);
    const full = { reduction: "none" } as const;
    expect(ctc(x, indices([[1, 2], [3, 1], [2, 2]]), full).toArray()).toEqual(ctc(x, indices([1, 2, 3, 1, 2, 2]), { ...full, targetLengths: [2, 2, 2] }).toArray());
  });

  test("takes empty targets, and no steps", () => {
    const none = tensor([], { dtype: "int32", shape: [1, 0] });
    const one = randomly([3, 1, 2], 1);
    expect(ctc(one, none, { reduction: "sum" }).item()).toBeCloseTo(-one.slice([null, 0, 0]).sum().item(), 12);
    expect(ctc(one, none, { inputLengths: [0] }).item()).toBe(0);
    expect(ctc(zeros([0, 1, 2]), indices([[1]])).item()).toBe(Infinity);
  });

  test("gradients agree with central differences, of the second order too", () => {
    expect(() => checkGradients((logits) => ctc(logSoftmax(logits), padded, options), [x])).not.toThrow();
    expect(() => checkGradients((logProbabilities) => ctc(logProbabilities, padded, { ...options, reduction: "mean" }), [x])).not.toThrow();
    expect(() => checkGradients((logProbabilities) => ctc(logProbabilities, indices([1, 2])), [randomly([3, 3], 2)], { order: 2, tolerance: 1e-5 })).not.toThrow();
  });

  test("has as gradient, for each step, the probability of each class given the target", () => {
    const variable = new Variable(randomly([5, 3], 3));
    const { gradients: [gradient] } = valueAndGrad(() => ctc(variable.value, indices([1, 2]), { reduction: "sum" }), [variable]);
    gradient.sum(1).toTypedArray().forEach((total) => expect(total).toBeCloseTo(-1, 12));
    expect(Math.max(...gradient.toTypedArray())).toBeLessThanOrEqual(0);
  });

  test("is Infinity for targets that cannot be spelled, or 0 with zeroInfinity, with the gradient 0", () => {
    const variable = new Variable(randomly([2, 2, 3], 4));
    for (const [zeroInfinity, cost] of [[false, Infinity], [true, 0]] as const) {
      let losses = zeros([2]);
      const { gradients: [gradient] } = valueAndGrad(() => {
        losses = ctc(variable.value, indices([[1, 1], [1, 2]]), { zeroInfinity, reduction: "none" });
        return losses.sum();
      }, [variable]);
      expect(losses.toTypedArray()[0]).toBe(cost);
      expect(gradient.slice([null, 0]).toArray()).toEqual([[0, 0, 0], [0, 0, 0]]);
      expect(gradient.slice([null, 1]).sum().item()).toBeCloseTo(-2, 12);
    }
  });

  test("is a number for impossible classes and extreme logits; NaN stays NaN", () => {
    const certain = new Variable(tensor([[-Infinity, 0], [0, -Infinity], [-Infinity, 0]]));
    const { value, gradients: [gradient] } = valueAndGrad(() => ctc(certain.value, indices([1, 1])), [certain]);
    expect(value.item()).toBe(0);
    expect(gradient.toArray()).toEqual([[0, -0.5], [-0.5, 0], [0, -0.5]]);
    expect(ctc(certain.value, indices([1])).item()).toBe(Infinity);
    const logits = new Variable(tensor([[1e4, -1e4, 0], [-1e4, 1e4, 0]]));
    const extreme = valueAndGrad(() => ctc(logSoftmax(logits.value), indices([2])), [logits]);
    expect(extreme.value.item()).toBe(1e4);
    expect(extreme.gradients[0].toTypedArray().every(Number.isFinite)).toBe(true);
    expect(ctc(tensor([[NaN, 0], [0, 0]]), indices([1]), { zeroInfinity: true }).item()).toBeNaN();
  });
});

describe("errors", () => {
  const x = zeros([5, 2, 4]);
  const targets = indices([[1, 2], [3, 0]]);

  test("shapes and dtypes", () => {
    expect(() => ctc(zeros([4]), targets)).toThrowErrorMatchingInlineSnapshot(`[ShapeError: ctc: log-probabilities are [4], expected [steps, N, C] or [steps, C]]`);
    expect(() => ctc(zeros([5, 2, 4], { dtype: "int32" }), targets)).toThrowErrorMatchingInlineSnapshot(`[DTypeError: ctc: log-probabilities have dtype int32, expected float32 or float64]`);
    expect(() => ctc(x, zeros([2, 2]))).toThrowErrorMatchingInlineSnapshot(`[DTypeError: ctc: targets has dtype float32, expected class indices, int32; convert it with .cast("int32")]`);
    expect(() => ctc(x, indices([[1, 2]]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: ctc: targets are [1, 2], expected [2, S] or, one after the other, [sum of targetLengths]]`);
    expect(() => ctc(x, indices([1, 2, 3]))).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: ctc: targets are one after the other, [3], expected targetLengths to tell them apart]`);
    expect(() => ctc(x, undefined as never)).toThrowErrorMatchingInlineSnapshot(`[UsageError: ctc: targets is undefined, expected a Tensor]`);
    expect(() => ctc(x, targets, { inputLengths: [5] })).toThrowErrorMatchingInlineSnapshot(`[ShapeError: ctc: inputLengths is [1], expected [2], one for each sample]`);
    expect(() => ctc(x, targets, { targetLengths: zeros([2]) })).toThrowErrorMatchingInlineSnapshot(`[DTypeError: ctc: targetLengths has dtype float32, expected int32]`);
  });

  test("values", () => {
    expect(() => ctc(x, targets, { blank: 4 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: ctc: blank is 4, expected a class from 0 to 3]`);
    expect(() => ctc(x, targets, { inputLengths: [5, 6] })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: ctc: one of inputLengths is 6, expected whole numbers from 0 to 5]`);
    expect(() => ctc(x, targets, { targetLengths: [3, 1] })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: ctc: one of targetLengths is 3, expected whole numbers from 0 to 2]`);
    expect(() => ctc(x, indices([1, 2, 3]), { targetLengths: [2, 2] })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: ctc: targetLengths add up to 4, but targets are [3]]`);
    expect(() => ctc(x, indices([1, 2, 3]), { targetLengths: indices([2, 2]) })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: ctc: targetLengths add up to 4, but targets are [3]]`);
    expect(() => ctc(x, targets, { inputLengths: indices([5, 6]) })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: ctc: one of inputLengths is 6, expected whole numbers from 0 to 5]`);
    expect(() => ctc(x, targets, { targetLengths: indices([3, 1]) })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: ctc: one of targetLengths is 3, expected whole numbers from 0 to 2]`);
    expect(() => ctc(x, indices([[1, 4], [3, 0]]))).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: ctc: the targets of sample 1 contain the blank, 0; labels are the other classes]`);
  });
});
