import { i32, LinearMemory, ModuleBuilder, v128 } from "../../../src/index.js";
import * as functions from "../../../src/kernels/math/vector/index.js";

export const vectorMath = { ...functions };

export type MathName = keyof typeof vectorMath;
export const mathNames = ["exp", "expm1", "log", "log1p", "sin", "cos", "tanh", "sigmoid", "erf", "erfc", "erfInv", "pow", "atan2", "remainder"] as const satisfies readonly MathName[];
export const binaryNames: readonly MathName[] = ["pow", "atan2", "remainder"];

/** Elements that one call can take. */
export const capacity = 2 ** 18;

/** One module with every function over arrays, built once for all tests. */
function build() {
  const memory = new LinearMemory({ shared: false });
  const addresses = [0, 1, 2].map(() => memory.allocate(capacity * 4));
  const [x = 0, y = 0, out = 0] = addresses;
  const module = new ModuleBuilder({ memory: memory.declaration });
  for (const name of mathNames) {
    module.function({ name, params: { bytes: "i32" }, export: true }, (b, { bytes }) => {
      b.forRange(0, bytes, 16, (i) => {
        const value = vectorMath[name](b, v128.load(i32.add(i, x)), v128.load(i32.add(i, y)));
        b.v128.store(i32.add(i, out), value);
      });
    });
  }
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.finish()), memory.imports);
  return { memory, x, y, out, exports };
}

const { memory, x: xAddress, y: yAddress, out: outAddress, exports } = build();

function call(name: string, bytes: number): void {
  const found = exports[name];
  if (typeof found !== "function") throw new Error(`no function ${name}`);
  found(bytes);
}

/** A function applied to arrays of equal length. */
export function apply(name: MathName, x: Float32Array, y?: Float32Array): Float32Array {
  memory.f32(xAddress, x.length).set(x);
  if (y !== undefined) memory.f32(yAddress, y.length).set(y);
  call(name, x.length * 4);
  return memory.f32(outAddress, x.length).slice();
}

const rounded = new Float32Array(1);
const roundedBits = new Uint32Array(rounded.buffer);

/** Distance of a float32 from the exact value in units of the last place of that; 0 for the infinity or NaN it should be. */
export function ulps(value: number, exact: number): number {
  rounded[0] = exact;
  const nearest = rounded[0];
  if (!Number.isFinite(nearest) || !Number.isFinite(value)) return Object.is(value, nearest) ? 0 : Infinity;
  if (nearest === 0 && value === 0 && !Object.is(value, nearest)) return Infinity;
  const exponent = Math.max(((roundedBits[0] as number) >>> 23) & 255, 1);
  return Math.abs(value - exact) / 2 ** (exponent - 150);
}

/** Uniform in 0 … 1, the same in every run. */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    // The lower bits of this generator have short periods.
    return ((state ^ (state >>> 15)) >>> 0) / 2 ** 32;
  };
}
