import { ArgumentError } from "@nn/tensor";
import { describeValue } from "@nn/tensor/extend";

/** A text, which is split into words at white space, or a list of tokens. */
export type Text = string | readonly string[];

/** The tokens of a text. */
export function tokensOf(operation: string, what: string, text: unknown): readonly string[] {
  if (typeof text === "string") return text.split(/\s+/u).filter((word) => word !== "");
  if (Array.isArray(text) && text.every((token): token is string => typeof token === "string")) return text;
  const found = Array.isArray(text) ? `an array with ${describeValue(text.find((token) => typeof token !== "string"))}` : describeValue(text);
  throw new ArgumentError(`${operation}: ${what} is ${found}, expected a text or an array of tokens`);
}

/** Refuses anything but two lists of the same length. */
export function requireTexts(operation: string, predictions: readonly unknown[], targets: readonly unknown[]): void {
  for (const [what, given] of [["prediction", predictions], ["target", targets]] as const) {
    if (!Array.isArray(given)) throw new ArgumentError(`${operation}: ${what} is ${describeValue(given)}, expected an array of texts`);
  }
  if (predictions.length !== targets.length) throw new ArgumentError(`${operation}: there are ${predictions.length} predictions and ${targets.length} targets, expected the same number`);
}
