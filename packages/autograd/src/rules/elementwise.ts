import { cos, equal, exp, less, log, logicalAnd, sign, sin, where, type Tensor } from "@nn/tensor";
import type { GradientRules, InputVjp } from "./rule.js";

const unchanged: InputVjp = (gradient) => gradient;

/** Passes the gradient to an operand where it wins, and half of it at a tie, as in PyTorch. */
function toWinner(gradient: Tensor, worse: Tensor, tie: Tensor): Tensor {
  return where(worse, 0, where(tie, gradient.mul(0.5), gradient));
}

/** `x / (x² + y²)` of numbers relative to the larger one, so that squares do not overflow or vanish; 0 at the origin. */
function overSquare(x: Tensor, y: Tensor): Tensor {
  const larger = x.abs().maximum(y.abs()).detach();
  const scale = where(equal(larger, 0), 1, larger);
  const [u, v] = [x.div(scale), y.div(scale)];
  return u.div(where(equal(larger, 0), 1, u.square().add(v.square()))).div(scale);
}

/** Derivatives of the elementwise primitives. Rules of two inputs are written as if nothing were broadcast. */
export const elementwiseRules = {
  neg: () => [(gradient) => gradient.neg()],
  /** d|x| = sign(x)·dx; 0 at 0. */
  abs: ({ inputs: [x] }) => [(gradient) => gradient.mul(sign(x))],
  sign: "locally constant",
  floor: "locally constant",
  ceil: "locally constant",
  round: "locally constant",
  trunc: "locally constant",
  /** d√x = dx / 2√x; infinite at 0. */
  sqrt: ({ output }) => [(gradient) => gradient.div(output.mul(2))],
  exp: ({ output }) => [(gradient) => gradient.mul(output)],
  /** d(eˣ − 1) = eˣ·dx. */
  expm1: ({ output }) => [(gradient) => gradient.mul(output.add(1))],
  log: ({ inputs: [x] }) => [(gradient) => gradient.div(x)],
  log1p: ({ inputs: [x] }) => [(gradient) => gradient.div(x.add(1))],
  sin: ({ inputs: [x] }) => [(gradient) => gradient.mul(cos(x))],
  cos: ({ inputs: [x] }) => [(gradient) => gradient.neg().mul(sin(x))],
  /** d tanh(x) = (1 − tanh²x)·dx. */
  tanh: ({ output }) => [(gradient) => gradient.sub(gradient.mul(output.square()))],
  /** dσ(x) = σ(x)(1 − σ(x))·dx. */
  sigmoid: ({ output }) => [(gradient) => gradient.mul(output.sub(output.square()))],
  /** d erf(x) = 2/√π e^(−x²)·dx. */
  erf: ({ inputs: [x] }) => [(gradient) => gradient.mul(exp(x.square().neg()).mul(2 / Math.sqrt(Math.PI)))],
  erfc: ({ inputs: [x] }) => [(gradient) => gradient.mul(exp(x.square().neg()).mul(-2 / Math.sqrt(Math.PI)))],
  /** d erf⁻¹(x) = √π/2 e^(erf⁻¹(x)²)·dx. */
  erfInv: ({ output }) => [(gradient) => gradient.mul(exp(output.square()).mul(Math.sqrt(Math.PI) / 2))],
  logicalNot: "not differentiable",

  add: () => [unchanged, unchanged],
  sub: () => [unchanged, (gradient) => gradient.neg()],
  /** d(x·y) = y·dx + x·dy. */
  mul: ({ inputs: [x, y] }) => [(gradient) => gradient.mul(y), (gradient) => gradient.mul(x)],
  /** d(x/y) = dx/y − (x/y)·dy/y. */
  div: ({ inputs: [, y], output }) => [(gradient) => gradient.div(y), (gradient) => gradient.neg().mul(output).div(y)],
  /**
   * d(xʸ) = y·xʸ⁻¹·dx + xʸ·ln(x)·dy. At x = 0 the first term is 0 for y = 0, and the second is 0 for y ≥ 0. There the argument
   * is replaced, not the result, so that no 0·∞ occurs in higher derivatives either.
   */
  pow: ({ inputs: [x, y], output }) => [
    (gradient) => gradient.mul(y).mul(x.pow(where(logicalAnd(equal(x, 0), equal(y, 0)), 1, y).sub(1))),
    (gradient) => gradient.mul(output).mul(log(where(logicalAnd(equal(x, 0), y.greaterEqual(0)), 1, x))),
  ],
  /** x − y·q, where q = ⌊x/y⌋ is locally constant: d = dx − q·dy. */
  remainder: ({ inputs: [x, y], output }) => [unchanged, (gradient) => gradient.neg().mul(x.sub(output).div(y).detach())],
  maximum: ({ inputs: [x, y] }) => [
    (gradient) => toWinner(gradient, less(x, y), equal(x, y)),
    (gradient) => toWinner(gradient, less(y, x), equal(x, y)),
  ],
  minimum: ({ inputs: [x, y] }) => [
    (gradient) => toWinner(gradient, less(y, x), equal(x, y)),
    (gradient) => toWinner(gradient, less(x, y), equal(x, y)),
  ],
  /** d atan2(y, x) = (x·dy − y·dx) / (x² + y²); 0 at the origin. */
  atan2: ({ inputs: [y, x] }) => [
    (gradient) => gradient.mul(overSquare(x, y)),
    (gradient) => gradient.neg().mul(overSquare(y, x)),
  ],
  equal: "not differentiable",
  less: "not differentiable",
  lessEqual: "not differentiable",
  logicalAnd: "not differentiable",
  logicalOr: "not differentiable",
  bitwiseAnd: "not differentiable",
  bitwiseOr: "not differentiable",
  bitwiseXor: "not differentiable",
  bitwiseLeftShift: "not differentiable",
  bitwiseRightShift: "not differentiable",

  /** Only the chosen side receives the gradient. */
  select: ({ inputs: [condition] }) => [
    undefined,
    (gradient) => where(condition, gradient, 0),
    (gradient) => where(condition, 0, gradient),
  ],
  /** The tape casts the gradient back to the dtype of the input. */
  cast: () => [unchanged],
} satisfies GradientRules;
