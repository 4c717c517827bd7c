/** Colours that are distinguishable on light and dark pages, also with red-green colour blindness (Okabe and Ito 2008). */
const palette = ["#0072b2", "#e69f00", "#009e73", "#d55e00", "#cc79a7", "#56b4e9", "#8a8a8a", "#b8a000"] as const;

/** The colour of the series, or of the class, with this number. */
export const colourOf = (index: number): string => palette[index % palette.length] ?? palette[0];

/** Coordinates with one decimal; more digits would be invisible. */
export const fixed = (value: number): string => String(Math.round(value * 10) / 10);

export const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

/** Room for a text of a picture, in any font: the widths of letters are those of a wide one. */
export function textWidth(text: string): number {
  return [...text].reduce((sum, letter) => sum + (/[mwMW%@±]/.test(letter) ? 13 : /[fijlrt.,:' ]/.test(letter) ? 6 : 8.8), 0);
}

/** A picture with a title, readable on light and dark pages. `body` is SVG. */
export function svgPicture({ title, width, height, body }: { readonly title: string; readonly width: number; readonly height: number; readonly body: readonly string[] }): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="14">
<style>text { fill: #333 } .grid { stroke: #8884 } .axis { stroke: #888 } @media (prefers-color-scheme: dark) { text { fill: #ddd } }</style>
<title>${escaped(title)}</title>
<text x="64" y="22" font-size="16" font-weight="600">${escaped(title)}</text>
${body.join("\n")}
</svg>
`;
}

/** Joins pictures side by side. */
export function sideBySide(pictures: readonly string[]): string {
  let [left, tallest] = [0, 0];
  const nested = pictures.map((picture) => {
    const [width = 0, height = 0] = /viewBox="0 0 (\S+) (\S+)"/.exec(picture)?.slice(1).map(Number) ?? [];
    const placed = picture.trim().replace("<svg ", `<svg x="${left}" width="${width}" height="${height}" `);
    [left, tallest] = [left + width, Math.max(tallest, height)];
    return placed;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${left} ${tallest}">\n${nested.join("\n")}\n</svg>\n`;
}
