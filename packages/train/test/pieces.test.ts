import { DataLoader, mixup, TensorDataset } from "@nn/data";
import { Dropout, Linear, Module, ReLU, Sequential } from "@nn/layers";
import { Accuracy } from "@nn/metrics";
import { crossEntropy, mse } from "@nn/losses";
import { Adam, ExponentialMovingAverage, SGD } from "@nn/optim";
import { manualSeed, notEqual, sum, tensor, type Tensor } from "@nn/tensor";
import { ensemble, evaluate, evaluator, fit, inspectModel, predict, responsive, trainStep, type Augmented, type TrainStep } from "@nn/train";
import { describe, expect, test } from "vitest";
import { bitsOf, points, task } from "./tasks.js";

const flat = (state: Readonly<Record<string, Tensor>>): number[] => Object.values(state).flatMap((value) => [...value.toTypedArray()]);

function expectClose(actual: readonly number[], expected: readonly number[], tolerance = 1e-6): void {
  expect(actual.length).toBe(expected.length);
  for (const [at, value] of actual.entries()) expect(Math.abs(value - (expected[at] ?? Number.NaN))).toBeLessThan(tolerance);
}

describe("accumulated batches make the step of one large batch", () => {
  const network = (): Sequential => {
    manualSeed(2);
    return new Sequential(new Linear(2, 5), new ReLU(), new Linear(5, 2));
  };
  const data = points(11);
  const [x, y] = data.batch(Int32Array.from({ length: 11 }, (_, at) => at));
  const part = (from: number, to: number): readonly [Tensor, Tensor] => data.batch(Int32Array.from({ length: to - from }, (_, at) => from + at));

  test.each([[false], [true]])("batches of different sizes, compiled: %s", (compile) => {
    const whole = network();
    trainStep(whole, crossEntropy, new SGD(whole.parameters(), { learningRate: 1 }), { clipNorm: 0.2, compile })([x, y]);
    const model = network();
    const step = trainStep(model, crossEntropy, new SGD(model.parameters(), { learningRate: 1 }), { accumulate: 3, clipNorm: 0.2, compile });
    step(part(0, 7));
    step(part(7, 10));
    expect(bitsOf(model.stateDict())).toEqual(bitsOf(network().stateDict()));
    step(part(10, 11));
    expectClose(flat(model.stateDict()), flat(whole.stateDict()));
  });

  test("the remaining batches of an epoch make a step of their own", () => {
    const whole = network();
    trainStep(whole, crossEntropy, new SGD(whole.parameters(), { learningRate: 1 }), { compile: false })([x, y]);
    const model = network();
    const step = trainStep(model, crossEntropy, new SGD(model.parameters(), { learningRate: 1 }), { accumulate: 4, compile: false });
    expect(step.flush()).toBe(false);
    step(part(0, 2));
    step(part(2, 11));
    expect(step.flush()).toBe(true);
    expect(step.flush()).toBe(false);
    expectClose(flat(model.stateDict()), flat(whole.stateDict()));
  });

  test.each([[false], [true]])("every token has the same weight, compiled: %s", (compile) => {
    const ignored = { ignoreIndex: -100 };
    const loss = (output: Tensor, target: Tensor): Tensor => crossEntropy(output, target, ignored);
    const weight = (_: Tensor, target: Tensor): Tensor => sum(notEqual(target, -100));
    const targets = tensor([0, -100, -100, 1, 1, 0, -100, 1, 0, 0, 1], { dtype: "int32" });
    const whole = network();
    const all = trainStep(whole, loss, new SGD(whole.parameters(), { learningRate: 1 }), { compile });
    all([x, targets]);
    const model = network();
    const step: TrainStep<Tensor, Tensor, unknown> = trainStep(model, loss, new SGD(model.parameters(), { learningRate: 1 }), { accumulate: 2, weight, compile });
    const means = step([x.slice([{ start: 0, stop: 4 }]), targets.slice([{ start: 0, stop: 4 }])]);
    expect(means.weight?.item()).toBe(2);
    step([x.slice([{ start: 4, stop: 11 }]), targets.slice([{ start: 4, stop: 11 }])]);
    expectClose(flat(model.stateDict()), flat(whole.stateDict()));
  });

  test("accumulated gradients are part of the state", () => {
    const model = network();
    const optimizer = new Adam(model.parameters(), { learningRate: 0.1 });
    const options = { accumulate: 2, average: new ExponentialMovingAverage(model.parameters()), compile: false } as const;
    const step = trainStep(model, crossEntropy, optimizer, options);
    step(part(0, 7));
    const [weights, saved] = [model.stateDict(), step.stateDict()];
    step(part(7, 11));
    const expected = flat(model.stateDict());
    const copy = network();
    copy.loadStateDict(weights);
    const again = trainStep(copy, crossEntropy, new Adam(copy.parameters(), { learningRate: 0.1 }), { ...options, average: new ExponentialMovingAverage(copy.parameters()) });
    again.loadStateDict(saved);
    again(part(7, 11));
    expect(flat(copy.stateDict())).toEqual(expected);
    expect(() => trainStep(copy, crossEntropy, optimizer).loadStateDict(saved)).toThrowErrorMatchingInlineSnapshot(`[UsageError: trainStep: the state and the step differ in whether they average weights; use the same option \`average\`]`);
  });
});

