import { scaleLinear } from "d3-scale";
import { html, svg, type SVGTemplateResult, type TemplateResult } from "lit";
import { examplesWith, goalCurve, goals, range, type Goal, type LabelledNumber } from "../tasks/proxy.js";
import { Trainer } from "../worker/trainer.js";
import { chart, chartArea, chartHeight, chartWidth, type Scales } from "./chart.js";
import { handle } from "./handle.js";
import type { Look } from "./legend.js";
import { ViewElement } from "./views-element.js";
import { commonWords, type Words } from "./words.js";

const words: Words<"outliers" | "none" | "one" | "two" | "goal" | Goal | "plot" | "curves" | "point" | "border" | "slope" | "wrong" | "fewest" | "best" | "worse" | "flat"> = {
  en: { outliers: "Blue points on the wrong side", none: "none", one: "one", two: "two", goal: "Descend on", crossEntropy: "cross-entropy", errors: "share of errors", plot: "Drag the points or the border. Left of it the answer is orange, right of it blue", curves: "Cross-entropy (solid) and share of errors (dashed) of every border", point: "Point", border: "border", slope: "slope", wrong: "wrong", fewest: "fewest possible", best: "The loss is smallest here, and no border makes fewer errors.", worse: "The loss is smallest here. Another border makes fewer errors.", flat: "The slope is 0: the border does not move." },
  ko: { outliers: "반대쪽에 놓인 파란 점", none: "없음", one: "하나", two: "둘", goal: "무엇을 줄일까", crossEntropy: "교차 엔트로피", errors: "오답률", plot: "점이나 경계를 끌어 보세요. 경계 왼쪽은 주황, 오른쪽은 파랑이라고 답합니다", curves: "경계의 위치에 따른 교차 엔트로피(실선)\u2060와 오답률(점선)", point: "점", border: "경계", slope: "기울기", wrong: "오답", fewest: "가능한 최소", best: "여기서 손실이 가장 작고, 오답도 이보다 줄일 수 없습니다.", worse: "여기서 손실이 가장 작습니다. 그런데 오답이 더 적은 경계가 따로 있습니다.", flat: "기울기가 0이어서 경계가 움직이지 않습니다." },
};

const looks: Readonly<Record<Goal, Look>> = { crossEntropy: { colour: "var(--nn-one)", dashes: "none" }, errors: { colour: "var(--nn-zero)", dashes: "6 4" } };
const firstBorder = -3.5;
const [lineHeight, middle] = [84, 46];
const place = scaleLinear().domain([...range]).range([chartArea.left, chartArea.right]);
const stride = place(0.1) - place(0);
const inside = (left: number): number => Math.min(range[1], Math.max(range[0], Math.round(place.invert(left) * 100) / 100));

/** Points on a line and a border between them: the loss that is made small, and the errors that are meant. */
export class LossProxyElement extends ViewElement {
  #examples = examplesWith(1);
  #goal: Goal = "crossEntropy";
  #border = firstBorder;
  readonly #trainer = new Trainer(this, "proxy", () => ({ examples: this.#examples, goal: this.#goal, border: this.#border }), 20);

  override connectedCallback(): void {
    const xs = this.fromAddress("points")?.split(",").map(Number) ?? [];
    this.#goal = goals.find((goal) => goal === this.fromAddress("goal")) ?? "crossEntropy";
    this.#border = this.numberFromAddress("border", ...range) ?? firstBorder;
    const given = [0, 1, 2].map(examplesWith).find(({ length }) => length === xs.length);
    if (given !== undefined && xs.every((x) => x >= range[0] && x <= range[1])) this.#examples = given.map(({ label }, at) => ({ x: xs[at] ?? 0, label }));
    super.connectedCallback();
  }

