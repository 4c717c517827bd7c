import type { Module } from "@nn/layers";
import { ArgumentError } from "@nn/tensor";
import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { batchesOf, inputRanges, type CalibrationBatch } from "./calibrate.js";
import { bytesOf, candidatesIn, conversionOptions, converted, noiseOfLayers, outputDecibels, requireAny, requireReady, scoresOf, type ConversionOptions } from "./conversion.js";
import { quantizedForm } from "./quantized-form.js";
import { quantizationTable, type QuantizationReport } from "./report.js";

/** Options of {@link quantize}. */
export interface QuantizeOptions<Model> extends ConversionOptions<Model> {
  /**
   * Which part of the inputs of a layer its range must hold, in per cent: above 50, at most 100. Below 100, the largest and the smallest inputs are limited, and all others are
   * told apart better. Default: 100.
   */
  readonly percentile?: number | undefined;
}

const quantizeOptions: OptionKinds<QuantizeOptions<Module>> = { ...conversionOptions, percentile: "number" };

/** What {@link quantize} returns. */
export interface Quantized<Model> {
  /**
   * A new model, in evaluation mode, for inference only: rounding has no gradients. Its type is that of the model, but in place of layers such as `Linear` it has `QuantizedLinear`, whose
   * whole numbers are buffers of the state dictionary.
   */
  readonly model: Model;
  readonly report: QuantizationReport;
  /** The report as a table of text. */
  readonly table: string;
}

/**
 * A copy of a model whose `Linear` and `Conv2d` layers multiply whole numbers: weights of 8 bits, and inputs of 7 bits whose ranges are those that the calibration data
 * have in the model with float32 (Jacob et al. 2018, "Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference"). Each output has a scale of its
 * own for its weights; biases, activations and all other layers stay float32. The report says what every layer loses. Compile the model to make it faster.
 *
 * @param model - the trained model, in evaluation mode. It does not change.
 * @param calibration - some batches of typical inputs; a list of tensors is one call of a `forward` with several inputs.
 * @throws UsageError if there is nothing to quantize, the calibration is empty, an input is NaN or infinite, the model is in training mode, or it cannot be copied.
 *
 * @example
 * ```ts
 * import { manualSeed, normal } from "@nn/tensor";
 * import { Linear, ReLU, Sequential } from "@nn/layers";
 * import { quantize } from "@nn/quantize";
 *
 * manualSeed(1);
 * const trained = new Sequential(new Linear(64, 32), new ReLU(), new Linear(32, 10)).eval();
 * const { model, report } = quantize(trained, [normal([256, 64])]);
 * model.forward(normal([5, 64])).shape; // => [5, 10]
 * report.layers.map(({ name, kind }) => `${name} ${kind}`); // => ["0 Linear", "2 Linear"]
 * (report.decibels ?? 0) > 30; // => true
 * ```
 */
export function quantize<Model extends Module>(model: Model, calibration: Iterable<CalibrationBatch>, options: QuantizeOptions<Model> = {}): Quantized<Model> {
  requireOptions("quantize", options, quantizeOptions);
  const { percentile = 100, keep = [], evaluate } = options;
  if (!(percentile > 50 && percentile <= 100)) throw new ArgumentError(`quantize: percentile is ${percentile}, expected a number above 50, at most 100`);
  requireReady("quantize", model, keep);
  const batches = batchesOf("quantize", "calibration", calibration);
  const { candidates, unchanged } = candidatesIn(model, new Set(keep), quantizedForm);
  const ranges = inputRanges(model, new Set(candidates.map(({ layer }) => layer)), batches, percentile);
  const quantized = candidates.flatMap(({ name, layer, form }) => {
    const range = ranges.get(layer);
    if (range !== undefined) return [{ name, layer, range, form: form.assign(layer.weight.value, layer.bias?.value, range) }];
    unchanged.push({ name, kind: layer.constructor.name, reason: "the calibration did not run it" });
    return [];
  });
  requireAny("quantize: there is nothing to quantize", quantized, unchanged);
  const noises = noiseOfLayers(model, quantized, batches);
  const layers = quantized.map(({ name, layer, form, range }) => ({
    name, kind: layer.constructor.name, inputRange: range, inputStep: 1 / form.inputFactor.value.item(), inputZero: form.inputZero.value.item(),
    decibels: noises.get(layer)?.decibels ?? Infinity, bytes: { before: bytesOf(layer), after: bytesOf(form) },
  }));
  const copy = converted("quantize", model, quantized, options);
  const report = {
    layers, unchanged,
    bytes: { before: bytesOf(model), after: bytesOf(copy) },
    decibels: outputDecibels(model, copy, batches),
    score: scoresOf("quantize", model, copy, evaluate),
  };
  return { model: copy, report, table: quantizationTable(report) };
}
