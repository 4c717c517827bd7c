import {
  constantRate, cosineDecay, cosineRestarts, cyclic, exponentialDecay, linearRamp, multiplicative, multiStepDecay, oneCycle, oneCycleMomentum, polynomialDecay,
  product, reduceOnPlateau, sequential, SGD, stepDecay, weightAveragingRate, type CyclicOptions, type OneCycleMomentumOptions, type PlateauSchedule, type Schedule,
} from "@nn/optim";
import { gradientsOf, hostCallback, ones, Variable, zeros, type Tensor } from "@nn/tensor";
import { Arguments } from "./arguments.js";
import { compareNumbers, type Comparison } from "./compare.js";
import type { Execution } from "./execution.js";
import { requireFields, type SchedulerCase } from "./format.js";
import { lookUp } from "./outcome.js";

/** Our schedule for a PyTorch scheduler on a base rate. */
export type ScheduleFactory = (args: Arguments, rate: number, group?: number) => Schedule | PlateauSchedule;

/** The schedulers within a scheduler. */
function parts(args: Arguments, rate: (at: number) => number): Schedule[] {
  return args.parts("schedulers").map(({ type, args: own }, at) => lookUp(schedules, `optim.lr_scheduler.${type}`)(own, rate(at)));
}

const shapes = { cos: "cosine", linear: "linear" } as const;

/** A recorded Python expression in `epoch`, of the forms that both languages share. */
function lambda(expression: string): (epoch: number) => number {
  if (!/^[\d\s.+*/()-]*((epoch|min|max|,)[\d\s.+*/()-]*)*$/.test(expression)) throw new TypeError(`cannot read the lambda ${expression}`);
  // oxlint-disable-next-line no-new-func -- checked above: numbers, operators, epoch, min and max
  const compute = new Function("epoch", "min", "max", `return ${expression};`) as (epoch: number, min: unknown, max: unknown) => number;
  return (epoch) => compute(epoch, Math.min, Math.max);
}

function cyclicOptions(args: Arguments): CyclicOptions {
  const rising = args.number("step_size_up", 2000);
  const mode = args.choice("mode", { triangular: "triangular", triangular2: "triangular2", exp_range: "exp_range" } as const, "triangular");
  const factor = args.number("gamma", 1); // has an effect in one mode only, as in PyTorch
  args.only("scale_fn", null);
  args.only("scale_mode", "cycle", "iterations"); // of scale_fn
  return {
    rising, falling: args.maybeNumber("step_size_down") ?? rising, cycleFactor: mode === "triangular2" ? 0.5 : 1, stepFactor: mode === "exp_range" ? factor : 1,
  };
}

function oneCycleOptions(args: Arguments): OneCycleMomentumOptions {
  return {
    steps: args.maybeNumber("total_steps") ?? args.number("epochs") * args.number("steps_per_epoch"),
    rising: args.number("pct_start", 0.3),
    shape: args.choice("anneal_strategy", shapes, "cos"),
    threePhases: args.boolean("three_phase", false),
  };
}

/** Our schedules by the names of PyTorch's schedulers. */
export const schedules: Readonly<Record<string, ScheduleFactory>> = {
  "optim.lr_scheduler.ChainedScheduler": (args, rate) => product(...parts(args, (at) => (at === 0 ? rate : 1))),
  "optim.lr_scheduler.ConstantLR": (args, rate) => {
    const [first, steps] = [rate * args.number("factor", 1 / 3), args.number("total_iters", 5)];
    // With no steps PyTorch, which changes the rate at the last of them, never does.
    return steps === 0 ? constantRate(first) : sequential([first, rate], { milestones: [steps] });
  },
  "optim.lr_scheduler.CosineAnnealingLR": (args, rate) =>
    cosineDecay(rate, { steps: args.number("T_max"), minimum: args.number("eta_min", 0), periodic: true }),
  "optim.lr_scheduler.CosineAnnealingWarmRestarts": (args, rate) =>
    cosineRestarts(rate, { period: args.number("T_0"), growth: args.number("T_mult", 1), minimum: args.number("eta_min", 0) }),
  "optim.lr_scheduler.CyclicLR": (args) => cyclic(args.number("base_lr"), args.number("max_lr"), cyclicOptions(args)),
  "optim.lr_scheduler.ExponentialLR": (args, rate) => exponentialDecay(rate, { factor: args.number("gamma") }),
  "optim.lr_scheduler.LambdaLR": (args, rate, group = 0) => {
    const factor = lambda(args.isText("lr_lambda") ? args.text("lr_lambda") : textAt(args, "lr_lambda", group));
    return (step) => rate * factor(step);
  },
  "optim.lr_scheduler.LinearLR": (args, rate) => {
    const [first, last, steps] = [rate * args.number("start_factor", 1 / 3), rate * args.number("end_factor", 1), args.number("total_iters", 5)];
    return steps === 0 ? constantRate(first) : linearRamp(first, last, { steps });
  },
  "optim.lr_scheduler.MultiplicativeLR": (args, rate) => multiplicative(rate, lambda(args.isNumber("lr_lambda") ? String(args.number("lr_lambda")) : args.text("lr_lambda"))),
  "optim.lr_scheduler.MultiStepLR": (args, rate) => multiStepDecay(rate, { milestones: args.numbers("milestones"), factor: args.number("gamma", 0.1) }),
  "optim.lr_scheduler.OneCycleLR": (args) =>
    oneCycle(args.number("max_lr"), {
      ...oneCycleOptions(args), initialDivisor: args.number("div_factor", 25), finalDivisor: args.number("final_div_factor", 1e4),
    }),
  "optim.lr_scheduler.PolynomialLR": (args, rate) => {
    const [steps, power] = [args.number("total_iters", 5), args.number("power", 1)];
    return steps === 0 ? constantRate(rate) : polynomialDecay(rate, { steps, power });
  },
  "optim.lr_scheduler.ReduceLROnPlateau": (args, rate) =>
    reduceOnPlateau(rate, {
      mode: args.choice("mode", { min: "min", max: "max" } as const, "min"),
      factor: args.number("factor", 0.1),
      patience: args.number("patience", 10),
      threshold: args.number("threshold", 1e-4),
      thresholdMode: args.choice("threshold_mode", { rel: "relative", abs: "absolute" } as const, "rel"),
      cooldown: args.number("cooldown", 0),
      minimum: args.number("min_lr", 0),
      smallest: args.number("eps", 1e-8),
    }),
  "optim.lr_scheduler.SequentialLR": (args, rate) => sequential(parts(args, () => rate), { milestones: args.numbers("milestones") }),
  "optim.swa_utils.SWALR": (args, rate) => weightAveragingRate(constantRate(rate), args.number("swa_lr"), {
    start: 0, steps: args.number("anneal_epochs", 10), shape: args.choice("anneal_strategy", shapes, "cos"),
  }),
  "optim.lr_scheduler.StepLR": (args, rate) => stepDecay(rate, { every: args.number("step_size"), factor: args.number("gamma", 0.1) }),
};

