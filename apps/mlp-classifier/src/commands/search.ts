import { randomUUID } from "node:crypto";
import { createStudy, minTrialsForImportance, parameterImportance, studyReport, type Objective, type Study } from "@nn/search";
import { TrialQueue } from "@nn/search-bullmq";
import { JournalStorage } from "@nn/search/node";
import { invocation } from "../cli/invocation.js";
import { loadData } from "../data/load.js";
import type { LoadedData } from "../data/loaded-data.js";
import { Failure, Interruption, UsageFailure } from "../failure.js";
import { readText } from "../run/file.js";
import { folderNamed, RunFolder, searchesFolder } from "../run/run-folder.js";
import { metrics, runTrial, trialSettings, type MetricName } from "../search/objective.js";
import { pruners, samplers, type PrunerName, type SamplerName } from "../search/methods.js";
import type { SearchPlan } from "../search/plan.js";
import { readSearch } from "../search/read-search.js";
import { parseSearched, spaceOf, type SearchedSettings, type SettingsSpace } from "../search/space.js";
import { TrialPool } from "../search/trial-pool.js";
import { addressFor, connectionNotes, queueName, requireRedis } from "../search/workers.js";
import { quoted } from "../settings/command.js";
import { flagOf, settingNames } from "../settings/settings.js";
import { located } from "../settings/located.js";
import { completeSettings, mergeSettings, parseSettings, type PartialSettings, type ResolvedSettings } from "../settings/merge.js";
import { describeColumns } from "../terminal/data-text.js";
import { describeFacts } from "../terminal/facts.js";
import { counted, grouped } from "../terminal/format.js";
import { LiveLine } from "../terminal/live-line.js";
import { describeParameterImportance, describeParameters, describeRunning, metricText, trialLines, trialsHeader } from "../terminal/search-text.js";
import type { Terminal } from "../terminal/terminal.js";

/** The command-line options of a search. */
export interface SearchRequest {
  readonly flags: PartialSettings;
  /** `name=range` or `name=value|value`, one for each setting. */
  readonly search: readonly string[];
  readonly config: string | undefined;
  readonly out: string | undefined;
  readonly resume: string | undefined;
  readonly trials: number | undefined;
  readonly sampler: SamplerName | undefined;
  readonly pruner: PrunerName | undefined;
  readonly metric: MetricName | undefined;
  /** The Redis through which workers run the trials; this process runs them without one. */
  readonly workers: string | undefined;
  /** How many trials run at once: in processes of this machine, or on the workers. */
  readonly parallel: number | undefined;
  readonly json: boolean;
  readonly quiet: boolean;
}

/** A search that can begin or continue. */
interface Search {
  readonly plan: SearchPlan;
  readonly base: ResolvedSettings;
  readonly data: LoadedData;
  readonly folder: RunFolder;
}

/** Searches for the settings with the best validation result, and saves the trials, a report and the best settings. */
export async function search(request: SearchRequest, terminal: Terminal, signal: AbortSignal): Promise<void> {
  if (request.workers !== undefined) await requireRedis(request.workers);
  const found = request.resume === undefined ? await startSearch(request) : await resumeSearch(request, request.resume);
  try {
    await new SearchSession(found, request, terminal).complete(signal);
  } finally {
    await found.folder.release();
  }
}

async function startSearch({ flags, search: texts, config, out, trials = 30, sampler = "tpe", pruner = "median", metric = "loss" }: SearchRequest): Promise<Search> {
  const searched = Object.fromEntries(texts.map(parseSearched)) as SearchedSettings;
  if (Object.keys(searched).length === 0) throw new UsageFailure("there is nothing to search: add --search learningRate=log:1e-4..1e-1, and others such as --search 'hidden=64|128|64,64'");
  const twice = texts.length - Object.keys(searched).length;
  if (twice > 0) throw new UsageFailure("--search has a setting twice");
  const given = located({ ...(config === undefined ? {} : parseSettings(await readText(config), config)), ...flags });
  const chosen = mergeSettings(given);
  const data = await loadData(chosen, { given: flags });
  const base = completeSettings(chosen, data.input.kind);
  const plan: SearchPlan = { id: randomUUID(), search: searched, sampler, pruner, metric, trials, given, source: data.source };
  requireComparable(data, plan);
  const folder = out === undefined ? await RunFolder.createNamed(searchesFolder, data.name, base) : await RunFolder.create(out, base);
  await folder.writeJson("search", plan);
  return { plan, base, data, folder };
}

/** @throws UsageFailure if the results of trials could not be compared. */
function requireComparable({ validation }: LoadedData, { search: searched, metric }: SearchPlan): void {
  if (validation === undefined) throw new UsageFailure("a search compares settings on validation examples, but --validation-split is 0");
  if (metric === "loss" && searched.classWeights !== undefined) throw new UsageFailure("--search classWeights changes what the loss is; compare by --metric accuracy");
}

