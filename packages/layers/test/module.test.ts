import { ones, relu, tensor, Variable, zeros, type Tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import { BatchNorm1d, Dropout, Linear, Module, Parameter, ReLU, Sequential } from "../src/index.js";

class Leaf extends Module {
  readonly weight = new Parameter(ones([2]));
  readonly runningMean = new Variable(zeros([2]));
  forward(x: Tensor): Tensor {
    return x;
  }
}

class Tree extends Module {
  readonly firstLayer = new Leaf();
  readonly blocks = [new Leaf(), [new Leaf()]];
  readonly byName = { keyQuery: new Leaf(), scale: new Parameter(ones([])) };
  readonly bias = new Parameter(zeros([3]));
  readonly label = "not state";
  readonly constantTable = ones([4]);
  forward(x: Tensor): Tensor {
    return x;
  }
}

describe("what a module holds", () => {
  const tree = new Tree();

  test("parameters are named by their paths, in the order of declaration", () => {
    expect([...tree.namedParameters().keys()]).toEqual([
      "first_layer.weight", "blocks.0.weight", "blocks.1.0.weight", "by_name.keyQuery.weight", "by_name.scale", "bias",
    ]);
  });

  test("buffers are the variables that are not parameters", () => {
    expect([...tree.namedBuffers().keys()]).toEqual([
      "first_layer.running_mean", "blocks.0.running_mean", "blocks.1.0.running_mean", "by_name.keyQuery.running_mean",
    ]);
    expect(tree.buffers().some((buffer) => buffer instanceof Parameter)).toBe(false);
  });

  test("outer modules come before inner ones", () => {
    expect([...tree.namedModules().keys()]).toEqual(["", "first_layer", "blocks.0", "blocks.1.0", "by_name.keyQuery"]);
    expect([...tree.namedChildren().keys()]).toEqual(["first_layer", "blocks.0", "blocks.1.0", "by_name.keyQuery"]);
    expect([...new Sequential(tree).namedChildren().keys()]).toEqual(["0"]);
  });

  test("fields are read on every call, so that a module may be replaced", () => {
    class Exchangeable extends Module {
      part: Module = new ReLU();
      forward(x: Tensor): Tensor {
        return x;
      }
    }
    const module = new Exchangeable();
    expect(module.parameters()).toEqual([]);
    module.part = new Linear(2, 3);
    expect([...module.namedParameters().keys()]).toEqual(["part.weight", "part.bias"]);
  });

  test("one rule gives PyTorch's names", () => {
    class Names extends Module {
      readonly weightIhL0 = new Parameter(ones([]));
      readonly linear1 = new Parameter(ones([]));
      readonly W = new Parameter(ones([]));
      readonly numBatchesTracked = new Variable(tensor(0, { dtype: "int32" }));
      forward(): void {}
    }
    expect(Object.keys(new Names().stateDict())).toEqual(["weight_ih_l0", "linear1", "w", "num_batches_tracked"]);
  });

  test("two fields with the same name are refused", () => {
    class Clash extends Module {
      readonly aB = new Parameter(ones([]));
      readonly a_b = new Parameter(ones([]));
      forward(): void {}
    }
    expect(() => new Clash().stateDict()).toThrowErrorMatchingInlineSnapshot(`[UsageError: Clash: two variables have the name "a_b"; rename one of the fields]`);
  });

  test("a shared value is listed once and saved under all its names", () => {
    class Tied extends Module {
      readonly encoder = new Linear(3, 3, { bias: false });
      readonly decoder = this.encoder;
      readonly weight = this.encoder.weight;
      forward(x: Tensor): Tensor {
        return this.decoder.forward(this.encoder.forward(x));
      }
    }
    const tied = new Tied();
    expect([...tied.namedParameters().keys()]).toEqual(["encoder.weight"]);
    expect([...tied.namedModules().keys()]).toEqual(["", "encoder"]);
    expect(Object.keys(tied.stateDict())).toEqual(["encoder.weight", "decoder.weight", "weight"]);
  });

  test("a module that contains itself is refused; a private reference to an outer module is allowed", () => {
    class Child extends Module {
      readonly weight = new Parameter(ones([]));
      constructor(readonly parent: Module) {
        super();
      }
      forward(): void {}
    }
    class Parent extends Module {
      readonly child = new Child(this);
      forward(): void {}
    }
    class Itself extends Module {
      readonly self = [this];
      forward(): void {}
    }
    expect(() => new Parent().stateDict()).toThrowErrorMatchingInlineSnapshot(
      `[UsageError: Parent: "child.parent.child.parent.chil…" lies more than 200 deep; nothing may contain itself: keep what refers to an outer module in a #private field]`,
    );
    expect(() => new Itself().parameters()).toThrow('Itself: "self.0.self.0.self.0.self.0.se…" lies more than 200 deep; nothing may contain itself');
    class Private extends Module {
      readonly weight = new Parameter(ones([]));
      readonly #parent: Module;
      constructor(parent: Module) {
        super();
        this.#parent = parent;
      }
      forward(): Module {
        return this.#parent;
      }
    }
    class Outer extends Module {
      readonly child = new Private(this);
      forward(): void {}
    }
    const outer = new Outer();
    expect(Object.keys(outer.stateDict())).toEqual(["child.weight"]);
    expect(outer.child.forward()).toBe(outer);
  });
});

test("parameters must be floating-point", () => {
  expect(() => new Parameter(tensor(1, { dtype: "int32" }))).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: Parameter: initial value has dtype int32, expected float32 or float64; for values that are not learned, use a Variable]`,
  );
});

test("frozen parameters are not among the trainable ones", () => {
  const model = new Sequential(new Linear(2, 2), new Linear(2, 1));
  for (const parameter of model.layers[0].parameters()) parameter.trainable = false;
  expect(model.trainableParameters()).toEqual(model.layers[1].parameters());
  expect(model.parameters()).toHaveLength(4);
});

test("train and eval reach every nested module", () => {
  const model = new Sequential(new Linear(2, 2), new Sequential(new Dropout(), new BatchNorm1d(2)));
  expect(model.modules().map(({ training }) => training)).toEqual([true, true, true, true, true]);
  expect(model.eval()).toBe(model);
  expect(model.modules().some(({ training }) => training)).toBe(false);
  model.layers[1].train();
  expect(model.modules().map(({ training }) => training)).toEqual([false, false, true, true, true]);
});

test("apply visits every module with its name", () => {
  const seen: string[] = [];
  new Sequential(new Linear(2, 2), new ReLU()).apply((module, name) => seen.push(`${name}: ${module.constructor.name}`));
  expect(seen).toEqual([": Sequential", "0: Linear", "1: ReLU"]);
});

test("a custom layer composes with the others", () => {
  class Scale extends Module {
    readonly factor = new Parameter(tensor([2, 3]));
    forward(x: Tensor): Tensor {
      return relu(x.mul(this.factor.value));
    }
  }
  const model = new Sequential(new Scale(), new ReLU());
  expect(model.forward(tensor([[1, -1]])).toArray()).toEqual([[2, 0]]);
  expect(Object.keys(model.stateDict())).toEqual(["0.factor"]);
});
