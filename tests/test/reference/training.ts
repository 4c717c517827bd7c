import { valueAndGrad } from "@nn/autograd";
import type { TensorModule } from "@nn/layers";
import type { LearningRate } from "@nn/optim";
import { tensor, type Tensor } from "@nn/tensor";
import { Arguments } from "./arguments.js";
import { compareNumbers, compareTensor, type Comparison } from "./compare.js";
import type { Execution } from "./execution.js";
import { decode, decodeAll, requireFields, type RecordedState, type TrainingCase } from "./format.js";
import { losses } from "./losses.js";
import { models } from "./models.js";
import { optimizers } from "./optimizers.js";
import { lookUp } from "./outcome.js";
import { schedules } from "./schedulers.js";

/** Trains our model as the recorded one was, and compares losses, rates and states on the way. */
export function runTraining(one: TrainingCase, execution: Execution): readonly Comparison[] {
  requireFields(one, [
    "inputs", "inputNames", "params", "buffers", "lossSteps", "losses", "lrs", "stateAfterFirstStep", "stateAfter", "evalOutputAfter",
  ]);
  const { model: description, loss, optimizer: method, scheduler, steps, ...others } = one.args;
  new Arguments(others).requireAllRead("a training");
  const model = lookUp(models, description.forward)(description.layers);
  model.loadStateDict({ ...decodeAll(one.params), ...decodeAll(one.buffers) });

  const lossArgs = new Arguments(loss.args);
  const compute = lookUp(losses, loss.type)(lossArgs, {});
  lossArgs.requireAllRead(loss.type);
  const base = new Arguments(method.args).number("lr");
  const schedulerArgs = new Arguments(scheduler?.args ?? {});
  const schedule: LearningRate = scheduler === null ? base : lookUp(schedules, `optim.lr_scheduler.${scheduler.type}`)(schedulerArgs, base);
  schedulerArgs.requireAllRead("the scheduler");
  const parameters = model.parameters();
  const optimizer = lookUp(optimizers, `optim.${method.type}`)([{ parameters, args: {} }], method.args, schedule);
  const step = execution.prepare((x, y) => {
    const { value, gradients } = valueAndGrad(() => compute([model.forward(x as Tensor), y as Tensor]), parameters);
    optimizer.step(gradients);
    return [value];
  });

  const [x, y] = one.inputs.map(decode) as [Tensor, Tensor];
  const found: number[] = [];
  const comparisons: Comparison[] = [];
  for (let at = 0; at < steps; at++) {
    found.push((step(x, y)[0] as Tensor).item());
    if (at === 0 && one.stateAfterFirstStep !== undefined) comparisons.push(...compareState("after the first step", model, one.stateAfterFirstStep, one));
  }
  const tolerance = one.tolerance ?? { rtol: 1e-3, atol: 1e-4 };
  const rates = one.lossSteps.map((at) => (typeof schedule === "number" ? schedule : schedule(at)));
  comparisons.push(compareNumbers("losses", one.lossSteps.map((at) => found[at] as number), one.losses, tolerance));
  comparisons.push(compareNumbers("learning rates", rates, one.lrs, { rtol: 1e-9, atol: 1e-12 }));
  comparisons.push(...compareState("at the end", model, one.stateAfter, one));
  const output = execution.prepare((input) => [model.forward(input as Tensor)]);
  model.eval();
  comparisons.push(compareTensor({ what: "output in evaluation mode", got: output(x)[0] ?? tensor([]), want: one.evalOutputAfter }, tolerance));
  return comparisons;
}

function compareState(when: string, model: TensorModule, want: RecordedState, { tolerance }: TrainingCase): readonly Comparison[] {
  const state = model.stateDict();
  return Object.entries(want).map(([name, value]) => compareTensor({ what: `${name} ${when}`, got: state[name] ?? tensor([]), want: value }, tolerance));
}
