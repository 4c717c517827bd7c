import { valueAndGrad } from "@nn/autograd";
import {
  Adadelta, Adafactor, Adagrad, Adam, Adamax, AdamW, ASGD, clipByGlobalNorm, clipByValue, LBFGS, Muon, NAdam, RAdam, RMSprop, Rprop, SGD, type LearningRate,
  type Optimizer,
} from "@nn/optim";
import { gradientsOf, matmul, slice, square, sum, Variable, zeros, type Tensor } from "@nn/tensor";
import { Arguments } from "./arguments.js";
import { compareNumbers, compareTensor, type Comparison } from "./compare.js";
import type { Execution } from "./execution.js";
import { decode, requireFields, type ClippingCase, type LBFGSCase, type OptimizerCase, type RecordedArguments, type RecordedTensor } from "./format.js";
import { lookUp } from "./outcome.js";

/** Parameters with their own PyTorch arguments. */
export interface RecordedGroup {
  readonly parameters: readonly Variable[];
  readonly args: RecordedArguments;
}

type OptimizerFactory = (groups: readonly RecordedGroup[], args: RecordedArguments, learningRate: LearningRate | undefined) => Optimizer;

/** Reads only the given options, so that our defaults apply to the others. */
type Reader<Options> = { readonly [Name in keyof Options]?: readonly [recorded: string, read: (args: Arguments, name: string) => Options[Name]] };

const number = (args: Arguments, name: string): number => args.number(name);
const boolean = (args: Arguments, name: string): boolean => args.boolean(name);
const pair = (args: Arguments, name: string): readonly [number, number] => args.pair(name);
const triple = (args: Arguments, name: string): readonly [number, number, number] => {
  const [a, b, c, ...others] = args.numbers(name);
  if (a === undefined || b === undefined || c === undefined || others.length > 0) throw new TypeError(`argument ${name} is not three numbers`);
  return [a, b, c];
};
/** PyTorch's first of Adafactor's two is null for the precision of the dtype. */
function epsilons(args: Arguments, name: string): readonly [number | "precision", number] {
  const [first, second, ...others] = args.list(name);
  if ((first !== null && typeof first !== "number") || typeof second !== "number" || others.length > 0) throw new TypeError(`argument ${name} is not two numbers`);
  return [first ?? "precision", second];
}
const adafactorEpsilon = (args: Arguments, name: string): number | "precision" => epsilons(args, name)[0];
const adafactorScale = (args: Arguments, name: string): number => epsilons(args, name)[1];
const scale = (args: Arguments, name: string): "spectral" | "adam" => args.choice(name, { original: "spectral", match_rms_adamw: "adam" });
const decay = { weightDecay: ["weight_decay", number], maximize: ["maximize", boolean] } as const;
const moments = { betas: ["betas", pair], epsilon: ["eps", number], ...decay } as const;
const adam = { amsgrad: ["amsgrad", boolean], ...moments } as const;

function read<Options>(reader: Reader<Options>, given: RecordedArguments): Partial<Options> & { learningRate?: number } {
  const args = new Arguments(given);
  const options: Record<string, unknown> = {};
  for (const [name, [recorded, take]] of Object.entries({ learningRate: ["lr", number], ...reader } as Record<string, readonly [string, typeof number]>)) {
    if (args.has(recorded)) options[name] = take(args, recorded);
  }
  // These affect how PyTorch computes, not the result.
  for (const name of ["foreach", "capturable", "fused", "differentiable"]) args.only(name, true, false, null);
  args.requireAllRead("this optimizer");
  return options as Partial<Options>;
}

function factory<Options>(
  make: (groups: readonly (Partial<Options> & { parameters: readonly Variable[]; learningRate?: LearningRate })[], options: Partial<Options> & { learningRate?: LearningRate }) => Optimizer,
  reader: Reader<Options>,
): OptimizerFactory {
  return (groups, args, learningRate) => {
    const options = read(reader, args);
    return make(
      groups.map((group) => ({ ...read(reader, group.args), parameters: group.parameters })),
      learningRate === undefined ? options : { ...options, learningRate },
    );
  };
}

