import { join } from "node:path";
import { loadData } from "../data/load.js";
import type { LoadedData } from "../data/loaded-data.js";
import { readText } from "../run/file.js";
import { fileNames } from "../run/run-folder.js";
import { completeSettings, mergeSettings, parseSettings } from "../settings/merge.js";
import { readPlan, requireSameData, type SearchPlan } from "./plan.js";

/**
 * What a worker needs of a search: it reads its folder and its data, and writes nothing.
 * @throws Failure if the folder is that of no search, or the data have changed.
 */
export async function readSearch(folder: string): Promise<{ readonly plan: SearchPlan; readonly data: LoadedData }> {
  const plan = await readPlan(join(folder, fileNames.search));
  const path = join(folder, fileNames.settings);
  const data = await loadData(completeSettings(mergeSettings(parseSettings(await readText(path), path)), "image"));
  requireSameData(plan, data, folder);
  return { plan, data };
}
