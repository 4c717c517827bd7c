import type { Module } from "@nn/layers";
import { ArgumentError, defaultGenerator, UsageError } from "@nn/tensor";
import { describeValue, quote, requireKind, requireOptions, type ArgumentKind, type OptionKinds } from "@nn/tensor/extend";
import { countExamples, requireBatches, requireSignal, type Batches, type Pair } from "../batches.js";
import { evaluator, type Evaluation } from "../evaluate.js";
import { requireExecution } from "../execution.js";
import { requireModel } from "../evaluation-mode.js";
import { directionsOf, divideMetrics, type MetricLike, type Metrics } from "../metric.js";
import { requireStateful, type Stateful } from "../stateful.js";
import { trainStep } from "../train-step.js";
import { defaultBlockingMs } from "../turn.js";
import { stateOfBatches } from "./batch-count.js";
import type { Evaluate, RunOptions, SimpleFitOptions, StepOptions } from "./options.js";
import { requirePlugins, type Plugin, type ResumePoint } from "./plugin.js";
import { splitName, type AnyValues } from "./values.js";

/** Options of any run with its own step. */
export type AnyFitOptions = StepOptions<unknown, unknown, Readonly<Record<string, MetricLike>>, AnyValues> & { readonly evaluate?: Evaluate<object> };

/** {@link SimpleFitOptions} of any run. */
export type AnySimpleFitOptions = SimpleFitOptions<unknown, unknown, unknown, Metrics<unknown, unknown>, Batches<Pair<unknown, unknown>> | undefined>;

/** An evaluation. It may list the names of its values. */
type PlannedEvaluation = Evaluate<unknown> & Pick<Evaluation<unknown>, "directions">;

/** The checked options of a run, with their defaults. */
export interface Plan {
  readonly model: Module;
  readonly optimizer: Stateful;
  readonly step: (batch: never) => unknown;
  /** Metrics that the step updates. */
  readonly metrics: ReadonlyMap<string, MetricLike>;
  /** The names of the step's values, with whether larger is better, if they are known before the first step. */
  readonly stepDirections: Readonly<Record<string, boolean | null>> | undefined;
  /** Ends an epoch for the step: applies the gradients that are still accumulated. */
  readonly flush: () => void;
  /** Frees the programs that were compiled for this run. */
  readonly dispose: () => void;
  readonly batches: Batches<unknown>;
  readonly examples: (batch: never) => number;
  readonly evaluate: PlannedEvaluation | undefined;
  readonly epochs: number;
  readonly signal: AbortSignal | undefined;
  readonly plugins: readonly Plugin<never>[];
  readonly monitor: PlannedMonitor;
  readonly readEvery: number;
  readonly maxBlockingMs: number;
  readonly resume: ResumePoint | undefined;
  /** Whether the run continues from a checkpoint if there is one: that of the option, or that which a plugin looks for. */
  readonly isResumable: boolean;
  /** Everything else that is saved. */
  readonly state: Readonly<Record<string, Stateful>>;
}

/** The value by which the run finds its best epoch, as far as it is given. */
interface PlannedMonitor {
  readonly name: string | undefined;
  readonly mode: "min" | "max" | undefined;
  /** The option or plugin that gives it, for errors. */
  readonly source: string;
}

const runKinds: Omit<OptionKinds<RunOptions<unknown, never>>, "monitor"> & { readonly monitor: "any" } = {
  epochs: "size", batches: "any", signal: "any", plugins: "list", monitor: "any", mode: ["min", "max"], readEvery: "count", maxBlockingMs: "nonNegative",
  examples: "function", resume: "any", generator: "any", state: "any",
};

const fitKinds: Readonly<Record<string, ArgumentKind>> = { ...runKinds, model: "any", optimizer: "any", step: "function", evaluate: "function" };

const simpleKinds: Readonly<Record<string, ArgumentKind>> = {
  ...runKinds, model: "any", optimizer: "any", loss: "function", step: [undefined], validation: "any", metrics: "any", clipNorm: "positive", transform: "function",
  accumulate: "count", weight: "function", average: "any", augment: "function", labelSmoothing: "probability", compile: "any",
};

/** The plan of a run with its own step. */
export function planOf(options: AnyFitOptions): Plan {
  requireOptions("fit", options, fitKinds);
  requireGiven(options, ["model", "optimizer", "step", "batches", "epochs"]);
  const { step, evaluate } = options;
  const divided = divideMetrics("fit", step.metrics ?? {});
  const own = "metrics" in step && step.metrics !== undefined ? { loss: false, ...directionsOf(divided) } : undefined;
  return {
    ...commonPlanOf(options), step, evaluate, metrics: divided.gathering, stepDirections: own,
    flush: () => void step.flush?.(), dispose: () => undefined,
  };
}

