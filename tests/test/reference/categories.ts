import { runCall } from "./calls.js";
import type { Comparison } from "./compare.js";
import type { Execution } from "./execution.js";
import { readCases, type CallCase, type Case, type ClippingCase, type InitializerCase, type OptimizerCase, type SchedulerCase, type TrainingCase } from "./format.js";
import { runInitializer } from "./initializers.js";
import { clippings, runClipping, runOptimizer } from "./optimizers.js";
import { outcomeOf, type Outcome } from "./outcome.js";
import { runScheduler } from "./schedulers.js";
import { runTraining } from "./training.js";

function category<C extends Case>(name: string, run: (one: C, execution: Execution) => readonly Comparison[]): (execution: Execution) => readonly Outcome[] {
  return (execution) => readCases<C>(name).map((one) => outcomeOf(one, () => run(one, execution)));
}

/** How the cases of each category are run. */
export const categories = {
  activations: category<CallCase>("activations", runCall),
  initializers: category<InitializerCase>("initializers", runInitializer),
  "layers-attention": category<CallCase>("layers-attention", runCall),
  "layers-linear-conv": category<CallCase>("layers-linear-conv", runCall),
  "layers-recurrent": category<CallCase>("layers-recurrent", runCall),
  "layers-norm": category<CallCase>("layers-norm", runCall),
  "layers-pool-resize": category<CallCase>("layers-pool-resize", runCall),
  losses: category<CallCase>("losses", runCall),
  "ops-elementwise": category<CallCase>("ops-elementwise", runCall),
  "ops-index": category<CallCase>("ops-index", runCall),
  "ops-linalg": category<CallCase>("ops-linalg", runCall),
  "ops-reduce": category<CallCase>("ops-reduce", runCall),
  "ops-shape": category<CallCase>("ops-shape", runCall),
  optimizers: category<OptimizerCase & ClippingCase>("optimizers", (one, execution) =>
    (one.target in clippings ? runClipping(one, execution) : runOptimizer(one, execution))),
  schedulers: category<SchedulerCase>("schedulers", runScheduler),
  training: category<TrainingCase>("training", runTraining),
} as const;
