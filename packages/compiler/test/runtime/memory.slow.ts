import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { tensor, Variable, zeros, type Tensor } from "@nn/tensor";
import { compile } from "../../src/index.js";
import { sharedEngine } from "../../src/runtime/engine.js";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

describe("memory", () => {
  it("stays flat over 100,000 steps", () => {
    const w = new Variable(zeros([8, 4]));
    const step = compile((x: Tensor) => {
      w.value = w.value.mul(0.999).add(x.mul(0.001));
      return w.value.sum();
    });
    const x = zeros([8, 4]).add(1);
    for (let turn = 0; turn < 20_000; turn++) step(x);
    collect();
    const heap = process.memoryUsage().heapUsed;
    const { used } = sharedEngine().memory.statistics;
    for (let turn = 0; turn < 100_000; turn++) step(x);
    collect();
    expect(process.memoryUsage().heapUsed - heap).toBeLessThan(500_000);
    expect(sharedEngine().memory.statistics.used).toBe(used);
  });

  it("of a program is freed when it is disposed of, evicted, or collected", async () => {
    const start = sharedEngine().memory.statistics.used;
    const doubled = compile((x: Tensor) => x.mul(2).flip(0).add(x), { cacheSize: 2 });
    const sizes = [100, 200, 300, 400];
    for (const size of sizes) doubled(zeros([size]));
    const two = sharedEngine().memory.statistics.used;
    for (const size of sizes) doubled(zeros([size]));
    expect(sharedEngine().memory.statistics.used).toBe(two);
    doubled.dispose();
    expect(sharedEngine().memory.statistics.used).toBe(start);
    expect(doubled(tensor([1, 2])).toArray()).toEqual([5, 4]);
    doubled.dispose();

    (() => {
      for (let at = 0; at < 20; at++) compile((x: Tensor) => x.add(at))(zeros([1000]));
    })();
    expect(sharedEngine().memory.statistics.used).toBeGreaterThan(start);
    for (let turn = 0; turn < 50 && sharedEngine().memory.statistics.used > start; turn++) {
      collect();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(sharedEngine().memory.statistics.used).toBeLessThanOrEqual(start);
  });

  it("of a variable is freed when it is collected", async () => {
    const start = sharedEngine().memory.statistics.used;
    const during = (() => {
      const v = new Variable(zeros([5000]));
      const f = compile(() => v.value.sum());
      f();
      f.dispose();
      return sharedEngine().memory.statistics.used;
    })();
    expect(during).toBeGreaterThanOrEqual(start + 20_000);
    for (let turn = 0; turn < 50 && sharedEngine().memory.statistics.used > start; turn++) {
      collect();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(sharedEngine().memory.statistics.used).toBeLessThanOrEqual(start);
  });
});
