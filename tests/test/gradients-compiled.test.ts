import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { clipByGlobalNorm, SGD } from "@nn/optim";
import { sum, tensor, Variable, type Gradients, type Tensor } from "@nn/tensor";
import { expect, test } from "vitest";

const pair = (): [Variable, Variable] => [new Variable(tensor([1])), new Variable(tensor([2]))];
const at = (variables: readonly Variable[]): number[] => variables.map(({ value }) => value.item());

test("gradients of a compiled function carry their variables, also when mapped to norms", () => {
  const [x, y] = pair();
  const evaluate = compile((scale: Tensor) => {
    const { value, gradients } = valueAndGrad(() => sum(x.value.mul(scale)).add(sum(y.value.mul(3))), [y, x]);
    return { value, gradients: clipByGlobalNorm(gradients, Infinity).gradients, norms: gradients.map((gradient) => gradient.mul(gradient).sum()) };
  });
  for (let call = 0; call < 2; call++) {
    const { gradients, norms } = evaluate(tensor(5));
    new SGD([x, y], { learningRate: 1 }).step(gradients);
    expect([...norms].map((norm) => norm.item())).toEqual([9, 25]);
  }
  expect(at([x, y])).toEqual([-9, -4]);
});

test("gradients as arguments select the program of their variables", () => {
  const [x, y] = pair();
  const optimizer = new SGD([x, y], { learningRate: 1 });
  const step = compile((gradients: Gradients) => optimizer.step(gradients));
  const of = (variables: readonly [Variable, Variable]): Gradients => valueAndGrad(() => sum(x.value.mul(5)).add(sum(y.value.mul(3))), variables).gradients;
  step(of([x, y]));
  expect(at([x, y])).toEqual([-4, -1]);
  step(of([y, x]));
  expect(at([x, y])).toEqual([-9, -4]);
  step(of([x, y]));
  expect(at([x, y])).toEqual([-14, -7]);
  expect(() => step([tensor([5]), tensor([3])] as never)).toThrow("SGD.step: got a plain array, which does not carry the parameters of its gradients");
});
