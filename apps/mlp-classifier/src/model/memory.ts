import { totalmem } from "node:os";
import { UsageFailure } from "../failure.js";
import type { ResolvedSettings } from "../settings/merge.js";
import type { Architecture } from "./architecture.js";
import { maxoutPieces } from "./architecture.js";

/** Bytes of a float32. */
const bytesOfNumber = 4;

/** How many numbers a network of an architecture learns, without building it. */
export function parametersOf({ features, classes, hidden, activation, batchNorm }: Architecture): number {
  let width = features;
  let parameters = 0;
  for (const units of hidden) {
    const outputs = activation === "maxout" ? units * maxoutPieces : units;
    parameters += (width + 1) * outputs + (batchNorm ? 2 * outputs : 0) + (activation === "prelu" ? 1 : 0);
    width = units;
  }
  return parameters + (width + 1) * classes;
}

/** Numbers that are held for each parameter: the weight, its gradient, what the optimizer remembers, and the best weights. */
function copiesOf({ optimizer, keep }: Pick<ResolvedSettings, "optimizer" | "keep">): number {
  return 2 + (optimizer === "sgd" ? 1 : 2) + (keep === "best" ? 1 : 0);
}

/** @throws UsageFailure if the training of a network needs more memory than there is. */
export function requireMemory(architecture: Architecture, settings: Pick<ResolvedSettings, "optimizer" | "keep">, available = availableMemory()): void {
  const parameters = parametersOf(architecture);
  const needed = parameters * copiesOf(settings) * bytesOfNumber;
  if (needed <= available) return;
  throw new UsageFailure(`--hidden ${architecture.hidden.join(",")} makes ${parameters.toLocaleString("en-US")} parameters, whose training needs ${inGibibytes(needed)} of memory; there are ${inGibibytes(available)}`);
}

/** @throws UsageFailure if so many rows of so many features need more memory than there is; `widest` are the columns that make most of them. */
export function requireDataMemory(rows: number, features: number, widest: string, available = availableMemory()): void {
  // The rows as numbers of double precision, then of single precision.
  const needed = rows * features * (8 + bytesOfNumber);
  if (needed <= available) return;
  throw new UsageFailure(`${rows.toLocaleString("en-US")} rows of ${features.toLocaleString("en-US")} features need ${inGibibytes(needed)} of memory; there are ${inGibibytes(available)}. Ignore columns with many categories with --ignore: ${widest}`);
}

/** The memory of the machine, or what a container may use of it. */
function availableMemory(): number {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}

function inGibibytes(bytes: number): string {
  const value = bytes / 2 ** 30;
  return `${value < 10 ? value.toFixed(1) : Math.round(value).toLocaleString("en-US")} GiB`;
}
