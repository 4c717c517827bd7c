import { z } from "zod";
import type { FoldResult, FoldScores } from "../training/cross-validation.js";
import { parsed } from "./damage.js";

/** The scores of a cross-validation, as `folds.json` holds them: those of each fold, their means and their standard deviations. */
export interface FoldsRecord {
  readonly folds: readonly FoldResult[];
  readonly mean: FoldScores;
  readonly std: FoldScores;
}

const scores = { accuracy: z.number(), balancedAccuracy: z.number(), loss: z.number() };

const schema = z.object({
  folds: z.array(z.object({ fold: z.int().positive(), examples: z.int().nonnegative(), epochs: z.int().nonnegative(), ...scores })), mean: z.object(scores), std: z.object(scores),
}) satisfies z.ZodType<FoldsRecord>;

/** The scores in the text of a file. @throws Failure if it is damaged. */
export function parseFolds(path: string, text: string): FoldsRecord {
  return parsed(path, "folds", text, schema);
}
