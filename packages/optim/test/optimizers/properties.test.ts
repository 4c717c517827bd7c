import * as fc from "fast-check";
import { valueAndGrad } from "@nn/autograd";
import { cos, gradientsOf, matmul, square, sum, tensor, transpose, Variable, type Tensor } from "@nn/tensor";
import { expect, test } from "vitest";
import { Lion, LBFGS, Muon } from "../../src/index.js";

const number = fc.double({ min: -3, max: 3, noNaN: true });
const matrix = (rows: number, columns: number): fc.Arbitrary<Tensor> =>
  fc.array(number, { minLength: rows * columns, maxLength: rows * columns }).map((values) => tensor(values, { shape: [rows, columns], dtype: "float64" }));

test("LBFGS finds the minimum of every convex quadratic", () => {
  // ½ xᵀ (M Mᵀ + I) x − bᵀ x, whose gradient is zero at its only minimum.
  fc.assert(fc.property(matrix(4, 4), matrix(4, 1), matrix(4, 1), (m, b, start) => {
    const x = new Variable(start);
    const f = (): Tensor => sum(square(matmul(transpose(m), x.value))).add(sum(square(x.value))).mul(0.5).sub(sum(x.value.mul(b)));
    const optimizer = new LBFGS([x], { lineSearch: "strongWolfe", maxIterations: 200, changeTolerance: 0, gradientTolerance: 1e-6 });
    optimizer.step(() => valueAndGrad(f, [x]));
    const [gradient] = valueAndGrad(f, [x]).gradients;
    expect(gradient.abs().max().item()).toBeLessThanOrEqual(1e-6);
  }), { numRuns: 100 });
});

test("LBFGS with a line search never increases the function", () => {
  fc.assert(fc.property(fc.array(number, { minLength: 2, maxLength: 2 }), fc.integer({ min: 1, max: 8 }), (start, maxIterations) => {
    const x = new Variable(tensor(start, { dtype: "float64" }));
    const wavy = (): Tensor => sum(square(x.value).mul(0.1).sub(cos(x.value.mul(3))));
    const optimizer = new LBFGS([x], { lineSearch: "strongWolfe", maxIterations });
    const before = wavy().item();
    optimizer.step(() => valueAndGrad(wavy, [x]));
    expect(wavy().item()).toBeLessThanOrEqual(before);
  }), { numRuns: 100 });
});

test("Lion moves every element by the learning rate, or not at all", () => {
  fc.assert(fc.property(fc.array(matrix(1, 3), { minLength: 1, maxLength: 5 }), (gradients) => {
    const x = new Variable(tensor([[0, 0, 0]], { dtype: "float64" }));
    const optimizer = new Lion([x], { learningRate: 0.25 });
    for (const gradient of gradients) {
      const before = x.value;
      optimizer.step(gradientsOf(optimizer.parameters, [gradient]));
      for (const change of x.value.sub(before).abs().toTypedArray()) expect([0, 0.25]).toContain(change);
    }
  }));
});

test("the norm of Muon's update is bounded by the rank of its matrix, for gradients of every size", () => {
  fc.assert(fc.property(matrix(3, 5), fc.double({ min: 1e-3, max: 1e6, noNaN: true }), (gradient, size) => {
    const update = (given: Tensor): Tensor => {
      const x = new Variable(gradient.mul(0));
      new Muon([x], { learningRate: 1, weightDecay: 0 }).step(gradientsOf([x], [given]));
      return x.value;
    };
    const one = update(gradient);
    expect(sum(square(one)).item()).toBeLessThan(3 * 1.3 ** 2);
    // For a tiny gradient, the ε in the norm matters.
    const isFelt = sum(square(gradient)).item() <= 1e-3;
    expect(isFelt || update(gradient.mul(size)).sub(one).abs().max().item() < 1e-6).toBe(true);
  }));
});
