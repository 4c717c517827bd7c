import { tensor } from "@nn/tensor";
import { expect, expectTypeOf, test } from "vitest";
import { Linear, ReLU, Sequential, Tanh, type TensorModule } from "../src/index.js";

test("applies its modules in order", () => {
  const model = new Sequential(new ReLU(), new Tanh());
  expect(model.forward(tensor([-1, 0.5])).toArray()).toEqual(tensor([0, 0.5]).tanh().toArray());
  expect(new Sequential().forward(tensor(3)).item()).toBe(3);
});

test("its modules are accessible with their types", () => {
  const model = new Sequential(new Linear(2, 3), new ReLU());
  expectTypeOf(model.layers[0]).toEqualTypeOf<Linear>();
  expect(model.length).toBe(2);
  expect(model.at(-1)).toBe(model.layers[1]);
  expect([...model]).toEqual(model.layers);
  expect(() => model.at(2)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: Sequential: no module at 2; there are 2]`);
});

test("can be built from a list", () => {
  const layers: TensorModule[] = [2, 3].map((width) => new Linear(width, width + 1));
  expect(new Sequential(...layers).forward(tensor([[1, 2]])).shape).toEqual([1, 4]);
});

test("a subclass may have further fields", () => {
  class Headed extends Sequential {
    readonly head = new Linear(1, 1);
  }
  expect([...new Headed(new Linear(1, 1)).namedParameters().keys()]).toEqual(["head.weight", "head.bias", "0.weight", "0.bias"]);
});

test("refuses values that are not modules", () => {
  expect(() => new Sequential([new ReLU()] as never)).toThrowErrorMatchingInlineSnapshot(`[UsageError: Sequential: argument 0 is a list; hand its modules over one by one (...modules), expected a module with forward(x)]`);
  expect(() => new Sequential(new ReLU(), ReLU as never)).toThrowErrorMatchingInlineSnapshot(`[UsageError: Sequential: argument 1 is a function or a class; make a module with new, and write a function as the forward of a class that extends Module, expected a module with forward(x)]`);
  expect(() => new Sequential(undefined as never)).toThrowErrorMatchingInlineSnapshot(`[UsageError: Sequential: argument 0 is undefined, expected a module with forward(x)]`);
  expect(() => new Linear(1, 1).loadStateDict(undefined as never)).toThrowErrorMatchingInlineSnapshot(`[UsageError: loadStateDict: got undefined, expected an object with the tensors of Linear by name]`);
});
