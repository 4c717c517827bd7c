/** Machine code was written wrongly. */
export class MachineCodeError extends Error {
  override readonly name: string = "MachineCodeError";
}

/** A kernel has more variables than the stack of a thread is sure to have room for. */
export class FrameError extends MachineCodeError {
  override readonly name = "FrameError";
}
