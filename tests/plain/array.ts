/** An array of plain numbers in row-major order, on which the plain implementations compute. */
export interface Plain {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

/** The number of elements of a shape. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((size, each) => size * each, 1);

/** The element at an index of a list, which must exist. */
export function get<T>(list: readonly T[], at: number): T {
  const found = list[at < 0 ? at + list.length : at];
  if (found === undefined) throw new RangeError(`there is no element ${at} of ${list.length}`);
  return found;
}

/** All indices of a shape, the last axis fastest. */
export function indicesOf(shape: readonly number[]): number[][] {
  return Array.from({ length: sizeOf(shape) }, (_, flat) => indexOf(shape, flat));
}

function indexOf(shape: readonly number[], flat: number): number[] {
  const index: number[] = [];
  let rest = flat;
  for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
    const size = get(shape, axis);
    index[axis] = rest % size;
    rest = Math.floor(rest / size);
  }
  return index;
}

/** Builds an array from a function of the index. */
export const make = (shape: readonly number[], value: (index: readonly number[]) => number): Plain => ({ shape, data: indicesOf(shape).map(value) });

/** The position of an index in the data. */
export const positionOf = (shape: readonly number[], index: readonly number[]): number => shape.reduce((position, size, axis) => position * size + get(index, axis), 0);

/** The element at an index. */
export const at = (x: Plain, ...index: readonly number[]): number => get(x.data, positionOf(x.shape, index));

/** The element at an index, or another number outside of the array. */
export function atOr(x: Plain, index: readonly number[], otherwise: number): number {
  return index.every((each, axis) => each >= 0 && each < get(x.shape, axis)) ? at(x, ...index) : otherwise;
}

export const scalar = (value: number): Plain => ({ shape: [], data: [value] });

export const map = (x: Plain, f: (value: number) => number): Plain => ({ shape: x.shape, data: x.data.map(f) });

export const sum = (values: readonly number[]): number => values.reduce((total, each) => total + each, 0);

/** The shape that shapes broadcast to. */
export function broadcastShape(...shapes: readonly (readonly number[])[]): number[] {
  const rank = Math.max(...shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, axis) => {
    const sizes = shapes.map((shape) => shape[axis - rank + shape.length] ?? 1);
    return sizes.includes(0) ? 0 : Math.max(...sizes);
  });
}

/** The element of an array at an index of a shape that it broadcasts to. */
export const atBroadcast = (x: Plain, index: readonly number[]): number =>
  at(x, ...x.shape.map((size, axis) => (size === 1 ? 0 : get(index, axis + index.length - x.shape.length))));

/** Element by element, after broadcasting. */
export const zip = (f: (...values: number[]) => number, ...arrays: readonly Plain[]): Plain =>
  make(broadcastShape(...arrays.map((each) => each.shape)), (index) => f(...arrays.map((each) => atBroadcast(each, index))));

/** Replaces each row along an axis. */
export function along(x: Plain, axis: number, f: (row: readonly number[]) => readonly number[]): Plain {
  const position = axis < 0 ? axis + x.shape.length : axis;
  const length = get(x.shape, position);
  const others = x.shape.map((size, each) => (each === position ? 1 : size));
  const rows = new Map(indicesOf(others).map((index) =>
    [index.join(), f(Array.from({ length }, (_, step) => at(x, ...index.map((each, on) => (on === position ? step : each)))))]));
  const result = [...rows.values()][0]?.length ?? 0;
  return make(x.shape.map((size, each) => (each === position ? result : size)), (index) =>
    get(rows.get(index.map((each, on) => (on === position ? 0 : each)).join()) ?? [], get(index, position)));
}

/** Reduces axes to one number for each index of the other axes. */
export function reduce(x: Plain, axes: readonly number[] | undefined, keepAxes: boolean, f: (values: readonly number[]) => number): Plain {
  const gone = new Set((axes ?? x.shape.map((_, axis) => axis)).map((axis) => (axis < 0 ? axis + x.shape.length : axis)));
  const kept = x.shape.map((size, axis) => (gone.has(axis) ? 1 : size));
  const inner = x.shape.map((size, axis) => (gone.has(axis) ? size : 1));
  const result = make(kept, (index) => f(indicesOf(inner).map((within) => at(x, ...index.map((each, axis) => each + get(within, axis))))));
  return keepAxes ? result : { ...result, shape: x.shape.filter((_, axis) => !gone.has(axis)) };
}

export const reshape = (x: Plain, shape: readonly number[]): Plain => ({ shape, data: x.data });

export const permute = (x: Plain, order: readonly number[]): Plain => {
  const from = order.map((axis) => (axis < 0 ? axis + order.length : axis));
  return make(from.map((axis) => get(x.shape, axis)), (index) => at(x, ...x.shape.map((_, axis) => get(index, from.indexOf(axis)))));
};

/** Joins along an axis. */
export function concat(arrays: readonly Plain[], axis: number): Plain {
  const first = get(arrays, 0);
  const position = axis < 0 ? axis + first.shape.length : axis;
  const sizes = arrays.map((each) => get(each.shape, position));
  return make(first.shape.map((size, each) => (each === position ? sum(sizes) : size)), (index) => {
    let step = get(index, position);
    for (const each of arrays) {
      const size = get(each.shape, position);
      if (step < size) return at(each, ...index.map((value, on) => (on === position ? step : value)));
      step -= size;
    }
    throw new RangeError("beyond the end");
  });
}

/** A range of an axis. */
export function narrow(x: Plain, axis: number, start: number, length: number): Plain {
  const position = axis < 0 ? axis + x.shape.length : axis;
  return make(x.shape.map((size, each) => (each === position ? length : size)), (index) => at(x, ...index.map((value, on) => (on === position ? value + start : value))));
}

/** Matrices times matrices, their batches broadcast. */
export function matmul(a: Plain, b: Plain): Plain {
  const [left, right] = [a.shape.length === 1 ? reshape(a, [1, ...a.shape]) : a, b.shape.length === 1 ? reshape(b, [...b.shape, 1]) : b];
  const batch = broadcastShape(left.shape.slice(0, -2), right.shape.slice(0, -2));
  const [rows, inner, columns] = [get(left.shape, -2), get(left.shape, -1), get(right.shape, -1)];
  const inBatch = (x: Plain, index: readonly number[], row: number, column: number): number =>
    at(x, ...x.shape.slice(0, -2).map((size, axis) => (size === 1 ? 0 : get(index, axis + index.length - x.shape.length + 2))), row, column);
  const result = make([...batch, rows, columns], (index) => {
    const [outer, row, column] = [index.slice(0, -2), get(index, -2), get(index, -1)];
    return sum(Array.from({ length: inner }, (_, k) => inBatch(left, outer, row, k) * inBatch(right, outer, k, column)));
  });
  return reshape(result, [...batch, ...(a.shape.length === 1 ? [] : [rows]), ...(b.shape.length === 1 ? [] : [columns])]);
}
