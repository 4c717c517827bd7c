import { html, svg, type PropertyValues, type TemplateResult } from "lit";
import { corners, gateNames, gates, type Gate } from "../tasks/gates.js";
import { gridSide, meshSide, range, type TwoLayersView } from "../tasks/two-layers.js";
import { Trainer } from "../worker/trainer.js";
import { FigureElement } from "./figure-element.js";
import { paint } from "./heat-map.js";
import { example, pathOf, planeOf, side, sides, type Point } from "./plane.js";
import { commonWords, filled, type Words } from "./words.js";

const words: Words<"layers" | "one" | "two" | "seed" | "answer" | "hidden" | "right" | "undivided" | "stuck" | "solved" | "noHidden"> = {
  en: { layers: "Layers", one: "one", two: "two", seed: "Other weights", answer: "What the network answers in the plane of its inputs", hidden: "The plane after the hidden layer, and the line of the output neuron", right: "# of 4 right", undivided: "One line cannot divide these points.", stuck: "Stuck: these weights lead into a dead end. Try other weights.", solved: "Solved: after the hidden layer one line is enough.", noHidden: "With one layer there is no hidden layer." },
  ko: { layers: "층", one: "한 층", two: "두 층", seed: "다른 초깃값", answer: "입력 평면에서 신경망의 출력", hidden: "은닉층을 지난 뒤의 평면과 출력 뉴런의 직선", right: "4개 중 #개 정답", undivided: "직선 하나로는 이 점들을 나눌 수 없습니다.", stuck: "막다른 골짜기에 빠졌습니다. 다른 초깃값으로 시작해 보세요.", solved: "해결: 은닉층을 지난 뒤에는 직선 하나로 충분합니다.", noHidden: "한 층에는 은닉층이 없습니다." },
};

const inputPlane = planeOf(range);
const hiddenPlane = planeOf([-1.25, 1.25]);
const firstSeed = 7;

/** A network with one layer or two on a gate: its answers over the plane, and the plane in the space of its two hidden units. */
export class TwoLayersElement extends FigureElement {
  #gate: Gate = "XOR";
  #layers: 1 | 2 = 2;
  #seed = firstSeed;
  readonly #trainer = new Trainer(this, "twoLayers", () => ({ gate: this.#gate, layers: this.#layers, seed: this.#seed, learningRate: 0.1 }), 60);

  override connectedCallback(): void {
    this.#gate = gateNames.find((name) => name === this.fromAddress("gate")) ?? "XOR";
    this.#layers = this.fromAddress("layers") === "1" ? 1 : 2;
    this.#seed = Math.round(this.numberFromAddress("seed", 0, 1e6) ?? firstSeed);
    super.connectedCallback();
  }

  protected override render(): TemplateResult {
    const [text, common] = [words[this.language], commonWords[this.language]];
    const { view, state, failure } = this.#trainer;
    const count = view?.right.filter(Boolean).length ?? 0;
    const ended = state !== "done" ? "" : count < 4 ? (this.#layers === 1 ? text.undivided : text.stuck) : this.#layers === 2 ? text.solved : "";
    return html`
      <div class="figure">
        <div class="controls">
          ${this.choice(common.gate, gateNames.map((gate) => [gate, gate] as const), this.#gate, (gate) => this.#restart({ gate }))}
          ${this.choice(text.layers, [[1, text.one], [2, text.two]] as const, this.#layers, (layers) => this.#restart({ layers }))}
          ${this.training(state, { toggle: () => this.#trainer.toggle(), step: () => this.#trainer.step(), restart: () => this.#restart({}) })}
          <button type="button" @click=${() => this.#restart({ seed: this.#seed + 1 })}>${text.seed}</button>
        </div>
        <div class="plots">
          <figure class="plot"><div class="frame"><canvas width=${gridSide} height=${gridSide}></canvas>
            <svg viewBox="0 0 ${side} ${side}" role="img" aria-label=${text.answer}>${this.#examples(corners, view)}</svg></div><figcaption>${text.answer}</figcaption></figure>
          <figure class="plot"><div class="frame"><svg viewBox="0 0 ${side} ${side}" role="img" aria-label=${text.hidden}>${this.#hidden(view)}</svg></div><figcaption>${view?.hidden === undefined ? text.noHidden : text.hidden}</figcaption></figure>
        </div>
        <p class="status" role="status"><strong data-right=${count}>${filled(text.right, count)}</strong> · ${common.loss} <span data-loss=${view?.loss ?? NaN}>${view?.loss.toFixed(3) ?? ""}</span> · <span data-steps=${view?.steps ?? 0}>${filled(common.stepCount, view?.steps ?? 0)}</span><br>${failure === undefined ? ended : this.failed(failure)}</p>
      </div>`;
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    const canvas = this.renderRoot.querySelector("canvas");
    const { view } = this.#trainer;
    if (canvas !== null && view !== undefined) paint(canvas, view.answers, gridSide);
  }

  #examples(points: readonly Point[], view: TwoLayersView | undefined, plane = inputPlane) {
    return points.map((point, at) => example(point, { output: gates[this.#gate][at] ?? 0, right: view?.right[at] ?? true, name: plane === inputPlane ? `(${corners[at]?.join(", ") ?? ""})` : "" }, plane));
  }

  #hidden(view: TwoLayersView | undefined) {
    if (view?.hidden === undefined) return svg``;
    const { mesh, output, corners: moved } = view.hidden;
    const row = (at: number): readonly Point[] => mesh.slice(at * meshSide, (at + 1) * meshSide);
    const column = (at: number): readonly Point[] => mesh.filter((_, index) => index % meshSide === at);
    const lines = Array.from({ length: meshSide }, (_, at) => [row(at), column(at)]).flat();
    return svg`${sides(output, hiddenPlane)}${lines.map((line) => svg`<polyline points=${pathOf(line, hiddenPlane)} fill="none" stroke="var(--nn-line)" stroke-width="1"/>`)}${this.#examples(moved, view, hiddenPlane)}`;
  }

  #restart({ gate = this.#gate, layers = this.#layers, seed = this.#seed }: { readonly gate?: Gate; readonly layers?: 1 | 2; readonly seed?: number }): void {
    [this.#gate, this.#layers, this.#seed] = [gate, layers, seed];
    this.toAddress({ gate, layers, seed });
    this.#trainer.restart();
    this.requestUpdate();
  }
}
