import { scaleLinear } from "d3-scale";
import { html, svg, type SVGTemplateResult, type TemplateResult } from "lit";
import { examples, functionNames, range, sizes, valuesOf, type ApproximationView, type FitView, type FunctionName, type Size } from "../tasks/approximation.js";
import { Trainer } from "../worker/trainer.js";
import { curveFrom, lift, stroke, textOf, type Curve, type Place } from "./drawn-curve.js";
import { FigureElement, inputOf } from "./figure-element.js";
import { commonWords, filled, type Words } from "./words.js";

const words: Words<"function" | "wave" | "jumps" | "ripples" | "drawn" | "neurons" | "deep" | "seed" | "plot" | "parts" | "handle" | "wide" | "layers" | "parameters" | "fitted" | "ended"> = {
  en: { function: "Function", wave: "wave", jumps: "jumps", ripples: "ripples", drawn: "your own", neurons: "Neurons in the wide layer", deep: "a deep network beside it", seed: "Other weights", plot: "Draw here. The points are your function, the curve is what the network answers", parts: "What each neuron of the wide layer adds. The sum is the blue curve above", handle: "Height of the function: left and right move along, up and down bend it", wide: "one layer of #", layers: "three layers of #", parameters: "# parameters", fitted: "The curve fits the function.", ended: "Training ends here. More neurons or other weights may come closer." },
  ko: { function: "함수", wave: "물결", jumps: "계단", ripples: "잔물결", drawn: "직접 그리기", neurons: "넓은 층의 뉴런 수", deep: "깊은 신경망과 비교", seed: "다른 초깃값", plot: "여기에 그려 보세요. 점이 함수, 곡선이 신경망의 출력입니다", parts: "넓은 층의 뉴런 하나하나가 더하는 몫. 모두 더하면 위의 파란 곡선이 됩니다", handle: "함수의 높이: 좌우 화살표로 옮겨 가고 상하 화살표로 구부립니다", wide: "#개짜리 한 층", layers: "#개짜리 세 층", parameters: "매개변수 #개", fitted: "신경망이 함수를 따라 그렸습니다.", ended: "학습이 끝났습니다. 뉴런을 늘리거나 다른 초깃값으로 시작하면 더 가까워질 수 있습니다." },
};

const names = [...functionNames, "drawn"] as const;
type Name = FunctionName | "drawn";

const [width, height, low] = [640, 340, 190];
const x = scaleLinear().domain([...range.x]).range([0, width]);
const y = scaleLinear().domain([...range.y]).range([height, 0]);
/** The parts of a sum are larger than the sum. */
const part = scaleLinear().domain([-3, 3]).range([low, 0]);
const indexScale = scaleLinear().domain([0, examples - 1]).range([0, width]);
const middle = Math.floor(examples / 2);
const firstSeed = 1;
/** A curve with a smaller loss is hardly told from the function by eye. */
const fitted = 1e-3;

/** A function that is drawn, and a wide layer that fits it, with a deep network of equally many parameters beside it. */
export class ApproximationElement extends FigureElement {
  #name: Name = "wave";
  #curve: Curve = valuesOf("wave");
  #size: Size = sizes[0];
  #deep = false;
  #seed = firstSeed;
  /** The point that keys move. */
  #index = middle;
  /** Where the pointer was last, while it draws. */
  #pen: Place | undefined;
  readonly #trainer = new Trainer(this, "approximation", () => ({ target: this.#curve, size: this.#size, deep: this.#deep, seed: this.#seed }), 600);

  override connectedCallback(): void {
    const name = names.find((each) => each === this.fromAddress("function")) ?? "wave";
    this.#show(name, curveFrom(this.fromAddress("curve"), examples, range.y));
    this.#size = sizes.find(({ neurons }) => String(neurons) === this.fromAddress("neurons")) ?? sizes[0];
    this.#deep = this.fromAddress("deep") === "1";
    this.#seed = Math.round(this.numberFromAddress("seed", 0, 1e6) ?? firstSeed);
    super.connectedCallback();
  }

