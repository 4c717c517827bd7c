import { readSafetensors, writeSafetensors } from "@nn/io";
import { tensor } from "@nn/tensor";
import { expect, test } from "vitest";
import { Failure } from "../../src/failure.js";
import { decodeCheckpoint, encodeCheckpoint, type Checkpoint } from "../../src/run/checkpoint.js";
import type { EpochMetrics } from "../../src/run/metrics-file.js";
import type { TrainingState } from "../../src/training/training.js";

const state: TrainingState = {
  position: {
    epochs: 2,
    progress: { steps: 3, examples: 12, loss: 0.1 + 0.2, correct: 7, seconds: 0.25 },
    loader: { seed: 4, epoch: 2, batch: 3, batchSize: 64, shuffle: true, items: 300 },
    generator: { seed: 1, counter: 99 },
    optimizer: { steps: 9, learningRate: null, groups: [{ parameters: 1, learningRate: null, options: { weightDecay: 0 } }], updates: [9] },
    plateau: null,
    earlyStopping: { bestLoss: 0.5, bestEpoch: 1, epochsSince: 1 },
  },
  weights: { "0.weight": tensor([[1.5, -2]]) },
  optimizerTensors: { "0.firstMoment": tensor([[0.25, 1e-30]]) },
  bestWeights: { "0.weight": tensor([[7, 8]]) },
};

const metrics: readonly EpochMetrics[] = [1, 2].map((epoch) => ({
  epoch, learningRate: 0.1, trainLoss: 0.5, trainAccuracy: 0.5, validationLoss: null, validationAccuracy: null, seconds: 1, stepsPerSecond: 2,
}));

const checkpoint = (more: Partial<TrainingState> = {}): Checkpoint => ({ state: { ...state, ...more }, metrics, source: { bytes: 5, sha256: "ab" } });

test("comes back as it was", () => {
  const { state: found, metrics: known, source } = decodeCheckpoint(encodeCheckpoint(checkpoint()), "c");
  const { position, weights, optimizerTensors, bestWeights } = found;
  expect([known, source]).toEqual([metrics, { bytes: 5, sha256: "ab" }]);
  expect(position).toEqual(state.position);
  const values = [weights["0.weight"], optimizerTensors["0.firstMoment"], bestWeights?.["0.weight"]].map((each) => each?.toArray());
  expect(values).toEqual([[[1.5, -2]], [[0.25, Math.fround(1e-30)]], [[7, 8]]]);
  expect(decodeCheckpoint(encodeCheckpoint(checkpoint({ bestWeights: undefined })), "c").state.bestWeights).toBeUndefined();
});

test("refuses what is no checkpoint", () => {
  expect(() => decodeCheckpoint(writeSafetensors({}, {}), "model.safetensors")).toThrowErrorMatchingInlineSnapshot(`[Failure: model.safetensors is not a checkpoint of nn-mlp]`);
  expect(() => decodeCheckpoint(writeSafetensors({}, { producer: "nn-mlp checkpoint", version: "9" }), "c")).toThrowErrorMatchingInlineSnapshot(`[Failure: c has version 9 of the format, this program reads version 2]`);
  expect(() => decodeCheckpoint(encodeCheckpoint(checkpoint()).subarray(0, 100), "c")).toThrow(/^c\b/);
});

/** The message of a checkpoint whose position has been tampered with. */
function complaint(change: (position: Record<string, unknown>) => void): string {
  const position = JSON.parse(JSON.stringify(state.position)) as Record<string, unknown>;
  change(position);
  const { tensors, metadata } = readSafetensors(encodeCheckpoint(checkpoint()));
  try {
    decodeCheckpoint(writeSafetensors(tensors, { ...metadata, position: JSON.stringify(position) }), "c");
  } catch (error) {
    if (error instanceof Failure) return error.message;
    throw error;
  }
  throw new Error("expected a failure");
}

test("a position that cannot be is refused by name", () => {
  const optimizer = state.position.optimizer;
  expect([
    complaint((position) => (position.epochs = "1")), complaint((position) => (position.epochs = null)), complaint((position) => (position.epochs = -5)),
    complaint((position) => (position.epochs = 3)), complaint((position) => (position.optimizer = { ...optimizer, steps: "x" })),
    complaint((position) => (position.optimizer = { ...optimizer, updates: [-1] })), complaint((position) => delete position.loader),
    complaint((position) => (position.generator = { seed: 1.5, counter: 0 })), complaint((position) => (position.earlyStopping = { ...state.position.earlyStopping, bestEpoch: 3 })),
  ]).toMatchInlineSnapshot(`
    [
      "c is damaged: its metadata have no proper "position.epochs"",
      "c is damaged: its metadata have no proper "position.epochs"",
      "c is damaged: its metadata have no proper "position.epochs"",
      "c is damaged: it has the metrics of 2 epochs, expected those of epochs 1 to 3",
      "c is damaged: its metadata have no proper "position.optimizer.steps"",
      "c is damaged: its metadata have no proper "position.optimizer.updates.0"",
      "c is damaged: its metadata have no proper "position.loader"",
      "c is damaged: its metadata have no proper "position.generator.seed"",
      "c is damaged: its best epoch is 3 of 2",
    ]
  `);
});

test("damaged metrics, and values that are not finite, are refused", () => {
  const { tensors, metadata } = readSafetensors(encodeCheckpoint(checkpoint()));
  expect(() => decodeCheckpoint(writeSafetensors(tensors, { ...metadata, metrics: "[{}" }), "c")).toThrowErrorMatchingInlineSnapshot(`[Failure: c is damaged: its metadata have no proper "metrics"]`);
  expect(() => decodeCheckpoint(encodeCheckpoint(checkpoint({ weights: { "0.weight": tensor([[NaN, 1]]) } })), "c")).toThrowErrorMatchingInlineSnapshot(`[Failure: c is damaged: value 0 of tensor "weights.0.weight" is NaN, expected a finite number]`);
});
