import type { Module } from "@nn/layers";
import { isTensor, read, UsageError } from "@nn/tensor";
import { describeValue, messageOf, quote, requireKind } from "@nn/tensor/extend";
import { requireScalar, type NonFinite, type Scalars } from "../averages.js";
import { Checkpoint } from "../checkpoint/checkpoint.js";
import { keepModes } from "../evaluation-mode.js";
import { computeAll } from "../metric.js";
import { isStateful, type Stateful } from "../stateful.js";
import { Turn } from "../turn.js";
import type { EpochRecord, TrainingEvent, TrainingResult } from "./events.js";
import { defaultMonitor, isBetter, isLoss, knownMode, requireKnown, requireMode, type Directions } from "./monitoring.js";
import type { Plan } from "./plan.js";
import type { Controls, Plugin } from "./plugin.js";
import { RunControls, type Ending, type Requests } from "./run-controls.js";
import { RunState } from "./run-state.js";
import { valueOf, type AnyValues } from "./values.js";

/** One run of a plan, from the first event to the last. */
export class Run {
  readonly controls: Controls;
  readonly #plan: Plan;
  readonly #send: (event: TrainingEvent) => Promise<void> | undefined;
  readonly #state = new RunState<AnyValues>();
  readonly #turn: Turn;
  readonly #requests: Requests = { ending: undefined, evaluation: false, checkpoint: false, learningRate: undefined, monitor: undefined, directions: { training: undefined, validation: undefined }, isClosed: false };
  #best: EpochRecord | undefined;
  #evaluationNames: Readonly<Record<string, boolean | null>> | undefined;
  #stepNames: Readonly<Record<string, boolean | null>> | undefined;
  #started = false;

