import { html, LitElement, type TemplateResult } from "lit";
import { mostRuns } from "../limits.js";
import { colourClass } from "./colours.js";
import { Connection, type ConnectionState } from "./connection.js";
import { formatCount, formatDuration } from "./format.js";
import { listed, type ListedRun } from "./listed-run.js";
import type { RunData } from "./run-data.js";
import { firstChoices, tabs, type Choices, type Tab, type ViewContext } from "./state.js";
import { confusionView } from "./views/confusion.js";
import { curvesView, inputOf } from "./views/curves.js";
import { findingsOfRun, layersView } from "./views/layers.js";
import { runHeader, type Answer } from "./views/run-header.js";
import { samplesView } from "./views/samples.js";
import { settingsView } from "./views/settings.js";
import { speedView } from "./views/speed.js";

const views: { readonly [T in Tab]: (context: ViewContext) => TemplateResult } = {
  curves: curvesView, layers: layersView, confusion: confusionView, samples: samplesView, speed: speedView, settings: settingsView,
};

const connectionTexts: { readonly [State in ConnectionState]: string } = {
  connected: "live", waiting: "connecting", lost: "not connected: the run or nn-dashboard has ended, or too many pages are open",
};

const noAnswer: Answer = { text: "", state: "" };

/** The interval at which texts such as "2 min ago" are updated, in milliseconds. */
const tick = 15_000;

/** The page: the list of runs, the header of the chosen run, and one view of it at a time. */
export class DashboardElement extends LitElement {
  static override properties = { choices: { state: true }, answer: { state: true } };
  declare choices: Choices;
  /** The server's answer to the last command. */
  declare answer: Answer;
  readonly #connection = new Connection(() => this.#onChange());
  /** Whether the reader has chosen runs. Until then, the newest run is shown. */
  #hasChosen = false;
  readonly #known = new Set<string>();

  constructor() {
    super();
    this.choices = firstChoices;
    this.answer = noAnswer;
  }

  /** One style sheet for the whole page. */
  override createRenderRoot(): this {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#connection.follow([]);
    setInterval(() => this.requestUpdate(), tick);
  }

  #onChange(): void {
    const begun = this.#connection.runs.find(({ id }) => !this.#known.has(id));
    for (const { id } of this.#connection.runs) this.#known.add(id);
    if (!this.#hasChosen && begun !== undefined) this.#connection.follow([begun.id]);
    this.requestUpdate();
  }

  protected override render(): TemplateResult {
    const context = this.#context();
    return html`
      <header class="top">
        <h1>nn <span>dashboard</span></h1>
        <p class="connection ${this.#connection.state}" role="status">${connectionTexts[this.#connection.state]}</p>
      </header>
      <div class="columns">
        <nav aria-label="Runs">${this.#runList()}</nav>
        <main>${context === undefined ? this.#empty() : html`${runHeader(context, this.answer, (answer) => { this.answer = answer; })}${this.#tabs(context)}`}</main>
      </div>`;
  }

  protected override updated(): void {
    // An element opens as a dialog by a call only.
    const dialog = this.querySelector("dialog");
    if (dialog !== null && !dialog.open) dialog.showModal();
  }

  #context(): ViewContext | undefined {
    const runs = [...this.#connection.data.values()];
    const run = runs.find(({ id }) => id === this.choices.run) ?? runs.at(-1);
    if (run === undefined) return undefined;
    return { connection: this.#connection, runs, run, choices: this.choices, choose: (change) => { this.choices = { ...this.choices, ...change }; } };
  }

  #empty(): TemplateResult {
    return html`<p class="empty">${this.#connection.runs.length === 0 ? "There are no runs in this folder yet. They appear here as soon as one begins." : "Choose a run."}</p>`;
  }

  #runList(): TemplateResult {
    const { runs, data } = this.#connection;
    const ids = [...data.keys()];
    return html`
      <h2>Runs</h2>
      <ul class="runs">${runs.map((run) => listed(run, data.get(run.id))).map((run) => html`
        <li class=${ids.includes(run.id) ? `chosen ${colourClass(ids.indexOf(run.id))}` : ""}>
          <label><input type="checkbox" .checked=${data.has(run.id)} ?disabled=${data.size >= mostRuns && !data.has(run.id)} @change=${(event: Event) => this.#choose(run, inputOf(event).checked)}><span class="swatch"></span><span class="name">${run.id}</span></label>
          <span class="state ${run.state}">${run.state}</span> <span class="step">step ${formatCount(run.step)}</span>${silence(run)}
        </li>`)}</ul>`;
  }

  #choose(run: ListedRun, isChosen: boolean): void {
    this.#hasChosen = true;
    const others = [...this.#connection.data.keys()].filter((id) => id !== run.id);
    this.#connection.follow(isChosen ? [...others, run.id] : others);
    this.choices = { ...this.choices, run: isChosen ? run.id : others.at(-1), cell: undefined };
    this.answer = noAnswer;
  }

  #tabs(context: ViewContext): TemplateResult {
    const { tab } = this.choices;
    return html`
      <div class="tabs" role="tablist" aria-label="Views" @keydown=${this.#onTabKey}>
        ${tabs.map((each) => html`
          <button type="button" role="tab" id="tab-${each}" aria-selected=${each === tab} aria-controls="panel" tabindex=${each === tab ? 0 : -1} @click=${() => context.choose({ tab: each })}>${each}${each === "layers" ? badge(context.run) : ""}</button>`)}
      </div>
      <div id="panel" role="tabpanel" aria-labelledby="tab-${tab}">${views[tab](context)}</div>`;
  }

  readonly #onTabKey = (event: KeyboardEvent): void => {
    const move = { ArrowLeft: -1, ArrowRight: 1, Home: -tabs.length, End: tabs.length }[event.key];
    if (move === undefined) return;
    event.preventDefault();
    const at = Math.min(tabs.length - 1, Math.max(0, tabs.indexOf(this.choices.tab) + move));
    this.choices = { ...this.choices, tab: tabs[at] ?? "curves" };
    void this.updateComplete.then(() => this.querySelector<HTMLElement>(`#tab-${this.choices.tab}`)?.focus());
  };
}

/** A note that a run has recorded nothing for a while, although it has not ended. */
function silence({ state, updated }: ListedRun): TemplateResult | "" {
  const seconds = (Date.now() - updated) / 1000;
  return state === "running" && seconds > 60 ? html` <span class="silent">· no record for ${formatDuration(Math.floor(seconds / 60) * 60)}</span>` : "";
}

/** The number of problems of the run. */
function badge(run: RunData): TemplateResult | "" {
  const count = findingsOfRun(run).length;
  return count === 0 ? "" : html` <span class="badge" aria-label="${count} ${count === 1 ? "finding" : "findings"}">${count}</span>`;
}
