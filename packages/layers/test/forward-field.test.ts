import { tensor, type Tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import { Concat, Linear, Module, onForward, Parallel, Residual, Sequential, summary, type TensorModule } from "../src/index.js";

/** A module whose `forward` is a field, which no class has on its prototype. */
class Doubled extends Module {
  override forward = (x: Tensor): Tensor => x.mul(2);
}

class Late extends Module {
  readonly linear = new Linear(1, 1);
  override forward: (x: Tensor) => never = (x) => Promise.resolve(this.linear.forward(x)) as never;
}

const x = tensor([[1]]);
const refusal = "Late: forward is asynchronous, expected a synchronous one; await what it needs before the call";

describe("a forward that is a field", () => {
  test("runs like a method", () => {
    expect(new Sequential(new Doubled(), new Doubled()).forward(x).toArray()).toEqual([[4]]);
    expect(new Doubled().forward(x).toArray()).toEqual([[2]]);
  });

  test("is observed once for each call", () => {
    const model = new Sequential(new Doubled(), new Sequential(new Doubled()));
    const paths: string[] = [];
    const remove = onForward(model, (_, path) => paths.push(path));
    model.eval().forward(x);
    remove();
    expect(paths).toEqual(["0", "1.0", "1", ""]);
  });

  test("is checked like a method: it uses only what its module holds", () => {
    class Hidden extends Module {
      readonly #linear = new Linear(1, 1);
      override forward = (input: Tensor): Tensor => this.#linear.forward(input);
    }
    expect(() => new Sequential(new Hidden()).forward(x)).toThrow("Sequential: forward uses a Parameter");
  });

  test("may be replaced", () => {
    const model = new Doubled().eval();
    model.forward = (input) => input.mul(3);
    expect(model.eval().forward(x).toArray()).toEqual([[3]]);
    expect(Object.keys(model)).toEqual(Object.keys(new Doubled()));
  });

  test.each<[container: string, make: (late: TensorModule) => TensorModule, location: string]>([
    ["Sequential", (late) => new Sequential(late, new Linear(1, 1)), "in 0: "],
    ["Residual", (late) => new Residual(late), "in body: "],
    ["the shortcut of Residual", (late) => new Residual(new Linear(1, 1), { shortcut: late }), "in shortcut: "],
    ["Parallel", (late) => new Parallel([late]), "in 0: "],
    ["Concat", (late) => new Concat([late]), "in 0: "],
    ["the model itself", (late) => late.eval(), ""],
  ])("is refused in %s if it is asynchronous", (_, make, location) => {
    expect(() => make(new Late()).forward(x)).toThrow(`${location}${refusal}`);
  });

  test("is refused by summary if it is asynchronous", () => {
    expect(() => summary(new Late(), x)).toThrow(`summary: ${refusal}`);
  });
});

test("a module in a composition must return a tensor", () => {
  class Pair extends Module {
    forward(input: Tensor): never {
      return [input, input] as never;
    }
  }
  expect(() => new Residual(new Pair()).forward(x)).toThrow("Residual: the output of the body is an array of 2, expected a Tensor");
  expect(() => new Parallel([new Pair()]).forward(x)).toThrow("Parallel: the output of branch 0 is an array of 2, expected a Tensor");
  expect(() => new Concat([new Linear(1, 1), new Pair()]).forward(x)).toThrow("Concat: the output of branch 1 is an array of 2, expected a Tensor");
});
