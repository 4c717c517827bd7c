import type { Module } from "@nn/layers";
import { UsageError, type Tensor } from "@nn/tensor";
import { describeValue, quote, requireKind } from "@nn/tensor/extend";
import { isStateful, type Stateful } from "../stateful.js";
import type { TrainingEvent } from "./events.js";
import type { AnyValues } from "./values.js";

/** What a plugin can do to the run. Requests are carried out after the event, when all plugins have handled it. */
export interface Controls {
  /** The model that is trained. */
  readonly model: Module;
  /** The optimizer that was given to `fit`. */
  readonly optimizer: Stateful;
  /** The value by which the run finds its best epoch, such as `"validation.loss"`. */
  readonly monitor: Monitored | undefined;
  /**
   * The state of the model as it was evaluated last: with averaged weights if there is an `averagedWeights` plugin. In an `"epoch"` event, it is the state that
   * `values` were measured on. Without an evaluation since the latest step, it is the state that an evaluation would use.
   */
  evaluatedState(): Readonly<Record<string, Tensor>>;
  /**
   * Whether larger or smaller values of a name such as `"validation.accuracy"` are better, if that is known: its metric says so, and for a loss
   * smaller is better.
   */
  modeOf(name: string): "min" | "max" | undefined;
  /** The learning rate; `undefined` if the optimizer has none. Setting it replaces a schedule, and a resumed run keeps the new rate. */
  learningRate: number | undefined;
  /** Whether the run is about to end because it was stopped or its signal is aborted. A plugin that makes the run wait for long must check this. */
  readonly isEnding: boolean;
  /** Ends the run before the next step. */
  stop(reason: string): void;
  /** Evaluates before the next step. */
  evaluate(): void;
  /** Makes a checkpoint before the next step, and sends it as an event. */
  save(): void;
}

/** A monitored value, and whether larger or smaller is better. */
export interface Monitored {
  readonly name: string;
  readonly mode: "min" | "max";
}

/** A checkpoint that a run continues from. */
export interface ResumePoint {
  readonly bytes: Uint8Array | ArrayBuffer;
  /** Its name in errors, such as its path. */
  readonly name: string;
  /**
   * Whether the checkpoint must have a state of every part of the run, and none besides. With `false`, plugins, metrics, the validation and objects of `state` may be new, and
   * begin anew, or may be gone; the rest must fit all the same. Default true.
   */
  readonly strict?: boolean | undefined;
}

/**
 * Reacts to the events of a run. A plugin gets all events, in order, and the run waits for it. A plugin that throws ends the run.
 *
 * @typeParam V - the values that it needs. `fit` accepts the plugin only if the run has them.
 */
export interface Plugin<V = AnyValues> {
  /** The name, unique among the plugins of a run. The plugin's state has this name in a checkpoint. */
  readonly name: string;
  /** Handles an event. */
  readonly on?: ((event: TrainingEvent<V>, controls: Controls) => void | Promise<void>) | undefined;
  /** The names of the values that it follows, such as `"validation.loss"`. A run that does not have them is refused. */
  readonly monitors?: readonly string[] | undefined;
  /** The value by which the run finds its best epoch, instead of the option `monitor` of the run. Two different ones are refused. */
  readonly monitor?: { readonly name?: string | undefined; readonly mode?: "min" | "max" | undefined } | undefined;
  /**
   * Whether the plugin puts other weights into the model at the end of the run. A run may have only one such plugin. It gets the event `"end"` before the others,
   * so that they find the final weights.
   */
  readonly setsFinalWeights?: boolean | undefined;
  /**
   * Puts the weights for evaluations into the model (`true`), or restores the model's own (`false`). A second call with the same value does nothing. A run may have
   * only one such plugin, which gets the event `"end"` before all others.
   */
  readonly swapWeights?: ((evaluated: boolean) => void) | undefined;
  /** Whether an aborted run waits for the plugin without a limit, for example because it saves a checkpoint. Default: the run waits for one second. */
  readonly mustFinish?: boolean | undefined;
  /** Returns the checkpoint that the run continues from, if the plugin has one. It is called before the first event. */
  readonly resume?: (() => Promise<ResumePoint | undefined>) | undefined;
  /** Frees what `resume` has reserved. It is called when the run is over, even if the run failed before its first event. */
  readonly dispose?: (() => void | Promise<void>) | undefined;
  /** The state that a resumed run needs, if there is any. */
  stateDict?(): unknown;
  /** Continues from a state, or throws and changes nothing. */
  loadStateDict?(state: unknown): unknown;
}

const functions = ["on", "resume", "dispose", "stateDict", "loadStateDict", "swapWeights"] as const;
const flags = ["setsFinalWeights", "mustFinish"] as const;

/**
 * @throws UsageError unless all are plugins with different names, and at most one of them sets the weights at the end, and at most one those of
 * evaluations.
 */
export function requirePlugins(operation: string, plugins: readonly unknown[]): asserts plugins is readonly Plugin<never>[] {
  const names = new Set<string>();
  for (const [at, plugin] of plugins.entries()) {
    const name = requirePlugin(operation, at, plugin);
    if (names.has(name)) throw new UsageError(`${operation}: two plugins have the name ${quote(name)}; give one of them another`);
    names.add(name);
  }
  const checked = plugins as readonly Plugin<never>[];
  const nameIf = (condition: (plugin: Plugin<never>) => boolean): readonly string[] => checked.filter(condition).map(({ name }) => quote(name));
  const [decider, second] = nameIf(({ setsFinalWeights }) => setsFinalWeights === true);
  if (second !== undefined) throw new UsageError(`${operation}: the plugins ${decider} and ${second} both decide which weights the model ends with; use one of them, or earlyStopping({ restoreBest: false })`);
  const [swapper, other] = nameIf(({ swapWeights }) => swapWeights !== undefined);
  if (other !== undefined) throw new UsageError(`${operation}: the plugins ${swapper} and ${other} both decide with which weights the model is evaluated; use one of them`);
}

/** The name of a plugin. @throws UsageError unless the value is a plugin. */
function requirePlugin(operation: string, at: number, plugin: unknown): string {
  const parts = Object(plugin) as Partial<Record<string, unknown>>;
  const { name, monitors, monitor } = parts;
  if (typeof plugin !== "object" || plugin === null || typeof name !== "string" || name === "") {
    throw new UsageError(`${operation}: plugin ${at} is ${describeValue(plugin)}, expected { name, on(event, controls) }`);
  }
  const of = (part: string): string => `${operation}: ${part} of the plugin ${quote(name)} is ${describeValue(parts[part])}`;
  for (const part of functions) if (parts[part] !== undefined && typeof parts[part] !== "function") throw new UsageError(`${of(part)}, expected a function`);
  for (const part of flags) if (parts[part] !== undefined) requireKind(operation, `${part} of the plugin ${quote(name)}`, parts[part], "boolean");
  if (monitors !== undefined && !Array.isArray(monitors)) throw new UsageError(`${of("monitors")}, expected an array of names`);
  if (monitor !== undefined && (typeof monitor !== "object" || monitor === null)) throw new UsageError(`${of("monitor")}, expected { name, mode }`);
  if (!isStateful(plugin) && (parts["stateDict"] ?? parts["loadStateDict"]) !== undefined) throw new UsageError(`${operation}: the plugin ${quote(name)} has one of stateDict and loadStateDict, expected both or none`);
  return name;
}
