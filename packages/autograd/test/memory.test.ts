import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { sin, tensor, Variable, type Tensor } from "@nn/tensor";
import { beforeAll, expect, test } from "vitest";
import { checkpoint, valueAndGrad, vjp } from "../src/index.js";

let collectGarbage: () => void = () => {};

beforeAll(() => {
  setFlagsFromString("--expose-gc");
  collectGarbage = runInNewContext("gc") as () => void;
});

/** Which of the references still lead somewhere once what can be freed is. */
async function alive(references: readonly WeakRef<Tensor>[]): Promise<boolean[]> {
  await new Promise((resolve) => setTimeout(resolve));
  collectGarbage();
  return references.map((reference) => reference.deref() !== undefined);
}

const x = tensor([1, 2, 3]);

test("after valueAndGrad returns, nothing keeps its intermediate results", async () => {
  const between: WeakRef<Tensor>[] = [];
  const weight = new Variable(tensor([1, 2, 3]));
  const kept = valueAndGrad(() => {
    const product = weight.value.mul(x);
    const result = product.exp();
    between.push(new WeakRef(product), new WeakRef(result));
    return result.sum();
  }, [weight]);
  expect(await alive(between)).toEqual([false, false]);
  expect(kept.gradients[0].shape).toEqual([3]);
});

test("a pullback keeps only what derivatives need", async () => {
  const between: WeakRef<Tensor>[] = [];
  const { pullback } = vjp((input) => {
    const shifted = input.add(1); // needed by nothing: exp needs its result
    const exponential = shifted.exp(); // needed by itself
    const unrelated = sin(input).exp(); // not on the path
    const summed = exponential.sum(); // its shape is enough
    between.push(new WeakRef(shifted), new WeakRef(exponential), new WeakRef(unrelated));
    return summed.reshape([1]).reshape([]);
  }, [x]);
  expect(await alive(between)).toEqual([false, true, false]);
  expect(pullback()[0].shape).toEqual([3]);
});

test("while the function runs, values that no derivative needs are freed", async () => {
  const between: WeakRef<Tensor>[] = [];
  // The tape outlives the function for as long as the pullback that holds on to its last entry is asked for in a new turn.
  const { pullback } = vjp((input) => {
    let sum = input;
    for (let step = 0; step < 4; step++) {
      sum = sum.add(step);
      between.push(new WeakRef(sum));
    }
    return sum.square();
  }, [x]);
  expect(await alive(between)).toEqual([false, false, false, true]);
  expect(pullback(x)[0].shape).toEqual([3]);
});

test("a checkpoint keeps only its inputs and results", async () => {
  const between: WeakRef<Tensor>[] = [];
  const remember = (tensors: readonly Tensor[]): void => void between.push(...tensors.map((each) => new WeakRef(each)));
  const block = checkpoint((input: Tensor) => {
    const product = input.mul(2);
    const exponential = product.exp();
    const probabilities = exponential.softmax(); // which takes a maximum of its detached input
    remember([product, exponential, probabilities]);
    return probabilities.square();
  });
  const { pullback } = vjp((input) => block(input), [x]);
  expect(await alive(between)).toEqual([false, false, false]);
  expect(pullback(x)[0].shape).toEqual([3]);
  expect((await alive(between)).includes(true)).toBe(false);
});

test("a checkpoint or custom gradient inside a checkpoint keeps nothing alive either", async () => {
  const between: WeakRef<Tensor>[] = [];
  const inner = checkpoint((input: Tensor) => {
    const sine = sin(input);
    between.push(new WeakRef(sine));
    return sine.exp();
  });
  const outer = checkpoint((input: Tensor) => {
    const first = inner(input.mul(2));
    between.push(new WeakRef(first));
    return inner(first).square();
  });
  const { pullback } = vjp((input) => outer(input), [x]);
  expect(await alive(between)).toEqual([false, false, false]);
  expect(pullback(x)[0].shape).toEqual([3]);
});
