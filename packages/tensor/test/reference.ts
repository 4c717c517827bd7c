import { readFileSync } from "node:fs";
import { expect } from "vitest";
import { tensor, type DType, type Tensor } from "../src/index.js";

/** A tensor as PyTorch's recorded numbers give it. */
export interface RecordedTensor {
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly data: readonly (number | boolean | "NaN" | "Infinity" | "-Infinity")[];
}

/** Arguments of a recorded call, with PyTorch's names. */
export type RecordedArguments = Readonly<Record<string, unknown>>;

/** One recorded call. */
export interface ReferenceCase {
  readonly id: string;
  readonly target: string;
  readonly args?: RecordedArguments;
  readonly inputs: readonly RecordedTensor[];
  readonly inputNames?: readonly string[];
  readonly outputs: readonly RecordedTensor[];
  readonly optional?: boolean;
  readonly tolerance?: { readonly rtol: number; readonly atol: number };
}

/** The cases of one file of recorded numbers. */
export function referenceCases(category: string): readonly ReferenceCase[] {
  const text = readFileSync(new URL(`../../../tests/reference/${category}.json`, import.meta.url), "utf8");
  return (JSON.parse(text) as { readonly cases: readonly ReferenceCase[] }).cases;
}

/** The recorded numbers as a tensor. */
export function fromRecorded({ shape, dtype, data }: RecordedTensor): Tensor {
  return tensor(data.map(Number), { shape, dtype });
}

/** Checks type and values: `|got − want| ≤ atol + rtol · |want|`, whole numbers and bools exactly. */
export function expectRecorded(got: Tensor, want: RecordedTensor, tolerance?: ReferenceCase["tolerance"]): void {
  expect({ shape: got.shape, dtype: got.dtype }).toEqual({ shape: want.shape, dtype: want.dtype });
  const exact = want.dtype === "int32" || want.dtype === "bool";
  const { rtol, atol } = exact ? { rtol: 0, atol: 0 } : (tolerance ?? (want.dtype === "float64" ? { rtol: 1e-9, atol: 1e-12 } : { rtol: 1e-4, atol: 1e-5 }));
  const values = got.toTypedArray();
  want.data.map(Number).forEach((expected, at) => {
    const found = values[at] as number;
    const near = Number.isFinite(expected) && Math.abs(found - expected) <= atol + rtol * Math.abs(expected);
    const close = Object.is(found, expected) || found === expected || near;
    if (!close) expect.fail(`element ${at} is ${found}, expected ${expected}`);
  });
}

/** The function of this library that stands for a recorded one of PyTorch. */
export function counterpartOf<F>(functions: Readonly<Record<string, F>>, target: string): F {
  const found = functions[target];
  if (found === undefined) throw new Error(`${target} has no counterpart`);
  return found;
}
