type Colour = readonly [red: number, green: number, blue: number];

/** Paints a grid of values from 0 to 1, row by row from the bottom up, `width` in a row: from the colour of zero over that of the paper to the colour of one. */
export function paint(canvas: HTMLCanvasElement, values: readonly number[], width: number): void {
  const context = canvas.getContext("2d");
  if (context === null) return;
  const style = getComputedStyle(canvas);
  const [zero, middle, one] = ["--nn-zero", "--nn-paper", "--nn-one"].map((name) => colourOf(style.getPropertyValue(name)));
  if (zero === undefined || middle === undefined || one === undefined) return;
  const height = Math.ceil(values.length / width);
  const image = context.createImageData(width, height);
  values.forEach((value, at) => {
    const place = 4 * ((height - 1 - Math.floor(at / width)) * width + (at % width));
    const strength = Math.min(1, Math.abs(value - 0.5) * 2) * 0.75;
    const target = value > 0.5 ? one : zero;
    for (const channel of [0, 1, 2] as const) image.data[place + channel] = middle[channel] + (target[channel] - middle[channel]) * strength;
    image.data[place + 3] = 255;
  });
  context.putImageData(image, 0, 0);
}

/** A colour of the tokens, `#rrggbb`. */
export function colourOf(text: string): Colour {
  const value = Number.parseInt(text.trim().slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}
