import type { Shape } from "@nn/tensor";
import { stridesOf } from "@nn/tensor/extend";
import { at } from "./at.js";

/** A position that depends linearly on the indices of a loop nest: `offset + Σ coefficients[loop] · index[loop]`. */
export interface Affine {
  readonly offset: number;
  readonly coefficients: readonly number[];
}

/** Where in a tensor, axis by axis, an iteration of a loop nest reads. */
export type View = readonly Affine[];

/** A refinement of a loop nest: `loop` becomes two loops, of sizes `size / inner` and `inner`. */
export interface Split {
  readonly loop: number;
  readonly inner: number;
}

/** A position that does not depend on the loops, of which there are `loops`. */
export function fixed(offset: number, loops: number): Affine {
  return { offset, coefficients: new Array<number>(loops).fill(0) };
}

/** `scale · position + shift`. */
export function scaled(position: Affine, scale: number, shift = 0): Affine {
  return { offset: position.offset * scale + shift, coefficients: position.coefficients.map((c) => c * scale) };
}

/** The row-major position of a view in a tensor of `shape`. */
export function linearize(view: View, shape: Shape, loops: number): Affine {
  const coefficients = new Array<number>(loops).fill(0);
  let offset = 0;
  let stride = 1;
  for (let axis = view.length - 1; axis >= 0; axis--) {
    const position = at(view, axis);
    offset += position.offset * stride;
    for (let loop = 0; loop < loops; loop++) coefficients[loop] = (coefficients[loop] ?? 0) + (position.coefficients[loop] ?? 0) * stride;
    stride *= at(shape, axis);
  }
  return { offset, coefficients };
}

/**
 * The view of a tensor of `shape` at the row-major position `linear`, in a loop nest of sizes `domain`. If there is a view only in a refined
 * loop nest, `split` says how to refine it. If there is none at all, the result is `undefined`.
 */
export function delinearize(linear: Affine, shape: Shape, domain: readonly number[]): { readonly view: View } | { readonly split: Split } | undefined {
  const strides = stridesOf(shape);
  const view = shape.map(() => ({ offset: 0, coefficients: new Array<number>(domain.length).fill(0) }));
  for (const [loop, coefficient] of linear.coefficients.entries()) {
    const size = at(domain, loop);
    if (coefficient === 0 || size === 1) continue;
    const axis = strides.findIndex((stride, index) => shape[index] !== 1 && Math.abs(coefficient) >= stride);
    if (axis < 0) return undefined;
    const stride = at(strides, axis);
    if (coefficient % stride !== 0) return undefined;
    const reach = at(shape, axis) * stride;
    if (Math.abs(coefficient) * size > reach && axis > 0) {
      // The loop runs over the end of this axis into the ones before it.
      const inner = reach / Math.abs(coefficient);
      return Number.isInteger(inner) && size % inner === 0 && inner !== 1 ? { split: { loop, inner } } : undefined;
    }
    const { coefficients } = at(view, axis);
    coefficients[loop] = at(coefficients, loop) + coefficient / stride;
  }
  let rest = linear.offset;
  for (const [axis, position] of view.entries()) {
    const stride = at(strides, axis);
    position.offset = Math.floor(rest / stride);
    rest -= position.offset * stride;
  }
  return view.every((position, axis) => isWithin(position, at(shape, axis), domain)) ? { view } : undefined;
}

/** Whether a position stays in 0 … length − 1 in every iteration. */
function isWithin({ offset, coefficients }: Affine, length: number, domain: readonly number[]): boolean {
  let low = offset;
  let high = offset;
  for (const [loop, coefficient] of coefficients.entries()) {
    const reach = coefficient * (at(domain, loop) - 1);
    if (reach < 0) low += reach;
    else high += reach;
  }
  return low >= 0 && high < length;
}

/** Whether a position takes every value from 0 to below `size`. It does if its few loops are dense. */
export function covers({ offset, coefficients }: Affine, domain: readonly number[], size: number): boolean {
  const loops = coefficients.map((coefficient, loop) => ({ coefficient, count: at(domain, loop) })).filter(({ coefficient, count }) => coefficient !== 0 && count > 1);
  let low = offset;
  let reach = 0;
  for (const { coefficient, count } of loops.toSorted((a, b) => Math.abs(a.coefficient) - Math.abs(b.coefficient))) {
    if (Math.abs(coefficient) > reach + 1) return false;
    if (coefficient < 0) low += coefficient * (count - 1);
    reach += Math.abs(coefficient) * (count - 1);
  }
  return low === 0 && reach === size - 1;
}

/** Whether two views are equal, number by number. */
export function sameView(a: View, b: View): boolean {
  if (a.length !== b.length) return false;
  for (let axis = 0; axis < a.length; axis++) if (!isEqual(at(a, axis), at(b, axis))) return false;
  return true;
}

function isEqual(a: Affine, b: Affine): boolean {
  if (a === b) return true;
  if (a.offset !== b.offset) return false;
  for (let loop = 0; loop < a.coefficients.length; loop++) if (a.coefficients[loop] !== b.coefficients[loop]) return false;
  return true;
}

/** Whether two positions are equal in every iteration over loops of sizes `domain`. */
export function samePosition(a: Affine, b: Affine, domain: readonly number[]): boolean {
  return a.offset === b.offset && domain.every((size, loop) => size === 1 || at(a.coefficients, loop) === at(b.coefficients, loop));
}
