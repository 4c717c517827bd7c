import type { Kernel, KernelOptions, KernelTarget, MachineProgram, Program } from "@nn/compiler/target";
import { FrameError } from "./assembler/errors.js";
import { nativeBuild } from "./build.js";
import { convolutionCode, hasConvolutionCode } from "./convolution/convolution.js";
import { fuseConvolutions } from "./convolution/fusion.js";
import type { ConvolutionKernel } from "./convolution/geometry.js";
import { isWorthwhileConvolution } from "./convolution/plan.js";
import type { Host } from "./host/host.js";
import { loopCode } from "./loops/loop.js";
import { isWorthwhileLoop } from "./loops/support.js";
import type { MachineKernel } from "./machine-kernel.js";
import { matmulCode, type ProductOptions } from "./matmul/matmul.js";
import { packedOnce } from "./matmul/packed-once.js";
import { isWorthwhile } from "./matmul/plan.js";
import { NativeProgram } from "./native-program.js";
import { bfloat16MatmulCode } from "./packed/bfloat16-matmul.js";
import type { PackedInstructions } from "./packed/packed-format.js";
import { isWorthwhilePacked } from "./packed/plan.js";
import { quantizedMatmulCode } from "./packed/quantized-matmul.js";
import { isWorthwhileRandomBits, randomBitsCode } from "./random/random-bits.js";
import { isWorthwhileScatter, scatterCode } from "./scatter/scatter.js";
import { levels, type Level, type LevelName } from "./vectors/level.js";
import { windowArgMaxCode } from "./windows/arg-max.js";
import { windowSumCode } from "./windows/sum.js";
import { areWorthwhileWindows } from "./windows/walk.js";

/** Machine code for one instruction set. */
export class NativeTarget implements KernelTarget {
  readonly name: LevelName;
  readonly reason = undefined;
  readonly build: string;
  readonly #host: Host;
  readonly #level: Level;
  readonly #evenSmall: boolean;
  readonly #products: PackedInstructions;

  constructor(host: Host, level: LevelName, { evenSmall, products }: { readonly evenSmall: boolean; readonly products: PackedInstructions }) {
    this.name = level;
    // Machine code that a store keeps may be loaded on another processor.
    this.build = [nativeBuild ?? "sources", ...(evenSmall ? ["even small"] : []), ...(products.bytes.has(level) ? ["VNNI"] : []), ...(products.bfloat16 ? ["BF16"] : [])].join(" ");
    this.#host = host;
    this.#level = levels[level];
    this.#evenSmall = evenSmall;
    this.#products = products;
  }

  fuse(program: Program, options: KernelOptions): Program {
    return fuseConvolutions(program, (kernel) => this.#isMachineCode(kernel) && hasConvolutionCode(kernel, this.#level, options));
  }

  program(options: KernelOptions, kernels: readonly Kernel[]): MachineProgram {
    const assemble = (kernel: Kernel, isPacked: boolean): MachineKernel | undefined => this.#assemble(kernel, { ...options, isPacked });
    return new NativeProgram(this.#host, kernels, assemble, (products) => packedOnce(products, this.#level, options.threads));
  }

  #assemble(kernel: Kernel, options: ProductOptions): MachineKernel | undefined {
    try {
      return this.#codeOf(kernel, options);
    } catch (error) {
      // WebAssembly has no epilogues of convolutions.
      const isFused = kernel.kind === "library" && kernel.primitive === "convolution" && kernel.epilogue !== undefined;
      if (error instanceof FrameError && !isFused) return undefined;
      throw error;
    }
  }

  #isMachineCode(kernel: ConvolutionKernel): boolean {
    return this.#evenSmall || isWorthwhileConvolution(kernel);
  }

  #codeOf(kernel: Kernel, options: ProductOptions): MachineKernel | undefined {
    if (kernel.kind === "loop") return this.#evenSmall || isWorthwhileLoop(kernel, this.#level) ? loopCode(kernel, this.#level, options) : undefined;
    switch (kernel.primitive) {
      case "matmul": return this.#evenSmall || isWorthwhile(kernel) ? matmulCode(kernel, this.#level, options) : undefined;
      case "quantizedMatmul": return this.#evenSmall || isWorthwhilePacked(kernel) ? quantizedMatmulCode(kernel, this.#level, options, this.#products.bytes) : undefined;
      case "bfloat16Matmul": return this.#evenSmall || isWorthwhilePacked(kernel) ? bfloat16MatmulCode(kernel, this.#level, options, this.#products.bfloat16) : undefined;
      case "convolution": return this.#isMachineCode(kernel) ? convolutionCode(kernel, this.#level, options) : undefined;
      case "windowArgMax": return this.#evenSmall || areWorthwhileWindows({ output: kernel.output, window: kernel.attributes.window }) ? windowArgMaxCode(kernel, this.#level, options) : undefined;
      case "windowSum": return this.#evenSmall || areWorthwhileWindows({ output: kernel.output, window: kernel.attributes.window }) ? windowSumCode(kernel, this.#level, options) : undefined;
      case "randomBits": return this.#evenSmall || isWorthwhileRandomBits(kernel) ? randomBitsCode(kernel, this.#level, options) : undefined;
      case "scatterAdd": return this.#evenSmall || isWorthwhileScatter(kernel) ? scatterCode(kernel, this.#level, options) : undefined;
      default: return undefined;
    }
  }
}

/** A program without machine code. */
const nothing: MachineProgram = {
  imports: undefined,
  scratchBytes: () => undefined,
  scratchFrom: () => undefined,
  place: () => [],
  declare: () => new Map(),
  load: () => undefined,
  relocate: () => undefined,
  dispose: () => undefined,
};

/** A target without machine code: WebAssembly runs everything. */
export class WebAssemblyOnly implements KernelTarget {
  readonly name = "WebAssembly";
  readonly build = "";
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }

  program(): MachineProgram {
    return nothing;
  }
}