/** The plan of a run for which `fit` makes the step and the evaluation. */
export function simplePlanOf(options: AnySimpleFitOptions): Plan {
  requireOptions("fit", options, simpleKinds);
  requireGiven(options, ["model", "loss", "optimizer", "batches", "epochs"]);
  requireExecution("fit", options.compile);
  const { model, loss, optimizer, validation, metrics = {}, clipNorm, transform, accumulate, weight, average, augment, labelSmoothing, compile } = options;
  const common = commonPlanOf(options);
  const step = trainStep(model, loss, optimizer, { metrics, clipNorm, transform, accumulate, weight, average, augment, labelSmoothing, compile });
  if (validation !== undefined) requireBatches("fit", "validation", validation);
  const measured = { loss: (output: unknown, target: unknown) => loss(output, target), ...metrics };
  const evaluate = validation === undefined ? undefined : evaluator(model, validation, measured, { weight, compile });
  const divided = divideMetrics("fit", metrics);
  return {
    ...common, step, evaluate, metrics: divided.gathering, stepDirections: { loss: false, ...directionsOf(divided) },
    flush: () => void step.flush(),
    dispose: () => {
      step.dispose();
      evaluate?.dispose?.();
    },
  };
}

type CommonPlan = Omit<Plan, "step" | "evaluate" | "metrics" | "stepDirections" | "flush" | "dispose">;

/** The parts that all plans have. */
function commonPlanOf(options: AnyFitOptions | AnySimpleFitOptions): CommonPlan {
  const { model, optimizer, batches, epochs, signal, plugins = [], monitor, mode, readEvery = 10, maxBlockingMs = defaultBlockingMs, examples = countExamples, generator = defaultGenerator(), state = {} } = options;
  requireModel("fit", model);
  requireStateful("fit", "the optimizer", optimizer);
  requireBatches("fit", "batches", batches);
  requireSignal("fit", signal);
  requirePlugins("fit", plugins);
  requireStateful("fit", "generator", generator);
  if (monitor !== undefined) requireName(monitor);
  if (typeof state !== "object" || state === null || Array.isArray(state)) throw new UsageError(`fit: state is ${describeValue(state)}, expected objects by name`);
  for (const [name, object] of Object.entries(state)) requireStateful("fit", `${quote(name)} of state`, object);
  const isResumable = options.resume !== undefined || plugins.some(({ resume }) => resume !== undefined);
  // A run of hours must not find out at its first checkpoint that it cannot be saved.
  if (isResumable) stateOfBatches(batches);
  const saved = Object.fromEntries(Object.entries(state).map(([name, object]) => [`state.${name}`, object]));
  return {
    model, optimizer, batches, epochs, signal, plugins, monitor: monitorOf({ name: monitor, mode }, plugins), readEvery, maxBlockingMs, examples,
    resume: resumePointOf(options.resume, "resume is"), isResumable, state: { generator, ...saved },
  };
}

/** @throws UsageError unless the value is a checkpoint, or undefined. */
export function resumePointOf(resume: unknown, what: string): ResumePoint | undefined {
  if (resume === undefined) return undefined;
  if (resume instanceof Uint8Array) return { bytes: resume, name: "resume" };
  const { bytes, name, strict } = Object(resume) as Partial<ResumePoint>;
  if (strict !== undefined) requireKind("fit", `strict of ${what.replace(/ (is|gave)$/, "")}`, strict, "boolean");
  if ((bytes instanceof Uint8Array || bytes instanceof ArrayBuffer) && typeof name === "string") return { bytes, name, strict };
  throw new UsageError(`fit: ${what} ${describeValue(resume)}, expected the bytes of a checkpoint, { bytes, name }, or undefined`);
}

/** @throws ArgumentError if the option and plugins name different values, or different modes. */
function monitorOf(option: Pick<PlannedMonitor, "name" | "mode">, plugins: readonly Plugin<never>[]): PlannedMonitor {
  let found: PlannedMonitor = { ...option, source: "fit: monitor" };
  for (const { name: plugin, monitor: { name, mode } = {} } of plugins) {
    const source = `fit: the plugin ${quote(plugin)}`;
    requireSame("monitors", source, name, found.name);
    requireSame("has the mode", source, mode, found.mode);
    found = { name: found.name ?? name, mode: found.mode ?? mode, source: found.name === undefined && name !== undefined ? source : found.source };
  }
  return found;
}

function requireSame(what: string, source: string, own: string | undefined, other: string | undefined): void {
  if (own === undefined || other === undefined || own === other) return;
  throw new ArgumentError(`${source} ${what} ${quote(own)}, and the run ${quote(other)}, expected one for both; a run has one best epoch, so say it once`);
}

function requireName(monitor: unknown): void {
  requireKind("fit", "monitor", monitor, "string");
  const [part, value] = splitName(monitor as string);
  if ((part === "training" || part === "validation") && value !== undefined && value !== "") return;
  throw new ArgumentError(`fit: monitor is ${quote(monitor as string)}, expected the name of a value such as "validation.loss" or "training.loss"`);
}

function requireGiven(options: object, names: readonly string[]): void {
  const missing = names.find((name) => Reflect.get(options, name) === undefined);
  if (missing !== undefined) throw new ArgumentError(`fit: ${quote(missing)} is missing; give it { model, loss, optimizer, batches, epochs }, or { model, optimizer, step, batches, epochs }`);
}