async function resumeSearch({ flags, search: texts, config, out, trials, sampler, pruner, metric }: SearchRequest, path: string): Promise<Search> {
  const given = { "--search": texts.length > 0, "--config": config !== undefined, "--out": out !== undefined, "--sampler": sampler !== undefined, "--pruner": pruner !== undefined, "--metric": metric !== undefined };
  const refused = Object.entries(given).find(([, isGiven]) => isGiven)?.[0] ?? settingNames.filter((name) => flags[name] !== undefined).map(flagOf)[0];
  if (refused !== undefined) throw new UsageFailure(`${refused} cannot be given with --resume: a search continues with its own settings; only --trials can change`);
  const folder = await RunFolder.open(await folderNamed(path, searchesFolder));
  try {
    const { plan: saved, base, data } = await readSearch(folder.path);
    const plan: SearchPlan = { ...saved, trials: trials ?? saved.trials };
    await folder.writeJson("search", plan);
    return { plan, base, data, folder };
  } catch (error) {
    await folder.release();
    throw error;
  }
}

/** How often the trials that run elsewhere are looked at, in milliseconds. */
const lookAgainAfter = 250;

/** Runs the trials of a search, and tells what comes out. */
class SearchSession {
  readonly #search: Search;
  readonly #json: boolean;
  readonly #quiet: boolean;
  readonly #workers: string | undefined;
  readonly #parallel: number;
  readonly #terminal: Terminal;
  /** What the trials do that run elsewhere. */
  readonly #line: LiveLine;
  /** How many trials the reader has been told of, and the best value among them. */
  #told = 0;
  #bestTold: number | undefined;

