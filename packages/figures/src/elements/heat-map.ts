type Colour = readonly [red: number, green: number, blue: number];

/** Paints a square grid of values from 0 to 1, from the bottom up: from the colour of zero over that of the paper to the colour of one. */
export function paint(canvas: HTMLCanvasElement, values: readonly number[], size: number): void {
  const context = canvas.getContext("2d");
  if (context === null) return;
  const style = getComputedStyle(canvas);
  const [zero, middle, one] = ["--nn-zero", "--nn-paper", "--nn-one"].map((name) => colourOf(style.getPropertyValue(name)));
  if (zero === undefined || middle === undefined || one === undefined) return;
  const image = context.createImageData(size, size);
  values.forEach((value, at) => {
    const row = size - 1 - Math.floor(at / size);
    const strength = Math.min(1, Math.abs(value - 0.5) * 2) * 0.75;
    const target = value > 0.5 ? one : zero;
    image.data.set([...middle.map((channel, index) => channel + ((target[index] ?? channel) - channel) * strength), 255], 4 * (row * size + (at % size)));
  });
  context.putImageData(image, 0, 0);
}

/** A colour of the tokens, `#rrggbb`. */
export function colourOf(text: string): Colour {
  const value = Number.parseInt(text.trim().slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}
