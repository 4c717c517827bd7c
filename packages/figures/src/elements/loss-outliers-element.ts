import { css, html, svg, type CSSResultGroup, type SVGTemplateResult, type TemplateResult } from "lit";
import { costsOf, flatLines, lossNames, pointsWith, range, trueLine, type Lines, type LossName, type Pair } from "../tasks/robust-line.js";
import { Trainer } from "../worker/trainer.js";
import { chart, chartFigure } from "./chart.js";
import { handle } from "./handle.js";
import { swatch, type Look } from "./legend.js";
import { planeOf, side, type Plane } from "./plane.js";
import { ViewElement } from "./views-element.js";
import { commonWords, type Words } from "./words.js";

const words: Words<"outliers" | "none" | "one" | "three" | "plot" | "costs" | "point" | "error" | "cost" | "slope" | "truth" | "away"> = {
  en: { outliers: "Outliers", none: "none", one: "one", three: "three", plot: "Drag the points. Each loss fits a line of its own", costs: "What an error costs. The dots are the point that you moved last", point: "Point", error: "error", cost: "loss", slope: "slope", truth: "true line", away: "Distance from the true slope" },
  ko: { outliers: "이상치", none: "없음", one: "하나", three: "셋", plot: "점을 끌어 보세요. 손실 함수마다 직선을 따로 맞춥니다", costs: "오차에 따른 손실. 동그라미는 마지막으로 옮긴 점입니다", point: "점", error: "오차", cost: "손실", slope: "기울기", truth: "점을 만든 직선", away: "점을 만든 직선의 기울기와 다른 정도" },
};

const lossLooks: Readonly<Record<LossName, Look>> = {
  L2: { colour: "var(--nn-zero)", dashes: "none" },
  L1: { colour: "var(--nn-one)", dashes: "9 5" },
  Huber: { colour: "var(--nn-third)", dashes: "3 4" },
};

const plane = planeOf(range);
const counts = [0, 1, 3] as const;
const errors = Array.from({ length: 121 }, (_, at) => -6 + at / 10);
const curves = lossNames.map((name) => ({ ...lossLooks[name], points: costsOf(name, errors).map((cost, at) => [errors[at] ?? NaN, cost] as const) }));

/** Points that are dragged, and a line that each of three losses fits to them. */
export class LossOutliersElement extends ViewElement {
  static override styles: CSSResultGroup = [ViewElement.styles, css`.handle.moved { fill: var(--nn-ink); }`];

  #points = pointsWith(1);
  #moved = this.#points.length - 1;
  #from: Lines = flatLines;
  readonly #trainer = new Trainer(this, "robustLine", () => ({ points: this.#points, from: this.#from }), 120);

  override connectedCallback(): void {
    const count = counts.find((each) => String(each) === this.fromAddress("outliers"));
    this.#points = pointsFrom(this.fromAddress("points")) ?? pointsWith(count ?? 1);
    super.connectedCallback();
  }

