import type { Module } from "@nn/layers";
import { isTensor, read, UsageError } from "@nn/tensor";
import { describeValue, locate, messageOf, quote, requireKind } from "@nn/tensor/extend";
import { abortPatienceMs, untilAborted, untilAbortedIn } from "../abort.js";
import { requireScalar, type NonFinite, type Scalars } from "../averages.js";
import { assignStates, Checkpoint, decodeStates, type Leniency } from "../checkpoint/checkpoint.js";
import { keepModes } from "../evaluation-mode.js";
import { computeAll } from "../metric.js";
import { isStateful, type Stateful } from "../stateful.js";
import { located, locatedAsync, ofPlugin } from "../located.js";
import { isThenable } from "../thenable.js";
import { Turn } from "../turn.js";
import { Audience } from "./audience.js";
import type { EpochRecord, TrainingEvent, TrainingResult } from "./events.js";
import { countOf, stateOfBatches } from "./batch-count.js";
import { defaultMonitor, isBetter, isLoss, knownMode, requireKnown, requireMode, type Directions } from "./monitoring.js";
import { InitialRates } from "./fixed-rates.js";
import { resumePointOf, type Plan } from "./plan.js";
import type { Controls, Plugin, ResumePoint } from "./plugin.js";
import { RunControls, type Ending, type Requests } from "./run-controls.js";
import { RunState } from "./run-state.js";
import { valueOf, type AnyValues } from "./values.js";

