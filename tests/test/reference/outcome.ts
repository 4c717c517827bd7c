import type { Comparison } from "./compare.js";
import type { Case } from "./format.js";

/**
 * The outcome of a case: passed, failed with reasons, refused because it cannot be compiled, or unknown because its target has no
 * mapping.
 */
export interface Outcome {
  readonly id: string;
  readonly target: string;
  readonly status: "passed" | "failed" | "refused" | "unknown";
  /** Marked as rarely supported: may be unknown. */
  readonly optional: boolean;
  /** The worst error as a multiple of its tolerance. */
  readonly worst: number;
  readonly reasons: readonly string[];
}

/** Thrown if a target has no counterpart of ours. */
export class UnknownTarget extends Error {
  override readonly name = "UnknownTarget";
  constructor(readonly target: string) {
    super(`nothing is mapped to ${target}`);
  }
}

/** What is mapped to a target. */
export function lookUp<T>(map: Readonly<Record<string, T>>, target: string): T {
  const found = map[target];
  if (found === undefined) throw new UnknownTarget(target);
  return found;
}

/**
 * Targets that read values, each with the function that reads them. For most, the shape of the result depends on values. They run eagerly
 * only: a compiled program has fixed shapes, and refuses to read values.
 */
const valueDependent: Readonly<Record<string, string>> = {
  "Tensor.__getitem__": "nonZero", // by a mask
  "nn.functional.one_hot": "toTypedArray", // of as many classes as the labels show
  "nn.init.orthogonal_": "toTypedArray", // orthogonalizes in float64, on the host
  "torch.bincount": "binCount",
  "torch.linalg.cholesky": "cholesky", // the decompositions, in float64 on the host
  "torch.linalg.det": "det",
  "torch.linalg.eigvalsh": "eigvalsh",
  "torch.linalg.inv": "inverse",
  "torch.linalg.slogdet": "slogdet",
  "torch.linalg.solve": "solve",
  "torch.linalg.solve_triangular": "solveTriangular",
  "torch.linalg.svdvals": "svdvals",
  "torch.masked_select": "maskedSelect",
  "torch.matrix_exp": "matrixExp",
  "torch.nonzero": "nonZero",
  "torch.unique": "unique",
};

function isRefusal(target: string, error: Error): boolean {
  const reader = valueDependent[target];
  return reader !== undefined && error.name === "TraceError" && error.message.startsWith(`${reader}: the value of a traced tensor is not known`);
}

/** Runs a case and turns whatever happens into its outcome. */
export function outcomeOf(one: Case, run: () => readonly Comparison[]): Outcome {
  const { id, target, optional = false } = one;
  try {
    const comparisons = run();
    const reasons = comparisons.flatMap(({ failure }) => (failure === undefined ? [] : [failure]));
    const worst = Math.max(0, ...comparisons.map((comparison) => comparison.worst));
    return { id, target, optional, status: reasons.length === 0 ? "passed" : "failed", worst, reasons };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error instanceof UnknownTarget) return { id, target: error.target, optional, status: "unknown", worst: 0, reasons: [error.message] };
    const reasons = [`${error.name}: ${error.message}`];
    return isRefusal(target, error) ? { id, target, optional, status: "refused", worst: 0, reasons } : { id, target, optional, status: "failed", worst: Infinity, reasons };
  }
}
