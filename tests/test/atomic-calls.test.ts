import { describe, expect, it, test } from "vitest";
import { atomically, gather, Generator, gradientsOf, hostCallback, hostEffect, HostState, manualSeed, matmul, normal, sum, tensor, uniform, Variable, zeros, type Gradients, type Tensor } from "@nn/tensor";
import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { BatchNorm1d, Dropout, Embedding, Linear, ReLU, Sequential } from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import {
  Adam, ExponentialMovingAverage, GradientAccumulation, LBFGS, LookAhead, SGD, SharpnessAware, type UpdateRule, Optimizer,
} from "@nn/optim";

const labels = (...values: number[]): Tensor => tensor(values, { dtype: "int32" });
const bits = (values: readonly Variable[]): number[][] => values.map(({ value }) => [...value.toTypedArray()]);

function model(): { readonly layers: Sequential; readonly generator: Generator } {
  const generator = new Generator(7);
  manualSeed(3);
  return { layers: new Sequential(new Linear(3, 8), new BatchNorm1d(8), new ReLU(), new Dropout(0.25, { generator }), new Linear(8, 2)), generator };
}

const x = normal([4, 3], { generator: new Generator(1) });
const right = labels(0, 1, 1, 0);
const wrong = labels(0, 1, 7, 0);

interface Training {
  step(x: Tensor, y: Tensor): void;
  /** All that a step changes. */
  state(): unknown;
}

const seen = (stateDict: { readonly tensors: Readonly<Record<string, Tensor>> }): unknown =>
  JSON.parse(JSON.stringify({ ...stateDict, tensors: Object.values(stateDict.tensors).map((each) => [...each.toTypedArray()]) }));

/** Trainings, with access to their whole state. */
const trainings: Readonly<Record<string, (compiled: boolean) => Training>> = {
  adam: (compiled) => trained(compiled, (parameters) => {
    const optimizer = new Adam(parameters, { learningRate: (step) => 0.1 / (step + 1) });
    return { step: (gradients) => optimizer.step(gradients), state: () => seen(optimizer.stateDict()) };
  }),
  "accumulated, looked ahead, averaged": (compiled) => trained(compiled, (parameters) => {
    const inner = new SGD(parameters, { learningRate: 0.1, momentum: 0.9 });
    const ahead = new LookAhead(inner, { every: 2 });
    const optimizer = new GradientAccumulation(ahead, { every: 2 });
    const average = new ExponentialMovingAverage(parameters, { decay: 0.5 });
    return {
      step(gradients) {
        optimizer.step(gradients);
        average.update();
      },
      state: () => {
        const own = optimizer.stateDict();
        return [seen({ ...own, inner: {} } as never), seen({ ...own.inner, inner: {} } as never), seen(own.inner.inner), seen(average.stateDict())];
      },
    };
  }),
};

function trained(compiled: boolean, make: (parameters: readonly Variable[]) => { step(gradients: Gradients): void; state(): unknown }): Training {
  const { layers, generator } = model();
  const parameters = layers.parameters();
  const optimizer = make(parameters);
  const step = (input: Tensor, y: Tensor): Tensor => {
    const { value, gradients } = valueAndGrad(() => crossEntropy(layers.forward(input), y), parameters);
    optimizer.step(gradients);
    return value;
  };
  const run = compiled ? compile(step) : (input: Tensor, y: Tensor) => atomically(() => step(input, y));
  return {
    step: (input, y) => void run(input, y),
    state: () => [Object.entries(layers.stateDict()).map(([name, value]) => [name, [...value.toTypedArray()]]), generator.stateDict(), optimizer.state()],
  };
}

describe.each([["compiled", true], ["eager", false]])("a step that fails, %s", (_, compiled) => {
  test.each(Object.entries(trainings))("changes nothing: %s", (__, make) => {
    const [disturbed, undisturbed] = [make(compiled), make(compiled)];
    for (let turn = 0; turn < 6; turn++) {
      const before = disturbed.state();
      for (let failure = 0; failure < 3; failure++) expect(() => disturbed.step(x, wrong)).toThrow("index 7");
      expect(disturbed.state()).toEqual(before);
      disturbed.step(x, right);
      undisturbed.step(x, right);
      expect(disturbed.state()).toEqual(undisturbed.state());
    }
  });
});

test("the first step of Adam after 20 failed calls equals a first step", () => {
  const weight = new Variable(zeros([1, 2]));
  const optimizer = new Adam([weight], { learningRate: 0.1 });
  const step = compile((y: Tensor) => {
    const { value, gradients } = valueAndGrad(() => crossEntropy(weight.value, y), [weight]);
    optimizer.step(gradients);
    return value;
  });
  for (let call = 0; call < 20; call++) expect(() => step(labels(7))).toThrow("index 7");
  expect(optimizer.steps).toBe(0);
  expect(bits([weight])).toEqual([[0, 0]]);
  step(labels(1));
  const [low = NaN, high = NaN] = weight.value.toTypedArray();
  expect(low).toBeCloseTo(-0.1, 5);
  expect(high).toBeCloseTo(0.1, 5);
});

