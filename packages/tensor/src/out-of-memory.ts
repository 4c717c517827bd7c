import { ShapeError } from "./errors.js";

/** The errors for lack of memory, with their messages without the operation. */
const problems = new WeakMap<Error, string>();

/** The error of an operation that needs more memory than there is. `problem` says what needs it. */
export function outOfMemory(operation: string, problem: string, cause?: unknown): ShapeError {
  const error = new ShapeError(`${operation}: ${problem}`, { cause });
  problems.set(error, problem);
  return error;
}

/** Runs the body of an operation that is composed of others. An error for lack of memory then names this operation, which users call, and not one inside it. */
export function inNameOf<T>(operation: string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    const problem = error instanceof Error ? problems.get(error) : undefined;
    throw problem === undefined ? error : outOfMemory(operation, problem, error);
  }
}
