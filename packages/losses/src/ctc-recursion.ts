import { customVjp, vjp } from "@nn/autograd";
import { arange, equal, exp, full, less, log, maximum, pad, select, stack, unsqueeze, where, type Tensor } from "@nn/tensor";

/** Stands for the logarithm of 0. It is finite, so that differences are not NaN, and far below any real log-probability. */
export const impossible = -1e30;

/** The allowed moves along the labels, with blanks between them; each step emits one class. */
export interface Walk {
  /** `[N, L]`: whether a label may follow the previous label directly, without the blank between them. */
  readonly canSkip: Tensor;
  /** `[N]`: number of steps of each sample. Default: all. */
  readonly lengths: Tensor | undefined;
}

/**
 * The log-probability of all paths that end at each label, `[N, L]`, from the log-probabilities of the labels at each step,
 * `[steps, N, L]`.
 *
 * The custom gradient covers the whole recursion: for each step it is the probability of being at each label, given all steps.
 * With automatic differentiation the gradient of every single step would be as large as all of `emissions`. The backward pass
 * computes the forward variables again; in a compiled function common subexpressions are merged, so this is free.
 */
export function walk(emissions: Tensor, { canSkip, lengths }: Walk): Tensor {
  const steps = Array.from({ length: emissions.shape[0] ?? 0 }, (_, step) => step);
  const unlessOver = (step: number, x: Tensor, otherwise: Tensor | number): Tensor =>
    lengths === undefined ? x : where(unsqueeze(less(step, lengths), 1), x, otherwise);

  /** The log-probabilities of being at each label before each step, and after the last. */
  const positions = (seen: Tensor): Tensor[] => {
    const all = [start(canSkip, seen)];
    for (const step of steps) {
      const before = all[step] as Tensor;
      all.push(unlessOver(step, advance(before, canSkip).add(select(seen, 0, step)), before));
    }
    return all;
  };
  const run = customVjp(
    (seen: Tensor) => positions(seen).at(-1) as Tensor,
    (gradient, { inputs: [seen] }) => {
      const before = positions(seen);
      let arriving = gradient;
      const ofSteps = steps.toReversed().map((step) => {
        const taken = unlessOver(step, arriving, 0);
        const [passed] = vjp((position) => advance(position, canSkip), [before[step] as Tensor]).pullback(taken);
        arriving = unlessOver(step, passed, arriving);
        return taken;
      });
      return [ofSteps.length === 0 ? undefined : stack(ofSteps.toReversed())];
    },
  );
  return run(emissions);
}

/** The state before the first step: at the first blank. */
function start({ shape }: Tensor, { dtype }: Tensor): Tensor {
  return where(equal(arange(shape[1] ?? 0, { dtype: "int32" }), 0), 0, full(shape, impossible, { dtype }));
}

/** One transition: from the same label, from the previous one, or, if allowed, from the one before that. */
function advance(position: Tensor, canSkip: Tensor): Tensor {
  const fromBefore = pad(position, [[1, -1]], { value: impossible });
  const overBlank = where(canSkip, pad(position, [[2, -2]], { value: impossible }), impossible);
  const largest = maximum(maximum(position, fromBefore), overBlank).detach();
  const total = exp(position.sub(largest)).add(exp(fromBefore.sub(largest))).add(exp(overBlank.sub(largest)));
  return log(total).add(largest);
}
