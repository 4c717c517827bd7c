/**
 * The instructions as typed functions, under their names in the specification: `f32x4.add(a, b)`,
 * `i32.load(address, { offset: 8 })`, `i32.atomic.rmw.add(address, 1)`, `memory.size()`.
 * Those that only have an effect (stores, fill, copy, fence) are on the builder: `b.f32.store(address, value)`.
 */
import { Constant, type Expr } from "./expression.js";
import { valueNamespace } from "./namespaces.js";
import { AssemblerError } from "./types.js";

export const i32 = /* @__PURE__ */ valueNamespace("i32");
export const i64 = /* @__PURE__ */ valueNamespace("i64");
export const f32 = /* @__PURE__ */ valueNamespace("f32");
export const f64 = /* @__PURE__ */ valueNamespace("f64");
export const v128 = /* @__PURE__ */ valueNamespace("v128");
export const memory = /* @__PURE__ */ valueNamespace("memory");
export const i8x16 = /* @__PURE__ */ valueNamespace("i8x16");
export const i16x8 = /* @__PURE__ */ valueNamespace("i16x8");
export const i64x2 = /* @__PURE__ */ valueNamespace("i64x2");
export const i32x4 = /* @__PURE__ */ Object.freeze({
  ...valueNamespace("i32x4"),
  /** The vector of these four integers (`v128.const i32x4`), or of one four times. */
  const: (...lanes: readonly number[]): Expr<"v128"> =>
    vector("i32x4", 4, lanes, (view, at, lane) => view.setInt32(at, lane, true)),
});
export const f32x4 = /* @__PURE__ */ Object.freeze({
  ...valueNamespace("f32x4"),
  /** The vector of these four numbers (`v128.const f32x4`), or of one four times. */
  const: (...lanes: readonly number[]): Expr<"v128"> =>
    vector("f32x4", 4, lanes, (view, at, lane) => view.setFloat32(at, lane, true)),
});
export const f64x2 = /* @__PURE__ */ Object.freeze({
  ...valueNamespace("f64x2"),
  /** The vector of these two numbers (`v128.const f64x2`), or of one twice. */
  const: (...lanes: readonly number[]): Expr<"v128"> =>
    vector("f64x2", 2, lanes, (view, at, lane) => view.setFloat64(at, lane, true)),
});

function vector(
  shape: string,
  count: number,
  lanes: readonly number[],
  write: (view: DataView, at: number, lane: number) => void,
): Expr<"v128"> {
  const [first] = lanes;
  if (first === undefined || (lanes.length !== 1 && lanes.length !== count)) {
    throw new AssemblerError(`${shape}.const: expected 1 or ${count} numbers, got ${lanes.length}`);
  }
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  for (let lane = 0; lane < count; lane++) write(view, (lane * 16) / count, lanes[lane] ?? first);
  return new Constant("v128", bytes);
}
