import { describe, expect, test } from "vitest";
import { hostCallback, hostEffect, tensor, Variable, type Tensor } from "@nn/tensor";
import { guard } from "@nn/tensor/extend";
import { compile, TraceError } from "../../src/index.js";

const scalar = (value: number, name?: string): Variable => new Variable(tensor(value), { name });
const add = (variable: Variable, value: number): void => {
  variable.value = variable.value.add(value);
};

describe("a callback of a compiled function, which runs before the program, refuses", () => {
  const v = scalar(1, "v");
  const refused: Readonly<Record<string, () => unknown>> = {
    "to read in an effect what was assigned": () => {
      add(v, 1);
      hostEffect(() => void v.value.item());
    },
    "to read in a callback what was assigned": () => {
      add(v, 1);
      return v.value.add(hostCallback(() => v.value.item()));
    },
    "to assign what was read": () => {
      const y = v.value.mul(2);
      hostEffect(() => add(v, 1));
      return y;
    },
    "to assign what was assigned": () => {
      v.value = tensor(5);
      hostEffect(() => (v.value = tensor(6)));
    },
    "to read in a compiled function that it calls": () => {
      add(v, 1);
      const inner = compile(() => v.value.mul(2));
      hostEffect(() => void inner());
    },
    "to read in a guard what was assigned": () => {
      add(v, 1);
      return guard(() => v.value.item() > 1);
    },
  };
  test.each(Object.entries(refused))("%s", (_, fn) => {
    const step = compile(fn);
    for (let turn = 0; turn < 2; turn++) expect(() => step()).toThrow(TraceError);
    expect(v.value.item()).toBe(1);
  });

  test("by name, with the fix", () => {
    expect(() => compile(refused["to read in an effect what was assigned"] as () => void)()).toThrowErrorMatchingInlineSnapshot(`[TraceError: compile: a callback reads the variable "v", which the function assigned before; callbacks run before the program and would see the old value; return the new one and read it after the call]`);
    expect(() => compile(refused["to assign what was read"] as () => void)()).toThrowErrorMatchingInlineSnapshot(`[TraceError: compile: a callback assigns the variable "v", which the function used before; callbacks run before the program and would change that use; assign it outside the callback]`);
  });
});

describe("a callback sees and makes the same changes as in eager execution", () => {
  /** Runs three calls of a step and gives what they returned, logged, and left in the variables. */
  const course = (step: (u: Variable, w: Variable, log: number[]) => Tensor, run: (fn: () => Tensor) => () => Tensor): unknown => {
    const [u, w, log] = [scalar(1), scalar(10), [] as number[]];
    const call = run(() => step(u, w, log));
    return { results: [call(), call(), call()].map((y) => y.item()), log, left: [u.value.item(), w.value.item()] };
  };
  const steps: Readonly<Record<string, { readonly step: (u: Variable, w: Variable, log: number[]) => Tensor; readonly results: number[]; readonly log: number[]; readonly left: number[] }>> = {
    "reading before an assignment": {
      step: (u, _, log) => {
        hostEffect(() => log.push(u.value.item()));
        add(u, 1);
        return u.value;
      },
      results: [2, 3, 4], log: [1, 2, 3], left: [4, 10],
    },
    "assigning before a use": {
      step: (u, w) => {
        hostEffect(() => add(u, 1));
        w.value = w.value.add(u.value);
        return u.value.mul(2);
      },
      results: [4, 6, 8], log: [], left: [4, 19],
    },
    "with variables that the function does not use, also new ones": {
      step: (u, w, log) => {
        const y = w.value.mul(2);
        hostEffect(() => {
          const fresh = new Variable(u.value);
          add(fresh, 1);
          u.value = fresh.value;
        });
        hostEffect(() => log.push(u.value.item()));
        return y;
      },
      results: [20, 20, 20], log: [2, 3, 4], left: [4, 10],
    },
    "reading what is only read": {
      step: (u, _, log) => {
        const y = u.value.add(hostCallback(() => u.value.item()));
        hostEffect(() => log.push(u.value.item()));
        return y;
      },
      results: [2, 2, 2], log: [1, 1, 1], left: [1, 10],
    },
  };
  test.each(Object.entries(steps))("%s", (_, { step, ...expected }) => {
    expect(course(step, (fn) => fn)).toEqual(expected);
    expect(course(step, (fn) => compile(fn))).toEqual(expected);
  });
});
