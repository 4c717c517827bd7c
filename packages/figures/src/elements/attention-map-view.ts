import { Generator, tensor } from "@nn/tensor";
import { css, html, type PropertyValues, type TemplateResult } from "lit";
import { drawLists, exercises, keySize, listLength, readList, solutions, Sorter, type Exercise, type ListReading, type SorterSettings } from "../tasks/sorter-network.js";
import { NetworkCopy } from "../tasks/network-copy.js";
import type { SorterView } from "../tasks/sorter.js";
import { Trainer } from "../worker/trainer.js";
import { inputOf } from "./figure-element.js";
import { paintGrid } from "./value-grid.js";
import { ViewElement } from "./views-element.js";
import { commonWords, filled, percent, type Words } from "./words.js";

const words: Words<"exercise" | "reverse" | "sort" | "positions" | "causal" | "other" | "map" | "change" | "row" | "answer" | "inside" | "query" | "key" | "score" | "weight" | "value" | "sum" | "accuracy" | "writes"> = {
  en: {
    exercise: "Exercise", reverse: "reverse", sort: "sort", positions: "positions", causal: "causal mask", other: "Another list", map: "Where each place looks: the bluer, the more. The outline is the digit that it needs.", change: "#, digit # of the list: take the next one", row: "Look into place #", answer: "answer",
    inside: "Place # asks: its query meets the key of every digit", query: "query q", key: "key k", score: "q·k/√d", weight: "softmax", value: "value v", sum: "sum", accuracy: "of 200 unseen lists without a mistake", writes: "Place # writes",
  },
  ko: {
    exercise: "과제", reverse: "뒤집기", sort: "정렬", positions: "위치 정보", causal: "인과 마스크", other: "다른 수열", map: "자리마다 어디를 보는가: 파랄수록 많이 봅니다. 테두리는 그 자리에 필요한 숫자입니다.", change: "#, #번째 숫자: 다음 숫자로 바꾸기", row: "자리 # 들여다보기", answer: "답",
    inside: "자리 #의 질의가 모든 숫자의 키와 만납니다", query: "질의 q", key: "키 k", score: "q·k/√d", weight: "소프트맥스", value: "값 v", sum: "합", accuracy: "처음 보는 수열 200개 가운데 모두 맞힌 비율", writes: "자리 #의 답:",
  },
};

const style = css`
  .map { display: grid; grid-template-columns: 40px repeat(${listLength}, 1fr) 48px; gap: 3px; align-items: stretch; }
  .map button { padding: 4px 0; text-align: center; font-variant-numeric: tabular-nums; }
  .cell { aspect-ratio: 1; border-radius: 4px; box-shadow: inset 0 0 0 1px var(--nn-faint); }
  .cell.needed { box-shadow: inset 0 0 0 2px var(--nn-ink); }
  .cell.hidden { background: repeating-linear-gradient(45deg, var(--nn-faint) 0 2px, var(--nn-paper) 2px 7px); }
  .answer { display: grid; place-items: center; font-weight: 600; border-radius: 4px; }
  .answer.wrong { color: var(--nn-backward); text-decoration: line-through; }
  .vectors { display: grid; grid-template-columns: 20px 1fr 52px 62px 1fr; gap: 6px 12px; align-items: center; font-size: 13px; font-variant-numeric: tabular-nums; }
  .vectors canvas { width: 100%; height: 22px; display: block; image-rendering: pixelated; border-radius: 3px; }
  .head { color: var(--nn-soft); font-size: 13px; font-weight: 400; }
  .vectors .digit { font-weight: 600; text-align: center; font-size: 15px; }
  .vectors .number { text-align: right; }
  .share { position: relative; text-align: right; padding-right: 4px; line-height: 22px; border-radius: 3px; }
`;

const digitNames = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] as const;
const firstList = [3, 8, 1, 6, 0, 4] as const;

/** The attention of a small transformer that learns to sort or reverse a list, and the queries, keys and values that it comes from. */
export class MapView extends ViewElement {
  static override styles = [ViewElement.styles, style];

  #exercise: Exercise = "sort";
  #positions = true;
  #causal = false;
  #digits: readonly number[] = firstList;
  #row = 0;
  readonly #network = new NetworkCopy((settings: SorterSettings) => new Sorter(settings));
  #reading: ListReading | undefined;
  /** What the reading is of. */
  #readFrom: readonly [digits: readonly number[], view: SorterView] | undefined;
  #drawn = 0;
  readonly #trainer = new Trainer(this, "sorter", () => this.#settings(), 30);

