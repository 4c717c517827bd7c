import { valueAndGrad } from "@nn/autograd";
import { gradientsOf, ones, sign, square, sum, tensor, Variable, zeros, type Tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import { Adam, AdamW, cosineDecay, Optimizer, SGD, type OptimizerStateDict, type UpdateRule } from "../src/index.js";

const variable = (...values: number[]): Variable => new Variable(tensor(values));
const values = (x: Variable): unknown => x.value.toArray();

describe("step", () => {
  test("takes the gradients in the order of all groups", () => {
    const [a, b, c] = [variable(0), variable(0), variable(0)];
    const optimizer = new SGD([{ parameters: [b] }, { parameters: [c, a], learningRate: 10 }], { learningRate: 1 });
    expect(optimizer.parameters).toEqual([b, c, a]);
    optimizer.step(gradientsOf(optimizer.parameters, [tensor([1]), tensor([2]), tensor([3])]));
    expect([a, b, c].map(values)).toEqual([[-30], [-1], [-20]]);
  });

  test("leaves a parameter without a gradient, and its update count, unchanged", () => {
    const [x, y] = [variable(1), variable(1)];
    const optimizer = new Adam([x, y], { learningRate: 0.1 });
    optimizer.step(gradientsOf(optimizer.parameters, [tensor([1]), undefined]));
    expect(values(y)).toEqual([1]);
    optimizer.step(gradientsOf(optimizer.parameters, [undefined, tensor([1])]));
    // The first update of Adam moves by the learning rate, at whichever step it happens.
    expect(y.value.item()).toBeCloseTo(0.9, 6);
    expect(optimizer.stateDict().updates).toEqual([1, 1]);
    expect(optimizer.steps).toBe(2);
  });

  test("counts a step even if no parameter has a gradient", () => {
    const optimizer = new SGD([variable(1)], { learningRate: (step) => step });
    optimizer.step(gradientsOf(optimizer.parameters, [undefined]));
    expect(optimizer.learningRate).toBe(1);
  });

  test("refuses gradients that do not fit, before anything changes", () => {
    const [x, y] = [variable(1, 2), variable(3)];
    const optimizer = new SGD([x, y], { learningRate: 1 });
    expect(() => optimizer.step({ gradients: [] } as never)).toThrowErrorMatchingInlineSnapshot(`[UsageError: SGD.step: got an object, expected \`gradients\` of valueAndGrad, the result of gradients.map(…), or gradientsOf(parameters, [...])]`);
    expect(() => optimizer.step(gradientsOf(optimizer.parameters, [tensor([1, 1])]))).toThrowErrorMatchingInlineSnapshot(`[UsageError: gradientsOf: got 1 gradients for 2 variables]`);
    expect(() => optimizer.step(gradientsOf(optimizer.parameters, [tensor([1, 1]), zeros([2])]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: gradientsOf: gradient 1 is [2], expected [1] as its variable]`);
    expect(() => optimizer.step(gradientsOf(optimizer.parameters, [tensor([1, 1]), zeros([1], { dtype: "float64" })]))).toThrowErrorMatchingInlineSnapshot(`[DTypeError: gradientsOf: gradient 1 has dtype float64, expected float32 as its variable]`);
    expect(() => optimizer.step(gradientsOf(optimizer.parameters, [tensor([1, 1]), 0 as never]))).toThrowErrorMatchingInlineSnapshot(`[UsageError: gradientsOf: gradient 1 is 0, expected a Tensor]`);
    expect([values(x), values(y), optimizer.steps]).toEqual([[1, 2], [3], 0]);
  });
});

describe("the learning rate", () => {
  test("comes from the schedule, by the number of the step", () => {
    const x = variable(0);
    const asked: number[] = [];
    const optimizer = new SGD([x], { learningRate: (step) => { asked.push(step); return step === 1 ? 5 : 1; } });
    for (let step = 0; step < 3; step++) optimizer.step(gradientsOf(optimizer.parameters, [tensor([1])]));
    expect(asked).toEqual([0, 1, 2]);
    expect(values(x)).toEqual([-7]);
  });

  test("can be read and set, for all groups without their own rate", () => {
    const [x, y] = [variable(0), variable(0)];
    const optimizer = new SGD([{ parameters: [x] }, { parameters: [y], learningRate: 3 }], { learningRate: 1 });
    optimizer.learningRate = 2;
    expect(optimizer.groups.map((group) => group.learningRate)).toEqual([2, 3]);
    const [, own] = optimizer.groups;
    if (own !== undefined) own.learningRate = cosineDecay(4, { steps: 10 });
    optimizer.step(gradientsOf(optimizer.parameters, [tensor([1]), tensor([1])]));
    expect([values(x), values(y)]).toEqual([[-2], [-4]]);
  });

  test("must be a non-negative number", () => {
    expect(() => new Adam([variable(1)], 0.1 as never)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: Adam: the options are 0.1, expected an object such as { learningRate: …, betas: …, epsilon: … }]`);
    expect(() => new Adam([variable(1)], { lr: 0.1 } as never)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: Adam: there is no option "lr"; its options are learningRate, betas, epsilon, amsgrad, weightDecay, decoupledWeightDecay, maximize]`);
    expect(() => new SGD([{ parameters: [variable(1)], weight_decay: 0.1 } as never], { learningRate: 0.1 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: SGD: group 0: there is no option "weight_decay"; did you mean "weightDecay"?]`);
    expect(() => new SGD([variable(1)], {} as never)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: SGD: learningRate is undefined, expected a finite number, at least 0, or a schedule]`);
    expect(() => new SGD([variable(1)], { learningRate: "0.1" as never })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: SGD: learningRate is the string "0.1", expected a finite number, at least 0, or a schedule]`);
    expect(() => new SGD([variable(1)], { learningRate: -1 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: SGD: learningRate is -1, expected a finite number, at least 0, or a schedule]`);
    const optimizer = new SGD([variable(1)], { learningRate: (step) => 1 / (step - 1) });
    expect(() => optimizer.step(gradientsOf(optimizer.parameters, [tensor([1])]))).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: SGD: the learning rate of step 0 is -1, expected a finite number, at least 0]`);
    expect(() => { optimizer.learningRate = NaN; }).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: SGD: learningRate is NaN, expected a finite number, at least 0, or a schedule]`);
  });
});

describe("groups", () => {
  test("use the optimizer's options unless they give their own", () => {
    const optimizer = new AdamW([{ parameters: [variable(1)], weightDecay: 0, betas: undefined }, { parameters: [variable(1)] }], { weightDecay: 0.2 });
    expect(optimizer.groups.map(({ options }) => [options.weightDecay, options.betas])).toEqual([[0, [0.9, 0.999]], [0.2, [0.9, 0.999]]]);
  });

  test("must hold each parameter once, and only floating-point ones", () => {
    const x = variable(1);
    expect(() => new Adam({ parameters: () => [x] } as never)).toThrowErrorMatchingInlineSnapshot(`[UsageError: Adam: got an object, expected a list of parameters, or of groups of them; pass model.parameters()]`);
    expect(() => new Adam([tensor([1])] as never)).toThrowErrorMatchingInlineSnapshot(`[UsageError: Adam: parameter 0 is neither a Variable nor a group { parameters: [...] }; pass model.parameters()]`);
    expect(() => new Adam([])).toThrowErrorMatchingInlineSnapshot(`[UsageError: Adam: got an empty list, expected at least one parameter]`);
    expect(() => new Adam([{ parameters: [x] }, { parameters: [x] }])).toThrowErrorMatchingInlineSnapshot(`[UsageError: Adam: parameter 1 is given twice]`);
    expect(() => new Adam([x, { parameters: [x] }] as never)).toThrowErrorMatchingInlineSnapshot(`[UsageError: Adam: got parameters and groups of parameters in one list, expected one or the other; put all parameters into groups]`);
    expect(() => new Adam([new Variable(tensor([1], { dtype: "int32" }))])).toThrowErrorMatchingInlineSnapshot(`[DTypeError: Adam: parameter 0 has dtype int32, expected float32 or float64; convert it with .cast("float32")]`);
    expect(() => new Adam([{ parameters: [ones([2]) as never] }])).toThrowErrorMatchingInlineSnapshot(`[UsageError: Adam: parameter 0 is a Tensor, expected a Variable; pass those of model.parameters()]`);
  });
});

describe("a custom rule", () => {
  const averaged: UpdateRule<{ readonly mean: Tensor }, { readonly fraction: number }> = {
    init: (parameter) => ({ mean: zeros(parameter.shape) }),
    update: ({ gradient, parameter, state, learningRate, atStep, options: { fraction } }) => {
      const mean = state.mean.mul(1 - fraction).add(gradient.mul(fraction));
      return { parameter: parameter.sub(sign(mean).mul(learningRate).div(atStep((t) => t))), state: { mean } };
    },
  };

  test("receives its state, its options, the rate and the number of updates", () => {
    const x = variable(0);
    const optimizer = new Optimizer(averaged, [x], { learningRate: 1, fraction: 0.5 });
    for (const gradient of [4, -1, -3]) optimizer.step(gradientsOf(optimizer.parameters, [tensor([gradient])]));
    expect(optimizer.stateDict().tensors["0.mean"]?.toArray()).toEqual([-1.25]);
    expect(x.value.item()).toBeCloseTo(-1 - 1 / 2 + 1 / 3, 6);
  });

  test("must return all the state that it started with", () => {
    const forgetful: UpdateRule<{ readonly mean?: Tensor }, object> = {
      init: (parameter) => ({ mean: zeros(parameter.shape) }),
      update: ({ parameter }) => ({ parameter, state: {} }),
    };
    const optimizer = new Optimizer(forgetful, [variable(1)], { learningRate: 1 });
    expect(() => optimizer.step(gradientsOf(optimizer.parameters, [tensor([1])]))).toThrowErrorMatchingInlineSnapshot(`[UsageError: Optimizer.step: update returned undefined as state "mean", expected float32 [1]]`);
  });

  test("must return tensors", () => {
    const make = (init: unknown, update: unknown) => () => {
      const optimizer = new Optimizer({ init: () => init, update: () => update } as never, [variable(1)], { learningRate: 1 });
      optimizer.step(gradientsOf(optimizer.parameters, [tensor([1])]));
    };
    expect(make({ mean: [0] }, undefined)).toThrowErrorMatchingInlineSnapshot(`[UsageError: Optimizer: init returned an array of 1 as state "mean", expected a Tensor]`);
    expect(make({}, undefined)).toThrowErrorMatchingInlineSnapshot(`[UsageError: Optimizer.step: update returned undefined as parameter, expected float32 [1]]`);
    expect(make({}, { parameter: 1, state: {} })).toThrowErrorMatchingInlineSnapshot(`[UsageError: Optimizer.step: update returned 1 as parameter, expected float32 [1]]`);
  });
});

describe("state dictionaries", () => {
  const descend = (optimizer: Optimizer, x: Variable, times: number): void => {
    for (let step = 0; step < times; step++) optimizer.step(valueAndGrad(() => sum(square(x.value)), [x]).gradients);
  };

  test("let another optimizer continue with the same results, also through JSON", () => {
    const build = () => {
      const x = variable(1, -2);
      return { x, optimizer: new Adam([x], { learningRate: cosineDecay(0.1, { steps: 20 }), amsgrad: true }) };
    };
    const [whole, first, second] = [build(), build(), build()];
    descend(whole.optimizer, whole.x, 10);
    descend(first.optimizer, first.x, 4);
    const { tensors, ...rest } = first.optimizer.stateDict();
    second.x.value = first.x.value;
    second.optimizer.loadStateDict({ tensors, ...(JSON.parse(JSON.stringify(rest)) as Omit<OptimizerStateDict, "tensors">) });
    descend(second.optimizer, second.x, 6);
    expect(values(second.x)).toEqual(values(whole.x));
    expect(second.optimizer.stateDict()).toEqual(whole.optimizer.stateDict());
  });

  test("restore rates that are numbers, and keep schedules", () => {
    const build = (learningRate: number) => new SGD([{ parameters: [variable(1)] }, { parameters: [variable(1)], learningRate: (step) => step }], { learningRate });
    const [from, to] = [build(1), build(2)];
    from.learningRate = 0.25;
    from.step(gradientsOf(from.parameters, [tensor([1]), tensor([1])]));
    to.loadStateDict(from.stateDict());
    expect(to.groups.map((group) => group.learningRate)).toEqual([0.25, 1]);
    to.learningRate = 7;
    expect(to.groups[0]?.learningRate).toBe(7);
  });

  test("that do not fit are refused with every difference, and change nothing", () => {
    const [x, y] = [variable(1, 2), variable(3)];
    const from = new SGD([x, y], { learningRate: 1, momentum: 0.5 });
    from.step(gradientsOf(from.parameters, [tensor([1, 1]), tensor([1])]));
    const saved = from.stateDict();
    const to = new SGD([new Variable(zeros([3])), y], { learningRate: 2, momentum: 0.9, nesterov: true });
    expect(() => to.loadStateDict({ ...saved, tensors: { ...saved.tensors, "7.velocity": zeros([1]) } })).toThrowErrorMatchingInlineSnapshot(`
      [UsageError: SGD.loadStateDict: the state dictionary does not fit
        group 0: momentum is 0.5, expected 0.9 (strict: false keeps the optimizer's)
        group 0: nesterov is false, expected true (strict: false keeps the optimizer's)
        unexpected: 7.velocity
        wrong type: 0.velocity (float32 [2]), expected float32 [3]]
    `);
    expect(() => new SGD([x], { learningRate: 1 }).loadStateDict(saved)).toThrowErrorMatchingInlineSnapshot(`
      [UsageError: SGD.loadStateDict: the state dictionary does not fit
        groups of 2 parameters, expected groups of 1 parameters
        counts for 2 parameters, expected 1
        unexpected: 0.velocity
        unexpected: 1.velocity]
    `);
    expect([to.steps, to.learningRate]).toEqual([0, 2]);
  });

  test("with strict: false, options and states may differ, but not shapes", () => {
    const x = variable(1, 2);
    const from = new SGD([x], { learningRate: 1 });
    from.step(gradientsOf(from.parameters, [tensor([1, 1])]));
    const to = new SGD([x], { learningRate: 1, momentum: 0.9 });
    to.loadStateDict(from.stateDict(), { strict: false });
    expect(to.steps).toBe(1);
    expect(to.groups[0]?.options.momentum).toBe(0.9);
    expect(() => to.loadStateDict({ ...from.stateDict(), tensors: { "0.velocity": zeros([3]) } }, { strict: false })).toThrowErrorMatchingInlineSnapshot(`
      [UsageError: SGD.loadStateDict: the state dictionary does not fit
        wrong type: 0.velocity (float32 [3]), expected float32 [2]]
    `);
  });
});
