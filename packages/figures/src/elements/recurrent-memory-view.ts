import { css, html, svg, type PropertyValues, type SVGTemplateResult, type TemplateResult } from "lit";
import { measuredEvery, mostSteps, type FirstSymbolView, type MemoryView as Memory } from "../tasks/first-symbol.js";
import { classes, kinds, symbols, units, type Kind } from "../tasks/recurrent-networks.js";
import { Trainer } from "../worker/trainer.js";
import { chart, chartArea, chartFigure, type Scales } from "./chart.js";
import { swatch, type Look } from "./legend.js";
import type { Point } from "./plane.js";
import { paintGrid } from "./value-grid.js";
import { ViewElement } from "./views-element.js";
import { commonWords, filled, percent, type Words } from "./words.js";

const words: Words<"length" | "kind" | "first" | "accuracy" | "inside" | "chance" | "says" | "reset" | "update" | "state" | "input" | "forget" | "output" | "cell" | "sequence"> = {
  en: {
    length: "Length T", kind: "Look into", first: "First symbol", accuracy: "How many of 200 unseen sequences each network remembers", inside: "What happens inside the # at each step, a row for each unit", chance: "chance", says: "The # says that the first symbol was",
    reset: "reset gate r", update: "update gate z: 1 keeps the state", state: "state h", input: "input gate i", forget: "forget gate f: 1 keeps the cell", output: "output gate o", cell: "cell, tanh(c)", sequence: "The sequence",
  },
  ko: {
    length: "길이 T", kind: "들여다볼 신경망", first: "첫 기호", accuracy: "처음 보는 수열 200개 가운데 첫 기호를 맞힌 비율", inside: "#의 안쪽: 단계마다 유닛 하나가 한 줄", chance: "찍었을 때", says: "#의 답:",
    reset: "리셋 게이트 r", update: "업데이트 게이트 z (1이면 상태를 그대로 둔다)", state: "상태 h", input: "입력 게이트 i", forget: "망각 게이트 f (1이면 셀을 그대로 둔다)", output: "출력 게이트 o", cell: "셀 tanh(c)", sequence: "수열",
  },
};

const lengths = { from: 5, to: 25 } as const;
const lines: Readonly<Record<Kind, Look>> = { RNN: { colour: "var(--nn-zero)", dashes: "none" }, GRU: { colour: "var(--nn-third)", dashes: "7 4" }, LSTM: { colour: "var(--nn-one)", dashes: "none" } };

const style = css`
  .strip { margin: 0 0 8px; }
  .strip span { display: block; font-size: 13px; color: var(--nn-soft); }
  .strip canvas { width: 100%; height: 58px; display: block; image-rendering: pixelated; border-radius: 4px; }
  .letters { display: grid; grid-auto-flow: column; grid-auto-columns: 1fr; text-align: center; font: 13px ui-monospace, monospace; }
  .letters b { color: var(--nn-accent); }
`;

/** Three recurrent networks that learn to remember the first symbol, and what happens inside them. */
export class MemoryView extends ViewElement {
  static override styles = [ViewElement.styles, style];

  #length = 20;
  #kind: Kind = "LSTM";
  #first = 0;
  readonly #trainer = new Trainer(this, "firstSymbol", () => ({ length: this.#length }), 60);

  override connectedCallback(): void {
    this.#length = Math.round(this.numberFromAddress("length", lengths.from, lengths.to) ?? 20);
    this.#kind = kinds.find((kind) => kind === this.fromAddress("cell")) ?? "LSTM";
    this.#first = Math.round(this.numberFromAddress("first", 0, classes - 1) ?? 0);
    super.connectedCallback();
  }