  override connectedCallback(): void {
    this.#exercise = exercises.find((exercise) => exercise === this.fromAddress("exercise")) ?? "sort";
    this.#positions = this.fromAddress("positions") !== "0";
    this.#causal = this.fromAddress("causal") === "1";
    const digits = [...(this.fromAddress("list") ?? "")].map(Number);
    if (digits.length === listLength && new Set(digits).size === listLength && digits.every((digit) => digit >= 0 && digit <= 9)) this.#digits = digits;
    super.connectedCallback();
  }

  protected override render(): TemplateResult {
    const [text, common] = [words[this.language], commonWords[this.language]];
    const { view, state, failure } = this.#trainer;
    this.#read();
    const answer = this.#answers()[this.#row];
    return html`
      <div class="controls">
        ${this.choice(text.exercise, exercises.map((exercise) => [exercise, text[exercise]] as const), this.#exercise, (exercise) => this.#restart({ exercise }))}
        <label><input type="checkbox" .checked=${this.#positions} @change=${(event: Event) => this.#restart({ positions: inputOf(event).checked })}> ${text.positions}</label>
        <label><input type="checkbox" .checked=${this.#causal} @change=${(event: Event) => this.#restart({ causal: inputOf(event).checked })}> ${text.causal}</label>
        ${this.training(state, { toggle: () => this.#trainer.toggle(), step: () => this.#trainer.step(), restart: () => this.#restart({}) })}
        <button type="button" @click=${() => this.#another()}>${text.other}</button>
      </div>
      <div class="plots">
        <figure class="plot">${this.#map()}<figcaption>${text.map}</figcaption></figure>
        <figure class="plot">${this.#inside()}<figcaption>${filled(text.inside, this.#row + 1)}</figcaption></figure>
      </div>
      <p class="status" role="status">${failure === undefined ? html`${filled(text.writes, this.#row + 1)} <strong>${answer?.digit ?? ""}</strong> (${percent(this.language, answer?.sure ?? 0)})` : this.failed(failure)}</p>
      <dl class="numbers">
        <div><dt>${text.accuracy}</dt><dd data-accuracy=${view?.accuracy ?? NaN}>${view?.accuracy === undefined ? "–" : percent(this.language, view.accuracy, 1)}</dd></div>
        <div><dt>${common.loss}</dt><dd data-loss=${view?.loss ?? NaN}>${view?.loss?.toFixed(3) ?? "–"}</dd></div>
        <div><dt>${common.steps}</dt><dd data-steps=${view?.steps ?? 0}>${view?.steps ?? 0}</dd></div>
      </dl>`;
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    if (this.#reading === undefined) return;
    const { queries, keys, probabilities } = this.#reading;
    const largest = largestOf([...queries, ...keys]);
    const strip = (which: string, vector: readonly number[] = []): void => {
      const canvas = this.renderRoot.querySelector<HTMLCanvasElement>(`#${which}`);
      if (canvas !== null) paintGrid(canvas, [vector]);
    };
    const scaled = (vector: readonly number[] = []): readonly number[] => vector.map((value) => value / largest);
    strip("query", scaled(queries[this.#row]));
    keys.forEach((key, at) => strip(`key-${at}`, scaled(key)));
    this.#digits.forEach((digit, at) => strip(`value-${at}`, digitNames.map((each) => Number(each === digit))));
    strip("sum", probabilities[this.#row]);
  }

  /** The weights of all places (rows) for all digits of the list (columns). */
  #map(): TemplateResult {
    const text = words[this.language];
    const [weights, answers, wanted] = [this.#reading?.weights ?? [], this.#answers(), this.#wanted()];
    return html`
      <div class="map">
        <span></span>${this.#digits.map((digit, at) => html`<button type="button" aria-label=${filled(text.change, digit, at + 1)} @click=${() => this.#change(at)}>${digit}</button>`)}<span class="answer head">${text.answer}</span>
        ${this.#digits.map((_, row) => html`
          <button type="button" aria-label=${filled(text.row, row + 1)} aria-pressed=${row === this.#row} @click=${() => this.#look(row)}>${row + 1}</button>
          ${this.#digits.map((digit, column) => {
            const share = weights[row]?.[column] ?? 0;
            const kind = this.#causal && column > row ? "cell hidden" : digit === wanted[row] ? "cell needed" : "cell";
            return html`<span class=${kind} data-share=${share} title=${percent(this.language, share)} style=${this.#causal && column > row ? "" : `background: ${shade(share)}`}></span>`;
          })}
          <span class="answer ${answers[row]?.digit === wanted[row] ? "" : "wrong"}">${answers[row]?.digit ?? ""}</span>`)}
      </div>`;
  }

  /** The query of the chosen place, and the key and value of every digit. */
  #inside(): TemplateResult {
    const text = words[this.language];
    const reading = this.#reading;
    const vector = (id: string, label: string, size: number) => html`<canvas id=${id} width=${size} height="1" role="img" aria-label=${label}></canvas>`;
    return html`
      <div class="vectors">
        <span></span><span class="head">${text.query}</span><span></span><span></span><span></span><span></span>${vector("query", text.query, keySize)}<span></span><span></span><span></span>
        <span></span><span class="head">${text.key}</span><span class="head number">${text.score}</span><span class="head number">${text.weight}</span><span class="head">${text.value}</span>
        ${this.#digits.map((digit, at) => {
          const share = reading?.weights[this.#row]?.[at] ?? 0;
          const isHidden = this.#causal && at > this.#row;
          return html`<span class="digit">${digit}</span>${vector(`key-${at}`, `${text.key} ${digit}`, keySize)}<span class="number">${isHidden ? "−∞" : signed(reading?.scores[this.#row]?.[at] ?? NaN)}</span><span class="share" style="background: linear-gradient(to right, var(--nn-one-soft) ${100 * share}%, transparent 0)">${percent(this.language, share)}</span>${vector(`value-${at}`, `${text.value} ${digit}`, 10)}`;
        })}
        <span></span><span></span><span></span><span class="head number">${text.sum}</span>${vector("sum", text.sum, 10)}
      </div>`;
  }

  /** What the network writes at each place, and how sure it is. */
  #answers(): readonly { readonly digit: number; readonly sure: number }[] {
    return (this.#reading?.probabilities ?? []).map((row) => ({ digit: row.indexOf(Math.max(...row)), sure: Math.max(...row) }));
  }

  #wanted(): readonly number[] {
    return solutions[this.#exercise](tensor([this.#digits], { dtype: "int32" })).select(0, 0).toArray() as number[];
  }

  #settings(): SorterSettings {
    return { exercise: this.#exercise, positions: this.#positions, causal: this.#causal };
  }

  /** Lets the network read the list, if one of them has changed. */
  #read(): void {
    const { view } = this.#trainer;
    if (view === undefined || (this.#readFrom?.[0] === this.#digits && this.#readFrom[1] === view)) return;
    this.#readFrom = [this.#digits, view];
    this.#reading = readList(this.#network.of(view), this.#digits);
  }

  #another(): void {
    this.#drawn += 1;
    this.#show(drawLists(1, new Generator(this.#drawn)).select(0, 0).toArray() as number[]);
  }

  /** Puts the next digit that is not in the list at a place. */
  #change(at: number): void {
    let digit = this.#digits[at] ?? 0;
    do digit = (digit + 1) % 10; while (this.#digits.includes(digit));
    this.#show(this.#digits.map((each, place) => (place === at ? digit : each)));
  }

  #show(digits: readonly number[]): void {
    this.#digits = digits;
    this.#note();
  }

  #look(row: number): void {
    this.#row = row;
    this.requestUpdate();
  }

  #restart({ exercise = this.#exercise, positions = this.#positions, causal = this.#causal }: { readonly exercise?: Exercise; readonly positions?: boolean; readonly causal?: boolean }): void {
    [this.#exercise, this.#positions, this.#causal] = [exercise, positions, causal];
    this.#trainer.restart();
    this.#note();
  }

  #note(): void {
    this.toAddress({ exercise: this.#exercise, positions: Number(this.#positions), causal: Number(this.#causal), list: this.#digits.join("") });
    this.requestUpdate();
  }
}

const largestOf = (vectors: readonly (readonly number[])[]): number => vectors.flat().reduce((largest, value) => Math.max(largest, Math.abs(value)), 1e-6);
const shade = (share: number): string => `color-mix(in srgb, var(--nn-one) ${Math.round(100 * share)}%, var(--nn-paper))`;
const signed = (value: number): string => value.toFixed(1).replace(/^-0\.0$/, "0.0").replace("-", "−");
