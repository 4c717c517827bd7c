import type { Module } from "@nn/layers";
import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { bfloat16Form } from "./bfloat16-form.js";
import { batchesOf, type CalibrationBatch } from "./calibrate.js";
import { bytesOf, candidatesIn, conversionOptions, converted, noiseOfLayers, outputDecibels, requireAny, requireReady, scoresOf, type ConversionOptions } from "./conversion.js";
import { bfloat16Table, type Bfloat16Report } from "./report.js";

/** Options of {@link toBfloat16}. */
export interface Bfloat16Options<Model> extends ConversionOptions<Model> {
  /** Some batches of typical inputs, for the report; a list of tensors is one call of a `forward` with several inputs. Without them, it does not say what is lost. */
  readonly batches?: Iterable<CalibrationBatch> | undefined;
}

const bfloat16Options: OptionKinds<Bfloat16Options<Module>> = { ...conversionOptions, batches: "any" };

/** What {@link toBfloat16} returns. */
export interface InBfloat16<Model> {
  /**
   * A new model, in evaluation mode, for inference only: rounding has no gradients. Its type is that of the model, but in place of layers such as `Linear` it has `Bfloat16Linear`, whose
   * weights are a buffer of the state dictionary.
   */
  readonly model: Model;
  readonly report: Bfloat16Report;
  /** The report as a table of text. */
  readonly table: string;
}

/**
 * A copy of a model whose `Linear` and `Conv2d` layers have weights of bfloat16, which take half of the bytes: the upper half of a float32, with its range and 8 significant bits.
 * Inputs of these layers are rounded to bfloat16 too; products are exact, and sums, biases, activations and all other layers stay float32. It needs no calibration. Compile the model to
 * make it faster, above all where the time is that of reading the weights.
 *
 * @param model - the trained model, in evaluation mode. It does not change.
 * @throws UsageError if no layer can have such weights, the batches are empty, the model is in training mode, or it cannot be copied.
 *
 * @example
 * ```ts
 * import { manualSeed, normal } from "@nn/tensor";
 * import { Linear, ReLU, Sequential } from "@nn/layers";
 * import { toBfloat16 } from "@nn/quantize";
 *
 * manualSeed(1);
 * const trained = new Sequential(new Linear(64, 32), new ReLU(), new Linear(32, 10)).eval();
 * const { model, report } = toBfloat16(trained, { batches: [normal([256, 64])] });
 * model.forward(normal([5, 64])).shape; // => [5, 10]
 * report.layers.map(({ bytes }) => bytes); // => [{ before: 8320, after: 4224 }, { before: 1320, after: 680 }]
 * (report.decibels ?? 0) > 45; // => true
 * ```
 */
export function toBfloat16<Model extends Module>(model: Model, options: Bfloat16Options<Model> = {}): InBfloat16<Model> {
  requireOptions("toBfloat16", options, bfloat16Options);
  const { batches: given, keep = [], evaluate } = options;
  requireReady("toBfloat16", model, keep);
  const batches = given === undefined ? undefined : batchesOf("toBfloat16", "option batches", given);
  const { candidates, unchanged } = candidatesIn(model, new Set(keep), bfloat16Form);
  requireAny("toBfloat16: there is nothing to round", candidates, unchanged);
  for (const { layer, form } of candidates) form.assign(layer.weight.value, layer.bias?.value);
  const noises = noiseOfLayers(model, candidates, batches ?? []);
  const copy = converted("toBfloat16", model, candidates, options);
  const report = {
    layers: candidates.map(({ name, layer, form }) => ({ name, kind: layer.constructor.name, decibels: noises.get(layer)?.decibels, bytes: { before: bytesOf(layer), after: bytesOf(form) } })),
    unchanged,
    bytes: { before: bytesOf(model), after: bytesOf(copy) },
    decibels: batches === undefined ? undefined : outputDecibels(model, copy, batches),
    score: scoresOf("toBfloat16", model, copy, evaluate),
  };
  return { model: copy, report, table: bfloat16Table(report) };
}
