import { Module } from "@nn/layers";
import { ArgumentError } from "@nn/tensor";
import { describeValue, requireKind, type ArgumentKind } from "@nn/tensor/extend";

/** @throws ArgumentError unless a value is a list whose elements are of a kind. Files of models can contain anything. */
export function requireList(operation: string, what: string, value: unknown, kind: ArgumentKind): void {
  requireKind(operation, what, value, "list");
  for (const [at, each] of (value as readonly unknown[]).entries()) requireKind(operation, `${what}[${at}]`, each, kind);
}

/** @throws ArgumentError unless a value is a module. */
export function requireModule(operation: string, what: string, value: unknown): void {
  if (!(value instanceof Module)) throw new ArgumentError(`${operation}: ${what} is ${describeValue(value)}, expected a module`);
}
