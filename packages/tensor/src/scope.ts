import { messageOf } from "./arguments/describe.js";

/** Where in a program operations run: in the `forward` of a module, or in the gradient of an operation. */
export interface Scope {
  /** The path of the running module, such as `blocks.2.attention`; `""` for the outermost module and outside of modules. */
  readonly path: string;
  /** The operation whose gradient is computed. */
  readonly gradientOf?: string;
  /** What an interpreter below noted about that operation (see `Interpreter.origin`). */
  readonly origin?: unknown;
}

let current: Scope | undefined;

/** The errors whose messages have a location, and what stands in front of each message: `in blocks.2.attention: `. */
const located = new WeakMap<Error, string>();

/** The scope of the operations that run now; `undefined` outside of every module and gradient. */
export function currentScope(): Scope | undefined {
  return current;
}

/** Runs `body` in a scope. An error that arises in it says where: `in blocks.2.attention: matmul: …`. */
export function inScope<T>(scope: Scope | undefined, body: () => T): T {
  const outer = current;
  current = scope;
  try {
    return body();
  } catch (error) {
    throw locate(error, locationOf(scope));
  } finally {
    current = outer;
  }
}

/** A scope in words, such as `blocks.2.attention` or `blocks.2.attention, gradient of matmul`; `""` outside of inner modules. */
export function locationOf(scope: Scope | undefined): string {
  if (scope === undefined || scope.path === "") return "";
  return scope.gradientOf === undefined ? scope.path : `${scope.path}, gradient of ${scope.gradientOf}`;
}

/** Puts a location in front of the message of an error, unless it has one. The error stays the same object. */
export function locate(error: unknown, location: string): unknown {
  if (location === "" || !(error instanceof Error) || located.has(error)) return error;
  const { message, stack } = error;
  const prefix = `in ${location}: `;
  located.set(error, prefix);
  const full = `${prefix}${message}`;
  // A frozen error, or one whose message is computed, stays as it is. In Firefox and Safari the stack is without the message, and setting it would make it a field.
  if (Reflect.set(error, "message", full) && typeof stack === "string" && stack.includes(message)) Reflect.set(error, "stack", stack.replace(message, () => full));
  return error;
}

/** What {@link messageOf} gives, without the location that {@link locate} put in front: for readers who know nothing of modules and plugins. */
export function unlocatedMessage(thrown: unknown): string {
  const message = messageOf(thrown);
  const prefix = thrown instanceof Error ? located.get(thrown) : undefined;
  return prefix !== undefined && message.startsWith(prefix) ? message.slice(prefix.length) : message;
}
