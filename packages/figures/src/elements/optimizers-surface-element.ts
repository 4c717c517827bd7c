import { html, svg, type CSSResultGroup, type SVGTemplateResult, type TemplateResult } from "lit";
import { optimizerNames, type OptimizerName, type Rates } from "../tasks/optimizers.js";
import { arrivedBelow, heightGrid, range, surfaceNames, surfaces, type Place, type RacerView, type SurfaceName } from "../tasks/surface-race.js";
import { Trainer } from "../worker/trainer.js";
import { chart, chartHeight, chartWidth } from "./chart.js";
import { contour } from "./contours.js";
import { handle } from "./handle.js";
import { optimizerLooks } from "./optimizer-looks.js";
import { planeOf, side } from "./plane.js";
import { racersStyle, racersTable, ratesFrom, ratesText, shownFrom } from "./racers-table.js";
import { ViewElement } from "./views-element.js";
import { commonWords, filled, type Words } from "./words.js";

const words: Words<"surface" | SurfaceName | "start" | "plot" | "heights" | "height" | "optimizer" | "result" | "diverged" | "after"> = {
  en: { surface: "Surface", ravine: "ravine", saddle: "saddle", bend: "bent valley", hollows: "hollows", start: "the start", plot: "The surface from above. Drag the circle: all begin there", heights: "The height of each optimizer, on a logarithmic scale", height: "height", optimizer: "Optimizer", result: "Height reached", diverged: "diverged", after: "step #" },
  ko: { surface: "곡면", ravine: "좁은 골짜기", saddle: "안장점", bend: "굽은 골짜기", hollows: "웅덩이", start: "출발점", plot: "위에서 본 곡면. 동그라미를 끌어 출발점을 옮기세요", heights: "최적화 알고리즘마다의 높이 (로그 눈금)", height: "높이", optimizer: "알고리즘", result: "도착한 높이", diverged: "발산", after: "#단계" },
};

const plane = planeOf(range);
const gridSide = 101;
const levels = [0.01, 0.03, 0.1, 0.2, 0.4, 0.7, 1.1, 1.6, 2.3, 3.2, 4.5, 6.5, 9, 13, 18, 26];
const lowest = 1e-6;

/** The contour lines of each surface, computed when it is first shown. */
class Contours {
  readonly #paths = new Map<SurfaceName, readonly string[]>();

  of(surface: SurfaceName): readonly string[] {
    const known = this.#paths.get(surface);
    if (known !== undefined) return known;
    const heights = heightGrid(surface, gridSide);
    const paths = levels.map((level) => contour(heights, gridSide, level, side));
    this.#paths.set(surface, paths);
    return paths;
  }
}

/** Seven optimizers that go down one surface from one start. */
export class OptimizersSurfaceElement extends ViewElement {
  static override styles: CSSResultGroup = [ViewElement.styles, racersStyle];

  #surface: SurfaceName = "ravine";
  #start: Place = surfaces.ravine.start;
  #rates: Rates = surfaces.ravine.rates;
  #shown: readonly OptimizerName[] = optimizerNames;
  readonly #contours = new Contours();
  readonly #trainer = new Trainer(this, "surfaceRace", () => ({ surface: this.#surface, start: this.#start, rates: this.#rates }), 30);

  override connectedCallback(): void {
    this.#surface = surfaceNames.find((name) => name === this.fromAddress("surface")) ?? "ravine";
    const [x = NaN, y = NaN, ...more] = this.fromAddress("start")?.split(",").map(Number) ?? [];
    const inside = (value: number): boolean => value >= range[0] && value <= range[1];
    this.#start = inside(x) && inside(y) && more.length === 0 ? [x, y] : surfaces[this.#surface].start;
    this.#rates = ratesFrom(this.fromAddress("rates")) ?? surfaces[this.#surface].rates;
    this.#shown = shownFrom(this.fromAddress("optimizers"));
    super.connectedCallback();
  }

