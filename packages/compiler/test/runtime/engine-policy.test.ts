import type { Tensor } from "@nn/tensor";
import { expect, test, vi } from "vitest";

test("if a Content-Security-Policy forbids WebAssembly, plain JavaScript computes products, and compile() says what the policy needs", async () => {
  const Forbidden = function (): never {
    throw new WebAssembly.CompileError("violates the policy");
  };
  const { validate, CompileError, Memory, Instance } = WebAssembly;
  vi.stubGlobal("WebAssembly", { validate, CompileError, Memory, Instance, Module: Forbidden });
  vi.resetModules();
  try {
    const { full, matmul, tensor } = await import("@nn/tensor");
    const { matmulLevel } = await import("@nn/tensor/interpreter");
    const { compile } = await import("../../src/index.js");
    const product = matmul(full([128, 128], 2), full([128, 128], 3));
    expect(new Set(product.toTypedArray())).toEqual(new Set([768]));
    expect(matmulLevel()).toBe("reference");
    const refused = (): unknown => compile((x: Tensor) => x.mul(2))(tensor([1]));
    for (let call = 0; call < 2; call++) expect(refused).toThrow("compile: this page may not compile WebAssembly (CompileError: violates the policy); add 'wasm-unsafe-eval' to script-src");
  } finally {
    vi.unstubAllGlobals();
    vi.resetModules();
  }
}, 120_000);