  protected override render(): TemplateResult {
    const [text, common] = [words[this.language], commonWords[this.language]];
    const { view, state, failure } = this.#trainer;
    const ended = state !== "done" || view === undefined ? "" : Math.max(view.wide.loss, view.deep?.loss ?? 0) < fitted ? text.fitted : text.ended;
    return html`
      <div class="figure">
        <div class="controls">
          ${this.choice(text.function, names.map((name) => [name, text[name]] as const), this.#name, (name) => this.#choose(name))}
          ${this.choice(text.neurons, sizes.map(({ neurons }) => [neurons, String(neurons)] as const), this.#size.neurons, (neurons) => this.#restart({ size: sizes.find((each) => each.neurons === neurons) ?? this.#size }))}
          <label><input type="checkbox" .checked=${this.#deep} @change=${(event: Event) => this.#restart({ deep: inputOf(event).checked })}> ${text.deep}</label>
          ${this.training(state, { toggle: () => this.#trainer.toggle(), step: () => this.#trainer.step(), restart: () => this.#restart({}) })}
          <button type="button" @click=${() => this.#restart({ seed: this.#seed + 1 })}>${text.seed}</button>
        </div>
        <div class="plots">
          <figure class="plot wide"><div class="frame" style="aspect-ratio: ${width} / ${height}">
            <svg viewBox="0 0 ${width} ${height}" role="group" aria-label=${text.plot} style="touch-action: none; cursor: crosshair"
              @pointerdown=${(event: PointerEvent) => this.#press(event)} @pointermove=${(event: PointerEvent) => this.#move(event)} @pointerup=${() => this.#release()} @pointercancel=${() => this.#release()}>${this.#plot(view)}</svg>
          </div><figcaption>${text.plot}</figcaption></figure>
          <figure class="plot wide"><div class="frame" style="aspect-ratio: ${width} / ${low}"><svg viewBox="0 0 ${width} ${low}" role="img" aria-label=${text.parts}>${view === undefined ? svg`` : parts(view)}</svg></div><figcaption>${text.parts}</figcaption></figure>
        </div>
        <dl class="numbers">
          ${this.#numbers("wide", filled(text.wide, this.#size.neurons), view?.wide)}
          ${this.#deep ? this.#numbers("deep", filled(text.layers, this.#size.each), view?.deep) : ""}
          <div><dt>${common.steps}</dt><dd data-steps=${view?.steps ?? 0}>${view?.steps ?? 0}</dd></div>
        </dl>
        <p class="status" role="status">${failure === undefined ? ended : this.failed(failure)}</p>
      </div>`;
  }

