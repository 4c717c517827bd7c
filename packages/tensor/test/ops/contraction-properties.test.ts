import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sizeOf } from "../../src/extend.js";
import * as nn from "../../src/index.js";
import type { Tensor } from "../../src/index.js";

/** Small whole numbers, so that every sum of products is exact. */
function numbered(shape: readonly number[], start: number): Tensor {
  return nn.tensor(Array.from({ length: sizeOf(shape) }, (_, at) => ((start + at) * 7) % 5 - 2), { shape, dtype: "float64" });
}

const sizes: Readonly<Record<string, number>> = { a: 2, b: 3, c: 1, d: 2 };
const labels = fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 3 });

/** Operands and a result with labels from a few letters; the result has some of the operands' labels, in any order. */
const equations = fc.array(labels, { minLength: 1, maxLength: 3 }).chain((operands) => {
  const known = [...new Set(operands.flat())];
  return fc.tuple(fc.constant(operands), fc.shuffledSubarray(known));
});

/** The definition: for each choice of all labels, the product of the elements is added to one element of the result. */
function einsumByDefinition(operands: readonly (readonly string[])[], tensors: readonly Tensor[], output: readonly string[]): number[] {
  const known = [...new Set(operands.flat())];
  const values = tensors.map((x) => x.toTypedArray());
  const offset = (named: readonly string[], at: Readonly<Record<string, number>>): number =>
    named.reduce((sum, label) => sum * (sizes[label] as number) + (at[label] as number), 0);
  const result = new Array<number>(sizeOf(output.map((label) => sizes[label] as number))).fill(0);
  const visit = (rest: readonly string[], at: Readonly<Record<string, number>>): void => {
    const [label, ...others] = rest;
    if (label !== undefined) {
      for (let position = 0; position < (sizes[label] as number); position++) visit(others, { ...at, [label]: position });
      return;
    }
    const product = operands.reduce((all, named, operand) => all * (values[operand]?.[offset(named, at)] as number), 1);
    const position = offset(output, at);
    result[position] = (result[position] as number) + product;
  };
  visit(known, {});
  return result;
}

describe("einsum", () => {
  test("is the sum of products over all labels", () => {
    fc.assert(fc.property(equations, ([operands, output]) => {
      const tensors = operands.map((named, at) => numbered(named.map((label) => sizes[label] as number), 3 * at));
      const equation = `${operands.map((named) => named.join("")).join(",")}->${output.join("")}`;
      const got = nn.einsum(equation, ...tensors);
      expect(got.shape).toEqual(output.map((label) => sizes[label]));
      // −0 is 0 here.
      expect([...got.toTypedArray()].map((value) => value + 0)).toEqual(einsumByDefinition(operands, tensors, output).map((value) => value + 0));
    }), { numRuns: 300 });
  });

  test("without an arrow, labels that occur once come in alphabetical order, after the axes of the ellipsis", () => {
    const x = numbered([5, 2, 3], 0);
    expect(nn.einsum("ba", numbered([2, 3], 1)).toArray()).toEqual(numbered([2, 3], 1).transpose().toArray());
    expect(nn.einsum("...ij,kj", x, numbered([4, 3], 1)).shape).toEqual([5, 2, 4]);
    expect(nn.einsum(" i j ", numbered([2, 3], 1)).shape).toEqual([2, 3]);
  });

  test("axes of the ellipsis broadcast", () => {
    const [x, y] = [numbered([5, 1, 2, 3], 0), numbered([4, 3, 2], 5)];
    expect(nn.einsum("...ij,...jk->...ik", x, y).toArray()).toEqual(nn.matmul(x, y).toArray());
    expect(nn.einsum("...ij,...jk->ik", x, y).toArray()).toEqual(nn.sum(nn.matmul(x, y), [0, 1]).toArray());
    expect(nn.einsum("...,...->...", x, nn.tensor(2, { dtype: "float64" })).toArray()).toEqual(x.mul(2).toArray());
  });

  test("empty axes sum to 0", () => {
    expect(nn.einsum("ij,jk->ik", nn.zeros([2, 0]), nn.zeros([0, 1])).toArray()).toEqual([[0], [0]]);
    expect(nn.einsum("ij,jk->ik", nn.zeros([0, 2]), nn.zeros([2, 3])).shape).toEqual([0, 3]);
  });
});

