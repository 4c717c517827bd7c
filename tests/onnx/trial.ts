import { fromOnnx, toOnnx } from "@nn/onnx";
import { tensor, type Tensor } from "@nn/tensor";
import { seedsOf } from "../plain/check.js";
import { Random } from "../plain/random.js";
import type { Entry } from "../plain/trial.js";
import { runOnnx } from "./runtime.js";

/** The relative error that float32 may have in another order of operations. */
const tolerance = 1e-4;

/** The largest difference of elements, as a multiple of the tolerance, measured by the size of the largest element; infinite for another shape. */
export function distance(found: Tensor | undefined, expected: Tensor): number {
  if (found?.shape.join() !== expected.shape.join()) return Infinity;
  const values = Array.from(found.toTypedArray(), Number);
  const wanted = Array.from(expected.toTypedArray(), Number);
  const scale = 1 + Math.max(0, ...wanted.filter(Number.isFinite).map(Math.abs));
  const differences = wanted.map((value, at) => (Object.is(value, values[at]) || value === values[at] ? 0 : Math.abs(value - (values[at] ?? Number.NaN))));
  return differences.some(Number.isNaN) ? Infinity : Math.max(0, ...differences) / (tolerance * scale);
}

/** Exports one configuration of a layer or an operation in evaluation mode, runs the file in ONNX Runtime, reads it again and compares. @returns The problems. */
async function problemsOfFile(entry: Entry, seed: number): Promise<string[]> {
  const trial = entry(new Random(seed));
  const { call, module } = trial.ours("float32");
  module?.eval();
  const inputs = Object.fromEntries(trial.inputs.map(({ shape, data }, at) => [`x${at}`, tensor([...data], { shape, dtype: "float32" })]));
  const run = (...xs: Tensor[]): readonly Tensor[] => [call(...xs)].flat();
  const expected = run(...Object.values(inputs));
  const file = toOnnx(run, inputs, { module });
  const readers = { "ONNX Runtime": await runOnnx(file, inputs), fromOnnx: fromOnnx(file).run(inputs) };
  return Object.entries(readers).flatMap(([reader, found]) => expected.flatMap((each, at) => {
    const far = distance(Object.values(found)[at], each);
    return far <= (trial.loose ?? 1) ? [] : [`${trial.what} (seed ${seed}, ${reader}): output ${at} is ${far} tolerances away`];
  }));
}

/** The problems of all configurations of a name. With `refusal`, each must be refused with such a message. */
export async function problemsOfFiles(name: string, entry: Entry, refusal?: RegExp): Promise<string[]> {
  const problems: string[] = [];
  for (const seed of seedsOf(name)) {
    try {
      problems.push(...(await problemsOfFile(entry, seed)), ...(refusal === undefined ? [] : [`seed ${seed} is not refused`]));
    } catch (error) {
      if (refusal?.test(String(error)) !== true) problems.push(`seed ${seed}: ${String(error)}`);
    }
  }
  return problems;
}
