import { gradientsOf, tensor, Variable, type Gradients, type Tensor } from "@nn/tensor";
import { describe, expect, it } from "vitest";
import { compile } from "../../src/index.js";

const x = tensor([1, 2]);
const message = (place: string): string =>
  `UsageError: compile: the function changes ${place}, but it gets copies of lists and records, so the caller would not see that; return the new value instead`;

function messageOf(attempt: () => unknown): string {
  try {
    attempt();
  } catch (error) {
    return String(error);
  }
  return "no error";
}

interface Options {
  scale?: number;
  parts: Tensor[];
}

describe("a function that changes its arguments", () => {
  const changes: readonly (readonly [string, (list: Tensor[], options: Options) => unknown, string])[] = [
    ["by push", (list) => list.push(x), "arguments[0]"],
    ["by pop", (list) => list.pop(), "arguments[0]"],
    ["by assigning an element", (list) => (list[1] = x.mul(2)), "a tensor in the arguments"],
    ["by exchanging two elements", (list) => list.push(list.shift() as Tensor), "a tensor in the arguments"],
    ["by assigning a property", (_, options) => (options.scale = 3), "arguments[1].scale"],
    ["by removing a property", (_, options) => delete options.scale, "arguments[1]"],
    ["by adding a property", (_, options) => Object.assign(options, { more: 1 }), "arguments[1]"],
    ["deep inside", (_, options) => options.parts.push(x), "arguments[1].parts"],
  ];

  it.each(changes)("%s is refused, and the arguments stay", (_, change, place) => {
    const program = compile((list: Tensor[], options: Options) => {
      change(list, options);
      return x.mul(2);
    });
    const list = [x, x.mul(3)];
    const options: Options = { scale: 2, parts: [x] };
    for (let call = 0; call < 2; call++) expect(messageOf(() => program(list, options))).toBe(message(place));
    expect([list.length, options.scale, options.parts.length]).toEqual([2, 2, 1]);
  });

  it("behaves like the eager function inside another compiled function or a gradient: the argument is not copied", () => {
    const grows = compile((list: Tensor[]) => {
      list.push(x);
      return x.mul(list.length);
    });
    const outer = compile((y: Tensor) => {
      const list = [y];
      return grows(list).add(list.length);
    });
    expect(outer(x).toArray()).toEqual([4, 6]);
  });

  it("is compiled if it restores them", () => {
    const program = compile((list: Tensor[], gradients: Gradients<Tensor | undefined>, none: null, options: Options) => {
      list.push(x);
      list.pop();
      const sorted = [...list].toReversed();
      return [sorted[0]?.mul(options.scale ?? 1), gradients.map((each) => each?.mul(2))[0], none];
    });
    const [variable, other] = [new Variable(x), new Variable(x)];
    const [first, second] = program([x, x.mul(3)], gradientsOf([variable, other], [x, undefined]), null, { scale: 2, parts: [] });
    expect([first?.toArray(), second?.toArray()]).toEqual([[6, 12], [2, 4]]);
  });
});