describe("matmul", () => {
  const dimension = fc.integer({ min: 0, max: 3 });

  test("of a batch and a matrix multiplies each matrix of the batch", () => {
    fc.assert(fc.property(dimension, dimension, dimension, dimension, (batch, m, k, n) => {
      const [x, y] = [numbered([batch, m, k], 0), numbered([k, n], 4)];
      const each = Array.from({ length: batch }, (_, at) => nn.matmul(nn.select(x, 0, at), y));
      expect(nn.matmul(x, y).toArray()).toEqual(batch === 0 ? [] : nn.stack(each).toArray());
    }), { numRuns: 50 });
  });

  test("(A B)ᵀ = Bᵀ Aᵀ, and linear is x Wᵀ + b", () => {
    fc.assert(fc.property(dimension, dimension, dimension, (m, k, n) => {
      const [x, y] = [numbered([m, k], 0), numbered([k, n], 4)];
      expect(nn.matmul(x, y).transpose().toArray()).toEqual(nn.matmul(y.transpose(), x.transpose()).toArray());
      const [weight, bias] = [y.transpose(), numbered([n], 2)];
      expect(nn.linear(x, weight, bias).toArray()).toEqual(nn.matmul(x, y).add(bias).toArray());
    }), { numRuns: 50 });
  });

  test("vectors are rows on the left and columns on the right", () => {
    const [vector, matrix, batch] = [numbered([3], 1), numbered([3, 2], 2), numbered([4, 2, 3], 3)];
    expect(nn.matmul(vector, matrix).toArray()).toEqual(nn.matmul(vector.reshape([1, 3]), matrix).reshape([2]).toArray());
    expect(nn.matmul(batch, vector).toArray()).toEqual(nn.matmul(batch, vector.reshape([3, 1])).reshape([4, 2]).toArray());
    expect(nn.matmul(vector, vector).item()).toBe(nn.sum(vector.mul(vector)).item());
    expect(nn.matmul(vector, batch.transpose()).shape).toEqual([4, 2]);
    expect(nn.linear(vector, matrix.transpose()).toArray()).toEqual(nn.matmul(vector, matrix).toArray());
  });
});

describe("transposed convolution", () => {
  const setting = fc.record({
    groups: fc.integer({ min: 1, max: 2 }), inputs: fc.integer({ min: 1, max: 2 }), outputs: fc.integer({ min: 1, max: 2 }),
    kernel: fc.integer({ min: 1, max: 3 }), stride: fc.integer({ min: 1, max: 3 }), dilation: fc.integer({ min: 1, max: 2 }),
    padding: fc.integer({ min: 0, max: 3 }), length: fc.integer({ min: 5, max: 8 }),
  });

  /** ⟨conv(x), y⟩ = ⟨x, convᵀ(y)⟩. */
  test("is the adjoint of convolution", () => {
    fc.assert(fc.property(setting, ({ groups, inputs, outputs, kernel, length, ...options }) => {
      const weight = numbered([groups * outputs, inputs, kernel], 2);
      const x = numbered([2, groups * inputs, length], 0);
      const y = nn.conv1d(x, weight, undefined, { ...options, groups });
      const cotangent = numbered(y.shape, 5);
      const span = options.dilation * (kernel - 1) + 1;
      const reached = ((y.shape[2] as number) - 1) * options.stride - 2 * options.padding + span;
      const outputPadding = length - reached;
      fc.pre(outputPadding < Math.max(options.stride, options.dilation));
      const adjoint = nn.convTranspose1d(cotangent, weight, undefined, { ...options, groups, outputPadding });
      expect(adjoint.shape).toEqual(x.shape);
      expect(nn.sum(y.mul(cotangent)).item()).toBe(nn.sum(x.mul(adjoint)).item());
    }), { numRuns: 100 });
  });
});

describe("pooling", () => {
  test("gathering at the indices of the maxima gives the maxima", () => {
    const x = numbered([2, 2, 5, 4], 1);
    const { values, indices } = nn.maxPool2d(x, [2, 3], { stride: 1, padding: 1, returnIndices: true });
    const gathered = nn.gather(x.reshape([2, 2, 20]), indices.reshape([2, 2, -1]), 2).reshape(values.shape);
    expect(gathered.toArray()).toEqual(values.toArray());
  });

  test("means of ones are ones if the padding does not count", () => {
    const mean = nn.avgPool2d(nn.ones([1, 7, 6]), 3, { stride: 2, padding: 1, ceilMode: true, countIncludePad: false });
    expect(new Set(mean.toTypedArray())).toEqual(new Set([1]));
  });

  test("sums with a divisor of 1", () => {
    expect(nn.avgPool1d(nn.tensor([[1, 2, 3, 4]]), 2, { divisor: 1 }).toArray()).toEqual([[3, 7]]);
  });

  test("the maximum of only −Infinity is −Infinity, and NaN wins", () => {
    expect(nn.maxPool1d(nn.tensor([[-Infinity, -Infinity, 1, NaN]]), 2, { padding: 1 }).toArray()).toEqual([[-Infinity, 1, NaN]]);
  });
});
