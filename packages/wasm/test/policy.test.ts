import { afterEach, describe, expect, test, vi } from "vitest";

/** An engine in a page whose policy has no 'wasm-unsafe-eval': modules are valid, and may not be compiled. */
function forbidCompiling(): void {
  const Forbidden = function (): never {
    throw new WebAssembly.CompileError("WebAssembly.Module(): Compiling or instantiating WebAssembly module violates the page's policy");
  };
  const { validate, CompileError, Memory, Instance, RuntimeError } = WebAssembly;
  vi.stubGlobal("WebAssembly", { validate, CompileError, Memory, Instance, RuntimeError, Module: Forbidden });
}

describe("if a Content-Security-Policy forbids WebAssembly", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.resetModules();
  });

  test("wasmFeatures reports none, and the problem names the needed policy", async () => {
    forbidCompiling();
    vi.resetModules();
    const { wasmFeatures, wasmLevel, webAssemblyProblem, MatmulKernels } = await import("../src/index.js");
    expect(wasmFeatures()).toEqual({ webAssembly: false, simd: false, relaxedSimd: false, threads: false });
    expect(wasmLevel()).toBe("none");
    expect(MatmulKernels.create()).toBeUndefined();
    expect(webAssemblyProblem()).toMatchInlineSnapshot(`"this page may not compile WebAssembly (CompileError: WebAssembly.Module(): Compiling or instantiating WebAssembly module violates the page's policy); add 'wasm-unsafe-eval' to script-src of its Content-Security-Policy"`);
  });

  test("a missing engine is reported", async () => {
    vi.stubGlobal("WebAssembly", undefined);
    vi.resetModules();
    const { wasmFeatures, webAssemblyProblem } = await import("../src/index.js");
    expect(wasmFeatures().webAssembly).toBe(false);
    expect(webAssemblyProblem()).toBe("this engine has no WebAssembly");
  });

  test("elsewhere there is no problem", async () => {
    const { webAssemblyProblem } = await import("../src/index.js");
    expect(webAssemblyProblem()).toBeUndefined();
  });
});
