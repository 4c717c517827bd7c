type Colour = readonly [red: number, green: number, blue: number];

/** The shades of a diverging scale, and of each class. */
const shades = 256;
/** The strongest shade is this much of the full colour, so that points of the same colour stand out. */
const strength = 0.78;

/** The colours of the page, ready for painting: an opaque pixel as one number. */
export interface Palette {
  /** From −1 over 0 to 1. */
  readonly diverging: Uint32Array;
  /** For each class from the colour of the paper to that of the class. */
  readonly classes: readonly Uint32Array[];
  /** The full colour of each class, for CSS. */
  readonly names: readonly string[];
  readonly paper: string;
  readonly ink: string;
}

const classTokens = ["--nn-zero", "--nn-one", "--nn-third", "--nn-fourth", "--nn-fifth"] as const;

/** A colour of the tokens, `#rrggbb`. */
function colourOf(text: string): Colour {
  const value = Number.parseInt(text.trim().slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/** A pixel as `ImageData` has it in memory: red first. */
function pixelOf(from: Colour, to: Colour, share: number): number {
  const [red = 0, green = 0, blue = 0] = from.map((channel, at) => Math.round(channel + ((to[at] ?? channel) - channel) * share));
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

const scale = (from: Colour, to: Colour): Uint32Array => Uint32Array.from({ length: shades }, (_, at) => pixelOf(from, to, (strength * at) / (shades - 1)));

/** The colours of the page as a palette, which is made anew when they change. */
export class Palettes {
  #paper = "";
  #palette: Palette | undefined;

  /** The palette at an element: that of the light or of the dark page. */
  at(element: Element): Palette {
    const style = getComputedStyle(element);
    const paper = style.getPropertyValue("--nn-paper").trim();
    if (this.#palette === undefined || paper !== this.#paper) this.#palette = paletteOf(style);
    this.#paper = paper;
    return this.#palette;
  }
}

function paletteOf(style: CSSStyleDeclaration): Palette {
  const names = classTokens.map((token) => style.getPropertyValue(token).trim());
  const [paper, zero, one] = [colourOf(style.getPropertyValue("--nn-paper")), colourOf(names[0] ?? ""), colourOf(names[1] ?? "")];
  const [down, up] = [scale(paper, zero), scale(paper, one)];
  const diverging = Uint32Array.from({ length: 2 * shades - 1 }, (_, at) => (at < shades ? down[shades - 1 - at] : up[at - shades + 1]) ?? 0);
  return { diverging, classes: names.map((name) => scale(paper, colourOf(name))), names, paper: style.getPropertyValue("--nn-paper").trim(), ink: style.getPropertyValue("--nn-ink").trim() };
}

/** The pixel of a value from −1 to 1; values beyond have the colours of the ends, and what is no number that of 0. */
export function divergingPixel({ diverging }: Palette, value: number): number {
  const clamped = value >= -1 ? Math.min(1, value) : value < -1 ? -1 : 0;
  return diverging[Math.round((clamped + 1) * (shades - 1))] ?? 0;
}

/** The pixel of a class with its probability: none at an even chance, the full colour at 1. */
export function classPixel({ classes }: Palette, label: number, probability: number): number {
  const share = (probability - 1 / classes.length) / (1 - 1 / classes.length);
  return classes[label]?.[Math.round(Math.min(1, Math.max(0, share)) * (shades - 1))] ?? 0;
}
