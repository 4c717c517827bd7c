import { describe, expect, it } from "vitest";
import { add, Generator, hostCallback, tensor, uniform, Variable, zeros, type Tensor } from "@nn/tensor";
import { guard } from "@nn/tensor/extend";
import { compile } from "../../src/index.js";

const message = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
  throw new Error("nothing was thrown");
};

describe("what cannot be compiled is refused by name", () => {
  it("reading a value", () => {
    expect(message(() => compile((x: Tensor) => x.mul(x.sum().item()))(tensor([1, 2])))).toMatchInlineSnapshot(
      `"TraceError: item: the value of a traced tensor is not known while compile() traces the function; return the tensor and read it outside"`,
    );
  });

  it("keeping a tensor beyond the trace", () => {
    let kept: Tensor | undefined;
    compile((x: Tensor) => {
      kept = x.add(1);
      return x;
    })(tensor([1]));
    expect(message(() => kept?.toArray())).toMatchInlineSnapshot(
      `"TraceError: toArray: the value of a traced tensor was only known inside a compiled program; return the tensor from the compiled function instead of keeping it"`,
    );
    expect(message(() => compile((x: Tensor) => (kept === undefined ? x : x.add(kept)))(tensor([1])))).toMatchInlineSnapshot(
      `"TraceError: add: a tensor was kept from the trace of another compiled function; return it from that function, or hold it in a Variable"`,
    );
  });

  it("creating a variable", () => {
    expect(message(() => compile((x: Tensor) => new Variable(x, { name: "state" }).value)(tensor([1])))).toMatchInlineSnapshot(
      `"TraceError: compile: the variable "state" is created while the function is traced, and would be created again at every call; create it before"`,
    );
  });

  it("a promise", () => {
    expect(message(() => compile((x: Tensor) => Promise.resolve(x))(tensor([1])))).toMatchInlineSnapshot(
      `"UsageError: compile: the function is asynchronous, expected a synchronous one; await what it needs before the call"`,
    );
  });

  it("arguments and results that are neither tensors nor plain values", () => {
    expect(message(() => compile((x: Map<string, Tensor>) => x.size)(new Map()))).toMatchInlineSnapshot(
      `"UsageError: compile: arguments[0] is a value of class Map; use it inside the function instead; expected tensors, plain values, or arrays and records of them"`,
    );
    expect(message(() => compile(() => new Date())())).toMatchInlineSnapshot(
      `"UsageError: compile: the result is a value of class Date; expected tensors, plain values, or arrays and records of them"`,
    );
    expect(message(() => compile((x: Variable) => x.value)(new Variable(zeros([1]))))).toMatchInlineSnapshot(
      `"UsageError: compile: arguments[0] is a Variable; use it inside the function instead; expected tensors, plain values, or arrays and records of them"`,
    );
  });

  it("an index out of range that is known while tracing", () => {
    const pick = compile((x: Tensor, index: Tensor) => x.indexSelect(index, 0));
    expect(pick(tensor([5, 6]), tensor([1, 0], { dtype: "int32" })).toArray()).toEqual([6, 5]);
    expect(message(() => pick(tensor([5, 6]), tensor([0, 2], { dtype: "int32" })))).toMatchInlineSnapshot(
      `"ArgumentError: indexSelect: index 2 at [1] is out of range; axis 0 has size 2; expected -2 to 1"`,
    );
    expect(pick(tensor([5, 6]), tensor([1, 1], { dtype: "int32" })).toArray()).toEqual([6, 6]);
  });
});

