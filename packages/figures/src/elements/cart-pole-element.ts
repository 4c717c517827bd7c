import { css, html, svg, type SVGTemplateResult, type TemplateResult } from "lit";
import { farthest, longestEpisode, steepest, type CartState, type Push } from "../tasks/cart-pole.js";
import type { DeepQView } from "../tasks/deep-q.js";
import { Agent, bestOf, type ActionValues } from "../tasks/q-network.js";
import { Trainer } from "../worker/trainer.js";
import { CartGame, players, type Player } from "./cart-game.js";
import { chart, chartFigure, type Scales } from "./chart.js";
import { FigureElement, inputOf } from "./figure-element.js";
import type { Point } from "./plane.js";
import { figureStyle } from "./style.js";
import { commonWords, filled, percent, type Words } from "./words.js";

const words: Words<"player" | "nobody" | "agent" | "reader" | "discount" | "replay" | "seed" | "stage" | "left" | "right" | "fell" | "held" | "press" | "chart" | "episodes" | "epsilon" | "trial" | "now" | "solved"> = {
  en: {
    player: "Who plays", nobody: "nobody", agent: "the network", reader: "you", discount: "Discount γ", replay: "replay", seed: "Other weights", stage: "The cart and its pole. You play with the left and right arrow keys", left: "Push to the left", right: "Push to the right", fell: "Fell after # steps", held: "Kept up for all # steps", press: "Hold an arrow key, or a button below.",
    chart: "Steps of each episode of training, and the mean of ten. Dashed: the share of random pushes, from all at the top to none", episodes: "episodes", epsilon: "random pushes", trial: "steps without random pushes", now: "Step # of this game", solved: "Solved: the pole stays up.",
  },
  ko: {
    player: "누가 할까요", nobody: "아무도 안 함", agent: "신경망", reader: "나", discount: "할인율 γ", replay: "경험 재생", seed: "다른 초깃값", stage: "수레와 막대. 왼쪽·오른쪽 화살표 키로 직접 할 수 있습니다", left: "왼쪽으로 밀기", right: "오른쪽으로 밀기", fell: "#단계 만에 쓰러졌습니다", held: "#단계 내내 세워 두었습니다", press: "화살표 키나 아래 버튼을 누르고 계세요.",
    chart: "학습하는 동안 에피소드마다 버틴 단계 수와 최근 열 에피소드의 평균. 점선은 무작위로 민 비율(맨 위가 전부)", episodes: "에피소드", epsilon: "무작위 비율", trial: "무작위 없이 버틴 단계", now: "이번 에피소드: #단계", solved: "해결: 막대가 쓰러지지 않습니다.",
  },
};

const [width, height, ground] = [360, 230, 178];
/** Pixels for a metre, and the length of the pole, which is a metre. */
const metre = width / (2 * (farthest + 0.3));
const discounts = [0, 0.9, 0.99] as const;
const firstSeed = 4;
/** A pole that stays up for so many steps is balanced, as is usual. */
const solvedSteps = 475;

const style = css`
  .stage { cursor: default; } .stage:focus-visible { outline: 2px solid var(--nn-accent); outline-offset: -2px; }
  .cart { fill: var(--nn-ink); } .pole { stroke: var(--nn-zero); stroke-width: 8; stroke-linecap: round; } .hinge { fill: var(--nn-paper); }
  .track { stroke: var(--nn-line); stroke-width: 2; } .limit { stroke: var(--nn-line); stroke-dasharray: 4 4; }
  .pushes { display: flex; gap: 8px; justify-content: center; margin-top: 8px; }
  .pushes button { min-width: 96px; touch-action: none; user-select: none; -webkit-user-select: none; }
`;

/** A deep Q network that learns to balance a pole on a cart, the cart on the screen, and how long each episode of training lasts. */
export class CartPoleElement extends FigureElement {
  static override styles = [figureStyle, style];

  #discount = 0.99;
  #replay = true;
  #seed = firstSeed;
  readonly #agent = new Agent();
  /** The parameters that the agent has. */
  #loaded: DeepQView["parameters"] | undefined;
  readonly #trainer = new Trainer(this, "deepQ", () => ({ discount: this.#discount, replay: this.#replay, seed: this.#seed }), 1000);
  readonly #game = new CartGame(this, (state) => this.#choose(state));

