import type { Module } from "@nn/layers";
import { UsageError } from "@nn/tensor";
import { describeValue, quote, requireKind } from "@nn/tensor/extend";
import { isStateful, type Stateful } from "../stateful.js";
import type { TrainingEvent } from "./events.js";
import type { AnyValues } from "./values.js";

/** What a plugin can do to the run. Requests are served after the event, when all plugins have seen it. */
export interface Controls {
  /** The model that is trained. */
  readonly model: Module;
  /** The optimizer, as it was given to `fit`. */
  readonly optimizer: Stateful;
  /** The value by which the run finds its best epoch, such as `"validation.loss"`. */
  readonly monitor: Monitored | undefined;
  /** Which values of a name such as `"validation.accuracy"` are better, if that is known: its metric says so, and of a loss smaller ones are. */
  modeOf(name: string): "min" | "max" | undefined;
  /** The learning rate. Setting it replaces a schedule; a resumed run keeps it. `undefined` if the optimizer does not tell it. */
  learningRate: number | undefined;
  /** Whether the run is about to end: something stopped it, or its signal is aborted. A plugin that makes it wait must look at this. */
  readonly isEnding: boolean;
  /** Ends the run before the next step. */
  stop(reason: string): void;
  /** Evaluates before the next step. */
  evaluate(): void;
  /** Makes a checkpoint before the next step, and sends it as an event. */
  save(): void;
}

/** A monitored value, and which of its values are better. */
export interface Monitored {
  readonly name: string;
  readonly mode: "min" | "max";
}

/** A checkpoint that a run continues from. */
export interface ResumePoint {
  readonly bytes: Uint8Array | ArrayBuffer;
  /** What errors call it, such as its path. */
  readonly name: string;
}

/**
 * Something that accompanies a run: it sees all events, in order, and the run waits for what it does. A plugin that throws ends the run.
 *
 * @typeParam V - the values that it needs; `fit` takes the plugin only if the run has them.
 */
export interface Plugin<V = AnyValues> {
  /** Unique among the plugins of a run: its state has this name in the checkpoint. */
  readonly name: string;
  /** Sees an event. */
  readonly on?: ((event: TrainingEvent<V>, controls: Controls) => void | Promise<void>) | undefined;
  /** The names of the values that it monitors, such as `"validation.loss"`. A run that does not have them is refused. */
  readonly monitors?: readonly string[] | undefined;
  /** Whether it decides which weights the model has when the run has ended. A run takes only one such plugin. */
  readonly setsFinalWeights?: boolean | undefined;
  /** The checkpoint that the run continues from, if the plugin knows one. It is called before the first event. */
  readonly resume?: (() => Promise<ResumePoint | undefined>) | undefined;
  /** What a resumed run needs, if there is anything. */
  stateDict?(): unknown;
  /** Continues from a state, or throws and changes nothing. */
  loadStateDict?(state: unknown): unknown;
}

/** @throws UsageError unless all are plugins with different names, of which one at most decides the weights at the end. */
export function requirePlugins(operation: string, plugins: readonly unknown[]): asserts plugins is readonly Plugin<never>[] {
  const names = new Set<string>();
  let decider: string | undefined;
  for (const [at, plugin] of plugins.entries()) {
    const { name, on, monitors, setsFinalWeights, resume, stateDict, loadStateDict } = Object(plugin) as Partial<Record<string, unknown>>;
    if (typeof plugin !== "object" || plugin === null || typeof name !== "string" || name === "") {
      throw new UsageError(`${operation}: plugin ${at} is ${describeValue(plugin)}, expected { name, on(event, controls) }`);
    }
    for (const [part, value] of Object.entries({ on, resume, stateDict, loadStateDict })) {
      if (value !== undefined && typeof value !== "function") throw new UsageError(`${operation}: ${part} of the plugin ${quote(name)} is ${describeValue(value)}, expected a function`);
    }
    if (monitors !== undefined && !Array.isArray(monitors)) throw new UsageError(`${operation}: monitors of the plugin ${quote(name)} is ${describeValue(monitors)}, expected an array of names`);
    if (!isStateful(plugin) && (stateDict ?? loadStateDict) !== undefined) throw new UsageError(`${operation}: the plugin ${quote(name)} has one of stateDict and loadStateDict, expected both or none`);
    if (setsFinalWeights !== undefined) requireKind(operation, `setsFinalWeights of the plugin ${quote(name)}`, setsFinalWeights, "boolean");
    if (names.has(name)) throw new UsageError(`${operation}: two plugins have the name ${quote(name)}; give one of them another`);
    names.add(name);
    if (setsFinalWeights === true) {
      if (decider !== undefined) {
        throw new UsageError(`${operation}: the plugins ${quote(decider)} and ${quote(name)} both decide which weights the model ends with; use one of them, or earlyStopping({ restoreBest: false })`);
      }
      decider = name;
    }
  }
}
