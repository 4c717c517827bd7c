/**
 * The pieces of a text across which no pair is merged (Radford et al. 2019): a word, a number or marks, each with the space before it; the endings of
 * English contractions; and spaces. Together they are the text.
 */
const piecePattern = /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu;

/** The pieces of a text, in order. */
export function* piecesOf(text: string): Generator<string, void, undefined> {
  for (const [piece] of text.matchAll(piecePattern)) yield piece;
}
