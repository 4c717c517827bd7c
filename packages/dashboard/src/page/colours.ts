/** The number of colours for lines: `--line-0` and so on in the style sheet. Colour-blind readers can distinguish them (Okabe and Ito 2008). */
const count = 8;

/** The custom property of a colour. */
export const colourAt = (index: number): string => `--line-${index % count}`;

/** The class that gives an element this colour as `--colour`. */
export const colourClass = (index: number): string => `colour-${index % count}`;

/** The current value of a custom property of the style sheet, light or dark. */
export const resolved = (property: string): string => getComputedStyle(document.documentElement).getPropertyValue(property).trim();
