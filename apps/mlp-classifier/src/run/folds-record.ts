import { z } from "zod";
import { fingerprintSchema, type Fingerprint } from "../data/fingerprint.js";
import type { FoldResult, FoldScores } from "../training/cross-validation.js";
import { parsed } from "./damage.js";

/** A cross-validation as `folds.json` holds it from its beginning on: how many folds there are, and the scores of those that are done. */
export interface FoldsRecord {
  readonly count: number;
  /** The data that are divided; null where they are built in. */
  readonly source: Fingerprint | null;
  readonly folds: readonly FoldResult[];
  /** The means over all folds, and their standard deviations, once all are done. */
  readonly mean?: FoldScores | undefined;
  readonly std?: FoldScores | undefined;
}

/** A cross-validation whose folds are all done. */
export type CompleteFolds = FoldsRecord & { readonly mean: FoldScores; readonly std: FoldScores };

/** Whether all folds are done. */
export function isComplete(record: FoldsRecord | undefined): record is CompleteFolds {
  return record?.mean !== undefined && record.std !== undefined;
}

const scores = { accuracy: z.number(), balancedAccuracy: z.number(), loss: z.number() };

const schema = z.object({
  count: z.int().positive(), source: fingerprintSchema.nullable(),
  folds: z.array(z.object({ fold: z.int().positive(), examples: z.int().nonnegative(), epochs: z.int().nonnegative(), ...scores })),
  mean: z.object(scores).optional(), std: z.object(scores).optional(),
}) satisfies z.ZodType<FoldsRecord>;

/** The cross-validation in the text of a file. @throws Failure if it is damaged. */
export function parseFolds(path: string, text: string): FoldsRecord {
  return parsed(path, "folds", text, schema);
}
