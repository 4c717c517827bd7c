import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import type { Schedule } from "../learning-rate.js";
import { requireRates, withRequired } from "../requirements.js";

/** Options of {@link linearRamp}. */
export interface LinearRampOptions {
  /** Steps from the first rate to the second. */
  readonly steps: number;
}

const linearRampOptions: OptionKinds<LinearRampOptions> = { steps: "count" };

/** Moves linearly from one rate to another and stays there. PyTorch: `LinearLR`, which takes factors. */
export function linearRamp(from: number, to: number, options: LinearRampOptions): Schedule {
  requireOptions("linearRamp", options, linearRampOptions);
  requireRates("linearRamp", { from, to });
  const { steps } = withRequired("linearRamp", "steps", options);
  return (step) => from + (to - from) * Math.min(step / steps, 1);
}
