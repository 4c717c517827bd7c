import { kernelKey, type Kernel, type KernelPlaces, type MachineFunction, type MachineProgram } from "@nn/compiler/target";
import type { LinearMemory, ModuleBuilder, ProgramImports } from "@nn/wasm";
import type { Host } from "./host/host.js";
import { imported, LoadedKernels } from "./loaded-kernels.js";
import type { MachineKernel } from "./machine-kernel.js";

const params = { thread: "i32", threads: "i32" } as const;

/** The machine code of a program. Kernels that differ only in where their buffers lie share their code. */
export class NativeProgram implements MachineProgram {
  readonly #host: Host;
  readonly #assemble: (kernel: Kernel, isPacked: boolean) => MachineKernel | undefined;
  readonly #packedBy: ReadonlyMap<Kernel, Kernel>;
  readonly #known = new Map<string, MachineKernel | undefined>();
  #kernels: readonly Kernel[] = [];
  #loaded: LoadedKernels | undefined;

  /**
   * `assemble` gives the code of a kernel, if there is some; of a product whose right matrix is packed, if it is. `packedBy` tells which of the kernels
   * with code these are, and which other kernel packs the matrix.
   */
  constructor(host: Host, kernels: readonly Kernel[], assemble: (kernel: Kernel, isPacked: boolean) => MachineKernel | undefined, packedBy: (kernels: readonly Kernel[]) => ReadonlyMap<Kernel, Kernel>) {
    this.#host = host;
    this.#assemble = assemble;
    this.#packedBy = new Map();
    this.#packedBy = packedBy(kernels.filter((kernel) => this.#codeOf(kernel) !== undefined));
  }

  get kernels(): readonly Kernel[] {
    return this.#kernels;
  }

  get imports(): ProgramImports | undefined {
    return this.#loaded?.imports;
  }

  scratchBytes(kernel: Kernel): number | undefined {
    return this.#codeOf(kernel)?.scratchBytes;
  }

  scratchFrom(kernel: Kernel): Kernel | undefined {
    return this.#packedBy.get(kernel);
  }

  load(kernels: readonly Kernel[], { addressOf, scratchOf, faultAddress }: KernelPlaces, memory: LinearMemory): void {
    const placed = kernels.flatMap((source) => {
      const kernel = this.#codeOf(source);
      const scratch = scratchOf(source);
      return kernel === undefined ? [] : [{ source, kernel, addresses: [faultAddress, ...kernelKey(source).buffers.map(addressOf), scratch === undefined ? 0 : addressOf(scratch)] }];
    });
    this.#kernels = placed.map(({ source }) => source);
    if (placed.length > 0) this.#loaded = new LoadedKernels(this.#host, placed, memory);
  }

  declare(module: ModuleBuilder): ReadonlyMap<Kernel, MachineFunction> {
    return new Map(this.#kernels.map((kernel, at) => [kernel, module.importFunction({ import: [imported.module, imported.kernel(at)], params, result: "void" })]));
  }

  relocate(): void {
    this.#loaded?.relocate();
  }

  dispose(): void {
    this.#loaded?.dispose();
  }

  #codeOf(kernel: Kernel): MachineKernel | undefined {
    const isPacked = this.#packedBy.has(kernel);
    const key = `${kernelKey(kernel).key}${isPacked ? ";packed" : ""}`;
    if (!this.#known.has(key)) this.#known.set(key, this.#assemble(kernel, isPacked));
    return this.#known.get(key);
  }
}