/** Our optimizers by the names of PyTorch's. */
export const optimizers: Readonly<Record<string, OptimizerFactory>> = {
  "optim.ASGD": factory((groups, options) => new ASGD(groups, options), {
    lambda: ["lambd", number], alpha: ["alpha", number], start: ["t0", number], ...decay,
  }),
  "optim.Adadelta": factory((groups, options) => new Adadelta(groups, options), { rho: ["rho", number], epsilon: ["eps", number], ...decay }),
  "optim.Adagrad": factory((groups, options) => new Adagrad(groups, options), {
    learningRateDecay: ["lr_decay", number], initialAccumulator: ["initial_accumulator_value", number], epsilon: ["eps", number], ...decay,
  }),
  "optim.Adafactor": factory((groups, options) => new Adafactor(groups, options), {
    decayPower: ["beta2_decay", number], epsilon: ["eps", adafactorEpsilon], smallestScale: ["eps", adafactorScale], threshold: ["d", number], ...decay,
  }),
  "optim.Muon": factory((groups, options) => new Muon(groups, options), {
    momentum: ["momentum", number], nesterov: ["nesterov", boolean], iterations: ["ns_steps", number], epsilon: ["eps", number], weightDecay: ["weight_decay", number],
    coefficients: ["ns_coefficients", triple], scale: ["adjust_lr_fn", scale],
  }),
  "optim.Adam": factory((groups, options) => new Adam(groups, options), adam),
  "optim.AdamW": factory((groups, options) => new AdamW(groups, options), adam),
  "optim.Adamax": factory((groups, options) => new Adamax(groups, options), moments),
  // The cases were recorded with PyTorch 1.13.
  "optim.NAdam": factory((groups, options) => new NAdam(groups, { ...options, formula: "pytorch1.13" }), { momentumDecay: ["momentum_decay", number], ...moments }),
  "optim.RAdam": factory((groups, options) => new RAdam(groups, options), moments),
  "optim.RMSprop": factory((groups, options) => new RMSprop(groups, options), {
    alpha: ["alpha", number], epsilon: ["eps", number], momentum: ["momentum", number], centered: ["centered", boolean], ...decay,
  }),
  "optim.Rprop": factory((groups, options) => new Rprop(groups, options), {
    etas: ["etas", pair], stepSizes: ["step_sizes", pair], maximize: ["maximize", boolean],
  }),
  "optim.SGD": factory((groups, { learningRate = 1e-3, ...options }) => new SGD(groups, { learningRate, ...options }), {
    momentum: ["momentum", number], dampening: ["dampening", number], nesterov: ["nesterov", boolean], ...decay,
  }),
};

const stepFields = ["effectiveArgs", "params", "grads", "paramsAfter", "averagedParamsAfter", "groups"];

/** Takes the recorded steps and compares the parameters after each. */
export function runOptimizer(one: OptimizerCase, execution: Execution): readonly Comparison[] {
  requireFields(one, stepFields);
  const make = lookUp(optimizers, one.target);
  const parameters = new Map(Object.entries(one.params).map(([name, value]) => [name, new Variable(decode(value))]));
  const groups = one.groups ?? [{ params: [...parameters.keys()] }];
  const names = groups.flatMap((group) => group.params);
  const optimizer = make(groups.map(({ params, ...args }) => ({ parameters: params.map((name) => parameters.get(name) as Variable), args })), one.args, undefined);

  // One program for each set of parameters with gradients, since the set is part of the program.
  const programs = new Map<string, (...gradients: Tensor[]) => readonly Tensor[]>();
  const comparisons = one.grads.flatMap((gradients, at) => {
    const present = names.filter((name) => gradients[name] !== null);
    const key = present.join();
    const program = programs.get(key) ?? execution.prepare((...given) => {
      const byName = new Map(present.map((name, index) => [name, given[index]]));
      optimizer.step(gradientsOf(names.map((name) => parameters.get(name) as Variable), names.map((name) => byName.get(name))));
      return [];
    });
    programs.set(key, program);
    program(...present.map((name) => decode(gradients[name] as NonNullable<(typeof gradients)[string]>)));
    return Object.entries(one.paramsAfter[at] ?? {}).map(([name, want]) =>
      compareTensor({ what: `${name} after step ${at + 1}`, got: (parameters.get(name) as Variable).value, want }, one.tolerance));
  });
  const { tensors } = optimizer.stateDict();
  return [...comparisons, ...Object.entries(one.averagedParamsAfter ?? {}).map(([name, want]) =>
    compareTensor({ what: `average of ${name}`, got: tensors[`${names.indexOf(name)}.average`] ?? zeros([]), want }, one.tolerance))];
}

