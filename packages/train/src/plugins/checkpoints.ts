import { ArgumentError, UsageError, type Tensor } from "@nn/tensor";
import { describeValue, quote, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { encodeStates } from "../checkpoint/checkpoint.js";
import { requireStorage, type CheckpointStorage } from "../checkpoint/storage.js";
import type { CheckpointEvent, TrainingEvent } from "../fit/events.js";
import type { Controls, Plugin } from "../fit/plugin.js";

/** How often checkpoints are saved: every given number of steps, epochs or seconds. Several may be combined. */
export interface CheckpointInterval {
  readonly steps?: number | undefined;
  readonly epochs?: number | undefined;
  readonly seconds?: number | undefined;
}

/** Options of {@link checkpoints}. */
export interface CheckpointsOptions {
  /** How often to save. A run that is interrupted or stopped is also saved at its end. Default: after every epoch. */
  readonly every?: CheckpointInterval | undefined;
  /** How many of the latest checkpoints are kept. Default 1. */
  readonly keepLast?: number | undefined;
  /** Whether to keep the model of the best epoch in `best.safetensors`. Default true. */
  readonly keepBest?: boolean | undefined;
  /** Whether the run continues from the latest checkpoint in the storage, if there is one. Default true. */
  readonly resume?: boolean | undefined;
  /**
   * Whether a checkpoint must have a state of every part of the run, and none besides. With `false`, the run may continue with other plugins, metrics, validation or objects of `state`; see
   * `ResumePoint`. Default true.
   */
  readonly strict?: boolean | undefined;
}

const checkpointsOptions: OptionKinds<CheckpointsOptions> = { every: "any", keepLast: "count", keepBest: "boolean", resume: "boolean", strict: "boolean" };
const intervalOptions: OptionKinds<CheckpointInterval> = { steps: "count", epochs: "count", seconds: "positive" };

const best = "best.safetensors";

/** `step-00000120.safetensors`: names in the order of the steps. */
const pattern = /^step-(\d+)\.safetensors$/;
const nameOf = (step: number): string => `step-${String(step).padStart(8, "0")}.safetensors`;

/**
 * Saves the whole state of a run, and lets the run continue from the latest checkpoint: a run that is started again with the same options continues with the same numbers
 * as if it had not been interrupted. Checkpoints are named by their steps, `step-00000120.safetensors`.
 *
 * `best.safetensors` holds only the model of the best epoch, which is `best` of the result (with averaged weights if there is an `averagedWeights` plugin). Use it to
 * predict, or to start another run from it: `await new Checkpoint({ model }).restore(storage, "best.safetensors")`.
 *
 * In Node, `folderStorage("runs/a")` of `@nn/train/node` is a storage. A storage holds the checkpoints of one run. A folder that another process uses is refused.
 *
 * @example
 * ```ts
 * import { checkpoints, memoryStorage } from "@nn/train";
 * checkpoints(memoryStorage(), { every: { steps: 500, seconds: 60 }, keepLast: 3 }).name; // => "checkpoints"
 * ```
 * @throws UsageError, ArgumentError for a storage or options of a wrong kind.
 */
export function checkpoints(storage: CheckpointStorage, options: CheckpointsOptions = {}): Plugin {
  requireStorage("checkpoints", storage);
  requireOptions("checkpoints", options, checkpointsOptions);
  const { every = { epochs: 1 }, keepLast = 1, keepBest = true, resume = true, strict = true } = options;
  requireOptions("checkpoints: every", every, intervalOptions);
  const intervals = Object.values(every).filter((value) => value !== undefined);
  if (intervals.length === 0) throw new ArgumentError("checkpoints: every is empty, expected { steps }, { epochs } or { seconds }");
  const writer = new Writer(storage, keepLast);
  const lock = new RunLock(storage);
  let lastTime = performance.now();
  /** The step of the latest checkpoint. */
  let savedStep: number | undefined;

  const isDue = (event: TrainingEvent): boolean => {
    if (event.type === "step" && every.steps !== undefined && event.step % every.steps === 0) return true;
    if (event.type === "epoch" && every.epochs !== undefined && event.epoch % every.epochs === 0) return true;
    return (event.type === "step" || event.type === "epoch") && every.seconds !== undefined && performance.now() - lastTime >= every.seconds * 1000;
  };
  const on = async (event: TrainingEvent, controls: Controls): Promise<void> => {
    if (event.type === "checkpoint") {
      await writer.write(event);
      [lastTime, savedStep] = [performance.now(), event.step];
      return;
    }
    if (event.type === "start" && event.resumed) {
      savedStep = event.step;
      // A run that was killed may have left one too many.
      await writer.removeOld();
    }
    if (event.type === "epoch" && event.best && keepBest) await writer.writeBest(controls.evaluatedState());
    if (isDue(event) || (event.type === "ending" && savedStep !== event.step)) controls.save();
  };
  return {
    name: "checkpoints",
    mustFinish: true,
    on: (event, controls) => (event.type === "step" && !isDue(event) ? undefined : on(event, controls)),
    resume: async () => {
      await lock.take();
      if (!resume) return writer.requireEmpty();
      const latest = await writer.latest();
      return latest === undefined ? undefined : { ...latest, strict };
    },
    dispose: () => lock.release(),
  };
}

/** Reserves a storage for one run, if the storage has `lock`. */
class RunLock {
  readonly #storage: CheckpointStorage;
  #release: (() => Promise<void>) | undefined;
  /** Whether a run still wants the lock: an aborted run may end before it gets it. */
  #isWanted = false;

  constructor(storage: CheckpointStorage) {
    this.#storage = storage;
  }

  async take(): Promise<void> {
    this.#isWanted = true;
    this.#release = await this.#storage.lock?.();
    if (!this.#isWanted) await this.release();
  }

  async release(): Promise<void> {
    this.#isWanted = false;
    const release = this.#release;
    this.#release = undefined;
    await release?.();
  }
}

/** Writes checkpoints into a storage, and removes old ones. */
class Writer {
  readonly #storage: CheckpointStorage;
  readonly #keepLast: number;

  constructor(storage: CheckpointStorage, keepLast: number) {
    this.#storage = storage;
    this.#keepLast = keepLast;
  }

  async write({ step, bytes }: CheckpointEvent): Promise<void> {
    await this.#storage.write(nameOf(step), bytes);
    // Only when the new one is there.
    await this.removeOld();
  }

  async removeOld(): Promise<void> {
    for (const name of (await this.#names()).slice(0, -this.#keepLast)) await this.#storage.remove(name);
  }

  async writeBest(model: Readonly<Record<string, Tensor>>): Promise<void> {
    await this.#storage.write(best, encodeStates("checkpoints", { model }));
  }

  async latest(): Promise<{ readonly bytes: Uint8Array; readonly name: string } | undefined> {
    const name = (await this.#names()).at(-1);
    if (name === undefined) return undefined;
    const bytes: unknown = await this.#storage.read(name);
    if (!(bytes instanceof Uint8Array)) throw new UsageError(`checkpoints: the storage lists ${quote(name)}, and read(${quote(name)}) gave ${describeValue(bytes)}, expected a Uint8Array`);
    return { bytes, name };
  }

  /** @throws UsageError if the storage has checkpoints: a new run would mix its own with them. */
  async requireEmpty(): Promise<undefined> {
    const [name] = await this.#names();
    if (name !== undefined) throw new UsageError(`checkpoints: the storage has a checkpoint, ${name}; continue with resume: true, or use another storage`);
  }

  /** The checkpoints, the latest last. */
  async #names(): Promise<readonly string[]> {
    const stepOf = (name: string): number => Number(pattern.exec(name)?.[1]);
    const names: unknown = await this.#storage.list();
    if (!Array.isArray(names)) throw new UsageError(`checkpoints: list() of the storage gave ${describeValue(names)}, expected an array of names`);
    return names.filter((name) => typeof name === "string" && pattern.test(name)).toSorted((a: string, b: string) => stepOf(a) - stepOf(b));
  }
}
