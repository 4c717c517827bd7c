import { onForward, type Module } from "@nn/layers";
import { isTensor, max, min, quantile, UsageError, type Tensor } from "@nn/tensor";
import { describeValue } from "@nn/tensor/extend";

/** The arguments of `forward` for one batch: its input, or a list of inputs. */
export type CalibrationBatch = Tensor | readonly Tensor[];

/** From the least to the largest input of a layer. */
export type InputRange = readonly [low: number, high: number];

/** Lists of arguments. */
export type Batches = readonly (readonly Tensor[])[];

/** The batches as lists of arguments. They are read once. `what`: the operation, and what the batches are called. */
export function batchesOf(operation: string, what: string, calibration: Iterable<CalibrationBatch>): Batches {
  if (typeof calibration !== "object" || calibration === null || !(Symbol.iterator in calibration) || isTensor(calibration)) {
    throw new UsageError(`${operation}: ${what} is ${describeValue(calibration)}, expected batches of inputs, such as [x] or a list of tensors`);
  }
  const batches = [...calibration].map((batch, at) => {
    const inputs: readonly Tensor[] = isTensor(batch) ? [batch] : batch;
    if (Array.isArray(inputs) && inputs.length > 0 && inputs.every(isTensor)) return inputs;
    throw new UsageError(`${operation}: batch ${at} of the ${what} is ${describeValue(batch)}, expected a tensor, or a list of tensors for a model with several inputs`);
  });
  if (batches.length === 0) throw new UsageError(`${operation}: the ${what} is empty, expected at least one batch of inputs`);
  return batches;
}

/** Runs a model on a batch. */
export function runModel(model: Module, batch: readonly Tensor[]): unknown {
  return model.forward(...(batch as readonly never[]));
}

/** Calls `visit` with the input and the output of each layer, for every batch. */
export function visitLayers(model: Module, layers: ReadonlySet<Module>, batches: Batches, visit: (layer: Module, path: string, input: Tensor, output: Tensor) => void): void {
  const remove = onForward(model, (module, path, [input], output) => {
    if (layers.has(module) && isTensor(input) && isTensor(output) && input.size > 0) visit(module, path, input, output);
  });
  try {
    for (const batch of batches) runModel(model, batch);
  } finally {
    remove();
  }
}

/**
 * The range of the inputs of each layer that ran. With a percentile below 100, the mean over all calls of what remains without the largest and the smallest inputs.
 */
export function inputRanges(model: Module, layers: ReadonlySet<Module>, batches: Batches, percentile: number): ReadonlyMap<Module, InputRange> {
  const seen = new Map<Module, InputRange[]>();
  visitLayers(model, layers, batches, (layer, path, input) => {
    const range: InputRange = percentile === 100 ? [min(input).item(), max(input).item()] : [quantile(input, 1 - percentile / 100).item(), quantile(input, percentile / 100).item()];
    if (!range.every(Number.isFinite)) throw new UsageError(`quantize: an input of ${path} (${layer.constructor.name}) is NaN or infinite; is the calibration data right, and is the model trained?`);
    seen.set(layer, [...(seen.get(layer) ?? []), range]);
  });
  const combined = (ranges: readonly InputRange[]): InputRange => {
    const [lows, highs] = [ranges.map(([low]) => low), ranges.map(([, high]) => high)];
    const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    return percentile === 100 ? [Math.min(...lows), Math.max(...highs)] : [mean(lows), mean(highs)];
  };
  return new Map([...seen].map(([layer, ranges]) => [layer, combined(ranges)]));
}
