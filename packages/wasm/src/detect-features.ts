import { type FieldKinds, requireFields } from "./arguments.js";
import type { FunctionBuilder } from "./assembler/function-builder.js";
import { type MemoryDeclaration, ModuleBuilder } from "./assembler/module-builder.js";
import { f32x4, i32, i32x4 } from "./assembler/operators.js";
import { setFlag } from "./host.js";

/** The features of the WebAssembly engine, for which programs are emitted. */
export interface WasmFeatures {
  /** WebAssembly, with the features that every engine has had since 2022 (bulk memory, saturating conversion). */
  readonly webAssembly: boolean;
  /** 128-bit vectors. */
  readonly simd: boolean;
  /** Relaxed SIMD, of which the fused multiply-add matters most. */
  readonly relaxedSimd: boolean;
  /** Shared memory and atomic instructions. Browsers have them only in cross-origin isolated pages. */
  readonly threads: boolean;
}

/** Features to switch off, to compare, or to reproduce the results of another machine. Default of each: what the engine has. */
export interface WasmFeatureLimits {
  /** `false`: no vectors, and so no relaxed SIMD either. */
  readonly simd?: boolean;
  /** `false`: multiplication and addition are rounded separately, the same on every machine. */
  readonly relaxedSimd?: boolean;
  /** `false`: no shared memory, one thread. */
  readonly threads?: boolean;
}

const limitKinds: FieldKinds<WasmFeatureLimits> = { simd: "boolean | undefined", relaxedSimd: "boolean | undefined", threads: "boolean | undefined" };

/** Calls `ask` once and keeps its answer, because the features of an engine do not change. */
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
 * The features of the WebAssembly engine, without those that `limits` switches off.
 *
 * It validates tiny modules, and does not look at versions. It also runs one of them, because the policy of a page may forbid that. On Node
 * 20 relaxed SIMD is behind a V8 flag. If it does not validate, and `limits` does not switch it off, the flag is set for the process, and the
 * module is validated again.
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

/** A module with a function that has this body. */
function probe(body: (b: FunctionBuilder<"void">) => void, memory: MemoryDeclaration = {}): Uint8Array<ArrayBuffer> {
  const module = new ModuleBuilder({ memory });
  module.function({ name: "probe" }, body);
  return module.finish();
}

/** Whether the engine accepts a function with this body. */
function accepts(body: (b: FunctionBuilder<"void">) => void, memory: MemoryDeclaration = {}): boolean {
  return typeof WebAssembly === "object" && WebAssembly.validate(probe(body, memory));
}

/** Why no module can be compiled although there is an engine: the policy of a page may forbid it. */
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
 * Why WebAssembly cannot be used here, as text for an error; `undefined` if it can.
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
  // A page that is not isolated may have the constructor and still not be allowed to pass the memory to a worker.
  if (typeof SharedArrayBuffer === "undefined" || Reflect.get(globalThis, "crossOriginIsolated") === false)
    return false;
  try {
    return new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }).buffer instanceof SharedArrayBuffer;
  } catch {
    return false;
  }
}

/** Sets the V8 flag for relaxed SIMD, if there is one. Returns whether it was set. */
export function enableRelaxedSimd(): boolean {
  return setFlag("--experimental-wasm-relaxed-simd");
}
