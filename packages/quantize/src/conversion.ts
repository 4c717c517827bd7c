import { Module } from "@nn/layers";
import { ArgumentError, isTensor, UsageError } from "@nn/tensor";
import { bytesPerElement, describeValue, didYouMean, isFloat, quote, sizeOf, type OptionKinds } from "@nn/tensor/extend";
import { become } from "./become.js";
import type { Bfloat16Layer } from "./bfloat16-layer.js";
import { runModel, visitLayers, type Batches } from "./calibrate.js";
import { copyModel, type CopyOptions } from "./copy-model.js";
import { isFloatLayer, type FloatLayer } from "./float-layer.js";
import { Noise } from "./noise.js";
import type { QuantizedLayer } from "./quantized-layer.js";
import type { BeforeAndAfter, UnchangedLayerReport } from "./report.js";

/** How a copy of a model gets smaller weights. */
export interface ConversionOptions<Model> extends CopyOptions<Model> {
  /** The names of layers that stay as they are, such as the last one. Default: none. */
  readonly keep?: readonly string[] | undefined;
  /** Returns how good a model is, such as its accuracy on data that it was not calibrated with. It is called for both models, for the report. */
  readonly evaluate?: ((model: Model) => number) | undefined;
}

export const conversionOptions: OptionKinds<ConversionOptions<Module>> = { copy: "function", keep: "list", evaluate: "function" };

/** A layer with smaller weights. */
export type SmallLayer = QuantizedLayer | Bfloat16Layer;

/** A layer that has another form: its name, and what would take its place. */
export interface Candidate<Form extends SmallLayer = SmallLayer> {
  readonly name: string;
  readonly layer: FloatLayer;
  readonly form: Form;
}

export function requireReady(operation: string, model: Module, keep: readonly string[]): void {
  if (!(model instanceof Module)) throw new UsageError(`${operation}: got ${describeValue(model)}, expected a module`);
  const names = model.namedModules();
  const unnamed = keep.find((name) => typeof name !== "string");
  if (unnamed !== undefined) throw new ArgumentError(`${operation}: keep contains ${describeValue(unnamed)}, expected names of modules`);
  const unknown = keep.find((name) => !names.has(name));
  if (unknown !== undefined) throw new UsageError(`${operation}: keep names ${quote(unknown)}, but the model has no such module${didYouMean(unknown, [...names.keys()])}`);
  const training = [...names].find(([, module]) => module.training);
  if (training === undefined) return;
  const [name, module] = training;
  throw new UsageError(`${operation}: ${name === "" ? "the model" : name} (${module.constructor.name}) is in training mode, in which layers such as BatchNorm and Dropout compute something else; call eval() first`);
}

/** The layers that have another form, and all others with parameters, each with the reason why it has none. */
export function candidatesIn<Form extends SmallLayer>(model: Module, keep: ReadonlySet<string>, formOf: (module: Module) => Form | string): { readonly candidates: readonly Candidate<Form>[]; readonly unchanged: UnchangedLayerReport[] } {
  const candidates: Candidate<Form>[] = [];
  const unchanged: UnchangedLayerReport[] = [];
  for (const [name, module] of model.namedModules()) {
    const inChildren = new Set(module.children().flatMap((child) => child.parameters()));
    if (module.parameters().every((parameter) => inChildren.has(parameter))) continue;
    const form = keep.has(name) ? "it was asked for" : formOf(module);
    if (typeof form !== "string" && isFloatLayer(module)) candidates.push({ name, layer: module, form });
    else unchanged.push({ name, kind: module.constructor.name, reason: String(form) });
  }
  return { candidates, unchanged };
}

/** `what`: the operation and what it does, such as `quantize: there is nothing to quantize`. */
export function requireAny(what: string, candidates: readonly Candidate[], unchanged: readonly UnchangedLayerReport[]): void {
  if (candidates.length > 0) return;
  const reasons = unchanged.map(({ name, kind, reason }) => `\n  ${name === "" ? "the model" : name} (${kind}): ${reason}`);
  throw new UsageError(`${what}, expected a Linear or a Conv2d without groups${reasons.join("")}`);
}

/** A copy of a model in which these layers have their other form. */
export function converted<Model extends Module>(operation: string, model: Model, candidates: readonly Candidate[], options: CopyOptions<Model>): Model {
  const copy = copyModel(operation, model, options);
  const places = copy.namedModules();
  for (const { name, form } of candidates) {
    const place = places.get(name);
    if (place !== undefined) become(place, form);
  }
  return copy;
}

/** What each layer that runs loses: its outputs for the inputs that it has in the model with float32. */
export function noiseOfLayers(model: Module, candidates: readonly Candidate[], batches: Batches): ReadonlyMap<Module, Noise> {
  const forms = new Map<Module, SmallLayer>(candidates.map(({ layer, form }) => [layer, form]));
  const noises = new Map<Module, Noise>();
  visitLayers(model, new Set(forms.keys()), batches, (layer, _, input, output) => {
    const form = forms.get(layer);
    if (form === undefined) return;
    const noise = noises.get(layer) ?? new Noise();
    noises.set(layer, noise);
    noise.add(output, form.forward(input));
  });
  return noises;
}

/** The signal-to-noise ratio of the outputs of a copy; `undefined` if they are not single tensors of floats. */
export function outputDecibels(model: Module, copy: Module, batches: Batches): number | undefined {
  const noise = new Noise();
  for (const batch of batches) {
    const [expected, actual] = [runModel(model, batch), runModel(copy, batch)];
    if (!isTensor(expected) || !isTensor(actual) || !isFloat(expected.dtype)) return undefined;
    noise.add(expected, actual);
  }
  return noise.decibels;
}

/** The bytes of the state of a module. */
export function bytesOf(module: Module): number {
  return [...new Set(module.namedVariables().values())].reduce((sum, { shape, dtype }) => sum + sizeOf(shape) * bytesPerElement[dtype], 0);
}

/** What `evaluate` returns for both models, if it is there. */
export function scoresOf<Model>(operation: string, model: Model, copy: Model, evaluate: ((model: Model) => number) | undefined): BeforeAndAfter | undefined {
  if (evaluate === undefined) return undefined;
  const scoreOf = (each: Model): number => {
    const score: unknown = evaluate(each);
    if (typeof score === "number" && !Number.isNaN(score)) return score;
    throw new UsageError(`${operation}: evaluate returned ${describeValue(score)}, expected a number`);
  };
  return { before: scoreOf(model), after: scoreOf(copy) };
}