/** Arguments that speak of the momentum, which {@link momenta} read where it is compared; and of printing. */
function ignoreMomentum(args: Arguments): void {
  args.only("cycle_momentum", true, false);
  for (const name of ["base_momentum", "max_momentum"]) if (args.has(name)) args.number(name);
  args.only("verbose", true, false);
  args.only("last_epoch", -1);
}

/** One of several texts. */
function textAt(args: Arguments, name: string, at: number): string {
  const text = args.list(name)[at];
  if (typeof text !== "string") throw new TypeError(`argument ${name} holds ${JSON.stringify(text)}, expected a string`);
  return text;
}

/** What PyTorch's schedulers do to the momentum, or the first of the betas, is a schedule of its own with us. */
const momenta: Readonly<Record<string, ScheduleFactory>> = {
  "optim.lr_scheduler.CyclicLR": (args) => cyclic(args.number("max_momentum", 0.9), args.number("base_momentum", 0.8), cyclicOptions(args)),
  "optim.lr_scheduler.OneCycleLR": (args) =>
    oneCycleMomentum({ ...oneCycleOptions(args), highest: args.number("max_momentum", 0.95), lowest: args.number("base_momentum", 0.85) }),
};

/** Schedules are plain numbers in float64. */
const tolerance = { rtol: 1e-9, atol: 1e-12 };

/** Compares the rates of all steps, for each group, and the momenta. */
export function runScheduler(one: SchedulerCase, execution: Execution): readonly Comparison[] {
  requireFields(one, ["optimizer", "steps", "lrs", "lrsByGroup", "momentums", "metrics"]);
  const make = lookUp(schedules, one.target);
  const rates = one.lrsByGroup ?? [one.lrs];
  const ofMomentum = one.momentums === undefined ? [] : [compareMomenta(one, one.momentums, execution)];
  return ofMomentum.concat(rates.map((want, group) => {
    const args = new Arguments(one.args);
    const schedule = make(args, one.optimizer.groupLrs?.[group] ?? one.optimizer.lr, group);
    ignoreMomentum(args);
    args.requireAllRead(one.target);
    // As an optimizer does: asked by the host, for each execution of a program.
    let at = 0;
    const rate = execution.prepare(() => [hostCallback(() => schedule(at), { dtype: "float64" })]);
    const got = want.map((_, step) => {
      const metric = one.metrics?.[step - 1];
      if (metric !== undefined) reporting(schedule)(Number(metric));
      at = step;
      return (rate()[0] as Tensor).item();
    });
    return compareNumbers(`rates of group ${group}`, got, want, one.tolerance ?? tolerance);
  }));
}

/** @throws TypeError if metrics are recorded for a schedule that none are reported to. */
function reporting(schedule: Schedule | PlateauSchedule): (metric: number) => void {
  if (!("report" in schedule)) throw new TypeError("the case has metrics, and the schedule takes none");
  return (metric) => {
    schedule.report(metric);
  };
}

/**
 * The momenta that an optimizer goes by. With the gradient 0 a velocity of 1 becomes the momentum, and with a rate of 1 the parameter
 * moves by it.
 */
function compareMomenta(one: SchedulerCase, want: readonly number[], execution: Execution): Comparison {
  const momentum = lookUp(momenta, one.target)(new Arguments(one.args), one.optimizer.lr); // what it leaves unread is of the rate
  const x = new Variable(zeros([], { dtype: "float64" }));
  const optimizer = new SGD([x], { learningRate: 1, momentum });
  const step = execution.prepare((gradient) => {
    optimizer.step(gradientsOf(optimizer.parameters, [gradient as Tensor]));
    return [];
  });
  const saved = optimizer.stateDict();
  const got = want.map((_, at) => {
    x.value = zeros([], { dtype: "float64" });
    optimizer.loadStateDict({ ...saved, steps: at, updates: [at], tensors: { "0.velocity": ones([], { dtype: "float64" }) } });
    step(zeros([], { dtype: "float64" }));
    return -x.value.item();
  });
  return compareNumbers("momenta", got, want, one.tolerance ?? tolerance);
}