/** One run of a plan, from the first event to the last. */
export class Run {
  readonly controls: Controls;
  readonly #plan: Plan;
  readonly #audience: Audience;
  readonly #state = new RunState<AnyValues>();
  readonly #turn: Turn;
  readonly #rates: InitialRates;
  readonly #requests: Requests = {
    ending: undefined, evaluation: false, checkpoint: false, learningRate: undefined, monitor: undefined, directions: { training: undefined, validation: undefined },
    isClosed: false, isEvaluating: false, evaluated: undefined,
  };
  #best: EpochRecord | undefined;
  #evaluationNames: Readonly<Record<string, boolean | null>> | undefined;
  #stepNames: Readonly<Record<string, boolean | null>> | undefined;
  #started = false;

  constructor(plan: Plan, send: (event: TrainingEvent) => Promise<void> | undefined) {
    this.#plan = plan;
    this.#turn = new Turn(plan.maxBlockingMs);
    this.#evaluationNames = plan.evaluate?.directions;
    this.#stepNames = plan.stepDirections;
    const { model, optimizer, evaluate, signal, plugins, state } = plan;
    this.controls = new RunControls({ model, optimizer, signal, canEvaluate: evaluate !== undefined, swapWeights: (evaluated) => this.#swapWeights(evaluated) }, this.#requests);
    this.#audience = new Audience(plugins, send, this.controls, signal);
    this.#rates = new InitialRates({ optimizer, ...state });
    // What is known to be wrong is refused before anything runs.
    this.#requireMonitored();
  }

  /** Runs from start to end. @throws the error of the step, the evaluation or a plugin, after all plugins and listeners got the event `"end"`. */
  async run(): Promise<TrainingResult> {
    const putModesBack = keepModes(this.#plan.model);
    let ending: Ending;
    try {
      const isResumed = await this.#resume();
      ending = isResumed === undefined ? this.#interrupted : await this.#trainFrom(isResumed);
    } catch (error) {
      ending = { outcome: "failed", error };
    }
    ending = await this.#finish(ending);
    putModesBack();
    this.#plan.dispose();
    ending = failedBy(await this.#audience.dispose(), ending);
    if (ending.outcome === "failed") throw ending.error;
    return { outcome: ending.outcome, reason: ending.reason, best: this.#best, history: this.#state.history, steps: this.#state.steps };
  }

  async #trainFrom(resumed: boolean): Promise<Ending> {
    await this.#begin(resumed);
    const ending = await this.#train();
    await this.#settle(ending);
    return ending;
  }

  async #begin(resumed: boolean): Promise<void> {
    const { model, epochs, isResumable } = this.#plan;
    if (!model.training) model.train();
    this.#started = true;
    const position = { ...this.#state.position, epoch: Math.min(this.#state.epochs + 1, epochs) };
    await this.#audience.tell({ type: "start", ...position, epochs, stepsPerEpoch: this.#stepsPerEpoch, resumable: isResumable, resumed, history: [...this.#state.history] });
    const unknown = this.#plan.evaluate !== undefined && this.#evaluationNames === undefined;
    if (!resumed && unknown && this.#followsValues) await this.#evaluate({ endsEpoch: false });
    await this.#serve();
  }

  /** Loads the checkpoint that the options or a plugin give. `undefined` if the signal was aborted while a plugin looked for one. */
  async #resume(): Promise<boolean | undefined> {
    const found = await this.#resumePoint();
    if (found === undefined) return undefined;
    const { point } = found;
    if (point === undefined) return false;
    // A rate that was set before the run started is the one that is wanted.
    const wanted = this.#requests.learningRate;
    assignStates(point.name, new Map(Object.entries(this.#parts())), decodeStates(point.name, point.bytes), leniencyOf(point));
    const { history, chosenRate } = this.#state;
    const rate = wanted ?? chosenRate;
    if (rate !== undefined) this.controls.learningRate = rate;
    for (const record of history) this.#learnNames(record.values);
    this.#requireMonitored();
    for (const record of history) this.#judge(record);
    return true;
  }

  async #resumePoint(): Promise<{ readonly point: ResumePoint | undefined } | undefined> {
    const { resume, plugins, signal } = this.#plan;
    let point = resume;
    for (const plugin of plugins) {
      if (point !== undefined || plugin.resume === undefined) continue;
      const found = await untilAborted(resumeOf(plugin), signal, abortPatienceMs);
      if (found === undefined) return undefined;
      point = resumePointOf(found.value, `resume of the plugin ${quote(plugin.name)} gave`);
    }
    return { point };
  }

  /** Everything that a resumed run restores, by its name in the file. */
  #parts(): Readonly<Record<string, Stateful>> {
    this.#state.chosenRate = this.#requests.learningRate;
    const { model, optimizer, step, batches, evaluate, metrics, plugins, state } = this.#plan;
    const parts: Record<string, Stateful> = { run: this.#state, model, optimizer };
    if (isStateful(step)) parts["step"] = step;
    parts["batches"] = stateOfBatches(batches);
    if (isStateful(evaluate)) parts["validation"] = evaluate;
    for (const [name, metric] of metrics) parts[`metrics.${name}`] = metric;
    for (const plugin of plugins) if (isStateful(plugin)) parts[`plugins.${plugin.name}`] = plugin;
    // What the user added comes first: it may refuse a checkpoint for a reason that explains why others would.
    return { ...state, ...parts, learningRates: this.#rates };
  }

  async #train(): Promise<Ending> {
    while (this.#state.epochs < this.#plan.epochs) {
      const ended = this.#endedBy() ?? (await this.#runEpoch());
      if (ended !== undefined) return ended;
    }
    return this.#requests.ending ?? { outcome: "completed" };
  }

  /** How the run was ended early, if it was. */
  #endedBy(): Ending | undefined {
    const { signal } = this.#plan;
    if (signal?.aborted === true) this.#requests.ending ??= this.#interrupted;
    return this.#requests.ending;
  }

  get #interrupted(): Ending {
    return { outcome: "interrupted", reason: messageOf(this.#plan.signal?.reason) };
  }

  async #runEpoch(): Promise<Ending | undefined> {
    if (this.#state.phase === "steps") {
      const ended = await this.#runSteps();
      if (ended !== undefined) return ended;
      this.#plan.flush();
      this.#state.phase = "evaluation";
    }
    return this.#completeEpoch();
  }

  async #runSteps(): Promise<Ending | undefined> {
    const { batches, signal } = this.#plan;
    const source = Array.isArray(batches) ? (batches as readonly unknown[]).slice(this.#state.stepsInEpoch) : batches;
    for await (const batch of untilAbortedIn(source, signal)) {
      await this.#runStep(batch);
      const ended = (await this.#afterStep()) ?? this.#endedBy();
      if (ended !== undefined) return ended;
    }
    const ended = this.#endedBy();
    if (ended !== undefined) return ended;
    if (this.#state.stepsInEpoch === 0) throw new UsageError(`fit: there are no batches in epoch ${this.#state.epochs + 1}; a generator can be used up only once: use a DataLoader, or an array of batches`);
    return undefined;
  }

  async #runStep(batch: unknown): Promise<void> {
    const started = performance.now();
    this.#state.learningRate = this.controls.learningRate;
    this.#requests.evaluated = undefined;
    const where = `step ${this.#state.steps + 1}`;
    const result: unknown = located(where, () => this.#plan.step(batch as never));
    const { weight, ...values } = scalarsOf(isThenable(result) ? await locatedAsync(where, () => result) : result);
    this.#state.averages.add(values, weight ?? this.#examplesIn(batch));
    this.#state.steps += 1;
    this.#state.stepsInEpoch += 1;
    this.#state.seconds += (performance.now() - started) / 1000;
    if (this.#stepNames === undefined) {
      this.#stepNames = Object.fromEntries(Object.keys(values).map((name) => [name, isLoss(name) ? false : null]));
      this.#requireMonitored();
    }
  }

  async #afterStep(): Promise<Ending | undefined> {
    const sent = this.#audience.tell({ type: "step", ...this.#state.position });
    if (sent !== undefined) await sent;
    if (this.#state.stepsInEpoch % this.#plan.readEvery === 0) {
      const diverged = await this.#read();
      if (diverged !== undefined) return diverged;
      await this.#audience.tell({ type: "progress", ...this.#state.position, values: await this.#trainingValues(), learningRate: this.#state.learningRate });
    }
    if (this.#requests.evaluation || this.#requests.checkpoint) await this.#serve();
    if (this.#turn.isOver) await this.#turn.give();
    return undefined;
  }

  async #completeEpoch(): Promise<Ending | undefined> {
    const diverged = await this.#read();
    if (diverged !== undefined) return diverged;
    if (!(await hasFiniteWeights(this.#plan.model))) return { outcome: "diverged", reason: `the weights are no longer finite after the last step of epoch ${this.#state.epochs + 1}` };
    const training = await this.#trainingValues();
    const validation = this.#plan.evaluate === undefined ? undefined : await this.#evaluate({ endsEpoch: true });
    if (validation === undefined && this.#requests.ending?.outcome === "interrupted") return this.#requests.ending;
    const values: AnyValues = validation === undefined ? { training } : { training, validation };
    const { epochs, steps: step, learningRate, seconds } = this.#state;
    const record: EpochRecord = { epoch: epochs + 1, step, values, learningRate, seconds };
    const loss: unknown = validation === undefined ? 0 : Reflect.get(validation, "loss");
    if (typeof loss === "number" && !Number.isFinite(loss)) return { outcome: "diverged", reason: `the loss of the evaluation is ${loss} after epoch ${record.epoch}` };
    this.#state.complete(record);
    for (const metric of this.#plan.metrics.values()) metric.reset();
    const best = this.#judge(record);
    await this.#audience.tell({ type: "epoch", ...record, best });
    await this.#serve();
    if (this.#turn.isOver) await this.#turn.give();
    return undefined;
  }

  /** Reads the values of the steps from the device. */
  async #read(): Promise<Ending | undefined> {
    const found: NonFinite | undefined = await this.#state.averages.flush();
    if (found === undefined) return undefined;
    const { name, value, step } = found;
    return { outcome: "diverged", reason: `${name === "loss" ? "the loss" : quote(name)} became ${value} in epoch ${this.#state.epochs + 1} at step ${step}${this.#stepsPerEpoch === undefined ? "" : ` of ${this.#stepsPerEpoch}`}` };
  }

  /** The number of steps in an epoch, if it is known. */
  get #stepsPerEpoch(): number | undefined {
    return countOf(this.#plan.batches);
  }

  async #trainingValues(): Promise<Readonly<Record<string, unknown>>> {
    return { ...this.#state.averages.means, ...(await computeAll(this.#plan.metrics)) };
  }

  /** The values of an evaluation; none if it was interrupted. */
  async #evaluate({ endsEpoch }: { readonly endsEpoch: boolean }): Promise<object | undefined> {
    const { evaluate, state } = this.#plan;
    if (evaluate === undefined) throw new UsageError("fit: there is no evaluation; give it the option `evaluate`, or `validation`");
    this.#requests.evaluation = false;
    await this.#audience.tell({ type: "evaluating", ...this.#state.position, endsEpoch });
    const before = [...Object.values(state), ...(isStateful(evaluate) ? [evaluate] : [])].map((each) => [each, each.stateDict()] as const);
    const values = await this.#evaluated(evaluate);
    if (values === undefined) {
      // The evaluation is made again when the run continues, with the same random numbers and batches.
      for (const [each, saved] of before) each.loadStateDict(saved);
      this.#requests.ending ??= this.#interrupted;
      return undefined;
    }
    if (typeof values.value !== "object" || values.value === null) throw new UsageError(`fit: evaluate gave ${describeValue(values.value)}, expected values by name such as { loss: 0.5 }`);
    this.#learnNames({ training: {}, validation: values.value });
    this.#requireMonitored();
    await this.#audience.tell({ type: "evaluation", ...this.#state.position, values: values.value });
    return values.value;
  }

  /** The result of `evaluate` with the weights for evaluations; `undefined` if the signal was aborted first. */
  async #evaluated(evaluate: NonNullable<Plan["evaluate"]>): Promise<{ readonly value: unknown } | undefined> {
    const { signal, plugins, model } = this.#plan;
    this.#requests.isEvaluating = true;
    this.#swapWeights(true);
    try {
      const values = await untilAborted(Promise.resolve(evaluate(signal === undefined ? {} : { signal })), signal, abortPatienceMs);
      if (plugins.some(({ swapWeights }) => swapWeights !== undefined)) this.#requests.evaluated = model.stateDict();
      return values;
    } catch (error) {
      if (signal?.aborted === true && (error === signal.reason || Object(error).name === "AbortError")) return undefined;
      throw locate(error, "evaluate");
    } finally {
      this.#swapWeights(false);
      this.#requests.isEvaluating = false;
    }
  }

  #swapWeights(evaluated: boolean): void {
    for (const { swapWeights } of this.#plan.plugins) swapWeights?.(evaluated);
  }

  /** Carries out the requests of plugins and listeners. */
  async #serve(): Promise<void> {
    while (this.#requests.evaluation || this.#requests.checkpoint) {
      if (this.#requests.evaluation) await this.#evaluate({ endsEpoch: false });
      if (!this.#requests.checkpoint) continue;
      this.#requests.checkpoint = false;
      await this.#state.averages.flush();
      await this.#audience.tell({ type: "checkpoint", ...this.#state.position, bytes: new Checkpoint(this.#parts()).toBytes() });
    }
  }

  async #settle({ outcome }: Ending): Promise<void> {
    if (outcome === "failed" || outcome === "diverged") return;
    await this.#audience.tell({ type: "ending", ...this.#state.position, outcome });
    await this.#serve();
  }

  /** Sends the last events to all plugins and listeners. */
  async #finish(ending: Ending): Promise<Ending> {
    this.#requests.isClosed = true;
    if (!this.#started) return ending;
    const { outcome, reason, error } = ending;
    const failure = await this.#audience.tellEnd({ type: "end", ...this.#state.position, outcome, reason, ...(outcome === "failed" ? { error } : {}) });
    return failedBy(failure, ending);
  }

  /** Whether an epoch is the best so far. */
  #judge(record: EpochRecord): boolean {
    const { name, mode } = this.#requests.monitor ?? {};
    if (name === undefined || mode === undefined) return false;
    const value = valueOf(record.values, name);
    const before = this.#best === undefined ? null : Number(valueOf(this.#best.values, name));
    if (typeof value !== "number" || !isBetter(mode, value, before)) return false;
    this.#best = record;
    return true;
  }

  #learnNames({ training, validation }: AnyValues): void {
    const namesOf = (values: object): Readonly<Record<string, null>> => Object.fromEntries(Object.keys(values).map((name) => [name, null]));
    if (Object.keys(training).length > 0) this.#stepNames ??= namesOf(training);
    if (validation !== undefined) this.#evaluationNames ??= namesOf(validation);
  }

  /** Whether the run or a plugin follows values by their names. */
  get #followsValues(): boolean {
    const { monitor, plugins } = this.#plan;
    return monitor.name !== undefined || plugins.some(({ monitors = [] }) => monitors.length > 0);
  }

  /** Refuses monitored values that the run does not have, as soon as that is known, and finds what it monitors itself. */
  #requireMonitored(): void {
    const { monitor: { name, mode, source }, plugins, evaluate } = this.#plan;
    const directions: Directions = { training: this.#stepNames, validation: evaluate === undefined ? null : this.#evaluationNames };
    this.#requests.directions = directions;
    for (const plugin of plugins) for (const each of plugin.monitors ?? []) requireKnown(`fit: the plugin ${quote(plugin.name)}`, each, directions);
    if (name === undefined) {
      const found = defaultMonitor(directions);
      if (found !== undefined) this.#requests.monitor ??= { name: found.name, mode: mode ?? found.mode };
    } else if (requireKnown(source, name, directions)) this.#requests.monitor ??= { name, mode: requireMode(source, name, mode ?? knownMode(name, directions)) };
  }

  #examplesIn(batch: unknown): number {
    const count: unknown = located("examples", () => this.#plan.examples(batch as never));
    requireKind("fit", "the number of examples of a batch", count, "nonNegative");
    return count as number;
  }
}

/** What may come and go between the processes of a run. */
const optionalParts = /^(plugins|metrics|state)\.|^validation$/;

/** Which parts of a run a checkpoint may lack or have besides. */
function leniencyOf({ strict = true }: ResumePoint): Leniency {
  return {
    mayDiffer: (name) => !strict && optionalParts.test(name),
    hint: (names) => (names.every((name) => optionalParts.test(name)) ? "; to continue with other plugins, metrics or objects of state, give checkpoints(…) or resume strict: false" : ""),
  };
}

async function resumeOf(plugin: Plugin<never>): Promise<ResumePoint | undefined> {
  try {
    return await plugin.resume?.();
  } catch (error) {
    throw ofPlugin(plugin, "resume", error);
  }
}

/** How a run ends if a plugin fails at its end: an error of the run itself takes precedence. */
function failedBy(failure: { readonly error: unknown } | undefined, ending: Ending): Ending {
  return failure === undefined || ending.outcome === "failed" ? ending : { outcome: "failed", error: failure.error };
}

/** The scalars of a step, by name. */
function scalarsOf(result: unknown): Scalars {
  const scalars: unknown = isTensor(result) ? { loss: result } : result;
  if (typeof scalars !== "object" || scalars === null || Array.isArray(scalars) || Object.keys(scalars).length === 0) {
    throw new UsageError(`fit: the step gave ${describeValue(result)}, expected the loss as a scalar tensor, or scalars by name such as { loss, accuracy }`);
  }
  for (const [name, value] of Object.entries(scalars)) requireScalar("fit", `${quote(name)} of the step`, value);
  return scalars as Scalars;
}

/** Whether a model has only finite weights after the last update. The losses cannot show this, because each is computed before its update. */
async function hasFiniteWeights(model: Module): Promise<boolean> {
  for (const { value } of model.parameters()) if (!(await read(value)).every((each) => Number.isFinite(Number(each)))) return false;
  return true;
}
