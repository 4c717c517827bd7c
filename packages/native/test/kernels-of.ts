import { compile } from "@nn/compiler";
import type { Kernel, KernelTarget } from "@nn/compiler/target";
import type { Tensor } from "@nn/tensor";

/** The kernels of a function as it is compiled for these inputs, as `target` fuses them if there is one. */
export function kernelsOf(compute: (...inputs: readonly Tensor[]) => Tensor | Tensor[], inputs: readonly Tensor[], target?: KernelTarget): readonly Kernel[] {
  const kernels = new Set<Kernel>();
  let fused: readonly Kernel[] | undefined;
  const collector: KernelTarget = {
    name: "collector",
    reason: undefined,
    fuse(program, options) {
      // WebAssembly, which runs the function here, has no epilogues of convolutions.
      fused = target?.fuse?.(program, options).kernels;
      return program;
    },
    program: () => ({
      imports: undefined,
      scratchBytes(kernel) {
        kernels.add(kernel);
        return undefined;
      },
      scratchFrom: () => undefined,
      place: () => [],
      load: () => undefined,
      declare: () => new Map(),
      relocate: () => undefined,
      dispose: () => undefined,
    }),
  };
  const f = compile(compute, { target: collector });
  f(...inputs);
  f.dispose();
  return fused ?? [...kernels];
}
