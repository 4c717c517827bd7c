import type { Parameters } from "../../assembler/functions.js";
import { ModuleBuilder } from "../../assembler/module-builder.js";
import { f32, i32, v128 } from "../../assembler/operators.js";
import { blockedScratchBytes, type Blocks, emitBlocked, type FinishedBlock } from "./blocked.js";
import type { Address, Code } from "./element.js";
import { packStrip } from "./pack.js";
import { value } from "./size.js";

const blocks: Blocks = { columns: 256, shared: 512, rows: 384 };

/** Bytes of scratch memory that the function wants, whatever the sizes. */
export const runtimeScratchBytes = (): number => blockedScratchBytes(i32.const(0), blocks);

/**
 * A module with one function, `matmul`, for products of float32 matrices of any sizes. Addresses and strides are in bytes; one of
 * the strides of each operand is 4. Up to 12 bytes beyond an operand's end are read. It imports its memory as `env.memory`.
 */
export function runtimeModule(fused: boolean): Uint8Array<ArrayBuffer> {
  const module = new ModuleBuilder({ memory: { import: ["env", "memory"] } });
  const stripParameters = i32Parameters("start", "outerStride", "sharedStride", "count", "shared", "target", "step");
  const pack = module.function({ name: "pack", params: stripParameters }, (b, strip) => packStrip(b, { ...strip, offset: 0 }));
  const parameters = i32Parameters("rows", "columns", "shared", ...leftNames, ...rightNames, "target", "targetRow", "scratch");
  module.function({ name: "matmul", params: parameters, export: true }, (b, p) => {
    emitBlocked(b, {
      fused, blocks, shared: p.shared, scratch: p.scratch,
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

/** Copies a block to its place in the product. */
function copyBlock(b: Code, block: FinishedBlock, target: Address, rowBytes: Address): void {
  const columns = value(block.columns);
  b.forRange(0, value(block.rows), 1, (i) => {
    const from = b.let(i32.add(block.address, i32.mul(i, block.strideBytes)));
    const row = i32.mul(i32.add(i, value(block.row)), rowBytes);
    const to = b.let(i32.add(i32.add(target, row), i32.shl(value(block.column), 2)));
    const vectors = b.let(i32.add(from, i32.shl(i32.and(columns, -4), 2)));
    const end = b.let(i32.add(from, i32.shl(columns, 2)));
    const copyWhile = (limit: Address, step: number, copy: () => void): void =>
      b.while(i32.lt_u(from, limit), () => {
        copy();
        b.set(from, i32.add(from, step));
        b.set(to, i32.add(to, step));
      });
    copyWhile(vectors, 16, () => b.v128.store(to, v128.load(from, { align: 4 }), { align: 4 }));
    copyWhile(end, 4, () => b.f32.store(to, f32.load(from)));
  });
}