  protected override render(): TemplateResult {
    const [text, common] = [words[this.language], commonWords[this.language]];
    const { view, state, failure } = this.#trainer;
    const count = this.#examples.length;
    const curves = { crossEntropy: goalCurve(this.#examples, "crossEntropy"), errors: goalCurve(this.#examples, "errors") };
    const wrong = Math.round((view?.values.errors ?? NaN) * count);
    const fewest = Math.round(Math.min(...curves.errors.map(([, value]) => value)) * count);
    const ended = state !== "done" ? "" : this.#goal === "errors" ? text.flat : wrong > fewest ? text.worse : text.best;
    const wrongSide = [0, 1, 2].find((each) => numbersText(examplesWith(each)) === numbersText(this.#examples)) ?? -1;
    return html`
      <div class="controls">
        ${this.choice<number>(text.outliers, [[0, text.none], [1, text.one], [2, text.two]], wrongSide, (outliers) => this.#restart({ examples: examplesWith(outliers) }))}
        ${this.choice(text.goal, goals.map((goal) => [goal, text[goal]] as const), this.#goal, (goal) => this.#restart({ goal }))}
        ${this.training(state, { toggle: () => this.#trainer.toggle(), step: () => this.#trainer.step(), restart: () => this.#restart({}) })}
      </div>
      <div class="plots"><div class="plot" style="max-width: 420px">
        <figure style="margin: 0 0 12px"><div class="frame" style="aspect-ratio: ${chartWidth} / ${lineHeight}"><svg viewBox="0 0 ${chartWidth} ${lineHeight}" role="group" aria-label=${text.plot}>${this.#line(view?.border ?? this.#border)}</svg></div><figcaption>${text.plot}</figcaption></figure>
        <figure style="margin: 0"><div class="frame" style="aspect-ratio: ${chartWidth} / ${chartHeight}"><svg viewBox="0 0 ${chartWidth} ${chartHeight}" role="img" aria-label=${text.curves}>
          ${chart({ x: { domain: range, label: text.border }, y: { domain: [0, 3], label: "" }, series: goals.map((goal) => ({ points: curves[goal], ...looks[goal] })), more: (scales) => this.#places(scales) })}
        </svg></div><figcaption>${text.curves}</figcaption></figure>
      </div></div>
      <dl class="numbers">
        <div><dt>${text.crossEntropy}</dt><dd data-loss=${view?.values.crossEntropy ?? NaN}>${view?.values.crossEntropy.toFixed(3) ?? ""}</dd></div>
        <div><dt>${text.wrong}</dt><dd data-wrong=${wrong}>${view === undefined ? "" : `${wrong} / ${count}`}</dd></div>
        <div><dt>${text.fewest}</dt><dd data-fewest=${fewest}>${fewest} / ${count}</dd></div>
        <div><dt>${text.slope}</dt><dd data-slope=${view?.slope ?? NaN}>${view === undefined ? "" : short(view.slope)}</dd></div>
        <div><dt>${common.steps}</dt><dd data-steps=${view?.steps ?? 0} data-border=${view?.border ?? NaN}>${view?.steps ?? 0}</dd></div>
      </dl>
      <p class="status" role="status">${failure === undefined ? ended : this.failed(failure)}</p>`;
  }

  /** The points, and the border between what is answered orange and blue. */
  #line(border: number): SVGTemplateResult {
    const text = words[this.language];
    const at = place(border);
    return svg`
      <rect class="side-zero" x="0" width=${at} height=${lineHeight}/><rect class="side-one" x=${at} width=${chartWidth - at} height=${lineHeight}/>
      <line x1=${chartArea.left} x2=${chartArea.right} y1=${middle} y2=${middle} stroke="var(--nn-line)"/>
      <line class="border" x1=${at} x2=${at} y1="0" y2=${lineHeight}/>
      ${this.#examples.map(({ x, label }, index) => {
        const wrong = label === 1 ? x <= border : x > border;
        const mark = label === 1 ? svg`<circle class="point one" cx=${place(x)} cy=${middle} r="8"/>` : svg`<rect class="point zero" x=${place(x) - 7} y=${middle - 7} width="14" height="14" rx="2"/>`;
        return handle({ at: [place(x), middle], label: `${text.point} ${index + 1}`, text: short(x), value: x, bounds: range, stride, shape: svg`${wrong ? svg`<circle class="wrong" cx=${place(x)} cy=${middle} r="13"/>` : svg``}${mark}`, move: ([left]) => this.#restart({ examples: this.#examples.map((example, each) => (each === index ? { ...example, x: inside(left) } : example)) }) });
      })}
      ${handle({ at: [at, 14], label: text.border, text: short(border), value: border, bounds: range, stride, shape: svg`<circle class="handle" cx=${at} cy="14" r="8"/>`, move: ([left]) => this.#restart({ border: inside(left) }) })}`;
  }

  /** Where the border is on the curves. */
  #places({ x, y }: Scales): SVGTemplateResult {
    const { view } = this.#trainer;
    if (view === undefined) return svg``;
    const at = x(view.border);
    return svg`<line x1=${at} x2=${at} y1=${chartArea.top} y2=${chartArea.bottom} stroke="var(--nn-ink)" stroke-dasharray="2 3"/>${goals.map((goal) => svg`<circle cx=${at} cy=${y(view.values[goal])} r=${goal === this.#goal ? 8 : 5} fill=${looks[goal].colour} stroke="var(--nn-paper)" stroke-width="2"/>`)}`;
  }

  #restart({ examples = this.#examples, goal = this.#goal, border = this.#border }: { readonly examples?: readonly LabelledNumber[]; readonly goal?: Goal; readonly border?: number }): void {
    [this.#examples, this.#goal, this.#border] = [examples, goal, border];
    this.toAddress({ points: numbersText(examples), goal, border: Number(border.toFixed(2)) });
    this.#trainer.restart();
    this.requestUpdate();
  }
}

/** The places of examples as text for an address. */
const numbersText = (examples: readonly LabelledNumber[]): string => examples.map(({ x }) => Number(x.toFixed(2))).join(",");

const short = (value: number): string => String(Number(value.toFixed(3))).replace("-", "−");
