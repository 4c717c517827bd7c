/**
 * The kernels of a compiled program, for writers of targets: packages that run them as something else than WebAssembly.
 *
 * @packageDocumentation
 */

export { at } from "../ir/at.js";
export type { Affine } from "../ir/affine.js";
export { childrenOf, loopOf, readsOf, storageOf, valuesOf, writesOf } from "../ir/program.js";
export type { Buffer, BufferRole, CheckedIndex, ElementwisePrimitive, Fault, IndexCheck, Kernel, LibraryKernel, LibraryPrimitive, LoopKernel, Program, ReductionKind, Store, Value } from "../ir/program.js";
export { kernelKey, type KernelKey } from "../emit/kernel-key.js";
export { parallelAxis } from "../emit/loop.js";
export { elementCost } from "../ir/cost.js";
export { Phases, reloads, type Stage } from "../ir/phases.js";
export { dtypeOfOperands } from "../ir/vectorizable.js";
export type { KernelMemory } from "../emit/barriers.js";
export type { KernelOptions, KernelPlaces, KernelTarget, MachineFunction, MachineProgram, PlacedKernel } from "../emit/kernel-target.js";
