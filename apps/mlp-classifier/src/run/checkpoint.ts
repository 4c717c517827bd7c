import { readSafetensors, writeSafetensors } from "@nn/io";
import type { Tensor } from "@nn/tensor";
import { Failure } from "../failure.js";
import type { TrainingPosition, TrainingState } from "../training/training.js";

/** What the names of the tensors begin with. */
const groups = { weights: "weights.", optimizerTensors: "optimizer.", bestWeights: "best." } as const;

/** The version of the content. */
const version = "1";

/** A run as it stands, as the content of a file. */
export function encodeCheckpoint({ position, weights, optimizerTensors, bestWeights }: TrainingState): Uint8Array {
  const tensors = {
    ...prefixed(groups.weights, weights),
    ...prefixed(groups.optimizerTensors, optimizerTensors),
    ...prefixed(groups.bestWeights, bestWeights ?? {}),
  };
  return writeSafetensors(tensors, { producer: "nn-mlp checkpoint", version, position: JSON.stringify(position) });
}

/**
 * A run as it stood, from the content of a file.
 * @throws Failure if that is no checkpoint, SafetensorsError if it is damaged.
 */
export function decodeCheckpoint(bytes: Uint8Array, path: string): TrainingState {
  const { tensors, metadata } = readSafetensors(bytes, { name: path });
  if (metadata.producer !== "nn-mlp checkpoint") throw new Failure(`${path} is not a checkpoint of nn-mlp`);
  if (metadata.version !== version) throw new Failure(`${path} has version ${metadata.version ?? "?"} of the format, this program knows version ${version}`);
  const bestWeights = unprefixed(groups.bestWeights, tensors);
  return {
    position: JSON.parse(metadata.position ?? "") as TrainingPosition,
    weights: unprefixed(groups.weights, tensors),
    optimizerTensors: unprefixed(groups.optimizerTensors, tensors),
    bestWeights: Object.keys(bestWeights).length === 0 ? undefined : bestWeights,
  };
}

function prefixed(prefix: string, tensors: Readonly<Record<string, Tensor>>): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(tensors).map(([name, value]) => [prefix + name, value]));
}

function unprefixed(prefix: string, tensors: Readonly<Record<string, Tensor>>): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(tensors).filter(([name]) => name.startsWith(prefix)).map(([name, value]) => [name.slice(prefix.length), value]));
}
