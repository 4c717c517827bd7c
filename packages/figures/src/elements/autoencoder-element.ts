import { Generator, normal, uniform } from "@nn/tensor";
import { css, html, svg, type PropertyValues, type SVGTemplateResult, type TemplateResult } from "lit";
import type { AutoencoderKind, AutoencoderView } from "../tasks/autoencoder.js";
import { Decoder, type Code } from "../tasks/digit-decoder.js";
import { digitSide } from "../tasks/small-digits.js";
import { Trainer } from "../worker/trainer.js";
import { FigureElement } from "./figure-element.js";
import { paintImages } from "./images.js";
import { planeOf, side, type Plane } from "./plane.js";
import { shareOf } from "./pointer.js";
import { figureStyle } from "./style.js";
import { commonWords, type Words } from "./words.js";

const words: Words<"kind" | "plain" | "variational" | "plane" | "code" | "decoded" | "map" | "copies" | "random" | "error" | "divergence" | "untrained"> = {
  en: {
    kind: "Autoencoder", plain: "plain", variational: "variational", plane: "Where the encoder puts unseen digits. Move the ring", code: "The code: two numbers, moved by arrow keys", decoded: "What the decoder draws at the ring", map: "The decoder's drawings all over the plane", copies: "Unseen digits, and below each what is left after two numbers", random: "A random code",
    error: "reconstruction error", divergence: "divergence", untrained: "Not trained yet: the decoder draws the same noise everywhere.",
  },
  ko: {
    kind: "오토인코더", plain: "기본", variational: "변분(VAE)", plane: "처음 보는 숫자들을 인코더가 놓은 자리. 고리를 움직여 보세요", code: "화살표 키로 옮기는 코드(두 수)", decoded: "고리 자리에서 디코더가 그린 그림", map: "평면 곳곳에서 디코더가 그린 그림", copies: "처음 보는 숫자와, 두 수만으로 되살린 모습(아래)", random: "무작위 코드",
    error: "복원 오차", divergence: "발산", untrained: "아직 학습하지 않아 디코더가 어디서나 같은 잡음만 그립니다.",
  },
};

const style = css`
  canvas { image-rendering: pixelated; }
  .reach { touch-action: none; cursor: move; }
  .ring { fill: var(--nn-paper); fill-opacity: 0.35; stroke: var(--nn-ink); stroke-width: 3; }
  .ring:focus-visible { outline: none; stroke: var(--nn-accent); stroke-width: 5; }
  .plot svg text.digit { font-weight: 600; fill: var(--nn-ink); stroke-width: 2px; text-anchor: middle; dominant-baseline: central; }
`;

/** The map has so many drawings along each axis. */
const mapSide = 9;
/** The plane reaches so far at least: a standard normal distribution has hardly anything outside. */
const least = 3;

/** An autoencoder with two latent variables: the plane of codes, what the decoder draws there, and digits before and after. */
export class AutoencoderElement extends FigureElement {
  static override styles = [figureStyle, style];

  #kind: AutoencoderKind = "variational";
  /** Where the ring is, as a share of the plane's reach. */
  #place: Code = [0.6, -0.6];
  readonly #random = new Generator(1);
  readonly #decoder = new Decoder();
  /** The drawings of the map, and what they were made of. */
  #map: { readonly images: readonly (readonly number[])[]; readonly of: AutoencoderView["decoder"]; readonly far: number } | undefined;
  readonly #trainer = new Trainer(this, "autoencoder", () => ({ kind: this.#kind }), 120);

  override connectedCallback(): void {
    this.#kind = this.fromAddress("autoencoder") === "plain" ? "plain" : "variational";
    const [x = NaN, y = NaN] = this.fromAddress("code")?.split(",").map(Number) ?? [];
    if (Math.abs(x) <= 1 && Math.abs(y) <= 1) this.#place = [x, y];
    super.connectedCallback();
  }

