import { gradientsOf, tensor, Variable, zeros } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import { Adam, ExponentialMovingAverage, GradientAccumulation, LBFGS, LookAhead, SGD, SharpnessAware } from "../src/index.js";

interface Saves {
  stateDict(): object;
  loadStateDict(stateDict: never): void;
}

const x = (): Variable => new Variable(tensor([1, 2]));
const trained = {
  Adam: () => {
    const optimizer = new Adam([x()]);
    optimizer.step(gradientsOf(optimizer.parameters, [tensor([1, -1])]));
    return optimizer;
  },
  GradientAccumulation: () => {
    const optimizer = new GradientAccumulation(new SGD([x()], { learningRate: 1, momentum: 0.9 }), { every: 3 });
    for (let call = 0; call < 4; call++) optimizer.step(gradientsOf(optimizer.parameters, [tensor([1, -1])]));
    return optimizer;
  },
  LookAhead: () => {
    const optimizer = new LookAhead(new SGD([x()], { learningRate: 1 }));
    optimizer.step(gradientsOf(optimizer.parameters, [tensor([1, -1])]));
    return optimizer;
  },
  ExponentialMovingAverage: () => {
    const average = new ExponentialMovingAverage([x()]);
    average.update();
    return average;
  },
  LBFGS: () => {
    const optimizer = new LBFGS([x()], { maxIterations: 2 });
    optimizer.step(() => ({ value: tensor(1), gradients: gradientsOf(optimizer.parameters, [tensor([1, -1])]) }));
    return optimizer;
  },
} satisfies Record<string, () => Saves>;

/** Damaged values, each of which replaces a correct one. */
const damage: readonly unknown[] = [undefined, "x", "1", NaN, -1, 0.5, Infinity, {}, [-1], ["x"], [NaN], [0.5], true];

describe.each(Object.entries<() => Saves>(trained))("a damaged state dictionary of %s", (name, make) => {
  const right = make().stateDict() as Readonly<Record<string, unknown>>;

  test.each([null, undefined, 3, "x", []])("%s is refused", (wrong) => {
    expect(() => make().loadStateDict(wrong as never)).toThrow(new RegExp(`^${name}.loadStateDict: got `));
  });

  test.each(Object.keys(right).filter((key) => key !== "length"))("is refused for its %s, and changes nothing", (key) => {
    const owner = make();
    const before = JSON.stringify(owner.stateDict());
    const isFine = (value: unknown): boolean => key === "learningRate" ? value === 0.5 : key === "tensors" && JSON.stringify(value) === "{}" && name === "LBFGS";
    for (const value of [...damage, ...(key === "missing" ? [] : [null])]) {
      if (isFine(value) || (key === "learningRate" && value === null)) continue;
      expect(() => owner.loadStateDict({ ...right, [key]: value } as never)).toThrow(/loadStateDict: /);
      expect(JSON.stringify(owner.stateDict())).toBe(before);
    }
  });

  test("is refused if a tensor is replaced by another value, or has another shape or dtype", () => {
    const owner = make();
    const before = JSON.stringify(owner.stateDict());
    const { tensors = {} } = right as { readonly tensors?: Readonly<Record<string, unknown>> };
    for (const key of Object.keys(tensors)) {
      for (const value of [{ shape: "x" }, { shape: [2], dtype: "float32" }, null, 3, [1, 2], zeros([7]), tensor([1, 2], { dtype: "int32" })]) {
        expect(() => owner.loadStateDict({ ...right, tensors: { ...tensors, [key]: value } } as never)).toThrow(new RegExp(`^${name}.loadStateDict: `));
      }
    }
    expect(JSON.stringify(owner.stateDict())).toBe(before);
  });
});

