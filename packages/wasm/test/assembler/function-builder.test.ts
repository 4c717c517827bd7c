import { describe, expect, test } from "vitest";
import type { FunctionBuilder, Label } from "../../src/assembler/function-builder.js";
import { call } from "../../src/assembler/functions.js";
import type { Expr } from "../../src/assembler/expression.js";
import { select } from "../../src/assembler/expression.js";
import { ModuleBuilder } from "../../src/assembler/module-builder.js";
import { f32, f64, i32, i32x4, i64 } from "../../src/assembler/operators.js";
import { type Local, tee } from "../../src/assembler/variables.js";
import { instantiate } from "./run.js";

/** A module with one function of a, b and c, called with these. */
function evaluate(
  body: (
    b: FunctionBuilder<"i32">,
    x: { readonly a: Local<"i32">; readonly b: Local<"i32">; readonly c: Local<"i32"> },
  ) => Expr<"i32"> | number,
  ...values: readonly number[]
): unknown {
  const module = new ModuleBuilder({ memory: {} });
  module.function({ name: "f", params: { a: "i32", b: "i32", c: "i32" }, result: "i32", export: true }, body);
  return instantiate(module)["f"]?.(...values);
}

/** What `forRange` runs through. */
function visited(
  start: number | "a",
  end: number | "b",
  step: number,
  values: readonly number[],
  unsigned = false,
): unknown {
  return evaluate(
    (b, { a, b: limit }) => {
      const seen = b.local("i32", 0);
      b.forRange(
        start === "a" ? a : start,
        end === "b" ? limit : end,
        step,
        (i) => b.set(seen, i32.add(i32.mul(seen, 10), i)),
        { unsigned },
      );
      return seen;
    },
    ...values,
  );
}

describe("variables", () => {
  test("let computes a value once, an expression computes it at each use", () => {
    const result = evaluate((b, { a }) => {
      const doubled = i32.mul(a, 2);
      const before = b.let(doubled);
      b.set(a, 100);
      return i32.add(i32.mul(doubled, 1000), before);
    }, 3);
    expect(result).toBe(200_006);
  });

  test("tee sets the local and gives its value", () => {
    expect(evaluate((_, { a, b: other }) => i32.mul(tee(other, i32.add(a, 1)), other), 4)).toBe(25);
  });

  test("a local is zero each time its declaration is reached, also if its slot had another value", () => {
    const result = evaluate((b, { a }) => {
      const sum = b.local("i32");
      b.scope(() => b.set(b.local("i32"), 77)); // leaves 77 in a slot that is free now
      b.forRange(0, a, 1, () => {
        const fresh = b.local("i32");
        b.set(fresh, i32.add(fresh, 1));
        b.set(sum, i32.add(sum, fresh));
      });
      const last = b.local("i32");
      return i32.add(sum, last);
    }, 5);
    expect(result).toBe(5);
  });

  test("a reused slot of any type starts at zero", () => {
    const module = new ModuleBuilder({ memory: { export: "memory" } });
    module.function({ name: "f", export: true }, (b) => {
      b.memory.fill(0, 0xff, 40);
      b.scope(() => {
        b.let(i32.const(1));
        b.let(i64.const(1n));
        b.let(f32.const(1));
        b.let(f64.const(1));
        b.let(i32x4.const(1));
      });
      b.i32.store(0, b.local("i32"));
      b.i64.store(4, b.local("i64"));
      b.f32.store(12, b.local("f32"));
      b.f64.store(16, b.local("f64"));
      b.v128.store(24, b.local("v128"));
    });
    const { memory, f } = new WebAssembly.Instance(new WebAssembly.Module(module.finish())).exports;
    if (!(memory instanceof WebAssembly.Memory) || typeof f !== "function") throw new Error("not exported");
    f();
    expect(new Uint8Array(memory.buffer, 0, 41)).toEqual(new Uint8Array(41));
  });

  test("a local is refused after its block, and in another function", () => {
    expect(() =>
      evaluate((b) => {
        let leaked: Local<"i32"> | undefined;
        b.block(() => {
          leaked = b.let(i32.const(1));
        });
        return leaked ?? 0;
      }),
    ).toThrowErrorMatchingInlineSnapshot(
      `[AssemblerError: local 3 (i32) is used after the end of the block that declares it; declare it outside]`,
    );
    const module = new ModuleBuilder();
    let foreign: Local<"i32"> | undefined;
    module.function({ name: "first", params: { x: "i32" } }, (_, { x }) => {
      foreign = x;
    });
    expect(() =>
      module.function({ name: "second", result: "i32" }, () => foreign ?? 0),
    ).toThrowErrorMatchingInlineSnapshot(
      `[AssemblerError: local 0 (i32) belongs to another function; pass its value as a parameter]`,
    );
  });
});

