import { type FieldKinds, requireFields } from "./arguments.js";
import type { FunctionBuilder } from "./assembler/function-builder.js";
import { type MemoryDeclaration, ModuleBuilder } from "./assembler/module-builder.js";
import { f32x4, i32, i32x4 } from "./assembler/operators.js";

/** What the WebAssembly engine offers, and therefore what programs are emitted for. */
export interface WasmFeatures {
  /** WebAssembly at all, with what every engine has had since 2022 (bulk memory, saturating conversion). */
  readonly webAssembly: boolean;
  /** 128-bit vectors. */
  readonly simd: boolean;
  /** Relaxed SIMD, of which the fused multiply-add matters most. */
  readonly relaxedSimd: boolean;
  /** Shared memory and atomic instructions. In browsers only in cross-origin isolated pages. */
  readonly threads: boolean;
}

/** What to do without, to compare or to reproduce what another machine does. Default of each: what the engine has. */
export interface WasmFeatureLimits {
  /** `false`: no vectors, hence no relaxed SIMD either. */
  readonly simd?: boolean;
  /** `false`: multiplication and addition are rounded separately, the same on every machine. */
  readonly relaxedSimd?: boolean;
  /** `false`: no shared memory, one thread. */
  readonly threads?: boolean;
}

const limitKinds: FieldKinds<WasmFeatureLimits> = { simd: "boolean | undefined", relaxedSimd: "boolean | undefined", threads: "boolean | undefined" };

/** The answer of `ask`, which is asked once: what the engine has does not change while the program runs. */
function once<T>(ask: () => T): () => T {
  let answer: { readonly value: T } | undefined;
  return () => (answer ??= { value: ask() }).value;
}

const hasWebAssembly = /* @__PURE__ */ once(() => accepts((b) => b.memory.fill(0, i32.trunc_sat_f32_s(0), 1)) && refusal() === undefined);
const hasSimd = /* @__PURE__ */ once(() => accepts((b) => b.drop(i32x4.splat(0))));
const hasRelaxedSimd = /* @__PURE__ */ once(() => acceptsMultiplyAdd() || (enableRelaxedSimd() && acceptsMultiplyAdd()));
const hasThreads = /* @__PURE__ */ once(
  () => accepts((b) => b.drop(i32.atomic.load(0)), { shared: true, maximum: 1 }) && canShareMemory(),
);

/**
 * What the WebAssembly engine offers, less what `limits` does without.
 *
 * It is found by validating tiny modules, one of which is run too since a page's policy may forbid that, never by version. On Node 20 relaxed SIMD is behind a V8 flag: where it
 * fails to validate, and unless `limits` does without it, the flag is set for the process and it is tried again.
 *
 * @example
 * ```ts
 * import { wasmFeatures } from "@nn/wasm";
 *
 * wasmFeatures().simd; // => true
 * wasmFeatures({ simd: false }).relaxedSimd; // => false
 * ```
 */
export function wasmFeatures(limits: WasmFeatureLimits = {}): WasmFeatures {
  requireFields("wasmFeatures", limits, limitKinds);
  const webAssembly = hasWebAssembly();
  const simd = webAssembly && limits.simd !== false && hasSimd();
  const relaxedSimd = simd && limits.relaxedSimd !== false && hasRelaxedSimd();
  const threads = webAssembly && limits.threads !== false && hasThreads();
  return { webAssembly, simd, relaxedSimd, threads };
}

/** A module with a function of such a body. */
function probe(body: (b: FunctionBuilder<"void">) => void, memory: MemoryDeclaration = {}): Uint8Array<ArrayBuffer> {
  const module = new ModuleBuilder({ memory });
  module.function({ name: "probe" }, body);
  return module.finish();
}

/** Whether the engine takes a function with such a body. */
function accepts(body: (b: FunctionBuilder<"void">) => void, memory: MemoryDeclaration = {}): boolean {
  return typeof WebAssembly === "object" && WebAssembly.validate(probe(body, memory));
}

/** Why no module can be compiled here, though there is an engine: a page's policy may forbid it. */
const refusal = /* @__PURE__ */ once((): unknown => {
  try {
    const module = new WebAssembly.Module(probe((b) => b.drop(i32.const(0))));
    Reflect.construct(WebAssembly.Instance, [module, { env: { memory: new WebAssembly.Memory({ initial: 0 }) } }]);
    return undefined;
  } catch (error) {
    return error;
  }
});

/**
 * Why there is no WebAssembly here: the words for an error, or `undefined` where there is.
 *
 * @example
 * ```ts
 * import { webAssemblyProblem } from "@nn/wasm";
 *
 * webAssemblyProblem(); // => undefined
 * ```
 */
export function webAssemblyProblem(): string | undefined {
  if (typeof WebAssembly !== "object") return "this engine has no WebAssembly";
  const error = refusal();
  if (error !== undefined) return `this page may not compile WebAssembly (${String(error)}); add 'wasm-unsafe-eval' to script-src of its Content-Security-Policy`;
  return hasWebAssembly() ? undefined : "this engine's WebAssembly is too old; see the versions of browsers in the README";
}

function acceptsMultiplyAdd(): boolean {
  const zero = f32x4.const(0);
  return accepts((b) => b.drop(f32x4.relaxed_madd(zero, zero, zero)));
}

function canShareMemory(): boolean {
  // A page that is not isolated may have the constructor and still not be allowed to hand the memory to a worker.
  if (typeof SharedArrayBuffer === "undefined" || Reflect.get(globalThis, "crossOriginIsolated") === false)
    return false;
  try {
    return new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }).buffer instanceof SharedArrayBuffer;
  } catch {
    return false;
  }
}

interface V8Module {
  setFlagsFromString(flags: string): void;
}

/** Sets the V8 flag for relaxed SIMD where there is such a flag to set; whether it was set. */
export function enableRelaxedSimd(): boolean {
  const host: { getBuiltinModule?(name: string): V8Module | undefined } | undefined = Reflect.get(
    globalThis,
    "process",
  );
  try {
    const v8 = host?.getBuiltinModule?.("node:v8");
    v8?.setFlagsFromString("--experimental-wasm-relaxed-simd");
    return v8 !== undefined;
  } catch {
    return false; // a host that only resembles Node
  }
}