  protected override render(): TemplateResult {
    const [text, common] = [words[this.language], commonWords[this.language]];
    const { view, state, failure } = this.#trainer;
    return html`
      <div class="controls">
        ${this.choice(text.surface, surfaceNames.map((name) => [name, text[name]] as const), this.#surface, (surface) => this.#restart({ surface, start: surfaces[surface].start, rates: surfaces[surface].rates }))}
        ${this.training(state, { toggle: () => this.#trainer.toggle(), step: () => this.#trainer.step(), restart: () => this.#restart({}) })}
      </div>
      <div class="plots">
        <figure class="plot"><div class="frame"><svg viewBox="0 0 ${side} ${side}" role="group" aria-label=${text.plot}>${this.#plane()}</svg></div><figcaption>${text.plot}</figcaption></figure>
        <figure class="plot"><div class="frame" style="aspect-ratio: ${chartWidth} / ${chartHeight}"><svg viewBox="0 0 ${chartWidth} ${chartHeight}" role="img" aria-label=${text.heights}>
          ${chart({ x: { domain: [0, Math.max(50, view?.steps ?? 0)], label: common.steps }, y: { domain: [lowest, 10], label: text.height, logarithmic: true }, series: this.#shown.map((name) => ({ ...optimizerLooks[name], points: (view?.racers[name].heights ?? []).map((height, step) => [step, height] as const) })) })}
        </svg></div><figcaption>${text.heights}</figcaption></figure>
      </div>
      ${racersTable({ rates: this.#rates, shown: this.#shown, headings: { optimizer: text.optimizer, rate: common.rate, result: text.result }, result: (name) => this.#result(name, view?.racers[name]), show: (shown) => this.#show(shown), change: (rates) => this.#restart({ rates }) })}
      <p class="status" role="status" data-steps=${view?.steps ?? 0}>${failure === undefined ? `f(x, y) = ${surfaces[this.#surface].formula} · ${filled(common.stepCount, view?.steps ?? 0)}` : this.failed(failure)}</p>`;
  }

  #result(name: OptimizerName, racer: RacerView | undefined): TemplateResult {
    const text = words[this.language];
    const height = racer?.heights.at(-1) ?? NaN;
    const said = racer === undefined ? "" : racer.diverged ? text.diverged : racer.arrival === undefined ? short(height) : filled(text.after, racer.arrival);
    return html`<span data-optimizer=${name} data-height=${height} data-arrival=${racer?.arrival ?? NaN}>${said}</span>`;
  }

  #plane(): SVGTemplateResult {
    const { view } = this.#trainer;
    const at = placed(this.#start);
    const move = ([left, top]: readonly [number, number]): void => {
      const inside = (value: number): number => Math.min(range[1], Math.max(range[0], Math.round(value * 50) / 50));
      this.#restart({ start: [inside(plane.x.invert(left)), inside(plane.y.invert(top))] });
    };
    return svg`
      ${this.#contours.of(this.#surface).map((path) => svg`<path d=${path} fill="none" stroke="var(--nn-line)" stroke-opacity="0.9"/>`)}
      ${this.#shown.map((name) => svg`<polyline points=${(view?.racers[name].path ?? []).map((place) => placed(place).join(",")).join(" ")} fill="none" stroke=${optimizerLooks[name].colour} stroke-width="2" stroke-dasharray=${optimizerLooks[name].dashes} stroke-linejoin="round"/>`)}
      ${handle({ at, label: words[this.language].start, text: `x ${short(this.#start[0])}, y ${short(this.#start[1])}`, value: this.#start[0], bounds: range, stride: plane.x(0.1) - plane.x(0), move, shape: svg`<circle class="handle" cx=${at[0]} cy=${at[1]} r="8"/>` })}
      ${this.#shown.map((name) => {
        const [x, y] = placed(view?.racers[name].path.at(-1) ?? this.#start);
        return (view?.steps ?? 0) === 0 ? svg`` : svg`<circle cx=${x} cy=${y} r="6" fill=${optimizerLooks[name].colour} stroke="var(--nn-paper)" stroke-width="2" pointer-events="none"/>`;
      })}`;
  }

  #show(shown: readonly OptimizerName[]): void {
    this.#shown = shown;
    this.toAddress({ optimizers: shown.join(",") });
    this.requestUpdate();
  }

  #restart({ surface = this.#surface, start = this.#start, rates = this.#rates }: { readonly surface?: SurfaceName; readonly start?: Place; readonly rates?: Rates }): void {
    [this.#surface, this.#start, this.#rates] = [surface, start, rates];
    this.toAddress({ surface, start: start.map((value) => Number(value.toFixed(2))).join(","), rates: ratesText(rates) });
    this.#trainer.restart();
    this.requestUpdate();
  }
}

/** Where a place is drawn. Browsers draw no coordinates without bounds. */
const placed = ([x, y]: Place): readonly [number, number] => {
  const bounded = (coordinate: number): number => Math.round(Math.max(-2000, Math.min(2000, coordinate)) * 10) / 10;
  return [bounded(plane.x(x)), bounded(plane.y(y))];
};

const short = (value: number): string => (value !== 0 && Math.abs(value) < arrivedBelow ? value.toExponential(1) : String(Number(value.toPrecision(2)))).replace("-", "−");
