import { GraphError } from "../errors.js";
import { emitProgram, type Placement } from "../emit/emit-program.js";
import type { ProgramCode } from "../emit/program-code.js";
import { planMemory } from "../memory/plan.js";
import { storageOf, type Buffer, type Kernel, type LibraryKernel, type LibraryPrimitive, type Program } from "../ir/program.js";
import type { BuildOptions } from "./build-options.js";
import type { Engine } from "./engine.js";
import type { HostCallbackSite, InputSite, ProgramImage, Site } from "./image.js";

/** The image of a program that was lowered: its memory is planned, and its code is written for each place. */
export function assembled(lowered: Program, { wasm, memory }: Engine, options: BuildOptions): ProgramImage {
  const { relaxedSimd, wide = false, features, target, fused } = options;
  const imported = features.scalar.importedFunctions(lowered.kernels);
  const wantedThreads = imported === undefined ? features.threads.countFor(lowered.kernels, options.threads) : 1;
  const threads = wasm.threads ? wantedThreads : 1;
  const program = target?.fuse?.(lowered, { threads, fused }) ?? lowered;
  const machine = target?.program({ threads, fused }, program.kernels);
  const bytesOf = (kernel: Kernel): number => machine?.scratchBytes(kernel) ?? (kernel.kind === "library" ? scratchBytes(features, kernel, threads, wide) : 0);
  const plan = planMemory(program, bytesOf, (kernel) => machine?.scratchFrom(kernel));
  features.diagnostics.checkPlan(program, plan);
  const { kernels, scratch, lastFallible, arenaBytes } = plan;
  return {
    options, program, plan, arenaBytes, wantedThreads, threads, imported, machine,
    writes: program.writes,
    place({ arena, fault, barriers, variable, constant }) {
      const addressOf = (buffer: Buffer): number => {
        const storage = storageOf(buffer);
        const home = plan.inPlace.get(storage) ?? storage;
        if (home.role.kind === "state") return variable(home.role.variable);
        if (home.role.kind === "constant") return constant(home.role.data, home);
        const offset = plan.offsets.get(home);
        if (offset === undefined) throw new GraphError(`buffer ${home.id} has no offset in the memory plan`);
        return arena + offset;
      };
      const placement: Placement = { memory, addressOf, scratchOf: (kernel) => scratch.get(kernel), faultAddress: fault, lastFallible };
      const placed = machine?.place(kernels, placement) ?? [];
      const site = (buffer: Buffer): Site => ({ type: buffer, address: addressOf(buffer) });
      return {
        code: emitProgram(kernels, placement, { relaxedSimd, wide, code: features, barriers: barriers?.(kernels, placement), imported, machine: machine && ((module) => machine.declare(module, placed)) }),
        machine: placed,
        inputs: program.buffers.flatMap((buffer): readonly InputSite[] => (buffer.role.kind === "input" ? [{ ...site(buffer), index: buffer.role.index }] : [])).toSorted((a, b) => a.index - b.index),
        hostCallbacks: program.hostCallbacks.flatMap((buffer): readonly HostCallbackSite[] => (buffer.role.kind === "hostCallback" ? [{ ...site(buffer), callback: buffer.role.callback }] : [])),
        outputs: program.outputs.map(site),
      };
    },
  };
}

function scratchBytes<P extends LibraryPrimitive>(code: ProgramCode, kernel: LibraryKernel<P>, threads: number, wide: boolean): number {
  return code.libraryCode(kernel.primitive).scratchBytes?.(kernel, threads, wide) ?? 0;
}
