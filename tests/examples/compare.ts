/** The tolerance of numbers: absolute up to 1, relative above. */
const tolerance = 1e-6;

/** Whether a text was printed as a document says. Spaces at the ends of lines do not count. */
export const isPrintedAs = (actual: string, expected: string): boolean => normalize(actual) === normalize(expected);

const normalize = (text: string): string => text.split("\n").map((line) => line.trimEnd()).join("\n").trim();

/** The first difference between two values in words, or `undefined` if there is none. */
export function compare(actual: unknown, expected: unknown, path: string): string | undefined {
  const value = plain(actual);
  const differs = (): string => `${path} is ${show(value)}, expected ${show(expected)}`;
  if (typeof value === "number" && typeof expected === "number") {
    return isClose(value, expected) ? undefined : differs();
  }
  if (Array.isArray(value) && Array.isArray(expected)) {
    if (value.length !== expected.length) return `${differs()} (lengths ${value.length} and ${expected.length})`;
    return first(expected.map((item, index) => compare(value[index], item, `${path}[${index}]`)));
  }
  if (isRecord(value) && isRecord(expected)) {
    const keys = Object.keys(expected);
    if (keys.toSorted().join("\n") !== Object.keys(value).toSorted().join("\n")) return differs();
    return first(keys.map((key) => compare(value[key], expected[key], `${path}.${key}`)));
  }
  return Object.is(value, expected) ? undefined : differs();
}

function isClose(value: number, expected: number): boolean {
  if (!Number.isFinite(expected)) return Object.is(value, expected);
  return Math.abs(value - expected) <= tolerance * Math.max(1, Math.abs(expected));
}

const first = (differences: readonly (string | undefined)[]): string | undefined => differences.find((difference) => difference !== undefined);

/** Converts tensors and typed arrays to nested arrays. */
function plain(value: unknown): unknown {
  if (ArrayBuffer.isView(value) && Symbol.iterator in value) return Array.from(value as Iterable<unknown> & ArrayBufferView);
  if (isRecord(value) && typeof value["toArray"] === "function") return plain(value["toArray"]());
  return value;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const show = (value: unknown): string => (typeof value === "bigint" || typeof value === "number" ? String(value) : (JSON.stringify(value) ?? String(value)));
