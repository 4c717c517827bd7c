import { ShapeError } from "@nn/tensor";
import { GraphError } from "../errors.js";
import { at } from "../ir/at.js";
import { valuesOf, type CheckedIndex, type LoopKernel, type Value } from "../ir/program.js";
import type { Affine } from "../ir/affine.js";

/** The most that a loop counts to. With a step added it still fits 32 bits. */
const longestLoop = 2 ** 30;

/** @throws ShapeError for a loop that is longer than can be counted. */
function requireCountable({ domain }: LoopKernel): void {
  const size = Math.max(...domain, 0);
  if (size > longestLoop) throw new ShapeError(`compile: an axis of ${size} elements is longer than the ${longestLoop} that a loop can count; reshape it to several axes`);
}

/** The same loop nest, with neighbouring loops merged wherever every access runs through both without a jump. */
export function collapse(kernel: LoopKernel): LoopKernel {
  requireCountable(kernel);
  let { domain, reduced } = kernel;
  let stores = kernel.stores;
  for (let inner = domain.length - 1; inner > 0; inner--) {
    const outer = inner - 1;
    const size = at(domain, inner);
    const both = at(domain, outer) * size;
    const runsOn = ({ coefficients }: Affine): boolean => at(coefficients, outer) === at(coefficients, inner) * size;
    const positions = [...stores.map((store) => store.at), ...[...valuesOf({ stores })].flatMap(positionsOf)];
    if (at(reduced, inner) !== at(reduced, outer) || both > longestLoop || !positions.every(runsOn)) continue;
    const drop = (affine: Affine): Affine => ({ offset: affine.offset, coefficients: affine.coefficients.toSpliced(outer, 1) });
    const known = new Map<Value, Value>();
    const move: Move = { drop, dropPosition: (position) => (position !== undefined && runsOn(position) ? drop(position) : undefined) };
    stores = stores.map((store) => ({ ...store, at: drop(store.at), value: mapped(store.value, move, known) }));
    domain = domain.toSpliced(outer, 2, both);
    reduced = reduced.toSpliced(outer, 1);
  }
  return { ...kernel, domain, reduced, stores };
}

/** The positions at which a value itself reads. */
function positionsOf(value: Value): Affine[] {
  switch (value.kind) {
    case "load":
    case "gather":
    case "position": return [value.at];
    default: return [];
  }
}

/** How positions change when two loops are merged. */
interface Move {
  readonly drop: (at: Affine) => Affine;
  /** The position among the indices is only for error messages. It is dropped if it would prevent the merge. */
  readonly dropPosition: (position: Affine | undefined) => Affine | undefined;
}

function movedIndex(index: CheckedIndex, move: Move, known: Map<Value, Value>): CheckedIndex {
  const moved = mapped(index, move, known);
  if (moved.kind !== "checked") throw new GraphError("an index is checked");
  return moved;
}

/** A value with all its positions changed. Shared values stay shared. */
function mapped(value: Value, move: Move, known: Map<Value, Value>): Value {
  const done = known.get(value);
  if (done !== undefined) return done;
  const result = ((): Value => {
    switch (value.kind) {
      case "load":
      case "position": return { ...value, at: move.drop(value.at) };
      case "gather": return { ...value, at: move.drop(value.at), index: movedIndex(value.index, move, known) };
      case "checked": return { ...value, position: move.dropPosition(value.position), index: mapped(value.index, move, known) };
      case "apply": return { ...value, inputs: value.inputs.map((input) => mapped(input, move, known)) };
      case "reduce": return { ...value, input: mapped(value.input, move, known) };
      default: return value;
    }
  })();
  known.set(value, result);
  return result;
}
