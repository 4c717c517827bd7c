import { parseSafetensors, readSafetensors, SafetensorsError } from "@nn/io";
import { compareNumbers, type Comparison } from "./compare.js";
import { requireFields, type SafetensorsCase } from "./format.js";

const passed: Comparison = { worst: 0 };
const exact = { rtol: 0, atol: 0 };

function compareText(what: string, got: string, want: string): Comparison {
  return got === want ? passed : { worst: Infinity, failure: `${what}: is ${got}, expected ${want}` };
}

function bytesOf({ base64 }: SafetensorsCase): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.codePointAt(0) as number);
}

function refusal(bytes: Uint8Array): Comparison {
  try {
    readSafetensors(bytes);
  } catch (error) {
    if (error instanceof SafetensorsError) return passed;
    throw error;
  }
  return { worst: Infinity, failure: "a file that is not valid was read" };
}

/** Reads a file and compares its tensors by type, bytes and value; what is not valid is to be refused. */
export function runSafetensors(one: SafetensorsCase): readonly Comparison[] {
  requireFields(one, ["file", "byteLength", "sha256", "base64", "valid", "tensors", "metadata", "reason"]);
  const bytes = bytesOf(one);
  if (!one.valid) return [refusal(bytes)];
  const recorded = Object.entries(one.tensors ?? {});
  const { tensors, metadata } = parseSafetensors(bytes);
  const hex = (data: Uint8Array): string => Array.from(data, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const lines = (all: readonly string[]): string => all.toSorted().join("\n");
  const comparisons = [
    compareText("tensors", lines(tensors.map(({ name, dtype, shape, bytes: data }) => `${name}: ${dtype} [${shape.join()}] ${hex(data)}`)),
      lines(recorded.map(([name, { dtype, shape, hex: data }]) => `${name}: ${dtype} [${shape.join()}] ${data}`))),
    compareText("metadata", lines(Object.entries(metadata).map(String)), lines(Object.entries(one.metadata ?? {}).map(String))),
  ];
  // Tensors have no 64-bit integers: those that do not fit are refused, and read as bytes.
  if (recorded.some(([, { dtype }]) => /^[IU]64$/.test(dtype))) return comparisons;
  const read = readSafetensors(bytes).tensors;
  return [...comparisons, ...recorded.map(([name, { data }]) => compareNumbers(name, [...(read[name]?.toTypedArray() ?? [])], data.map(Number), exact))];
}
