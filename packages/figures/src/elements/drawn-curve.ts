/** A function that a reader draws: its values at evenly spaced points, from left to right. */
export type Curve = readonly number[];

/** A place in a drawing: the nearest point of the function, and the height there. */
export interface Place {
  readonly index: number;
  readonly value: number;
}

/** The curve after a stroke from one place to another: all points between them lie on the straight line. */
export function stroke(curve: Curve, from: Place, to: Place): Curve {
  const [left, right] = from.index <= to.index ? [from, to] : [to, from];
  return curve.map((value, at) => {
    if (at === to.index) return to.value;
    return at < left.index || at > right.index ? value : left.value + ((right.value - left.value) * (at - left.index)) / (right.index - left.index);
  });
}

/** The curve after one point was lifted, with its neighbours. */
export function lift(curve: Curve, index: number, by: number, [low, high]: readonly [number, number]): Curve {
  return curve.map((value, at) => Math.min(high, Math.max(low, value + by * Math.exp(-(((at - index) / 2.5) ** 2)))));
}

const levels = 36 ** 2 - 1;

/** The curve as text for an address: two digits of base 36 for each point. */
export function textOf(curve: Curve, [low, high]: readonly [number, number]): string {
  return curve.map((value) => Math.round(((value - low) / (high - low)) * levels).toString(36).padStart(2, "0")).join("");
}

/** The curve that a text is of; `undefined` if it is of none with so many points. */
export function curveFrom(text: string | undefined, points: number, [low, high]: readonly [number, number]): Curve | undefined {
  if (text === undefined || text.length !== 2 * points || !/^[0-9a-z]*$/.test(text)) return undefined;
  return Array.from({ length: points }, (_, at) => low + (Number.parseInt(text.slice(2 * at, 2 * at + 2), 36) / levels) * (high - low));
}
