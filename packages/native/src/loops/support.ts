import { elementCost, valuesOf, type Affine, type Buffer, type LoopKernel, type Store, type Value } from "@nn/compiler/target";
import type { DType } from "@nn/tensor";
import { bytesPerElement, sizeOf } from "@nn/tensor/extend";
import { isSupportedStride } from "../values/strided.js";
import { isSupportedApplication } from "../values/value-writer.js";
import { Shape } from "./shape.js";

/** Loops with less work, in operations on elements, take less time than the call of machine code. */
const worthwhileWork = 2048;

/** Displacements of instructions have 32 bits. */
const farthest = 2 ** 30;

/** Whether machine code takes less time than WebAssembly. */
export function isWorthwhileLoop(kernel: LoopKernel): boolean {
  const cost = [...valuesOf(kernel)].reduce((sum, value) => sum + (value.kind === "apply" ? elementCost(value.primitive) : 1), 0);
  return sizeOf(kernel.domain) * cost >= worthwhileWork;
}

/** Whether there is code for a loop nest. */
export function isSupportedLoop(kernel: LoopKernel): boolean {
  const shape = new Shape(kernel);
  return sizeOf(kernel.domain) > 0 && [...valuesOf(kernel)].every((value) => isSupportedValue(value, shape)) && kernel.stores.every((store) => isSupportedStore(store, shape));
}

function isSupportedValue(value: Value, shape: Shape): boolean {
  if (value.dtype === "float64") return false;
  switch (value.kind) {
    case "constant": return true;
    case "load": return isNear(value.buffer, value.at) && isSupportedStep(shape.laneStep(value.at), value.dtype);
    case "position": return value.dtype !== "bool" && [value.at.offset, ...value.at.coefficients].every((each) => Math.abs(each) < farthest);
    case "apply": return isSupportedApplication(value);
    case "reduce": return value.input.dtype === value.dtype;
    case "gather":
    case "checked":
    case "accumulator": return false;
  }
}

/** Whether elements of neighbouring lanes may be so far apart. */
function isSupportedStep(step: number, dtype: DType): boolean {
  return step === 0 || step === 1 || (dtype !== "bool" && isSupportedStride(step));
}

function isSupportedStore({ buffer, at, value }: Store, shape: Shape): boolean {
  if (buffer.dtype === "float64" || buffer.dtype !== value.dtype || !isNear(buffer, at)) return false;
  const isSingle = shape.reducesLanes && shape.laneStep(at) === 0;
  return isSingle || shape.laneStep(at) === 1;
}

/** Whether the distances between the elements of an access fit the displacements of instructions. */
function isNear({ shape, dtype }: Buffer, { offset, coefficients }: Affine): boolean {
  const bytes = bytesPerElement[dtype];
  return sizeOf(shape) * bytes < farthest && [offset, ...coefficients].every((each) => Math.abs(each) * bytes < farthest);
}
