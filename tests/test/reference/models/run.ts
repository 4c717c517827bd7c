import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { Dropout, StochasticDepth, type Module } from "@nn/layers";
import { DecodingSession, type CausalLanguageModel } from "@nn/models";
import { SGD } from "@nn/optim";
import { argMax, norm, select, tensor, type Tensor, type TypedArray } from "@nn/tensor";
import { isFloat } from "@nn/tensor/extend";
import { compareNumbers, type Comparison } from "../compare.js";
import { compiled, type Execution } from "../execution.js";
import { callModel, type Named } from "./calls.js";
import { construct } from "./construct.js";
import { fill, fillInput } from "./fill.js";
import { inFloat64 } from "./in-float64.js";
import type { EvaluationRecording, GreedyRecording, RecordedOutput, Section, TrainingRecording } from "./format.js";
import { lossOf, type LossContext } from "./losses.js";

/** A recorded model: its name, with that of a group of sections, and a configuration. */
export interface Subject {
  readonly name: string;
  readonly section: Section;
}

type Filling = Pick<EvaluationRecording, "seed" | "gain" | "inputs">;

/** The model with the recorded arguments. */
export const modelOf = ({ name, section }: Subject, config: Section["config"] = section.config): Module =>
  construct(name, section.class === undefined ? config : { ...config, class: section.class });

/** Fills all parameters and buffers. A tied name has the value of the other one. */
function filled(model: Module, filling: Filling, tied: Section["tied"] = {}, prefix = ""): Module {
  const state = Object.entries(model.stateDict()).map(([name, value]) => [name, fill(filling, `${prefix}${tied[name] ?? name}`, value.shape, value.dtype) ?? value] as const);
  model.loadStateDict(Object.fromEntries(state));
  return model;
}

const inputsOf = ({ seed, inputs }: Filling): Named => Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, fillInput(seed, name, input)]));

/** Prepares a function of named tensors, runs `use`, and frees the memory of its programs. */
function running<T>(execution: Execution, names: readonly string[], program: (inputs: Named) => Tensor[], use: (run: (inputs: Named) => readonly Tensor[]) => T): T {
  const ofList = (...inputs: Tensor[]): Tensor[] => program(Object.fromEntries(names.map((name, at) => [name, inputs[at] as Tensor])));
  const fast = execution === compiled ? compile(ofList) : undefined;
  try {
    return use((inputs) => (fast ?? ofList)(...names.map((name) => inputs[name] as Tensor)));
  } finally {
    fast?.dispose();
  }
}

/** Compares an output, or its summary, on the scale of its largest element. */
function compareOutput(name: string, got: Tensor, want: RecordedOutput, deviation: number): Comparison[] {
  const { shape, data, first, last, sum, meanAbs } = want;
  if (got.shape.join() !== shape.join()) return [{ worst: Infinity, failure: `${name} is [${got.shape.join(", ")}], expected [${shape.join(", ")}]` }];
  const numbers = Array.from(got.toTypedArray(), Number);
  const recorded = data ?? [...(first ?? []), ...(last ?? [])];
  const largest = recorded.reduce((most, each) => Math.max(most, Math.abs(each)), 0);
  const tolerance = { rtol: 0, atol: Math.max(2e-5, 20 * deviation) * largest };
  if (data !== undefined) return [compareNumbers(name, numbers, data, tolerance)];
  const whole = { rtol: 0, atol: tolerance.atol * numbers.length };
  return [
    compareNumbers(`the first elements of ${name}`, numbers.slice(0, first?.length), first ?? [], tolerance),
    compareNumbers(`the last elements of ${name}`, numbers.slice(-(last?.length ?? 0)), last ?? [], tolerance),
    compareNumbers(`the sum of ${name}`, [numbers.reduce((total, each) => total + each, 0)], [sum ?? NaN], whole),
    compareNumbers(`the mean absolute value of ${name}`, [numbers.reduce((total, each) => total + Math.abs(each), 0) / numbers.length], [meanAbs ?? NaN], tolerance),
  ];
}

