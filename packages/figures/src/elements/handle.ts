import { svg, type SVGTemplateResult } from "lit";
import type { Point } from "./plane.js";

/** Something in a picture that is moved by a pointer or by keys. Places are in the picture's own pixels. */
export interface Handle {
  readonly at: Point;
  readonly label: string;
  /** Its value in words, and as a number within bounds. */
  readonly text: string;
  readonly value: number;
  readonly bounds: readonly [number, number];
  readonly shape: SVGTemplateResult;
  /** How far an arrow key moves it. */
  readonly stride: number;
  readonly move: (to: Point) => void;
}

const directions: Readonly<Record<string, Point>> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** A handle, with room for a finger around its shape. */
export function handle({ at, label, text, value, bounds, shape, stride, move }: Handle): SVGTemplateResult {
  const press = (event: PointerEvent): void => {
    if (event.currentTarget instanceof Element && event.button === 0) event.currentTarget.setPointerCapture(event.pointerId);
  };
  const drag = (event: PointerEvent): void => {
    if (!(event.currentTarget instanceof SVGElement) || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const to = placeIn(event.currentTarget.ownerSVGElement, event);
    if (to !== undefined) move(to);
  };
  const key = (event: KeyboardEvent): void => {
    const direction = directions[event.key];
    if (direction === undefined) return;
    event.preventDefault();
    move([at[0] + stride * direction[0], at[1] + stride * direction[1]]);
  };
  return svg`<g class="grip" tabindex="0" role="slider" aria-label=${label} aria-valuenow=${value.toFixed(2)} aria-valuemin=${bounds[0]} aria-valuemax=${bounds[1]} aria-valuetext=${text}
    @pointerdown=${press} @pointermove=${drag} @keydown=${key}><circle cx=${at[0]} cy=${at[1]} r="16" fill="transparent"/>${shape}</g>`;
}

/** Where a pointer is in a picture, in its own pixels. */
function placeIn(picture: SVGSVGElement | null, { clientX, clientY }: PointerEvent): Point | undefined {
  if (picture === null) return undefined;
  const [frame, { width, height }] = [picture.getBoundingClientRect(), picture.viewBox.baseVal];
  return [((clientX - frame.left) / frame.width) * width, ((clientY - frame.top) / frame.height) * height];
}
