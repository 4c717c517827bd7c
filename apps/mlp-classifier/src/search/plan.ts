import { z } from "zod";
import { fingerprintSchema, sameFingerprint } from "../data/fingerprint.js";
import type { LoadedData } from "../data/loaded-data.js";
import { Failure } from "../failure.js";
import { parsed } from "../run/damage.js";
import { readText } from "../run/file.js";
import { parseSettings, type PartialSettings } from "../settings/merge.js";
import { prunerNames, samplerNames, type PrunerName, type SamplerName } from "./methods.js";
import type { MetricName } from "./objective.js";
import type { SearchedSettings } from "./space.js";

/** What a search is, besides its settings; saved in its folder. */
export interface SearchPlan {
  /** Names the search among others, as on a Redis that several use. */
  readonly id: string;
  readonly search: SearchedSettings;
  readonly sampler: SamplerName;
  readonly pruner: PrunerName;
  readonly metric: MetricName;
  readonly trials: number;
  /** The settings that were given; the others follow from them and from those of a trial. */
  readonly given: PartialSettings;
  readonly source: LoadedData["source"];
}

const planSchema = z.object({
  id: z.string().regex(/^[\da-f-]+$/), search: z.record(z.string(), z.string()), sampler: z.enum(samplerNames), pruner: z.enum(prunerNames), metric: z.enum(["loss", "accuracy"]),
  trials: z.int().positive(), given: z.record(z.string(), z.unknown()), source: fingerprintSchema.nullable(),
});

/** Reads the plan of a search. @throws Failure if the file is not there, or is damaged. */
export async function readPlan(file: string): Promise<SearchPlan> {
  const saved = parsed(file, "plan", await readText(file), planSchema);
  return { ...saved, search: saved.search as SearchedSettings, given: parseSettings(JSON.stringify(saved.given), file) };
}

/** @throws Failure if the data are not those with which the search began. */
export function requireSameData(plan: SearchPlan, { source }: LoadedData, folder: string): void {
  if (source === null || plan.source === null || sameFingerprint(source, plan.source)) return;
  throw new Failure(`the data are not those with which the search in ${folder} began, so its trials could not be compared; restore them, or start a new search`);
}
