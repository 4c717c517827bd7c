import { messageOf } from "@nn/tensor/extend";

/** An error as plain data. */
export interface PackedError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  /** The code of an error of the system, such as `ENOENT`. */
  readonly code: string | undefined;
  readonly cause: PackedError | undefined;
}

/** A chain of causes is followed this far, since it may be a circle. */
const maxCauses = 8;

/** Converts an error, or anything else that was thrown, to plain data. */
export function packError(error: unknown, depth = 0): PackedError {
  if (!(error instanceof Error)) return { name: "Error", message: messageOf(error), stack: undefined, code: undefined, cause: undefined };
  const { name, message, stack, cause } = error;
  const code: unknown = "code" in error ? error.code : undefined;
  return { name, message, stack, code: typeof code === "string" ? code : undefined, cause: cause === undefined || depth === maxCauses ? undefined : packError(cause, depth + 1) };
}

/** The error with the name, the message and the stack that it had in the other thread. */
export function unpackError({ name, message, stack, code, cause }: PackedError): Error {
  const error = new Error(message, cause === undefined ? {} : { cause: unpackError(cause) });
  const hidden = { configurable: true, writable: true };
  Object.defineProperties(error, { name: { ...hidden, value: name }, stack: { ...hidden, value: stack } });
  return code === undefined ? error : Object.assign(error, { code });
}
