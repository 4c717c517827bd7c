import { atomically } from "@nn/tensor";

/** Ends the call whose effects are undone. */
class Undo extends Error {}

/** Runs the synchronous `body`, then restores everything that it has changed: variables, generators, optimizers and other host state. */
export function undone<T>(body: () => T): T {
  const undo = new Undo();
  const results: T[] = [];
  try {
    atomically(() => {
      results.push(body());
      throw undo;
    });
  } catch (error) {
    if (error !== undo) throw error;
  }
  return results[0] as T;
}
