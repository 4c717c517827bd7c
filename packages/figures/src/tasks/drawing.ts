/** Width and height of a drawing, in pixels: those of the images of `digits`. */
export const imageSide = 28;

/** A point of a drawing, from 0 to 1 in both directions, from the top left. */
export type PenPoint = readonly [x: number, y: number];

/** A line that was drawn without lifting the pen. */
export type Stroke = readonly PenPoint[];

/** Radius of the pen in a drawing, in pixels. It lies in the middle of those that write the images of `digits`. */
const penRadius = 1.7;

const characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** The place of a point among the 64 that a character can name. */
const cellOf = (value: number): number => Math.min(characters.length - 1, Math.max(0, Math.floor(value * characters.length)));

/** A point as it is kept: the middle of its cell. */
export const penPoint = (x: number, y: number): PenPoint => [(cellOf(x) + 0.5) / characters.length, (cellOf(y) + 0.5) / characters.length];

/** Strokes as a text for an address: two characters a point, a full stop between strokes. */
export const textOf = (strokes: readonly Stroke[]): string => strokes.map((stroke) => stroke.map((point) => point.map((value) => characters[cellOf(value)]).join("")).join("")).join(".");

/** The strokes of a text; none if it is no drawing. */
export function strokesOf(text: string): readonly Stroke[] {
  if (!/^(?:[\w-]{2})+(?:\.(?:[\w-]{2})+)*$/.test(text)) return [];
  return text.split(".").map((stroke) => (stroke.match(/../g) ?? []).map((point): PenPoint => [(characters.indexOf(point.charAt(0)) + 0.5) / characters.length, (characters.indexOf(point.charAt(1)) + 0.5) / characters.length]));
}

/** The distance of a point to a straight piece of a line. */
function distance([x, y]: PenPoint, [fromX, fromY]: PenPoint, [toX, toY]: PenPoint): number {
  const [alongX, alongY] = [toX - fromX, toY - fromY];
  const square = alongX ** 2 + alongY ** 2;
  const share = square === 0 ? 0 : Math.min(1, Math.max(0, ((x - fromX) * alongX + (y - fromY) * alongY) / square));
  return Math.hypot(x - fromX - share * alongX, y - fromY - share * alongY);
}

/** The pixels of a drawing, `side` in a row and in a column, row by row: 0 is paper, 1 is ink, and the edge of a stroke is one pixel wide. */
export function pixelsOf(strokes: readonly Stroke[], side: number = imageSide): readonly number[] {
  const radius = (penRadius * side) / imageSide;
  const pieces = strokes.flatMap((stroke) => stroke.map((point, at) => [point, stroke[at + 1] ?? point] as const));
  return Array.from({ length: side ** 2 }, (_, at) => {
    const centre: PenPoint = [((at % side) + 0.5) / side, (Math.floor(at / side) + 0.5) / side];
    const nearest = pieces.reduce((least, [from, to]) => Math.min(least, distance(centre, from, to)), Infinity);
    return Math.min(1, Math.max(0, 0.5 + radius - nearest * side));
  });
}
