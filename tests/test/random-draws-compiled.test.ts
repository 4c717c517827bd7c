import { compile } from "@nn/compiler";
import { gamma, Generator, poisson, tensor, type Tensor } from "@nn/tensor";
import { expect, test } from "vitest";

const rates = tensor([[0.5, 4, 30], [9, 10, 1000]]);

const draws: Readonly<Record<string, (generator: Generator) => Tensor>> = {
  "gamma of a large concentration": (generator) => gamma([40], { concentration: 3, rate: 2, generator }),
  "gamma of a small concentration": (generator) => gamma([5, 8], { concentration: 0.3, dtype: "float64", generator }),
  "poisson of a small rate": (generator) => poisson(3, [40], { generator }),
  "poisson of a large rate": (generator) => poisson(40, [40], { dtype: "int32", generator }),
  "poisson of rates": (generator) => poisson(rates, [10, 2, 3], { generator }),
};

test.each(Object.entries(draws))("%s: compiled functions draw what eager ones draw, new numbers at each call", (_, draw) => {
  const [eager, compiled] = [new Generator(7), new Generator(7)];
  const program = compile(() => draw(compiled));
  const drawn = [1, 2, 3].map(() => {
    const [want, got] = [draw(eager), program()];
    expect(got.shape).toEqual(want.shape);
    const values = got.toTypedArray();
    want.toTypedArray().forEach((value, at) => expect(Math.abs((values[at] as number) / value - 1) < 1e-5 || values[at] === value).toBe(true));
    return String(values);
  });
  expect(compiled.stateDict()).toEqual(eager.stateDict());
  expect(new Set(drawn).size).toBe(3);
});