  protected override render(): TemplateResult {
    const [text, common] = [words[this.language], commonWords[this.language]];
    const { view, state, failure } = this.#trainer;
    const plane = planeOf([-reachOf(view), reachOf(view)]);
    const [x, y] = this.#code(view);
    const map = view === undefined || view.steps === 0 ? text.untrained : "";
    return html`
      <div class="figure">
        <div class="controls">
          ${this.choice(text.kind, [["plain", text.plain], ["variational", text.variational]] as const, this.#kind, (kind) => this.#restart(kind))}
          ${this.training(state, { toggle: () => this.#trainer.toggle(), step: () => this.#trainer.step(), restart: () => this.#restart(this.#kind) })}
          <button type="button" @click=${() => this.#draw()}>${text.random}</button>
        </div>
        <div class="plots">
          <figure class="plot"><div class="frame"><svg class="reach" viewBox="0 0 ${side} ${side}" role="group" aria-label=${text.plane} @pointerdown=${(event: PointerEvent) => this.#point(event)} @pointermove=${(event: PointerEvent) => this.#point(event)} @pointerup=${() => this.#note()}>
            ${this.#codes(view, plane)}${this.#ring(plane, true)}</svg></div><figcaption>${text.plane}</figcaption></figure>
          <figure class="plot"><div class="frame"><canvas id="decoded" width=${digitSide} height=${digitSide} role="img" aria-label=${text.decoded}></canvas></div><figcaption>${text.decoded}: (${minus(x)},\u00A0${minus(y)})</figcaption></figure>
          <figure class="plot"><div class="frame"><canvas id="map" width=${mapSide * digitSide} height=${mapSide * digitSide}></canvas>
            <svg class="reach" viewBox="0 0 ${side} ${side}" aria-hidden="true" @pointerdown=${(event: PointerEvent) => this.#point(event)} @pointermove=${(event: PointerEvent) => this.#point(event)} @pointerup=${() => this.#note()}>${this.#ring(plane, false)}</svg></div><figcaption>${text.map}</figcaption></figure>
          <figure class="plot"><div class="frame" style="aspect-ratio: 5 / 4"><canvas id="copies" width=${5 * digitSide} height=${4 * digitSide} role="img" aria-label=${text.copies}></canvas></div><figcaption>${text.copies}</figcaption></figure>
        </div>
        <p class="status" role="status">${failure === undefined ? map : this.failed(failure)}</p>
        <dl class="numbers">
          <div><dt>${text.error}</dt><dd data-error=${view?.error ?? NaN}>${view?.error.toFixed(4) ?? "–"}</dd></div>
          ${view?.divergence === undefined ? "" : html`<div><dt>${text.divergence}</dt><dd data-divergence=${view.divergence}>${view.divergence.toFixed(2)}</dd></div>`}
          <div><dt>${common.steps}</dt><dd data-steps=${view?.steps ?? 0}>${view?.steps ?? 0}</dd></div>
        </dl>
      </div>`;
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    const { view } = this.#trainer;
    if (view === undefined) return;
    const canvas = (name: string): HTMLCanvasElement | null => this.renderRoot.querySelector<HTMLCanvasElement>(`canvas#${name}`);
    const far = reachOf(view);
    if (this.#map?.of !== view.decoder || this.#map.far !== far) this.#map = { images: this.#decoder.decode(mapCodes(far), view.decoder), of: view.decoder, far };
    paintImages(canvas("map"), this.#map.images, mapSide);
    paintImages(canvas("decoded"), this.#decoder.decode([this.#code(view)], view.decoder), 1);
    const rows = [0, 5].flatMap((from) => [...view.originals.slice(from, from + 5), ...view.copies.slice(from, from + 5)]);
    paintImages(canvas("copies"), rows, 5);
  }

  #code(view: AutoencoderView | undefined): Code {
    return [this.#place[0] * reachOf(view), this.#place[1] * reachOf(view)];
  }

  /** Every unseen digit, written at its code. */
  #codes(view: AutoencoderView | undefined, plane: Plane): SVGTemplateResult {
    const ticks = plane.x.ticks(5);
    return svg`
      ${ticks.map((tick) => svg`<line x1=${plane.x(tick)} x2=${plane.x(tick)} y1="0" y2=${side} stroke=${tick === 0 ? "var(--nn-line)" : "var(--nn-faint)"}/><line y1=${plane.y(tick)} y2=${plane.y(tick)} x1="0" x2=${side} stroke=${tick === 0 ? "var(--nn-line)" : "var(--nn-faint)"}/>`)}
      ${view?.codes.map((code, at) => svg`<text class="digit" x=${plane.x(code[0]).toFixed(1)} y=${plane.y(code[1]).toFixed(1)}>${view.labels[at]}</text>`)}`;
  }

  #ring(plane: Plane, listens: boolean): SVGTemplateResult {
    const [x, y] = [this.#place[0], this.#place[1]].map((share) => share * plane.range[1]);
    const [left, top] = [plane.x(x ?? 0), plane.y(y ?? 0)];
    if (!listens) return svg`<circle class="ring" cx=${left} cy=${top} r="14"/>`;
    const place = `${minus(x ?? 0)}, ${minus(y ?? 0)}`;
    return svg`<circle class="ring" cx=${left} cy=${top} r="14" tabindex="0" role="slider" aria-label=${words[this.language].code} aria-valuenow=${(x ?? 0).toFixed(2)} aria-valuemin=${plane.range[0]} aria-valuemax=${plane.range[1]} aria-valuetext=${place} @keydown=${(event: KeyboardEvent) => this.#key(event)}/>`;
  }

  #point(event: PointerEvent): void {
    if (event.buttons === 0 || !(event.currentTarget instanceof Element)) return;
    if (event.type === "pointerdown") event.currentTarget.setPointerCapture(event.pointerId);
    const [x, y] = shareOf(event);
    this.#move([2 * x - 1, 1 - 2 * y]);
  }

  #key(event: KeyboardEvent): void {
    const by = { ArrowLeft: [-0.05, 0], ArrowRight: [0.05, 0], ArrowUp: [0, 0.05], ArrowDown: [0, -0.05] }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    this.#move([this.#place[0] + (by[0] ?? 0), this.#place[1] + (by[1] ?? 0)]);
    this.#note();
  }