  constructor(plan: Plan, send: (event: TrainingEvent) => Promise<void> | undefined) {
    this.#plan = plan;
    this.#send = send;
    this.#turn = new Turn(plan.maxBlockingMs);
    this.#evaluationNames = plan.evaluate?.directions;
    this.#stepNames = plan.stepDirections;
    this.controls = new RunControls(plan.model, plan.optimizer, plan.evaluate !== undefined, this.#requests, plan.signal);
    // What is known to be wrong is refused before anything runs.
    this.#requireMonitored();
  }

  /** Runs from start to end. @throws what the step, the evaluation or a plugin throws, after everybody was told. */
  async run(): Promise<TrainingResult> {
    const putModesBack = keepModes(this.#plan.model);
    let ending: Ending;
    try {
      await this.#begin();
      ending = await this.#train();
      await this.#settle(ending);
    } catch (error) {
      ending = { outcome: "failed", error };
    }
    ending = await this.#finish(ending);
    putModesBack();
    this.#plan.dispose();
    if (ending.outcome === "failed") throw ending.error;
    return { outcome: ending.outcome, reason: ending.reason, best: this.#best, history: this.#state.history, steps: this.#state.steps };
  }

  async #begin(): Promise<void> {
    const { plugins, model, epochs } = this.#plan;
    const resumed = await this.#resume();
    if (!model.training) model.train();
    this.#started = true;
    const position = { ...this.#state.position, epoch: Math.min(this.#state.epochs + 1, epochs) };
    await this.#emit({ type: "start", ...position, epochs, stepsPerEpoch: this.#stepsPerEpoch, resumed, history: this.#state.history });
    const unknown = this.#plan.evaluate !== undefined && this.#evaluationNames === undefined;
    if (!resumed && unknown && (this.#plan.monitor !== undefined || plugins.some(({ monitors = [] }) => monitors.length > 0))) await this.#evaluate();
    await this.#serve();
  }

  /** Loads the checkpoint that the options or a plugin know. */
  async #resume(): Promise<boolean> {
    let point = this.#plan.resume;
    for (const plugin of this.#plan.plugins) point ??= await plugin.resume?.();
    if (point === undefined) return false;
    this.#checkpoint().load(point.bytes, { name: point.name });
    const { history, chosenRate } = this.#state;
    if (chosenRate !== undefined) this.controls.learningRate = chosenRate;
    for (const record of history) this.#learnNames(record.values);
    this.#requireMonitored();
    for (const record of history) this.#judge(record);
    return true;
  }

  /** Everything that is resumed, by its name in the file. */
  #checkpoint(): Checkpoint {
    this.#state.chosenRate = this.#requests.learningRate;
    const { model, optimizer, step, batches, evaluate, metrics, plugins, state } = this.#plan;
    const parts: Record<string, Stateful> = { run: this.#state, model, optimizer };
    if (isStateful(step)) parts["step"] = step;
    if (isStateful(batches)) parts["batches"] = batches;
    else if (!Array.isArray(batches)) throw new UsageError("fit: the batches have no stateDict(), so that a checkpoint could not continue with the next one; use a DataLoader, or an array of batches");
    if (isStateful(evaluate)) parts["validation"] = evaluate;
    for (const [name, metric] of metrics) parts[`metrics.${name}`] = metric;
    for (const plugin of plugins) if (isStateful(plugin)) parts[`plugins.${plugin.name}`] = plugin;
    // What the user added comes first: it may refuse a checkpoint for a reason that explains why others would.
    return new Checkpoint({ ...state, ...parts });
  }

  async #train(): Promise<Ending> {
    while (this.#state.epochs < this.#plan.epochs) {
      const ended = this.#endedBy() ?? (await this.#runEpoch());
      if (ended !== undefined) return ended;
    }
    return this.#requests.ending ?? { outcome: "completed" };
  }

  /** Who ended the run, if somebody did. */
  #endedBy(): Ending | undefined {
    const { signal } = this.#plan;
    if (this.#requests.ending === undefined && signal?.aborted === true) this.#requests.ending = { outcome: "interrupted", reason: messageOf(signal.reason) };
    return this.#requests.ending;
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
    const { batches } = this.#plan;
    const source = Array.isArray(batches) ? (batches as readonly unknown[]).slice(this.#state.stepsInEpoch) : batches;
    for await (const batch of source) {
      await this.#runStep(batch);
      const ended = (await this.#afterStep()) ?? this.#endedBy();
      if (ended !== undefined) return ended;
    }
    if (this.#state.stepsInEpoch === 0) throw new UsageError(`fit: there are no batches in epoch ${this.#state.epochs + 1}; a generator can be used up only once: use a DataLoader, or an array of batches`);
    return undefined;
  }

  async #runStep(batch: unknown): Promise<void> {
    const started = performance.now();
    this.#state.learningRate = this.controls.learningRate;
    const result: unknown = this.#plan.step(batch as never);
    const { weight, ...values } = scalarsOf(isThenable(result) ? await result : result);
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
    const sent = this.#emit({ type: "step", ...this.#state.position });
    if (sent !== undefined) await sent;
    if (this.#state.stepsInEpoch % this.#plan.readEvery === 0) {
      const diverged = await this.#read();
      if (diverged !== undefined) return diverged;
      await this.#emit({ type: "progress", ...this.#state.position, values: await this.#trainingValues(), learningRate: this.#state.learningRate });
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
    const validation = this.#plan.evaluate === undefined ? undefined : await this.#evaluate();
    if (validation === undefined && this.#requests.ending?.outcome === "interrupted") return this.#requests.ending;
    const values: AnyValues = validation === undefined ? { training } : { training, validation };
    const { epochs, steps: step, learningRate, seconds } = this.#state;
    const record: EpochRecord = { epoch: epochs + 1, step, values, learningRate, seconds };
    const loss: unknown = validation === undefined ? 0 : Reflect.get(validation, "loss");
    if (typeof loss === "number" && !Number.isFinite(loss)) return { outcome: "diverged", reason: `the loss of the evaluation is ${loss} after epoch ${record.epoch}` };
    this.#state.complete(record);
    for (const metric of this.#plan.metrics.values()) metric.reset();
    const best = this.#judge(record);
    await this.#emit({ type: "epoch", ...record, best });
    await this.#serve();
    if (this.#turn.isOver) await this.#turn.give();
    return undefined;
  }

  /** Reads the values of the steps. */
  async #read(): Promise<Ending | undefined> {
    const found: NonFinite | undefined = await this.#state.averages.flush();
    if (found === undefined) return undefined;
    const { name, value, step } = found;
    return { outcome: "diverged", reason: `${name === "loss" ? "the loss" : quote(name)} became ${value} in epoch ${this.#state.epochs + 1} at step ${step}${this.#stepsPerEpoch === undefined ? "" : ` of ${this.#stepsPerEpoch}`}` };
  }

  /** The steps in an epoch, if the batches know their number. */
  get #stepsPerEpoch(): number | undefined {
    const { batches } = this.#plan;
    return "length" in batches && typeof batches.length === "number" ? batches.length : undefined;
  }

  async #trainingValues(): Promise<Readonly<Record<string, unknown>>> {
    return { ...this.#state.averages.means, ...(await computeAll(this.#plan.metrics)) };
  }

  /** The values of an evaluation; none if it was interrupted. */
  async #evaluate(): Promise<object | undefined> {
    const { evaluate, signal, state } = this.#plan;
    if (evaluate === undefined) throw new UsageError("fit: there is no evaluation; give it the option `evaluate`, or `validation`");
    this.#requests.evaluation = false;
    await this.#emit({ type: "evaluating", ...this.#state.position });
    const generators = Object.values(state).map((each) => [each, each.stateDict()] as const);
    let values: unknown;
    try {
      values = await evaluate(signal === undefined ? {} : { signal });
    } catch (error) {
      if (signal?.aborted !== true || (error !== signal.reason && Object(error).name !== "AbortError")) throw error;
      // The evaluation is made again when the run continues, with the same random numbers.
      for (const [each, before] of generators) each.loadStateDict(before);
      this.#requests.ending = { outcome: "interrupted", reason: messageOf(signal.reason) };
      return undefined;
    }
    if (typeof values !== "object" || values === null) throw new UsageError(`fit: evaluate gave ${describeValue(values)}, expected values by name such as { loss: 0.5 }`);
    this.#learnNames({ training: {}, validation: values });
    this.#requireMonitored();
    await this.#emit({ type: "evaluation", ...this.#state.position, values });
    return values;
  }

  /** Does what plugins and listeners have asked for. */
  async #serve(): Promise<void> {
    while (this.#requests.evaluation || this.#requests.checkpoint) {
      if (this.#requests.evaluation) await this.#evaluate();
      if (!this.#requests.checkpoint) continue;
      this.#requests.checkpoint = false;
      await this.#state.averages.flush();
      await this.#emit({ type: "checkpoint", ...this.#state.position, bytes: this.#checkpoint().toBytes() });
    }
  }

  async #settle({ outcome }: Ending): Promise<void> {
    if (outcome === "failed" || outcome === "diverged") return;
    await this.#emit({ type: "ending", ...this.#state.position, outcome });
    await this.#serve();
  }

  /** Tells all plugins of the end, also if one of them throws. */
  async #finish(ending: Ending): Promise<Ending> {
    this.#requests.isClosed = true;
    if (!this.#started) return ending;
    let last = ending;
    const event: TrainingEvent = { type: "end", ...this.#state.position, outcome: ending.outcome, reason: ending.reason, ...(ending.outcome === "failed" ? { error: ending.error } : {}) };
    for (const plugin of this.#plan.plugins) {
      try {
        await tell(plugin, event, this.controls);
      } catch (error) {
        if (last.outcome !== "failed") last = { outcome: "failed", error };
      }
    }
    await this.#send(event);
    return last;
  }

  /** Tells the plugins, one after the other, and then the listeners. */
  #emit(event: TrainingEvent): Promise<void> | undefined {
    const { plugins } = this.#plan;
    for (const [at, plugin] of plugins.entries()) {
      const told = tell(plugin, event, this.controls);
      if (told !== undefined) return this.#emitRest(event, told, plugins.slice(at + 1));
    }
    return this.#send(event);
  }

  async #emitRest(event: TrainingEvent, first: Promise<void>, plugins: readonly Plugin<never>[]): Promise<void> {
    await first;
    for (const plugin of plugins) await tell(plugin, event, this.controls);
    await this.#send(event);
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

  /** Refuses monitored values that the run does not have, as soon as that is known, and finds what it monitors itself. */
  #requireMonitored(): void {
    const { monitor, mode, plugins, evaluate } = this.#plan;
    const directions: Directions = { training: this.#stepNames, validation: evaluate === undefined ? null : this.#evaluationNames };
    this.#requests.directions = directions;
    for (const { name, monitors = [] } of plugins) for (const each of monitors) requireKnown(`fit: the plugin ${quote(name)}`, each, directions);
    if (monitor === undefined) this.#requests.monitor ??= defaultMonitor(directions);
    else if (requireKnown("fit: monitor", monitor, directions)) this.#requests.monitor ??= { name: monitor, mode: requireMode("fit: monitor", monitor, mode ?? knownMode(monitor, directions)) };
  }

  #examplesIn(batch: unknown): number {
    const count: unknown = this.#plan.examples(batch as never);
    requireKind("fit", "the number of examples of a batch", count, "nonNegative");
    return count as number;
  }
}

function tell(plugin: Plugin<never>, event: TrainingEvent, controls: Controls): Promise<void> | undefined {
  // The values of the run are those that the plugin needs: fit took no others.
  const told: unknown = plugin.on?.(event as never, controls);
  return isThenable(told) ? Promise.resolve(told).then(() => undefined) : undefined;
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

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}

/** Whether the last update left no NaN or infinity in a model, which the loss of a step shows only before the next update. */
async function hasFiniteWeights(model: Module): Promise<boolean> {
  for (const { value } of model.parameters()) if (!(await read(value)).every((each) => Number.isFinite(Number(each)))) return false;
  return true;
}
