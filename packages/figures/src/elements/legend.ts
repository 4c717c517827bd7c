import { html, type TemplateResult } from "lit";

/** How a line is drawn. */
export interface Look {
  readonly colour: string;
  readonly dashes: string;
}

/** A piece of a line, for a legend. */
export const swatch = ({ colour, dashes }: Look): TemplateResult => html`<svg width="28" height="10" aria-hidden="true"><line x1="0" x2="28" y1="5" y2="5" stroke=${colour} stroke-width="3" stroke-dasharray=${dashes}/></svg>`;
