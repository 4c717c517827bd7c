import { join } from "node:path";
import { loadData } from "../data/load.js";
import type { LoadedData } from "../data/loaded-data.js";
import { fileNames, readSettings } from "../run/run-folder.js";
import type { ResolvedSettings } from "../settings/merge.js";
import { readPlan, requireSameData, type SearchPlan } from "./plan.js";

/**
 * What the folder of a search holds, with its data; nothing is written, so that workers may read it too.
 * @throws Failure if the folder is that of no search, or the data have changed.
 */
export async function readSearch(folder: string): Promise<{ readonly plan: SearchPlan; readonly base: ResolvedSettings; readonly data: LoadedData }> {
  const plan = await readPlan(join(folder, fileNames.search));
  const base = await readSettings(folder);
  const data = await loadData(base);
  requireSameData(plan, data, folder);
  return { plan, base, data };
}
