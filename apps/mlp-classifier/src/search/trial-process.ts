import { trialProcessor } from "@nn/search-bullmq";
import { readSearch } from "./read-search.js";
import { runTrial } from "./objective.js";
import type { SettingsSpace } from "./space.js";

// The process in which a worker runs trials, one after another. The worker names the folder of the search.

/** The environment variable with the folder of the search. */
const folder = process.env["NN_MLP_SEARCH"] ?? "";

const loaded = readSearch(folder);
// A trial that awaits it has the error.
loaded.catch(() => undefined);

export default trialProcessor<SettingsSpace>(async (_, trial) => {
  const { plan, data } = await loaded;
  return runTrial(data, plan.given, plan.metric, trial);
});
