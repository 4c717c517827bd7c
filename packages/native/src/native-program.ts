import { kernelKey, type Kernel, type KernelPlaces, type MachineFunction, type MachineProgram, type PlacedKernel } from "@nn/compiler/target";
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

  get imports(): ProgramImports | undefined {
    return this.#loaded?.imports;
  }

  scratchBytes(kernel: Kernel): number | undefined {
    return this.#codeOf(kernel)?.scratchBytes;
  }

  scratchFrom(kernel: Kernel): Kernel | undefined {
    return this.#packedBy.get(kernel);
  }

  place(kernels: readonly Kernel[], { addressOf, scratchOf, faultAddress }: KernelPlaces): readonly PlacedKernel[] {
    return kernels.flatMap((kernel, position) => {
      const code = this.#codeOf(kernel)?.code;
      const scratch = scratchOf(kernel);
      return code === undefined ? [] : [{ position, code, addresses: [faultAddress, ...kernelKey(kernel).buffers.map(addressOf), scratch === undefined ? 0 : addressOf(scratch)] }];
    });
  }

  declare(module: ModuleBuilder, kernels: readonly PlacedKernel[]): ReadonlyMap<number, MachineFunction> {
    return new Map(kernels.map(({ position }, at) => [position, module.importFunction({ import: [imported.module, imported.kernel(at)], params, result: "void" })]));
  }

  load(kernels: readonly PlacedKernel[], memory: LinearMemory): void {
    if (kernels.length > 0) this.#loaded = new LoadedKernels(this.#host, kernels, memory);
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
