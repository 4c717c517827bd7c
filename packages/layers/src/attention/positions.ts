import * as primitives from "@nn/tensor/primitives";
import { apply, arange, DTypeError, formatShape, narrow, requireTensor, reshape, ShapeError, type Tensor } from "@nn/tensor";
import { requireOptions, type OptionKinds } from "@nn/tensor/extend";

/** Where a sequence lies among the positions. */
export interface PositionOptions {
  /** Position of its first step: a number, or an int32 scalar, such as the one of a `KeyValueCache`; default 0. */
  readonly position?: number | Tensor | undefined;
}

/** The options of encodings of positions. */
export const positionOptions: OptionKinds<PositionOptions> = { position: "any" };

/**
 * `steps` rows of a table that has one for each position, from `position` on.
 * @throws ShapeError if the table has not that many.
 * @throws ArgumentError if a position given as a tensor goes beyond it.
 */
export function rowsAt(operation: string, table: Tensor, steps: number, position: number | Tensor = 0): Tensor {
  const [length = 0] = table.shape;
  if (typeof position !== "number") {
    requireTensor(operation, position, "position");
    if (position.rank > 0 || position.dtype !== "int32") throw new DTypeError(`${operation}: position is ${position.dtype} ${formatShape(position.shape)}, expected a number or an int32 scalar`);
    const rows = reshape(arange(steps, { dtype: "int32" }).add(position), [steps, 1]);
    const report = { operation, shape: [], problem: `${steps} steps from the position given on, but there are ${length} positions; make it with a larger maxLength` };
    return apply(primitives.gather, [table, rows], { axis: 0, report });
  }
  if (!Number.isInteger(position) || position < 0 || position + steps > length) {
    throw new ShapeError(`${operation}: ${steps} steps from position ${position} on, but there are ${length} positions; make it with a larger maxLength`);
  }
  return narrow(table, 0, position, steps);
}

/** The input with the row of its position added to each step. */
export function addRows(operation: string, x: Tensor, table: Tensor, batchFirst: boolean, options: PositionOptions): Tensor {
  requireTensor(operation, x);
  requireOptions(operation, options, positionOptions);
  const features = table.shape[1] ?? 0;
  if ((x.rank !== 2 && x.rank !== 3) || x.shape.at(-1) !== features) {
    const layout = batchFirst ? "[N, steps, " : "[steps, N, ";
    throw new ShapeError(`${operation}: input is ${formatShape(x.shape)}, expected ${layout}${features}], or [steps, ${features}] without a batch`);
  }
  if (x.dtype !== table.dtype) throw new DTypeError(`${operation}: input has dtype ${x.dtype}, but the positions ${table.dtype}; cast one`);
  const inRows = batchFirst || x.rank === 2;
  const rows = rowsAt(operation, table, x.shape[inRows ? x.rank - 2 : 0] ?? 0, options.position);
  return x.add(inRows ? rows : reshape(rows, [-1, 1, features]));
}
