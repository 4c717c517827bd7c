/**
 * The instructions as typed functions, under their names in the specification: `f32x4.add(a, b)`,
 * `i32.load(address, { offset: 8 })`, `i32.atomic.rmw.add(address, 1)`, `memory.size()`.
 * Those that only have an effect (stores, fill, copy, fence) are on the builder: `b.f32.store(address, value)`.
 */
import { Constant, type Expr } from "./expression.js";
import type { ValueInstruction } from "./instructions/table.js";
import { type Namespace, type Namespaces, valueNamespaces } from "./namespaces.js";
import { AssemblerError } from "./types.js";

/** Vector shapes that have a `const` of their own. */
export type VectorShape = "i32x4" | "f32x4" | "f64x2";

/** Instructions on vectors of one shape, and their constants. */
export type VectorNamespace<P extends VectorShape> = Namespace<P, ValueInstruction> & {
  /** The vector of these numbers, lane 0 first (`v128.const f32x4 1 2 3 4`), or of one number in all lanes. */
  const(...lanes: readonly number[]): Expr<"v128">;
};

const all = /* @__PURE__ */ valueNamespaces();

/** 32-bit integers: the instructions `i32.*` with a result. */
export const i32 = /* @__PURE__ */ namespace("i32");
/** 64-bit integers: the instructions `i64.*` with a result. */
export const i64 = /* @__PURE__ */ namespace("i64");
/** Float32 numbers: the instructions `f32.*` with a result. */
export const f32 = /* @__PURE__ */ namespace("f32");
/** Float64 numbers: the instructions `f64.*` with a result. */
export const f64 = /* @__PURE__ */ namespace("f64");
/** Vectors as 128 bits: the instructions `v128.*` with a result. */
export const v128 = /* @__PURE__ */ namespace("v128");
/** The size of the memory: the instructions `memory.*` with a result. */
export const memory = /* @__PURE__ */ namespace("memory");
/** Vectors of 16 bytes: the instructions `i8x16.*` with a result. */
export const i8x16 = /* @__PURE__ */ namespace("i8x16");
/** Vectors of eight 16-bit integers: the instructions `i16x8.*` with a result. */
export const i16x8 = /* @__PURE__ */ namespace("i16x8");
/** Vectors of two 64-bit integers: the instructions `i64x2.*` with a result. */
export const i64x2 = /* @__PURE__ */ namespace("i64x2");
/** Vectors of four 32-bit integers: the instructions `i32x4.*` with a result. */
export const i32x4 = /* @__PURE__ */ vectorNamespace("i32x4");
/** Vectors of four float32: the instructions `f32x4.*` with a result. */
export const f32x4 = /* @__PURE__ */ vectorNamespace("f32x4");
/** Vectors of two float64: the instructions `f64x2.*` with a result. */
export const f64x2 = /* @__PURE__ */ vectorNamespace("f64x2");

function namespace<P extends keyof Namespaces<ValueInstruction>>(prefix: P): Namespace<P, ValueInstruction> {
  return all[prefix];
}

function vectorNamespace<P extends VectorShape>(shape: P): VectorNamespace<P>;
function vectorNamespace(shape: VectorShape): object {
  return { ...namespace(shape), const: (...lanes: readonly number[]) => vectorConstant(shape, lanes) };
}

function vectorConstant(shape: VectorShape, lanes: readonly number[]): Expr<"v128"> {
  const vector = emptyVector(shape);
  const [first] = lanes;
  if (first === undefined || (lanes.length !== 1 && lanes.length !== vector.length)) {
    throw new AssemblerError(`${shape}.const: expected 1 or ${vector.length} numbers, got ${lanes.length}`);
  }
  vector.fill(first).set(lanes);
  return new Constant("v128", new Uint8Array(vector.buffer));
}

function emptyVector(shape: VectorShape): Int32Array | Float32Array | Float64Array {
  if (shape === "i32x4") return new Int32Array(4);
  return shape === "f32x4" ? new Float32Array(4) : new Float64Array(2);
}
