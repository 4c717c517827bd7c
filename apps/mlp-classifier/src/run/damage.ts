import type { Tensor } from "@nn/tensor";
import type { z } from "zod";
import { Failure } from "../failure.js";

/** The failure for a file with content that this program does not write. */
export function damaged(path: string, what: string, cause?: unknown): Failure {
  return new Failure(`${path} is damaged: ${what}`, { cause });
}

/** Parses a value of the metadata with the schema. @throws Failure with the first invalid field. */
export function parsed<T>(path: string, key: string, text: string | undefined, schema: z.ZodType<T>): T {
  const result = schema.safeParse(jsonOf(text));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = [key, ...(issue?.path ?? [])].map(String).join(".");
  throw damaged(path, `its metadata have no proper ${JSON.stringify(where)}`, result.error);
}

function jsonOf(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** @throws Failure with the name of a tensor that has a value that is not finite. */
export function requireFinite(path: string, name: string, tensor: Tensor): void {
  const at = tensor.toTypedArray().findIndex((value) => !Number.isFinite(value));
  if (at >= 0) throw damaged(path, `value ${at} of tensor ${JSON.stringify(name)} is ${String(tensor.toTypedArray()[at])}, expected a finite number`);
}
