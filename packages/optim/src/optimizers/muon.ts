import { matmul, maximum, norm, ShapeError, transpose, zerosLike, type Tensor } from "@nn/tensor";
import { formatShape } from "@nn/tensor/extend";
import { Optimizer, type ParametersOrGroups } from "../optimizer.js";
import type { Complete } from "../options.js";
import type { LearningRateOptions } from "../parameter-group.js";
import { requireNumbers, requireRange } from "../requirements.js";
import { momentumAtStep, type Scheduled } from "../scheduled.js";
import type { UpdateRule } from "../update-rule.js";
import { applyWeightDecay, type WeightDecayOptions } from "./weight-decay.js";

/** Options of {@link Muon}. */
export interface MuonOptions extends WeightDecayOptions {
  /** Fraction of the running mean of the gradient that each step keeps, a number or a schedule; default 0.95. */
  readonly momentum?: Scheduled | undefined;
  /** Whether to use Nesterov's momentum; default true. */
  readonly nesterov?: boolean | undefined;
  /** Steps of the iteration that makes the update orthogonal; default 5. */
  readonly iterations?: number | undefined;
  /** Coefficients of the iteration's polynomial `a s + b s³ + c s⁵`; default `[3.4445, -4.775, 2.0315]`. */
  readonly coefficients?: readonly [a: number, b: number, c: number] | undefined;
  /** Lower bound of the norm by which the update is divided before the iteration; default 1e-7. */
  readonly epsilon?: number | undefined;
  /**
   * How the step depends on the shape `[m, n]`: `"spectral"` scales it by `√max(1, m/n)` (Jordan et al. 2024), `"adam"` by `0.2 √max(m, n)`
   * (Liu et al. 2025), which suits learning rates of AdamW. Default `"spectral"`.
   */
  readonly scale?: "spectral" | "adam" | undefined;
}

/** State of {@link muon}: the running mean of the gradient. */
export type MuonState = {
  readonly momentum: Tensor;
};

/**
 * Muon (Jordan et al. 2024): `m ← μ m + (1 − μ) g`, and the parameter moves by the orthogonal matrix nearest to `m` (with
 * Nesterov's momentum to `μ m + (1 − μ) g`), so that all directions of a weight change equally fast:
 * `x ← x − η · scale · orthogonal(m)`. Use it for the weights, `[m, n]`, of hidden layers, and AdamW for biases, embeddings and the last layer.
 */
export const muon: UpdateRule<MuonState, Complete<MuonOptions>> = {
  options: { momentum: "any", nesterov: "boolean", iterations: "count", coefficients: "list", epsilon: "nonNegative", scale: ["spectral", "adam"], weightDecay: "nonNegative", decoupledWeightDecay: "boolean", maximize: "boolean" },
  init: (parameter) => ({ momentum: zerosLike(parameter) }),
  update: (context) => {
    const { parameter: { shape: [rows = 1, columns = 1] }, state, learningRate, atStep, options } = context;
    const { gradient, parameter } = applyWeightDecay(context);
    const kept = momentumAtStep(options.momentum, atStep);
    const towards = (start: Tensor, end: Tensor): Tensor => start.add(end.sub(start).mul(kept));
    const momentum = towards(gradient, state.momentum);
    const update = orthogonal(options.nesterov ? towards(gradient, momentum) : momentum, options);
    const factor = options.scale === "spectral" ? Math.sqrt(Math.max(1, rows / columns)) : 0.2 * Math.sqrt(Math.max(rows, columns));
    return { parameter: parameter.sub(update.mul(learningRate.mul(factor))), state: { momentum } };
  },
};

/**
 * Approximates the orthogonal factor `U Vᵀ` of `x = U S Vᵀ` by Newton-Schulz iterations: `x ← a x + b (x xᵀ) x + c (x xᵀ)² x` applies
 * the polynomial to every singular value. A few steps bring all of them near 1, between 0.7 and 1.2.
 */
function orthogonal(x: Tensor, { iterations, coefficients: [a, b, c], epsilon }: Complete<MuonOptions>): Tensor {
  const [rows = 1, columns = 1] = x.shape;
  const isTall = rows > columns;
  let wide = isTall ? transpose(x) : x;
  wide = wide.div(maximum(norm(wide), epsilon));
  for (let step = 0; step < iterations; step++) {
    const gram = matmul(wide, transpose(wide));
    wide = wide.mul(a).add(matmul(gram.mul(b).add(matmul(gram, gram).mul(c)), wide));
  }
  return isTall ? transpose(wide) : wide;
}

const defaults: Complete<MuonOptions> & LearningRateOptions = {
  learningRate: 1e-3, momentum: 0.95, nesterov: true, iterations: 5, coefficients: [3.4445, -4.775, 2.0315], epsilon: 1e-7, scale: "spectral",
  weightDecay: 0.1, decoupledWeightDecay: true, maximize: false,
};

/**
 * Muon: see {@link muon}. By default the learning rate is 1e-3, and the weight decay is 0.1 and decoupled. The formula is PyTorch's (2.9 and
 * later), but in the dtype of the parameter instead of bfloat16; `scale` is its `adjust_lr_fn`.
 *
 * @example
 * ```ts
 * import { Variable, zeros } from "@nn/tensor";
 * import { AdamW, Muon } from "@nn/optim";
 * const parameters = [new Variable(zeros([32, 16])), new Variable(zeros([32]))];
 * const isMatrix = ({ shape }: Variable): boolean => shape.length === 2;
 * const optimizers = [
 *   new Muon(parameters.filter(isMatrix), { learningRate: 0.02 }),
 *   new AdamW(parameters.filter((parameter) => !isMatrix(parameter)), { learningRate: 3e-4 }),
 * ];
 * optimizers.map((optimizer) => optimizer.parameters.length); // => [1, 1]
 * ```
 * @throws ShapeError for a parameter that is not a matrix; ArgumentError for options out of range.
 */
export class Muon extends Optimizer<MuonState, Complete<MuonOptions>> {
  constructor(parameters: ParametersOrGroups<MuonOptions>, options: MuonOptions & Partial<LearningRateOptions> = {}) {
    super(muon, parameters, options, defaults);
    for (const [at, { shape }] of this.parameters.entries()) {
      if (shape.length !== 2) throw new ShapeError(`Muon: parameter ${at} is ${formatShape(shape)}, expected a matrix; use another optimizer for biases and other parameters that are not matrices`);
    }
    for (const { options: { momentum, coefficients } } of this.groups) {
      requireRange("Muon", { momentum }, 0, 1);
      requireNumbers("Muon", "coefficients", coefficients, 3);
    }
  }
}
