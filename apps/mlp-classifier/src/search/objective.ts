import { TrialPruned, type Trial } from "@nn/search";
import type { Plugin } from "@nn/train";
import type { LoadedData } from "../data/loaded-data.js";
import { requireMemory } from "../model/memory.js";
import { completeSettings, mergeSettings, type PartialSettings, type ResolvedSettings } from "../settings/merge.js";
import { Training, type EpochValues } from "../training/training.js";
import { settingsOfTrial, type SettingsSpace } from "./space.js";

/** What is compared on the validation examples, and whether it is to be large. */
export const metrics = { loss: "minimize", accuracy: "maximize" } as const;

export type MetricName = keyof typeof metrics;

/** The settings of a trial: those of the search, with the parameters in place of their own. */
export function trialSettings(base: PartialSettings, parameters: Readonly<Record<string, unknown>>, data: LoadedData): ResolvedSettings {
  return completeSettings(mergeSettings(settingsOfTrial(parameters), base), data.input.kind);
}

/**
 * Trains with the settings of a trial, accompanied by plugins, and gives the best value of its epochs on the validation examples.
 * @throws TrialPruned if the pruner ends the trial; Error, of which the trial fails, if the loss is not finite or the settings do not fit together.
 */
export async function runTrial(data: LoadedData, base: PartialSettings, metric: MetricName, trial: Trial<SettingsSpace>, plugins: readonly Plugin<EpochValues>[] = []): Promise<number> {
  const settings = trialSettings(base, trial.parameters, data);
  requireMemory({ ...settings, features: data.features, classes: data.classes.length }, settings);
  const values: number[] = [];
  let isPruned = false;
  const reporting: Plugin<EpochValues> = {
    name: "trial",
    on: async (event, controls) => {
      if (event.type !== "epoch") return;
      const value = event.values.validation?.[metric];
      if (value === undefined || !Number.isFinite(value)) return;
      values.push(value);
      await trial.report(event.epoch, value);
      isPruned = await trial.shouldPrune();
      if (isPruned) controls.stop("the trial was pruned");
    },
  };
  const { outcome, reason = "" } = await new Training(data, settings).fit({ signal: trial.signal, plugins: [reporting, ...plugins] });
  if (isPruned) throw new TrialPruned();
  if (outcome === "interrupted") throw trial.signal.reason;
  if (outcome === "diverged") throw new Error(reason);
  return metrics[metric] === "minimize" ? Math.min(...values) : Math.max(...values);
}
