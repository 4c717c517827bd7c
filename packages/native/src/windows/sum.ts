import { kernelKey, type KernelOptions, type LibraryKernel } from "@nn/compiler/target";
import { at } from "../assembler/memory.js";
import { r9 } from "../assembler/registers.js";
import { KernelFunction } from "../functions/kernel-function.js";
import type { MachineKernel } from "../machine-kernel.js";
import { Block } from "../values/block.js";
import type { Virtual } from "../values/steps.js";
import { BlockWriter, storeVector } from "../values/block-writer.js";
import { OperationWriter } from "../values/operation-writer.js";
import type { Level } from "../vectors/level.js";
import { VectorWriter } from "../vectors/vector-writer.js";
import { areSupportedWindows, windowScratchBytes, WindowWalk, type WindowGeometry } from "./walk.js";

export type WindowSumKernel = LibraryKernel<"windowSum">;

/** Machine code for the sums of windows, or `undefined` if there is none for their dtype, sizes or padding. */
export function windowSumCode(kernel: WindowSumKernel, level: Level, options: KernelOptions): MachineKernel | undefined {
  const { inputs: [x], output, attributes } = kernel;
  const geometry = { ...attributes, x, output };
  if (!areSupportedWindows(geometry)) return undefined;
  return { code: new SumEmitter(kernel, geometry, level).emit(options), scratchBytes: windowScratchBytes(geometry, options.threads) };
}

/** Sums of float32 are computed in float64 and rounded once, as in eager execution. Padding, and what lies between dilated elements, is 0. */
class SumEmitter {
  readonly #f = new KernelFunction();
  readonly #w: VectorWriter;
  readonly #kernel: WindowSumKernel;
  readonly #blocks: BlockWriter;
  readonly #walk: WindowWalk;

  constructor(kernel: WindowSumKernel, geometry: WindowGeometry, level: Level) {
    this.#w = new VectorWriter(this.#f.asm, level);
    this.#blocks = new BlockWriter(this.#f, this.#w);
    this.#kernel = kernel;
    this.#walk = new WindowWalk(this.#f, this.#w, geometry, 0, () => undefined);
  }

  emit({ threads }: KernelOptions): Uint8Array<ArrayBuffer> {
    this.#walk.write(kernelKey(this.#kernel).buffers, threads, (count) => this.#vector(count));
    return this.#f.finish();
  }

  /** The first `count` lanes. */
  #vector(count: number): void {
    const w = this.#w;
    const block = new Block();
    const o = new OperationWriter(block, w);
    const upperHalf = (x: Virtual): Virtual => block.compute([x], (destination, [a]) => a !== undefined && w.upperHalf(destination, a));
    const zero = o.inRegister(o.double(0));
    const [low, high] = this.#walk.distances(this.#walk.readSteps).reduce<readonly [Virtual, Virtual]>((sums, distance) => {
      const x = this.#walk.elements(block, distance, count);
      return [o.binary("vaddpd", sums[0], o.fromHalf("vcvtps2pd", x)), o.binary("vaddpd", sums[1], o.fromHalf("vcvtps2pd", upperHalf(x)))];
    }, [zero, zero]);
    storeVector(block, w, o.arrange("lowerHalves", o.toHalf("vcvtpd2ps", low), o.toHalf("vcvtpd2ps", high)), () => at(r9), count < w.level.lanes ? w.definedPart(count) : undefined);
    this.#blocks.write(block);
  }
}
