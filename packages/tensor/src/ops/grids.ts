import { requireOptions, type OptionKinds } from "../arguments/options.js";
import { ShapeError } from "../errors.js";
import { inNameOf } from "../out-of-memory.js";
import { formatShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { requireTensors, stack } from "./joining.js";
import { expand, reshape, transpose } from "./shape.js";

/** Options of {@link meshGrid}. */
export interface MeshGridOptions {
  /** `"ij"` (default): the first tensor varies along the first axis. `"xy"`: the first two axes are swapped, as for images. */
  readonly indexing?: "ij" | "xy" | undefined;
}

const meshGridOptions: OptionKinds<MeshGridOptions> = { indexing: ["ij", "xy"] };

/**
 * Coordinate grids: for each vector, a tensor of shape `[n₀, n₁, …]` that varies only along the axis of that vector.
 *
 * @example
 * ```ts
 * import { arange, meshGrid } from "@nn/tensor";
 * meshGrid([arange(2), arange(3)]).map((grid) => grid.toArray()); // => [[[0, 0, 0], [1, 1, 1]], [[0, 1, 2], [0, 1, 2]]]
 * ```
 * @throws ShapeError if a tensor has more than one axis.
 */
export function meshGrid(vectors: readonly Tensor[], options: MeshGridOptions = {}): Tensor[] {
  const grids = gridsOf("meshGrid", vectors);
  requireOptions("meshGrid", options, meshGridOptions);
  return options.indexing === "xy" && grids.length > 1 ? grids.map((grid) => transpose(grid, 0, 1)) : grids;
}

function gridsOf(operation: string, vectors: readonly Tensor[]): Tensor[] {
  requireTensors(operation, vectors);
  for (const [at, vector] of vectors.entries()) {
    if (vector.shape.length > 1) throw new ShapeError(`${operation}: input ${at} is ${formatShape(vector.shape)}, expected a vector`);
  }
  const shape = vectors.map((vector) => vector.size);
  return inNameOf(operation, () => vectors.map((vector, axis) => expand(reshape(vector, shape.map((length, at) => (at === axis ? length : 1))), shape)));
}

/**
 * All combinations of the elements of vectors, as rows `[∏ nᵢ, number of vectors]`. The last vector varies fastest.
 * @throws ShapeError if a tensor has more than one axis.
 */
export function cartesianProduct(vectors: readonly Tensor[]): Tensor {
  return inNameOf("cartesianProduct", () => reshape(stack(gridsOf("cartesianProduct", vectors), -1), [-1, vectors.length]));
}