  protected override render(): TemplateResult {
    const [text, common] = [words[this.language], commonWords[this.language]];
    const { view, state, failure } = this.#trainer;
    const names = [...symbols].slice(0, classes);
    const answer = view?.networks[this.#kind].answers[this.#first] ?? [];
    const sure = Math.max(...answer);
    return html`
      <div class="controls">
        ${this.slider(text.length, { min: lengths.from, max: lengths.to, step: 1, value: this.#length, text: String(this.#length) }, (length) => this.#restart(length))}
        ${this.training(state, { toggle: () => this.#trainer.toggle(), step: () => this.#trainer.step(), restart: () => this.#restart(this.#length) })}
      </div>
      <div class="plots">
        ${chartFigure(text.accuracy, this.#curves(view))}
        <figure class="plot">
          <div class="controls">
            ${this.choice(text.kind, kinds.map((kind) => [kind, kind] as const), this.#kind, (kind) => this.#look(kind, this.#first))}
            ${this.choice(text.first, names.map((name, at) => [at, name] as const), this.#first, (first) => this.#look(this.#kind, first))}
          </div>
          ${(view?.networks[this.#kind].inside ?? []).map(({ name }) => html`<div class="strip"><span>${text[name]}</span><canvas data-trace=${name} width=${view?.sequences[0]?.length ?? 1} height=${units} role="img" aria-label=${text[name]}></canvas></div>`)}
          <div class="letters" role="img" aria-label="${text.sequence}: ${view?.sequences[this.#first] ?? ""}">${[...(view?.sequences[this.#first] ?? "")].map((letter, at) => (at === 0 ? html`<b>${letter}</b>` : html`<span>${letter}</span>`))}</div>
          <figcaption>${filled(text.inside, this.#kind)}</figcaption>
        </figure>
      </div>
      <p class="status" role="status" data-sure=${sure}>${failure === undefined ? html`${filled(text.says, this.#kind)} <strong>${names[answer.indexOf(sure)] ?? ""}</strong> (${percent(this.language, sure)})` : this.failed(failure)}</p>
      <dl class="numbers">
        ${kinds.map((kind) => {
          const accuracy = view?.networks[kind].accuracies.at(-1);
          return html`<div><dt>${swatch(lines[kind])} ${kind}</dt><dd data-kind=${kind} data-accuracy=${accuracy ?? NaN}>${accuracy === undefined ? "–" : percent(this.language, accuracy, 1)}</dd></div>`;
        })}
        <div><dt>${common.steps}</dt><dd data-steps=${view?.steps ?? 0}>${view?.steps ?? 0}</dd></div>
      </dl>`;
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    for (const { name, values } of this.#trainer.view?.networks[this.#kind].inside ?? []) {
      const canvas = this.renderRoot.querySelector<HTMLCanvasElement>(`canvas[data-trace="${name}"]`);
      const steps = values[this.#first] ?? [];
      const isGate = name !== "state" && name !== "cell";
      if (canvas !== null) paintGrid(canvas, Array.from({ length: units }, (_, unit) => steps.map((step) => (isGate ? 2 * (step[unit] ?? 0) - 1 : step[unit] ?? 0))));
    }
  }

  #curves(view: FirstSymbolView | undefined): SVGTemplateResult {
    const points = ({ accuracies }: Memory): readonly Point[] => accuracies.map((accuracy, at) => [(at + 1) * measuredEvery, accuracy] as const);
    const series = view === undefined ? [] : kinds.map((kind) => ({ points: points(view.networks[kind]), width: 2.5, ...lines[kind] }));
    const { left, right } = chartArea;
    const chance = ({ y }: Scales): SVGTemplateResult => svg`<line x1=${left} x2=${right} y1=${y(1 / classes)} y2=${y(1 / classes)} stroke="var(--nn-soft)" stroke-dasharray="2 4"/><text x=${right} y=${y(1 / classes) + 16} text-anchor="end">${words[this.language].chance}</text>`;
    return chart({ x: { domain: [0, mostSteps], label: commonWords[this.language].steps }, y: { domain: [0, 1.02], label: "", ticks: [0, 0.25, 0.5, 0.75, 1] }, series, more: chance });
  }

  #look(kind: Kind, first: number): void {
    [this.#kind, this.#first] = [kind, first];
    this.toAddress({ cell: kind, first });
    this.requestUpdate();
  }

  #restart(length: number): void {
    this.#length = length;
    this.toAddress({ length });
    this.#trainer.restart();
    this.requestUpdate();
  }
}
