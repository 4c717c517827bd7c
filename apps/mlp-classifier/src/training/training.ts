import { setImmediate } from "node:timers/promises";
import { DataLoader, type DataLoaderState } from "@nn/data";
import { defaultGenerator, manualSeed, type GeneratorState, type Tensor } from "@nn/tensor";
import type { OptimizerStateDict, PlateauState } from "@nn/optim";
import type { LoadedData } from "../data/loaded-data.js";
import { seedFor } from "../data/seeds.js";
import { measure } from "../evaluation/evaluate.js";
import { Failure } from "../failure.js";
import { buildNetwork, type Architecture, type Network } from "../model/architecture.js";
import type { EpochMetrics } from "../run/metrics-file.js";
import type { ResolvedSettings } from "../settings/merge.js";
import { EarlyStopping, type EarlyStoppingState } from "./early-stopping.js";
import { createOptimizer, createSchedule, isPlateau, type AnyOptimizer } from "./optimizer.js";
import { createPredictor, createTrainingStep, type Predictor, type TrainingStep } from "./step.js";

/** The progress of an epoch. */
export interface EpochProgress {
  readonly steps: number;
  readonly examples: number;
  /** Sum over the examples. */
  readonly loss: number;
  readonly correct: number;
  readonly seconds: number;
}

/** Everything that determines how a run continues, as plain JSON. */
export interface TrainingPosition {
  /** Epochs that are complete. */
  readonly epochs: number;
  /** The progress of the current epoch, if it has begun. */
  readonly progress: EpochProgress | null;
  readonly loader: DataLoaderState;
  readonly generator: GeneratorState;
  readonly optimizer: Omit<OptimizerStateDict, "tensors">;
  readonly plateau: PlateauState | null;
  readonly earlyStopping: EarlyStoppingState;
}

/** The state of a run: enough to continue in another process with the same results. */
export interface TrainingState {
  readonly position: TrainingPosition;
  readonly weights: Readonly<Record<string, Tensor>>;
  readonly optimizerTensors: Readonly<Record<string, Tensor>>;
  /** The weights of the best epoch, if they are kept. */
  readonly bestWeights: Readonly<Record<string, Tensor>> | undefined;
}

/** A listener for the progress of a training run. */
export interface TrainingListener {
  /** After every step. */
  step(progress: EpochProgress, epoch: number): void;
  /** After every epoch, before the next one begins; `best`: no earlier epoch had a lower validation loss. */
  epoch(metrics: EpochMetrics, best: boolean): Promise<void>;
}

/** How a run ended. */
export type Outcome = "complete" | "stopped early" | "interrupted";

/** Training yields to the event loop after this many milliseconds, for signals, timers and the progress bar. */
const maxBlockingMs = 40;

const noProgress: EpochProgress = { steps: 0, examples: 0, loss: 0, correct: 0, seconds: 0 };

/** A training run: a network, its optimizer and the order of the examples, from the first step to the last. */
export class Training {
  readonly network: Network;
  readonly architecture: Architecture;
  /** Steps in an epoch. */
  readonly stepsPerEpoch: number;
  readonly #data: LoadedData;
  readonly #settings: ResolvedSettings;
  readonly #optimizer: AnyOptimizer;
  readonly #schedule: ReturnType<typeof createSchedule>;
  readonly #loader: DataLoader<readonly [Tensor, Tensor], readonly [Tensor, Tensor]>;
  readonly #stopping: EarlyStopping;
  readonly #step: TrainingStep;
  readonly #predictor: Predictor;
  #epochs = 0;
  #progress: EpochProgress = noProgress;
  #bestWeights: Readonly<Record<string, Tensor>> | undefined;
  #lastYield = performance.now();

