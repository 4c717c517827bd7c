import { checkpoint, customVjp, grad, hessian, jacobian, valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { normal, tanh, tensor, uniform, Variable, type Tensor } from "@nn/tensor";
import { expect, test } from "vitest";

const weight = new Variable(tensor([[0.1, 0.2, 0.3], [0.5, -0.4, 0.2], [0.3, 0.1, -0.6]]));
const x = tensor([[1, 2, 3]]);

test("gradients of every kind are the same inside compile", () => {
  const square = customVjp((y: Tensor) => y.square(), (gradient, { inputs: [y] }) => [gradient.mul(y).mul(2)]);
  const block = checkpoint((y: Tensor) => square(y.matmul(weight.value)).softmax());
  const loss = (y: Tensor): Tensor => block(block(y)).square().sum();
  const program = (y: Tensor): Tensor[] => {
    const { value, gradients } = valueAndGrad(() => loss(y), [weight]);
    return [value, ...gradients, grad((z: Tensor) => grad(loss)(z).square().sum())(y), jacobian(block, y), hessian(loss, y)];
  };
  const compiled = compile(program)(x);
  program(x).forEach((eager, index) => {
    const found = compiled[index]?.toTypedArray();
    expect(compiled[index]?.shape).toEqual(eager.shape);
    eager.toTypedArray().forEach((expected, place) => expect(found?.[place]).toBeCloseTo(expected, 5));
  });
});

test("a compiled checkpoint draws once for each call, and its gradient sees the same draw", () => {
  const dropped = checkpoint((y: Tensor) => y.mul(uniform([1, 3])).matmul(weight.value));
  const step = compile((y: Tensor) => {
    const { value, gradients: [gradient] } = valueAndGrad(() => dropped(y).sum(), [weight]);
    // The value is linear in the weight, so that it equals ⟨gradient, weight⟩.
    return [value, gradient.mul(weight.value).sum()];
  });
  const values = Array.from({ length: 4 }, () => {
    const [value, product] = step(x).map((each) => each.item());
    expect(product).toBeCloseTo(value ?? NaN, 5);
    return value;
  });
  expect(new Set(values).size).toBe(4);
});

test("compiled checkpoints need less memory and give the same bits", () => {
  const weights = Array.from({ length: 12 }, (_, layer) => new Variable(uniform([16, 16], { low: -0.3, high: 0.3 + layer / 100 })));
  const blocks = [0, 3, 6, 9].map((at) => (y: Tensor) => weights.slice(at, at + 3).reduce((z, each) => tanh(z.matmul(each.value)), y));
  const loss = (parts: typeof blocks) =>
    compile((y: Tensor) => valueAndGrad(() => parts.reduce((z, part) => part(z), y).square().mean(), weights));
  const [plain, saving] = [loss(blocks), loss(blocks.map((block) => checkpoint(block)))];
  const input = normal([256, 16]);
  const [expected, found] = [plain(input), saving(input)];
  found.gradients.forEach((gradient, index) => expect(gradient.toTypedArray()).toEqual(expected.gradients[index]?.toTypedArray()));
  const arena = (compiled: typeof plain): number => Number(/in an arena of ([\d.]+) kB/.exec(compiled.explain())?.[1]);
  expect(arena(saving)).toBeLessThan(0.75 * arena(plain));
});
