import { css, html, svg, type SVGTemplateResult, type TemplateResult } from "lit";
import { arrowPlaces, arrowSide, diffusionRange, diffusionShapes, levels, mixed, shownShape, signals, type DiffusionShape } from "../tasks/diffusion-levels.js";
import { numbersOf } from "../tasks/digit-network.js";
import { Trainer } from "../worker/trainer.js";
import { FigureElement, inputOf } from "./figure-element.js";
import { planeOf, side } from "./plane.js";
import { figureStyle } from "./style.js";
import { commonWords, percent, type Words } from "./words.js";

const words: Words<"shape" | "moons" | "ring" | "spiral" | "level" | "play" | "stop" | "arrows" | "forward" | "backward" | "kept" | "distance" | "untrained"> = {
  en: {
    shape: "Data", moons: "two moons", ring: "a ring", spiral: "a spiral", level: "Level of noise", play: "Run backwards", stop: "Stop", arrows: "arrows", forward: "Forward: points of the data, and the noise mixed into them", backward: "Backward: the network takes noise away. Arrows point where it sees less noise",
    kept: "signal left", distance: "distance of generated points to the data", untrained: "The network has not learned yet: it takes no noise away.",
  },
  ko: {
    shape: "데이터", moons: "두 반달", ring: "고리", spiral: "나선", level: "잡음 단계", play: "거꾸로 재생", stop: "멈춤", arrows: "화살표", forward: "정방향: 데이터의 점에 잡음을 섞어 갑니다", backward: "역방향: 신경망이 잡음을 덜어 냅니다. 화살표는 잡음이 줄어드는 방향입니다",
    kept: "남은 신호", distance: "생성한 점에서 데이터까지의 거리", untrained: "아직 학습하지 않아 신경망이 잡음을 덜어 내지 못합니다.",
  },
};

const plane = planeOf(diffusionRange);
/** Milliseconds for which each level is shown while the way back plays. */
const pace = 70;

const style = css`
  .data { fill: var(--nn-one); } .made { fill: var(--nn-zero); }
  .data, .made { stroke: var(--nn-paper); stroke-width: 1; }
  .arrow { stroke: var(--nn-line); stroke-width: 1.5; }
  .head { fill: var(--nn-line); }
  .level { display: flex; flex-wrap: wrap; gap: 10px 18px; align-items: center; justify-content: center; margin-top: 12px; }
  .level label { max-width: 100%; white-space: nowrap; } .level input[type="range"] { flex: 1 1 320px; min-width: 80px; }
`;

/** Diffusion in the plane: points of a shape become noise level by level, and noise becomes points. */
export class DiffusionElement extends FigureElement {
  static override styles = [figureStyle, style];

  #shape: DiffusionShape = "moons";
  #level = 0;
  #arrows = true;
  #playing: ReturnType<typeof setInterval> | undefined;
  #data = shownShape("moons");
  readonly #trainer = new Trainer(this, "diffusion", () => ({ shape: this.#shape }), 300);

  override connectedCallback(): void {
    this.#shape = diffusionShapes.find((name) => name === this.fromAddress("data")) ?? "moons";
    this.#level = Math.round(this.numberFromAddress("level", 0, levels) ?? 0);
    this.#arrows = this.fromAddress("arrows") !== "0";
    this.#data = shownShape(this.#shape);
    super.connectedCallback();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop();
  }

