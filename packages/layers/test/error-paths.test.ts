import { customVjp, grad, valueAndGrad } from "@nn/autograd";
import { add, ArgumentError, matmul, ones, ShapeError, tensor, type Tensor } from "@nn/tensor";
import { expect, test } from "vitest";
import { Embedding, Linear, Module, Sequential, type TensorModule } from "../src/index.js";

class Attention extends Module {
  readonly query = new Linear(4, 3);
  forward(x: Tensor): Tensor {
    return matmul(this.query.forward(x), x);
  }
}

class Block extends Module {
  readonly selfAttention: TensorModule;
  constructor(inner: TensorModule = new Attention()) {
    super();
    this.selfAttention = inner;
  }
  forward(x: Tensor): Tensor {
    return add(x, this.selfAttention.forward(x));
  }
}

class Model extends Module {
  readonly blocks: readonly Block[];
  constructor(...blocks: readonly Block[]) {
    super();
    this.blocks = blocks;
  }
  forward(x: Tensor): Tensor {
    return this.blocks.reduce((input, block) => block.forward(input), x);
  }
}

/** A layer that throws what it is given. */
class Throwing extends Module {
  readonly #thrown: unknown;
  constructor(thrown: unknown) {
    super();
    this.#thrown = thrown;
  }
  forward(): Tensor {
    throw this.#thrown;
  }
}

const x = ones([2, 4]);
const faulty = customVjp((input: Tensor) => input.mul(2), () => [ones([3])]);

function thrownBy(body: () => unknown): unknown {
  try {
    body();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

test("an error names the module that it arose in, once, by its name in the state dictionary", () => {
  expect(() => new Model(new Block(), new Block()).forward(x)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: in blocks.0.self_attention: matmul: inner dimensions differ: [2, 3] x [2, 4] (3 and 2)]`,
  );
  expect(() => new Model(new Block()).forward(ones([2, 5]))).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: in blocks.0.self_attention.query: linear: input [2, 5] and weight [3, 4] do not fit, expected an input of shape [..., 4]]`,
  );
  expect(() => new Sequential(new Linear(4, 4), new Linear(3, 3)).forward(x)).toThrow(/^in 1: linear: input/);
});

test("the outermost module needs no path, nor does an error outside of forward", () => {
  expect(() => new Linear(3, 2).forward(x)).toThrow(/^linear: /);
  expect(() => new Attention().forward(x)).toThrow(/^matmul: /);
});

test("the error keeps its identity, class, fields and stack; the stack has the path as well", () => {
  class Special extends Error {
    readonly code = 7;
  }
  const own = new Special("no\nfit $& $1");
  const stack = own.stack ?? "";
  expect(thrownBy(() => new Model(new Block(new Throwing(own))).forward(x))).toBe(own);
  expect(own).toBeInstanceOf(Special);
  expect({ ...own }).toEqual({ code: 7 });
  expect(own.message).toBe("in blocks.0.self_attention: no\nfit $& $1");
  expect(own.stack).toBe(stack.replace("no\n", () => "in blocks.0.self_attention: no\n"));
  // A second time it is not prefixed again.
  expect(thrownBy(() => new Sequential(new Sequential(new Throwing(own))).forward(x))).toBe(own);
  expect(own.message).toBe("in blocks.0.self_attention: no\nfit $& $1");
});

test("values that are not errors, frozen errors, and errors that compute their message are thrown unchanged", () => {
  class Computed extends Error {
    override get message(): string {
      return "computed";
    }
  }
  for (const thrown of ["text", undefined, Object.freeze(new Error("frozen")), new Computed()]) {
    expect(thrownBy(() => new Model(new Block(new Throwing(thrown))).forward(x))).toBe(thrown);
  }
  expect(thrownBy(() => new Model(new Block(new Throwing(Object.freeze(new Error("frozen"))))).forward(x))).toHaveProperty("message", "frozen");
});

test("an error that forward catches leaves no trace", () => {
  class Tolerant extends Module {
    readonly risky = new Linear(3, 3);
    readonly safe = new Linear(4, 4);
    readonly broken = new Linear(2, 2);
    forward(input: Tensor): Tensor {
      expect(() => this.risky.forward(input)).toThrow(/^in 0\.risky: linear/);
      return this.broken.forward(this.safe.forward(input));
    }
  }
  expect(() => new Sequential(new Tolerant()).forward(x)).toThrow(/^in 0\.broken: linear/);
});

test("a shared module is named by the caller that failed; a hidden one by its class", () => {
  const shared = new Linear(4, 4);
  class Pair extends Module {
    readonly first = new Sequential(shared);
    readonly second = new Sequential(shared);
    forward(a: Tensor, b: Tensor): Tensor {
      return add(this.first.forward(a), this.second.forward(b));
    }
  }
  expect(() => new Pair().forward(x, ones([2, 3]))).toThrow(/^in second\.0: linear/);

  class Student extends Module {
    readonly #teacher = new Sequential(new Linear(4, 4), new Linear(3, 3)).eval();
    forward(input: Tensor): Tensor {
      return this.#teacher.forward(input);
    }
  }
  expect(() => new Sequential(new Student()).forward(x)).toThrow(/^in 0\.\(Sequential\)\.0: Student|^in 0\.\(Sequential\)/);
});

test("a module that the outermost one holds and another one calls has its own path", () => {
  class Encoder extends Module {
    forward(input: Tensor, decoder: TensorModule): Tensor {
      return decoder.forward(input);
    }
  }
  class Both extends Module {
    readonly encoder = new Encoder();
    readonly decoder = new Linear(3, 3);
    forward(input: Tensor): Tensor {
      return this.encoder.forward(input, this.decoder);
    }
  }
  expect(() => new Both().forward(x)).toThrow(/^in decoder: linear/);
});

test("super.forward and methods that forward calls belong to the module", () => {
  class Special extends Linear {
    override forward(input: Tensor): Tensor {
      return this.twice(super.forward(input));
    }
    twice(input: Tensor): Tensor {
      return matmul(input, input);
    }
  }
  expect(() => new Sequential(new Special(4, 3)).forward(x)).toThrow(/^in 0: matmul/);
  expect(() => new Sequential(new Special(3, 3)).forward(x)).toThrow(/^in 0: linear/);
});

test("errors that depend on elements, and errors in gradients, name the module", () => {
  const model = new Sequential(new Embedding(3, 2), new Linear(2, 1));
  const error = thrownBy(() => valueAndGrad(() => model.forward(tensor([0, 3], { dtype: "int32" })).sum(), model.parameters()));
  expect(error).toBeInstanceOf(ArgumentError);
  expect((error as Error).message).toMatchInlineSnapshot(`"in 0: embedding: index 3 at [1] is out of range; axis 0 has size 3; indices (of classes, of tokens) count from 0"`);

  const wrong = new (class extends Module {
    forward(input: Tensor): Tensor {
      return faulty(input);
    }
  })();
  expect(() => grad((input: Tensor) => new Sequential(wrong).forward(input).sum())(x)).toThrow(
    /^in 0, gradient of customVjp: customVjp: backward returned gradient 0 of shape \[3\]/,
  );
});

test("ShapeError stays ShapeError", () => {
  expect(thrownBy(() => new Sequential(new Linear(3, 3)).forward(x))).toBeInstanceOf(ShapeError);
});
