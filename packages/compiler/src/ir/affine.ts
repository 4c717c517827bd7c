import type { Shape } from "@nn/tensor";
import { stridesOf } from "@nn/tensor/extend";

/** A position that depends linearly on the indices of a loop nest: `offset + Σ coefficients[axis] · index[axis]`. */
export interface Affine {
  readonly offset: number;
  readonly coefficients: readonly number[];
}

/** A view: where in a tensor, axis by axis, an iteration of the loop nest reads. */
export type View = readonly Affine[];

/** The loop nest has to be refined for a view to be expressible: `axis` is to be split in `[size / inner, inner]`. */
export class SplitRequest extends Error {
  readonly axis: number;
  readonly inner: number;

  constructor(axis: number, inner: number) {
    super(`axis ${axis} has to be split by ${inner}`);
    this.axis = axis;
    this.inner = inner;
  }
}

/** A position that does not depend on the loops. */
export function fixed(offset: number, axes: number): Affine {
  return { offset, coefficients: new Array<number>(axes).fill(0) };
}

/** `scale · position + shift`. */
export function scaled(position: Affine, scale: number, shift = 0): Affine {
  return { offset: position.offset * scale + shift, coefficients: position.coefficients.map((c) => c * scale) };
}

/** The position in row-major order of a tensor of `shape` at a view. */
export function flatten(view: View, shape: Shape, axes: number): Affine {
  let flat = fixed(0, axes);
  for (const [axis, position] of view.entries()) {
    const length = shape[axis] ?? 1;
    flat = {
      offset: flat.offset * length + position.offset,
      coefficients: flat.coefficients.map((c, at) => c * length + (position.coefficients[at] ?? 0)),
    };
  }
  return flat;
}

/**
 * The view of a tensor of `shape` that reads at the row-major position `flat` of a loop nest of sizes `domain`; `undefined` where
 * none is affine.
 * @throws SplitRequest where splitting a loop makes it so.
 */
export function unflatten(flat: Affine, shape: Shape, domain: readonly number[]): View | undefined {
  const strides = stridesOf(shape);
  const view = shape.map(() => ({ offset: 0, coefficients: new Array<number>(domain.length).fill(0) }));
  for (const [loop, coefficient] of flat.coefficients.entries()) {
    const size = domain[loop] ?? 1;
    if (coefficient === 0 || size === 1) continue;
    const axis = strides.findIndex((stride, at) => shape[at] !== 1 && Math.abs(coefficient) >= stride);
    const stride = strides[axis] ?? 1;
    const own = view[axis];
    if (own === undefined || coefficient % stride !== 0) return undefined;
    const reach = (shape[axis] ?? 1) * stride;
    if (Math.abs(coefficient) * size > reach && axis > 0) {
      // The loop runs over the end of this axis into the ones before it.
      const inner = reach / Math.abs(coefficient);
      if (!Number.isInteger(inner) || size % inner !== 0 || inner === 1) return undefined;
      throw new SplitRequest(loop, inner);
    }
    own.coefficients[loop] = (own.coefficients[loop] ?? 0) + coefficient / stride;
  }
  let rest = flat.offset;
  for (const [axis, own] of view.entries()) {
    const stride = strides[axis] ?? 1;
    own.offset = Math.floor(rest / stride);
    rest -= own.offset * stride;
  }
  return view.every((own, axis) => within(own, shape[axis] ?? 1, domain)) ? view : undefined;
}

/** Whether a position stays in 0 … length − 1 in every iteration. */
function within({ offset, coefficients }: Affine, length: number, domain: readonly number[]): boolean {
  let low = offset;
  let high = offset;
  for (const [loop, coefficient] of coefficients.entries()) {
    const reach = coefficient * ((domain[loop] ?? 1) - 1);
    if (reach < 0) low += reach;
    else high += reach;
  }
  return low >= 0 && high < length;
}

/** Whether a position takes every value from 0 to below `size`: with few loops, and those dense. */
export function covers({ offset, coefficients }: Affine, domain: readonly number[], size: number): boolean {
  const loops = coefficients.map((coefficient, loop) => ({ coefficient, count: domain[loop] ?? 1 })).filter(({ coefficient, count }) => coefficient !== 0 && count > 1);
  let low = offset;
  let reach = 0;
  for (const { coefficient, count } of loops.toSorted((a, b) => Math.abs(a.coefficient) - Math.abs(b.coefficient))) {
    if (Math.abs(coefficient) > reach + 1) return false;
    if (coefficient < 0) low += coefficient * (count - 1);
    reach += Math.abs(coefficient) * (count - 1);
  }
  return low === 0 && reach === size - 1;
}

/** Whether two positions are the same in every iteration over loops of sizes `domain`. */
export function samePosition(a: Affine, b: Affine, domain: readonly number[]): boolean {
  return a.offset === b.offset && domain.every((size, loop) => size === 1 || a.coefficients[loop] === b.coefficients[loop]);
}
