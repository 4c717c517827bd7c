import type { Table } from "@nn/data";
import { html, type TemplateResult } from "lit";
import { limits, type Problem } from "../../tasks/playground/choices.js";
import type { OwnData } from "../../tasks/playground/settings.js";
import { select } from "./controls.js";
import { filled } from "../words.js";
import type { Text } from "./words.js";

/** What reads tables is loaded when a table is read. */
const tables = async () => import("../../tasks/playground/table.js");

const allColumns = "*";

/** A table, and the columns that are chosen. */
interface Choice {
  readonly table: Table;
  readonly numeric: readonly string[];
  readonly targets: readonly string[];
  readonly across: string;
  readonly up: string;
  readonly target: string;
}

interface Use {
  readonly use: (own: OwnData, problem: Problem) => void;
  readonly close: () => void;
  readonly refresh: () => void;
}

/** Reads a table that is pasted or opened, and lets columns be chosen. */
export class TableDialog {
  readonly #host: Use;
  #pasted = "";
  #choice: Choice | undefined;
  #problem = "";

  constructor(host: Use) {
    this.#host = host;
  }

  render(text: Text): TemplateResult {
    return html`
      <header><h2>${text.tableTitle}</h2><button type="button" class="small" aria-label=${text.close} @click=${this.#host.close}>✕</button></header>
      <p>${text.tableText}</p>
      <textarea aria-label=${text.tableTitle} rows="7" spellcheck="false" placeholder="width,length,kind" .value=${this.#pasted} @input=${(event: Event) => this.#paste(event)}></textarea>
      <div class="buttons">
        <button type="button" @click=${() => this.#read(this.#pasted)}>${text.read}</button>
        <label class="button">${text.open}<input type="file" accept=".csv,.tsv,.txt,text/*" @change=${(event: Event) => this.#open(event)}></label>
      </div>
      ${this.#problem === "" ? "" : html`<p class="problem" role="alert">${this.#problem}</p>`}
      ${this.#choice === undefined ? "" : this.#columns(text, this.#choice)}`;
  }

  #columns(text: Text, choice: Choice): TemplateResult {
    const names = choice.numeric.map((name) => [name, name] as const);
    const isAll = choice.across === allColumns;
    const take = (change: Partial<Choice>) => {
      this.#choice = { ...choice, ...change };
      this.#host.refresh();
    };
    return html`
      <p class="note" role="status">${filled(text.rows, choice.table.length)}</p>
      <div class="settings">
        ${select(`${text.inputs}, ${text.across}`, [...names, ...(names.length > 2 ? [[allColumns, text.allColumns] as const] : [])], choice.across, (across) => take({ across }))}
        ${isAll ? "" : select(`${text.inputs}, ${text.up}`, names, choice.up, (up) => take({ up }))}
        ${select(text.target, choice.targets.map((name) => [name, name]), choice.target, (target) => take({ target }))}
      </div>
      <div class="buttons"><button type="button" class="main" @click=${() => this.#use(choice)}>${text.use}</button></div>`;
  }

  #paste(event: Event): void {
    if (event.target instanceof HTMLTextAreaElement) this.#pasted = event.target.value;
  }

  #open(event: Event): void {
    const file = event.target instanceof HTMLInputElement ? event.target.files?.[0] : undefined;
    if (file !== undefined) void this.#read(file);
  }

  async #read(input: string | Blob): Promise<void> {
    this.#choice = undefined;
    try {
      const { columnsOf, firstChoice, readTable } = await tables();
      const table = await readTable(input);
      const columns = columnsOf(table);
      const { inputs: [across = "", up = ""], target } = firstChoice(columns);
      const targets = columns.filter(({ isNumeric, distinct }) => isNumeric || (distinct >= 2 && distinct <= limits.classes)).map(({ name }) => name);
      this.#choice = { table, numeric: columns.filter(({ isNumeric }) => isNumeric).map(({ name }) => name), targets, across, up, target };
      this.#problem = "";
    } catch (error) {
      this.#problem = error instanceof Error ? error.message : String(error);
    }
    this.#host.refresh();
  }

  async #use({ table, numeric, across, up, target }: Choice): Promise<void> {
    try {
      const { columnsOf, ownDataOf, problemOf } = await tables();
      const inputs = across === allColumns ? numeric.filter((name) => name !== target) : [...new Set([across, up])];
      const column = columnsOf(table).find(({ name }) => name === target);
      const own = ownDataOf(table, { inputs, target });
      this.#problem = "";
      this.#host.use(own, column === undefined ? "classification" : problemOf(column));
    } catch (error) {
      this.#problem = error instanceof Error ? error.message : String(error);
      this.#host.refresh();
    }
  }
}