describe("values that change between calls are not compiled as constants", () => {
  it("host values, in the order of the program", () => {
    let count = 0;
    const next = (): Tensor => hostCallback(() => ++count, { shape: [], dtype: "float32" });
    const f = compile((x: Tensor) => {
      const [first, second] = [next(), next()];
      return [second.add(x), first.add(x)];
    });
    expect(f(tensor(0)).map((each) => each.item())).toEqual([2, 1]);
    expect(f(tensor(10)).map((each) => each.item())).toEqual([14, 13]);
    expect(count).toBe(4);
  });

  it("host callbacks run even if nothing uses their values", () => {
    let count = 0;
    const f = compile((x: Tensor) => {
      hostCallback(() => ++count, { shape: [], dtype: "float32" });
      return x;
    });
    f(tensor(1));
    f(tensor(1));
    expect(count).toBe(2);
  });

  it("random draws continue as they do eagerly", () => {
    const [a, b] = [new Generator(5), new Generator(5)];
    const draw = compile(() => uniform([7], { generator: a }));
    for (let call = 0; call < 3; call++) expect(draw().toArray()).toEqual(uniform([7], { generator: b }).toArray());
  });

  it("state that is read through guard selects the program", () => {
    let training = true;
    let traces = 0;
    const f = compile((x: Tensor) => {
      traces++;
      return guard(() => training) ? x.mul(2) : x;
    });
    expect(f(tensor(3)).item()).toBe(6);
    training = false;
    expect(f(tensor(3)).item()).toBe(3);
    training = true;
    expect(f(tensor(3)).item()).toBe(6);
    expect(traces).toBe(2);
  });

  it("plain arguments select the program", () => {
    const f = compile((x: Tensor, factor: number, { shift }: { readonly shift: Tensor }) => ({ result: x.mul(factor).add(shift), factor }));
    expect(f(tensor([1, 2]), 3, { shift: tensor(1) }).result.toArray()).toEqual([4, 7]);
    expect(f(tensor([1, 2]), 5, { shift: tensor(1) }).factor).toBe(5);
    expect(f(tensor([1, 2]), 5, { shift: tensor(1) }).result.toArray()).toEqual([6, 11]);
  });
});

describe("variables", () => {
  it("are seen by eager code and by other compiled functions", () => {
    const v = new Variable(tensor([1, 2]));
    const double = compile(() => void (v.value = v.value.mul(2)));
    const total = compile(() => v.value.sum());
    double();
    expect(total().item()).toBe(6);
    const before = v.value;
    double();
    expect(v.value.toArray()).toEqual([4, 8]);
    expect(before.toArray()).toEqual([2, 4]);
    v.value = tensor([10, 20]);
    double();
    expect(total().item()).toBe(60);
  });

  it("can be swapped, and are read after they were written", () => {
    const [a, b] = [new Variable(tensor([1, 2])), new Variable(tensor([3, 4]))];
    const swap = compile(() => {
      [a.value, b.value] = [b.value, a.value];
      return add(a.value, b.value.mul(10));
    });
    expect(swap().toArray()).toEqual([13, 24]);
    expect([a.value.toArray(), b.value.toArray()]).toEqual([[3, 4], [1, 2]]);
    expect(swap().toArray()).toEqual([31, 42]);
  });

  it("keep their old value as long as it is needed", () => {
    const v = new Variable(tensor([1, 2, 3]));
    const shift = compile(() => {
      const old = v.value;
      v.value = old.flip(0).add(old.sum());
      return [old.mul(1), old];
    });
    expect(shift().map((each) => each.toArray())).toEqual([[1, 2, 3], [1, 2, 3]]);
    expect(v.value.toArray()).toEqual([9, 8, 7]);
  });
});

describe("numbers read from traced tensors", () => {
  it("are refused", () => {
    const choose = compile((x: Tensor) => (Number(x.sum()) > 0 ? x : x.neg()));
    expect(() => choose(tensor([1]))).toThrowErrorMatchingInlineSnapshot(`[TraceError: item: the value of a traced tensor is not known while compile() traces the function; return the tensor and read it outside]`);
  });
});

it("refuses values that are not functions", () => {
  expect(() => compile(tensor([1]) as never)).toThrow(/^compile: got .*, expected a function over tensors/);
});

