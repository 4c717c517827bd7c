import type { LoopKernel, Value } from "../program.js";
import type { Affine } from "./affine.js";
import { valuesOf } from "./group.js";

/** The same loop nest with neighbouring loops made one wherever every access runs through them without a jump. */
export function collapse(kernel: LoopKernel): LoopKernel {
  let { domain, reduced } = kernel;
  let stores = kernel.stores;
  for (let axis = domain.length - 1; axis > 0; axis--) {
    const size = domain[axis] ?? 1;
    const runsOn = ({ coefficients }: Affine): boolean => coefficients[axis - 1] === (coefficients[axis] ?? 0) * size;
    const positions = [...valuesOf({ stores })].flatMap(positionsOf);
    if (reduced[axis] !== reduced[axis - 1] || !stores.every(({ at }) => runsOn(at)) || !positions.every(runsOn)) continue;
    const drop = (affine: Affine): Affine => ({ offset: affine.offset, coefficients: affine.coefficients.toSpliced(axis - 1, 1) });
    const known = new Map<Value, Value>();
    stores = stores.map((store) => ({ ...store, at: drop(store.at), value: mapped(store.value, drop, known) }));
    domain = domain.toSpliced(axis - 1, 2, (domain[axis - 1] ?? 1) * size);
    reduced = reduced.toSpliced(axis - 1, 1);
  }
  return { ...kernel, domain, reduced, stores };
}

/** The positions that a value itself reads at. */
function positionsOf(value: Value): Affine[] {
  switch (value.kind) {
    case "load":
    case "gather":
    case "position": return [value.at];
    default: return [];
  }
}

/** A value with all its positions changed; what is shared stays shared. */
function mapped(value: Value, change: (at: Affine) => Affine, known: Map<Value, Value>): Value {
  const done = known.get(value);
  if (done !== undefined) return done;
  const result = ((): Value => {
    switch (value.kind) {
      case "load":
      case "position": return { ...value, at: change(value.at) };
      case "gather": return { ...value, at: change(value.at), index: mapped(value.index, change, known) };
      case "apply": return { ...value, inputs: value.inputs.map((input) => mapped(input, change, known)) };
      case "reduce": return { ...value, input: mapped(value.input, change, known) };
      default: return value;
    }
  })();
  known.set(value, result);
  return result;
}
