import { figures } from "./figures.js";
import { lateElement } from "./late-element.js";

/** The names of all elements that show a figure, such as `nn-perceptron`. */
export const figureNames: readonly string[] = Object.keys(figures);

/**
 * Makes the elements of all figures known to the page. The code of a figure is loaded when the page shows it; it trains in a worker. Calling it again does nothing.
 * @throws Error where there is no page, as in Node.
 *
 * @example
 * ```ts no-run
 * import { defineFigures } from "@nn/figures";
 *
 * defineFigures();
 * document.body.append(document.createElement("nn-perceptron"));
 * ```
 */
export function defineFigures(): void {
  // Not an error of @nn/tensor: a page that shows no figure would load its eager execution.
  if (typeof customElements === "undefined") throw new Error("defineFigures: figures need a page, and there is none here; call it in a browser");
  for (const [name, load] of Object.entries(figures)) if (customElements.get(name) === undefined) customElements.define(name, lateElement(name, load));
}