  protected override render(): TemplateResult {
    const [text, common] = [words[this.language], commonWords[this.language]];
    const { view, state, failure } = this.#trainer;
    const lines = view?.lines ?? this.#from;
    const count = counts.find((each) => pointsText(pointsWith(each)) === pointsText(this.#points)) ?? -1;
    return html`
      <div class="controls">
        ${this.choice<number>(text.outliers, [[0, text.none], [1, text.one], [3, text.three]], count, (outliers) => this.#take(pointsWith(outliers)))}
        ${this.training(state, { toggle: () => this.#trainer.toggle(), step: () => this.#trainer.step(), restart: () => this.#restart(flatLines) })}
      </div>
      <div class="plots">
        <figure class="plot"><div class="frame"><svg viewBox="0 0 ${side} ${side}" role="group" aria-label=${text.plot}>${this.#plane(lines)}</svg></div><figcaption>${text.plot}</figcaption></figure>
        ${chartFigure(text.costs, this.#costs(lines))}
      </div>
      <dl class="numbers">
        ${lossNames.map((name) => html`<div><dt>${swatch(lossLooks[name])} ${name}: ${text.slope}</dt><dd data-line=${name} data-slope=${lines[name][0]}>${short(lines[name][0])}</dd></div>`)}
        <div><dt>${swatch({ colour: "var(--nn-line)", dashes: "1 4" })} ${text.truth}: ${text.slope}</dt><dd>${short(trueLine[0])}</dd></div>
        <div><dt>${common.steps}</dt><dd data-steps=${view?.steps ?? 0}>${view?.steps ?? 0}</dd></div>
      </dl>
      <p class="status" role="status">${failure === undefined ? `${text.away}: ${lossNames.map((name) => `${name}\u00A0${Math.abs(lines[name][0] - trueLine[0]).toFixed(2)}`).join(" · ")}` : this.failed(failure)}</p>`;
  }

  #plane(lines: Lines): SVGTemplateResult {
    const text = words[this.language];
    return svg`
      ${grid(plane)}
      ${lineOf(trueLine, { colour: "var(--nn-line)", dashes: "1 4" })}
      ${lossNames.map((name) => lineOf(lines[name], lossLooks[name]))}
      ${this.#points.map((point, index) => {
        const at = [plane.x(point[0]), plane.y(point[1])] as const;
        return handle({ at, label: `${text.point} ${index + 1}`, text: `x ${short(point[0])}, y ${short(point[1])}`, value: point[1], bounds: range, stride: plane.x(0.1) - plane.x(0), move: (to) => this.#drag(index, to), shape: svg`<circle class=${index === this.#moved ? "handle moved" : "handle"} cx=${at[0]} cy=${at[1]} r="7"/>` });
      })}`;
  }

  /** The losses of an error, and where the point that was moved last is on each. */
  #costs(lines: Lines): SVGTemplateResult {
    const text = words[this.language];
    const [x, y] = this.#points[this.#moved] ?? [0, 0];
    const dots = lossNames.map((name) => {
      const error = lines[name][0] * x + lines[name][1] - y;
      return { error, cost: costsOf(name, [error])[0] ?? NaN, colour: lossLooks[name].colour };
    });
    return chart({ x: { domain: [-6, 6], label: text.error }, y: { domain: [0, 12], label: text.cost }, series: curves, more: (scales) => svg`${dots.map(({ error, cost, colour }) => svg`<circle cx=${scales.x(error)} cy=${scales.y(cost)} r="6" fill=${colour} stroke="var(--nn-paper)" stroke-width="2"/>`)}` });
  }

  /** Moves a point; the lines follow from where they are. */
  #drag(index: number, [left, top]: readonly [number, number]): void {
    const inside = (value: number): number => Math.min(range[1], Math.max(range[0], Math.round(value * 100) / 100));
    const moved: Pair = [inside(plane.x.invert(left)), inside(plane.y.invert(top))];
    this.#moved = index;
    this.#take(this.#points.map((point, at) => (at === index ? moved : point)));
    this.#trainer.run();
  }

  #take(points: readonly Pair[]): void {
    this.#points = points;
    this.toAddress({ points: pointsText(points) });
    this.#restart(this.#trainer.view?.lines ?? this.#from);
  }

  #restart(from: Lines): void {
    this.#from = from;
    this.#trainer.restart();
    this.requestUpdate();
  }
}

function grid({ x, y }: Plane): SVGTemplateResult {
  const ticks = [-2, -1, 0, 1, 2];
  return svg`
    ${ticks.map((tick) => svg`<line x1=${x(tick)} x2=${x(tick)} y1="0" y2=${side} stroke="var(--nn-faint)"/><text x=${x(tick) + 4} y=${side - 6}>${short(tick)}</text>`)}
    ${ticks.map((tick) => svg`<line y1=${y(tick)} y2=${y(tick)} x1="0" x2=${side} stroke="var(--nn-faint)"/><text x="4" y=${y(tick) - 4}>${short(tick)}</text>`)}`;
}

function lineOf([slope, intercept]: Pair, { colour, dashes }: Look): SVGTemplateResult {
  const [from, to] = range;
  return svg`<line x1=${plane.x(from)} y1=${plane.y(slope * from + intercept)} x2=${plane.x(to)} y2=${plane.y(slope * to + intercept)} stroke=${colour} stroke-width="2.5" stroke-dasharray=${dashes}/>`;
}

/** Points as text for an address. */
const pointsText = (points: readonly Pair[]): string => points.map(([x, y]) => `${Number(x.toFixed(2))},${Number(y.toFixed(2))}`).join(";");

/** The points of a text; `undefined` if it has none. */
function pointsFrom(text: string | undefined): readonly Pair[] | undefined {
  const points = text?.split(";").map((pair): Pair => {
    const [x = NaN, y = NaN] = pair.split(",").map(Number);
    return [x, y];
  }) ?? [];
  const fit = (value: number): boolean => value >= range[0] && value <= range[1];
  return points.length === pointsWith(0).length && points.every(([x, y]) => fit(x) && fit(y)) ? points : undefined;
}

const short = (value: number): string => String(Number(value.toFixed(2))).replace("-", "−");
