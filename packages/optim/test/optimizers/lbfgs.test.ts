import { valueAndGrad } from "@nn/autograd";
import { gradientsOf, matmul, slice, square, sum, tensor, Variable, zeros, type Tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import { LBFGS, type Evaluation, type LBFGSOptions, type LBFGSStateDict } from "../../src/index.js";

const variable = (...values: number[]): Variable => new Variable(tensor(values, { dtype: "float64" }));

/** `Σ 100 (xᵢ₊₁ − xᵢ²)² + (1 − xᵢ)²`: smallest where all are 1. */
function rosenbrock(x: Tensor): Tensor {
  const [here, next] = [slice(x, [{ stop: -1 }]), slice(x, [{ start: 1 }])];
  return sum(square(next.sub(square(here))).mul(100).add(square(here.neg().add(1))));
}

const evaluation = (x: Variable, f: (x: Tensor) => Tensor) => (): Evaluation => valueAndGrad(() => f(x.value), [x]);

describe("step", () => {
  test("finds the minimum of Rosenbrock's function, with a line search", () => {
    const x = variable(-1.2, 1, -0.5, 2);
    const optimizer = new LBFGS([x], { lineSearch: "strongWolfe", maxIterations: 100, historySize: 10 });
    optimizer.step(evaluation(x, rosenbrock));
    x.value.toTypedArray().forEach((value) => expect(value).toBeCloseTo(1, 4));
    expect(optimizer.evaluations).toBeLessThan(100);
  });

  test("finds the minimum of a quadratic in float32, over several parameters", () => {
    const [a, b] = [new Variable(tensor([[3, -2]])), new Variable(tensor(5))];
    const f = (): Tensor => sum(square(a.value.sub(1)).mul(tensor([[1, 10]]))).add(square(b.value.add(a.value.sum())));
    const optimizer = new LBFGS([a, b], { learningRate: 1, maxIterations: 30, lineSearch: "strongWolfe" });
    optimizer.step(() => valueAndGrad(f, [a, b]));
    expect(a.value.dtype).toBe("float32");
    for (const [got, want] of [[a.value.toTypedArray()[0], 1], [a.value.toTypedArray()[1], 1], [b.value.item(), -2]] as const) expect(got).toBeCloseTo(want, 4);
  });

  test("returns the first result of the closure, with all its fields", () => {
    const x = variable(2);
    const { value, label } = new LBFGS([x]).step(() => ({ ...valueAndGrad(() => sum(square(x.value)), [x]), label: "first" }));
    expect([value.item(), label]).toEqual([4, "first"]);
  });

  test("leaves a parameter without a gradient, and one at the minimum, unchanged", () => {
    const [x, y] = [variable(2), variable(7)];
    new LBFGS([x, y]).step(() => ({ ...valueAndGrad(() => sum(square(x.value)), [x]), gradients: gradientsOf([x, y], [x.value.mul(2), undefined]) }));
    expect(y.value.item()).toBe(7);
    const atBottom = variable(0);
    const optimizer = new LBFGS([atBottom]);
    optimizer.step(evaluation(atBottom, (at) => sum(square(at))));
    expect([atBottom.value.item(), optimizer.evaluations, optimizer.steps]).toEqual([0, 1, 1]);
  });

  test("stops at the limits of iterations and evaluations", () => {
    const count = (options: LBFGSOptions): number => {
      const x = variable(-1.2, 1);
      const optimizer = new LBFGS([x], { learningRate: 0.01, ...options });
      optimizer.step(evaluation(x, rosenbrock));
      return optimizer.evaluations;
    };
    expect(count({ maxIterations: 7 })).toBe(7);
    expect(count({ maxIterations: 7, maxEvaluations: 3 })).toBe(3);
    expect(count({ maxIterations: 7, gradientTolerance: 1e6 })).toBe(1);
    expect(count({ maxIterations: 7, changeTolerance: 1 })).toBeLessThan(7);
  });

  test("a line search recovers from points where the function is infinite or NaN", () => {
    const x = variable(0.5);
    const barrier = (at: Tensor): Tensor => sum(at.log().neg().add(at.mul(4)));
    const optimizer = new LBFGS([x], { learningRate: 100, lineSearch: "strongWolfe" });
    optimizer.step(evaluation(x, barrier));
    expect(x.value.item()).toBeCloseTo(0.25, 6);
  });
});

describe("state dictionaries", () => {
  const build = () => {
    const x = variable(-1.2, 1);
    return { x, optimizer: new LBFGS([x], { lineSearch: "strongWolfe", maxIterations: 3, historySize: 4 }) };
  };

  test("let another optimizer continue with the same results, also through JSON", () => {
    const [whole, first, second] = [build(), build(), build()];
    const take = ({ x, optimizer }: ReturnType<typeof build>, times: number): void => {
      for (let step = 0; step < times; step++) optimizer.step(evaluation(x, rosenbrock));
    };
    take(whole, 6);
    take(first, 2);
    const { tensors, ...rest } = first.optimizer.stateDict();
    second.x.value = first.x.value;
    second.optimizer.loadStateDict({ tensors, ...(JSON.parse(JSON.stringify(rest)) as Omit<LBFGSStateDict, "tensors">) });
    take(second, 4);
    expect(second.x.value.toArray()).toEqual(whole.x.value.toArray());
    expect(second.optimizer.stateDict()).toEqual(whole.optimizer.stateDict());
  });

  test("that do not fit are refused", () => {
    const { x, optimizer } = build();
    optimizer.step(evaluation(x, rosenbrock));
    const saved = optimizer.stateDict();
    const other = new LBFGS([variable(1)]);
    expect(() => other.loadStateDict(saved)).toThrowErrorMatchingInlineSnapshot(`
      [UsageError: LBFGS.loadStateDict: the state dictionary does not fit
        direction is float64 [2], expected float64 [1]]
    `);
    const { gradient, ...tensors } = saved.tensors;
    expect(gradient?.shape).toEqual([2]);
    expect(() => optimizer.loadStateDict({ ...saved, tensors })).toThrowErrorMatchingInlineSnapshot(`
      [UsageError: LBFGS.loadStateDict: the state dictionary does not fit
        expected both direction and gradient, and both steps and changes, but one of a pair is missing]
    `);
    expect(optimizer.stateDict()).toEqual(saved);
  });
});

describe("errors", () => {
  test("of options and parameters", () => {
    const x = variable(1);
    expect(() => new LBFGS([])).toThrowErrorMatchingInlineSnapshot(`[UsageError: LBFGS: got an empty list, expected at least one parameter]`);
    expect(() => new LBFGS([x, x])).toThrowErrorMatchingInlineSnapshot(`[UsageError: LBFGS: parameter 1 is given twice]`);
    expect(() => new LBFGS([x], { maxIterations: 0 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: LBFGS: maxIterations is 0, expected a positive whole number]`);
    expect(() => new LBFGS([x], { changeTolerance: -1 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: LBFGS: changeTolerance is -1, expected a number, at least 0]`);
    expect(() => new LBFGS([x], { lineSearch: "wolfe" as never })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: LBFGS: lineSearch is the string "wolfe", expected "strongWolfe" or "none"; did you mean "strongWolfe"?]`);
    expect(() => new LBFGS([x], { learningRate: NaN })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: LBFGS: learningRate is NaN, expected a finite number, at least 0, or a schedule]`);
  });

  test("of the result of the closure", () => {
    const x = variable(1, 2);
    const optimizer = new LBFGS([x]);
    const give = (value: Tensor, ...gradients: Tensor[]): (() => unknown) => () => optimizer.step(() => ({ value, gradients: gradientsOf([x], gradients) }));
    const value = tensor(1);
    expect(give(value)).toThrowErrorMatchingInlineSnapshot(`[UsageError: gradientsOf: got 0 gradients for 1 variables]`);
    expect(give(value, zeros([3], { dtype: "float64" }))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: gradientsOf: gradient 0 is [3], expected [2] as its variable]`);
    expect(give(tensor(NaN), tensor([1, 1], { dtype: "float64" }))).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: LBFGS.step: the closure returned the value NaN]`);
    expect(give(value, tensor([1, Infinity], { dtype: "float64" }))).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: LBFGS.step: the closure returned a gradient that is not finite]`);
    expect([x.value.toArray(), optimizer.steps]).toEqual([[1, 2], 0]);
  });

  test("of a step that goes too far, which is undone", () => {
    const x = variable(1);
    const optimizer = new LBFGS([x], { learningRate: 1e9 });
    const cosh = (at: Tensor): Tensor => sum(at.exp().add(at.neg().exp()));
    expect(() => optimizer.step(evaluation(x, cosh))).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: LBFGS.step: the closure returned the value Infinity after iteration 1; a lower learning rate, or lineSearch: "strongWolfe", keeps steps from going too far]`);
    expect(x.value.toArray()).toEqual([1]);
  });

  test("inside a gradient", () => {
    const x = variable(1);
    const optimizer = new LBFGS([x]);
    expect(() => valueAndGrad(() => optimizer.step(() => ({ value: x.value, gradients: gradientsOf([x], [x.value]) })).value.sum(), [x])).toThrowErrorMatchingInlineSnapshot(`[UsageError: LBFGS.step: the step depends on values, which are not known inside compile() or a gradient; call it outside, and compile the closure]`);
  });
});