describe("variables keep their values if a later kernel fails", () => {
  it.each([1, 2])("on %d threads", (threads) => {
    const first = new Variable(normal([200, 200], { generator: new Generator(2) }));
    const second = new Variable(zeros([200]));
    const count = new Variable(tensor(0, { dtype: "int32" }));
    const step = compile(
      (index: Tensor) => {
        first.value = matmul(first.value, first.value).mul(1e-2);
        count.value = count.value.add(labels(1).reshape([]));
        second.value = second.value.add(gather(first.value.sum(0), index, 0));
        return second.value.sum();
      },
      { threads },
    );
    const index = (bad: number): Tensor => tensor(Int32Array.from({ length: 200 }, (_, at) => (at === 150 ? bad : at)), { dtype: "int32" });
    const before = bits([first, second, count]);
    for (let turn = 0; turn < 3; turn++) expect(() => step(index(200))).toThrow("index 200 at [150");
    expect(bits([first, second, count])).toEqual(before);
    step(index(3));
    expect(bits([count])).toEqual([[1]]);
    expect(bits([first])).not.toEqual(before.slice(0, 1));
    step.dispose();
  });

  test("weights are updated in place if the forward pass has checked the indices of an embedding's gradient", () => {
    const [table, head] = [new Embedding(20, 8), new Linear(8, 20)];
    const parameters = [...table.parameters(), ...head.parameters()];
    const optimizer = new SGD(parameters, { learningRate: 0.1, momentum: 0.9 });
    const step = compile((tokens: Tensor, next: Tensor) => {
      const { value, gradients } = valueAndGrad(() => crossEntropy(head.forward(table.forward(tokens)), next), parameters);
      optimizer.step(gradients);
      return value;
    });
    step(labels(1, 2, 3), labels(2, 3, 4));
    expect(step.explain()).toMatch(/6 updated in place/);
    const before = bits(parameters);
    expect(() => step(labels(1, 20, 3), labels(2, 3, 4))).toThrow("index 20 at [1");
    expect(() => step(labels(1, 2, 3), labels(2, 3, -1))).toThrow("index -1 at [2");
    expect(bits(parameters)).toEqual(before);
  });

  test("a label is checked even if the loss is not used", () => {
    const weight = new Variable(zeros([2, 3]));
    const optimizer = new SGD([weight], { learningRate: 1 });
    const step = compile((y: Tensor) => {
      optimizer.step(valueAndGrad(() => crossEntropy(weight.value, y), [weight]).gradients);
    });
    expect(() => step(labels(0, 3))).toThrow("index 3 at [1");
    expect(bits([weight])).toEqual([[0, 0, 0, 0, 0, 0]]);
  });
});

describe.each([["eager", (f: () => Tensor) => f], ["compiled", (f: () => Tensor) => compile(f)]] as const)("hostEffect, %s", (_, run) => {
  it("runs once for every execution, in program order among callbacks, even if its result is not used", () => {
    const seen: string[] = [];
    const count = new HostState(0);
    const f = run(() => {
      const before = hostCallback(() => (seen.push("callback"), count.value));
      hostEffect(() => {
        seen.push("effect");
        count.value += 1;
      });
      hostEffect(() => (count.value *= 10));
      return before.mul(1000).add(hostCallback(() => count.value));
    });
    expect([f().item(), f().item(), seen]).toEqual([10, 10110, ["callback", "effect", "callback", "effect"]]);
    expect(count.value).toBe(110);
  });

  it("is undone if a later one fails", () => {
    const count = new HostState(0);
    const f = run(() => {
      hostEffect(() => (count.value += 1));
      hostEffect(() => {
        throw new Error("no");
      });
      return tensor(1);
    });
    expect(() => atomically(f)).toThrow("no");
    expect(count.value).toBe(0);
  });
});