  constructor(found: Search, { json, quiet, workers, parallel }: Pick<SearchRequest, "json" | "quiet" | "workers" | "parallel">, terminal: Terminal) {
    this.#search = found;
    this.#json = json;
    this.#quiet = quiet;
    this.#workers = workers;
    this.#parallel = parallel ?? (workers === undefined ? 1 : 4);
    this.#terminal = terminal;
    this.#line = new LiveLine(terminal.stderr, terminal.noteStyle);
    terminal.keepLast(this.#line);
  }

  async complete(signal: AbortSignal): Promise<void> {
    const { plan, folder, base } = this.#search;
    const study = await createStudy({
      space: spaceOf(plan.search), direction: metrics[plan.metric], sampler: samplers[plan.sampler](), pruner: pruners[plan.pruner](base.epochs), seed: base.seed,
      storage: new JournalStorage(folder.pathOf("study")),
    });
    const before = endedTrials(study);
    if (before >= plan.trials) throw new UsageFailure(`the search in ${folder.path} has ${counted(before, "trial")}; to continue, give more --trials`);
    this.#begin(before);
    for (const trial of study.trials.slice(0, before)) if (trial.state === "completed") this.#isBestTold(trial.value);
    this.#told = before;
    await this.#run(study, signal);
    this.#tellEnded(study);
    await this.#report(study);
    if (signal.aborted) throw new Interruption(`interrupted after ${counted(endedTrials(study), "trial")}; continue`, signal.reason, `${invocation()} search --resume ${folder.path}`);
    await this.#end(study);
  }

  #begin(before: number): void {
    const { plan, folder, data } = this.#search;
    if (this.#json) {
      if (data.summary !== undefined) this.#terminal.event("data", { name: data.name, ...data.summary });
      this.#terminal.event("search", { ...plan, out: folder.path, trialsBefore: before });
      return;
    }
    const { style, columns } = this.#terminal;
    if (data.summary !== undefined) this.#terminal.print(...describeColumns(data.summary, style, columns), "");
    this.#terminal.print(...describeFacts([
      ["data", `${data.name}: ${grouped(data.train.length)} to train on, ${grouped(data.validation?.length ?? 0)} to compare by`],
      ["space", Object.entries(plan.search).map(([name, range]) => `${name} ${range}`).join(", ")],
      ["search", `${counted(plan.trials, "trial")} by ${plan.sampler}, pruner ${plan.pruner}, for the best validation ${plan.metric}`],
      ["folder", before === 0 ? folder.path : `${folder.path}, continued after ${counted(before, "trial")}`],
      ...(this.#workers === undefined ? [] : [["workers", `start them, here or on other machines, with: ${invocation()} worker ${quoted(folder.path)} --redis ${addressFor(this.#workers)}`] as const]),
    ], style, columns), "", trialsHeader(plan.metric, style));
  }

  async #run(study: Study<SettingsSpace>, signal: AbortSignal): Promise<void> {
    const runner = this.#runner();
    const timer = this.#isElsewhere ? setInterval(() => this.#showRunning(study), lookAgainAfter) : undefined;
    try {
      await study.optimize((parameters, trial) => {
        this.#tellEnded(study);
        return runner.objective(parameters, trial);
      }, { trials: this.#search.plan.trials, parallel: this.#parallel, signal });
    } finally {
      clearInterval(timer);
      this.#line.clear();
      await runner.close?.();
    }
  }

  /** Whether other processes run the trials. */
  get #isElsewhere(): boolean {
    return this.#workers !== undefined || this.#parallel > 1;
  }

  #showRunning(study: Study<SettingsSpace>): void {
    this.#tellEnded(study);
    if (this.#quiet || !this.#line.isVisible) return;
    const { plan, base } = this.#search;
    const isBegun = this.#workers === undefined || study.trials.some(({ reports }) => reports.length > 0);
    this.#line.show(isBegun ? describeRunning(study.trials, plan.search.epochs === undefined ? base.epochs : undefined) : "no worker has begun a trial yet");
  }

  /** What runs the trials: workers, processes of this machine, or this process. */
  #runner(): { readonly objective: Objective<SettingsSpace>; readonly close?: () => Promise<void> } {
    const { plan, folder, data } = this.#search;
    if (this.#workers !== undefined) return new TrialQueue(queueName(plan), { redis: this.#workers, onConnectionError: connectionNotes(this.#terminal, this.#workers, "the search") });
    if (this.#parallel > 1) return new TrialPool(folder.path);
    const bar = (number: number) => (this.#quiet ? [] : [this.#terminal.progressBar(`trial ${number} (${number + 1} of ${plan.trials})`)]);
    return { objective: (_, trial) => runTrial(data, plan.given, plan.metric, trial, bar(trial.number)) };
  }

  /** Tells the trials that have ended since, in their order. */
  #tellEnded(study: Study<SettingsSpace>): void {
    for (;;) {
      const trial = study.trials[this.#told];
      if (trial === undefined || trial.state === "running") return;
      this.#line.clear();
      const isBest = trial.state === "completed" && this.#isBestTold(trial.value);
      if (this.#json) this.#terminal.event("trial", { ...trial, best: isBest });
      else this.#terminal.print(...trialLines(trial, this.#search.plan.metric, isBest, this.#terminal.style, this.#terminal.columns));
      this.#told += 1;
    }
  }

  /** Whether a value is the best so far. Trials that ended earlier, but are told later, are not compared. */
  #isBestTold(value: number): boolean {
    const sign = metrics[this.#search.plan.metric] === "minimize" ? 1 : -1;
    const isBest = this.#bestTold === undefined || sign * value < sign * this.#bestTold;
    if (isBest) this.#bestTold = value;
    return isBest;
  }

  async #report(study: Study<SettingsSpace>): Promise<void> {
    const { folder, data } = this.#search;
    if (study.trials.some(({ state }) => state === "completed")) await folder.writeReport(studyReport(study, { title: `Search for settings on ${data.name}` }));
  }

  async #end(study: Study<SettingsSpace>): Promise<void> {
    const { folder, data, plan } = this.#search;
    if (!study.trials.some(({ state }) => state === "completed")) throw new Failure(`none of ${counted(study.trials.length, "trial")} was completed${reasonOf(study)}`);
    const { best } = study;
    await folder.writeJson("best", trialSettings(plan.given, best.parameters, data));
    const completed = study.trials.filter(({ state }) => state === "completed").length;
    const importance = completed < minTrialsForImportance ? [] : parameterImportance(study);
    const command = `${invocation()} train --config ${quoted(folder.pathOf("best"))}`;
    if (this.#json) {
      this.#terminal.event("best", { trial: best.number, [plan.metric]: best.value, parameters: best.parameters, importance, settings: folder.pathOf("best"), report: folder.pathOf("report"), command });
      return;
    }
    const { style, columns } = this.#terminal;
    this.#terminal.print("", ...describeFacts([
      ["best", `trial ${best.number}, validation ${plan.metric} ${metricText(plan.metric, best.value)}: ${describeParameters(best.parameters)}`],
      ["matters", completed < minTrialsForImportance ? `not estimated: that needs ${minTrialsForImportance} completed trials, there ${completed === 1 ? "is 1" : `are ${completed}`}` : describeParameterImportance(importance)],
      ["report", folder.pathOf("report")], ["train", command],
    ], style, columns));
  }
}

/** Why the first failed trial failed, if one did. */
function reasonOf({ trials }: Study<SettingsSpace>): string {
  const failed = trials.find((trial) => trial.state === "failed");
  return failed === undefined ? "" : `; trial ${failed.number} failed: ${failed.reason}`;
}

/** The number of trials that have ended; one that was interrupted is run again. */
function endedTrials({ trials }: Study<SettingsSpace>): number {
  return trials.filter(({ state }) => state !== "running").length;
}
