/** Width and height of an image, in pixels. */
export const imageSize = 28;

/** A straight piece of a drawn line, in pixels, with the pen's radius at both ends. */
export interface Segment {
  readonly fromX: number;
  readonly fromY: number;
  readonly toX: number;
  readonly toY: number;
  readonly fromRadius: number;
  readonly toRadius: number;
}

/**
 * Draws a segment with round ends. The darkness of a pixel depends on how far its centre is within the pen's radius; the edge is
 * `softness` pixels wide. Where strokes overlap, the darker value is kept.
 */
export function drawSegment(image: Float32Array, segment: Segment, softness: number): void {
  const { fromX, fromY, toX, toY, fromRadius, toRadius } = segment;
  const reach = Math.max(fromRadius, toRadius) + softness / 2;
  const [left, right] = pixelRange(Math.min(fromX, toX) - reach, Math.max(fromX, toX) + reach);
  const [top, bottom] = pixelRange(Math.min(fromY, toY) - reach, Math.max(fromY, toY) + reach);
  const [alongX, alongY] = [toX - fromX, toY - fromY];
  const square = alongX * alongX + alongY * alongY;
  for (let row = top; row <= bottom; row++) {
    for (let column = left; column <= right; column++) {
      const x = column + 0.5 - fromX;
      const y = row + 0.5 - fromY;
      const fraction = square === 0 ? 0 : Math.min(1, Math.max(0, (x * alongX + y * alongY) / square));
      const awayX = x - fraction * alongX;
      const awayY = y - fraction * alongY;
      const distance = Math.sqrt(awayX * awayX + awayY * awayY);
      const coverage = 0.5 + (fromRadius + fraction * (toRadius - fromRadius) - distance) / softness;
      const at = row * imageSize + column;
      if (coverage > (image[at] as number)) image[at] = Math.min(1, coverage);
    }
  }
}

/** The pixels whose centres lie between two coordinates. */
function pixelRange(low: number, high: number): readonly [number, number] {
  return [Math.max(0, Math.floor(low)), Math.min(imageSize - 1, Math.ceil(high))];
}
