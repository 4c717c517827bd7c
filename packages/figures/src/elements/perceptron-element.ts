import { html, svg, type SVGTemplateResult, type TemplateResult } from "lit";
import { answeredRight, type Weights } from "../tasks/perceptron.js";
import { corners, gateNames, gates, type Gate } from "../tasks/gates.js";
import { range } from "../tasks/two-layers.js";
import { Trainer } from "../worker/trainer.js";
import { FigureElement } from "./figure-element.js";
import { crossing, example, planeOf, side, sides, type Point } from "./plane.js";
import { commonWords, filled, type Words } from "./words.js";

const words: Words<"right" | "round" | "never" | "handle" | "plot" | "learned"> = {
  en: { right: "# of 4 right", round: "round #", never: "No line divides the points of XOR. The rule never ends.", handle: "end of the line", plot: "The plane of the two inputs, divided by the perceptron's line", learned: "All four are right: the rule changes nothing any more." },
  ko: { right: "4개 중 #개 정답", round: "#바퀴", never: "XOR의 점들은 직선 하나로 나눌 수 없습니다. 학습이 끝나지 않습니다.", handle: "직선의 끝", plot: "두 입력의 평면과 퍼셉트론의 직선", learned: "네 점을 모두 맞혔습니다. 이제 가중치가 바뀌지 않습니다." },
};

const plane = planeOf(range);
const centre: Point = [0.5, 0.5];
/** A line that no point and no label lies on. */
const first: Weights = [-0.8, 1, -0.6];

/** A perceptron with two inputs: its line can be dragged, or learned by the rule of Rosenblatt. */
export class PerceptronElement extends FigureElement {
  #gate: Gate = "AND";
  #weights: Weights = first;
  readonly #trainer = new Trainer(this, "perceptron", () => ({ gate: this.#gate, weights: this.#weights }), 6);
  #dragged: { readonly fixed: Point } | undefined;

  override connectedCallback(): void {
    const gate = gateNames.find((name) => name === this.fromAddress("gate"));
    const weights = this.fromAddress("line")?.split(",").map(Number) ?? [];
    this.#gate = gate ?? "AND";
    if (weights.length === 3 && weights.every(Number.isFinite)) this.#weights = [weights[0] ?? 0, weights[1] ?? 0, weights[2] ?? 0];
    super.connectedCallback();
  }

  protected override render(): TemplateResult {
    const text = words[this.language];
    const { view, state, failure } = this.#trainer;
    const weights = view?.weights ?? this.#weights;
    const right = answeredRight(this.#gate, weights);
    const count = right.filter(Boolean).length;
    const ended = state !== "done" ? "" : count === 4 ? text.learned : text.never;
    return html`
      <div class="figure">
        <div class="controls">
          ${this.choice(commonWords[this.language].gate, gateNames.map((gate) => [gate, gate] as const), this.#gate, (gate) => this.#restart(gate, this.#weights))}
          ${this.training(state, { toggle: () => this.#trainer.toggle(), step: () => this.#trainer.step(), restart: () => this.#restart(this.#gate, first) })}
        </div>
        <div class="plots"><div class="plot"><div class="frame">
          <svg viewBox="0 0 ${side} ${side}" role="group" aria-label=${text.plot}>
            ${sides(weights, plane)}
            ${corners.map((corner, at) => example(corner, { output: gates[this.#gate][at] ?? 0, right: right[at] === true, name: `(${corner.join(", ")})` }, plane))}
            ${this.#handles(weights).map((at, index, all) => this.#handle(at, all[1 - index] ?? centre, index, text.handle))}
          </svg>
        </div></div></div>
        <p class="status" role="status"><strong data-right=${count}>${filled(text.right, count)}</strong>${view === undefined || view.rounds === 0 ? "" : html` · ${filled(text.round, view.rounds)}`} · <code data-weights=${weights.join(",")}>${equation(weights)}</code><br>${failure === undefined ? ended : this.failed(failure)}</p>
      </div>`;
  }

  #restart(gate: Gate, weights: Weights): void {
    this.#gate = gate;
    this.#weights = weights;
    this.toAddress({ gate, line: weights.map((each) => Number(each.toFixed(3))).join(",") });
    this.#trainer.restart();
    this.requestUpdate();
  }

  /** Two points of the line, near its ends. Seen from the second, the first has the ones on its right. */
  #handles(line: Weights): readonly Point[] {
    const [one, other] = crossing(line, range) ?? [];
    if (one === undefined || other === undefined) return [];
    const inset = ([x, y]: Point, [farX, farY]: Point): Point => [x + 0.1 * (farX - x), y + 0.1 * (farY - y)];
    const ends = [inset(one, other), inset(other, one)];
    return (one[1] - other[1]) * line[1] - (one[0] - other[0]) * line[2] > 0 ? ends : ends.toReversed();
  }

  #handle(at: Point, other: Point, index: number, label: string): SVGTemplateResult {
    const text = `${at[0].toFixed(2)}, ${at[1].toFixed(2)}`;
    return svg`<circle class="handle" cx=${plane.x(at[0])} cy=${plane.y(at[1])} r="11" tabindex="0" role="slider" aria-label="${label} ${index + 1}" aria-valuenow=${at[0].toFixed(2)} aria-valuemin="-1" aria-valuemax="2" aria-valuetext=${text}
      @pointerdown=${(event: PointerEvent) => this.#grab(event, other)} @pointermove=${(event: PointerEvent) => this.#drag(event, index)} @pointerup=${() => this.#release()} @keydown=${(event: KeyboardEvent) => this.#key(event, at, other, index)}/>`;
  }

  #grab(event: PointerEvent, fixed: Point): void {
    if (event.target instanceof Element) event.target.setPointerCapture(event.pointerId);
    this.#dragged = { fixed };
  }

  #release(): void {
    this.#dragged = undefined;
  }

  #drag(event: PointerEvent, index: number): void {
    const frame = event.target instanceof SVGElement ? event.target.ownerSVGElement?.getBoundingClientRect() : undefined;
    if (this.#dragged === undefined || frame === undefined) return;
    const at: Point = [plane.x.invert(((event.clientX - frame.left) / frame.width) * side), plane.y.invert(((event.clientY - frame.top) / frame.height) * side)];
    this.#through(at, this.#dragged.fixed, index);
  }

  #key(event: KeyboardEvent, [x, y]: Point, other: Point, index: number): void {
    const by = { ArrowLeft: [-0.05, 0], ArrowRight: [0.05, 0], ArrowUp: [0, 0.05], ArrowDown: [0, -0.05] }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    this.#through([x + (by[0] ?? 0), y + (by[1] ?? 0)], other, index);
  }

  /** Lays the line through two points; the side of the ones stays on its side of them. */
  #through(at: Point, fixed: Point, index: number): void {
    const [from, to] = index === 0 ? [fixed, at] : [at, fixed];
    const [w1, w2] = [to[1] - from[1], from[0] - to[0]];
    const size = Math.hypot(w1, w2);
    if (size < 0.05) return;
    const [n1, n2] = [w1 / size, w2 / size];
    this.#restart(this.#gate, [-(n1 * at[0] + n2 * at[1]), n1, n2]);
  }
}

const signed = (value: number): string => `${value < 0 ? "−" : "+"} ${Number(Math.abs(value).toFixed(2))}`;

function equation([bias, w1, w2]: Weights): string {
  return `${Number(bias.toFixed(2))} ${signed(w1)}·x₁ ${signed(w2)}·x₂ > 0`.replace(/^-/, "−");
}