  override connectedCallback(): void {
    this.#discount = discounts.find((each) => String(each) === this.fromAddress("discount")) ?? 0.99;
    this.#replay = this.fromAddress("replay") !== "0";
    this.#seed = Math.round(this.numberFromAddress("agent", 0, 1e6) ?? firstSeed);
    super.connectedCallback();
  }

  protected override render(): TemplateResult {
    const [text, common] = [words[this.language], commonWords[this.language]];
    const { view, state, failure } = this.#trainer;
    const solved = view?.trial !== undefined && view.trial >= solvedSteps ? text.solved : "";
    return html`
      <div class="figure">
        <div class="controls">
          ${this.training(state, { toggle: () => this.#toggle(), step: () => this.#trainer.step(), restart: () => this.#restart({}) })}
          ${this.choice(text.discount, discounts.map((each) => [each, String(each)] as const), this.#discount, (discount) => this.#restart({ discount }))}
          <label><input type="checkbox" .checked=${this.#replay} @change=${(event: Event) => this.#restart({ replay: inputOf(event).checked })}> ${text.replay}</label>
          <button type="button" @click=${() => this.#restart({ seed: this.#seed + 1 })}>${text.seed}</button>
        </div>
        <div class="controls">${this.choice(text.player, players.map((each) => [each, text[each]] as const), this.#game.player, (player) => this.#play(player))}</div>
        <div class="plots">
          ${this.#stage()}
          ${chartFigure(text.chart, episodesOf(view, { steps: common.steps, episodes: text.episodes }))}
        </div>
        <dl class="numbers">
          <div><dt>${text.trial}</dt><dd data-trial=${view?.trial ?? NaN}>${view?.trial?.toFixed(0) ?? "–"}</dd></div>
          <div><dt>${text.episodes}</dt><dd data-episodes=${view?.episodes.length ?? 0}>${view?.episodes.length ?? 0}</dd></div>
          <div><dt>${text.epsilon}</dt><dd data-epsilon=${view?.epsilon ?? NaN}>${view === undefined ? "–" : percent(this.language, view.epsilon)}</dd></div>
          <div><dt>${common.steps}</dt><dd data-steps=${view?.steps ?? 0}>${view?.steps ?? 0}</dd></div>
        </dl>
        <p class="status" role="status">${failure === undefined ? solved : this.failed(failure)}</p>
      </div>`;
  }

