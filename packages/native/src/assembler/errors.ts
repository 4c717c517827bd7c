/** Machine code was written wrongly. */
export class MachineCodeError extends Error {
  override readonly name: string = "MachineCodeError";
}
