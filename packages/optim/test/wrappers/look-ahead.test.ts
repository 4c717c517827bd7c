import { valueAndGrad } from "@nn/autograd";
import { gradientsOf, square, sum, tensor, Variable } from "@nn/tensor";
import { expect, test } from "vitest";
import { Adam, LookAhead, SGD } from "../../src/index.js";

test("the slow weights move a fraction of the way every k steps, as in the paper's algorithm", () => {
  const [rate, every, fraction] = [0.15, 3, 0.4];
  const x = new Variable(tensor([2, -1], { dtype: "float64" }));
  const optimizer = new LookAhead(new SGD([x], { learningRate: rate }), { every, fraction });
  // f(x) = Σ x², whose gradient is 2 x.
  let [slow, fast] = [[2, -1], [2, -1]];
  for (let step = 1; step <= 10; step++) {
    optimizer.step(valueAndGrad(() => sum(square(x.value)), [x]).gradients);
    fast = fast.map((value) => value - rate * 2 * value);
    if (step % every === 0) fast = slow = slow.map((value, at) => value + fraction * ((fast[at] ?? NaN) - value));
    x.value.toTypedArray().forEach((value, at) => expect(value).toBeCloseTo(fast[at] as number, 14));
  }
});

test("a fraction of 1 equals the optimizer; a fraction of 0 changes nothing", () => {
  const [x, y, z] = [1, 1, 1].map((value) => new Variable(tensor([value])));
  if (x === undefined || y === undefined || z === undefined) return;
  const [plain, all, none] = [new Adam([x]), new LookAhead(new Adam([y]), { fraction: 1, every: 2 }), new LookAhead(new Adam([z]), { fraction: 0, every: 2 })];
  for (const value of [1, -3, 2, 2]) for (const optimizer of [plain, all, none]) optimizer.step(gradientsOf(optimizer.parameters, [tensor([value])]));
  expect(y.value.item()).toBeCloseTo(x.value.item(), 6);
  expect(z.value.item()).toBe(1);
});

test("continues from a state dictionary between two slow steps", () => {
  const build = () => {
    const x = new Variable(tensor([1, -2]));
    return { x, optimizer: new LookAhead(new Adam([x], { learningRate: 0.1 }), { every: 4 }) };
  };
  const take = ({ optimizer }: ReturnType<typeof build>, from: number, to: number): void => {
    for (let call = from; call < to; call++) optimizer.step(gradientsOf(optimizer.parameters, [tensor([Math.sin(call), Math.cos(3 * call)])]));
  };
  const [whole, first, second] = [build(), build(), build()];
  take(whole, 0, 13);
  take(first, 0, 6);
  second.x.value = first.x.value;
  second.optimizer.loadStateDict(first.optimizer.stateDict());
  take(second, 6, 13);
  expect(second.x.value.toArray()).toEqual(whole.x.value.toArray());
  expect(second.optimizer.stateDict()).toEqual(whole.optimizer.stateDict());
});

test("options out of range", () => {
  const inner = new SGD([new Variable(tensor([1]))], { learningRate: 1 });
  expect(() => new LookAhead(inner, { every: 1.5 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: LookAhead: every is 1.5, expected a positive whole number]`);
  expect(() => new LookAhead(inner, { fraction: -0.1 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: LookAhead: fraction is -0.1, expected a number from 0 to 1]`);
  expect(() => new LookAhead(inner, { fraction: 1.1 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: LookAhead: fraction is 1.1, expected a number from 0 to 1]`);
});
