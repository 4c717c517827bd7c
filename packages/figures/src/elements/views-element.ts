import { css, html, type CSSResultGroup, type TemplateResult } from "lit";
import { FigureElement } from "./figure-element.js";
import { figureStyle } from "./style.js";

/** One of the views of a figure: it has no border of its own. */
export abstract class ViewElement extends FigureElement {
  static override styles: CSSResultGroup = [figureStyle, css`:host { margin: 0; }`];
}

/** A view: what its button says, and its element. */
export interface View {
  readonly text: string;
  readonly element: new () => ViewElement;
}

/** A figure with several views, of which one is shown. Each is an element of its own, so only what is shown trains. */
export abstract class ViewsElement extends FigureElement {
  #name = "";
  #shown: HTMLElement | undefined;

  /** The views by their names, in the language of the page. The first one is shown first. */
  protected abstract views(): Readonly<Record<string, View>>;

  /** What the buttons choose. */
  protected abstract legend(): string;

  override connectedCallback(): void {
    super.connectedCallback();
    const names = Object.keys(this.views());
    this.#show(names.find((name) => name === this.fromAddress("view")) ?? names[0] ?? "");
  }

  protected override render(): TemplateResult {
    const choices = Object.entries(this.views()).map(([name, { text }]) => [name, text] as const);
    return html`<div class="figure"><div class="controls views">${this.choice(this.legend(), choices, this.#name, (name) => this.#choose(name))}</div>${this.#shown}</div>`;
  }

  #choose(name: string): void {
    // The address of a view says nothing of the others.
    history.replaceState(history.state, "", `${location.pathname}?view=${name}${location.hash}`);
    this.#show(name);
    this.requestUpdate();
  }

  #show(name: string): void {
    const view = this.views()[name];
    if (view === undefined) return;
    const tag = `${this.localName}-${name}`;
    if (customElements.get(tag) === undefined) customElements.define(tag, view.element);
    this.#name = name;
    this.#shown = document.createElement(tag);
    this.#shown.lang = this.language;
  }
}
