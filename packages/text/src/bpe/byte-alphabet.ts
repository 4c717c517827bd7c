/** Whether a byte, as a character of Latin-1, can be printed and is no space. */
const isPrintable = (byte: number): boolean => (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte !== 0xad);

/**
 * A character that can be printed for each byte (Radford et al. 2019), in which `tokenizer.json` writes tokens of bytes: printable characters of Latin-1
 * stand for themselves, and those from U+0100 on for the other bytes, so that a space is `Ġ`.
 */
export const byteCharacters: readonly string[] = alphabet();

function alphabet(): string[] {
  let others = 0;
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(isPrintable(byte) ? byte : 0x100 + others++));
}

/** Bytes as printable characters. */
export function toCharacters(bytes: Iterable<number>): string {
  return Array.from(bytes, (byte) => byteCharacters[byte]).join("");
}

/** The text of bytes. Bytes that are not UTF-8, such as part of a character, become U+FFFD. */
export function decodeBytes(bytes: readonly number[]): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(Uint8Array.from(bytes));
}
