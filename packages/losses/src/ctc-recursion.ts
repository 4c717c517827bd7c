import { customVjp, vjp } from "@nn/autograd";
import { arange, equal, exp, full, less, log, maximum, pad, select, stack, unsqueeze, where, type Tensor } from "@nn/tensor";

/** The logarithm of the probability 0: finite, so that differences of it are numbers, and far below what can come up. */
export const impossible = -1e30;

/** A walk along labels, with blanks between them, one step for each class that is seen. */
export interface Walk {
  /** `[N, L]`: whether a label may be reached from the one before, over the blank between them. */
  readonly canSkip: Tensor;
  /** `[N]`: after how many steps the walk of each sample ends. Default: all. */
  readonly lengths: Tensor | undefined;
}

/**
 * The log-probability, `[N, L]`, to have seen what was seen and to be at each label in the end, from the log-probabilities of
 * the labels at each step, `[steps, N, L]`.
 *
 * The gradient is that of the walk as a whole, handed back step by step: for each step the probability, given all steps, to be at
 * each label then. Where each step hands its gradient on alone, a step's costs as much as all of `emissions`. The places are
 * computed again, which costs nothing in a compiled function: there it is the same computation.
 */
export function walk(emissions: Tensor, { canSkip, lengths }: Walk): Tensor {
  const steps = Array.from({ length: emissions.shape[0] ?? 0 }, (_, step) => step);
  const unlessOver = (step: number, x: Tensor, otherwise: Tensor | number): Tensor =>
    lengths === undefined ? x : where(unsqueeze(less(step, lengths), 1), x, otherwise);

  /** Where one may be before each step, and in the end. */
  const places = (seen: Tensor): Tensor[] => {
    const all = [start(canSkip, seen)];
    for (const step of steps) {
      const before = all[step] as Tensor;
      all.push(unlessOver(step, advance(before, canSkip).add(select(seen, 0, step)), before));
    }
    return all;
  };
  const run = customVjp(
    (seen: Tensor) => places(seen).at(-1) as Tensor,
    (gradient, { inputs: [seen] }) => {
      const before = places(seen);
      let arriving = gradient;
      const ofSteps = steps.toReversed().map((step) => {
        const taken = unlessOver(step, arriving, 0);
        const [passed] = vjp((place) => advance(place, canSkip), [before[step] as Tensor]).pullback(taken);
        arriving = unlessOver(step, passed, arriving);
        return taken;
      });
      return [ofSteps.length === 0 ? undefined : stack(ofSteps.toReversed())];
    },
  );
  return run(emissions);
}

/** Before the first step: at the first blank. */
function start({ shape }: Tensor, { dtype }: Tensor): Tensor {
  return where(equal(arange(shape[1] ?? 0, { dtype: "int32" }), 0), 0, full(shape, impossible, { dtype }));
}

/** A step before its class is known: from the same label, from the one before, or from that before the blank before. */
function advance(place: Tensor, canSkip: Tensor): Tensor {
  const fromBefore = pad(place, [[1, -1]], { value: impossible });
  const overBlank = where(canSkip, pad(place, [[2, -2]], { value: impossible }), impossible);
  const largest = maximum(maximum(place, fromBefore), overBlank).detach();
  const total = exp(place.sub(largest)).add(exp(fromBefore.sub(largest))).add(exp(overBlank.sub(largest)));
  return log(total).add(largest);
}