test("label smoothing goes to the loss, the average follows the weights, metrics see every batch", () => {
  const { model, data } = task();
  model.eval();
  const batch = data.batch(Int32Array.from([0, 1, 2, 3]));
  const average = new ExponentialMovingAverage(model.parameters(), { decay: 0.5 });
  const accuracy = new Accuracy();
  const step = trainStep(model, crossEntropy, new SGD(model.parameters(), { learningRate: 0.1 }), { labelSmoothing: 0.3, average, metrics: { accuracy }, compile: false });
  const expected = crossEntropy(model.forward(batch[0]), batch[1], { labelSmoothing: 0.3 }).item();
  expect(step(batch).loss.item()).toBeCloseTo(expected, 6);
  expect(average.updates).toBe(1);
  expect(accuracy.compute()).toBeGreaterThanOrEqual(0);
  expect(() => trainStep(model, mse, new SGD(model.parameters(), { learningRate: 0.1 }), { labelSmoothing: 0.3, compile: false })([batch[0], batch[0]])).toThrow(/labelSmoothing/);
});

test.each([[false], [true]])("augment gives a batch, or what mixup gives; what is neither is refused, compiled: %s", (compile) => {
  const [x, y] = [tensor([[1, 0], [0, 1], [1, 1]]), tensor([0, 1, 1], { dtype: "int32" })];
  const lossWith = (augment: (x: Tensor, y: Tensor) => Augmented<Tensor, Tensor>): number => {
    manualSeed(3);
    const model = new Linear(2, 2);
    return trainStep(model, crossEntropy, new SGD(model.parameters(), { learningRate: 0.1 }), { augment, compile })([x, y]).loss.item();
  };
  const mixed = lossWith((inputs, targets) => mixup(inputs, targets, { classes: 2 }));
  expect(mixed).toBeCloseTo(lossWith((...batch) => {
    const { inputs, targets } = mixup(...batch, { classes: 2 });
    return [inputs, targets];
  }), 6);
  expect(Math.abs(mixed - lossWith((...batch) => batch))).toBeGreaterThan(1e-3);
  expect(() => lossWith(() => undefined as never)).toThrow("trainStep: augment gave undefined, expected [input, target], or the result of mixup or cutmix");
  expect(() => lossWith((inputs) => inputs as never)).toThrow("trainStep: augment gave a Tensor");
});

