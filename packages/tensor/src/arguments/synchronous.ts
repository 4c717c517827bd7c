import { UsageError } from "../errors.js";

/**
 * What a callback returned, unless it is asynchronous: of such a function only the part before the first `await` would count.
 * @throws UsageError that names the operation.
 */
export function requireSynchronous<T>(operation: string, what: string, result: T, fix = "await what it needs before the call"): T {
  if (typeof result !== "object" || result === null || !("then" in result) || typeof result.then !== "function") return result;
  // If the promise is rejected later, nobody else handles it.
  Promise.resolve(result).catch(() => undefined);
  throw new UsageError(`${operation}: ${what} is asynchronous, expected a synchronous one; ${fix}`);
}