describe("host state", () => {
  it("is undone if a later callback throws", () => {
    const count = new HostState(0);
    const generator = new Generator(5);
    let fails = true;
    const f = compile(() => {
      const number = hostCallback(() => (count.value += 1));
      const noise = uniform([2], { generator });
      const last = hostCallback(() => {
        if (fails) throw new Error("the server is away");
        return 1;
      });
      return noise.add(number).add(last);
    });
    expect(() => f()).toThrow("the server is away");
    expect([count.value, generator.stateDict()]).toEqual([0, { seed: 5, counter: 0 }]);
    fails = false;
    f();
    expect([count.value, generator.stateDict()]).toEqual([1, { seed: 5, counter: 1 }]);
  });

  it("is undone if an argument is wrong", () => {
    const count = new HostState(0);
    const f = compile((given: Tensor) => given.add(hostCallback(() => (count.value += 1))));
    f(tensor([1]));
    let kept: Tensor | undefined;
    compile((given: Tensor) => (kept = given.mul(2)))(tensor([1]));
    expect(() => f(kept ?? tensor([1]))).toThrow("the value of a traced tensor");
    expect(count.value).toBe(1);
  });

  it("is not changed or made while a function is traced", () => {
    const count = new HostState(0, "count");
    expect(() => compile(() => void (count.value += 1))()).toThrowErrorMatchingInlineSnapshot(`[TraceError: count: would change while compile() traces the function, which happens once and not at every call; change it outside, or in hostEffect()]`);
    expect(() => compile(() => void new HostState(0, "count"))()).toThrowErrorMatchingInlineSnapshot(`[TraceError: count: would be made while compile() traces the function, which happens once and not at every call; make it before]`);
    expect(() => compile(() => void manualSeed(1))()).toThrowErrorMatchingInlineSnapshot(`[TraceError: manualSeed: would seed while compile() traces the function, which happens once and not at every call; call it before the compiled function]`);
    expect(() => compile(() => uniform([2], { generator: new Generator(1) }))()).toThrowErrorMatchingInlineSnapshot(`[TraceError: Generator: would be made while compile() traces the function, which happens once and not at every call; make it before]`);
    const optimizer = new SGD([new Variable(zeros([1]))], { learningRate: 1 });
    expect(() => compile(() => void (optimizer.learningRate = 2))()).toThrowErrorMatchingInlineSnapshot(`[TraceError: SGD.learningRate: would change while compile() traces the function, which happens once and not at every call; change it outside, or in hostEffect()]`);
    expect(() => compile(() => void optimizer.loadStateDict({ ...optimizer.stateDict(), steps: 5 }))()).toThrow("Optimizer.step: would change while compile()");
    expect([count.value, optimizer.learningRate, optimizer.steps]).toEqual([0, 1, 0]);
  });
});

describe("an eager step that throws half way changes nothing", () => {
  const fails: UpdateRule<Record<never, never>, object> = {
    init: () => ({}),
    update: ({ gradient, parameter, learningRate }) => {
      if (parameter.shape[0] === 2) throw new Error("half way");
      return { parameter: parameter.sub(gradient.mul(learningRate)), state: {} };
    },
  };

  it("of an optimizer", () => {
    const parameters = [new Variable(zeros([1])), new Variable(zeros([2]))];
    const optimizer = new Optimizer(fails, parameters, { learningRate: 1 });
    expect(() => optimizer.step(gradientsOf(optimizer.parameters, [tensor([1]), tensor([1, 1])]))).toThrow("half way");
    expect([bits(parameters), optimizer.steps, optimizer.stateDict().updates]).toEqual([[[0], [0, 0]], 0, [0, 0]]);
  });

  it("of wrappers", () => {
    const parameter = new Variable(tensor([1]));
    const accumulation = new GradientAccumulation(new SGD([parameter], { learningRate: 1 }), { every: 1, transform: () => { throw new Error("no"); } });
    expect(() => accumulation.step(gradientsOf(accumulation.parameters, [tensor([1])]))).toThrow("no");
    expect(accumulation.stateDict().calls).toBe(0);
    let calls = 0;
    const loss = (): ReturnType<typeof valueAndGrad> => {
      if (++calls === 2) throw new Error("second");
      return valueAndGrad(() => sum(parameter.value.square()), [parameter]);
    };
    expect(() => new SharpnessAware(new SGD([parameter], { learningRate: 1 })).step(loss as never)).toThrow("second");
    expect(bits([parameter])).toEqual([[1]]);
  });

  it("of L-BFGS", () => {
    const parameter = new Variable(tensor([3], { dtype: "float64" }));
    const optimizer = new LBFGS([parameter]);
    const closure = () => valueAndGrad(() => sum(parameter.value.square().square()), [parameter]);
    optimizer.step(closure);
    const before = JSON.stringify([bits([parameter]), { ...optimizer.stateDict(), tensors: 0 }]);
    let calls = 0;
    expect(() => optimizer.step(() => {
      if (++calls === 3) throw new Error("third");
      return closure();
    })).toThrow("third");
    expect(JSON.stringify([bits([parameter]), { ...optimizer.stateDict(), tensors: 0 }])).toBe(before);
  });
});

describe("atomically", () => {
  it("undoes compiled functions, inner ones too", () => {
    const [a, b] = [new Variable(tensor([1, 2])), new HostState(1)];
    const double = compile(() => {
      hostCallback(() => (b.value *= 2));
      a.value = a.value.mul(2);
    });
    double();
    expect(() => atomically(() => {
      double();
      atomically(double);
      expect([bits([a]), b.value]).toEqual([[[8, 16]], 8]);
      throw new Error("no");
    })).toThrow("no");
    expect([bits([a]), b.value]).toEqual([[[2, 4]], 2]);
    double();
    expect([bits([a]), b.value]).toEqual([[[4, 8]], 4]);
  });

  it("refuses asynchronous functions", () => {
    expect(() => atomically(async () => Promise.resolve())).toThrow("atomically: the function is asynchronous");
  });
});
