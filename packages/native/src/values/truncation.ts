import type { Operand, OperationWriter } from "./operation-writer.js";
import type { Virtual } from "./steps.js";

/** Towards 0: numbers beyond int32 become the nearest whole number of int32, and NaN becomes 0. The instruction gives −2³¹ for both. */
export function truncate(o: OperationWriter, x: Operand): Virtual {
  const input = o.inRegister(x);
  const limited = o.binary("vxorps", o.unary("vcvttps2dq", input), o.compare("lessEqual", o.number(2 ** 31), input));
  return o.binary("vandps", limited, o.compare("equal", input, input));
}
