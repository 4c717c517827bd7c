import { compile } from "@nn/compiler";
import { valueAndGrad } from "@nn/autograd";
import { Linear } from "@nn/layers";
import { crossEntropy, mse } from "@nn/losses";
import { Adam, cosineDecay, SGD } from "@nn/optim";
import { defaultGenerator, manualSeed, tensor, zeros, type Tensor } from "@nn/tensor";
import { findLearningRate, trainStep } from "@nn/train";
import { expect, test } from "vitest";
import { bitsOf, task } from "./tasks.js";

test.each([true, false])("weights, buffers, optimizer, schedule, loader and generator are as before, to the bit (compiled: %s)", async (compiled) => {
  const run = async (withFinder: boolean): Promise<{ readonly around: readonly unknown[]; readonly end: unknown }> => {
    const { model, batches } = task();
    const optimizer = new Adam(model.parameters(), { learningRate: cosineDecay(0.02, { steps: 20 }) });
    const step = trainStep(model, crossEntropy, optimizer, { compile: compiled, accumulate: 2 });
    const state = (): unknown => [
      bitsOf(model.stateDict()), bitsOf(optimizer.stateDict().tensors), optimizer.steps, optimizer.learningRate, batches.stateDict(), defaultGenerator().stateDict(),
    ];
    for (const batch of batches) step(batch);
    const before = state();
    const found = withFinder ? await findLearningRate({ optimizer, step, batches, steps: 7 }) : undefined;
    const around = [before, state(), found?.rates.length];
    for (let epoch = 0; epoch < 2; epoch++) for (const batch of batches) step(batch);
    step.flush();
    return { around, end: state() };
  };
  const [found, without] = [await run(true), await run(false)];
  expect(found.around[1]).toEqual(found.around[0]);
  expect(found.around[2]).toBe(7);
  expect(found.end).toEqual(without.end);
});

test("on a parabola, rates and losses are those of gradient descent", async () => {
  const model = new Linear(1, 1, { bias: false });
  model.weight.value = tensor([[1]]);
  const optimizer = new SGD(model.parameters(), { learningRate: 0.1 });
  const batch = [tensor([[1]]), zeros([1, 1])] as const;
  const step = compile(([x, y]: readonly [Tensor, Tensor]) => {
    const { value, gradients } = valueAndGrad(() => mse(model.forward(x), y), model.parameters());
    optimizer.step(gradients);
    return value;
  });
  const { rates, losses, smoothed, suggestion, diverged } = await findLearningRate({ optimizer, step, batches: [batch], low: 1e-3, high: 100, steps: 60, smoothing: 0.5 });
  // The loss is w², its gradient 2w: each step multiplies w by 1 − 2 · rate.
  let weight = 1;
  losses.forEach((loss, at) => {
    expect(rates[at]).toBeCloseTo(1e-3 * 1e5 ** (at / 59), 10);
    expect(loss / weight ** 2).toBeCloseTo(1, 3);
    weight *= 1 - 2 * (rates[at] ?? 0);
  });
  expect(smoothed[0]).toBeCloseTo(losses[0] ?? 0, 6);
  expect(smoothed[1]).toBeCloseTo(((losses[0] ?? 0) + 2 * (losses[1] ?? 0)) / 3, 5);
  expect(diverged).toBe(true);
  expect(rates.length).toBeLessThan(60);
  // It converges for rates below 1.
  expect(suggestion).toBeGreaterThan(1e-3);
  expect(suggestion).toBeLessThan(1);
  expect([model.weight.value.item(), optimizer.learningRate]).toEqual([1, 0.1]);
});

test("a loss that never falls suggests nothing", async () => {
  const optimizer = new SGD([...new Linear(1, 1).parameters()], { learningRate: 0.1 });
  expect(await findLearningRate({ optimizer, step: () => tensor(1), batches: [0], steps: 12 })).toMatchObject({ suggestion: undefined, diverged: false });
  expect((await findLearningRate({ optimizer, step: () => tensor(Number.NaN), batches: [0] })).losses).toEqual([Number.NaN]);
});

test("refuses a step whose state cannot be restored, and other values; the state is restored then too", async () => {
  manualSeed(1);
  const { model, batches } = task();
  const optimizer = new SGD(model.parameters(), { learningRate: 0.1 });
  const step = trainStep(model, crossEntropy, optimizer);
  const source = (function* () {
    yield* batches;
  })();
  await expect(findLearningRate({ optimizer, step, batches: source })).rejects.toThrow("no stateDict()");
  await expect(findLearningRate({ optimizer, step, batches: [] })).rejects.toThrow("there are no batches");
  await expect(findLearningRate({ optimizer, step: async () => tensor(1) as never, batches: [0] } as never)).rejects.toThrow("the step is asynchronous");
  await expect(findLearningRate({ optimizer, step: () => 3 as never, batches: [0] })).rejects.toThrow("the step gave 3");
  await expect(findLearningRate({ optimizer: {} as never, step, batches })).rejects.toThrow("expected an optimizer");
  await expect(findLearningRate({ optimizer, step, batches, low: 2 })).rejects.toThrow("expected low below high");
  await expect(findLearningRate({ optimizer, step, batches, smoothing: 1 })).rejects.toThrow("smoothing is 1");
  const before = bitsOf(model.stateDict());
  let calls = 0;
  const failing = (batch: readonly [Tensor, Tensor]): Tensor => {
    if (++calls === 3) throw new Error("no");
    return step(batch).loss;
  };
  await expect(findLearningRate({ optimizer, step: failing, batches })).rejects.toThrow("no");
  expect(bitsOf(model.stateDict())).toEqual(before);
  expect(optimizer.learningRate).toBe(0.1);
});
