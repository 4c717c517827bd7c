import * as autograd from "@nn/autograd";
import { compile } from "@nn/compiler";
import { Linear, Module, Sequential, summary, Transformer } from "@nn/layers";
import { tripletMargin } from "@nn/losses";
import { ExponentialMovingAverage, GradientAccumulation, LBFGS, multiplicative, Optimizer, SGD, SharpnessAware } from "@nn/optim";
import { atomically, hostCallback, hostEffect, tensor, Variable, zeros, type Tensor } from "@nn/tensor";
import { guard, watchVariables } from "@nn/tensor/extend";
import { describe, expect, test } from "vitest";

const x = tensor([1, 2]);
const weight = new Variable(tensor([1, 2]));
const wait = Promise.resolve();

/** An asynchronous function, which fails after its first `await`: no rejection may stay without a handler. */
// oxlint-disable-next-line typescript/no-explicit-any -- it stands for callbacks of every type
const late: any = async (input: Tensor | undefined): Promise<Tensor> => {
  await wait;
  throw new Error(`too late: ${String(input)}`);
};
/** The same for what is no `Promise` of this realm. */
// oxlint-disable-next-line typescript/no-explicit-any, unicorn/no-thenable -- it stands for callbacks of every type
const thenable: any = () => ({ then: (done: (value: unknown) => void) => done(1) });

class Late extends Module {
  readonly inner = new Linear(2, 2);
  // oxlint-disable-next-line typescript/no-explicit-any -- what TypeScript refuses in a Sequential
  override async forward(input: Tensor): Promise<any> {
    await wait;
    return this.inner.forward(input);
  }
}

const evaluated = (): autograd.ValueAndGradients<readonly [Variable]> => autograd.valueAndGrad(() => weight.value.sum(), [weight] as const);

