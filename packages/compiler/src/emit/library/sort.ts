import { isFloat, sizeOf } from "@nn/tensor/extend";
import { i32, type Expr, type ValueType } from "@nn/wasm";
import { at } from "../../ir/at.js";
import type { LibraryKernel } from "../../ir/program.js";
import type { Code } from "../lanes.js";
import { scalarLanes } from "../scalar.js";
import type { LibraryEmitter } from "./emitter.js";
import { elementOf, parallelNest } from "./nest.js";

/** Two lists of indices for each thread. */
export function sortScratchBytes({ inputs: [x], attributes: { axis } }: LibraryKernel<"argSort">, threads: number): number {
  return 2 * 4 * at(x.shape, axis) * threads;
}

/** The indices that sort each line, by merging runs of growing length. Stable; NaN is the largest. */
export const emitArgSort: LibraryEmitter<"argSort"> = (b, { inputs: [x], output, attributes: { axis, descending } }, context) => {
  const length = at(x.shape, axis);
  const [outer, inner] = [sizeOf(x.shape.slice(0, axis)), sizeOf(x.shape.slice(axis + 1))];
  parallelNest(b, [outer, inner], context, ([row, column]) => {
    const start = b.let(i32.add(i32.mul(row, length * inner), column));
    const scratch = i32.add(context.scratchAddress, i32.mul(context.thread, 8 * length));
    const from = b.let(scratch);
    const to = b.let(i32.add(from, 4 * length));
    const keyOf = (index: Expr<"i32">): Expr<ValueType> => scalarLanes.load(b, x.dtype, elementOf(x, i32.add(start, i32.mul(index, inner)), context), 1);
    const slot = (list: Expr<"i32">, position: Expr<"i32">): Expr<"i32"> => i32.add(list, i32.shl(position, 2));
    b.forRange(0, length, 1, (i) => b.i32.store(slot(from, i), i));
    const run = b.local("i32", 1);
    b.while(i32.lt_s(run, length), () => {
      const low = b.local("i32", 0);
      b.while(i32.lt_s(low, length), () => {
        const middle = b.let(smaller(b, i32.add(low, run), length));
        const high = b.let(smaller(b, i32.add(middle, run), length));
        const left = b.let(low);
        const right = b.let(middle);
        b.forRange(low, high, 1, (target) => {
          const takeRight = b.local("i32", 0);
          b.if(i32.lt_s(right, high), () => {
            b.set(takeRight, 1);
            b.if(i32.lt_s(left, middle), () => {
              const before = goesBefore(b, isFloat(x.dtype), descending, keyOf(i32.load(slot(from, right))), keyOf(i32.load(slot(from, left))));
              b.set(takeRight, before);
            });
          });
          b.if(
            takeRight,
            () => {
              b.i32.store(slot(to, target), i32.load(slot(from, right)));
              b.set(right, i32.add(right, 1));
            },
            () => {
              b.i32.store(slot(to, target), i32.load(slot(from, left)));
              b.set(left, i32.add(left, 1));
            },
          );
        });
        b.set(low, high);
      });
      const swap = b.let(from);
      b.set(from, to);
      b.set(to, swap);
      b.set(run, i32.shl(run, 1));
    });
    b.forRange(0, length, 1, (i) => {
      const { address, offset } = elementOf(output, i32.add(start, i32.mul(i, inner)), context);
      b.i32.store(address, i32.load(slot(from, i)), { offset });
    });
  });
};

function smaller(b: Code, x: Expr<"i32">, limit: number): Expr<"i32"> {
  const value = b.let(x);
  b.if(i32.gt_s(value, limit), () => b.set(value, limit));
  return value;
}

/** Whether key `x` comes strictly before key `y`. */
function goesBefore(b: Code, floating: boolean, descending: boolean, x: Expr<ValueType>, y: Expr<ValueType>): Expr<"i32"> {
  const [left, right] = [b.let(descending ? y : x), b.let(descending ? x : y)];
  if (!floating) return scalarLanes.extract(scalarLanes.apply(b, "less", "bool", [left, right], "int32"), 0);
  const less = scalarLanes.extract(scalarLanes.apply(b, "less", "bool", [left, right], "float64"), 0);
  const isNaN = (value: Expr<ValueType>): Expr<"i32"> => scalarLanes.extract(scalarLanes.apply(b, "logicalNot", "bool", [scalarLanes.apply(b, "equal", "bool", [value, value], "float64")], "bool"), 0);
  return i32.or(less, i32.and(isNaN(right), i32.eqz(isNaN(left))));
}
