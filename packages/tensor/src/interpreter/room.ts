import { bytesPerElement, mostBytes, type DType } from "../dtype.js";
import { outOfMemory } from "../out-of-memory.js";
import { requireShape, sizeOf, tooLarge, type Shape } from "../shape.js";
import { currentInterpreter, type Interpreter } from "./stack.js";

/** Refuses values that are not shapes, and shapes of results for which there is no memory, in the name of the operation that users call. */
export function requireRoom(operation: string, shape: Shape, dtype: DType = "float32"): void {
  requireShape(operation, shape, dtype);
  if (sizeOf(shape) * bytesPerElement[dtype] > mostBytes && isExecuted()) throw outOfMemory(operation, tooLarge(shape, dtype));
}

/** Whether operations are executed now. Compiled programs need no memory for what they do not store. */
function isExecuted(): boolean {
  for (let at: Interpreter | undefined = currentInterpreter(); at !== undefined; at = at.below) if (at.refuseHostEffect !== undefined) return false;
  return true;
}
