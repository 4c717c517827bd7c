import { compile } from "@nn/compiler";
import type { Kernel, KernelTarget } from "@nn/compiler/target";
import type { Tensor } from "@nn/tensor";

/** The kernels of a function as it is compiled for these inputs. */
export function kernelsOf(compute: (...inputs: readonly Tensor[]) => Tensor | Tensor[], inputs: readonly Tensor[]): readonly Kernel[] {
  const kernels = new Set<Kernel>();
  const collector: KernelTarget = {
    name: "collector",
    reason: undefined,
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
  return [...kernels];
}
