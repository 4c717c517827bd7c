/** The values that a setting can have: how they are written on the command line, in a file, and in messages. */
export interface Kind<T> {
  /** Stands for the value in `--help`; none for a switch. */
  readonly placeholder?: string;
  /** What a message says is expected. */
  readonly expected: string;
  /** The value that a text on the command line stands for. */
  readonly fromText: (text: string) => T | undefined;
  /** The value that a JSON value stands for. */
  readonly fromJson: (value: unknown) => T | undefined;
  /** Which numbers the value is among, if it is one. */
  readonly numbers?: "real" | "whole";
  /** The words that are possible, where there are a few. */
  readonly words?: readonly string[];
}

/** Limits of a number. */
export interface Limits {
  readonly least?: number;
  readonly most?: number;
  /** The value must be below this. */
  readonly below?: number;
  /** The value must be above this. */
  readonly above?: number;
}

function describeLimits({ least, most, below, above }: Limits): string {
  if (least !== undefined && most !== undefined) return ` from ${least} to ${most}`;
  const parts: string[] = [];
  if (least !== undefined) parts.push(`of at least ${least}`);
  if (above !== undefined) parts.push(`above ${above}`);
  if (most !== undefined) parts.push(`of at most ${most}`);
  if (below !== undefined) parts.push(`below ${below}`);
  return parts.length === 0 ? "" : ` ${parts.join(" and ")}`;
}

function within(value: number, { least = -Infinity, most = Infinity, below = Infinity, above = -Infinity }: Limits): boolean {
  return value >= least && value <= most && (value < below || below === Infinity) && (value > above || above === -Infinity);
}

/** A text written as a decimal number, as one; `Number` alone would also take "", " 1" and "0x10". */
function parseNumber(text: string): number | undefined {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;
}

/** A finite number. */
export function number(limits: Limits = {}): Kind<number> {
  const accept = (value: unknown): number | undefined =>
    typeof value === "number" && Number.isFinite(value) && within(value, limits) ? value : undefined;
  return { placeholder: "<number>", numbers: "real", expected: `a number${describeLimits(limits)}`, fromText: (text) => accept(parseNumber(text)), fromJson: accept };
}

/** A whole number. */
export function count(limits: Limits): Kind<number> {
  const accept = (value: unknown): number | undefined =>
    typeof value === "number" && Number.isSafeInteger(value) && within(value, limits) ? value : undefined;
  return { placeholder: "<count>", numbers: "whole", expected: `a whole number${describeLimits(limits)}`, fromText: (text) => accept(parseNumber(text)), fromJson: accept };
}

/** One of a few words. */
export function choice<const Words extends readonly string[]>(...words: Words): Kind<Words[number]> & { readonly words: Words } {
  const accept = (value: unknown): Words[number] | undefined => words.find((word) => word === value);
  return { placeholder: "<name>", expected: `one of ${words.join(", ")}`, fromText: accept, fromJson: accept, words };
}

/** Any text but the empty one. */
export function text(placeholder: string): Kind<string> {
  const accept = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);
  return { placeholder, expected: "a text that is not empty", fromText: accept, fromJson: accept };
}

/** One character; the word `tab` stands for a tab. */
export const character: Kind<string> = { placeholder: "<character>", expected: "one character, or tab", fromText: acceptCharacter, fromJson: acceptCharacter };

function acceptCharacter(value: unknown): string | undefined {
  if (value === "tab" || value === "\\t") return "\t";
  return typeof value === "string" && value.length === 1 && !/["\r\n]/.test(value) ? value : undefined;
}

/** Names of columns, comma-separated; a list in a configuration file. */
export const names: Kind<readonly string[]> = {
  placeholder: "<columns>",
  expected: "names of columns, comma-separated",
  fromText: (text) => acceptNames(text.split(",").map((part) => part.trim())),
  fromJson: (value) => (typeof value === "string" ? acceptNames(value.split(",").map((part) => part.trim())) : Array.isArray(value) ? acceptNames(value) : undefined),
};

function acceptNames(values: readonly unknown[]): readonly string[] | undefined {
  const accepted = values.filter((value): value is string => typeof value === "string" && value !== "");
  return accepted.length === values.length && accepted.length > 0 ? accepted : undefined;
}

/** On or off. */
export const onOff: Kind<boolean> = {
  expected: "true or false",
  fromText: (text) => (text === "true" ? true : text === "false" ? false : undefined),
  fromJson: (value) => (typeof value === "boolean" ? value : undefined),
};

/** Widths of layers, comma-separated: `128,64`; `none` for no layers. */
export const widths: Kind<readonly number[]> = {
  placeholder: "<widths>",
  expected: 'widths such as 128 or 128,64 (whole numbers of at least 1), or "none"',
  fromText: (text) => (text === "none" ? [] : acceptWidths(text.split(",").map((part) => parseNumber(part.trim())))),
  fromJson: (value) => (Array.isArray(value) ? acceptWidths(value) : undefined),
};

function acceptWidths(values: readonly unknown[]): readonly number[] | undefined {
  const accepted = values.filter((value): value is number => typeof value === "number" && Number.isSafeInteger(value) && value >= 1);
  return accepted.length === values.length ? accepted : undefined;
}

/** A value of the kind, or nothing at all. */
export function optional<T>({ fromJson, ...kind }: Kind<T>): Kind<T | null> {
  return { ...kind, fromJson: (value) => (value === null ? null : fromJson(value)) };
}

/** The height and the width of images: `28x40`, or `28` for both. */
export const imageSize: Kind<string> = {
  placeholder: "<size>",
  expected: "a height and a width from 1 to 4096, such as 28x40, or 28 for both",
  fromText: acceptSize,
  fromJson: (value) => (typeof value === "string" ? acceptSize(value) : typeof value === "number" ? acceptSize(String(value)) : undefined),
};

function acceptSize(text: string): string | undefined {
  const [height, width = height, ...more] = text.split(/x/i);
  const isSide = (side: string | undefined): side is string => side !== undefined && /^[1-9]\d{0,3}$/.test(side) && Number(side) <= 4096;
  return isSide(height) && isSide(width) && more.length === 0 ? `${height}x${width}` : undefined;
}
