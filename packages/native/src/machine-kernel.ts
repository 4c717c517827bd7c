/**
 * A kernel as machine code: a function of the number of the thread, the number of threads, and the address of a table. The table holds the address
 * at which faults are reported (`KernelPlaces`), then those of the kernel's buffers, in the order of `kernelKey`, and then that of its scratch memory. So kernels
 * with equal keys share their code.
 */
export interface MachineKernel {
  /** The code, which runs wherever it lies, and its constants. */
  readonly code: Uint8Array;
  readonly scratchBytes: number;
}
