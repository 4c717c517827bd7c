import { NonFiniteError } from "@nn/autograd";
import { BatchNorm1d, Dropout, Linear, Module, ReLU, Sequential, Sigmoid, Tanh } from "@nn/layers";
import { crossEntropy, mse } from "@nn/losses";
import { ExponentialMovingAverage, SGD, StochasticWeightAverage } from "@nn/optim";
import { defaultGenerator, full, log, manualSeed, normal, norm, tensor, type Tensor } from "@nn/tensor";
import { averagedWeights, Checkpoint, checkpoints, earlyStopping, fit, inspectModel, memoryStorage, statistics, stopOnNaN, trainStep, type ModelInspection, type Plugin } from "@nn/train";
import { describe, expect, test } from "vitest";
import { bitsOf, task } from "./tasks.js";

describe("inspectModel", () => {
  test("computes norms, histograms, dead units and gradients", () => {
    const hidden = new Linear(1, 4);
    hidden.loadStateDict({ weight: tensor([[1], [-1], [2], [0]]), bias: tensor([0, 0, 0, -1]) });
    const output = new Linear(4, 1, { bias: false });
    output.weight.value = tensor([[1, 1, 1, 1]]);
    const model = new Sequential(hidden, new ReLU(), output);
    const { loss, activations, parameters } = inspectModel(model, mse, [tensor([[1], [2]]), tensor([[0], [0]])], { bins: 2 });
    // Hidden: [1, −1, 2, −1] and [2, −2, 4, −1]; after the ReLU [1, 0, 2, 0] and [2, 0, 4, 0]; outputs 3 and 6.
    expect(loss).toBeCloseTo((9 + 36) / 2, 5);
    expect(activations.map(({ module, kind, dead }) => [module, kind, dead])).toEqual([["0", "Linear", 0], ["1", "ReLU", 0.5], ["2", "Linear", 0]]);
    const relu = activations[1]?.distribution;
    expect(relu?.mean).toBeCloseTo(9 / 8, 6);
    expect(relu?.deviation).toBeCloseTo(Math.sqrt(25 / 8 - (9 / 8) ** 2), 6);
    expect([relu?.edges, relu?.counts, relu?.units]).toEqual([[0, 2, 4], [5, 3], { count: 4, inactive: 2 }]);
    // The loss is the mean of squares: its slope by the outputs is [3, 6].
    const byName = new Map(parameters.map((each) => [each.name, each]));
    expect(byName.get("2.weight")?.gradient.mean).toBeCloseTo((3 * 1 + 6 * 2 + 3 * 2 + 6 * 4) / 4, 4);
    expect(byName.get("0.bias")?.gradient.mean).toBeCloseTo((9 + 9) / 4, 4);
    expect(byName.get("0.weight")?.weight.mean).toBeCloseTo(2 / 4, 6);
    expect(byName.get("0.weight")?.updateRatio).toBeUndefined();
  });

  test("reports dead and saturated units, gradients that vanish or explode, and updates", () => {
    manualSeed(2);
    const of = (model: Sequential, size: number, options = {}): string => inspectModel(model, mse, [normal([16, size]), normal([16, size])], options).findings.map(({ subject, text }) => `${subject}: ${text}`).join("\n");
    const dead = new Sequential(new Linear(8, 8), new ReLU(), new Linear(8, 8));
    dead.loadStateDict({ ...dead.stateDict(), "0.bias": tensor([-99, -99, -99, -99, -99, 9, 9, 9]) });
    expect(of(dead, 8)).toBe("1: 63 % of units dead: they are 0 for every example");
    const saturated = new Sequential(new Linear(4, 4), new Tanh(), new Linear(4, 4));
    saturated.loadStateDict({ ...saturated.stateDict(), "0.bias": full([4], 50) });
    expect(of(saturated, 4)).toContain("1: 100 % of activations are saturated");
    const deep = new Sequential(...Array.from({ length: 8 }, () => [new Linear(8, 8), new Sigmoid()]).flat());
    expect(of(deep, 8)).toMatch(/gradients vanish towards the input: those of 0\.weight are .* smaller than those of 14\.weight/);
    const growing = new Sequential(...Array.from({ length: 5 }, () => new Linear(8, 8)));
    growing.loadStateDict({ ...growing.stateDict(), ...Object.fromEntries([1, 2, 3, 4].map((at) => [`${at}.weight`, normal([8, 8], { std: 10 })])), "4.weight": normal([8, 8], { std: 1e4 }) });
    expect(of(growing, 8)).toContain("gradients explode towards the input");
    const model = new Sequential(new Linear(4, 4));
    const before = model.stateDict();
    const weight = before["0.weight"];
    if (weight === undefined) throw new Error("no weight");
    model.loadStateDict({ ...before, "0.weight": weight.mul(1.5) });
    const { parameters, findings } = inspectModel(model, mse, [normal([2, 4]), normal([2, 4])], { before });
    expect(parameters[0]?.updateRatio).toBeCloseTo(norm(weight.mul(0.5)).item() / norm(weight.mul(1.5)).item(), 5);
    expect(findings.map(({ subject, text }) => [subject, text])).toEqual([["0.weight", "one step changes the weights by 33 % of their size"]]);
  });

  test("it changes nothing: buffers, generator, modes", () => {
    manualSeed(1);
    const model = new Sequential(new Linear(3, 4), new BatchNorm1d(4), new Dropout(0.5), new Linear(4, 2));
    const before = [bitsOf(model.stateDict()), defaultGenerator().stateDict()];
    inspectModel(model, mse, [normal([5, 3], { generator: defaultGenerator() }), normal([5, 2])]);
    expect(bitsOf(model.stateDict())).toEqual(before[0]);
    expect(model.training).toBe(true);
    expect(() => inspectModel(model, mse, 3 as never)).toThrow("a batch is 3");
    expect(() => inspectModel({} as never, mse, [0, 0] as never)).toThrow("the model is an object");
  });
});