test("groups of a damaged state dictionary are refused", () => {
  const optimizer = trained.Adam();
  const right = optimizer.stateDict();
  const [group] = right.groups;
  for (const wrong of [null, 3, {}, { ...group, options: null }, { ...group, learningRate: "0.1" }, { ...group, learningRate: -1 }, { ...group, parameters: 2 }]) {
    expect(() => optimizer.loadStateDict({ ...right, groups: [wrong as never] })).toThrow(/^Adam.loadStateDict: /);
  }
  expect(() => optimizer.loadStateDict(right, { strickt: false } as never)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: Adam.loadStateDict: there is no option "strickt"; did you mean "strict"?]`);
  expect(() => optimizer.loadStateDict({ ...right, updates: [-1], steps: "x" as never })).toThrowErrorMatchingInlineSnapshot(`
    [UsageError: Adam.loadStateDict: the state dictionary does not fit
      steps is the string "x"
      updates is [-1]]
  `);
  expect(() => optimizer.loadStateDict({ ...right, tensors: { ...right.tensors, "0.firstMoment": { shape: "x" } as never } })).toThrowErrorMatchingInlineSnapshot(`
    [UsageError: Adam.loadStateDict: the state dictionary does not fit
      wrong type: 0.firstMoment is an object, expected a Tensor]
  `);
});

describe("inspecting an optimizer", () => {
  const make = (): readonly Saves[] => Object.values<() => Saves>(trained).map((each) => each());

  test("by test tools: two optimizers are equal only if their states are", () => {
    const [one, other] = [trained.Adam(), trained.Adam()];
    expect(one).toEqual(other);
    one.step(gradientsOf(one.parameters, [tensor([1, 1])]));
    expect(one).not.toEqual(other);
    const [round, another] = [trained.GradientAccumulation(), trained.GradientAccumulation()];
    expect(round).toEqual(another);
    round.step(gradientsOf(round.parameters, [tensor([5, 5])]));
    expect(round).not.toEqual(another);
  });

  test("by JSON and structured clones: the state", () => {
    for (const owner of make()) {
      expect(JSON.parse(JSON.stringify(owner))).toHaveProperty("state", JSON.parse(JSON.stringify(owner.stateDict())));
      expect(structuredClone(owner)).toHaveProperty("state");
    }
  });

  test("by console.log: the class, the steps, and the options", () => {
    const sharpness = new SharpnessAware(new SGD([x()], { learningRate: () => 0.5, momentum: () => 0.9 }));
    const shown = [...make(), sharpness].map((owner) => {
      const inspect = Reflect.get(owner, Symbol.for("nodejs.util.inspect.custom")) as (() => string) | undefined;
      expect(inspect?.call(owner)).toBe(String(owner));
      return String(owner);
    });
    expect(shown.join("\n\n")).toMatchInlineSnapshot(`
      "Adam, 1 step
        1 parameter of 2 elements: learningRate 0.001, betas [0.9, 0.999], epsilon 1e-8, amsgrad false, weightDecay 0, decoupledWeightDecay false, maximize false

      GradientAccumulation, every 3, reduction mean, 1 call of the round, of
      SGD, 1 step
        1 parameter of 2 elements: momentum 0.9, dampening 0, nesterov false, weightDecay 0, decoupledWeightDecay false, maximize false, learningRate 1

      LookAhead, every 5, fraction 0.5, of
      SGD, 1 step
        1 parameter of 2 elements: momentum 0, dampening 0, nesterov false, weightDecay 0, decoupledWeightDecay false, maximize false, learningRate 1

      ExponentialMovingAverage, 1 update
        1 parameter of 2 elements

      LBFGS, 1 step
        1 parameter of 2 elements: learningRate 1, maxIterations 2, maxEvaluations 2, gradientTolerance 1e-7, changeTolerance 1e-9, historySize 100, lineSearch none

      SharpnessAware, radius 0.05, adaptive false, of
      SGD, 0 steps
        1 parameter of 2 elements: momentum by a schedule, dampening 0, nesterov false, weightDecay 0, decoupledWeightDecay false, maximize false, learningRate 0.5"
    `);
  });
});
