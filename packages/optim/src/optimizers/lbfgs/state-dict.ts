import { concat, isTensor, tensor, toTypedArray, type Tensor } from "@nn/tensor";
import { describeValue, formatShape, sameShape } from "@nn/tensor/extend";
import { isCount, isRate, isRecord, refuseMisfits, requireStateDict } from "../../saved-values.js";
import type { Curvature } from "./curvature.js";

/** Where an optimization is. */
export interface Progress {
  steps: number;
  iterations: number;
  evaluations: number;
  /** The last iteration: where it went, how far, and from what gradient. */
  last: { readonly direction: Float64Array; length: number; readonly gradient: Float64Array } | undefined;
}

/** Everything that LBFGS has to remember. All but `tensors` is ready for JSON. */
export interface LBFGSStateDict {
  /** Calls of `step`. */
  readonly steps: number;
  /** Iterations in all of them. */
  readonly iterations: number;
  /** Evaluations in all of them. */
  readonly evaluations: number;
  /** `null` if a schedule gives it. */
  readonly learningRate: number | null;
  /** How far the last iteration went along its direction. */
  readonly length: number;
  /**
   * In float64, nothing of it before the first iteration: `direction` and `gradient` of the last iteration, `[n]`, and what is remembered of
   * those before, `steps` and `changes` of the gradient, `[count, n]`.
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

/** Takes over a state dictionary for `size` elements, or throws and changes nothing. */
export function loadProgress(from: LBFGSStateDict, curvature: Curvature, size: number): Progress {
  requireStateDict("LBFGS", from, {
    steps: isCount, iterations: isCount, evaluations: isCount, learningRate: isRate, length: Number.isFinite, tensors: isRecord,
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
  if (!complete) refuseMisfits("LBFGS", ["of direction and gradient, or of steps and changes, one is missing"]);
  const row = (rows: Float64Array | undefined, at: number): Float64Array => (rows ?? new Float64Array()).slice(at * size, (at + 1) * size);
  curvature.pairs = Array.from({ length: count }, (_, at) => ({ step: row(taken, at), change: row(changes, at) }));
  return { steps, iterations, evaluations, last: direction === undefined || gradient === undefined ? undefined : { direction, length, gradient } };
}
