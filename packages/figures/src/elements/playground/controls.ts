import { html, type TemplateResult } from "lit";

/** A value that can be chosen, and its name. */
export type Entry<Value> = readonly [value: Value, label: string];

/** A list of values under its name. */
export function select<Value extends string | number>(label: string, entries: readonly Entry<Value>[], chosen: Value, choose: (value: Value) => void): TemplateResult {
  const change = (event: Event): void => {
    const entry = event.target instanceof HTMLSelectElement ? entries[event.target.selectedIndex] : undefined;
    if (entry !== undefined) choose(entry[0]);
  };
  return html`<label class="field"><span>${label}</span><select @change=${change}>${entries.map(([value, name]) => html`<option value=${value} ?selected=${value === chosen} .selected=${value === chosen}>${name}</option>`)}</select></label>`;
}

interface RangeOptions {
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly value: number;
  readonly text: string;
}

/** A slider under its name and value. */
export function range(label: string, { min, max, step, value, text }: RangeOptions, change: (value: number) => void): TemplateResult {
  const moved = (event: Event): void => {
    if (event.target instanceof HTMLInputElement) change(Number(event.target.value));
  };
  return html`<label class="field"><span>${label} <b>${text}</b></span><input type="range" aria-label=${label} min=${min} max=${max} step=${step} .value=${String(value)} aria-valuetext=${text} @input=${moved}></label>`;
}

/** A box to check, and its name. */
export function check(label: string, checked: boolean, change: (checked: boolean) => void): TemplateResult {
  const changed = (event: Event): void => {
    if (event.target instanceof HTMLInputElement) change(event.target.checked);
  };
  return html`<label class="check"><input type="checkbox" .checked=${checked} @change=${changed}> ${label}</label>`;
}

/** A number in few digits. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return "–";
  const text = value !== 0 && (Math.abs(value) < 0.001 || Math.abs(value) >= 10_000) ? value.toExponential(1) : String(Number(value.toPrecision(3)));
  return text.replace("-", "−");
}