test("statistics inspects at the given interval, with updates, and changes no bit of the run", async () => {
  const run = async (plugins: (model: Sequential) => readonly Plugin[]): Promise<unknown> => {
    const { model, batches } = task();
    const { history } = await fit({ model, loss: crossEntropy, optimizer: new SGD(model.parameters(), { learningRate: 0.1 }), batches, epochs: 2, plugins: plugins(model) });
    return [bitsOf(model.stateDict()), history.map(({ values }) => values)];
  };
  const seen: [number, ModelInspection][] = [];
  const probe = [tensor([[1, 2], [3, 4]]), tensor([0, 1], { dtype: "int32" })] as const;
  const watched = await run((model) => [statistics({ model, loss: crossEntropy, batch: probe, every: 3, onInspection: (inspection, { step }) => void seen.push([step, inspection]) })]);
  expect(watched).toEqual(await run(() => []));
  expect(seen.map(([step]) => step)).toEqual([3, 6]);
  for (const [, { parameters }] of seen) for (const { updateRatio } of parameters.filter(({ isMatrix }) => isMatrix)) expect(updateRatio).toBeGreaterThan(0);
  expect(() => statistics({ model: new ReLU(), loss: mse, batch: probe } as never)).toThrow("onInspection");
});

describe("averagedWeights", () => {
  test("evaluates with the average, trains with its own weights, and ends with the average", async () => {
    const seen: { step: unknown[]; evaluated: unknown[] } = { step: [], evaluated: [] };
    const model = new Linear(1, 1, { bias: false });
    model.weight.value = tensor([[1]]);
    const average = new StochasticWeightAverage(model.parameters());
    const spy: Plugin = { name: "spy", on: (event) => void (event.type === "step" && seen.step.push(model.weight.value.item())) };
    const batch = [tensor([[1]]), tensor([[0]])] as const;
    const { outcome } = await fit({
      model, optimizer: new SGD(model.parameters(), { learningRate: 0.25 }), loss: (output: Tensor, target: Tensor) => mse(output, target), batches: [batch], epochs: 4, plugins: [averagedWeights(average, { update: "epoch", from: 2 }), spy],
      validation: [batch],
    });
    // Each step halves the weight.
    expect(outcome).toBe("completed");
    expect(seen.step).toEqual([0.5, 0.25, 0.125, 0.0625]);
    expect(model.weight.value.item()).toBeCloseTo((0.25 + 0.125 + 0.0625) / 3, 6);
  });

  test("the values of the evaluation are those of the average; a resumed run has the same bits", async () => {
    const setting = (storage = memoryStorage(), stopAt = Infinity) => {
      const { model, batches, validation } = task();
      const average = new ExponentialMovingAverage(model.parameters(), { decay: 0.8 });
      const stop: Plugin = { name: "stop", on: (event, controls) => void (event.type === "step" && event.step === stopAt && controls.stop("enough")) };
      return { model, run: fit({ model, loss: crossEntropy, optimizer: new SGD(model.parameters(), { learningRate: 0.1 }), batches, validation, epochs: 4, plugins: [averagedWeights(average), checkpoints(storage), stop] }) };
    };
    const whole = setting();
    const { history } = await whole.run;
    const storage = memoryStorage();
    await setting(storage, 6).run;
    const resumed = setting(storage);
    const second = await resumed.run;
    expect(bitsOf(resumed.model.stateDict())).toEqual(bitsOf(whole.model.stateDict()));
    expect(second.history.map(({ values }) => values)).toEqual(history.map(({ values }) => values));
    const plain = task();
    const unaveraged = await fit({ model: plain.model, loss: crossEntropy, optimizer: new SGD(plain.model.parameters(), { learningRate: 0.1 }), batches: plain.batches, validation: plain.validation, epochs: 4 });
    expect(unaveraged.history.map(({ values }) => values.training)).toEqual(history.map(({ values }) => values.training));
    expect(unaveraged.history.map(({ values }) => values.validation)).not.toEqual(history.map(({ values }) => values.validation));
    expect(() => averagedWeights({} as never)).toThrow("expected an ExponentialMovingAverage");
  });

  test.each([false, true])("what was evaluated in the best epoch is what is kept and comes back (other order: %s)", async (isReversed) => {
    const { model, batches } = task();
    const average = new ExponentialMovingAverage(model.parameters(), { decay: 0.8 });
    const storage = memoryStorage();
    const losses = [3, 1, 2, 4];
    const evaluated: unknown[] = [];
    const ends: unknown[] = [];
    const optimizer = new SGD(model.parameters(), { learningRate: 0.1 });
    const plugins: readonly Plugin[] = [
      averagedWeights(average), earlyStopping({ patience: 9 }), checkpoints(storage), { name: "end", on: ({ type }) => void (type === "end" && ends.push(bitsOf(model.stateDict()))) },
    ];
    const { best } = await fit({
      model, optimizer, batches, epochs: 4, step: trainStep(model, crossEntropy, optimizer, { compile: false }), plugins: isReversed ? plugins.toReversed() : plugins,
      evaluate: async () => {
        evaluated.push(bitsOf(model.stateDict()));
        return { loss: losses[evaluated.length - 1] ?? 0 };
      },
    });
    expect(best?.epoch).toBe(2);
    expect(bitsOf(model.stateDict())).toEqual(evaluated[1]);
    expect(ends).toEqual([evaluated[1]]);
    const loaded = task({ seed: 3 }).model;
    await new Checkpoint({ model: loaded }).restore(storage, "best.safetensors");
    expect(bitsOf(loaded.stateDict())).toEqual(evaluated[1]);
    // The averages that were evaluated are not the weights of the model in that epoch.
    expect(bitsOf(task().model.stateDict())).not.toEqual(evaluated[1]);
  });

  test("by epochs, the average of an evaluation has the epoch's own weights, also if the evaluation was interrupted", async () => {
    const live = async (storage = memoryStorage(), abortAt = 0): Promise<unknown> => {
      const model = new Linear(1, 1, { bias: false });
      model.weight.value = tensor([[1]]);
      const average = new StochasticWeightAverage(model.parameters());
      const batch = [tensor([[1]]), tensor([[0]])] as const;
      const controller = new AbortController();
      let evaluations = 0;
      const optimizer = new SGD(model.parameters(), { learningRate: 0.25 });
      const { outcome, history } = await fit({
        model, optimizer, step: trainStep(model, (output: Tensor, target: Tensor) => mse(output, target), optimizer, { compile: false }), batches: [batch], epochs: 3, signal: controller.signal,
        evaluate: async () => {
          if (++evaluations === abortAt) {
            controller.abort();
            controller.signal.throwIfAborted();
          }
          return { weight: model.weight.value.item() };
        },
        plugins: [averagedWeights(average, { update: "epoch" }), checkpoints(storage)],
      });
      return outcome === "interrupted" ? live(storage) : history.map(({ values }) => values.validation.weight);
    };
    // Each step halves the weight.
    const expected = [0.5, (0.5 + 0.25) / 2, (0.5 + 0.25 + 0.125) / 3].map((value) => Math.fround(value));
    for (const at of [0, 1, 2, 3]) {
      const found = (await live(memoryStorage(), at)) as number[];
      found.forEach((value, index) => expect(value).toBeCloseTo(expected[index] ?? 0, 6));
    }
  });

  test("two plugins that decide the evaluated weights are refused", () => {
    const { model, batches } = task();
    const average = () => averagedWeights(new ExponentialMovingAverage(model.parameters(), { decay: 0.8 }));
    expect(() => fit({
      model, loss: crossEntropy, optimizer: new SGD(model.parameters(), { learningRate: 0.1 }), batches, epochs: 1, plugins: [average(), { ...average(), name: "second" }],
    })).toThrow('fit: the plugins "averagedWeights" and "second" both decide with which weights the model is evaluated; use one of them');
  });
});

