import { floor, tensor, type Tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import { grad, jacobian, valueAndGrad, vjp } from "../src/index.js";

const x = tensor([1, 2, 3]);

describe("a gradient through numbers that are read is refused", () => {
  test.each<[string, (v: Tensor) => Tensor]>([
    ["item", (v) => tensor(v.sum().item())],
    ["toArray", (v) => tensor(v.square().toArray()).sum()],
    ["toTypedArray", (v) => tensor(v.toTypedArray()).sum()],
    ["arithmetic of JavaScript", (v) => tensor(Number(v.sum()) * 2)],
    ["JSON", (v) => tensor(JSON.parse(JSON.stringify(v))).sum()],
  ])("%s", (_, fn) => {
    expect(() => grad(fn)(x)).toThrow("no gradient reaches input 0 [3]: the function reads numbers (item, toArray, …)");
    expect(() => vjp(fn, [x])).toThrow("vjp: the function reads numbers");
    expect(grad(fn, { strict: false })(x).toArray()).toEqual([0, 0, 0]);
  });

  test("unless the gradient has another path, or nothing was read", () => {
    expect(grad((v: Tensor) => v.div(v.sum().item()).sum())(x).toTypedArray()).toEqual(new Float32Array(3).fill(1 / 6));
    expect(grad((v: Tensor) => floor(v).sum())(x).toArray()).toEqual([0, 0, 0]);
    expect(valueAndGrad((v) => (x.toArray(), floor(v).sum()), [x]).gradients[0].toArray()).toEqual([0, 0, 0]);
  });

  test("jacobian", () => expect(() => jacobian((v: Tensor) => tensor(v.toTypedArray()), x)).toThrow("reads numbers"));
});
