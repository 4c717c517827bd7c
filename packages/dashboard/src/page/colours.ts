/** How many colours there are for lines: `--line-0` and so on in the style sheet, which colour-blind readers can tell apart (Okabe and Ito 2008). */
const count = 8;

/** The custom property of a colour. */
export const colourAt = (index: number): string => `--line-${index % count}`;

/** The class that gives an element this colour as `--colour`. */
export const colourClass = (index: number): string => `colour-${index % count}`;

/** What a custom property of the style sheet is at present, light or dark. */
export const resolved = (property: string): string => getComputedStyle(document.documentElement).getPropertyValue(property).trim();
