import { grad, valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { Linear, type Module, onForward, ReLU, Sequential } from "@nn/layers";
import { ones, tensor, Variable, zeros, type Tensor } from "@nn/tensor";
import { afterEach, expect, test } from "vitest";

const open: (() => void)[] = [];
afterEach(() => open.splice(0).forEach((remove) => remove()));
const listen: typeof onForward = (...args) => {
  const remove = onForward(...args);
  open.push(remove);
  return remove;
};

test("a listener sees every module in order, with its path, inputs and output, until it is removed", () => {
  const model = new Sequential(new Sequential(new Linear(4, 3), new ReLU()), new Linear(3, 2));
  const x = ones([2, 4]);
  const seen: [Module, string, readonly unknown[], unknown][] = [];
  const remove = listen(model, (...call) => void seen.push(call));
  const y = model.forward(x);
  expect(seen.map(([, path]) => path)).toEqual(["0.0", "0.1", "0", "1", ""]);
  expect(seen.map(([module]) => module)).toEqual([model.layers[0].layers[0], model.layers[0].layers[1], model.layers[0], model.layers[1], model]);
  expect(seen[0]?.[2]).toEqual([x]);
  expect(seen[1]?.[2][0]).toBe(seen[0]?.[3]);
  expect(seen[4]?.[3]).toBe(y);
  remove();
  remove();
  model.forward(x);
  expect(seen).toHaveLength(5);
});

test("several listeners are called in the order in which they were added, each with the paths of its own module", () => {
  const model = new Sequential(new Sequential(new ReLU()));
  const seen: string[] = [];
  listen(model, (_, path) => void seen.push(`outer ${path}`));
  listen(model.layers[0], (_, path) => void seen.push(`inner ${path}`));
  model.forward(ones([1]));
  expect(seen).toEqual(["outer 0.0", "inner 0", "outer 0", "inner ", "outer "]);
  seen.length = 0;
  new ReLU().forward(ones([1]));
  expect(seen).toEqual([]);
});

test("super.forward is not a separate call, and modules that a listener runs are not observed", () => {
  class Twice extends Linear {
    override forward(x: Tensor): Tensor {
      return super.forward(super.forward(x));
    }
  }
  const model = new Twice(2, 2);
  let calls = 0;
  listen(model, () => {
    calls++;
    model.forward(zeros([1, 2]));
  });
  model.forward(ones([1, 2]));
  expect(calls).toBe(1);
});

test("a listener may assign variables that no module holds", () => {
  const model = new Sequential(new Linear(2, 2), new ReLU());
  const last = new Variable(zeros([1, 2]));
  listen(model, (_, path, __, output) => {
    if (path === "0") last.value = output as Tensor;
  });
  const y = model.forward(ones([1, 2]));
  expect(last.value.relu().toArray()).toEqual(y.toArray());
});

test("it works inside valueAndGrad and changes no gradient", () => {
  const model = new Sequential(new Linear(2, 2), new ReLU());
  const x = tensor([[1, -2]]);
  const step = (): unknown => valueAndGrad(() => model.forward(x).square().sum(), model.parameters()).gradients.map((each) => each.toArray());
  const before = step();
  const norms: number[] = [];
  listen(model, (_, __, ___, output) => void norms.push((output as Tensor).square().sum().item()));
  expect(step()).toEqual(before);
  expect(norms).toHaveLength(3);
  expect(grad((input: Tensor) => model.forward(input).sum())(x).shape).toEqual([1, 2]);
});

test("inside compile it is part of the program; adding or removing a listener selects another program", () => {
  const model = new Sequential(new Linear(3, 2), new ReLU());
  const total = new Variable(tensor(0));
  let traced = 0;
  const predict = compile((x: Tensor) => {
    traced++;
    return model.forward(x);
  });
  const x = tensor([[1, 2, 3]]);
  const expected = predict(x).toArray();
  const remove = listen(model.layers[0], (_, __, ___, output) => {
    total.value = total.value.add((output as Tensor).abs().sum());
  });
  const once = model.layers[0].forward(x).abs().sum().item();
  total.value = tensor(0);
  for (let turn = 1; turn <= 3; turn++) {
    expect(predict(x).toArray()).toEqual(expected);
    expect(total.value.item()).toBeCloseTo(once * turn, 5);
  }
  expect(traced).toBe(2);
  remove();
  expect(predict(x).toArray()).toEqual(expected);
  expect(total.value.item()).toBeCloseTo(once * 3, 5);
  expect(traced).toBe(2);
});

test("an error in a listener reaches the caller; the next call works", () => {
  const model = new Sequential(new ReLU());
  const remove = listen(model, () => {
    throw new Error("in the listener");
  });
  expect(() => model.forward(ones([1]))).toThrow("in the listener");
  remove();
  expect(model.forward(ones([1])).toArray()).toEqual([1]);
});

test("refuses wrong arguments", () => {
  const model = new ReLU();
  expect(() => onForward({} as never, () => {})).toThrowErrorMatchingInlineSnapshot(`[UsageError: onForward: got an object, expected a Module]`);
  expect(() => onForward(model, 3 as never)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: onForward: the listener is 3, expected a function]`);
  listen(model, (_, __, ___, output) => output);
  expect(() => model.forward(ones([1]))).toThrowErrorMatchingInlineSnapshot(`[UsageError: onForward: the listener returned a tensor; a listener cannot replace the output of a module]`);
  open.pop()?.();
  listen(model, async () => {});
  expect(() => model.forward(ones([1]))).toThrowErrorMatchingInlineSnapshot(`[UsageError: onForward: the listener is asynchronous; pass a synchronous one, and read tensors after the call]`);
});
