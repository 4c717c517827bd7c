import { gradientsOf, tensor, Variable } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import { Adam, Adamax, AdamW, Lion, Muon, NAdam, RAdam, RMSprop, SGD, type Optimizer, type Schedule } from "../../src/index.js";

const rising: Schedule = (step) => 0.5 + step / 20;
const gradients = [1, -0.5, 2, 0.25];
const variable = (): Variable => new Variable(tensor([[1]], { dtype: "float64" }));

function take(optimizer: Optimizer, x: Variable): number[] {
  return gradients.map((gradient) => {
    optimizer.step(gradientsOf(optimizer.parameters, [tensor([[gradient]], { dtype: "float64" })]));
    return x.value.item();
  });
}

describe("a momentum that follows a schedule", () => {
  test.each([{ nesterov: false }, { nesterov: true }])("of SGD, Nesterov $nesterov", ({ nesterov }) => {
    const x = variable();
    const got = take(new SGD([x], { learningRate: 0.1, momentum: rising, nesterov }), x);
    let [expected, velocity] = [1, 0];
    for (const [step, gradient] of gradients.entries()) {
      velocity = rising(step) * velocity + gradient;
      expected -= 0.1 * (nesterov ? gradient + rising(step) * velocity : velocity);
      expect(got[step]).toBeCloseTo(expected, 12);
    }
  });

  test("of RMSprop", () => {
    const x = variable();
    const got = take(new RMSprop([x], { learningRate: 0.1, alpha: 0.5, momentum: rising }), x);
    let [expected, velocity, mean] = [1, 0, 0];
    for (const [step, gradient] of gradients.entries()) {
      mean = 0.5 * mean + 0.5 * gradient ** 2;
      velocity = rising(step) * velocity + gradient / (Math.sqrt(mean) + 1e-8);
      expected -= 0.1 * velocity;
      expect(got[step]).toBeCloseTo(expected, 12);
    }
  });
});

test("scheduled betas of Adam; the betas of the step correct the bias, as in PyTorch", () => {
  const x = variable();
  const second: Schedule = (step) => 0.9 + step / 100;
  const got = take(new Adam([x], { learningRate: 0.1, betas: [rising, second] }), x);
  let [expected, m, v] = [1, 0, 0];
  for (const [step, gradient] of gradients.entries()) {
    const [beta1, beta2, t] = [rising(step), second(step), step + 1];
    m = beta1 * m + (1 - beta1) * gradient;
    v = beta2 * v + (1 - beta2) * gradient ** 2;
    expected -= (0.1 * m) / (1 - beta1 ** t) / (Math.sqrt(v / (1 - beta2 ** t)) + 1e-8);
    expect(got[step]).toBeCloseTo(expected, 12);
  }
});

/** Optimizers with betas or a momentum, made from one or two fractions. */
const optimizers: Readonly<Record<string, (x: Variable, first: number | Schedule, second: number | Schedule) => Optimizer>> = {
  SGD: (x, momentum) => new SGD([x], { learningRate: 0.1, momentum }),
  RMSprop: (x, momentum) => new RMSprop([x], { learningRate: 0.1, momentum }),
  Muon: (x, momentum) => new Muon([x], { learningRate: 0.1, momentum }),
  Adam: (x, ...betas) => new Adam([x], { betas }),
  AdamW: (x, ...betas) => new AdamW([x], { betas }),
  Adamax: (x, ...betas) => new Adamax([x], { betas }),
  NAdam: (x, ...betas) => new NAdam([x], { betas }),
  RAdam: (x, ...betas) => new RAdam([x], { betas }),
  Lion: (x, ...betas) => new Lion([x], { betas }),
};

describe.each(Object.entries(optimizers))("%s", (_, make) => {
  test("a constant schedule gives the same results as the number", () => {
    const [x, y] = [variable(), variable()];
    const [numbers, schedules] = [make(x, 0.8, 0.7), make(y, () => 0.8, () => 0.7)];
    const expected = take(numbers, x);
    take(schedules, y).forEach((value, at) => expect(value).toBeCloseTo(expected[at] as number, 12));
  });

  test("continues from a state dictionary through JSON, in which a schedule is null", () => {
    const [x, y] = [variable(), variable()];
    const [first, second] = [make(x, rising, rising), make(y, rising, rising)];
    take(first, x);
    const { tensors, ...rest } = first.stateDict();
    expect(JSON.stringify(rest)).toContain("null");
    y.value = x.value;
    second.loadStateDict({ tensors, ...(JSON.parse(JSON.stringify(rest)) as typeof rest) });
    expect(take(second, y)).toEqual(take(first, x));
  });
});

test("values of a schedule must be in range", () => {
  const x = variable();
  const gradient = gradientsOf([x], [tensor([[1]], { dtype: "float64" })]);
  expect(() => new SGD([x], { learningRate: 1, momentum: () => -1 }).step(gradient)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: Optimizer.step: momentum of step 0 is -1, expected a finite number, at least 0]`);
  expect(() => new Adam([x], { betas: [0.9, () => 1] }).step(gradient)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: Optimizer.step: betas[1] of step 0 is 1, expected a number, at least 0 and below 1]`);
});
