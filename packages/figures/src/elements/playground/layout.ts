/** A place in the drawing of a network, in pixels. */
export interface Place {
  readonly left: number;
  readonly top: number;
}

/** Where everything of a network is drawn. */
export interface NetworkLayout {
  readonly width: number;
  readonly height: number;
  /** The upper left corner of each unit: the features, the hidden layers, the outputs. */
  readonly columns: readonly (readonly Place[])[];
}

/** The side of a unit's map. */
export const unitSide = 42;
/** The room above the units for the buttons of their layer. */
export const head = 62;
/** The room left of the features for their names. */
const labels = 58;
/** The room right of the outputs. */
export const margin = 6;
const [closest, between] = [84, 58];

/** Spreads the columns over a width, which grows if they would come too close. */
export function layoutOf(counts: readonly number[], available: number): NetworkLayout {
  const width = Math.max(available, labels + margin + unitSide + closest * (counts.length - 1));
  const step = (width - labels - margin - unitSide) / Math.max(1, counts.length - 1);
  const most = Math.max(...counts);
  const columns = counts.map((count, column) => Array.from({ length: count }, (_, at) => ({ left: labels + column * step, top: head + at * between })));
  return { width, height: head + most * between, columns };
}

/** A curve from the right side of a unit to the left side of another. */
export function edgeOf(from: Place, to: Place): string {
  const [x0, y0, x1, y1] = [from.left + unitSide, from.top + unitSide / 2, to.left, to.top + unitSide / 2];
  const middle = (x0 + x1) / 2;
  return `M${x0.toFixed(1)},${y0}C${middle.toFixed(1)},${y0} ${middle.toFixed(1)},${y1} ${x1.toFixed(1)},${y1}`;
}