  constructor(data: LoadedData, settings: ResolvedSettings) {
    manualSeed(seedFor(settings.seed, "weights"));
    const { hidden, activation, dropout, batchNorm, batchSize, seed } = settings;
    this.#data = data;
    this.#settings = settings;
    this.architecture = { features: data.features, classes: data.classes.length, hidden, activation, dropout, batchNorm };
    this.network = buildNetwork(this.architecture);
    // A last batch of one example has no variance, which batch normalisation needs.
    const dropLast = batchNorm && data.train.length % batchSize === 1;
    this.#loader = new DataLoader<readonly [Tensor, Tensor], readonly [Tensor, Tensor]>(data.train, {
      batchSize, shuffle: true, seed: seedFor(seed, "order"), dropLast,
    });
    this.stepsPerEpoch = this.#loader.length;
    if (this.stepsPerEpoch === 0) throw new Failure(`${data.train.length} training examples are too few for --batch-norm`);
    this.#schedule = createSchedule(settings, this.stepsPerEpoch * settings.epochs);
    this.#optimizer = createOptimizer(this.network.parameters(), this.#schedule, settings);
    this.#stopping = new EarlyStopping(settings.patience);
    this.#step = createTrainingStep(this.network, this.#optimizer, settings);
    this.#predictor = createPredictor(this.network, settings);
  }

  /** Epochs that are complete. */
  get epochs(): number {
    return this.#epochs;
  }

  /** Whether there is no epoch left to run. */
  get finished(): boolean {
    return this.#epochs >= this.#settings.epochs || this.#stopping.exhausted;
  }

  /** The epoch with the lowest validation loss. */
  get bestEpoch(): number | null {
    return this.#stopping.bestEpoch;
  }

  /**
   * Trains until the last epoch, early stopping, or the signal. Afterwards the network has the weights to keep: those of the best epoch,
   * or the last ones.
   * @throws Failure if the loss is no longer a number.
   */
  async run(listener: TrainingListener, signal: AbortSignal): Promise<Outcome> {
    while (!this.finished) {
      if (!(await this.#runSteps(listener, signal))) return "interrupted";
      await this.#finishEpoch(listener);
      if (signal.aborted) return "interrupted";
    }
    if (this.#bestWeights !== undefined) this.network.loadStateDict(this.#bestWeights);
    this.network.eval();
    return this.#stopping.exhausted ? "stopped early" : "complete";
  }

  /** The epoch of {@link weightsToKeep}; the one under way counts if it has begun. */
  get keptEpoch(): number {
    return this.#bestWeights === undefined ? this.#epochs : (this.bestEpoch ?? this.#epochs);
  }

  /** The network as it predicts. */
  get predictor(): Predictor {
    this.network.eval();
    return this.#predictor;
  }

  /** The weights to keep if training ended here. */
  get weightsToKeep(): Readonly<Record<string, Tensor>> {
    return this.#bestWeights ?? this.network.stateDict();
  }

  stateDict(): TrainingState {
    const { tensors, ...optimizer } = this.#optimizer.stateDict();
    return {
      position: {
        epochs: this.#epochs,
        progress: this.#progress.steps === 0 ? null : this.#progress,
        loader: this.#loader.stateDict(),
        generator: defaultGenerator().stateDict(),
        optimizer,
        plateau: isPlateau(this.#schedule) ? this.#schedule.stateDict() : null,
        earlyStopping: this.#stopping.stateDict(),
      },
      weights: this.network.stateDict(),
      optimizerTensors: tensors,
      bestWeights: this.#bestWeights,
    };
  }

  /** Continues where an earlier process stopped. @throws Failure if the position or the weights do not fit this run. */
  loadStateDict({ position, weights, optimizerTensors, bestWeights }: TrainingState): void {
    this.#requirePosition(position);
    this.network.loadStateDict(weights);
    this.#optimizer.loadStateDict({ ...position.optimizer, tensors: optimizerTensors });
    if (isPlateau(this.#schedule) && position.plateau !== null) this.#schedule.loadStateDict(position.plateau);
    this.#stopping.loadStateDict(position.earlyStopping);
    this.#bestWeights = bestWeights;
    this.#epochs = position.epochs;
    this.#progress = position.progress ?? noProgress;
    this.#loader.loadStateDict(position.loader);
    defaultGenerator().loadStateDict(position.generator);
  }

  /** Refuses a position that is impossible in this run. */
  #requirePosition({ progress, loader, optimizer, plateau, epochs }: TrainingPosition): void {
    const steps = epochs * this.stepsPerEpoch + (progress?.steps ?? 0);
    const possible = (progress === null || (progress.steps < this.stepsPerEpoch && progress.correct <= progress.examples)) &&
      loader.epoch === epochs && loader.batch === (progress?.steps ?? 0) && optimizer.steps === steps &&
      optimizer.updates.every((count) => count <= steps) && isPlateau(this.#schedule) === (plateau !== null);
    if (!possible) throw new Failure("its position does not fit the data and settings of the run");
  }

  /** Runs the remaining steps of an epoch; false if the signal came first. */
  async #runSteps(listener: TrainingListener, signal: AbortSignal): Promise<boolean> {
    this.network.train();
    for (const [x, y] of this.#loader) {
      const started = performance.now();
      const [loss, correct] = this.#step(x, y);
      const batch = { loss: loss.item(), correct: correct.item(), examples: x.shape[0] ?? 0 };
      this.#requireFinite(batch.loss);
      const { steps, examples, loss: total, correct: correctBefore, seconds } = this.#progress;
      this.#progress = {
        steps: steps + 1,
        examples: examples + batch.examples,
        loss: total + batch.loss * batch.examples,
        correct: correctBefore + batch.correct,
        seconds: seconds + (performance.now() - started) / 1000,
      };
      listener.step(this.#progress, this.#epochs + 1);
      await this.#yieldToEventLoop();
      // After the last step only validation remains, so the epoch is completed.
      if (signal.aborted && this.#progress.steps < this.stepsPerEpoch) return false;
    }
    return true;
  }

  async #finishEpoch(listener: TrainingListener): Promise<void> {
    const { steps, examples, loss, correct, seconds } = this.#progress;
    const learningRate = this.#schedule(this.#optimizer.steps - 1);
    const validation = await this.#validate();
    this.#requireFiniteWeights(validation?.loss ?? 0);
    const epoch = this.#epochs + 1;
    const best = validation !== undefined && this.#stopping.report(epoch, validation.loss);
    if (best && this.#settings.keep === "best") this.#bestWeights = this.network.stateDict();
    if (validation !== undefined && isPlateau(this.#schedule)) this.#schedule.report(validation.loss);
    this.#epochs = epoch;
    this.#progress = noProgress;
    const metrics: EpochMetrics = {
      epoch,
      learningRate,
      trainLoss: loss / examples,
      trainAccuracy: correct / examples,
      validationLoss: validation?.loss ?? null,
      validationAccuracy: validation?.accuracy ?? null,
      seconds,
      stepsPerSecond: steps / seconds,
    };
    await listener.epoch(metrics, best);
  }

  async #validate(): Promise<{ readonly loss: number; readonly accuracy: number } | undefined> {
    if (this.#data.validation === undefined) return undefined;
    return measure(this.predictor, this.#data.validation);
  }

  /** Runs signal handlers and timers that are due. */
  async #yieldToEventLoop(): Promise<void> {
    if (performance.now() - this.#lastYield < maxBlockingMs) return;
    await setImmediate();
    this.#lastYield = performance.now();
  }

  #requireFinite(loss: number): void {
    if (Number.isFinite(loss)) return;
    throw this.#diverged(`the loss became ${loss} in epoch ${this.#epochs + 1} at step ${this.#progress.steps + 1} of ${this.stepsPerEpoch}`);
  }

  /** The last update of an epoch must not spoil the weights that are then saved. */
  #requireFiniteWeights(validationLoss: number): void {
    const finite = this.network.parameters().every(({ value }) => value.toTypedArray().every(Number.isFinite));
    if (!finite || !Number.isFinite(validationLoss)) throw this.#diverged(`the weights are no longer finite after the last step of epoch ${this.#epochs + 1}`);
  }

  #diverged(what: string): Failure {
    const rate = this.#schedule(this.#optimizer.steps - 1);
    const fixes = [`a lower --learning-rate (it was ${Number(rate.toPrecision(3))})`, ...(this.#settings.clipNorm === null ? ["--clip-norm 1"] : [])];
    return new Failure(`${what}; try ${fixes.join(" or ")}`);
  }
}
