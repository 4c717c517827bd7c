import { css, html, svg, type PropertyValues, type SVGTemplateResult, type TemplateResult } from "lit";
import { augmentationNames, type AugmentationName } from "../tasks/augmentation.js";
import type { ContrastiveView } from "../tasks/contrastive.js";
import { digitSide } from "../tasks/small-digits.js";
import { Trainer } from "../worker/trainer.js";
import { chart, chartFigure } from "./chart.js";
import { FigureElement } from "./figure-element.js";
import { paintImages } from "./images.js";
import { pathOf, planeOf, side, type Point } from "./plane.js";
import { figureStyle } from "./style.js";
import { commonWords, percent, type Words } from "./words.js";

const words: Words<"augmentation" | "all" | "noise" | "none" | "temperature" | "space" | "chosen" | "shown" | "chart" | "features" | "pixels" | "agreement" | "alike" | "alikeByPixels" | "probe"> = {
  en: {
    augmentation: "Two views differ by", all: "turn, shift, size and noise", noise: "noise only", none: "nothing", temperature: "Temperature", space: "The space of the network, seen from one side: two views of each unseen digit. The chosen pair is orange", chosen: "Chosen digit",
    shown: "A view of the chosen digit, and the five digits nearest to it: above by the network, below by pixels", chart: "Unseen digits that a linear classifier of 100 labels reads right, from features (blue) and from pixels (dashed)", features: "read right from features", pixels: "from pixels", agreement: "similarity of two views", alike: "same digit among the nearest", alikeByPixels: "by pixels", probe: "read right",
  },
  ko: {
    augmentation: "두 뷰의 차이", all: "회전·이동·크기·잡음", noise: "잡음만", none: "없음", temperature: "온도", space: "신경망의 공간을 한쪽에서 본 모습. 처음 보는 숫자마다 두 뷰가 적혀 있고, 고른 쌍은 주황색입니다", chosen: "고른 숫자",
    shown: "고른 숫자의 뷰와 가장 가까운 숫자 다섯 개. 위는 신경망, 아래는 픽셀 기준", chart: "레이블 100개로 배운 선형 분류기의 정확도. 특징에서(파란색), 픽셀에서(점선)", features: "특징에서 배운 정확도", pixels: "픽셀에서", agreement: "두 뷰의 유사도", alike: "가까운 다섯 중 같은 숫자", alikeByPixels: "픽셀 기준", probe: "정확도",
  },
};

const firstTemperature = 0.5;
/** A digit whose nearest ones are others by pixels, and the same by a trained network. */
const firstChosen = 65;
const plane = planeOf([-1.15, 1.15]);

const style = css`
  canvas { image-rendering: pixelated; }
  .plot svg text.digit { font-weight: 600; text-anchor: middle; dominant-baseline: central; stroke-width: 2px; }
  .plot svg text.digit.chosen { fill: var(--nn-zero); font-size: 18px; }
  .plot.strip { flex-basis: 100%; max-width: 440px; }
  .chosen { display: flex; justify-content: center; margin-top: 8px; }
  .pair { stroke: var(--nn-zero); stroke-width: 2.5; fill: none; }
`;

/** SimCLR: where two views of every digit lie, what is near a view, and how much a linear classifier reads from the features. */
export class ContrastiveElement extends FigureElement {
  static override styles = [figureStyle, style];

  #augmentation: AugmentationName = "all";
  #temperature = firstTemperature;
  #chosen = firstChosen;
  readonly #trainer = new Trainer(this, "contrastive", () => ({ augmentation: this.#augmentation, temperature: this.#temperature }), 120);

  override connectedCallback(): void {
    this.#augmentation = augmentationNames.find((name) => name === this.fromAddress("augmentation")) ?? "all";
    this.#temperature = this.numberFromAddress("temperature", 0.05, 1) ?? firstTemperature;
    this.#chosen = Math.round(this.numberFromAddress("digit", 0, 99) ?? firstChosen);
    super.connectedCallback();
  }

