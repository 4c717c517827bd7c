import { writeSafetensors } from "@nn/io";
import { tensor } from "@nn/tensor";
import { expect, test } from "vitest";
import { decodeCheckpoint, encodeCheckpoint } from "../../src/run/checkpoint.js";
import type { TrainingState } from "../../src/training/training.js";

const state: TrainingState = {
  position: {
    epochs: 2,
    progress: { steps: 3, examples: 12, loss: 0.1 + 0.2, recognised: 7, seconds: 0.25 },
    loader: { seed: 4, epoch: 2, batch: 3 },
    generator: { seed: 1, counter: 99 },
    optimizer: { steps: 9, learningRate: null, groups: [{ parameters: 1, learningRate: null, options: { weightDecay: 0 } }], updates: [9] },
    plateau: null,
    earlyStopping: { bestLoss: 0.5, bestEpoch: 1, epochsSince: 1 },
  },
  weights: { "0.weight": tensor([[1.5, -2]]) },
  optimizerTensors: { "0.firstMoment": tensor([[0.25, 1e-30]]) },
  bestWeights: { "0.weight": tensor([[7, 8]]) },
};

test("comes back as it was", () => {
  const { position, weights, optimizerTensors, bestWeights } = decodeCheckpoint(encodeCheckpoint(state), "c");
  expect(position).toEqual(state.position);
  const values = [weights["0.weight"], optimizerTensors["0.firstMoment"], bestWeights?.["0.weight"]].map((each) => each?.toArray());
  expect(values).toEqual([[[1.5, -2]], [[0.25, Math.fround(1e-30)]], [[7, 8]]]);
  expect(decodeCheckpoint(encodeCheckpoint({ ...state, bestWeights: undefined }), "c").bestWeights).toBeUndefined();
});

test("refuses what is no checkpoint", () => {
  expect(() => decodeCheckpoint(writeSafetensors({}, {}), "model.safetensors")).toThrowErrorMatchingInlineSnapshot(`[Failure: model.safetensors is not a checkpoint of nn-mlp]`);
  expect(() => decodeCheckpoint(writeSafetensors({}, { producer: "nn-mlp checkpoint", version: "9" }), "c")).toThrowErrorMatchingInlineSnapshot(`[Failure: c has version 9 of the format, this program knows version 1]`);
  expect(() => decodeCheckpoint(encodeCheckpoint(state).subarray(0, 100), "c")).toThrow(/^c\b/);
});
