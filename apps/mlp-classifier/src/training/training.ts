import { DataLoader, type DataLoaderOptions } from "@nn/data";
import { Accuracy, ConfusionMatrix, type ConfusionRows } from "@nn/metrics";
import { manualSeed, type Tensor } from "@nn/tensor";
import { Ensemble, earlyStopping, evaluator, fit, plateau, trainStep, type EvaluateOptions, type Evaluation, type MetricValues, type Model, type Plugin, type SimpleValues, type Stateful, type Training as FitTraining } from "@nn/train";
import type { LoadedData, Split } from "../data/loaded-data.js";
import { seedFor } from "../data/seeds.js";
import { evaluationBatchSize } from "../evaluation/evaluate.js";
import { Failure } from "../failure.js";
import { buildNetwork, type Architecture, type Network } from "../model/architecture.js";
import { executionOf } from "../model/predictor.js";
import type { ResolvedSettings } from "../settings/merge.js";
import { ensembleTraining, EnsembleConfusion } from "./ensemble.js";
import { trainingLoss, type TrainingLoss } from "./loss.js";
import { createOptimizer, createSchedule, isPlateau, type AnyOptimizer } from "./optimizer.js";

type Loader = DataLoader<readonly [Tensor, Tensor], readonly [Tensor, Tensor]>;

/** The values of an epoch: loss and accuracy on the training examples, and on the validation examples if there are any. */
export type EpochValues = SimpleValues<{ readonly accuracy: Accuracy }, Loader | undefined>;

/** What is measured on the validation examples. */
type Measured = { readonly loss: (logits: Tensor, y: Tensor) => Tensor; readonly accuracy: Accuracy };

/** What accompanies a run. */
export interface RunOptions {
  readonly signal?: AbortSignal | undefined;
  readonly plugins?: readonly Plugin<EpochValues>[];
  /** What is saved with the run besides. */
  readonly state?: Readonly<Record<string, Stateful>>;
  /** Whether evaluations make a confusion matrix, {@link Training.confusion}. Default false. */
  readonly confusion?: boolean;
}

/** A matrix of more classes, which nobody can read, is not made. */
const mostClasses = 50;

/** A network, its optimizer, and the order of the examples, as the settings ask for them. */
export class Training {
  readonly network: Network;
  readonly architecture: Architecture;
  /** Steps in an epoch. */
  readonly stepsPerEpoch: number;
  readonly #data: LoadedData;
  readonly #settings: ResolvedSettings;
  readonly #loader: Loader;
  readonly #loss: TrainingLoss;
  readonly #schedule: ReturnType<typeof createSchedule>;
  readonly #optimizer: AnyOptimizer;
  #confusion: ConfusionRows | undefined;

  /** @throws Failure if there are too few examples. */
  constructor(data: LoadedData, settings: ResolvedSettings) {
    manualSeed(seedFor(settings.seed, "weights"));
    const { hidden, activation, dropout, batchNorm, ensemble, batchSize, seed } = settings;
    this.#data = data;
    this.#settings = settings;
    this.architecture = { features: data.features, classes: data.classes.length, hidden, activation, dropout, batchNorm, ensemble };
    this.network = buildNetwork(this.architecture);
    // A last batch of one example has no variance, which batch normalisation needs.
    const dropLast = batchNorm && data.train.length % batchSize === 1;
    this.#loader = loaderOf(data.train, { batchSize, shuffle: true, seed: seedFor(seed, "order"), dropLast });
    this.stepsPerEpoch = this.#loader.length;
    if (this.stepsPerEpoch === 0) throw new Failure(`${data.train.length} training examples are too few for --batch-norm`);
    this.#loss = trainingLoss(data, settings);
    this.#schedule = createSchedule(settings, this.stepsPerEpoch * settings.epochs);
    this.#optimizer = createOptimizer(this.network.parameters(), this.#schedule, settings);
  }

  /**
   * Trains until the last epoch, early stopping, or the signal. Afterwards the network has the weights to keep: those of the best epoch, or the last
   * ones.
   */
  fit({ signal, plugins = [], state = {}, confusion = false }: RunOptions = {}): FitTraining<EpochValues> {
    const { epochs, labelSmoothing, clipNorm } = this.#settings;
    const [{ network }, weighted] = [this, this.#loss];
    const { model, loss, metrics, ...how } = network instanceof Ensemble
      ? ensembleTraining(network, weighted, clipNorm)
      : { model: network, ...weighted, metrics: { accuracy: new Accuracy() }, clipNorm: clipNorm ?? undefined };
    const compile = executionOf(this.#settings);
    const step = trainStep(model, loss, this.#optimizer, { ...how, metrics, labelSmoothing, compile });
    const measured = { loss: (logits: Tensor, y: Tensor) => loss(logits, y), ...metrics };
    const evaluate = this.#evaluation(model, measured, { weight: weighted.weight, compile }, confusion);
    const programs: Plugin = {
      name: "programs",
      dispose: () => {
        step.dispose();
        evaluate?.dispose?.();
      },
    };
    return fit({ model, step, evaluate, optimizer: this.#optimizer, batches: this.#loader, epochs, signal, state, plugins: [...this.#following(), ...plugins, programs] });
  }

  /** How often validation examples of each class (rows) were predicted as each class (columns) in the latest evaluation, if that was asked for. */
  get confusion(): ConfusionRows | undefined {
    return this.#confusion;
  }

  /** The evaluation on the validation examples, if there are any. */
  #evaluation(model: Model<Tensor, Tensor>, measured: Measured, options: EvaluateOptions<Tensor, Tensor>, confusion: boolean): Evaluation<MetricValues<Measured>> | undefined {
    const { validation, classes } = this.#data;
    if (validation === undefined) return undefined;
    const batches = loaderOf(validation, { batchSize: evaluationBatchSize });
    if (!confusion || classes.length > mostClasses) return evaluator(model, batches, measured, options);
    const Matrix = this.network instanceof Ensemble ? EnsembleConfusion : ConfusionMatrix;
    const evaluate = evaluator(model, batches, { ...measured, confusion: new Matrix({ classes: classes.length }) }, options);
    const { confusion: _, ...directions } = evaluate.directions ?? {};
    // The matrix is no value of an epoch: those are in all later checkpoints.
    return Object.assign(async (call?: { readonly signal?: AbortSignal | undefined }) => {
      const { confusion: matrix, ...values } = await evaluate(call);
      this.#confusion = matrix;
      return values;
    }, evaluate, { directions });
  }

  /** The learning rate of the last step. */
  get learningRate(): number {
    return this.#schedule(Math.max(0, this.#optimizer.steps - 1));
  }

  /** What follows the validation loss. */
  #following(): readonly Plugin[] {
    if (this.#data.validation === undefined) return [];
    const { patience, keep } = this.#settings;
    const stopping = earlyStopping({ patience: patience === 0 ? Infinity : patience, restoreBest: keep === "best" });
    return isPlateau(this.#schedule) ? [stopping, plateau(this.#schedule)] : [stopping];
  }
}

function loaderOf(split: Split, options: DataLoaderOptions<readonly [Tensor, Tensor], readonly [Tensor, Tensor]>): Loader {
  return new DataLoader<readonly [Tensor, Tensor], readonly [Tensor, Tensor]>(split, options);
}
