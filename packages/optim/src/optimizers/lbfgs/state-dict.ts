import { concat, isTensor, tensor, toTypedArray, type Tensor } from "@nn/tensor";
import { describeValue, formatShape, isPlainObject, sameShape } from "@nn/tensor/extend";
import { isCount, isRate, refuseMisfits, requireStateDict } from "../../saved-values.js";
import type { Curvature } from "./curvature.js";

/** The state of an optimization. */
export interface Progress {
  steps: number;
  iterations: number;
  evaluations: number;
  /** The last iteration: its direction, its step size and the gradient at its start. */
  last: { readonly direction: Float64Array; length: number; readonly gradient: Float64Array } | undefined;
}

/** The state of LBFGS. All fields but `tensors` can be written as JSON. */
export interface LBFGSStateDict {
  /** Calls of `step`. */
  readonly steps: number;
  /** Iterations in all of them. */
  readonly iterations: number;
  /** Evaluations in all of them. */
  readonly evaluations: number;
  /** `null` for a schedule. */
  readonly learningRate: number | null;
  /** The step size of the last iteration. */
  readonly length: number;
  /**
   * float64 tensors, none before the first iteration: `direction` and `gradient` of the last iteration, `[n]`, and the stored `steps` and `changes` of
   * the gradient, `[count, n]`.
   */
  readonly tensors: Readonly<Record<string, Tensor>>;
}

/** The state dictionary of an optimization. */
export function saveProgress({ steps, iterations, evaluations, last }: Progress, { pairs }: Curvature, learningRate: number | null): LBFGSStateDict {
  const rows = (vectors: readonly Float64Array[]): Tensor => concat(vectors.map((vector) => tensor(vector, { shape: [1, vector.length] })), 0);
  const tensors = {
    ...(last === undefined ? {} : { direction: tensor(last.direction), gradient: tensor(last.gradient) }),
    ...(pairs.length === 0 ? {} : { steps: rows(pairs.map(({ step }) => step)), changes: rows(pairs.map(({ change }) => change)) }),
  };
  return { steps, iterations, evaluations, learningRate, length: last?.length ?? 0, tensors };
}

/** Loads a state dictionary for `size` elements, or throws and changes nothing. */
export function loadProgress(from: LBFGSStateDict, curvature: Curvature, size: number): Progress {
  requireStateDict("LBFGS", from, {
    steps: isCount, iterations: isCount, evaluations: isCount, learningRate: isRate, length: Number.isFinite, tensors: isPlainObject,
  });
  const { steps, iterations, evaluations, length, tensors } = from;
  refuseMisfits("LBFGS", Object.entries(tensors).flatMap(([name, value]) => (isTensor(value) ? [] : [`${name} is ${describeValue(value)}, expected a Tensor`])));
  const count = tensors["steps"]?.shape[0] ?? 0;
  const read = (name: string, shape: readonly number[]): Float64Array | undefined => {
    const value = tensors[name];
    if (value === undefined) return undefined;
    if (value.dtype !== "float64" || !sameShape(value.shape, shape)) {
      refuseMisfits("LBFGS", [`${name} is ${value.dtype} ${formatShape(value.shape)}, expected float64 ${formatShape(shape)}`]);
    }
    return Float64Array.from(toTypedArray(value));
  };
  const [direction, gradient] = [read("direction", [size]), read("gradient", [size])];
  const [taken, changes] = [read("steps", [count, size]), read("changes", [count, size])];
  const complete = (direction === undefined) === (gradient === undefined) && (taken === undefined) === (changes === undefined);
  if (!complete) refuseMisfits("LBFGS", ["expected both direction and gradient, and both steps and changes, but one of a pair is missing"]);
  const row = (rows: Float64Array | undefined, at: number): Float64Array => (rows ?? new Float64Array()).slice(at * size, (at + 1) * size);
  curvature.pairs = Array.from({ length: count }, (_, at) => ({ step: row(taken, at), change: row(changes, at) }));
  return { steps, iterations, evaluations, last: direction === undefined || gradient === undefined ? undefined : { direction, length, gradient } };
}
