import { locate, quote } from "@nn/tensor/extend";
import type { Plugin } from "./fit/plugin.js";

/**
 * Calls a function of the user. The message of an error that it throws gets the place in front, unless it has one: `in augment: x is not defined`. The error stays
 * the same object.
 */
export function located<T>(where: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw locate(error, where);
  }
}

/** The same for the error with which a promise is rejected. */
export async function locatedAsync<T>(where: string, call: () => PromiseLike<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw locate(error, where);
  }
}

/** An error of a plugin with the plugin's name and the moment in front, unless it begins with the name, as the errors of the plugins here do. */
export function ofPlugin({ name }: Plugin<never>, moment: string, error: unknown): unknown {
  return error instanceof Error && error.message.startsWith(`${name}: `) ? error : locate(error, `the plugin ${quote(name)} at ${moment}`);
}
