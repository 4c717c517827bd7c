import { clamp, floor, relu, round, sign, tensor, type Tensor } from "@nn/tensor";
import { apply } from "@nn/tensor/extend";
import { eagerInterpreter, withInterpreter, type Interpreter } from "@nn/tensor/interpreter";
import * as primitives from "@nn/tensor/primitives";
import { describe, expect, test } from "vitest";
import { grad, valueAndGrad } from "../../src/index.js";
import { exact, sample } from "../samples.js";

/** Derivative of `fn` at some points. */
function slopes(fn: (x: Tensor) => Tensor, points: readonly number[]): unknown {
  return grad((x: Tensor) => fn(x).sum())(exact(points)).toArray();
}

/** The gradients of `fn` of two arguments at one point. */
function partials(fn: (x: Tensor, y: Tensor) => Tensor, x: number, y: number): number[] {
  return valueAndGrad(fn, [exact([x], []), exact([y], [])]).gradients.map((gradient) => gradient.item());
}

describe("PyTorch's conventions at points without a derivative", () => {
  test("|x| has slope 0 at 0, and so has relu", () => {
    expect(slopes((x) => x.abs(), [-2, 0, 2])).toEqual([-1, 0, 1]);
    expect(slopes(relu, [-2, 0, 2])).toEqual([0, 0, 1]);
  });

  test("√x has an infinite slope at 0", () => {
    expect(slopes((x) => x.sqrt(), [0, 4])).toEqual([Infinity, 0.25]);
  });

  test("jumps have slope 0", () => {
    expect(slopes((x) => floor(x).add(sign(x)).add(round(x)), [0, 0.5, 1])).toEqual([0, 0, 0]);
  });

  test("maximum and minimum give each side half at ties", () => {
    expect(partials((x, y) => x.maximum(y), 1, 1)).toEqual([0.5, 0.5]);
    expect(partials((x, y) => x.minimum(y), 1, 1)).toEqual([0.5, 0.5]);
    expect(partials((x, y) => x.maximum(y), 1, 2)).toEqual([0, 1]);
    expect(partials((x, y) => x.minimum(y), 1, 2)).toEqual([1, 0]);
  });

  test("max and min share evenly among ties, over any axes", () => {
    const x = exact([3, 1, 3, 3, 0, 0], [2, 3]);
    expect(grad((each: Tensor) => each.max())(x).toArray()).toEqual([[1 / 3, 0, 1 / 3], [1 / 3, 0, 0]]);
    expect(grad((each: Tensor) => each.min(1).sum())(x).toArray()).toEqual([[0, 1, 0], [0, 0.5, 0.5]]);
  });

  test("clamp passes the gradient between its limits", () => {
    expect(slopes((x) => clamp(x, -1, 1), [-2, -0.5, 2])).toEqual([0, 1, 0]);
  });

  test("xʸ by y at x = 0: 0 for y ≥ 0, −∞ below", () => {
    expect(partials((x, y) => x.pow(y), 0, 2)).toEqual([0, 0]);
    expect(partials((x, y) => x.pow(y), 0, 0)).toEqual([0, 0]);
    expect(partials((x, y) => x.pow(y), 0, -1)[1]).toBe(-Infinity);
    expect(partials((x, y) => x.pow(y), 0, 0.5)).toEqual([Infinity, 0]);
    expect(partials((x, y) => x.pow(y), -2, 2)).toEqual([-4, NaN]);
  });
});

test("a branch that is not chosen does no harm unless its own derivative is infinite", () => {
  expect(slopes((x) => apply(primitives.select, [x.greater(0), x.exp(), x.neg()], {}), [-1, 1])).toEqual([-1, Math.E]);
});

test("gradients of floats that pass through integers end there", () => {
  expect(slopes((x) => x.cast("int32").cast("float64").add(x), [1.5])).toEqual([1]);
});

describe("the adjoints of windows", () => {
  test("never need negative padding", () => {
    const asked: number[] = [];
    const eager = eagerInterpreter();
    const spy: Interpreter = {
      below: eager,
      bind: (application) => {
        const { padding } = application.attributes as { padding?: readonly (readonly number[])[] };
        if (padding !== undefined) asked.push(...padding.flat());
        return eager.bind(application);
      },
      read: (variable) => eager.read(variable),
      write: (variable, value) => eager.write(variable, value),
      guard: (read) => eager.guard(read),
    };
    const attributes = { strides: [2], padding: [[4, 5]], inputDilation: [3], groups: 1 } as const;
    withInterpreter(spy, () => {
      grad((x: Tensor) => apply(primitives.convolution, [x, x.slice([null, null, { stop: 2 }])], { ...attributes, kernelDilation: [1] }).square().sum())(sample([1, 1, 4]));
      grad((x: Tensor) => apply(primitives.windowSum, [x], { ...attributes, window: [2], windowDilation: [1] }).square().sum())(sample([1, 1, 4]));
      return tensor(0);
    });
    expect(asked.length).toBeGreaterThan(8);
    expect(asked.every((width) => width >= 0)).toBe(true);
  });
});
