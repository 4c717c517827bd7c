import { builtin } from "@nn/files/builtin";
import { quote } from "@nn/tensor/extend";

/** The content of a line of a journal. */
export type JournalLine =
  | { readonly state: "whole"; readonly value: Readonly<Record<string, unknown>> }
  /** It is incomplete, as if its write was interrupted. */
  | { readonly state: "cut"; readonly problem: string }
  /** It differs from what was written. */
  | { readonly state: "damaged"; readonly problem: string };

const checksum = /,"crc32":"([0-9a-f]{8})"\}$/;

/** A line of a journal, without its line break: an object in JSON, whose last field is the CRC-32 of the line without that field. */
export function encodeLine(operation: string, value: object): string {
  const json = JSON.stringify(value);
  return `${json.slice(0, -1)},"crc32":"${checksumOf(operation, json)}"}`;
}

/**
 * Reads a line, without its line break. If the write of another process was interrupted just before, the line begins with the remains of that write. The checksum
 * shows where the actual line begins.
 */
export function decodeLine(operation: string, text: string): JournalLine {
  const [ending, expected] = checksum.exec(text) ?? [];
  if (ending === undefined || expected === undefined) {
    return { state: "cut", problem: parsed(text) === undefined ? `${quote(text)} is not JSON` : `${quote(text)} has no checksum: another program has written or changed it` };
  }
  const json = `${text.slice(0, -ending.length)}}`;
  for (let start = 0; start >= 0; start = json.indexOf('{"', start + 1)) {
    const candidate = json.slice(start);
    if (checksumOf(operation, candidate) !== expected) continue;
    const value = parsed(candidate);
    if (typeof value === "object" && value !== null) return { state: "whole", value: { ...value } };
  }
  return { state: "damaged", problem: `the line is damaged: its checksum is ${expected}, but its text has ${checksumOf(operation, json)}` };
}

function checksumOf(operation: string, json: string): string {
  return builtin(operation, "node:zlib").crc32(json).toString(16).padStart(8, "0");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
