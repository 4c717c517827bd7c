import {
  cosineDecay, cosineRestarts, cyclic, exponentialDecay, linearRamp, multiplicative, multiStepDecay, oneCycle, polynomialDecay, product,
  reduceOnPlateau, sequential, stepDecay, type PlateauSchedule, type Schedule,
} from "@nn/optim";
import { Arguments } from "./arguments.js";
import { compareNumbers, type Comparison } from "./compare.js";
import type { Part, SchedulerCase } from "./format.js";
import { lookUp, UnknownTarget } from "./outcome.js";

/** Our schedule for a PyTorch scheduler on a base rate. */
export type ScheduleFactory = (args: Arguments, rate: number, group?: number) => Schedule | PlateauSchedule;

/** The schedulers within a scheduler. */
function parts(args: Arguments, rate: (at: number) => number): Schedule[] {
  return (args.list("schedulers") as readonly Part[]).map(({ type, args: own }, at) =>
    lookUp(schedules, `optim.lr_scheduler.${type}`)(new Arguments(own), rate(at)));
}

/** A recorded Python expression in `epoch`, of the forms that both languages share. */
function lambda(expression: string): (epoch: number) => number {
  if (!/^[\d\s.+*/()-]*((epoch|min|max|,)[\d\s.+*/()-]*)*$/.test(expression)) throw new TypeError(`cannot read the lambda ${expression}`);
  // oxlint-disable-next-line no-new-func -- checked above: numbers, operators, epoch, min and max
  const compute = new Function("epoch", "min", "max", `return ${expression};`) as (epoch: number, min: unknown, max: unknown) => number;
  return (epoch) => compute(epoch, Math.min, Math.max);
}

/** Our schedules by the names of PyTorch's schedulers. */
export const schedules: Readonly<Record<string, ScheduleFactory>> = {
  "optim.lr_scheduler.ChainedScheduler": (args, rate) => product(...parts(args, (at) => (at === 0 ? rate : 1))),
  "optim.lr_scheduler.ConstantLR": (args, rate) =>
    sequential([rate * args.number("factor", 1 / 3), rate], { milestones: [args.number("total_iters", 5)] }),
  "optim.lr_scheduler.CosineAnnealingLR": (args, rate) =>
    cosineDecay(rate, { steps: args.number("T_max"), minimum: args.number("eta_min", 0), periodic: true }),
  "optim.lr_scheduler.CosineAnnealingWarmRestarts": (args, rate) =>
    cosineRestarts(rate, { period: args.number("T_0"), growth: args.number("T_mult", 1), minimum: args.number("eta_min", 0) }),
  "optim.lr_scheduler.CyclicLR": (args) => {
    const rising = args.number("step_size_up", 2000);
    const mode = args.text("mode", "triangular");
    return cyclic(args.number("base_lr"), args.number("max_lr"), {
      rising, falling: args.number("step_size_down", rising),
      cycleFactor: mode === "triangular2" ? 0.5 : 1, stepFactor: mode === "exp_range" ? args.number("gamma", 1) : 1,
    });
  },
  "optim.lr_scheduler.ExponentialLR": (args, rate) => exponentialDecay(rate, { factor: args.number("gamma") }),
  "optim.lr_scheduler.LambdaLR": (args, rate, group = 0) => {
    const factor = lambda(args.isText("lr_lambda") ? args.text("lr_lambda") : String(args.list("lr_lambda")[group]));
    return (step) => rate * factor(step);
  },
  "optim.lr_scheduler.LinearLR": (args, rate) =>
    linearRamp(rate * args.number("start_factor", 1 / 3), rate * args.number("end_factor", 1), { steps: args.number("total_iters", 5) }),
  "optim.lr_scheduler.MultiplicativeLR": (args, rate) => multiplicative(rate, lambda(args.text("lr_lambda"))),
  "optim.lr_scheduler.MultiStepLR": (args, rate) => multiStepDecay(rate, { milestones: args.numbers("milestones"), factor: args.number("gamma", 0.1) }),
  "optim.lr_scheduler.OneCycleLR": (args) =>
    oneCycle(args.number("max_lr"), {
      steps: args.has("total_steps") ? args.number("total_steps") : args.number("epochs") * args.number("steps_per_epoch"),
      rising: args.number("pct_start", 0.3),
      initialDivisor: args.number("div_factor", 25),
      finalDivisor: args.number("final_div_factor", 1e4),
      shape: args.text("anneal_strategy", "cos") === "cos" ? "cosine" : "linear",
      threePhases: args.boolean("three_phase", false),
    }),
  "optim.lr_scheduler.PolynomialLR": (args, rate) => polynomialDecay(rate, { steps: args.number("total_iters", 5), power: args.number("power", 1) }),
  "optim.lr_scheduler.ReduceLROnPlateau": (args, rate) =>
    reduceOnPlateau(rate, {
      mode: args.text("mode", "min") === "min" ? "min" : "max",
      factor: args.number("factor", 0.1),
      patience: args.number("patience", 10),
      threshold: args.number("threshold", 1e-4),
      thresholdMode: args.text("threshold_mode", "rel") === "rel" ? "relative" : "absolute",
      cooldown: args.number("cooldown", 0),
      minimum: args.number("min_lr", 0),
      smallest: args.number("eps", 1e-8),
    }),
  "optim.lr_scheduler.SequentialLR": (args, rate) => sequential(parts(args, () => rate), { milestones: args.numbers("milestones") }),
  "optim.lr_scheduler.StepLR": (args, rate) => stepDecay(rate, { every: args.number("step_size"), factor: args.number("gamma", 0.1) }),
};

/** Schedules are plain numbers in float64. */
const tolerance = { rtol: 1e-9, atol: 1e-12 };

/** Compares the rates of all steps, for each group. */
export function runScheduler(one: SchedulerCase): readonly Comparison[] {
  const make = lookUp(schedules, one.target);
  if (one.momentums !== undefined) throw new UnknownTarget(`${one.target} (momentum)`);
  const rates = one.lrsByGroup ?? [one.lrs];
  return rates.map((want, group) => {
    const schedule = make(new Arguments(one.args), one.optimizer.groupLrs?.[group] ?? one.optimizer.lr, group);
    const got = want.map((_, step) => {
      const metric = one.metrics?.[step - 1];
      if (metric !== undefined && "report" in schedule) schedule.report(metric);
      return schedule(step);
    });
    return compareNumbers(`rates of group ${group}`, got, want, one.tolerance ?? tolerance);
  });
}
