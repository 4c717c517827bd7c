import { ArgumentError } from "@nn/tensor";
import { describeValue, messageOf, requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { Recorder, type RunRecord, type RunState, type SettingsRecord } from "@nn/records";
import { openRecordFile, readRecordFile, TensorBoardFile } from "@nn/records/node";
import type { Controls, EndEvent, EpochEvent, Plugin, StartEvent, TrainingEvent } from "@nn/train";
import { CommandListener } from "./commands.js";
import { recordPrograms, type Explainable } from "./programs.js";
import { Statistics, statisticsOptions, type StatisticsOptions } from "./statistics.js";
import { recordValues } from "./values.js";

/** Options of {@link recording}. */
export interface RecordingOptions {
  /** The settings of the run: plain values, which the dashboard compares between runs. */
  readonly settings?: SettingsRecord["settings"] | undefined;
  /**
   * Histograms of weights, gradients and activations, and the ratio of update to weight. Default: weights and ratios, so rarely that they take at most 0.5 % of the time; `false`
   * records none.
   */
  readonly statistics?: StatisticsOptions | false | undefined;
  /** Compiled functions by name, such as `{ step }`. The text of their `explain` is recorded after the first epoch. */
  readonly programs?: Readonly<Record<string, Explainable>> | undefined;
  /** The names of the classes in confusion matrices. Default: their indices. */
  readonly classes?: readonly string[] | undefined;
  /** Whether to write an event file of TensorBoard as well. Default false. */
  readonly tensorBoard?: boolean | undefined;
  /** Called after each epoch with the recorder of the run, to record images, texts, and confusion matrices with examples. */
  readonly record?: ((recorder: Recorder, event: EpochEvent) => void | Promise<void>) | undefined;
}

/** The kinds of {@link RecordingOptions}. */
export const recordingOptions: OptionKinds<RecordingOptions> = { settings: "any", statistics: "any", programs: "any", classes: "list", tensorBoard: "boolean", record: "function" };

/** Checks nested options. @throws ArgumentError in the name of the operation. */
export function requireNested(operation: string, { statistics, classes = [], programs = {} }: RecordingOptions): void {
  if (statistics !== undefined && statistics !== false) requireOptions(`${operation}: statistics`, statistics, statisticsOptions);
  for (const [at, name] of classes.entries()) requireKind(operation, `classes[${at}]`, name, "string");
  for (const [name, program] of Object.entries(Object(programs) as Readonly<Record<string, Partial<Explainable> | null>>)) {
    if (typeof program?.explain !== "function") throw new ArgumentError(`${operation}: programs.${name} is ${describeValue(program)}, expected a compiled function`);
  }
}

/**
 * Records a run into `records.jsonl` of a folder, which `nn-dashboard` and other programs read, and carries out the commands of the dashboard: pause, resume,
 * stop and save.
 *
 * A run that continues from a checkpoint keeps the records up to its step. A run that looks for a checkpoint and finds none, since it was killed, failed or diverged before its
 * first one, begins anew: the records of its steps go. Any other run from the beginning is refused if the folder holds the records of a run.
 *
 * @example
 * ```ts
 * import { recording } from "@nn/dashboard";
 *
 * recording("runs/a", { settings: { learningRate: 0.001 } }).name; // => "recording"
 * ```
 * @throws ArgumentError for options of a wrong kind. When the run begins, FileError if the file cannot be written.
 */
export function recording(folder: string, options: RecordingOptions = {}): Plugin {
  requireKind("recording", "the folder", folder, "string");
  requireOptions("recording", options, recordingOptions);
  requireNested("recording", options);
  const run = new RecordedRun(folder, options);
  return { name: "recording", on: (event, controls) => run.on(event, controls) };
}

/** The shortest interval between records within an epoch, in milliseconds. A record takes some hundredths of a millisecond. */
const progressInterval = 20;

/** Writes the records of a run. */
export class RecordedRun {
  readonly #folder: string;
  readonly #options: RecordingOptions;
  #recorder: Recorder | undefined;
  #commands: CommandListener | undefined;
  #statistics: Statistics | undefined;
  #programsAreRecorded = false;
  #progressAt = -Infinity;
  /** The step after which the current epoch began. */
  #epochBegan = 0;

  constructor(folder: string, options: RecordingOptions) {
    this.#folder = folder;
    this.#options = options;
  }

  /** Handles an event. The result is a promise only if there is something to wait for, which is not so after most steps. */
  on(event: TrainingEvent, controls: Controls): void | Promise<void> {
    if (event.type === "start") return this.#start(event);
    const recorder = this.#recorder;
    if (recorder === undefined) return undefined;
    switch (event.type) {
      case "step":
        this.#statistics?.afterStep(event, controls);
        return this.#commands?.obey(event.step, controls);
      case "progress":
        if (performance.now() - this.#progressAt < progressInterval) return undefined;
        this.#progressAt = performance.now();
        return recordValues(recorder, event.step, { training: event.values }, { learningRate: event.learningRate }, this.#options.classes);
      case "evaluation":
        return recordValues(recorder, event.step, { validation: event.values }, {}, this.#options.classes);
      case "epoch": {
        const { step, values, learningRate, seconds, epoch } = event;
        recordValues(recorder, step, values, { learningRate, epoch, seconds, ...this.#rateOf(step, seconds) }, this.#options.classes);
        this.#statistics?.afterEpoch(recorder, step, epoch, controls);
        if (!this.#programsAreRecorded) recordPrograms(recorder, step, this.#options.programs ?? {});
        this.#programsAreRecorded = true;
        return this.#options.record?.(recorder, event);
      }
      case "end": return this.#end(recorder, event);
      default: return undefined;
    }
  }

  /** The steps per second of the epoch that ends at a step. */
  #rateOf(step: number, seconds: number): { readonly stepsPerSecond?: number } {
    const steps = step - this.#epochBegan;
    this.#epochBegan = step;
    return seconds > 0 ? { stepsPerSecond: steps / seconds } : {};
  }

  async #start({ step, epochs, stepsPerEpoch, resumable, resumed, history }: StartEvent): Promise<void> {
    this.#epochBegan = history.at(-1)?.step ?? 0;
    const { settings, statistics, tensorBoard } = this.#options;
    const resumeFrom = resumed || (resumable && (await endedUnsaved(this.#folder))) ? { resumeFrom: step } : {};
    const file = await openRecordFile(this.#folder, resumeFrom);
    const recorder = new Recorder(tensorBoard === true ? [file, new TensorBoardFile(this.#folder, resumeFrom)] : [file]);
    this.#recorder = recorder;
    const totalSteps = stepsPerEpoch === undefined ? {} : { totalSteps: epochs * stepsPerEpoch };
    this.#commands = new CommandListener(this.#folder, recorder, totalSteps);
    if (statistics !== false) this.#statistics = new Statistics(statistics ?? {}, stepsPerEpoch);
    recorder.settings(step, { epochs, ...settings });
    this.#commands.begin(step);
  }

  #end(recorder: Recorder, { step, outcome, reason, error }: EndEvent): void {
    const message = reason ?? (error === undefined ? undefined : messageOf(error));
    this.#recorder = undefined;
    recorder.status(step, outcome, message === undefined ? {} : { message });
    recorder.close();
  }
}

/** How runs end whose last step is in no checkpoint; one that still counts as running was killed. */
const unsaved: readonly string[] = ["running", "paused", "failed", "diverged"] satisfies readonly RunState[];

/** Whether a folder holds the records of a run that ended like this. */
async function endedUnsaved(folder: string): Promise<boolean> {
  // What is wrong with the file is said where it is opened for writing.
  const records: readonly RunRecord[] = await readRecordFile(folder).catch(() => []);
  const last = records.findLast((record) => record.type === "status");
  return records.length > 0 && unsaved.includes(last?.state ?? "running");
}