/** Compares the outputs in evaluation mode. */
export function runEvaluation(subject: Subject, recording: EvaluationRecording, execution: Execution): readonly Comparison[] {
  const model = filled(modelOf(subject), recording, subject.section.tied).eval();
  const wanted = Object.keys(recording.outputs);
  const program = (inputs: Named): Tensor[] => {
    const outputs = callModel(model, inputs, wanted);
    return wanted.map((name) => outputs[name] as Tensor);
  };
  const outputs = running(execution, Object.keys(recording.inputs), program, (run) => run(inputsOf(recording)));
  return wanted.flatMap((name, at) => compareOutput(name, outputs[at] as Tensor, recording.outputs[name] as RecordedOutput, recording.float32Deviation[name] ?? 0));
}

/** Training mode, but without dropout and stochastic depth. */
function trained(model: Module): Module {
  model.train();
  for (const module of model.modules()) if (module instanceof Dropout || module instanceof StochasticDepth) module.eval();
  return model;
}

/**
 * How training is compared. Eager training has float32 numbers, and PyTorch's own deviations in float32 widen the tolerance. Compiled training has float64 numbers: there everything agrees to
 * 1e-6, also in deep networks with batch normalisation, where one activation near zero that changes its sign in float32 shows in all gradients.
 */
interface Precision {
  readonly module: (module: Module) => Module;
  readonly input: (input: Tensor) => Tensor;
  /** The relative tolerance, from PyTorch's relative deviation in float32. */
  readonly tolerance: (deviation: number | undefined) => number;
}

const single: Precision = { module: (module) => module, input: (input) => input, tolerance: (deviation = 0) => Math.max(1e-3, 5 * deviation) };

const double: Precision = { module: inFloat64, input: (input) => (isFloat(input.dtype) ? input.cast("float64") : input), tolerance: () => 1e-6 };

/** Compares loss, gradients, running statistics, and the loss after a step of gradient descent. */
export function runTraining(subject: Subject, recording: TrainingRecording, execution: Execution): readonly Comparison[] {
  const precision = execution === compiled ? double : single;
  const model = trained(filled(precision.module(modelOf(subject)), recording, subject.section.tied));
  const names = [...model.namedParameters().keys()];
  const parameters = model.parameters();
  const context: LossContext = {
    inputs: Object.fromEntries(Object.entries(inputsOf(recording)).map(([name, input]) => [name, precision.input(input)])),
    run: (inputs, ...wanted) => callModel(model, inputs, wanted),
    other: (prefix, name, config) => {
      const module = trained(filled(precision.module(name === undefined ? modelOf(subject) : construct(name, config ?? {})), recording, {}, prefix));
      for (const parameter of module.parameters()) parameter.trainable = false;
      return { module, run: (inputs, ...wanted) => callModel(module, inputs, wanted) };
    },
  };
  const loss = lossOf(recording.loss)(context);
  const optimizer = new SGD(parameters, { learningRate: recording.learningRate });
  const program = (inputs: Named): Tensor[] => {
    const { value, gradients } = valueAndGrad(() => loss(inputs), parameters, { strict: false });
    optimizer.step(gradients);
    return [value, ...gradients];
  };
  return running(execution, Object.keys(recording.inputs), program, (run) => {
    const [value, ...gradients] = run(context.inputs) as [Tensor, ...Tensor[]];
    const buffers = buffersOf(model, recording);
    // Of a second step, only the loss is recorded. Eagerly it is computed alone; a compiled program also shows that it continues from the state after its first step.
    const after = execution === compiled ? run(context.inputs)[0] as Tensor : loss(context.inputs);
    return [
      compareLoss("the loss", value, recording, precision),
      ...compareGradients(new Map(names.map((name, at) => [name, gradients[at] as Tensor])), recording, precision),
      ...buffers.map(([name, got, want]) => compareNumbers(`the norm of ${name}`, [got], [want], { rtol: precision.tolerance(0) / 10, atol: 0 })),
      compareLossAfterStep(after, recording, precision),
    ];
  });
}

/** The running statistics, which change in every forward pass: for each its name, its norm and the recorded norm. */
function buffersOf(model: Module, { bufferNormsAfterForward = {} }: TrainingRecording): readonly (readonly [name: string, got: number, want: number])[] {
  const buffers = model.namedBuffers();
  return Object.entries(bufferNormsAfterForward).map(([name, want]) => {
    const buffer = buffers.get(name);
    return [name, buffer === undefined ? NaN : norm(buffer.value).item(), want];
  });
}

function compareLoss(what: string, got: Tensor, { lossValue, float32Deviation }: TrainingRecording, { tolerance }: Precision): Comparison {
  return compareNumbers(what, [got.item()], [lossValue], { rtol: tolerance(float32Deviation["loss"]), atol: 0 });
}

