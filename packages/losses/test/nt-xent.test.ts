import { checkGradients, valueAndGrad } from "@nn/autograd";
import { tensor, Variable, zeros, type Tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import { ntXent } from "../src/index.js";

const real = (values: number[][]): Tensor => tensor(values, { dtype: "float64" });
const first = real([[0.2, -1.3, 0.7], [2.1, 0.4, -0.5], [-0.3, 0.8, 1.9]]);
const second = real([[0.4, 0.3, -0.7], [1.1, -0.4, 0.2], [0.3, 0.9, 1.2]]);

describe("ntXent", () => {
  test("equals the formula", () => {
    const rows = [...(first.toArray() as number[][]), ...(second.toArray() as number[][])];
    const product = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, each, at) => sum + each * (b[at] as number), 0);
    const cosine = (a: number, b: number): number => {
      const [x, y] = [rows[a] as number[], rows[b] as number[]];
      return product(x, y) / Math.sqrt(product(x, x) * product(y, y));
    };
    const found = ntXent(first, second, { temperature: 0.2, reduction: "none" }).toTypedArray();
    expect(found).toHaveLength(6);
    found.forEach((loss, at) => {
      const others = rows.flatMap((_, other) => (other === at ? [] : [Math.exp(cosine(at, other) / 0.2)]));
      expect(loss).toBeCloseTo(Math.log(others.reduce((a, b) => a + b)) - cosine(at, (at + 3) % 6) / 0.2, 10);
    });
  });

  test("does not change with the lengths of the vectors, nor when the views are exchanged", () => {
    const loss = ntXent(first, second).item();
    expect(ntXent(first.mul(3), second.mul(0.1)).item()).toBeCloseTo(loss, 12);
    expect(ntXent(second, first).item()).toBeCloseTo(loss, 12);
  });

  test("the reductions agree", () => {
    expect(ntXent(first, second).item()).toBeCloseTo(ntXent(first, second, { reduction: "sum" }).item() / 6, 12);
  });

  test("gradients agree with central differences", () => {
    expect(() => checkGradients((a, b) => ntXent(a, b, { temperature: 0.3 }), [first, second])).not.toThrow();
  });

  test("is finite, with its gradient, at low temperatures and for zeros", () => {
    const [a, b] = [new Variable(tensor([[1, 0], [0, 0]])), new Variable(tensor([[-1, 0], [0, 2]]))];
    const { value, gradients } = valueAndGrad(() => ntXent(a.value, b.value, { temperature: 1e-4 }), [a, b]);
    expect(Number.isFinite(value.item())).toBe(true);
    expect(gradients.every((gradient) => gradient.toTypedArray().every(Number.isFinite))).toBe(true);
  });

  test("errors", () => {
    expect(() => ntXent(zeros([3, 2]), zeros([2, 2]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: ntXent: first [3, 2] and second [2, 2] differ in shape; reshape or expand one]`);
    expect(() => ntXent(zeros([3]), zeros([3]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: ntXent: views are [3], expected [N, D]]`);
    expect(() => ntXent(zeros([3, 2]), zeros([3, 2]), { temperature: 0 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: ntXent: temperature is 0, expected a positive number]`);
  });
});
