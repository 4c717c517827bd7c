import assert from "node:assert/strict";
import { inspect } from "node:util";
import { normal, ones, tensor, Variable, zeros, type Tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import { BatchNorm1d, Dropout, LayerNorm, Linear, MaxPool2d, Module, MultiheadAttention, Parameter, ReLU, Sequential } from "../src/index.js";

class Own extends Module {
  readonly sizes = [2, 3];
  readonly mode = "fast";
  readonly table = ones([2]);
  readonly scale = new Parameter(ones([2]));
  readonly blocks = [new Linear(2, 2), new ReLU()];
  readonly #secret = 7;
  forward(x: Tensor): Tensor {
    return x.mul(this.#secret);
  }
}

/** A module with the given forward. */
class Using extends Module {
  readonly use: (x: Tensor) => Tensor;
  readonly others: unknown;
  constructor(use: (x: Tensor) => Tensor, others?: unknown) {
    super();
    this.use = use;
    this.others = others;
  }
  forward(x: Tensor, ..._inputs: readonly unknown[]): Tensor {
    return this.use(x);
  }
}

describe("printing", () => {
  test("shows sizes, the options that were given, and the modules inside", () => {
    expect(String(new Sequential(new Linear(2, 3, { bias: false }), new Sequential(new ReLU(), new Dropout(0.2))))).toMatchInlineSnapshot(`
      "Sequential(
        (0): Linear(inFeatures: 2, outFeatures: 3, bias: false)
        (1): Sequential(
          (0): ReLU()
          (1): Dropout(probability: 0.2)
        )
      )"
    `);
    expect(String(new MultiheadAttention(16, 4, { batchFirst: true }))).toMatchInlineSnapshot(`
      "MultiheadAttention(
        features: 16, heads: 4, batchFirst: true
        (out_proj): Linear(inFeatures: 16, outFeatures: 16, bias: true)
        (dropout): Dropout(probability: 0)
      )"
    `);
    expect(String(new MaxPool2d(3, { stride: 2 }))).toBe("MaxPool2d(window: [3, 3], stride: 2)");
    expect(String(new Linear(2, 3, { initializeWeight: zeros, dtype: undefined }))).toBe("Linear(inFeatures: 2, outFeatures: 3)");
  });

  test("user-defined modules show their plain fields; console.log shows the same", () => {
    expect(String(new Own())).toMatchInlineSnapshot(`
      "Own(
        sizes: [2, 3], mode: "fast"
        (blocks.0): Linear(inFeatures: 2, outFeatures: 2)
        (blocks.1): ReLU()
      )"
    `);
    expect(inspect(new Own())).toBe(String(new Own()));
    expect(inspect({ model: new Linear(2, 3) })).toBe("{ model: Linear(inFeatures: 2, outFeatures: 3) }");
  });

  test("a cycle is printed as an ellipsis", () => {
    class Child extends Module {
      constructor(readonly parent: Module) {
        super();
      }
      forward(): void {}
    }
    class Parent extends Module {
      readonly child = new Child(this);
      forward(): void {}
    }
    expect(String(new Parent())).toBe("Parent(\n  (child): Child(\n    (parent): Parent(…)\n  )\n)");
  });
});

describe("comparing", () => {
  const pair = (make: () => Module): [Module, Module] => [make(), make()];

  test("modules with the same weights, options and mode are equal", () => {
    for (const make of [() => new Linear(2, 2, { initializeWeight: ones, initializeBias: zeros }), () => new Sequential(new LayerNorm(3), new ReLU()), () => new MaxPool2d(2)]) {
      const [a, b] = pair(make);
      expect(a).toEqual(b);
      expect(a).toStrictEqual(b);
      assert.deepStrictEqual(a, b);
    }
  });

  test("modules with other weights, options or modes are not", () => {
    const different: readonly (readonly [Module, Module])[] = [
      pair(() => new Linear(2, 2)),
      pair(() => new Sequential(new ReLU(), new Sequential(new Linear(2, 2)))),
      [new MaxPool2d(2), new MaxPool2d(2, { stride: 1 })],
      [new Dropout(), new Dropout().eval()],
      [new Dropout(0.1), new Dropout(0.2)],
      [new Sequential(new ReLU()), new Sequential(new ReLU(), new ReLU())],
    ];
    for (const [a, b] of different) {
      expect(a).not.toEqual(b);
      expect(a).not.toStrictEqual(b);
      assert.throws(() => assert.deepStrictEqual(a, b), assert.AssertionError);
      expect(() => expect(a).toEqual(b)).toThrow(/to deeply equal/);
    }
  });
});

describe("copying", () => {
  test("structuredClone and postMessage fail and say what to send instead", () => {
    const fix = /a Module cannot be cloned or posted; send its stateDict\(\)/;
    for (const module of [new Linear(2, 3), new Sequential(new ReLU()), new Own()]) {
      expect(() => structuredClone(module)).toThrow(fix);
      expect(() => structuredClone({ model: [module] })).toThrow(fix);
      expect(() => new MessageChannel().port1.postMessage(module)).toThrow(fix);
    }
  });

  test("JSON.stringify fails and says what to save instead", () => {
    expect(() => JSON.stringify({ model: new Sequential(new Linear(2, 3)) })).toThrowErrorMatchingInlineSnapshot(
      `[UsageError: Sequential: a module cannot be written as JSON; save its stateDict(), for example with writeSafetensors of @nn/io]`,
    );
  });
});

describe("state outside public fields", () => {
  const x = normal([4, 2]);

  test("maps and sets are searched", () => {
    const key = {};
    class Collections extends Module {
      readonly byName = new Map<unknown, unknown>([["first", new Linear(2, 2)], [3, [new Parameter(ones([1]))]], [key, new Variable(zeros([1]))]]);
      readonly all = new Set([new Linear(2, 2, { bias: false }), new ReLU()]);
      forward(): void {}
    }
    const module = new Collections();
    expect(Object.keys(module.stateDict())).toEqual(["by_name.first.weight", "by_name.first.bias", "by_name.3.0", "by_name.2", "all.0.weight"]);
    expect([...module.namedModules().keys()]).toEqual(["", "by_name.first", "all.0", "all.1"]);
  });

  test("refuses two values with the same name", () => {
    class Twice extends Module {
      readonly byName = new Map<unknown, unknown>([[1, new Linear(1, 1)], ["1", new Linear(1, 1)]]);
      forward(): void {}
    }
    expect(() => new Twice().stateDict()).toThrow('Twice: two variables have the name "by_name.1.weight"; rename one of the fields');
  });

  test("private fields, closures and modules made in forward are refused as soon as they are used", () => {
    class Private extends Module {
      readonly #layer = new Linear(2, 2);
      forward(input: Tensor): Tensor {
        return this.#layer.forward(input);
      }
    }
    expect(() => new Private().forward(x)).toThrowErrorMatchingInlineSnapshot(
      `[UsageError: in (Linear): Private: forward uses a Parameter "Linear.weight" that modules(), parameters() and buffers() do not find; keep it in a public field, or give it to forward as an input, or freeze it (trainable = false, eval()), as a teacher]`,
    );
    // Also in a nested module, and on a second call.
    const nested = new Sequential(new ReLU(), new Private());
    for (let turn = 0; turn < 2; turn++) expect(() => nested.forward(x)).toThrow("Sequential: forward uses a Parameter");
    const layer = new Linear(2, 2);
    const wrong: readonly Module[] = [
      new Using((input) => layer.forward(input)),
      new Using((input) => input.mul(layer.weight.value)),
      new Using((input) => new Linear(2, 2).forward(input)),
      new Using((input) => new Dropout().forward(input)),
      new Using((input) => layer.forward(input), new WeakMap([[layer, layer]])),
    ];
    for (const module of wrong) expect(() => (module as Using).forward(x)).toThrow(/Using: forward uses a (Parameter|Dropout)/);
    // A failed call leaves no state behind.
    expect(layer.forward(x).shape).toEqual([4, 2]);
  });

  test("held modules, inputs, frozen modules and stateless modules are allowed", () => {
    const layer = new Linear(2, 2);
    const frozen = new Sequential(new Linear(2, 2), new Dropout()).eval();
    for (const parameter of frozen.parameters()) parameter.trainable = false;
    const right: readonly Module[] = [
      new Using((input) => layer.forward(input), layer),
      new Using((input) => layer.forward(input), new Map([["a", { b: new Set([layer]) }]])),
      new Using((input) => frozen.forward(input)),
      new Using((input) => new ReLU().forward(input)),
    ];
    for (const module of right) expect((module as Using).forward(x).shape).toEqual([4, 2]);
    expect(new Using((input) => layer.forward(input)).forward(x, { decoder: layer }).shape).toEqual([4, 2]);
    class Lazy extends Module {
      layer: Linear | undefined;
      forward(input: Tensor): Tensor {
        this.layer ??= new Linear(input.shape.at(-1) ?? 0, 2);
        return this.layer.forward(input);
      }
    }
    const lazy = new Lazy();
    expect(lazy.forward(x).shape).toEqual([4, 2]);
    expect(lazy.forward(x).shape).toEqual([4, 2]);
    expect(lazy.parameters()).toHaveLength(2);
  });

  test("buffers are refused too, whether they are read or assigned", () => {
    class Counting extends Module {
      readonly #count = new Variable(zeros([]), { name: "count" });
      forward(input: Tensor): Tensor {
        this.#count.value = this.#count.value.add(1);
        return input;
      }
    }
    class Assigning extends Module {
      readonly #last = new Variable(zeros([4, 2]));
      forward(input: Tensor): Tensor {
        this.#last.value = input;
        return input;
      }
    }
    const message = 'forward uses a Variable "count" that modules(), parameters() and buffers() do not find; keep it in a public field, or give it to forward as an input';
    expect(() => new Counting().forward(x)).toThrow(`Counting: ${message}`);
    expect(() => new Sequential(new ReLU(), new Counting()).eval().forward(x)).toThrow(`Sequential: ${message}`);
    expect(() => new Assigning().forward(x)).toThrow("Assigning: forward uses a Variable that modules(), parameters() and buffers() do not find");
    const outside = new Variable(ones([2]));
    expect(() => new Using((input) => input.mul(outside.value)).forward(x)).toThrow("Using: forward uses a Variable");
    // The check ends when forward returns.
    expect(outside.value.toArray()).toEqual([1, 1]);
  });

  test("held buffers, buffers in inputs, and buffers of a module whose own forward is running are allowed", () => {
    const scale = new Variable(ones([2]));
    expect(new Using((input) => input.mul(scale.value), [scale]).forward(x).shape).toEqual([4, 2]);
    expect(new Using((input) => input.mul(scale.value)).forward(x, { options: { scale } }).shape).toEqual([4, 2]);
    // Inside an input that is a class instance, such as a cache.
    expect(new Using((input) => input.mul(scale.value)).forward(x, new (class { readonly own = new Map([["scale", scale]]); })()).shape).toEqual([4, 2]);
    const circle: unknown[] = [];
    circle.push(circle, scale);
    expect(new Using((input) => input.mul(scale.value)).forward(x, circle).shape).toEqual([4, 2]);
    const teacher = new Sequential(new BatchNorm1d(2, { affine: false })).eval();
    const student = new Using((input) => teacher.forward(input).mul(scale.value), scale);
    for (let turn = 0; turn < 2; turn++) expect(student.forward(x).shape).toEqual([4, 2]);
    expect(() => new Using((input) => input.mul(teacher.buffers()[0]?.value ?? 1)).forward(x)).toThrow('Using: forward uses a Variable "BatchNorm1d.runningMean"');
  });

  test("collections and modules that contain themselves or are nested too deep are refused", () => {
    const circle: unknown[] = [new ReLU()];
    circle.push({ again: circle });
    expect(() => new Using((input) => input, circle).parameters()).toThrowErrorMatchingInlineSnapshot(
      `[UsageError: Using: "others.1.again.1.again.1.again…" lies more than 200 deep; nothing may contain itself: keep what refers to an outer module in a #private field]`,
    );
    let deep: unknown = new ReLU();
    for (let depth = 0; depth < 20_000; depth++) deep = [deep];
    expect(() => new Using((input) => input, deep).stateDict()).toThrowErrorMatchingInlineSnapshot(
      `[UsageError: Using: "others.0.0.0.0.0.0.0.0.0.0.0.0…" lies more than 200 deep; nothing may contain itself: keep what refers to an outer module in a #private field]`,
    );
    let nested: Sequential = new Sequential(new ReLU());
    for (let depth = 0; depth < 20_000; depth++) nested = new Sequential(nested);
    expect(() => nested.parameters()).toThrowErrorMatchingInlineSnapshot(
      `[UsageError: Sequential: "0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.…" lies more than 200 deep; nothing may contain itself: keep what refers to an outer module in a #private field]`,
    );
    expect(String(nested)).toContain("Sequential(…)");
    // A list that occurs twice is not a cycle.
    const twice = [new Linear(2, 2)];
    expect(new Using((input) => input, { a: twice, b: [twice] }).parameters()).toHaveLength(2);
    class Plain extends Module {
      readonly numbers: unknown;
      constructor(numbers: unknown) {
        super();
        this.numbers = numbers;
      }
      forward(): void {}
    }
    const numbers: unknown[] = [1];
    numbers.push(numbers);
    expect(() => new Plain(numbers).modules()).toThrow('Plain: "numbers.1.1.1.1.1.1.1.1.1.1.1.…" lies more than 200 deep; nothing may contain itself');
  });

  test("the check still works after a forward calls super.forward, or throws", () => {
    class Base extends Module {
      readonly layer = new Linear(2, 2);
      forward(input: Tensor): Tensor {
        return this.layer.forward(input);
      }
    }
    class Derived extends Base {
      override forward(input: Tensor): Tensor {
        if (input.rank === 1) throw new Error("rank 1");
        return super.forward(input).add(1);
      }
    }
    const module = new Derived();
    expect(() => module.forward(tensor([1, 2]))).toThrow("rank 1");
    expect(module.forward(x).shape).toEqual([4, 2]);
    expect(() => new Using((input) => module.forward(input)).forward(x)).toThrow("Using: forward uses a Parameter");
  });
});

test("a constructor without parameters refuses arguments", () => {
  // @ts-expect-error types forbid it as well
  expect(() => new ReLU(0.1)).toThrowErrorMatchingInlineSnapshot(`[UsageError: ReLU: it takes no arguments, got 1]`);
});