test("keeps at most historySize pairs", () => {
  const x = variable(-1.2, 1);
  const optimizer = new LBFGS([x], { lineSearch: "strongWolfe", maxIterations: 12, historySize: 3 });
  optimizer.step(evaluation(x, rosenbrock));
  expect(optimizer.stateDict().tensors["steps"]?.shape).toEqual([3, 2]);
});

test("converges on a quadratic faster than linearly", () => {
  const matrix = tensor([[4, 1], [1, 3]], { dtype: "float64" });
  const x = variable(5, -7);
  const optimizer = new LBFGS([x], { lineSearch: "strongWolfe", maxIterations: 15, gradientTolerance: 1e-10, changeTolerance: 1e-14 });
  optimizer.step(evaluation(x, (at) => matmul(at, matmul(matrix, at))));
  for (const value of x.value.toTypedArray()) expect(Math.abs(value)).toBeLessThan(1e-8);
});

test("closures that are not functions, or return no gradients", () => {
  const x = variable(1, 2);
  expect(() => new LBFGS([x]).step(gradientsOf([x], [x.value]) as never)).toThrowErrorMatchingInlineSnapshot(`[UsageError: LBFGS.step: got an array of 1, expected a function that returns the loss and its gradients: () => valueAndGrad(…)]`);
  expect(() => new LBFGS([x]).step(() => 3 as never)).toThrowErrorMatchingInlineSnapshot(`[UsageError: LBFGS.step: got undefined, expected \`gradients\` of valueAndGrad, the result of gradients.map(…), or gradientsOf(parameters, [...])]`);
});
