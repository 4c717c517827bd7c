import { valueAndGrad } from "@nn/autograd";
import { gradientsOf, square, sum, tensor, Variable, type Tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import { Adam, SGD, SharpnessAware, type OptimizerStateDict } from "../../src/index.js";

const variable = (...values: number[]): Variable => new Variable(tensor(values, { dtype: "float64" }));

/** `Σ x⁴ + 3 Σ y²`, whose gradients are `4 x³` and `6 y`. */
const value = (x: Tensor, y: Tensor): Tensor => sum(square(square(x))).add(sum(square(y)).mul(3));

describe("SharpnessAware", () => {
  test.each([{ adaptive: false }, { adaptive: true }])("steps by the gradient at the worst neighbour, adaptive $adaptive", ({ adaptive }) => {
    const [x, y] = [variable(1, -0.5), variable(2)];
    const [rate, radius] = [0.01, 0.3];
    const optimizer = new SharpnessAware(new SGD([x, y], { learningRate: rate }), { radius, adaptive });
    let expected = [1, -0.5, 2];
    const gradient = (at: readonly number[]): number[] => at.map((each, position) => (position < 2 ? 4 * each ** 3 : 6 * each));
    for (let step = 0; step < 5; step++) {
      optimizer.step(() => valueAndGrad(() => value(x.value, y.value), [x, y]));
      const g = gradient(expected);
      const norm = Math.hypot(...g.map((each, at) => each * (adaptive ? Math.abs(expected[at] ?? NaN) : 1)));
      const worst = expected.map((each, at) => each + (radius * (adaptive ? each ** 2 : 1) * (g[at] ?? NaN)) / (norm + 1e-12));
      const slopes = gradient(worst);
      expected = expected.map((each, at) => each - rate * (slopes[at] ?? NaN));
      [...x.value.toTypedArray(), ...y.value.toTypedArray()].forEach((each, at) => expect(each).toBeCloseTo(expected[at] as number, 12));
    }
  });

  test("returns the result of the closure at the original parameters", () => {
    const x = variable(3);
    const optimizer = new SharpnessAware(new SGD([x], { learningRate: 0 }), { radius: 1 });
    const { value: loss, calls } = optimizer.step(() => ({ ...valueAndGrad(() => sum(square(x.value)), [x]), calls: "any" }));
    expect([loss.item(), calls, x.value.toArray()]).toEqual([9, "any", [3]]);
  });

  test("does nothing at a minimum or without gradients", () => {
    const [x, y] = [variable(0), variable(1)];
    const optimizer = new SharpnessAware(new SGD([x, y], { learningRate: 1 }));
    optimizer.step(() => ({ value: x.value, gradients: gradientsOf([x, y], [x.value.mul(2), undefined]) }));
    optimizer.step(() => ({ value: x.value, gradients: gradientsOf([x, y], [undefined, undefined]) }));
    expect([x.value.toArray(), y.value.toArray()]).toEqual([[0], [1]]);
  });

  test("restores the parameters when the closure throws", () => {
    const x = variable(3);
    const optimizer = new SharpnessAware(new SGD([x], { learningRate: 1 }), { radius: 1 });
    let calls = 0;
    const fail = () => {
      calls += 1;
      if (calls === 2) throw new RangeError("out of data");
      return valueAndGrad(() => sum(square(x.value)), [x]);
    };
    expect(() => optimizer.step(fail)).toThrow("out of data");
    expect(x.value.toArray()).toEqual([3]);
  });

  test("has the state of its optimizer", () => {
    const x = variable(3);
    const optimizer = new SharpnessAware(new Adam([x], { learningRate: 0.1 }));
    const step = (): void => void optimizer.step(() => valueAndGrad(() => sum(square(x.value)), [x]));
    step();
    const [saved, at]: [OptimizerStateDict, Tensor] = [optimizer.stateDict(), x.value];
    step();
    const after = x.value.toArray();
    x.value = at;
    optimizer.loadStateDict(saved);
    step();
    expect(x.value.toArray()).toEqual(after);
  });

  test("refuses arguments that do not fit", () => {
    const inner = new SGD([variable(1)], { learningRate: 1 });
    expect(() => new SharpnessAware(inner, { radius: -1 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: SharpnessAware: radius is -1, expected a number, at least 0]`);
    expect(() => new SharpnessAware(inner).step(() => ({ value: tensor(1), gradients: gradientsOf([], []) }))).toThrowErrorMatchingInlineSnapshot(`[UsageError: SharpnessAware.step: there is no gradient of parameter 0; differentiate with respect to all parameters of the optimizer]`);
  });
});
