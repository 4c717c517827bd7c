import { compile } from "@nn/compiler";
import { readsOf, writesOf } from "@nn/compiler/target";
import { ceil, cos, erf, exp, floor, Generator, log, maximum, minimum, normal, pow, remainder, round, sigmoid, sign, sin, sqrt, tanh, tensor, trunc, Variable, where, type Tensor } from "@nn/tensor";
import { describe, expect, it } from "vitest";
import { kernelsOf } from "../kernels-of.js";
import { runKernel } from "../run-kernel.js";
import { targets } from "../targets.js";
import { distance } from "./kernels.js";

const random = (shape: readonly number[], seed: number): Tensor => normal(shape, { generator: new Generator(seed) });

/** Elementwise work behind a product: of itself, of a row, a column, a matrix and a number. */
const epilogues: Readonly<Record<string, (product: Tensor, of: { readonly row: Tensor; readonly column: Tensor; readonly matrix: Tensor; readonly number: Tensor }) => Tensor>> = {
  arithmetic: (p, { row, column, matrix, number }) => p.add(row).mul(column).sub(matrix).div(number.add(3)),
  signs: (p, { matrix }) => p.abs().neg().add(sign(p)).mul(sign(matrix)),
  roundings: (p, { matrix }) => floor(p.mul(3)).add(ceil(matrix.mul(3))).sub(round(p)).add(trunc(matrix)),
  roots: (p, { number }) => sqrt(p.mul(p).add(number.mul(number))),
  functions: (p, { row, matrix }) => tanh(p).mul(sigmoid(row)).add(exp(p.mul(-0.1))).sub(log(matrix.mul(matrix).add(1))),
  comparisons: (p, { row, matrix }) => p.less(row).logicalOr(p.mul(2).greater(matrix)),
  "rare arguments": (p, { row, matrix }) => sin(matrix.mul(1e6)).add(cos(p)).mul(pow(p.abs(), matrix)).add(remainder(matrix.mul(1e20), row)),
  GELU: (p, { row }) => p.add(row).mul(erf(p.add(row).mul(Math.SQRT1_2)).add(1)).mul(0.5),
  extremes: (p, { row, matrix, number }) => minimum(maximum(maximum(p, 0), row), matrix).add(minimum(p, number)).add(maximum(p, 0.5)).add(minimum(p, -0.5)),
  choices: (p, { row, matrix, column }) => where(p.greater(row), matrix, column.mul(2)).add(where(p.lessEqual(0).logicalOr(matrix.equal(p)), p, 1)).add(where(p.less(column).logicalAnd(p.greater(0)).logicalNot(), row, 0)),
  masks: (p, { row }) => p.mul(p.greater(row).cast("float32")).add(p.cast("bool").cast("float32")),
  "many values": (p, { row, column, matrix, number }) => {
    const values = [p, p.add(row), p.mul(column), p.sub(matrix), p.mul(number), row.mul(column), matrix.add(column), p.mul(p), matrix.mul(matrix), row.mul(number), column.mul(number), matrix.mul(number), p.add(number), matrix.sub(row), column.add(row), matrix.mul(row), p.sub(column), p.mul(row), p.mul(matrix), matrix.sub(number)];
    const sum = values.reduce((a, b) => a.add(b.mul(0.5)));
    return values.reduce((a, b) => maximum(a, b)).add(sum);
  },
};

describe.each(targets)("the epilogue of a product with $name", (target) => {
  it.each(Object.keys(epilogues))("%s: as eager execution", (name) => {
    const epilogue = epilogues[name];
    if (epilogue === undefined) throw new Error("there is no such epilogue");
    for (const [m, n] of [[19, 37], [30, 64], [5, 8]] as const) {
      const others = { row: random([n], 1), column: random([m, 1], 2), matrix: random([m, n], 3), number: random([], 4) };
      const [x, y] = [random([m, 12], 5), random([12, n], 6)];
      const f = compile((a: Tensor, b: Tensor) => epilogue(a.matmul(b), others), { target });
      const found = f(x, y);
      expect(f.explain()).toMatch(/, (\d+) kernels?, \1 of them /);
      // Sums are off by some units in the last place, so that a rounding or a comparison may fall on the other side: none does with these numbers.
      const expected = epilogue(x.matmul(y), others).toTypedArray();
      expect(distance(found.toTypedArray(), expected) / (1 + distance(expected, new Float32Array(expected.length)))).toBeLessThan(2e-6);
      f.dispose();
    }
  });

  it("writes booleans within their buffer, on one thread and on three", () => {
    const [x, y, matrix] = [random([60, 20], 5), random([20, 37], 6), random([60, 37], 3)];
    const expected = x.matmul(y).less(matrix).toTypedArray();
    const [kernel, ...others] = kernelsOf((a: Tensor, b: Tensor) => a.matmul(b).less(matrix), [x, y]);
    if (kernel === undefined) throw new Error("there is no kernel");
    expect(others).toEqual([]);
    const contents = new Map([...readsOf(kernel)].map((buffer) => [buffer, Float32Array.from((buffer.shape[1] === 20 ? x : buffer.shape[0] === 20 ? y : matrix).toTypedArray())]));
    for (const threads of [1, 3]) for (const buffer of writesOf(kernel)) expect(runKernel(target, kernel, contents, { threads }).get(buffer)).toEqual(expected);
  });

  it("treats NaN, infinities and signed zeros as eager execution does", () => {
    const special = [NaN, Infinity, -Infinity, 0, -0, 1, -1, 1e-40];
    const left = tensor(special, { shape: [8, 1] });
    const columns = tensor(special).mul(1);
    // A product of one number by 1 is that number.
    const epilogue = (p: Tensor): Tensor[] => [maximum(p, columns), minimum(p, columns), maximum(p, 0), minimum(p, 0), maximum(p, -0), minimum(p, -0), p.neg(), p.abs(), sign(p), p.less(columns).cast("float32"), p.equal(columns).cast("float32"), p.lessEqual(columns).cast("float32"), p.less(columns)];
    const f = compile((a: Tensor, b: Tensor) => epilogue(a.matmul(b)), { target });
    const found = f(left, tensor(Array<number>(8).fill(1), { shape: [1, 8] }));
    const expected = epilogue(left.matmul(tensor(Array<number>(8).fill(1), { shape: [1, 8] })));
    expect(f.explain()).toMatch(/, (\d+) kernels?, \1 of them /);
    expected.forEach((each, index) => expect(found[index]?.toArray(), `result ${index}`).toEqual(each.toArray()));
  });

  it("updates a variable in place", () => {
    const weight = new Variable(random([24, 40], 7));
    const before = weight.value;
    const [x, y] = [random([24, 30], 8), random([30, 40], 9)];
    const step = compile((a: Tensor, b: Tensor) => {
      weight.value = weight.value.sub(a.matmul(b).mul(0.1));
    }, { target });
    step(x, y);
    expect(step.explain()).toContain("1 updated in place");
    expect(distance(weight.value.toTypedArray(), before.sub(x.matmul(y).mul(0.1)).toTypedArray())).toBeLessThan(2e-6);
  });
});
