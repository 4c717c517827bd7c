import { NonFiniteError, withNaNCheck } from "@nn/autograd";
import { defaultGenerator, type Generator } from "@nn/tensor";
import { requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import type { Controls, Plugin } from "../fit/plugin.js";
import { isStateful, requireStateful, type Stateful } from "../stateful.js";
import { undone } from "../undone.js";

/** Options of {@link stopOnNaN}. */
export interface StopOnNaNOptions {
  /** The generator from which the step draws random numbers. Default: the one that `manualSeed` seeds. */
  readonly generator?: Generator | undefined;
}

const stopOnNaNOptions: OptionKinds<StopOnNaNOptions> = { generator: "any" };

/** A watched step, and the plugin that watches it. */
export interface StopOnNaN<Step> {
  /** The same step: give it to `fit`. */
  readonly step: Step;
  readonly plugin: Plugin;
}

/** A state of the run in which all losses were finite, and the batches of the steps since. */
interface Snapshot {
  readonly states: readonly (readonly [Stateful, unknown])[];
  readonly batches: unknown[];
}

/**
 * Finds out why a run diverged. When the loss is no longer finite, it returns to the latest state with finite losses, repeats the steps eagerly with
 * `withNaNCheck`, and ends the run with a `NonFiniteError` that names the first operation, the module and the line that gave NaN or infinity. The weights after
 * the run are those with which it diverged.
 *
 * It keeps two states of the model and the optimizer, and the batches of at most 2 · `readEvery` steps. The steps themselves are not slower.
 *
 * @example
 * ```ts
 * import { Linear } from "@nn/layers";
 * import { log, tensor, type Tensor } from "@nn/tensor";
 * import { SGD } from "@nn/optim";
 * import { fit, stopOnNaN, trainStep } from "@nn/train";
 *
 * const model = new Linear(1, 1, { bias: false });
 * model.weight.value = tensor([[1]]);
 * const optimizer = new SGD(model.parameters(), { learningRate: 1 });
 * const { step, plugin } = stopOnNaN(trainStep(model, (output: Tensor, target: Tensor) => log(output).mul(target).sum(), optimizer));
 * await fit({ model, optimizer, step, batches: [[tensor([[1]]), tensor([[1]])]], epochs: 9, plugins: [plugin] }); // throws: div gives Infinity
 * ```
 * @typeParam Step - the step, which is returned with the same type.
 * @throws ArgumentError for a step that is not a function.
 */
export function stopOnNaN<Step extends (batch: never) => unknown>(step: Step, options: StopOnNaNOptions = {}): StopOnNaN<Step> {
  requireKind("stopOnNaN", "the step", step, "function");
  requireOptions("stopOnNaN", options, stopOnNaNOptions);
  const { generator = defaultGenerator() } = options;
  requireStateful("stopOnNaN", "generator", generator);
  let snapshots: readonly Snapshot[] = [];

  const watched = new Proxy(step, {
    apply: (target, receiver, args: unknown[]) => {
      for (const { batches } of snapshots) batches.push(args[0]);
      return Reflect.apply(target, receiver, args) as unknown;
    },
  });
  const note = ({ model, optimizer }: Controls): void => {
    const parts: readonly Stateful[] = [model, optimizer, generator, ...(isStateful(step) ? [step] : [])];
    const snapshot: Snapshot = { states: parts.map((part) => [part, part.stateDict()] as const), batches: [] };
    // The loss of a step is that before its update, so that the latest state may have NaN in its weights already.
    snapshots = [...snapshots.slice(-1), snapshot];
  };
  const plugin: Plugin = {
    name: "stopOnNaN",
    on: (event, controls) => {
      if (event.type === "start" || event.type === "progress" || event.type === "epoch") note(controls);
      if (event.type !== "end") return;
      const [oldest] = snapshots;
      snapshots = [];
      if (event.outcome !== "diverged" || oldest === undefined) return;
      const found = repeat(step, oldest);
      if (found !== undefined) throw found;
    },
  };
  return { step: watched, plugin };
}

/** Repeats the steps since a state, and returns the first error. Everything is restored afterwards. */
function repeat(step: (batch: never) => unknown, { states, batches }: Snapshot): NonFiniteError | undefined {
  const checked = withNaNCheck(step);
  return undone(() => {
    for (const [part, state] of states) part.loadStateDict(state);
    try {
      for (const batch of batches) checked(batch as never);
    } catch (error) {
      if (error instanceof NonFiniteError) return error;
      throw error;
    }
    return undefined;
  });
}