test("a data set is no source of batches: its items are single examples", async () => {
  const { model, data } = task();
  const optimizer = new SGD(model.parameters(), { learningRate: 0.1 });
  const whole = "expected batches: new DataLoader(dataset, { batchSize: 32 }), or [dataset.all()] for one batch of all";
  expect(() => fit({ model, optimizer, loss: crossEntropy, batches: data, epochs: 1 })).toThrow(`fit: batches is a value of class TensorDataset, whose items are single examples, ${whole}`);
  await expect(evaluate(model, data, { loss: crossEntropy })).rejects.toThrow(whole);
  expect(() => predict(model, data)).toThrow(whole);
  expect((await evaluate(model, [data.all()], { loss: crossEntropy })).loss).toBeGreaterThan(0);
  let items = 0;
  for await (const _ of responsive(data)) items++;
  expect(items).toBe(data.length);
});

describe("evaluate", () => {
  const doubling = (): Linear => {
    const model = new Linear(1, 1);
    model.weight.value = tensor([[2]]);
    if (model.bias !== undefined) model.bias.value = tensor([0]);
    return model;
  };
  const batches = [[tensor([[1], [2], [3]]), tensor([[2], [4], [6]])], [tensor([[1]]), tensor([[6]])]] as const;

  test("means are over examples, not over batches", async () => {
    expect(await evaluate(doubling(), batches, { loss: mse })).toEqual({ loss: 4 });
    expect(await evaluate(doubling(), batches, { loss: mse }, { compile: false })).toEqual({ loss: 4 });
  });

  test("a loader that is made within the call tells the type of the target", async () => {
    const data = new TensorDataset(tensor([[1], [2], [3], [1]]), tensor([[2], [4], [6], [6]]));
    expect(await evaluate(doubling(), new DataLoader(data, { batchSize: 3 }), { loss: mse, error: (output, target) => output.sub(target).abs().mean() })).toEqual({ loss: 4, error: 1 });
    expect(await evaluator(doubling(), new DataLoader(data, { batchSize: 3 }), { loss: mse }, { weight: (_, target) => sum(target) })()).toMatchObject({ loss: expect.closeTo(16 * 6 / 18, 5) as number });
    // @ts-expect-error -- the target is a tensor
    await evaluate(doubling(), new DataLoader(data, { batchSize: 3 }), { zero: (output: Tensor, target: string) => output.sum().mul(target === "" ? 1 : 0) });
  });

  test("the modes of all modules, and the state of metrics, are as before", async () => {
    const [frozen, dropout] = [new Dropout(0.5), new Dropout(0.5)];
    const model = new Sequential(new Linear(2, 2), frozen, dropout);
    frozen.eval();
    const accuracy = new Accuracy();
    accuracy.update(tensor([[1, 0]]), tensor([0], { dtype: "int32" }));
    const { data } = task();
    const first = await evaluate(model, [data.batch(Int32Array.from([0, 1, 2, 3, 4]))], { accuracy });
    expect([model.training, frozen.training, dropout.training, accuracy.compute()]).toEqual([true, false, true, 1]);
    expect(await evaluate(model, [data.batch(Int32Array.from([0, 1, 2, 3, 4]))], { accuracy })).toEqual(first);
  });

  test("an evaluator can be used many times, and knows its names", async () => {
    const model = doubling();
    const run = evaluator(model, batches, { loss: mse, other: (output: Tensor) => output.mean() });
    expect(run.directions).toEqual({ loss: false, other: false });
    expect(await run()).toEqual({ loss: 4, other: 3.5 });
    model.weight.value = tensor([[0]]);
    expect((await run()).other).toBe(0);
    run.dispose?.();
    expect((await run()).other).toBe(0);
  });

  test("refuses batches and metrics that cannot be evaluated", async () => {
    const none: readonly (readonly [Tensor, Tensor])[] = [];
    await expect(evaluate(doubling(), none, { loss: mse })).rejects.toThrowErrorMatchingInlineSnapshot(`[UsageError: evaluate: there are no batches to evaluate]`);
    await expect(evaluate(doubling(), [tensor([[1]])] as readonly unknown[] as typeof none, { loss: mse })).rejects.toThrowErrorMatchingInlineSnapshot(`[UsageError: evaluate: a batch is a Tensor, expected [input, target]]`);
    await expect(evaluate(doubling(), batches, { loss: (output: Tensor) => output })).rejects.toThrowErrorMatchingInlineSnapshot(`[ShapeError: evaluate: the metric loss has the shape [3, 1], expected a scalar; take its mean]`);
    await expect(evaluate(doubling(), batches, { loss: mse }, { signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow("enough");
  });
});

describe("predict", () => {
  test("gives outputs in evaluation mode for tensors, pairs and anything with an input", async () => {
    const model = new Sequential(new Linear(2, 2), new Dropout(0.9));
    const { data } = task();
    const batch = data.batch(Int32Array.from([0, 1]));
    model.eval();
    const expected = model.forward(batch[0]).toArray();
    model.train();
    const outputs: unknown[] = [];
    for await (const output of predict(model, [batch[0], batch] as readonly unknown[])) {
      outputs.push(output.toArray());
      expect(model.training).toBe(true);
    }
    for await (const output of predict(model, [{ image: batch[0] }], { input: ({ image }) => image, compile: false })) outputs.push(output.toArray());
    expect(outputs).toEqual([expected, expected, expected]);
  });
});

describe("responsive", () => {
  test("lets timers and others have their turn", async () => {
    const turns: number[] = [];
    const timer = setInterval(() => turns.push(1), 0);
    try {
      // It ends only if the timer has its turn meanwhile.
      const endless = (function* () {
        while (turns.length < 3) yield 1;
      })();
      let count = 0;
      for await (const value of responsive(endless, { maxBlockingMs: 0 })) count += value;
      expect(count).toBeGreaterThan(0);
    } finally {
      clearInterval(timer);
    }
  });

  test("throws the reason of the signal, and closes the source", async () => {
    let isClosed = false;
    async function* source(): AsyncGenerator<number> {
      try {
        for (let at = 0; ; at++) yield at;
      } finally {
        isClosed = true;
      }
    }
    const controller = new AbortController();
    const seen: number[] = [];
    const loop = async (): Promise<void> => {
      for await (const value of responsive(source(), { signal: controller.signal })) {
        seen.push(value);
        if (value === 2) controller.abort(new Error("enough"));
      }
    };
    await expect(loop()).rejects.toThrow("enough");
    expect([seen, isClosed]).toEqual([[0, 1, 2], true]);
  });
});

test("a metric given as its class is refused with the fix", async () => {
  class Wins {
    update(): void {}
  }
  await expect(async () => evaluate(new Linear(1, 1), [], { wins: Wins as never })).rejects.toThrow('the metric "wins" is the class Wins, expected new Wins()');
});

describe("a model whose forward is an asynchronous field is refused by", () => {
  class Late extends Module {
    readonly linear = new Linear(1, 1);
    override forward: (x: Tensor) => Tensor = (x) => Promise.resolve(this.linear.forward(x)) as never;
  }
  const batch = [tensor([[1]]), tensor([[1]])] as const;
  const refusal = "Late: forward is asynchronous, expected a synchronous one";

  test.each([[false], [true]])("trainStep, evaluate and predict, compiled: %s", async (compile) => {
    const model = new Late();
    expect(() => trainStep(model, mse, new SGD(model.parameters(), { learningRate: 1 }), { compile })(batch)).toThrow(refusal);
    await expect(evaluate(new Late(), [batch], { loss: mse }, { compile })).rejects.toThrow(refusal);
    await expect(predict(new Late(), [batch[0]], { compile }).next()).rejects.toThrow(refusal);
  });

  test("inspectModel and ensemble", () => {
    expect(() => inspectModel(new Late(), mse, batch)).toThrow(refusal);
    expect(() => ensemble([new Late()]).forward(batch[0])).toThrow("the forward of a model is asynchronous, expected a synchronous one");
  });
});