  protected override render(): TemplateResult {
    const [text, common] = [words[this.language], commonWords[this.language]];
    const { view, state, failure } = this.#trainer;
    const level = this.#level;
    const learned = view !== undefined && view.steps > 0 ? view : undefined;
    const forward = numbersOf(mixed(this.#data.points, this.#data.noise, level));
    const kept = percent(this.language, Math.sqrt(signals[level] ?? NaN));
    return html`
      <div class="figure">
        <div class="controls">
          ${this.choice(text.shape, diffusionShapes.map((name) => [name, text[name]] as const), this.#shape, (shape) => this.#restart(shape))}
          ${this.training(state, { toggle: () => this.#trainer.toggle(), step: () => this.#trainer.step(), restart: () => this.#restart(this.#shape) })}
          <label><input type="checkbox" .checked=${this.#arrows} @change=${(event: Event) => this.#show({ arrows: inputOf(event).checked })}> ${text.arrows}</label>
        </div>
        <div class="plots">
          <figure class="plot"><div class="frame"><svg viewBox="0 0 ${side} ${side}" role="img" aria-label=${text.forward}>${points(forward, "data")}</svg></div><figcaption>${text.forward}</figcaption></figure>
          <figure class="plot"><div class="frame"><svg viewBox="0 0 ${side} ${side}" role="img" aria-label=${text.backward}>${this.#arrows ? arrows(learned?.arrows[level - 1]) : svg``}${points(learned?.paths[level] ?? view?.paths[levels], "made")}</svg></div><figcaption>${text.backward}</figcaption></figure>
        </div>
        <div class="level">
          ${this.slider(text.level, { min: 0, max: levels, step: 1, value: level, text: `${level} / ${levels}` }, (value) => this.#show({ level: value }))}
          <button type="button" @click=${() => this.#play()}>${this.#playing === undefined ? text.play : text.stop}</button>
        </div>
        <dl class="numbers">
          <div><dt>${text.kept}</dt><dd data-kept=${signals[level] ?? NaN}>${kept}</dd></div>
          <div><dt>${common.loss}</dt><dd data-loss=${view?.loss ?? NaN}>${learned?.loss?.toFixed(3) ?? "–"}</dd></div>
          <div><dt>${text.distance}</dt><dd data-distance=${view?.distance ?? NaN}>${learned?.distance.toFixed(3) ?? "–"}</dd></div>
          <div><dt>${common.steps}</dt><dd data-steps=${view?.steps ?? 0}>${view?.steps ?? 0}</dd></div>
        </dl>
        <p class="status" role="status">${failure !== undefined ? this.failed(failure) : view !== undefined && learned === undefined ? text.untrained : ""}</p>
      </div>`;
  }

  /** Shows the way from noise to data, level by level. */
  #play(): void {
    if (this.#playing !== undefined) {
      this.#stop();
      return;
    }
    this.#level = levels;
    this.#playing = setInterval(() => {
      this.#level -= 1;
      if (this.#level === 0) this.#stop();
      this.requestUpdate();
    }, pace);
    this.requestUpdate();
  }

  #stop(): void {
    clearInterval(this.#playing);
    this.#playing = undefined;
    this.requestUpdate();
  }

  #show({ level = this.#level, arrows: shown = this.#arrows }: { readonly level?: number; readonly arrows?: boolean }): void {
    this.#stop();
    [this.#level, this.#arrows] = [level, shown];
    this.#note();
    this.requestUpdate();
  }

  #restart(shape: DiffusionShape): void {
    this.#shape = shape;
    this.#data = shownShape(shape);
    this.#note();
    this.#trainer.restart();
    this.requestUpdate();
  }

  #note(): void {
    this.toAddress({ data: this.#shape, level: this.#level, arrows: Number(this.#arrows) });
  }
}

/** Points, given as `x, y, x, y, …`. */
function points(values: readonly number[] | undefined, kind: "data" | "made"): SVGTemplateResult {
  if (values === undefined) return svg``;
  return svg`${Array.from({ length: values.length / 2 }, (_, at) => svg`<circle class=${kind} cx=${plane.x(values[2 * at] ?? NaN).toFixed(1)} cy=${plane.y(values[2 * at + 1] ?? NaN).toFixed(1)} r="3"/>`)}`;
}

/** An arrow at every place, shorter than the way to the next one. */
function arrows(values: readonly number[] | undefined): SVGTemplateResult {
  if (values === undefined) return svg``;
  return svg`<defs><marker id="head" viewBox="0 0 6 6" refX="5" refY="3" markerWidth="5" markerHeight="5" orient="auto"><path class="head" d="M 0 0 L 6 3 L 0 6 z"/></marker></defs>${arrowPlaces.map(([x, y], at) => {
    const [left, top, along, up] = [plane.x(x), plane.y(y), values[2 * at] ?? 0, values[2 * at + 1] ?? 0];
    const scale = (0.42 * side) / arrowSide / Math.max(1, Math.hypot(along, up));
    return svg`<line class="arrow" x1=${left} y1=${top} x2=${(left + along * scale).toFixed(1)} y2=${(top - up * scale).toFixed(1)} marker-end="url(#head)"/>`;
  })}`;
}
