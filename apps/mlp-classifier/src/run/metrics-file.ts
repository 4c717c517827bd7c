import { Failure } from "../failure.js";

/** What is known of an epoch; a line of `metrics.jsonl`. */
export interface EpochMetrics {
  /** From 1 on. */
  readonly epoch: number;
  /** The rate of the epoch's last step. */
  readonly learningRate: number;
  /** Mean over the examples, as they were seen during training: with dropout, and before each step. */
  readonly trainLoss: number;
  readonly trainAccuracy: number;
  /** Over the validation part, after the epoch; null where there is none. */
  readonly validationLoss: number | null;
  readonly validationAccuracy: number | null;
  /** Time of the training steps, without validation. */
  readonly seconds: number;
  readonly stepsPerSecond: number;
}

const numbers = ["epoch", "learningRate", "trainLoss", "trainAccuracy", "seconds", "stepsPerSecond"] as const;
const optionalNumbers = ["validationLoss", "validationAccuracy"] as const;

function isEpochMetrics(value: unknown): value is EpochMetrics {
  if (typeof value !== "object" || value === null) return false;
  const record: Readonly<Record<string, unknown>> = { ...value };
  return numbers.every((name) => typeof record[name] === "number") && optionalNumbers.every((name) => record[name] === null || typeof record[name] === "number");
}

/**
 * The first epochs in the text of a `metrics.jsonl`; what comes after them is left out, also a line that was cut off.
 * @throws Failure if one is missing.
 */
export function parseMetrics(text: string, epochs: number, path: string): readonly EpochMetrics[] {
  const lines = text.split("\n").slice(0, epochs);
  const metrics = lines.map((line, at) => {
    const value = parseLine(line);
    if (isEpochMetrics(value) && value.epoch === at + 1) return value;
    throw new Failure(`${path}, line ${at + 1}: expected the metrics of epoch ${at + 1}; the file does not belong to the checkpoint beside it`);
  });
  if (metrics.length < epochs) throw new Failure(`${path} has the metrics of ${metrics.length} epochs, but the checkpoint beside it is of epoch ${epochs}`);
  return metrics;
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