// oxlint-disable-next-line typescript/no-explicit-any -- callbacks of every type
const calls: readonly (readonly [string, (callback: any) => unknown, RegExp])[] = [
  ["valueAndGrad", (f) => autograd.valueAndGrad(f, [weight]), /^UsageError: valueAndGrad: the function is asynchronous/],
  ["grad", (f) => autograd.grad(f)(x), /^UsageError: grad: the function is asynchronous/],
  ["vjp", (f) => autograd.vjp(f, [x]), /^UsageError: vjp: the function is asynchronous/],
  ["jacobian", (f) => autograd.jacobian(f, x), /^UsageError: (jacobian|vjp): the function is asynchronous/],
  ["hessian", (f) => autograd.hessian(f, x), /^UsageError: (hessian|grad|jacobian|vjp|valueAndGrad): the function is asynchronous/],
  ["checkGradients", (f) => autograd.checkGradients(f, [x]), /^UsageError: checkGradients: the function is asynchronous/],
  ["checkpoint", (f) => autograd.checkpoint(f)(x), /^UsageError: checkpoint: the function is asynchronous/],
  ["checkpoint in a gradient", (f) => autograd.grad((y: Tensor) => (autograd.checkpoint(f)(y) as Tensor).sum())(x), /^UsageError: checkpoint: the function is asynchronous/],
  ["customVjp", (f) => autograd.customVjp(f, () => [undefined])(x), /^UsageError: customVjp: the function is asynchronous/],
  ["customVjp in a gradient", (f) => autograd.grad((y: Tensor) => (autograd.customVjp(f, () => [undefined])(y) as Tensor).sum())(x), /^UsageError: customVjp: the function is asynchronous/],
  ["backward of customVjp", (f) => autograd.grad((y: Tensor) => autograd.customVjp((z: Tensor) => z.mul(2), f)(y).sum())(x), /^UsageError: customVjp: backward is asynchronous/],
  ["compile", (f) => compile(f)(x), /^UsageError: compile: the function is asynchronous/],
  ["compile in a gradient", (f) => autograd.grad((y: Tensor) => (compile(f)(y) as Tensor).sum())(x), /^UsageError: compile: the function is asynchronous/],
  ["compile, to profile", (f) => compile(f).profile(x), /^UsageError: compile: the function is asynchronous/],
  ["atomically", (f) => atomically(f), /^UsageError: atomically: the function is asynchronous/],
  ["guard", (f) => guard(f), /^UsageError: guard: the first argument is asynchronous/],
  ["hostEffect", (f) => hostEffect(f), /^UsageError: hostEffect: the effect is asynchronous/],
  ["hostCallback", (f) => hostCallback(f), /^UsageError: hostCallback: the callback is asynchronous/],
  ["hostCallback, compiled", (f) => compile((y: Tensor) => y.add(hostCallback(f)))(x), /^UsageError: hostCallback: the callback is asynchronous/],
  ["watchVariables", (f) => watchVariables(() => undefined, f), /^UsageError: watchVariables: the body is asynchronous/],
  ["Module.apply", (f) => new Linear(1, 1).apply(f), /^UsageError: apply: visit is asynchronous/],
  ["an initializer", (f) => new Linear(1, 1, { initializeWeight: f }), /^UsageError: Linear: the initializer of weight is asynchronous/],
  ["an activation of a Transformer", (f) => new Transformer(2, 1, { encoderLayers: 1, decoderLayers: 1, activation: f }).forward(zeros([1, 1, 2]), zeros([1, 1, 2])), /^UsageError: (in .*: )?Transformer(Encoder|Decoder)Layer: activation is asynchronous/],
  ["the distance of tripletMargin", (f) => tripletMargin(zeros([1, 2]), zeros([1, 2]), zeros([1, 2]), { distance: f }), /^UsageError: tripletMargin: distance is asynchronous/],
  ["ExponentialMovingAverage.applied", (f) => new ExponentialMovingAverage([weight]).applied(f), /^UsageError: ExponentialMovingAverage\.applied: the function is asynchronous, expected a synchronous one; .* swap\(\)/],
  ["a schedule", (f) => new SGD([weight], { learningRate: f }).step(evaluated().gradients), /^UsageError: schedule: the function is asynchronous/],
  ["multiplicative", (f) => multiplicative(1, f)(1), /^UsageError: multiplicative: factor is asynchronous/],
  ["LBFGS.step", (f) => new LBFGS([weight]).step(f), /^UsageError: LBFGS\.step: the function is asynchronous/],
  ["SharpnessAware.step", (f) => new SharpnessAware(new SGD([weight], { learningRate: 1 })).step(f), /^UsageError: SharpnessAware\.step: the function is asynchronous/],
  ["the transform of GradientAccumulation", (f) => new GradientAccumulation(new SGD([weight], { learningRate: 1 }), { every: 1, transform: f }).step(evaluated().gradients), /^UsageError: GradientAccumulation: transform is asynchronous/],
  ["init of a rule", (f) => new Optimizer({ init: f, update: ({ parameter }) => ({ parameter, state: {} }) }, [weight], { learningRate: 1 }), /^UsageError: Optimizer: init is asynchronous/],
  ["update of a rule", (f) => new Optimizer({ init: () => ({}), update: f }, [weight], { learningRate: 1 }).step(evaluated().gradients), /^UsageError: Optimizer: update is asynchronous/],
  ["grad of a module", () => autograd.grad((y: Tensor) => new Late().forward(y) as never)(x), /^UsageError: Late: forward is asynchronous/],
];

function messageOf(attempt: () => unknown): string {
  try {
    attempt();
  } catch (error) {
    return String(error);
  }
  return "no error";
}

describe("an asynchronous function is refused where only its first part would count", () => {
  test.each(calls)("%s", (_, call, message) => {
    const before = weight.value.toArray();
    expect(messageOf(() => call(late))).toMatch(message);
    expect(messageOf(() => call(thenable))).toMatch(message);
    expect(weight.value.toArray()).toEqual(before);
  });

  test("forward of a module: alone, in another module and in a summary", () => {
    const message = "Late: forward is asynchronous, expected a synchronous one; await what it needs before the call";
    expect(() => new Late().forward(x)).toThrow(message);
    expect(() => new Sequential(new Late() as never).forward(x)).toThrow(message);
    expect(() => summary(new Late(), [1, 2])).toThrow(message);
    const model = new Late();
    expect(() => compile((y: Tensor) => model.forward(y))(x)).toThrow(message);
  });
});
