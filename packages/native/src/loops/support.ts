import { elementCost, valuesOf, type Affine, type Buffer, type LoopKernel, type Store, type Value } from "@nn/compiler/target";
import { bytesPerElement, sizeOf } from "@nn/tensor/extend";
import { isSupportedStride } from "../values/strided.js";
import { isSupportedApplication } from "../values/value-writer.js";
import type { Level, LevelName } from "../vectors/level.js";
import { isRow } from "./indexed.js";
import { Shape } from "./shape.js";

/** Loops with less work, in operations on elements, take less time than the call of machine code. */
const worthwhileWork = 2048;

/** Displacements of instructions have 32 bits. */
const farthest = 2 ** 30;

/**
 * Elements that lie far apart, or at computed positions, are read one by one, as in WebAssembly. Machine code takes less time only if it computes this
 * much, in additions, with each.
 */
const worthwhileCost: { readonly [N in LevelName]: number } = { "AVX-512": 1, "AVX2": 8 };

/** Whether machine code takes less time than WebAssembly. It does not where lines that are shorter than a vector are only moved: parts of vectors take as long as whole ones. */
export function isWorthwhileLoop(kernel: LoopKernel, { name, lanes }: Level): boolean {
  const values = [...valuesOf(kernel)];
  const costs = values.map((value) => (value.kind === "apply" ? elementCost(value.primitive) : 0));
  const operations = costs.reduce((sum, cost) => sum + cost, 0);
  const others = costs.filter((cost) => cost === 0).length;
  const shape = new Shape(kernel);
  const onlyMovesParts = operations === 0 && shape.size(shape.vectorAxis) < lanes && kernel.domain.length > 1;
  const readsFar = values.some((value) => {
    if (value.kind === "gather") return !isRow(value, shape);
    return value.kind === "load" && shape.laneStep(value.at) !== 0 && !isSupportedStride(shape.laneStep(value.at));
  });
  return sizeOf(kernel.domain) * (operations + others) >= worthwhileWork && !onlyMovesParts && (!readsFar || operations >= worthwhileCost[name]);
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
    case "load": return isNear(value.buffer, value.at) && (value.dtype !== "bool" || shape.laneStep(value.at) === 0 || shape.laneStep(value.at) === 1);
    case "position": return value.dtype !== "bool" && isCountable(value.at);
    case "apply": return isSupportedApplication(value);
    case "reduce": return value.input.dtype === value.dtype;
    case "gather": return isNear(value.buffer, value.at) && (value.dtype !== "bool" || isRow(value, shape));
    case "checked": return value.position === undefined || isCountable(value.position);
    case "accumulator": return false;
  }
}

function isSupportedStore({ buffer, at, value }: Store, shape: Shape): boolean {
  if (buffer.dtype === "float64" || buffer.dtype !== value.dtype || !isNear(buffer, at)) return false;
  const isSingle = shape.reducesLanes && shape.laneStep(at) === 0;
  return isSingle || shape.laneStep(at) === 1;
}

/** Whether the parts of a position fit the immediate operands of instructions. */
function isCountable({ offset, coefficients }: Affine): boolean {
  return [offset, ...coefficients].every((each) => Math.abs(each) < farthest);
}

/** Whether the distances between the elements of an access fit the displacements of instructions. */
function isNear({ shape, dtype }: Buffer, { offset, coefficients }: Affine): boolean {
  const bytes = bytesPerElement[dtype];
  return sizeOf(shape) * bytes < farthest && [offset, ...coefficients].every((each) => Math.abs(each) * bytes < farthest);
}
