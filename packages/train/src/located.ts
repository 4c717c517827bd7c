import { locate, quote } from "@nn/tensor/extend";
import type { Plugin } from "./fit/plugin.js";

/** Calls a function of the user. What it throws says where it arose, unless it says so already: `in augment: x is not defined`. The error stays the same object. */
export function located<T>(where: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw locate(error, where);
  }
}

/** The same for what a promise rejects with. */
export async function locatedAsync<T>(where: string, call: () => PromiseLike<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw locate(error, where);
  }
}

/** An error of a plugin with its name and the moment, unless it begins with the name, as those of the plugins here do. */
export function ofPlugin({ name }: Plugin<never>, moment: string, error: unknown): unknown {
  return error instanceof Error && error.message.startsWith(`${name}: `) ? error : locate(error, `the plugin ${quote(name)} at ${moment}`);
}
