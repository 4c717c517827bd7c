import { html, LitElement, type CSSResultGroup, type TemplateResult } from "lit";
import type { TrainingState } from "../worker/protocol.js";
import { figureStyle } from "./style.js";
import { commonWords, type Language } from "./words.js";

/** What all figures share: their style, their language, and their state in the address of the page. */
export abstract class FigureElement extends LitElement {
  static override styles: CSSResultGroup = figureStyle;

  /** Pictures that are painted take their colours from the page, which may become light or dark. */
  readonly #colours = new MutationObserver(() => this.requestUpdate());

  override connectedCallback(): void {
    super.connectedCallback();
    this.#colours.observe(document.documentElement, { attributeFilter: ["class"] });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#colours.disconnect();
  }

  /** The language of the page around. */
  protected get language(): Language {
    return this.closest("[lang]")?.getAttribute("lang")?.startsWith("ko") === true ? "ko" : "en";
  }

  /** A value in the address of the page, such as `?gate=XOR`; `undefined` if it is not there. */
  protected fromAddress(name: string): string | undefined {
    return new URLSearchParams(location.search).get(name) ?? undefined;
  }

  /** A number in the address of the page, if it is there and in the range. */
  protected numberFromAddress(name: string, from: number, to: number): number | undefined {
    const value = this.fromAddress(name);
    const number = value === undefined || value.trim() === "" ? NaN : Number(value);
    return number >= from && number <= to ? number : undefined;
  }

  /** Puts values into the address of the page, so that it leads to this state. */
  protected toAddress(values: Readonly<Record<string, string | number>>): void {
    const address = new URL(location.href);
    for (const [name, value] of Object.entries(values)) address.searchParams.set(name, String(value));
    history.replaceState(history.state, "", address);
  }

  /** Buttons of which one is pressed. */
  protected choice<Value extends string | number>(legend: string, values: readonly (readonly [value: Value, text: string])[], chosen: Value, choose: (value: Value) => void): TemplateResult {
    return html`<fieldset class="choice"><legend>${legend}</legend>${values.map(([value, text]) => html`<button type="button" aria-pressed=${value === chosen} @click=${() => choose(value)}>${text}</button>`)}</fieldset>`;
  }

  /** Buttons that train, pause, take one step and begin anew. A training that is done leaves the focus where it is. */
  protected training(state: TrainingState, actions: { readonly toggle: () => void; readonly step: () => void; readonly restart: () => void }): TemplateResult {
    const words = commonWords[this.language];
    const isDone = state === "done";
    const text = isDone ? words.done : state === "running" ? words.pause : words.train;
    return html`
      <span class="choice">
        <button type="button" class="main" data-state=${state} aria-disabled=${isDone} @click=${isDone ? undefined : actions.toggle}>${text}</button>
        <button type="button" aria-disabled=${isDone} @click=${isDone ? undefined : actions.step}>${words.step}</button>
        <button type="button" @click=${actions.restart}>${words.restart}</button>
      </span>`;
  }

  /** Why a training failed. */
  protected failed(failure: string): TemplateResult {
    return html`<span class="problem">${commonWords[this.language].failed}: ${failure}</span>`;
  }

  /** A slider with its value. */
  protected slider(label: string, { min, max, step, value, text }: { readonly min: number; readonly max: number; readonly step: number; readonly value: number; readonly text: string }, change: (value: number) => void): TemplateResult {
    return html`<label>${label} <input type="range" min=${min} max=${max} step=${step} .value=${String(value)} aria-valuetext=${text} @input=${(event: Event) => change(Number(inputOf(event).value))}><output>${text}</output></label>`;
  }
}

/** The input that an event is of. */
export function inputOf(event: Event): HTMLInputElement {
  if (!(event.target instanceof HTMLInputElement)) throw new TypeError("the event is of no input");
  return event.target;
}