  /** Goes to a random code: one that the standard normal distribution gives. A plain autoencoder knows no distribution, so all places of the plane are as good. */
  #draw(): void {
    const generator = this.#random;
    const far = reachOf(this.#trainer.view);
    const shares = this.#kind === "variational" ? normal([2], { generator }).div(far) : uniform([2], { low: -1, high: 1, generator });
    const [x = 0, y = 0] = shares.toArray() as number[];
    this.#move([x, y]);
    this.#note();
  }

  #move(place: Code): void {
    const inside = (share: number): number => Number(Math.min(1, Math.max(-1, share)).toFixed(3));
    this.#place = [inside(place[0]), inside(place[1])];
    this.requestUpdate();
  }

  #note(): void {
    this.toAddress({ autoencoder: this.#kind, code: this.#place.join(",") });
  }

  #restart(kind: AutoencoderKind): void {
    this.#kind = kind;
    this.#note();
    this.#trainer.restart();
    this.requestUpdate();
  }
}

/** How far the plane reaches, so that all codes lie in it. */
const reachOf = (view: AutoencoderView | undefined): number => Math.max(least, ...(view?.codes ?? []).flatMap((code) => code.map((value) => Math.ceil(Math.abs(value)))));

/** The codes of the map, row by row from the top: the middles of its cells. */
function mapCodes(far: number): readonly Code[] {
  const at = (index: number): number => far * ((2 * (index + 0.5)) / mapSide - 1);
  return Array.from({ length: mapSide ** 2 }, (_, index): Code => [at(index % mapSide), -at(Math.floor(index / mapSide))]);
}

const minus = (value: number): string => value.toFixed(2).replace(/^-0\.00$/, "0.00").replace("-", "−");