describe("stopOnNaN", () => {
  class Logarithm extends Module {
    forward(x: Tensor): Tensor {
      return log(x);
    }
  }
  /** A weight that falls by 0.3 at every step until its logarithm does not exist. */
  const falling = () => {
    const linear = new Linear(1, 1, { bias: false });
    linear.weight.value = tensor([[1]]);
    const model = new Sequential(linear, new Logarithm());
    const optimizer = new SGD(model.parameters(), { learningRate: 0.3 });
    const batch = [tensor([[1]]), tensor([[0]])] as const;
    return { model, optimizer, linear, batch, loss: (output: Tensor) => output.exp().sum().add(output.sum().mul(0)) };
  };

  test.each([1, 2, 10])("ends the run with the module and operation (values read after %d steps)", async (readEvery) => {
    const { model, optimizer, batch, loss } = falling();
    const { step, plugin } = stopOnNaN(trainStep(model, loss, optimizer));
    const run = fit({ model, optimizer, step, batches: [batch], epochs: 30, readEvery, plugins: [plugin] });
    await expect(run).rejects.toThrow(NonFiniteError);
    await expect(run).rejects.toMatchObject({ operation: "log", module: "1", value: Number.NaN });
  });

  test("without a fault the run is the same, and its state is saved and resumed", async () => {
    const run = async (watch: boolean): Promise<unknown> => {
      const { model, batches } = task();
      const optimizer = new SGD(model.parameters(), { learningRate: 0.1 });
      const own = trainStep(model, crossEntropy, optimizer, { accumulate: 2 });
      const { step, plugin } = stopOnNaN(own);
      const { history } = await fit({ model, optimizer, step: watch ? step : own, batches, epochs: 3, plugins: watch ? [plugin] : [] });
      return [bitsOf(model.stateDict()), history.map(({ values }) => values), own.metrics === step.metrics];
    };
    expect(await run(true)).toEqual(await run(false));
    expect(() => stopOnNaN(3 as never)).toThrow("the step is 3");
  });
});