  protected override render(): TemplateResult {
    const [text, common] = [words[this.language], commonWords[this.language]];
    const { view, state, failure } = this.#trainer;
    const written = (share: number | undefined): string => (share === undefined ? "–" : percent(this.language, share));
    return html`
      <div class="figure">
        <div class="controls">
          ${this.choice(text.augmentation, augmentationNames.map((name) => [name, text[name]] as const), this.#augmentation, (augmentation) => this.#restart({ augmentation }))}
          ${this.slider(text.temperature, { min: 0.05, max: 1, step: 0.05, value: this.#temperature, text: String(this.#temperature) }, (temperature) => this.#restart({ temperature }))}
          ${this.training(state, { toggle: () => this.#trainer.toggle(), step: () => this.#trainer.step(), restart: () => this.#restart({}) })}
        </div>
        <div class="plots">
          <figure class="plot"><div class="frame"><svg viewBox="0 0 ${side} ${side}" role="img" aria-label=${text.space}>${view === undefined ? svg`` : space(view, this.#chosen)}</svg></div><figcaption>${text.space}</figcaption></figure>
          ${chartFigure(text.chart, accuracies(view, text.probe, common.steps))}
          <figure class="plot strip"><div class="frame" style="aspect-ratio: 6 / 2"><canvas width=${6 * digitSide} height=${2 * digitSide} role="img" aria-label=${text.shown}></canvas></div><figcaption>${text.shown}</figcaption></figure>
        </div>
        <div class="chosen">${this.slider(text.chosen, { min: 0, max: (view?.labels.length ?? 100) - 1, step: 1, value: this.#chosen, text: String(this.#chosen + 1) }, (chosen) => this.#choose(chosen))}</div>
        <dl class="numbers">
          <div><dt>${text.features}</dt><dd data-probe=${view?.probe ?? NaN}>${written(view?.probe)}</dd></div>
          <div><dt>${text.pixels}</dt><dd data-pixels=${view?.pixels ?? NaN}>${written(view?.pixels)}</dd></div>
          <div><dt>${text.alike}</dt><dd data-alike=${view?.alike ?? NaN}>${written(view?.alike)}</dd></div>
          <div><dt>${text.alikeByPixels}</dt><dd data-alike-pixels=${view?.alikeByPixels ?? NaN}>${written(view?.alikeByPixels)}</dd></div>
          <div><dt>${text.agreement}</dt><dd data-agreement=${view?.agreement ?? NaN}>${view?.agreement.toFixed(2) ?? "–"}</dd></div>
          <div><dt>${common.loss}</dt><dd data-loss=${view?.loss ?? NaN}>${view?.loss?.toFixed(2) ?? "–"}</dd></div>
          <div><dt>${common.steps}</dt><dd data-steps=${view?.steps ?? 0}>${view?.steps ?? 0}</dd></div>
        </dl>
        <p class="status rare" role="status">${failure === undefined ? "" : this.failed(failure)}</p>
      </div>`;
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    const { view } = this.#trainer;
    if (view === undefined) return;
    const query = view.views[this.#chosen] ?? [];
    const rows = [view.nearest, view.nearestByPixels].flatMap((nearest) => [query, ...(nearest[this.#chosen] ?? []).map((at) => view.images[at] ?? [])]);
    paintImages(this.renderRoot.querySelector("canvas"), rows, 6);
  }

  #choose(chosen: number): void {
    this.#chosen = chosen;
    this.toAddress({ digit: chosen });
    this.requestUpdate();
  }

  #restart({ augmentation = this.#augmentation, temperature = this.#temperature }: { readonly augmentation?: AugmentationName; readonly temperature?: number }): void {
    [this.#augmentation, this.#temperature] = [augmentation, temperature];
    this.toAddress({ augmentation, temperature });
    this.#trainer.restart();
    this.requestUpdate();
  }
}

/** Both views of every digit, written where the network puts them. */
function space({ first, second, labels }: ContrastiveView, chosen: number): SVGTemplateResult {
  const drawn = (place: Point | undefined, at: number, name: string): SVGTemplateResult => (place === undefined ? svg`` : svg`<text class="digit ${name}" x=${plane.x(place[0]).toFixed(1)} y=${plane.y(place[1]).toFixed(1)}>${labels[at]}</text>`);
  const ends = [first[chosen], second[chosen]].filter((place) => place !== undefined);
  return svg`
    ${[first, second].map((views) => views.map((place, at) => drawn(place, at, "")))}
    <polyline class="pair" points=${pathOf(ends, plane)}/>
    ${ends.map((place) => drawn(place, chosen, "chosen"))}`;
}

/** The accuracy from features over the steps, and that from pixels. */
function accuracies(view: ContrastiveView | undefined, label: string, steps: string): SVGTemplateResult {
  const most = 400 * Math.max(1, Math.ceil((view?.steps ?? 0) / 400));
  const pixels: readonly Point[] = view === undefined ? [] : [[0, view.pixels], [most, view.pixels]];
  return chart({ x: { domain: [0, most], label: steps }, y: { domain: [0, 1], label }, series: [{ points: pixels, colour: "var(--nn-zero)", dashes: "6 4" }, { points: view?.probes ?? [], colour: "var(--nn-one)", width: 2.5 }] });
}
