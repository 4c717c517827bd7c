import { createRequire } from "node:module";
import { compile } from "@nn/compiler";
import { programStore } from "@nn/compiler/features";
import { normal, ones, tensor, tanh, Variable, type Tensor } from "@nn/tensor";
import { expect, it } from "vitest";
import { openHost } from "../src/host/host.js";
import { linux } from "../src/host/systems.js";
import { NativeTarget } from "../src/native-target.js";
import { targets } from "./targets.js";

it.each(targets)("machine code is kept in a store: $name", (target) => {
  const entries = new Map<string, Uint8Array>();
  const store = programStore({ read: (name) => entries.get(name), write: (name, bytes) => void entries.set(name, bytes) });
  const [x, start] = [normal([20, 33]), normal([33, 33])];
  const run = (options: object, threads: number): { readonly values: unknown; readonly explained: string } => {
    const weight = new Variable(start);
    const f = compile((a: Tensor, index: Tensor) => {
      const y = tanh(a.matmul(weight.value));
      weight.value = weight.value.sub(a.transpose().matmul(y).mul(0.01));
      return [y.sum(0), y.gather(index, 0)];
    }, { target, threads, ...options });
    const index = tensor([[3], [19]], { dtype: "int32" }).expand([2, 33]);
    const values = [1, 2].map(() => f(x, index).map((result) => result.toArray()));
    // The memory grows, and all addresses of machine code change.
    compile((a: Tensor) => a.add(1))(ones([600, 1000]));
    values.push(f(x, index).map((result) => result.toArray()));
    expect(() => f(x, index.add(17))).toThrow("index 20");
    const explained = f.explain();
    f.dispose();
    return { values: [values, weight.value.toArray()], explained };
  };
  for (const threads of [1, 2]) {
    const plain = run({}, threads);
    expect(run({ store }, threads).values).toEqual(plain.values);
    const stored = run({ store }, threads);
    expect(stored.values).toEqual(plain.values);
    expect(stored.explained).toContain("loaded from the store");
    expect(stored.explained.replace("loaded from the store", "built").replace(/in .* ms/, "")).toBe(plain.explained.replace(/in .* ms/, ""));
    expect(stored.explained).toMatch(new RegExp(`[1-9] of them ${target.name} machine code`));
  }
  expect(entries.size).toBe(2);
});

it.runIf(targets.length > 0)("machine code of one processor is not loaded on another, which may lack its instructions", () => {
  const host = openHost(createRequire(import.meta.url), linux);
  const builds = [true, false].flatMap((bfloat16) => [["AVX-512"] as const, []].map((levels) => new NativeTarget(host, "AVX-512", { evenSmall: false, products: { bytes: new Set(levels), bfloat16 } }).build));
  expect(new Set(builds).size).toBe(4);
});
