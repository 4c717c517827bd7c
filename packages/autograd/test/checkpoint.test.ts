import { hostCallback, sin, tensor, uniform, Variable, type Tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import { checkGradients, checkpoint, customVjp, grad, jacobian, valueAndGrad, vjp } from "../src/index.js";
import { exact, sample } from "./samples.js";

const block = (x: Tensor, w: Tensor): Tensor => x.matmul(w).tanh().softmax();

test("values and gradients of all orders are the same as without a checkpoint", () => {
  const x = sample([2, 3]);
  const w = sample([3, 3], -1, 1, 2);
  const twice = (fn: typeof block) => (a: Tensor, b: Tensor): Tensor => fn(fn(a, b), b);
  const plain = vjp((a, b) => twice(block)(a, b), [x, w]);
  const saved = vjp((a, b) => twice(checkpoint(block))(a, b), [x, w]);
  expect(saved.value.toArray()).toEqual(plain.value.toArray());
  const cotangent = sample([2, 3], -1, 1, 3);
  expect(saved.pullback(cotangent).map((each) => each.toArray())).toEqual(plain.pullback(cotangent).map((each) => each.toArray()));
  checkGradients(checkpoint(block), [x, w], { order: 2 });
});

test("a checkpoint inside a checkpoint", () => {
  const inner = checkpoint((x: Tensor) => sin(x).mul(x));
  const outer = checkpoint((x: Tensor) => inner(inner(x).exp()));
  checkGradients(outer, [sample([3])], { order: 2 });
});

test("returns several results, some of which are inputs or not used", () => {
  const split = checkpoint((x: Tensor) => [x, x.square(), x.exp()] as const);
  const { value: [same, square], pullback } = vjp((x) => {
    const [a, b] = split(x);
    return [a, b] as const;
  }, [tensor(3)]);
  expect([same.item(), square.item()]).toEqual([3, 9]);
  expect(pullback([tensor(1), tensor(10)])[0].item()).toBe(61);
});

test("gradients reach outer variables and tensors", () => {
  const weight = new Variable(exact([2], []));
  const { gradients: [byWeight, byX] } = valueAndGrad(() => {
    const doubled = weight.value.mul(2);
    return checkpoint((x: Tensor) => x.mul(weight.value).mul(doubled).square())(tensor(3).cast("float64"));
  }, [weight, new Variable(tensor(0))]);
  // (3 · w · 2w)² = 36 w⁴, whose derivative is 144 w³
  expect(byWeight.item()).toBe(144 * 8);
  expect(byX.item()).toBe(0);
  // The same, at second order.
  const slope = (): Tensor => valueAndGrad(() => checkpoint(() => weight.value.pow(4))(), [weight]).gradients[0];
  expect(valueAndGrad(slope, [weight]).gradients[0].item()).toBe(12 * 4);
});

test("the second computation uses the random draws and host values of the first", () => {
  let asked = 0;
  const noisy = checkpoint((x: Tensor) => x.mul(uniform([4])).mul(hostCallback(() => ++asked)));
  const { value, pullback } = vjp((x) => noisy(x), [tensor([1, 1, 1, 1])]);
  const factors = value.toArray();
  expect(asked).toBe(1);
  expect(pullback(tensor([1, 1, 1, 1]))[0].toArray()).toEqual(factors);
  expect(pullback(tensor([1, 1, 1, 1]))[0].toArray()).toEqual(factors);
  expect(asked).toBe(1);
});

describe("variables", () => {
  test("are read with their old values, and written once", () => {
    const state = new Variable(tensor(2));
    const step = checkpoint((x: Tensor) => {
      const scaled = x.mul(state.value);
      state.value = state.value.mul(10);
      return scaled.mul(state.value).square();
    });
    const { value, pullback } = vjp((x) => step(x), [tensor(3)]);
    expect([value.item(), state.value.item()]).toEqual([3600 * 4, 20]);
    expect(pullback()[0].item()).toBe(1600 * 6);
    expect(state.value.item()).toBe(20);
  });

  test("carry gradients out of the checkpoint", () => {
    const state = new Variable(tensor(1));
    const found = grad((x: Tensor) => {
      checkpoint((y: Tensor) => {
        state.value = y.square();
        return y;
      })(x);
      return state.value.mul(5);
    })(tensor(3));
    expect(found.item()).toBe(30);
  });

  test("that are watched are followed through assigned values", () => {
    const weight = new Variable(tensor(3));
    const { gradients: [gradient] } = valueAndGrad(() => {
      checkpoint(() => {
        weight.value = weight.value.square();
        return weight.value;
      })();
      return weight.value.mul(5);
    }, [weight]);
    expect(gradient.item()).toBe(30);
  });
});

test("may contain customVjp, grad and stopped gradients", () => {
  const doubled = customVjp((x: Tensor) => sin(x), (gradient) => [gradient.mul(2)]);
  expect(grad((x: Tensor) => checkpoint((y: Tensor) => doubled(y).mul(3))(x))(tensor(1)).item()).toBe(6);
  expect(grad((x: Tensor) => checkpoint(grad((y: Tensor) => y.pow(3)))(x))(tensor(2)).item()).toBe(12);
  expect(grad((x: Tensor) => checkpoint((y: Tensor) => y.mul(y.square().detach()))(x))(tensor(3)).item()).toBe(9);
  // The same in a checkpoint within a gradient within a checkpoint: (y · f(y))'' = 2 f'(y) at y = 0, with f' = 2.
  const inner = checkpoint((y: Tensor) => doubled(y));
  expect(grad((x: Tensor) => checkpoint(grad((y: Tensor) => inner(y).mul(y)))(x))(tensor(0)).item()).toBe(4);
});

test("a gradient reaches an input that is first used detached", () => {
  const centred = (x: Tensor): Tensor => x.mul(x.detach().abs().max()).sub(x);
  const shifted = tensor([1, -3]);
  expect(grad((x: Tensor) => checkpoint(centred)(x).sum())(shifted).toArray()).toEqual([2, 2]);
  const twice = (fn: typeof centred) => grad((x: Tensor) => fn(fn(x)).square().sum())(shifted).toArray();
  expect(twice(checkpoint(centred))).toEqual(twice(centred));
  // An alias that is detached outside, and then the tensor itself.
  const both = grad((x: Tensor) => {
    const alias = x.detach();
    return checkpoint(() => alias.mul(x))().sum();
  });
  expect(both(shifted).toArray()).toEqual([1, -3]);
});

test("computes again only what the requested gradients need", () => {
  let applied = 0;
  const counted = customVjp((x: Tensor) => {
    applied++;
    return x.mul(2);
  }, (gradient) => [gradient.mul(2)]);
  const { pullback } = vjp((x) => checkpoint((y: Tensor) => [counted(y), y.exp()] as const)(x)[1], [tensor(0)]);
  expect(applied).toBe(1);
  expect(pullback()[0].item()).toBe(1);
  expect(applied).toBe(1);
});

test("without differentiation it equals the function; a Jacobian computes it again for each row", () => {
  expect(checkpoint((x: Tensor) => x.exp())(tensor(0)).item()).toBe(1);
  expect(jacobian(checkpoint((x: Tensor) => x.square()), tensor([1, 2])).toArray()).toEqual([[2, 0], [0, 4]]);
});

test("refuses a function that returns no tensor", () => {
  // @ts-expect-error a number is not a tensor
  expect(() => grad((x: Tensor) => checkpoint(() => 3)(x))(tensor(1))).toThrowErrorMatchingInlineSnapshot(`[UsageError: checkpoint: the function's result is 3, expected a Tensor]`);
});
