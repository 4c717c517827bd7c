import { ArgumentError } from "@nn/tensor";
import { describeValue } from "@nn/tensor/extend";
import { Vocabulary } from "../vocabulary.js";

/** Throws unless the value is a vocabulary. */
export function requireVocabulary(operation: string, vocabulary: Vocabulary): void {
  if (!(vocabulary instanceof Vocabulary)) throw new ArgumentError(`${operation}: vocabulary is ${describeValue(vocabulary)}, expected a Vocabulary`);
}