it("refuses unknown options", () => {
  expect(() => compile((x: Tensor) => x, { cachesize: 3 } as never)).toThrow('compile: there is no option "cachesize"; did you mean "cacheSize"?');
  expect(() => compile((x: Tensor) => x, null as never)).toThrow("compile: the options are null");
  expect(() => compile((x: Tensor) => x, { cacheSize: 0 })).toThrow("compile: cacheSize is 0, expected a positive whole number");
  expect(() => compile((x: Tensor) => x, { relaxedSimd: "no" } as never)).toThrow("compile: relaxedSimd is ");
});

describe("a function that is compiled again and again", () => {
  const warningsOf = (run: (onWarning: (message: string) => void) => void): string[] => {
    const warnings: string[] = [];
    run((message) => void warnings.push(message));
    return warnings;
  };

  it("for every length warns once, with the fix", () => {
    const warnings = warningsOf((onWarning) => {
      const f = compile((x: Tensor) => x.mul(2), { onWarning });
      for (let length = 1; length <= 40; length++) f(zeros([length]));
    });
    expect(warnings).toMatchInlineSnapshot(`
      [
        "compile: 17 programs were compiled for one function, and each takes time and memory; arguments[0] differs from call to call, float32[16] and then float32[17]: pad it to one of a few shapes, or raise cacheSize to the number of shapes",
      ]
    `);
  });

  it("for every number warns", () => {
    const warnings = warningsOf((onWarning) => {
      const f = compile((x: Tensor, { rate }: { readonly rate: number }) => x.mul(rate), { onWarning, cacheSize: 2 });
      for (let step = 1; step <= 40; step++) f(zeros([2]), { rate: 1 / step });
    });
    expect(warnings).toMatchInlineSnapshot(`
      [
        "compile: 17 programs were compiled for one function, and each takes time and memory; arguments[1].rate differs from call to call, 0.0625 and then 0.058823529411764705: pass it as a tensor, tensor(value): the values of tensors are not part of the program",
      ]
    `);
  });

  it("for state that is read through guard warns", () => {
    let epoch = 0;
    const warnings = warningsOf((onWarning) => {
      const f = compile((x: Tensor) => x.mul(guard(() => epoch)), { onWarning });
      for (epoch = 0; epoch < 40; epoch++) f(zeros([2]));
    });
    expect(warnings).toMatchInlineSnapshot(`
      [
        "compile: 17 programs were compiled for one function, and each takes time and memory; the arguments are alike, but a guarded value (for example, whether a module trains) differs from call to call; change it less often",
      ]
    `);
  });

  it("does not warn as long as its programs are kept", () => {
    const warnings = warningsOf((onWarning) => {
      const f = compile((x: Tensor) => x.mul(2), { onWarning, cacheSize: 50 });
      for (let turn = 0; turn < 3; turn++) for (let length = 1; length <= 40; length++) f(zeros([length]));
    });
    expect(warnings).toEqual([]);
  });
});

describe("console.log", () => {
  const shown = (value: object): string => (Reflect.get(value, Symbol.for("nodejs.util.inspect.custom")) as () => string).call(value);

  it("shows a compiled function and its profile", () => {
    const f = compile(function scale(x: Tensor) { return x.mul(2).exp().log(); });
    expect(shown(f)).toBe("compile(scale): no program yet");
    f(zeros([2]));
    expect(shown(f)).toBe("compile(scale): (float32[2]) in 1 kernel; explain() lists them");
    expect(f.explain()).toContain("mul, exp, log");
    expect(shown(f.profile(zeros([2])))).toContain("mul, exp, log");
  });

  it("shows a long chain", () => {
    const f = compile((x: Tensor) => x.mul(2).exp().log().add(1).tanh().sqrt().neg().abs().square());
    f(zeros([2]));
    expect(f.explain()).toContain("mul, exp, log, … 3 more …, neg, abs, mul");
  });
});
