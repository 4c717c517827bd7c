import { Module } from "@nn/layers";
import { ArgumentError, isTensor, UsageError, type Tensor } from "@nn/tensor";
import { bytesPerElement, describeValue, didYouMean, isFloat, quote, requireOptions, sizeOf, type OptionKinds } from "@nn/tensor/extend";
import { become } from "./become.js";
import { batchesOf, inputRanges, runModel, visitLayers, type CalibrationBatch, type InputRange } from "./calibrate.js";
import { copyModel, type CopyOptions } from "./copy-model.js";
import { Noise } from "./noise.js";
import { isFloatLayer, quantizedForm, type FloatLayer } from "./quantized-form.js";
import type { QuantizedLayer } from "./quantized-layer.js";
import { reportTable, type QuantizationReport, type QuantizedLayerReport, type UnchangedLayerReport } from "./report.js";

/** Options of {@link quantize}. */
export interface QuantizeOptions<Model> extends CopyOptions<Model> {
  /**
   * Which part of the inputs of a layer its range must hold, in per cent: above 50, at most 100. Below 100, the largest and the smallest inputs are limited, and all others are
   * told apart better. Default: 100.
   */
  readonly percentile?: number | undefined;
  /** The names of layers that stay as they are, such as the last one. Default: none. */
  readonly keep?: readonly string[] | undefined;
  /** Returns how good a model is, such as its accuracy on data that it was not calibrated with. It is called for both models, for the report. */
  readonly evaluate?: ((model: Model) => number) | undefined;
}

const quantizeOptions: OptionKinds<QuantizeOptions<Module>> = { copy: "function", percentile: "number", keep: "list", evaluate: "function" };

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
  requireReady(model, keep);
  const batches = batchesOf(calibration);
  const { candidates, unchanged } = candidatesIn(model, new Set(keep));
  const ranges = inputRanges(model, new Set(candidates.keys()), batches, percentile);
  const forms = new Map<Module, Form>();
  for (const [layer, { name, form }] of candidates) {
    const range = ranges.get(layer);
    if (range === undefined) unchanged.push({ name, kind: layer.constructor.name, reason: "the calibration did not run it" });
    else forms.set(layer, { name, range, form: form.assign(layer.weight.value, layer.bias?.value, range) });
  }
  requireAny(forms, unchanged);
  const layers = layerReports(model, forms, batches);
  const copy = copyModel("quantize", model, options);
  const places = copy.namedModules();
  for (const { name, form } of forms.values()) {
    const place = places.get(name);
    if (place !== undefined) become(place, form);
  }
  const report = {
    layers, unchanged,
    bytes: { before: bytesOf(model), after: bytesOf(copy) },
    decibels: outputDecibels(model, copy, batches),
    score: evaluate === undefined ? undefined : { before: scoreOf(model, evaluate), after: scoreOf(copy, evaluate) },
  };
  return { model: copy, report, table: reportTable(report) };
}

/** A layer that may be quantized: its name, and what would take its place. */
interface Candidate {
  readonly name: string;
  readonly form: QuantizedLayer;
}

/** A layer with whole numbers, with its values. */
interface Form extends Candidate {
  readonly range: InputRange;
}

function requireReady(model: Module, keep: readonly string[]): void {
  if (!(model instanceof Module)) throw new UsageError(`quantize: got ${describeValue(model)}, expected a module`);
  const names = model.namedModules();
  const unnamed = keep.find((name) => typeof name !== "string");
  if (unnamed !== undefined) throw new ArgumentError(`quantize: keep contains ${describeValue(unnamed)}, expected names of modules`);
  const unknown = keep.find((name) => !names.has(name));
  if (unknown !== undefined) throw new UsageError(`quantize: keep names ${quote(unknown)}, but the model has no such module${didYouMean(unknown, [...names.keys()])}`);
  const training = [...names].find(([, module]) => module.training);
  if (training === undefined) return;
  const [name, module] = training;
  throw new UsageError(`quantize: ${name === "" ? "the model" : name} (${module.constructor.name}) is in training mode, in which layers such as BatchNorm and Dropout compute something else; call eval() first`);
}

/** The layers that have a form with whole numbers, and all others with parameters, each with the reason why it has none. */
function candidatesIn(model: Module, keep: ReadonlySet<string>): { readonly candidates: ReadonlyMap<FloatLayer, Candidate>; readonly unchanged: UnchangedLayerReport[] } {
  const candidates = new Map<FloatLayer, Candidate>();
  const unchanged: UnchangedLayerReport[] = [];
  for (const [name, module] of model.namedModules()) {
    const inChildren = new Set(module.children().flatMap((child) => child.parameters()));
    if (module.parameters().every((parameter) => inChildren.has(parameter))) continue;
    const form = keep.has(name) ? "it was asked for" : quantizedForm(module);
    if (typeof form !== "string" && isFloatLayer(module)) candidates.set(module, { name, form });
    else unchanged.push({ name, kind: module.constructor.name, reason: String(form) });
  }
  return { candidates, unchanged };
}

function requireAny(forms: ReadonlyMap<Module, Form>, unchanged: readonly UnchangedLayerReport[]): void {
  if (forms.size > 0) return;
  const reasons = unchanged.map(({ name, kind, reason }) => `\n  ${name === "" ? "the model" : name} (${kind}): ${reason}`);
  throw new UsageError(`quantize: there is nothing to quantize, expected a Linear or a Conv2d without groups${reasons.join("")}`);
}

/** What each layer loses: its outputs for the inputs that it has in the model with float32. */
function layerReports(model: Module, forms: ReadonlyMap<Module, Form>, batches: readonly (readonly Tensor[])[]): QuantizedLayerReport[] {
  const noises = new Map([...forms.keys()].map((layer) => [layer, new Noise()] as const));
  visitLayers(model, new Set(forms.keys()), batches, (layer, _, input, output) => {
    const form = forms.get(layer)?.form;
    if (form !== undefined) noises.get(layer)?.add(output, form.forward(input));
  });
  return [...forms].map(([layer, { name, form, range }]) => ({
    name, kind: layer.constructor.name, inputRange: range, inputStep: 1 / form.inputFactor.value.item(), inputZero: form.inputZero.value.item(),
    decibels: noises.get(layer)?.decibels ?? Infinity, bytes: { before: bytesOf(layer), after: bytesOf(form) },
  }));
}

function outputDecibels(model: Module, copy: Module, batches: readonly (readonly Tensor[])[]): number | undefined {
  const noise = new Noise();
  for (const batch of batches) {
    const [expected, actual] = [runModel(model, batch), runModel(copy, batch)];
    if (!isTensor(expected) || !isTensor(actual) || !isFloat(expected.dtype)) return undefined;
    noise.add(expected, actual);
  }
  return noise.decibels;
}

function bytesOf(module: Module): number {
  return [...new Set(module.namedVariables().values())].reduce((sum, { shape, dtype }) => sum + sizeOf(shape) * bytesPerElement[dtype], 0);
}

function scoreOf<Model>(model: Model, evaluate: (model: Model) => number): number {
  const score: unknown = evaluate(model);
  if (typeof score === "number" && !Number.isNaN(score)) return score;
  throw new UsageError(`quantize: evaluate returned ${describeValue(score)}, expected a number`);
}
