import { css, html, type TemplateResult } from "lit";
import { optimizerNames, type OptimizerName, type Rates } from "../tasks/optimizers.js";
import { inputOf } from "./figure-element.js";
import { swatch } from "./legend.js";
import { optimizerLooks } from "./optimizer-looks.js";

/** The style of {@link racersTable}. */
export const racersStyle = css`
  .racers { border-collapse: collapse; margin: 12px 0 0; width: 100%; font-variant-numeric: tabular-nums; display: table; }
  .racers th, .racers td { text-align: left; padding: 3px 8px 3px 0; font-weight: 400; font-size: 14px; border: 0; background: none; }
  .racers thead th { color: var(--nn-soft); font-size: 13px; }
  .racers label { color: var(--nn-ink); white-space: nowrap; gap: 6px; }
  .racers input[type="range"] { width: 100%; min-width: 56px; max-width: 170px; vertical-align: middle; }
  .racers .number { text-align: right; white-space: nowrap; padding: 3px 0; }
  .racers .number:last-child { padding-left: 12px; }
  .racers thead .number { white-space: normal; }
`;

/** What {@link racersTable} shows. */
export interface RacersTable {
  readonly rates: Rates;
  readonly shown: readonly OptimizerName[];
  readonly headings: { readonly optimizer: string; readonly rate: string; readonly result: string };
  /** The last column, with the attributes that tests read. */
  readonly result: (name: OptimizerName) => TemplateResult;
  readonly show: (shown: readonly OptimizerName[]) => void;
  readonly change: (rates: Rates) => void;
}

/** A row for each optimizer: whether it is shown, its learning rate, and what it reached. */
export function racersTable({ rates, shown, headings, result, show, change }: RacersTable): TemplateResult {
  const toggled = (name: OptimizerName): readonly OptimizerName[] => optimizerNames.filter((each) => (each === name) !== shown.includes(each));
  const row = (name: OptimizerName): TemplateResult => {
    const text = String(Number(rates[name].toPrecision(2)));
    return html`
      <tr>
        <th scope="row"><label><input type="checkbox" .checked=${shown.includes(name)} @change=${() => show(toggled(name))}>${swatch(optimizerLooks[name])}${name}</label></th>
        <td><input type="range" min="-3" max="1" step="0.05" .value=${String(Math.log10(rates[name]))} aria-label="${headings.rate}: ${name}" aria-valuetext=${text} @input=${(event: Event) => change({ ...rates, [name]: 10 ** Number(inputOf(event).value) })}></td>
        <td class="number">${text}</td>
        <td class="number">${result(name)}</td>
      </tr>`;
  };
  return html`
    <table class="racers">
      <thead><tr><th scope="col">${headings.optimizer}</th><th scope="col" colspan="2">${headings.rate}</th><th scope="col" class="number">${headings.result}</th></tr></thead>
      <tbody>${optimizerNames.map(row)}</tbody>
    </table>`;
}

/** Learning rates as text for an address. */
export const ratesText = (rates: Rates): string => optimizerNames.map((name) => Number(rates[name].toPrecision(3))).join(",");

/** The learning rates of a text; `undefined` if it has none. */
export function ratesFrom(text: string | undefined): Rates | undefined {
  const [SGD, momentum, NAG, Adagrad, Adadelta, RMSprop, Adam, ...more] = text?.split(",").map(Number) ?? [];
  if (SGD === undefined || momentum === undefined || NAG === undefined || Adagrad === undefined || Adadelta === undefined || RMSprop === undefined || Adam === undefined || more.length > 0) return undefined;
  const rates = { SGD, momentum, NAG, Adagrad, Adadelta, RMSprop, Adam };
  return Object.values(rates).every((rate) => rate >= 1e-3 && rate <= 10) ? rates : undefined;
}

/** The optimizers of a text for an address; all if it names none. */
export function shownFrom(text: string | undefined): readonly OptimizerName[] {
  const names = text?.split(",") ?? [];
  const shown = optimizerNames.filter((name) => names.includes(name));
  return shown.length > 0 ? shown : optimizerNames;
}