describe("control flow", () => {
  test("if takes one branch", () => {
    const choose = (value: number): unknown =>
      evaluate((b, { a }) => {
        const result = b.local("i32");
        b.if(
          i32.gt_s(a, 10),
          () => b.set(result, 1),
          () => b.set(result, 2),
        );
        b.if(i32.eq(a, 0), () => b.set(result, 3));
        return result;
      }, value);
    expect([choose(11), choose(10), choose(0)]).toEqual([1, 2, 3]);
  });

  test("select computes both values and takes one", () => {
    expect(evaluate((_, { a, b, c }) => select(a, b, c), 1, 5, 6)).toBe(5);
    expect(evaluate((_, { a, b, c }) => select(a, b, c), 0, 5, 6)).toBe(6);
  });

  test.each([
    { start: "a", end: "b", step: 1, values: [1, 4], seen: 123 },
    { start: 1, end: 4, step: 1, values: [], seen: 123 },
    { start: 1, end: 8, step: 3, values: [], seen: 147 },
    { start: 1, end: "b", step: 3, values: [0, 7], seen: 14 },
    { start: "a", end: "b", step: 1, values: [3, 3], seen: 0 },
    { start: 0, end: "b", step: 4, values: [0, -1], seen: 0 },
    { start: 5, end: 5, step: 1, values: [], seen: 0 },
  ] as const)("forRange from $start to $end by $step of $values", ({ start, end, step, values, seen }) => {
    expect(visited(start, end, step, values)).toBe(seen);
  });

  test("forRange over addresses above 2 GiB compares unsigned", () => {
    const turns = (unsigned: boolean): unknown =>
      evaluate(
        (b, { a, b: end }) => {
          const count = b.local("i32");
          b.forRange(a, end, 16, () => b.set(count, i32.add(count, 1)), { unsigned });
          return count;
        },
        2 ** 31 - 32,
        2 ** 31 + 32,
      );
    expect([turns(true), turns(false)]).toEqual([4, 0]);
  });

  test("forRange computes its end once, and exit leaves it", () => {
    const result = evaluate((b, { a, b: seen }) => {
      b.forRange(0, i32.add(a, 1), 1, (i, exit) => {
        b.set(a, 1000);
        b.set(seen, i32.add(seen, 1));
        b.brIf(exit, i32.eq(i, 7));
      });
      return seen;
    }, 4);
    expect(result).toBe(5);
    expect(
      evaluate((b, { a: seen }) => {
        b.forRange(0, 100, 1, (i, exit) => {
          b.set(seen, i);
          b.brIf(exit, i32.eq(i, 7));
        });
        return seen;
      }),
    ).toBe(7);
  });

  test("forRange refuses a step that would not end", () => {
    for (const step of [0, -1, 1.5]) expect(() => visited(0, 1, step, [])).toThrow(`got ${step}`);
  });

  test("while, loop, block, br and br_table", () => {
    const collatz = evaluate((b, { a: n, b: steps }) => {
      b.while(i32.ne(n, 1), () => {
        b.if(
          i32.and(n, 1),
          () => b.set(n, i32.add(i32.mul(n, 3), 1)),
          () => b.set(n, i32.shr_u(n, 1)),
        );
        b.set(steps, i32.add(steps, 1));
      });
      return steps;
    }, 27);
    expect(collatz).toBe(111);
    const branch = (index: number): unknown =>
      evaluate((b, { a, b: result }) => {
        b.block((otherwise) => {
          b.block((second) => {
            b.block((first) => b.brTable(a, [first, second], otherwise));
            b.set(result, 1);
            b.br(otherwise);
          });
          b.set(result, 2);
        });
        return result;
      }, index);
    expect([branch(0), branch(1), branch(2), branch(-1)]).toEqual([1, 2, 0, 0]);
    const counted = evaluate((b, { a }) => {
      b.loop((again) => {
        b.set(a, i32.add(a, 3));
        b.brIf(again, i32.lt_s(a, 10));
      });
      return a;
    }, 0);
    expect(counted).toBe(12);
  });

  test("a branch to a block that has ended is refused", () => {
    expect(() =>
      evaluate((b) => {
        let ended: Label | undefined;
        b.block((exit) => {
          ended = exit;
        });
        if (ended !== undefined) b.br(ended);
        return 0;
      }),
    ).toThrowErrorMatchingInlineSnapshot(
      `[AssemblerError: branch: the label's block has ended; branch from inside its callback only]`,
    );
  });

  test("return leaves the function, unreachable traps", () => {
    const early = (value: number): unknown =>
      evaluate((b, { a }) => {
        b.if(a, () => b.return(11));
        return 22;
      }, value);
    expect([early(1), early(0)]).toEqual([11, 22]);
    expect(() =>
      evaluate((b) => {
        b.unreachable();
        return 0;
      }),
    ).toThrow(WebAssembly.RuntimeError);
  });
});

