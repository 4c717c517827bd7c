import type { Parameters } from "../../assembler/functions.js";
import { ModuleBuilder } from "../../assembler/module-builder.js";
import { i32 } from "../../assembler/operators.js";
import { blockedScratchBytes, type Blocks, emitBlocked, type FinishedBlock } from "./blocked.js";
import type { Address, Code } from "./element.js";
import { packStrip } from "./pack.js";
import { value } from "./size.js";

const blocks: Blocks = { panel: 8, columns: 256, shared: 512, rows: 384 };

/** Bytes of scratch memory for products of any sizes. */
export const runtimeScratchBytes = (): number => blockedScratchBytes(i32.const(0), blocks);

/**
 * A module with one function, `matmul`, for products of float32 matrices of any sizes. Addresses and strides are in bytes; one of
 * the strides of each operand is 4. The function reads up to 12 bytes beyond the end of an operand. The module imports its memory as `env.memory`.
 */
export function runtimeModule(fused: boolean): Uint8Array<ArrayBuffer> {
  const module = new ModuleBuilder({ memory: { import: ["env", "memory"] } });
  const stripParameters = i32Parameters("start", "outerStride", "sharedStride", "count", "shared", "target", "step");
  const pack = module.function({ name: "", params: stripParameters }, (b, strip) => packStrip(b, { ...strip, offset: 0 }));
  const parameters = i32Parameters("rows", "columns", "shared", ...leftNames, ...rightNames, "target", "targetRow", "scratch");
  module.function({ name: "", params: parameters, export: "matmul" }, (b, p) => {
    emitBlocked(b, {
      // Panels have four rows, although six would be a little faster, so that the modules with and without relaxed SIMD share most bytes.
      fused, height: 4, blocks, shared: p.shared, scratch: p.scratch,
      rows: { low: 0, high: p.rows },
      columns: { low: 0, high: p.columns },
      left: { address: p.left, offset: 0, outerStride: p.leftOuter, sharedStride: p.leftShared },
      right: { address: p.right, offset: 0, outerStride: p.rightOuter, sharedStride: p.rightShared },
      pack: (code, strip) => code.call(pack, strip),
      finish: (block) => copyBlock(b, block, p.target, p.targetRow),
    });
  });
  return module.finish();
}

const leftNames = ["left", "leftOuter", "leftShared"] as const;
const rightNames = ["right", "rightOuter", "rightShared"] as const;

function i32Parameters<const N extends string>(...names: readonly N[]): { readonly [name in N]: "i32" };
function i32Parameters(...names: readonly string[]): Parameters {
  return Object.fromEntries(names.map((name) => [name, "i32" as const]));
}

/** Copies a block to its position in the product. */
function copyBlock(b: Code, block: FinishedBlock, target: Address, rowBytes: Address): void {
  const bytes = b.let(i32.shl(value(block.columns), 2));
  const from = b.let(block.address);
  const to = b.let(i32.add(i32.add(target, i32.mul(value(block.row), rowBytes)), i32.shl(value(block.column), 2)));
  b.forRange(0, value(block.rows), 1, () => {
    b.memory.copy(to, from, bytes);
    b.set(from, i32.add(from, block.strideBytes));
    b.set(to, i32.add(to, rowBytes));
  });
}