  #numbers(kind: keyof typeof lines, label: string, fit: FitView | undefined): TemplateResult {
    const [text, common] = [words[this.language], commonWords[this.language]];
    const parameters = fit === undefined ? "" : filled(text.parameters, fit.parameters);
    const loss = html`<dd data-network=${kind} data-loss=${fit?.loss ?? NaN} data-parameters=${fit?.parameters ?? NaN}>${fit?.loss.toFixed(6) ?? ""}</dd>`;
    return html`<div style="flex-wrap: wrap; gap: 0 8px"><dt><svg width="28" height="10" aria-hidden="true"><line x1="0" x2="28" y1="5" y2="5" stroke=${lines[kind].colour} stroke-width="3" stroke-dasharray=${lines[kind].dashes}/></svg> ${label} · ${parameters} · ${common.loss}</dt>${loss}</div>`;
  }

  #plot(view: ApproximationView | undefined): SVGTemplateResult {
    const at = this.#curve[this.#index] ?? 0;
    const place = `x ${x.invert(indexScale(this.#index)).toFixed(1)}, y ${at.toFixed(2)}`;
    return svg`
      ${gridLines(height, y, [-1, 0, 1])}
      ${this.#curve.map((value, index) => svg`<circle cx=${indexScale(index)} cy=${y(value)} r="3" fill="var(--nn-ink)"/>`)}
      ${view?.deep === undefined ? svg`` : line(view.deep.curve, "deep")}
      ${view === undefined ? svg`` : line(view.wide.curve, "wide")}
      ${gridNumbers(height, y, [-1, 0, 1])}
      <circle class="handle" cx=${indexScale(this.#index)} cy=${y(at)} r="9" tabindex="0" role="slider" aria-label=${words[this.language].handle} aria-valuenow=${at.toFixed(2)} aria-valuemin=${range.y[0]} aria-valuemax=${range.y[1]} aria-valuetext=${place}
        @keydown=${(event: KeyboardEvent) => this.#key(event)} @keyup=${(event: KeyboardEvent) => this.#keyUp(event)}/>`;
  }

  #placeOf(event: PointerEvent): Place | undefined {
    if (!(event.currentTarget instanceof SVGElement)) return undefined;
    const frame = event.currentTarget.getBoundingClientRect();
    const index = Math.round(indexScale.invert(((event.clientX - frame.left) / frame.width) * width));
    const value = y.invert(((event.clientY - frame.top) / frame.height) * height);
    return { index: Math.min(examples - 1, Math.max(0, index)), value: Math.min(range.y[1], Math.max(range.y[0], value)) };
  }

  #press(event: PointerEvent): void {
    const place = this.#placeOf(event);
    if (place === undefined || event.button !== 0 || !(event.currentTarget instanceof Element)) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    this.#draw(place, place);
  }

  #move(event: PointerEvent): void {
    const place = this.#placeOf(event);
    if (this.#pen !== undefined && place !== undefined) this.#draw(this.#pen, place);
  }

  #draw(from: Place, to: Place): void {
    [this.#pen, this.#index] = [to, to.index];
    this.#show("drawn", stroke(this.#curve, from, to));
    this.requestUpdate();
  }

  #release(): void {
    if (this.#pen === undefined) return;
    this.#pen = undefined;
    this.#fit();
  }

  #key(event: KeyboardEvent): void {
    const along = { ArrowLeft: -1, ArrowRight: 1, PageUp: 10, PageDown: -10, Home: -examples, End: examples }[event.key];
    const up = bends[event.key];
    if (along === undefined && up === undefined) return;
    event.preventDefault();
    this.#index = Math.min(examples - 1, Math.max(0, this.#index + (along ?? 0)));
    if (up !== undefined) this.#show("drawn", lift(this.#curve, this.#index, up, range.y));
    this.requestUpdate();
  }

  #keyUp(event: KeyboardEvent): void {
    if (bends[event.key] !== undefined) this.#fit();
  }

  /** Takes a function; a drawn one begins as the one before. */
  #show(name: Name, curve: Curve = this.#curve): void {
    this.#name = name;
    this.#curve = name === "drawn" ? curve : valuesOf(name);
  }

  #choose(name: Name): void {
    // An empty page to draw on.
    this.#show(name, Array.from({ length: examples }, () => 0));
    this.#restart({});
  }

  /** Fits the function that was drawn. */
  #fit(): void {
    this.#restart({});
    this.#trainer.run();
  }

  #restart({ size = this.#size, deep = this.#deep, seed = this.#seed }: { readonly size?: Size; readonly deep?: boolean; readonly seed?: number }): void {
    [this.#size, this.#deep, this.#seed] = [size, deep, seed];
    this.toAddress({ function: this.#name, curve: this.#name === "drawn" ? textOf(this.#curve, range.y) : "", neurons: size.neurons, deep: Number(deep), seed });
    this.#trainer.restart();
    this.requestUpdate();
  }
}

/** How far keys lift the function. */
const bends: Readonly<Record<string, number>> = { ArrowUp: 0.1, ArrowDown: -0.1 };

const lines = { wide: { colour: "var(--nn-one)", dashes: "none" }, deep: { colour: "var(--nn-zero)", dashes: "8 5" } } as const;

/** A curve through evenly spaced points. */
const pathOf = (values: readonly number[], scale: (value: number) => number): string => values.map((value, at) => `${((at / (values.length - 1)) * width).toFixed(1)},${scale(value).toFixed(1)}`).join(" ");

const line = (values: readonly number[], kind: keyof typeof lines): SVGTemplateResult =>
  svg`<polyline points=${pathOf(values, y)} fill="none" stroke=${lines[kind].colour} stroke-width="3" stroke-dasharray=${lines[kind].dashes}/>`;

const columns = x.ticks(6).filter((tick) => Math.abs(tick) < range.x[1]);

function gridLines(bottom: number, scale: (value: number) => number, ticks: readonly number[]): SVGTemplateResult {
  return svg`
    ${columns.map((tick) => svg`<line x1=${x(tick)} x2=${x(tick)} y1="0" y2=${bottom} stroke="var(--nn-faint)"/>`)}
    ${ticks.map((tick) => svg`<line y1=${scale(tick)} y2=${scale(tick)} x1="0" x2=${width} stroke=${tick === 0 ? "var(--nn-line)" : "var(--nn-faint)"}/>`)}`;
}

/** The numbers of the grid, which stay readable over the curves. */
function gridNumbers(bottom: number, scale: (value: number) => number, ticks: readonly number[]): SVGTemplateResult {
  return svg`
    ${columns.map((tick) => svg`<text x=${x(tick) + 4} y=${bottom - 6}>${minus(tick)}</text>`)}
    ${ticks.map((tick) => svg`<text x="4" y=${scale(tick) - 4}>${minus(tick)}</text>`)}`;
}

/** The parts of the sum: one curve for each neuron, and the bias. */
function parts({ neurons, bias }: ApproximationView): SVGTemplateResult {
  const opacity = Math.max(0.35, 1 - neurons.length / 60);
  return svg`
    ${gridLines(low, part, [-2, 0, 2])}
    <line x1="0" x2=${width} y1=${part(bias)} y2=${part(bias)} stroke="var(--nn-soft)" stroke-width="1.5" stroke-dasharray="2 4"/>
    ${neurons.map((values) => svg`<polyline points=${pathOf(values, part)} fill="none" stroke="var(--nn-third)" stroke-width="1.75" stroke-opacity=${opacity}/>`)}
    ${gridNumbers(low, part, [-2, 0, 2])}`;
}

const minus = (value: number): string => String(value).replace("-", "−");
