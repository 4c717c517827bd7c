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
  /** Whether `f32x4.relaxed_madd` rounds once (`true`) or twice (`false`); `undefined` without relaxed SIMD. */
  readonly fusedMultiplyAdd: boolean | undefined;
  /** All of it in a word, for logs and reports. */
  readonly level: WasmLevel;
}

/** From most to least: vectors with relaxed operations, vectors, scalars, no WebAssembly; each with or without threads. */
export type WasmLevel = "none" | `${"relaxed-simd" | "simd" | "scalar"}${"+threads" | ""}`;

/** What to do without, to compare or to reproduce what another machine does. Default of each: what the engine has. */
export interface WasmFeatureLimits {
  /** `false`: no vectors, hence no relaxed SIMD either. */
  readonly simd?: boolean;
  /** `false`: multiplication and addition are rounded separately, the same on every machine. */
  readonly relaxedSimd?: boolean;
  /** `false`: no shared memory, one thread. */
  readonly threads?: boolean;
}

/** The answer of `ask`, which is asked once: what the engine has does not change while the program runs. */
function once<T>(ask: () => T): () => T {
  let answer: { readonly value: T } | undefined;
  return () => (answer ??= { value: ask() }).value;
}

const hasWebAssembly = /* @__PURE__ */ once(() => accepts((b) => b.memory.fill(0, i32.trunc_sat_f32_s(0), 1)));
const hasSimd = /* @__PURE__ */ once(() => accepts((b) => b.drop(i32x4.splat(0))));
const hasRelaxedSimd = /* @__PURE__ */ once(
  () => validates(multiplyAddModule()) || (enableRelaxedSimd() && validates(multiplyAddModule())),
);
const hasFusedMultiplyAdd = /* @__PURE__ */ once(multiplyAddIsFused);
const hasThreads = /* @__PURE__ */ once(
  () => accepts((b) => b.drop(i32.atomic.load(0)), { shared: true, maximum: 1 }) && canShareMemory(),
);

/**
 * What the WebAssembly engine offers, less what `limits` does without.
 *
 * It is found by validating tiny modules, never by version. On Node 20 relaxed SIMD is behind a V8 flag: where it
 * fails to validate, and unless `limits` does without it, the flag is set for the process and it is tried again.
 *
 * @example
 * ```ts
 * import { wasmFeatures } from "@nn/wasm";
 *
 * wasmFeatures().level; // "relaxed-simd+threads" where everything is there
 * wasmFeatures({ simd: false, threads: false }).level; // => "scalar"
 * ```
 */
export function wasmFeatures(limits: WasmFeatureLimits = {}): WasmFeatures {
  const webAssembly = hasWebAssembly();
  const simd = webAssembly && limits.simd !== false && hasSimd();
  const relaxedSimd = simd && limits.relaxedSimd !== false && hasRelaxedSimd();
  const threads = webAssembly && limits.threads !== false && hasThreads();
  const fusedMultiplyAdd = relaxedSimd ? hasFusedMultiplyAdd() : undefined;
  return {
    webAssembly,
    simd,
    relaxedSimd,
    threads,
    fusedMultiplyAdd,
    level: levelOf(webAssembly, simd, relaxedSimd, threads),
  };
}

function levelOf(webAssembly: boolean, simd: boolean, relaxedSimd: boolean, threads: boolean): WasmLevel {
  if (!webAssembly) return "none";
  const vectors = relaxedSimd ? "relaxed-simd" : simd ? "simd" : "scalar";
  return threads ? `${vectors}+threads` : vectors;
}

function validates(bytes: Uint8Array<ArrayBuffer>): boolean {
  return typeof WebAssembly === "object" && WebAssembly.validate(bytes);
}

/** Whether the engine takes a function with such a body. */
function accepts(body: (b: FunctionBuilder<"void">) => void, memory: MemoryDeclaration = {}): boolean {
  const module = new ModuleBuilder({ memory });
  module.function({ name: "probe" }, body);
  return validates(module.finish());
}

/** `multiplyAdd(a, b, c)` is a lane of `relaxed_madd` of these. */
function multiplyAddModule(): Uint8Array<ArrayBuffer> {
  const module = new ModuleBuilder();
  const params = { a: "f32", b: "f32", c: "f32" } as const;
  module.function({ name: "multiplyAdd", params, result: "f32", export: true }, (_, { a, b, c }) =>
    f32x4.extract_lane(f32x4.relaxed_madd(f32x4.splat(a), f32x4.splat(b), f32x4.splat(c)), 0),
  );
  return module.finish();
}

/** (1 + 2^-12)² - (1 + 2^-11) is 2^-24 exactly, which is lost if the product is rounded to float32 first. */
function multiplyAddIsFused(): boolean {
  const { multiplyAdd } = new WebAssembly.Instance(new WebAssembly.Module(multiplyAddModule())).exports;
  const a = 1 + 2 ** -12;
  return typeof multiplyAdd === "function" && multiplyAdd(a, a, -(1 + 2 ** -11)) !== 0;
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
