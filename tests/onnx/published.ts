import { Module } from "@nn/layers";
import { fromOnnx, toOnnx, type Exportable } from "@nn/onnx";
import { isTensor, normal, randomIntegers, uniform, type Generator, type Tensor } from "@nn/tensor";
import { isFloat } from "@nn/tensor/extend";
import { runOnnx } from "./runtime.js";

/** How far an element may be from ours, relative to the largest element of the output. */
const tolerance = 1e-4;

/** Makes biases, norms and running statistics differ from what they are initially: each of them must matter. */
export function unlikeInitially(model: Module, generator: Generator): Module {
  const vectors = [...model.parameters(), ...model.buffers()].filter(({ shape, dtype }) => shape.length === 1 && isFloat(dtype));
  for (const vector of vectors) vector.value = vector.value.add(uniform(vector.shape, { low: -0.3, high: 0.3, generator }));
  return model.eval();
}

/** An input like an example, for a batch of another size. Whole numbers are tokens. */
const another = ({ shape, dtype }: Tensor, batch: number, generator: Generator): Tensor =>
  isFloat(dtype) ? normal(shape.with(0, batch), { generator }) : randomIntegers(shape.with(0, batch), { low: 1, high: 20, generator });

/** The outputs of a model or a function by name, as a file has them. */
function outputsOf(subject: Exportable, inputs: readonly Tensor[]): Readonly<Record<string, Tensor>> {
  const result: unknown = subject instanceof Module ? Reflect.apply(subject.forward, subject, inputs) : subject(...inputs);
  return isTensor(result) ? { output: result } : (result as Readonly<Record<string, Tensor>>);
}

/** The largest difference of elements, relative to the largest element; infinite for another shape, and NaN if one of the two is no number. */
function relativeDifference(found: Tensor | undefined, expected: Tensor): number {
  if (found?.shape.join() !== expected.shape.join()) return Infinity;
  return found.sub(expected).abs().max().item() / expected.abs().max().item();
}

/**
 * Exports a model or a function for batches of any size, runs the file in ONNX Runtime and reads it again, with batches of the given sizes.
 * @returns The outputs that differ from ours; none if all are equal.
 */
export async function differencesElsewhere(subject: Exportable, examples: readonly Tensor[], batches: readonly number[], generator: Generator): Promise<readonly string[]> {
  const file = toOnnx(subject, Object.fromEntries(examples.map((example, at) => [`x${at}`, example])), { batchAxis: 0 });
  const again = fromOnnx(file);
  const problems: string[] = [];
  for (const batch of batches) {
    const inputs = examples.map((example) => another(example, batch, generator));
    const named = Object.fromEntries(inputs.map((input, at) => [`x${at}`, input]));
    const expected = outputsOf(subject, inputs);
    for (const [reader, found] of [["ONNX Runtime", await runOnnx(file, named)], ["fromOnnx", again.run(named)]] as const) {
      if (Object.keys(found).join() !== Object.keys(expected).join()) problems.push(`${reader}: the outputs are ${Object.keys(found).join(", ")}, expected ${Object.keys(expected).join(", ")}`);
      for (const [name, each] of Object.entries(expected)) {
        const far = relativeDifference(found[name], each);
        if (!(far <= tolerance)) problems.push(`${reader}, batch of ${batch}: ${name} differs by ${far.toExponential(1)}`);
      }
    }
  }
  return problems;
}
