import type { Virtual } from "./steps.js";
import type { Operand, OperationWriter } from "./operation-writer.js";

/** The larger number: NaN if one is NaN, and 0 for 0 and −0. `vmaxps` gives its second operand if one is NaN or both are zeros. */
export function maximum(o: OperationWriter, x: Operand, y: Operand): Virtual {
  const [constant, other] = x.constant === undefined ? [y, x] : [x, y];
  if (isPlain(constant.constant)) {
    const larger = o.binary("vmaxps", constant, other);
    // Adding 0 turns −0 into 0.
    return constant.constant === 0 ? o.binary("vaddps", larger, o.number(0)) : larger;
  }
  const [left, right] = [o.inRegister(x), o.inRegister(y)];
  const [one, two] = [o.binary("vmaxps", left, right), o.binary("vmaxps", right, left)];
  return o.binary("vsubps", o.binary("vorps", one, two), o.binary("vxorps", one, two));
}

/** The smaller number: NaN if one is NaN, and −0 for 0 and −0. */
export function minimum(o: OperationWriter, x: Operand, y: Operand): Virtual {
  const [constant, other] = x.constant === undefined ? [y, x] : [x, y];
  if (isPlain(constant.constant)) return o.binary("vminps", constant, other);
  const [left, right] = [o.inRegister(x), o.inRegister(y)];
  return o.binary("vorps", o.binary("vminps", left, right), o.binary("vminps", right, left));
}

/** Whether the second operand is right where it equals this constant, or is NaN. */
function isPlain(constant: number | undefined): boolean {
  return constant !== undefined && !Number.isNaN(constant) && !Object.is(constant, -0);
}
