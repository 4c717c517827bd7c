import type { Module } from "@nn/layers";
import { UsageError, type Tensor } from "@nn/tensor";
import { describeValue, quote, requireKind } from "@nn/tensor/extend";
import { isStateful, type Stateful } from "../stateful.js";
import type { TrainingEvent } from "./events.js";
import type { AnyValues } from "./values.js";

/** What a plugin can do to the run. Requests are served after the event, when all plugins have seen it. */
export interface Controls {
  /** The model that is trained. */
  readonly model: Module;
  /** The optimizer that was given to `fit`. */
  readonly optimizer: Stateful;
  /** The value by which the run finds its best epoch, such as `"validation.loss"`. */
  readonly monitor: Monitored | undefined;
  /**
   * The model's state with the weights of the latest evaluation: averaged ones beside `averagedWeights`. In an `"epoch"` event it is what `values` are of. Without an
   * evaluation since the latest step, it is the state that an evaluation would see.
   */
  evaluatedState(): Readonly<Record<string, Tensor>>;
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
  /**
   * Whether the checkpoint must have a state of every part of the run, and none besides. With `false`, plugins, metrics, the validation and objects of `state` may be new, and
   * begin anew, or may be gone; the rest must fit all the same. Default true.
   */
  readonly strict?: boolean | undefined;
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
  /** The names of the values that it follows, such as `"validation.loss"`. A run that does not have them is refused. */
  readonly monitors?: readonly string[] | undefined;
  /** The value by which the run finds its best epoch, in the place of its option `monitor`. A run does not take two different ones. */
  readonly monitor?: { readonly name?: string | undefined; readonly mode?: "min" | "max" | undefined } | undefined;
  /**
   * Whether it puts other weights into the model at the end of the run. A run takes only one such plugin. It sees the event `"end"` before the others, which then
   * find the final weights.
   */
  readonly setsFinalWeights?: boolean | undefined;
  /**
   * Puts the weights that are evaluated into the model (`true`), or the model's own back (`false`); called with the same value twice, it does nothing. A run takes only
   * one such plugin, which sees the event `"end"` before all others.
   */
  readonly swapWeights?: ((evaluated: boolean) => void) | undefined;
  /** Whether a run whose signal is aborted waits for it without a limit, as for one that saves what must not be lost. Default: it waits for a second. */
  readonly mustFinish?: boolean | undefined;
  /** The checkpoint that the run continues from, if the plugin knows one. It is called before the first event. */
  readonly resume?: (() => Promise<ResumePoint | undefined>) | undefined;
  /** Ends what `resume` began. It is called when the run is over, also if it failed before its first event. */
  readonly dispose?: (() => void | Promise<void>) | undefined;
  /** What a resumed run needs, if there is anything. */
  stateDict?(): unknown;
  /** Continues from a state, or throws and changes nothing. */
  loadStateDict?(state: unknown): unknown;
}

const functions = ["on", "resume", "dispose", "stateDict", "loadStateDict", "swapWeights"] as const;
const flags = ["setsFinalWeights", "mustFinish"] as const;

/** @throws UsageError unless all are plugins with different names, of which one at most decides the weights at the end, and one those of evaluations. */
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

/** @throws UsageError unless the value is a plugin. Gives its name. */
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
