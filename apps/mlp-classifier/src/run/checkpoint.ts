import { readSafetensors, writeSafetensors } from "@nn/io";
import type { Tensor } from "@nn/tensor";
import { z } from "zod";
import { fingerprintSchema, type Fingerprint } from "../data/fingerprint.js";
import { Failure } from "../failure.js";
import type { TrainingPosition, TrainingState } from "../training/training.js";
import { damaged, parsed, requireFinite } from "./damage.js";
import { epochMetricsSchema, type EpochMetrics } from "./metrics-file.js";

/** The state of a run, with everything needed to continue and report it. */
export interface Checkpoint {
  readonly state: TrainingState;
  /** The epochs that are complete. They are here as well as in `metrics.jsonl`, so that damage there does no harm. */
  readonly metrics: readonly EpochMetrics[];
  /** The file or folder that the data came from; null where they are built in. */
  readonly source: Fingerprint | null;
}

/** What the names of the tensors begin with. */
const groups = { weights: "weights.", optimizerTensors: "optimizer.", bestWeights: "best." } as const;

/** The version of the content. */
const version = "2";

const count = z.int().nonnegative();
const finite = z.number();

const positionSchema = z.object({
  epochs: count,
  progress: z.object({ steps: z.int().positive(), examples: z.int().positive(), loss: finite, correct: count, seconds: finite.nonnegative() }).nullable(),
  loader: z.object({ seed: count, epoch: count, batch: count, batchSize: count.positive(), shuffle: z.boolean(), items: count.nullable() }),
  generator: z.object({ seed: count, counter: count }),
  optimizer: z.object({
    steps: count,
    learningRate: finite.nullable(),
    groups: z.array(z.object({ parameters: count, learningRate: finite.nullable(), options: z.record(z.string(), z.unknown()) })),
    updates: z.array(count),
  }),
  plateau: z.object({ rate: finite.nonnegative(), best: finite.nullable(), badReports: count, cooldownLeft: count }).nullable(),
  earlyStopping: z.object({ bestLoss: finite.nullable(), bestEpoch: z.int().positive().nullable(), epochsSince: count }),
});

/** A checkpoint as the content of a file. */
export function encodeCheckpoint({ state: { position, weights, optimizerTensors, bestWeights }, metrics, source }: Checkpoint): Uint8Array {
  const tensors = {
    ...prefixed(groups.weights, weights),
    ...prefixed(groups.optimizerTensors, optimizerTensors),
    ...prefixed(groups.bestWeights, bestWeights ?? {}),
  };
  return writeSafetensors(tensors, {
    producer: "nn-mlp checkpoint", version, position: JSON.stringify(position), metrics: JSON.stringify(metrics), source: JSON.stringify(source),
  });
}

/**
 * A checkpoint from the content of a file.
 * @throws Failure if that is no checkpoint, or anything in it is not what it should be; SafetensorsError if it is damaged.
 */
export function decodeCheckpoint(bytes: Uint8Array, path: string): Checkpoint {
  const { tensors, metadata } = readSafetensors(bytes, { name: path });
  if (metadata.producer !== "nn-mlp checkpoint") throw new Failure(`${path} is not a checkpoint of nn-mlp`);
  if (metadata.version !== version) throw new Failure(`${path} has version ${metadata.version ?? "?"} of the format, this program reads version ${version}`);
  for (const [name, tensor] of Object.entries(tensors)) requireFinite(path, name, tensor);
  const bestWeights = unprefixed(groups.bestWeights, tensors);
  const position: TrainingPosition = parsed(path, "position", metadata.position, positionSchema);
  const metrics = parsed(path, "metrics", metadata.metrics, z.array(epochMetricsSchema));
  if ((position.earlyStopping.bestEpoch ?? 0) > position.epochs) throw damaged(path, `its best epoch is ${position.earlyStopping.bestEpoch} of ${position.epochs}`);
  if (metrics.length !== position.epochs || metrics.some(({ epoch }, at) => epoch !== at + 1)) throw damaged(path, `it has the metrics of ${metrics.length} epochs, expected those of epochs 1 to ${position.epochs}`);
  return {
    state: {
      position,
      weights: unprefixed(groups.weights, tensors),
      optimizerTensors: unprefixed(groups.optimizerTensors, tensors),
      bestWeights: Object.keys(bestWeights).length === 0 ? undefined : bestWeights,
    },
    metrics,
    source: parsed(path, "source", metadata.source, fingerprintSchema.nullable()),
  };
}

function prefixed(prefix: string, tensors: Readonly<Record<string, Tensor>>): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(tensors).map(([name, value]) => [prefix + name, value]));
}

function unprefixed(prefix: string, tensors: Readonly<Record<string, Tensor>>): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(tensors).filter(([name]) => name.startsWith(prefix)).map(([name, value]) => [name.slice(prefix.length), value]));
}
