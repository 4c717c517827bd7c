import { floor, sigmoid, tensor, Variable, type Tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import { valueAndGrad } from "../src/index.js";
import { exact } from "./samples.js";

describe("worked examples", () => {
  test("two apples at 100, with a tax of 10 %", () => {
    const price = new Variable(tensor(100));
    const count = new Variable(tensor(2));
    const tax = new Variable(tensor(1.1));
    const { value, gradients } = valueAndGrad(() => price.value.mul(count.value).mul(tax.value), [price, count, tax]);
    expect(value.item()).toBeCloseTo(220, 4);
    expect(gradients.map((gradient) => gradient.item())).toEqual([expect.closeTo(2.2, 5), expect.closeTo(110, 4), 200]);
  });

  test("a neuron of two inputs", () => {
    const neuron = (w0: Tensor, w1: Tensor, w2: Tensor, x0: Tensor, x1: Tensor): Tensor => sigmoid(w0.mul(x0).add(w1.mul(x1)).add(w2));
    const { value, gradients } = valueAndGrad(neuron, [exact([2], []), exact([-3], []), exact([-3], []), exact([-1], []), exact([-2], [])]);
    expect(value.item()).toBeCloseTo(0.7311, 4);
    const expected = [-0.1966, -0.3932, 0.1966, 0.3932, -0.5898];
    gradients.forEach((gradient, index) => expect(gradient.item()).toBeCloseTo(expected[index] as number, 4));
  });
});

describe("with respect to variables", () => {
  test("the gradients of all uses of a tensor are added", () => {
    const x = new Variable(tensor([2, 3]));
    const { gradients: [gradient] } = valueAndGrad(() => {
      const y = x.value;
      return y.mul(y).add(y).add(x.value.mul(4)).sum();
    }, [x]);
    expect(gradient.toArray()).toEqual([9, 11]);
  });

  test("unused variables, and variables behind a constant, get zeros of their shape and dtype", () => {
    const used = new Variable(tensor([1, 2]));
    const unused = new Variable(exact([1, 2, 3]));
    const rounded = new Variable(tensor(1.5));
    const { gradients } = valueAndGrad(() => used.value.sum().add(floor(rounded.value)), [unused, rounded, used]);
    expect(gradients.map(({ dtype, shape }) => [dtype, shape])).toEqual([["float64", [3]], ["float32", []], ["float32", [2]]]);
    expect(gradients.map((gradient) => gradient.toArray())).toEqual([[0, 0, 0], 0, [1, 1]]);
  });

  test("the gradient has the variable's dtype if the function computes in another", () => {
    const x = new Variable(tensor([1, 2]));
    const { value, gradients: [gradient] } = valueAndGrad(() => x.value.cast("float64").mul(exact([3, 4])).sum(), [x]);
    expect(value.dtype).toBe("float64");
    expect([gradient.dtype, gradient.toArray()]).toEqual(["float32", [3, 4]]);
  });

  test("a variable that the function assigns is followed through the assigned value", () => {
    const x = new Variable(tensor(3));
    const { value, gradients: [gradient] } = valueAndGrad(() => {
      x.value = x.value.square();
      return x.value.mul(5);
    }, [x]);
    expect([value.item(), gradient.item(), x.value.item()]).toEqual([45, 30, 9]);
  });

  test("other variables carry gradients from assignment to reading, and keep their new values", () => {
    const weight = new Variable(tensor(3));
    const state = new Variable(tensor(1));
    const { gradients: [gradient] } = valueAndGrad(() => {
      for (let step = 0; step < 3; step++) state.value = state.value.mul(weight.value);
      return state.value;
    }, [weight]);
    expect([gradient.item(), state.value.item()]).toEqual([27, 27]);
  });

  test("takes the same variable on two levels", () => {
    const x = new Variable(exact([2], []));
    const { value, gradients: [second] } = valueAndGrad(() => valueAndGrad(() => x.value.pow(3), [x]).gradients[0], [x]);
    expect([value.item(), second.item()]).toEqual([12, 12]);
  });

  test("variables made inside the function are ordinary ones", () => {
    const x = new Variable(tensor(3));
    const { gradients: [gradient] } = valueAndGrad(() => new Variable(x.value.mul(2)).value.square(), [x]);
    expect(gradient.item()).toBe(24);
  });
});

describe("with respect to tensors", () => {
  test("the function receives them as arguments", () => {
    const { value, gradients: [left, right] } = valueAndGrad((x, y) => x.mul(y).sum(), [tensor([1, 2]), tensor([[3], [4]])]);
    expect(value.item()).toBe(21);
    expect([left.toArray(), right.toArray()]).toEqual([[7, 7], [[3], [3]]]);
  });

  test("one tensor for two arguments gives the gradient for each", () => {
    const x = tensor(3);
    expect(valueAndGrad((a, b) => a.mul(b).mul(b), [x, x]).gradients.map((gradient) => gradient.item())).toEqual([9, 18]);
  });

  test("the same tensor from outside is a constant", () => {
    const x = tensor(3);
    expect(valueAndGrad((y) => y.mul(x), [x]).gradients[0].item()).toBe(3);
  });

  test("takes a function that returns its argument, and one number with axes", () => {
    expect(valueAndGrad((x) => x, [tensor([[7]])]).gradients[0].toArray()).toEqual([[1]]);
  });
});

describe("errors", () => {
  const bias = new Variable(tensor([1, 2]), { name: "bias" });

  test("a result that is not one number", () => {
    expect(() => valueAndGrad(() => bias.value, [bias])).toThrowErrorMatchingInlineSnapshot(`[ShapeError: valueAndGrad: the function's result has shape [2], expected one number; reduce it with .sum() or .mean(), or use vjp with a cotangent]`);
  });

  test("integers", () => {
    const counter = new Variable(tensor(1, { dtype: "int32" }), { name: "counter" });
    expect(() => valueAndGrad(() => counter.value.cast("float32"), [counter])).toThrowErrorMatchingInlineSnapshot(`[DTypeError: valueAndGrad: variable 0 "counter" [] has dtype int32, expected float32 or float64]`);
    expect(() => valueAndGrad((x) => x.sum(), [tensor([1, 2], { dtype: "int32" })])).toThrowErrorMatchingInlineSnapshot(`[DTypeError: valueAndGrad: input 0 has dtype int32, expected float32 or float64; convert it with .cast("float32")]`);
    expect(() => valueAndGrad(() => bias.value.argMax(), [bias])).toThrowErrorMatchingInlineSnapshot(`[DTypeError: valueAndGrad: the function's result has dtype int32, expected float32 or float64; convert it with .cast("float32")]`);
  });

  test("a variable named twice", () => {
    expect(() => valueAndGrad(() => bias.value.sum(), [bias, new Variable(tensor(0)), bias])).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: valueAndGrad: variable 2 "bias" [2] is the same as variable 0; name each variable once]`);
  });

  test("variables that the result does not depend on: those of another model, or a result made of steps", () => {
    const weight = new Variable(tensor([1, 2]), { name: "weight" });
    expect(() => valueAndGrad(() => tensor(1), [weight, new Variable(tensor(1))])).toThrowErrorMatchingInlineSnapshot(`[UsageError: valueAndGrad: no gradient reaches variable 0 "weight" [2], variable 1 []: the result does not depend on them (part of another model?), or only through operations without a gradient such as argMax and comparisons; leave them out, or set strict: false to get zeros]`);
    expect(() => valueAndGrad(() => weight.value.greater(0).cast("float32").mean(), [weight])).toThrow("no gradient reaches");
    expect(() => valueAndGrad(() => weight.value.detach().sum(), [weight])).toThrow("no gradient reaches");
    expect(() => valueAndGrad(() => tensor(weight.value.sum().item() ** 2), [weight])).toThrow("the function reads numbers");
    expect(valueAndGrad(() => tensor(1), [weight], { strict: false }).gradients[0].toArray()).toEqual([0, 0]);
    expect(valueAndGrad(() => tensor(1), []).gradients).toEqual([]);
    expect(valueAndGrad((x) => floor(x), [tensor(1.5)]).gradients[0].item()).toBe(0);
  });

  test("no function", () => {
    const weight = new Variable(tensor([1, 2]));
    expect(() => valueAndGrad(weight.value.sum() as never, [weight])).toThrowErrorMatchingInlineSnapshot(`[UsageError: valueAndGrad: got a Tensor, expected a function, as in valueAndGrad(() => loss, …)]`);
  });

  test("unused sources, in strict mode", () => {
    const unused = new Variable(tensor([1, 2, 3]));
    const strict = { strict: true };
    expect(() => valueAndGrad(() => bias.value.sum(), [bias, unused], strict)).toThrowErrorMatchingInlineSnapshot(`[UsageError: valueAndGrad: no gradient reaches variable 1 [3]: the result does not depend on it (part of another model?), or only through operations without a gradient such as argMax and comparisons; leave it out, or set strict: false to get zeros]`);
    expect(() => valueAndGrad(() => tensor(1), [bias, unused], strict)).toThrowErrorMatchingInlineSnapshot(`[UsageError: valueAndGrad: no gradient reaches variable 0 "bias" [2], variable 1 [3]: the result does not depend on them (part of another model?), or only through operations without a gradient such as argMax and comparisons; leave them out, or set strict: false to get zeros]`);
    expect(() => valueAndGrad((x, y) => y.sum().add(floor(x)), [tensor(1), tensor(2)], strict)).toThrowErrorMatchingInlineSnapshot(`[UsageError: valueAndGrad: no gradient reaches input 0 []: the result does not depend on it (part of another model?), or only through operations without a gradient such as argMax and comparisons; leave it out, or set strict: false to get zeros]`);
    expect(() => valueAndGrad(() => bias.value.sum(), [bias], strict)).not.toThrow();
  });

  test("values that are not tensors, and tensors of another copy of the library", () => {
    const foreign = { [Symbol.for("@nn/tensor")]: {} };
    // @ts-expect-error a number is not a tensor
    expect(() => valueAndGrad(() => 3, [bias])).toThrowErrorMatchingInlineSnapshot(`[UsageError: valueAndGrad: the function's result is 3, expected a Tensor]`);
    // @ts-expect-error nothing is returned
    expect(() => valueAndGrad(() => {}, [bias])).toThrowErrorMatchingInlineSnapshot(`[UsageError: valueAndGrad: the function's result is undefined, expected a Tensor]`);
    // @ts-expect-error a variable is not a tensor
    expect(() => valueAndGrad(() => bias, [bias])).toThrowErrorMatchingInlineSnapshot(`[UsageError: valueAndGrad: the function's result is a Variable, expected a Tensor; read it with .value]`);
    // @ts-expect-error not a tensor
    expect(() => valueAndGrad(() => foreign, [bias])).toThrowErrorMatchingInlineSnapshot(`[UsageError: valueAndGrad: the function's result is a tensor of another copy of @nn/tensor; make sure that only one is installed (npm ls @nn/tensor)]`);
    // @ts-expect-error not a variable
    expect(() => valueAndGrad(() => bias.value.sum(), [foreign])).toThrowErrorMatchingInlineSnapshot(`[UsageError: valueAndGrad: input 0 is a tensor of another copy of @nn/tensor; make sure that only one is installed (npm ls @nn/tensor)]`);
  });

  test("sources that are no list", () => {
    // @ts-expect-error a variable alone
    expect(() => valueAndGrad(() => bias.value.sum(), bias)).toThrowErrorMatchingInlineSnapshot(`[UsageError: valueAndGrad: got a Variable, expected a list of variables or tensors to differentiate with respect to; put it into a list]`);
    // @ts-expect-error a tensor alone
    expect(() => valueAndGrad((x: Tensor) => x, tensor(1))).toThrowErrorMatchingInlineSnapshot(`[UsageError: valueAndGrad: got a Tensor, expected a list of variables or tensors to differentiate with respect to; put it into a list]`);
    // @ts-expect-error nothing
    expect(() => valueAndGrad(() => bias.value.sum())).toThrowErrorMatchingInlineSnapshot(`[UsageError: valueAndGrad: got undefined, expected a list of variables or tensors to differentiate with respect to]`);
  });

  test("an asynchronous function; the stack of interpreters is put back", () => {
    // @ts-expect-error a promise is not a tensor
    expect(() => valueAndGrad(() => Promise.resolve(bias.value.sum()), [bias])).toThrowErrorMatchingInlineSnapshot(`[UsageError: valueAndGrad: the function is asynchronous, expected a synchronous one; await what it needs before the call]`);
    expect(() => valueAndGrad(() => { throw new Error("of the user"); }, [bias])).toThrow("of the user");
    expect(valueAndGrad(() => bias.value.sum(), [bias]).gradients[0].toArray()).toEqual([1, 1]);
  });
});
