import { describe, expect, it } from "vitest";
import { gather, tensor, Variable, where, type Tensor } from "@nn/tensor";
import { compile } from "../../src/index.js";

const list = (x: Tensor): number[] => [...x.toTypedArray()];

describe("compile", () => {
  it("fuses elementwise work with broadcasting", () => {
    const f = compile((x: Tensor, y: Tensor) => x.mul(2).add(y).sub(1));
    const x = tensor([[1, 2, 3], [4, 5, 6]]);
    expect(f(x, tensor([10, 20, 30])).toArray()).toEqual([[11, 23, 35], [17, 29, 41]]);
    expect(f.explain()).toMatch(/1 kernel\b/);
  });
  it("computes softmax in one kernel", () => {
    const f = compile((x: Tensor) => x.softmax(-1));
    const x = tensor([[1, 2, 3, 4, 5], [0, 0, 0, 0, 10]]);
    const want = list(x.softmax(-1));
    list(f(x)).forEach((value, at) => expect(value).toBeCloseTo(want[at] ?? NaN, 5));
    expect(f.explain()).toMatch(/1 kernel\b/);
  });
  it("marks what is computed one element at a time", () => {
    const f = compile((x: Tensor) => x.tanh());
    f(tensor([1, 2]));
    expect(f.explain()).not.toContain(", scalar");
    f(tensor([1, 2], { dtype: "float64" }));
    expect(f.explain()).toContain("tanh, scalar");
  });
  it("reads a gathered element that all lanes share into all lanes", () => {
    const f = compile((table: Tensor, at: Tensor, x: Tensor) => x.add(gather(table, at, 0)));
    expect(f(tensor([10, 20]), tensor([1], { dtype: "int32" }), tensor([1, 2, 3, 4, 5, 6])).toArray()).toEqual([21, 22, 23, 24, 25, 26]);
    const g = compile((table: Tensor, at: Tensor, x: Tensor) => where(gather(table, at, 0), x, 0));
    expect(g(tensor([false, true]), tensor([1], { dtype: "int32" }), tensor([1, 2, 3, 4, 5])).toArray()).toEqual([1, 2, 3, 4, 5]);
  });
  it("keeps kernels right when a value that they compute turns out to be needed in memory", () => {
    // The second result reads the transpose in an order that no view expresses, after the first has computed it. The sum would fit the loops of the first, but may not read there what is written later.
    const fn = (x: Tensor, y: Tensor): Tensor[] => {
      const transposed = x.transpose();
      const products = transposed.mul(y);
      const mixed = transposed.reshape([4, 6]).add(x);
      return [products, mixed, products.sum(2)];
    };
    const count = (...shape: number[]): Tensor => tensor(Array.from({ length: shape.reduce((size, each) => size * each, 1) }, (_, index) => index), { shape });
    const [x, y] = [count(4, 6), count(2, 6, 4)];
    const f = compile(fn);
    expect(f(x, y).map((result) => result.toArray())).toEqual(fn(x, y).map((result) => result.toArray()));
    expect(f.explain()).toMatch(/4 kernels\b/);
  });
  it("updates variables in place", () => {
    const total = new Variable(tensor([0, 0]));
    const f = compile((x: Tensor) => { total.value = total.value.add(x); return total.value.sum(); });
    expect(f(tensor([1, 2])).item()).toBe(3);
    expect(f(tensor([1, 2])).item()).toBe(6);
    expect(total.value.toArray()).toEqual([2, 4]);
  });
});
