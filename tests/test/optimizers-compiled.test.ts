import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { BatchNorm1d, Linear, Sequential, Tanh } from "@nn/layers";
import { crossEntropy, mse } from "@nn/losses";
import {
  Adafactor, Adam, Adamax, AdamW, clipByGlobalNorm, cyclic, ExponentialMovingAverage, GradientAccumulation, LBFGS, Lion, LookAhead, Muon, NAdam,
  oneCycle, oneCycleMomentum, RAdam, RMSprop, SGD, SharpnessAware, StochasticWeightAverage, weightAveragingRate, type Updater,
} from "@nn/optim";
import { Generator, gradientsOf, normal, randomIntegers, square, sum, tensor, Variable, type Tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";

const generator = new Generator(1);
const batches = Array.from({ length: 12 }, () => [normal([8, 6], { generator }), randomIntegers([8], { low: 0, high: 3, generator })] as const);

function network(): Sequential<readonly [Linear, Tanh, Linear]> {
  const seeded = new Generator(4);
  return new Sequential(new Linear(6, 8, { generator: seeded }), new Tanh(), new Linear(8, 3, { generator: seeded }));
}

/** Runs a function eagerly or compiled. The tests below must give the same results for both. */
type Run = <Args extends Tensor[]>(fn: (...inputs: Args) => Tensor) => (...inputs: Args) => Tensor;
const eager: Run = (fn) => fn;
const compiled: Run = (fn) => compile(fn);
const ways = [["eager", eager], ["compiled", compiled]] as const;

/** The state of a training besides its parameters. */
interface Kept {
  stateDict(): unknown;
  loadStateDict(stateDict: never): void;
}

/** A training step and its whole state. */
interface Training {
  readonly step: (x: Tensor, y: Tensor) => Tensor;
  readonly kept: readonly Kept[];
}

type Setup = (parameters: readonly Variable[], loss: (x: Tensor, y: Tensor) => Tensor) => Training;

const updating = (make: (parameters: readonly Variable[]) => Updater): Setup => (parameters, loss) => {
  const optimizer = make(parameters);
  const step = (x: Tensor, y: Tensor): Tensor => {
    const { value, gradients } = valueAndGrad(() => loss(x, y), parameters);
    optimizer.step(gradients);
    return value;
  };
  return { step, kept: [optimizer] };
};

const matrices = (parameters: readonly Variable[]): readonly Variable[] => parameters.filter(({ shape }) => shape.length === 2);
const cycle = { steps: 12, rising: 0.4 };

const setups: Readonly<Record<string, Setup>> = {
  Lion: updating((parameters) => new Lion(parameters, { learningRate: 0.01, weightDecay: 0.1 })),
  Adafactor: updating((parameters) => new Adafactor(parameters, { learningRate: 0.1, weightDecay: 0.1 })),
  Muon: (parameters, loss) => {
    const optimizer = new Muon(matrices(parameters), { learningRate: 0.05, momentum: oneCycleMomentum(cycle) });
    const step = (x: Tensor, y: Tensor): Tensor => {
      const { value, gradients } = valueAndGrad(() => loss(x, y), matrices(parameters));
      optimizer.step(gradients);
      return value;
    };
    return { step, kept: [optimizer] };
  },
  "SGD, one cycle": updating((parameters) =>
    new SGD(parameters, { learningRate: oneCycle(0.3, cycle), momentum: oneCycleMomentum(cycle), nesterov: true, weightDecay: 0.1, decoupledWeightDecay: true })),
  "RMSprop, cyclic": updating((parameters) =>
    new RMSprop(parameters, { learningRate: cyclic(0.001, 0.01, { rising: 3 }), momentum: cyclic(0.9, 0.8, { rising: 3 }) })),
  "Adam, one cycle": updating((parameters) => new Adam(parameters, { learningRate: oneCycle(0.05, cycle), betas: [oneCycleMomentum(cycle), 0.99] })),
  "AdamW, both betas": updating((parameters) => new AdamW(parameters, { betas: [oneCycleMomentum(cycle), (step) => 1 - 1 / (step + 2)] })),
  "NAdam, one cycle": updating((parameters) => new NAdam(parameters, { betas: [oneCycleMomentum(cycle), 0.99], decoupledWeightDecay: true, weightDecay: 0.1 })),
  "RAdam, one cycle": updating((parameters) => new RAdam(parameters, { betas: [oneCycleMomentum(cycle), 0.9] })),
  "Adamax, one cycle": updating((parameters) => new Adamax(parameters, { betas: [oneCycleMomentum(cycle), 0.9] })),
  "gradient accumulation": updating((parameters) => new GradientAccumulation(new Adam(parameters, { learningRate: 0.05 }), {
    every: 3, transform: (gradients) => clipByGlobalNorm(gradients, 0.5).gradients,
  })),
  "look-ahead": updating((parameters) => new LookAhead(new Adam(parameters, { learningRate: 0.05 }), { every: 3 })),
  "look-ahead of accumulated gradients": updating((parameters) =>
    new LookAhead(new GradientAccumulation(new SGD(parameters, { learningRate: 0.5 }), { every: 2 }), { every: 3 })),
  "sharpness-aware": (parameters, loss) => {
    const optimizer = new SharpnessAware(new Adam(parameters, { learningRate: 0.05 }), { radius: 0.1, adaptive: true });
    return { step: (x, y) => optimizer.step(() => valueAndGrad(() => loss(x, y), parameters)).value, kept: [optimizer] };
  },
  "averages": (parameters, loss) => {
    const optimizer = new SGD(parameters, { learningRate: weightAveragingRate(0.5, 0.1, { start: 3, steps: 4 }) });
    const averages = [new ExponentialMovingAverage(parameters, { decay: 0.8 }), new StochasticWeightAverage(parameters)];
    const step = (x: Tensor, y: Tensor): Tensor => {
      const { value, gradients } = valueAndGrad(() => loss(x, y), parameters);
      optimizer.step(gradients);
      for (const average of averages) average.update();
      return value.add(averages[0]?.applied(() => loss(x, y)) ?? 0);
    };
    return { step, kept: [optimizer, ...averages] };
  },
};

function train(setup: Setup, run: Run) {
  const model = network();
  const { step, kept } = setup(model.parameters(), (x, y) => crossEntropy(model.forward(x), y));
  const program = run(step);
  return { model, kept, take: (from: number, to: number): number[] => batches.slice(from, to).map(([x, y]) => program(x, y).item()) };
}

/** All numbers in a state dictionary, tensors included. */
function numbers(state: unknown): number[] {
  if (typeof state === "number") return [state];
  if (typeof state !== "object" || state === null) return [];
  if ("toTypedArray" in state) return [...(state as Tensor).toTypedArray()];
  return Object.values(state).flatMap(numbers);
}

const stateOf = ({ model, kept }: ReturnType<typeof train>): number[] => numbers([model.stateDict(), kept.map((each) => each.stateDict())]);

describe.each(Object.entries(setups))("%s", (_, setup) => {
  test("gives the same results compiled", () => {
    const [one, other] = [train(setup, eager), train(setup, compiled)];
    const losses = one.take(0, 12);
    other.take(0, 12).forEach((loss, at) => expect(loss).toBeCloseTo(losses[at] as number, 4));
    const state = stateOf(one);
    stateOf(other).forEach((value, at) => expect(value).toBeCloseTo(state[at] as number, 3));
  });

  test.each(ways)("continues from a state dictionary with the same bits, %s", (__, run) => {
    const [whole, first, second] = [train(setup, run), train(setup, run), train(setup, run)];
    whole.take(0, 5);
    first.take(0, 5);
    second.take(0, 2);
    second.model.loadStateDict(first.model.stateDict());
    for (const [at, each] of second.kept.entries()) each.loadStateDict(first.kept[at]?.stateDict() as never);
    expect(second.take(5, 12)).toEqual(whole.take(5, 12));
    expect(stateOf(second)).toEqual(stateOf(whole));
  });
});

describe.each(ways)("%s", (_, run) => {
  const gradient = tensor([1]);

  test("several calls of a round may be in one program", () => {
    const weight = new Variable(tensor([0]));
    const optimizer = new GradientAccumulation(new SGD([weight], { learningRate: (step) => 10 ** step }), { every: 3, reduction: "sum" });
    const twice = run((slope: Tensor) => {
      optimizer.step(gradientsOf(optimizer.parameters, [slope]));
      optimizer.step(gradientsOf(optimizer.parameters, [slope.mul(2)]));
      return weight.value;
    });
    // Rounds: 1, 2, 1 and 2, 1, 2.
    expect([1, 2, 3, 4].map(() => twice(gradient).item())).toEqual([0, -4, -54, -54]);
  });

  test("an invalid momentum is refused at its step", () => {
    const weight = new Variable(tensor([0]));
    const optimizer = new SGD([weight], { learningRate: 1, momentum: (step) => (step < 2 ? 0.5 : NaN) });
    const step = run((slope: Tensor) => {
      optimizer.step(gradientsOf(optimizer.parameters, [slope]));
      return weight.value;
    });
    step(gradient);
    step(gradient);
    expect(() => step(gradient)).toThrow("momentum of step 2 is NaN, expected a finite number, at least 0");
  });

  test("batch normalisation uses the statistics of averaged weights", () => {
    const model = new Sequential(new Linear(6, 4, { generator: new Generator(2) }), new BatchNorm1d(4, { momentum: null }));
    const parameters = model.parameters();
    const optimizer = new SGD(parameters, { learningRate: 0.1 });
    const average = new StochasticWeightAverage(parameters);
    const step = run((x: Tensor) => {
      const { value, gradients } = valueAndGrad(() => sum(square(model.forward(x).sub(1))), parameters);
      optimizer.step(gradients);
      average.update();
      return value;
    });
    const forward = run((x: Tensor) => model.forward(x));
    for (const [x] of batches) step(x);
    average.swap();
    const counted = model.layers[1].numBatchesTracked;
    if (counted !== undefined) counted.value = tensor(0, { dtype: "int32" });
    for (const [x] of batches) forward(x);
    const means = batches.map(([x]) => model.layers[0].forward(x).mean(0));
    const expected = means.reduce((total, mean) => total.add(mean)).div(means.length).toTypedArray();
    model.layers[1].runningMean?.value.toTypedArray().forEach((mean, at) => expect(mean).toBeCloseTo(expected[at] as number, 5));
  });
});

test("LBFGS evaluates a compiled closure, and is itself refused by compile", () => {
  const x = new Variable(tensor([5, -3]));
  const evaluate = compile(() => valueAndGrad(() => sum(square(x.value.sub(tensor([1, 2])))), [x]));
  const optimizer = new LBFGS([x], { lineSearch: "strongWolfe" });
  optimizer.step(() => evaluate());
  x.value.toTypedArray().forEach((value, at) => expect(value).toBeCloseTo(at + 1, 5));
  expect(() => compile(() => optimizer.step(() => evaluate()).value)()).toThrowErrorMatchingInlineSnapshot(`[UsageError: LBFGS.step: the step depends on values, which are not known inside compile() or a gradient; call it outside, and compile the closure]`);
  expect(optimizer.steps).toBe(1);
});

describe("a flush of accumulated gradients", () => {
  const gradientAt = (call: number, size: number): Tensor => tensor(Array.from({ length: size }, (_, at) => Math.sin(call + at)));

  /** Rounds of three calls, with a flush after some of them, which may be part of the same program. */
  function run(wrap: <F extends (...inputs: Tensor[]) => Tensor>(fn: F) => F, flushAfter: readonly number[], isWithin: boolean): unknown[] {
    const [x, y] = [new Variable(tensor([1, 2])), new Variable(tensor([3]))];
    const optimizer = new GradientAccumulation(new Adam([x, y], { learningRate: 0.1, weightDecay: 0.1 }), { every: 3 });
    const step = wrap((a: Tensor) => {
      optimizer.step(gradientsOf(optimizer.parameters, [a, undefined]));
      return a.sum();
    });
    const flush = wrap(() => {
      optimizer.flush();
      return x.value.sum();
    });
    const both = wrap((a: Tensor) => {
      optimizer.step(gradientsOf(optimizer.parameters, [a, undefined]));
      optimizer.flush();
      return a.sum();
    });
    return Array.from({ length: 9 }, (_, call) => {
      const isFlushed = flushAfter.includes(call);
      if (isFlushed && isWithin) both(gradientAt(call, 2));
      else step(gradientAt(call, 2));
      if (isFlushed && !isWithin) flush();
      return [x.value.toArray(), y.value.toArray(), optimizer.stateDict().calls];
    });
  }

  test.each([[[1]], [[0, 4]], [[2, 3, 6]], [[]]])("after the calls %j gives the same results compiled, by itself and in one program with the call", (after) => {
    const eager = run((fn) => fn, after, false);
    expect(run((fn) => fn, after, true)).toEqual(eager);
    for (const isWithin of [false, true]) {
      const compiled = run(compile as <F extends (...inputs: Tensor[]) => Tensor>(fn: F) => F, after, isWithin);
      expect(JSON.stringify(compiled)).toBe(JSON.stringify(eager));
    }
  });
});

test("freezing and unfreezing a parameter at run time takes effect in a compiled step", () => {
  const model = new Sequential(new Linear(2, 3, { generator: new Generator(1) }), new Linear(3, 1, { generator: new Generator(2) }));
  const [first] = model.parameters();
  const optimizer = new AdamW(model.parameters(), { learningRate: 0.1 });
  const x = tensor([[1, 2], [3, -1]]);
  const step = compile((a: Tensor) => {
    const { value, gradients } = valueAndGrad(() => mse(model.forward(a), a.slice([null, { stop: 1 }])), model.parameters());
    optimizer.step(gradients);
    return value;
  });
  const moves = (): boolean => {
    const before = JSON.stringify(first?.value.toArray());
    step(x);
    return JSON.stringify(first?.value.toArray()) !== before;
  };
  const seen = [true, false, false, true].map((trainable) => {
    if (first !== undefined) first.trainable = trainable;
    return moves();
  });
  expect(seen).toEqual([true, false, false, true]);
  expect(optimizer.stateDict().updates).toEqual([2, 4, 4, 4]);
});
