import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { Embedding, Linear, Module, Sequential } from "@nn/layers";
import { floorDivide, ones, pow, tensor, type Tensor } from "@nn/tensor";
import { expect, test } from "vitest";

function messageOf(body: () => unknown): string {
  try {
    body();
  } catch (error) {
    if (error instanceof Error) return `${error.name}: ${error.message}`;
  }
  throw new Error("nothing was thrown");
}

const whole = (...values: number[]): Tensor => tensor(values, { dtype: "int32" });

/** Divides whole numbers, and raises them to a power. */
class Whole extends Module {
  readonly operation: string;
  constructor(operation: string) {
    super();
    this.operation = operation;
  }
  forward(x: Tensor): Tensor {
    return this.operation === "pow" ? pow(whole(2, 2, 2), x) : floorDivide(whole(2, 2, 2), x);
  }
}

test("a shape that does not fit fails while tracing, with the same message as eagerly", () => {
  const model = new Sequential(new Sequential(new Linear(3, 2)));
  const x = ones([2, 4]);
  expect(messageOf(() => compile((input: Tensor) => model.forward(input))(x))).toBe(messageOf(() => model.forward(x)));
  expect(messageOf(() => model.forward(x))).toMatch(/^ShapeError: in 0\.0: linear/);
});

test("elements that a compiled program refuses are reported with the path of the module", () => {
  const model = new Sequential(new Sequential(new Embedding(3, 2)));
  const predict = compile((x: Tensor) => model.forward(x));
  expect(predict(whole(0, 1)).shape).toEqual([2, 2]);
  const eager = messageOf(() => model.forward(whole(0, 7)));
  expect(eager).toMatch(/^ArgumentError: in 0\.0: embedding: index 7/);
  for (let turn = 0; turn < 2; turn++) expect(messageOf(() => predict(whole(0, 7)))).toBe(eager);
  for (const operation of ["pow", "floorDivide"]) {
    const bad = whole(1, 2, operation === "pow" ? -1 : 0);
    const layer = new Sequential(new Whole(operation) as never);
    const expected = messageOf(() => layer.forward(bad));
    expect(expected).toMatch(/^ArgumentError: in 0: /);
    expect(messageOf(() => compile((x: Tensor) => layer.forward(x))(bad))).toBe(expected);
  }
});

test("two modules with the same operation are told apart, also in a training step", () => {
  class Two extends Module {
    readonly tokens = new Embedding(3, 2);
    readonly positions = new Embedding(3, 2);
    forward(tokens: Tensor, positions: Tensor): Tensor {
      return this.tokens.forward(tokens).add(this.positions.forward(positions));
    }
  }
  const model = new Two();
  const step = compile((a: Tensor, b: Tensor) => valueAndGrad(() => model.forward(a, b).square().sum(), model.parameters()).value);
  expect(messageOf(() => step(whole(0, 3), whole(0, 1)))).toMatch(/^ArgumentError: in tokens: embedding: index 3/);
  expect(messageOf(() => step(whole(0, 1), whole(0, 4)))).toMatch(/^ArgumentError: in positions: embedding: index 4/);
});

test("a compiled function inside a module is reported once, with the whole path", () => {
  class Compiled extends Module {
    readonly embedding = new Embedding(3, 2);
    readonly #run = compile((x: Tensor) => this.embedding.forward(x));
    forward(x: Tensor): Tensor {
      return this.#run(x);
    }
  }
  expect(messageOf(() => new Sequential(new Compiled()).forward(whole(5)))).toMatch(/^ArgumentError: in 0\.embedding: embedding: index 5/);
});