/** A step along `g` lowers the loss by about `learningRate · |g|²`, which deviates by twice as much as `|g|` does, relatively: so far the loss may move with the gradients alone. */
function compareLossAfterStep(got: Tensor, { lossValue, lossAfterStep, float32Deviation }: TrainingRecording, { tolerance }: Precision): Comparison {
  const atol = 2 * tolerance(float32Deviation["gradientNorm"]) * Math.abs(lossValue - lossAfterStep);
  return compareNumbers("the loss after the step", [got.item()], [lossAfterStep], { rtol: tolerance(float32Deviation["lossAfterStep"]), atol });
}

/** Compares the norm of every gradient and the recorded elements, on the scale of the gradient, or of all gradients if it is tiny. */
function compareGradients(gradients: ReadonlyMap<string, Tensor>, recording: TrainingRecording, precision: Precision): readonly Comparison[] {
  const { gradients: recorded, withoutGradient = [], finiteDifferences = [], float32Deviation } = recording;
  const tolerance = precision.tolerance(float32Deviation["gradientNorm"]);
  const floor = 1e-4 * Math.hypot(...Object.values(recorded).map(([each]) => each));
  const scaleOf = (name: string): number => Math.max(recorded[name]?.[0] ?? 0, floor);
  const elements = new Map([...gradients].map(([name, gradient]) => [name, gradient.data("the comparison of gradients")]));
  const known = new Set([...Object.keys(recorded), ...withoutGradient]);
  return [
    ...[...gradients.keys()].filter((name) => !known.has(name)).map((name): Comparison => ({ worst: Infinity, failure: `no gradient of ${name} was recorded` })),
    ...Object.entries(recorded).flatMap(([name, [size, first]]) => {
      const found = elements.get(name) ?? new Float32Array();
      const bounds = { rtol: 0, atol: tolerance * scaleOf(name) };
      return [compareNumbers(`the norm of the gradient of ${name}`, [lengthOf(found)], [size], bounds), compareNumbers(`the gradient of ${name}`, [...found.subarray(0, first.length)], first, bounds)];
    }),
    ...withoutGradient.map((name) => compareNumbers(`the gradient of ${name}`, [...(elements.get(name) ?? [NaN])].filter((each) => each !== 0), [], { rtol: 0, atol: 0 })),
    ...finiteDifferences.map(([name, at, want]) => compareNumbers(`element ${at} of the gradient of ${name}`, [elements.get(name)?.[at] ?? NaN], [want], { rtol: 0, atol: tolerance * scaleOf(name) })),
  ];
}

/** The Euclidean norm, summed in float64. */
function lengthOf(values: TypedArray): number {
  let squares = 0;
  for (const each of values) squares += each * each;
  return Math.sqrt(squares);
}

/** Continues a prompt by the most likely tokens, and compares tokens and logits: eagerly from all tokens at once, compiled with the keys and values of earlier steps. */
export function runGreedy(subject: Subject, recording: GreedyRecording, execution: Execution): readonly Comparison[] {
  const filling = subject.section.eval;
  if (filling === undefined) throw new TypeError("there is no recording in evaluation mode, whose fill the model would have");
  const model = filled(modelOf(subject), filling, subject.section.tied).eval();
  const session = execution === compiled ? new DecodingSession(model as CausalLanguageModel) : undefined;
  const ids = [...recording.prompt];
  try {
    return recording.tokens.flatMap((token, step) => {
      const last = session === undefined ? lastLogits(model, ids) : tensor(session.advance([step === 0 ? ids : ids.slice(-1)])[0] ?? []);
      ids.push(token);
      return [
        ...compareOutput(`the logits of step ${step}`, last, { shape: last.shape, data: recording.logitsPerStep[step] ?? [] }, 0),
        compareNumbers(`token ${step}`, [argMax(last, 0).item()], [token], { rtol: 0, atol: 0 }),
      ];
    });
  } finally {
    session?.dispose();
  }
}

/** The logits after the last of these tokens, computed from all of them. */
function lastLogits(model: Module, ids: readonly number[]): Tensor {
  const { logits } = callModel(model, { ids: tensor([ids], { dtype: "int32" }) }, ["logits"]);
  return select(select(logits as Tensor, 0, 0), 0, -1);
}