  /** The cart, what the network expects, and the buttons of a reader who plays. */
  #stage(): TemplateResult {
    const text = words[this.language];
    const { player, steps, isOver } = this.#game;
    const told = filled(isOver ? (steps >= longestEpisode ? text.held : text.fell) : player === "reader" && steps === 0 ? text.press : text.now, steps);
    const hold = (push: Push) => () => this.#game.hold(push);
    return html`
      <figure class="plot">
        <div class="frame" style="aspect-ratio: ${width} / ${height}"><svg class="stage" viewBox="0 0 ${width} ${height}" role="group" tabindex="0" aria-label=${text.stage}
          @keydown=${(event: KeyboardEvent) => this.#key(event, true)} @keyup=${(event: KeyboardEvent) => this.#key(event, false)} @blur=${hold(0)}>${this.#cart()}</svg></div>
        <figcaption data-game=${steps}>${told}</figcaption>
        ${player !== "reader" ? "" : html`<div class="pushes">${([[-1, "←", text.left], [1, "→", text.right]] as const).map(([push, arrow, label]) => html`<button type="button" aria-label=${label} @pointerdown=${hold(push)} @pointerup=${hold(0)} @pointerleave=${hold(0)} @pointercancel=${hold(0)} @contextmenu=${(event: Event) => event.preventDefault()}>${arrow}</button>`)}</div>`}
      </figure>`;
  }

  #cart(): SVGTemplateResult {
    const { state, push } = this.#game;
    const [position, , angle] = state;
    const x = width / 2 + position * metre;
    const [tipX, tipY] = [x + metre * Math.sin(angle), ground - 24 - metre * Math.cos(angle)];
    const ends = [-farthest, farthest].map((at) => width / 2 + at * metre);
    const lean = [-steepest, steepest].map((at) => [x + 1.25 * metre * Math.sin(at), ground - 24 - 1.25 * metre * Math.cos(at)] as const);
    return svg`
      <line class="track" x1="0" x2=${width} y1=${ground} y2=${ground}/>${ends.map((at) => svg`<line class="track" x1=${at} x2=${at} y1=${ground - 12} y2=${ground + 6}/>`)}
      ${lean.map(([endX, endY]) => svg`<line class="limit" x1=${x} y1=${ground - 24} x2=${endX} y2=${endY}/>`)}
      <rect class="cart" x=${x - 26} y=${ground - 26} width="52" height="24" rx="4"/>
      <line class="pole" x1=${x} y1=${ground - 24} x2=${tipX} y2=${tipY}/><circle class="hinge" cx=${x} cy=${ground - 24} r="3"/>
      ${push === 0 ? svg`` : svg`<path d="M ${x + push * 34} ${ground - 14} h ${push * 22} m ${-push * 7} -6 l ${push * 7} 6 l ${-push * 7} 6" fill="none" stroke="var(--nn-one)" stroke-width="3"/>`}
      ${this.#values()}`;
  }

  /** The values of the two pushes, below the cart. The larger one is chosen. */
  #values(): SVGTemplateResult {
    const values = this.#expected(this.#game.state);
    if (values === undefined) return svg``;
    const best = bestOf(values);
    return svg`${values.map((value, at) => {
      const push = at === 0 ? -1 : 1;
      return svg`<text x=${width / 2 + push * 70} y=${height - 18} text-anchor="middle" font-weight=${push === best ? 700 : 400} data-value=${value}>${at === 0 ? "← " : ""}${value.toFixed(1).replace("-", "−")}${at === 1 ? " →" : ""}</text>`;
    })}`;
  }

  #expected(state: CartState): ActionValues | undefined {
    const parameters = this.#trainer.view?.parameters;
    if (parameters === undefined) return undefined;
    if (this.#loaded !== parameters) this.#agent.load(parameters);
    this.#loaded = parameters;
    return this.#agent.valuesOf(state);
  }

  #choose(state: CartState): Push {
    const values = this.#expected(state);
    return values === undefined ? 0 : bestOf(values);
  }

  /** Trains, or pauses. The cart moves with it, unless the reader wants no motion. */
  #toggle(): void {
    if (this.#trainer.state !== "running" && this.#game.player === "nobody" && !matchMedia("(prefers-reduced-motion: reduce)").matches) this.#game.play("agent");
    this.#trainer.toggle();
  }

  #play(player: Player): void {
    this.#game.play(player);
    if (player === "reader") this.renderRoot.querySelector<SVGElement>("svg.stage")?.focus();
  }

  #key(event: KeyboardEvent, pressed: boolean): void {
    const push = ({ ArrowLeft: -1, ArrowRight: 1 } as const)[event.key];
    if (push === undefined) return;
    event.preventDefault();
    if (pressed && this.#game.player !== "reader") this.#play("reader");
    if (pressed || this.#game.push === push) this.#game.hold(pressed ? push : 0);
  }

  #restart({ discount = this.#discount, replay = this.#replay, seed = this.#seed }: { readonly discount?: number; readonly replay?: boolean; readonly seed?: number }): void {
    [this.#discount, this.#replay, this.#seed] = [discount, replay, seed];
    this.toAddress({ discount, replay: Number(replay), agent: seed });
    this.#trainer.restart();
    this.requestUpdate();
  }
}

/** How long each episode lasted (dots), the mean of ten, and how often the agent pushed by chance. */
function episodesOf(view: DeepQView | undefined, text: Readonly<Record<"steps" | "episodes", string>>): SVGTemplateResult {
  const episodes = view?.episodes ?? [];
  const most = Math.max(50, Math.ceil(episodes.length / 50) * 50);
  const smooth = episodes.map((_, at): Point => {
    const last = episodes.slice(Math.max(0, at - 9), at + 1);
    return [at + 1, last.reduce((sum, each) => sum + each, 0) / last.length];
  });
  const dots = ({ x, y }: Scales): SVGTemplateResult => svg`${episodes.map((length, at) => svg`<circle cx=${x(at + 1).toFixed(1)} cy=${y(length).toFixed(1)} r="2.5" fill="var(--nn-one)" fill-opacity="0.45"/>`)}`;
  const chance = (view?.exploration ?? []).map((share, at): Point => [at + 1, share * longestEpisode]);
  return chart({
    x: { domain: [0, most], label: text.episodes }, y: { domain: [0, longestEpisode], label: text.steps }, more: dots,
    series: [{ points: chance, colour: "var(--nn-zero)", dashes: "6 4" }, { points: smooth, colour: "var(--nn-one)", width: 2.5 }],
  });
}