describe("calls", () => {
  test("take arguments by name, as expressions and statements, of imported and defined functions", () => {
    const logged: number[] = [];
    const module = new ModuleBuilder();
    const log = module.importFunction({ import: ["env", "log"], params: { x: "f64" } });
    const half = module.importFunction({ import: ["env", "half"], params: { x: "f64" }, result: "f64" });
    const subtract = module.function(
      { name: "subtract", params: { from: "f64", what: "f64" }, result: "f64" },
      (_, { from, what }) => f64.sub(from, what),
    );
    module.function({ name: "run", params: { x: "f64" }, result: "f64", export: true }, (b, { x }) => {
      b.call(log, { x });
      b.call(subtract, { from: 1, what: x }); // its result is dropped
      const difference = b.let(call(subtract, { what: call(half, { x }), from: 100 }));
      b.call(log, { x: difference });
      return difference;
    });
    const { run } = instantiate(module, { env: { log: (x: number) => logged.push(x), half: (x: number) => x / 2 } });
    expect(run?.(8)).toBe(96);
    expect(logged).toEqual([8, 96]);
  });

  test("a function may be defined while another is being written", () => {
    const module = new ModuleBuilder();
    module.function({ name: "outer", params: { x: "i32" }, result: "i32", export: true }, (_, { x }) => {
      const square = module.function({ name: "square", params: { x: "i32" }, result: "i32" }, (_, { x }) =>
        i32.mul(x, x),
      );
      return i32.add(call(square, { x }), 1);
    });
    expect(instantiate(module)["outer"]?.(5)).toBe(26);
  });

  test("a missing argument, an import that comes too late and a handle of another module are refused", () => {
    const module = new ModuleBuilder();
    const f = module.function({ name: "f", params: { x: "i32", y: "i32" } }, () => undefined);
    const incomplete: { readonly x: number; readonly y: number } = JSON.parse('{ "x": 1 }');
    expect(() => module.function({ name: "g" }, (b) => b.call(f, incomplete))).toThrowErrorMatchingInlineSnapshot(
      `[AssemblerError: call: f expects x, y; got no y]`,
    );
    expect(() => module.importFunction({ import: ["env", "late"] })).toThrowErrorMatchingInlineSnapshot(
      `[AssemblerError: importFunction: env.late comes after the first function; import before defining]`,
    );
    expect(() =>
      new ModuleBuilder().function({ name: "g" }, (b) => b.call(f, { x: 1, y: 2 })),
    ).toThrowErrorMatchingInlineSnapshot(`[AssemblerError: call: f belongs to another module; import it]`);
  });
});
