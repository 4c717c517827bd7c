import { runCall } from "./calls.js";
import type { Comparison } from "./compare.js";
import type { Execution } from "./execution.js";
import type {
  CallCase, Case, ClippingCase, InitializerCase, LBFGSCase, OptimizerCase, SafetensorsCase, SchedulerCase, TrainingCase,
} from "./format.js";
import { runInitializer } from "./initializers.js";
import { runMetric } from "./metrics.js";
import { clippings, runClipping, runLBFGS, runOptimizer } from "./optimizers.js";
import { outcomeOf, type Outcome } from "./outcome.js";
import { runSafetensors } from "./safetensors.js";
import { runScheduler } from "./schedulers.js";
import { runTraining } from "./training.js";

/** Runs a case of a category. */
type Run = (one: Case, execution: Execution) => Outcome;

/** The name of a category determines the format of its cases; a case in another format fails. */
function category<C extends Case>(run: (one: C, execution: Execution) => readonly Comparison[]): Run {
  return (one, execution) => outcomeOf(one, () => run(one as C, execution));
}

/** How the cases of each category are run. */
export const categories = {
  activations: category<CallCase>(runCall),
  initializers: category<InitializerCase>(runInitializer),
  "layers-attention": category<CallCase>(runCall),
  "layers-linear-conv": category<CallCase>(runCall),
  "layers-recurrent": category<CallCase>(runCall),
  "layers-norm": category<CallCase>(runCall),
  "layers-pool-resize": category<CallCase>(runCall),
  losses: category<CallCase>(runCall),
  metrics: category<CallCase>(runMetric),
  "ops-elementwise": category<CallCase>(runCall),
  "ops-index": category<CallCase>(runCall),
  "ops-linalg": category<CallCase>(runCall),
  "ops-reduce": category<CallCase>(runCall),
  "ops-shape": category<CallCase>(runCall),
  optimizers: category<OptimizerCase & ClippingCase & LBFGSCase>((one, execution) => {
    if (one.target in clippings) return runClipping(one, execution);
    return one.target === "optim.LBFGS" ? runLBFGS(one, execution) : runOptimizer(one, execution);
  }),
  safetensors: category<SafetensorsCase>(runSafetensors),
  schedulers: category<SchedulerCase>(runScheduler),
  training: category<TrainingCase>(runTraining),
} as const;

export type Category = keyof typeof categories;

export const isCategory = (name: string): name is Category => Object.hasOwn(categories, name);

/** Categories that cannot be compiled. They run eagerly only. */
export const notCompiled: readonly Category[] = ["safetensors"];
