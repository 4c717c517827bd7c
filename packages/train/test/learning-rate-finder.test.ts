import { compile } from "@nn/compiler";
import { valueAndGrad } from "@nn/autograd";
import { Linear } from "@nn/layers";
import { crossEntropy, mse } from "@nn/losses";
import { Adam, cosineDecay, SGD } from "@nn/optim";
import { defaultGenerator, Generator, manualSeed, normal, tensor, zeros, type Tensor } from "@nn/tensor";
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

/** A finder over losses that are known. */
async function suggestionFor(lossAt: (at: number) => number, options: { readonly steps?: number; readonly smoothing?: number } = {}) {
  const optimizer = new SGD([...new Linear(1, 1).parameters()], { learningRate: 0.1 });
  let at = 0;
  return findLearningRate({ optimizer, step: () => tensor(lossAt(at++)), batches: [0], low: 1e-6, high: 1, ...options });
}

/** Normal numbers by Box and Muller. */
function noise(generator: Generator): () => number {
  const values = normal([400], { generator }).toTypedArray();
  let at = 0;
  return () => Number(values[at++ % 400]);
}

test("a curve that does not fall clearly suggests nothing, and says why", async () => {
  expect(await suggestionFor(() => 1)).toMatchObject({ suggestion: undefined, diverged: false, reason: "the loss does not fall clearly: its largest fall is within its noise; take other limits, or more steps" });
  expect(await suggestionFor((at) => 1 - at / 12, { steps: 12 })).toMatchObject({ suggestion: undefined, reason: "the curve has 12 finite losses, expected at least 20; take more steps" });
  expect(await suggestionFor(() => Number.NaN)).toMatchObject({ losses: [Number.NaN], suggestion: undefined, reason: "the curve has 0 finite losses, expected at least 20; take more steps, or a smaller `low`" });
  expect(await suggestionFor((at) => 1 + at / 100)).toMatchObject({ suggestion: undefined });
  let suggestions = 0;
  for (let seed = 0; seed < 100; seed++) {
    for (const smoothing of [0, 0.9]) {
      const next = noise(new Generator(seed));
      if ((await suggestionFor(() => 2 + 0.3 * next(), { smoothing })).suggestion !== undefined) suggestions++;
    }
  }
  expect(suggestions).toBe(0);
});

test("of a noisy curve with a clear fall, the suggestion lies in the fall", async () => {
  // The loss falls from 2 to 1 around step 60, by most at it, and rises from step 85 on.
  const curve = (at: number): number => 1 + 1 / (1 + Math.exp((at - 60) / 4)) + (at > 85 ? (at - 85) ** 2 : 0);
  for (let seed = 0; seed < 20; seed++) {
    const next = noise(new Generator(seed));
    const { suggestion = 0, diverged } = await suggestionFor((at) => curve(at) + 0.1 * next());
    const step = (99 * Math.log(suggestion / 1e-6)) / Math.log(1e6);
    // Smoothing moves the fall by up to 9 steps.
    expect([diverged, step > 52, step < 78]).toEqual([true, true, true]);
  }
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
