import { totalmem } from "node:os";
import { UsageFailure } from "../failure.js";
import type { ResolvedSettings } from "../settings/merge.js";
import { grouped } from "../terminal/format.js";
import type { Architecture } from "./architecture.js";
import { maxoutPieces } from "./architecture.js";

/** Bytes of a float32. */
const bytesOfNumber = 4;

/** The number of learned parameters of an architecture, without building the network. */
export function parametersOf({ features, classes, hidden, activation, batchNorm, ensemble }: Architecture): number {
  let width = features;
  let parameters = 0;
  for (const units of hidden) {
    const outputs = activation === "maxout" ? units * maxoutPieces : units;
    parameters += (width + 1) * outputs + (batchNorm ? 2 * outputs : 0) + (activation === "prelu" ? 1 : 0);
    width = units;
  }
  return ensemble * (parameters + (width + 1) * classes);
}

/** Numbers in memory for each parameter: the weight, its gradient, the state of the optimizer, and the best weight. */
function copiesOf({ optimizer, keep }: Pick<ResolvedSettings, "optimizer" | "keep">): number {
  return 2 + (optimizer === "sgd" ? 1 : 2) + (keep === "best" ? 1 : 0);
}

/** @throws UsageFailure if training the network needs more memory than the machine has. */
export function requireMemory(architecture: Architecture, settings: Pick<ResolvedSettings, "optimizer" | "keep">, available = availableMemory()): void {
  const parameters = parametersOf(architecture);
  const needed = parameters * copiesOf(settings) * bytesOfNumber;
  if (needed <= available) return;
  throw new UsageFailure(`--hidden ${architecture.hidden.join(",") || "none"}${architecture.ensemble === 1 ? "" : ` --ensemble ${architecture.ensemble}`} makes ${grouped(parameters)} parameters, whose training needs ${inGibibytes(needed)} of memory; there are ${inGibibytes(available)}`);
}

/** @throws UsageFailure, with the fix, if the features of the examples need more memory than the machine has. */
export function requireDataMemory(examples: number, features: number, fix: string, available = availableMemory()): void {
  // They are held in double precision, then in single precision.
  const needed = examples * features * (8 + bytesOfNumber);
  if (needed <= available) return;
  throw new UsageFailure(`${grouped(examples)} examples of ${grouped(features)} features need ${inGibibytes(needed)} of memory; there are ${inGibibytes(available)}. ${fix}`);
}

/** The memory of the machine, or the limit of a container. */
function availableMemory(): number {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}

function inGibibytes(bytes: number): string {
  const value = bytes / 2 ** 30;
  return `${value < 10 ? value.toFixed(1) : grouped(Math.round(value))} GiB`;
}