/** The functions that LBFGS was recorded on. */
function lbfgsFunction({ function: text, functionData: { A, b } }: LBFGSCase): (x: Tensor) => Tensor {
  if (text.includes("x[i+1]")) {
    return (x) => {
      const [here, next] = [slice(x, [{ stop: -1 }]), slice(x, [{ start: 1 }])];
      return sum(square(next.sub(square(here))).mul(100).add(square(here.neg().add(1))));
    };
  }
  if (A === undefined || b === undefined) throw new TypeError(`cannot read the function ${text}`);
  const [matrix, vector] = [decode(A), decode(b)];
  return (x) => matmul(x, matmul(matrix, x)).mul(0.5).sub(matmul(vector, x));
}

/** Takes the recorded steps of LBFGS, which runs on the host; only the closure is compiled. */
export function runLBFGS(one: LBFGSCase, execution: Execution): readonly Comparison[] {
  requireFields(one, ["effectiveArgs", "params", "paramsAfter", "function", "functionData", "functionAfter", "lossPerStep", "closureCallsPerStep"]);
  const args = new Arguments(one.args);
  const x = new Variable(decode(one.params["x"] as RecordedTensor));
  const f = lbfgsFunction(one);
  const evaluate = execution.prepare(() => {
    const { value, gradients } = valueAndGrad(() => f(x.value), [x]);
    return [value, ...gradients];
  });
  const optimizer = new LBFGS([x], {
    learningRate: args.number("lr", 1), maxIterations: args.number("max_iter", 20), maxEvaluations: args.maybeNumber("max_eval"),
    gradientTolerance: args.number("tolerance_grad", 1e-7), changeTolerance: args.number("tolerance_change", 1e-9),
    historySize: args.number("history_size", 100),
    lineSearch: args.isGiven("line_search_fn") ? args.choice("line_search_fn", { strong_wolfe: "strongWolfe" } as const) : "none",
  });
  args.only("line_search_fn", null, "strong_wolfe");
  args.requireAllRead(one.target);
  return one.paramsAfter.flatMap((want, at) => {
    const before = optimizer.evaluations;
    const { value } = optimizer.step(() => {
      const [loss, ...gradients] = evaluate() as [Tensor, ...Tensor[]];
      return { value: loss, gradients: gradientsOf([x], gradients) };
    });
    return [
      compareTensor({ what: `x after step ${at + 1}`, got: x.value, want: want["x"] as RecordedTensor }, one.tolerance),
      compareNumbers(`loss of step ${at + 1}`, [value.item()], [one.lossPerStep[at] as number], one.tolerance),
      compareNumbers(`evaluations of step ${at + 1}`, [optimizer.evaluations - before], [one.closureCallsPerStep[at] as number], { rtol: 0, atol: 0 }),
    ];
  });
}

/** Our clipping functions by the names of PyTorch's: the clipped gradients, and the norm where PyTorch gives it. */
export const clippings: Readonly<Record<string, (args: Arguments) => (gradients: readonly Tensor[]) => Tensor[]>> = {
  "nn.utils.clip_grad_norm_": (args) => {
    args.only("error_if_nonfinite", false);
    const [limit, p] = [args.number("max_norm"), args.number("norm_type", 2)];
    return (gradients) => {
      const clipped = clipByGlobalNorm(gradients, limit, { p });
      return [...clipped.gradients, clipped.norm];
    };
  },
  "nn.utils.clip_grad_value_": (args) => {
    const limit = args.number("clip_value");
    return (gradients) => clipByValue(gradients, limit);
  },
};

/** Clips the recorded gradients. */
export function runClipping(one: ClippingCase, execution: Execution): readonly Comparison[] {
  requireFields(one, ["inputs", "outputs", "outputNames", "gradOutputs", "gradInputs"]);
  const args = new Arguments(one.args);
  const clip = lookUp(clippings, one.target)(args);
  args.requireAllRead(one.target);
  const results = execution.prepare((...gradients) => clip(gradients))(...one.inputs.map(decode));
  return one.outputs.map((want, at) => compareTensor({ what: `output ${at}`, got: results[at] as Tensor, want }, one.tolerance));
}
