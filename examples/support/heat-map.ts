import { colourOf, escaped, svgPicture, textWidth } from "./svg.js";

/** Options of {@link heatMap}. */
export interface HeatMapOptions {
  readonly title: string;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly rowLabel: string;
  readonly columnLabel: string;
  /** The value that has the full colour; default the largest. */
  readonly largest?: number;
  /** The text in each cell; default none. */
  readonly write?: (value: number, row: number, column: number) => string;
  /** The width and height of a cell; default 26. */
  readonly cell?: number;
}

const around = { right: 24, top: 40, bottom: 56 };

/** A matrix of non-negative values as an SVG picture: larger values have stronger colours. */
export function heatMap(values: readonly (readonly number[])[], options: HeatMapOptions): string {
  const { title, rows, columns, rowLabel, columnLabel, write, cell = 26 } = options;
  // Room for the label of the axis, and for the longest label of a row.
  const margin = { ...around, left: Math.max(64, 40 + rows.reduce((widest, row) => Math.max(widest, textWidth(row)), 0)) };
  const largest = options.largest ?? values.flat().reduce((a, b) => Math.max(a, b), 0);
  const [across, down] = [columns.length * cell, rows.length * cell];
  const size = `width="${cell - 1}" height="${cell - 1}"`;
  const cells = values.flatMap((row, at) => row.map((value, column) => {
    const opacity = Math.min(1, value / largest);
    const corner = `x="${margin.left + column * cell}" y="${margin.top + at * cell}"`;
    const number = write === undefined ? "" : `<text x="${margin.left + (column + 0.5) * cell}" y="${margin.top + (at + 0.5) * cell}" dy="0.35em" text-anchor="middle" font-size="11"${opacity > 0.5 ? ` style="fill: #fff"` : ""}>${escaped(write(value, at, column))}</text>`;
    const colour = opacity < 0.005 ? "" : `<rect ${corner} ${size} fill="${colourOf(0)}" fill-opacity="${opacity.toFixed(2)}"/>`;
    return `<rect ${corner} ${size} fill="#888" fill-opacity="0.12"/>${colour}${number}`;
  }));
  const labels = [
    ...rows.map((text, at) => `<text x="${margin.left - 8}" y="${margin.top + (at + 0.5) * cell}" dy="0.35em" text-anchor="end">${escaped(text)}</text>`),
    ...columns.map((text, at) => `<text x="${margin.left + (at + 0.5) * cell}" y="${margin.top + down + 18}" text-anchor="middle">${escaped(text)}</text>`),
    `<text x="${margin.left + across / 2}" y="${margin.top + down + 44}" text-anchor="middle">${escaped(columnLabel)}</text>`,
    `<text transform="translate(16, ${margin.top + down / 2}) rotate(-90)" text-anchor="middle">${escaped(rowLabel)}</text>`,
  ];
  return svgPicture({ title, width: margin.left + across + margin.right, height: margin.top + down + margin.bottom, body: [...cells, ...labels] });
}
