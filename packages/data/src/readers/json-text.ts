import { quote } from "@nn/tensor/extend";
import { FormatError } from "../format-error.js";

/**
 * What a JSON text stands for.
 * @throws FormatError if it is none.
 */
export function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new FormatError(source, `expected JSON, found ${quote(text)} (${quote(cause instanceof Error ? cause.message : String(cause), 200).slice(1, -1)})`, {}, { cause });
  }
}
