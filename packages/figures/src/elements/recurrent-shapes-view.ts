import { css, html, svg, type SVGTemplateResult, type TemplateResult } from "lit";
import { ViewElement } from "./views-element.js";
import type { Language } from "./words.js";

/** A shape: how many inputs lead to how many outputs. */
interface Shape {
  readonly name: Readonly<Record<Language, string>>;
  readonly task: Readonly<Record<Language, string>>;
  /** What goes into each copy of the network, and what comes out; an empty text is nothing. */
  readonly inputs: Readonly<Record<Language, readonly string[]>>;
  readonly outputs: Readonly<Record<Language, readonly string[]>>;
  /** The copies that belong to a second network, which writes. */
  readonly decoder?: number;
}

const shapes: readonly Shape[] = [
  {
    name: { en: "1 to N", ko: "1-N" }, task: { en: "an image becomes a sentence", ko: "그림을 보고 설명 쓰기" },
    inputs: { en: ["image", "", "", ""], ko: ["그림", "", "", ""] }, outputs: { en: ["a", "cat", "sits", "."], ko: ["고양이", "한 마리", "앉았다", "."] },
  },
  {
    name: { en: "N to 1", ko: "N-1" }, task: { en: "a review is good or bad", ko: "감상평의 좋고 나쁨 가리기" },
    inputs: { en: ["what", "a", "fine", "film"], ko: ["정말", "재미", "있는", "영화"] }, outputs: { en: ["", "", "", "good"], ko: ["", "", "", "좋음"] },
  },
  {
    name: { en: "N to N", ko: "N-N" }, task: { en: "every word gets its part of speech", ko: "단어마다 품사 붙이기" },
    inputs: { en: ["the", "old", "dog", "barks"], ko: ["늙은", "개가", "크게", "짖는다"] }, outputs: { en: ["article", "adjective", "noun", "verb"], ko: ["형용사", "명사", "부사", "동사"] },
  },
  {
    name: { en: "sequence to sequence", ko: "seq2seq" }, task: { en: "one network reads, another one writes: translation", ko: "한 신경망이 읽고 다른 신경망이 쓰기: 번역" },
    inputs: { en: ["good", "morning", "", ""], ko: ["좋은", "아침", "", ""] }, outputs: { en: ["", "", "좋은", "아침"], ko: ["", "", "good", "morning"] }, decoder: 2,
  },
];

const [width, height, side] = [270, 170, 30];
const [outputs, states, inputs] = [20, 85, 158];

const style = css`
  .plot { flex: 1 1 250px; max-width: 340px; }
  .plot figcaption strong { color: var(--nn-ink); }
`;

/** The four shapes of recurrent networks, as pictures. */
export class ShapesView extends ViewElement {
  static override styles = [ViewElement.styles, style];

  protected override render(): TemplateResult {
    const { language } = this;
    return html`
      <div class="plots">
        ${shapes.map((shape) => html`<figure class="plot"><div class="frame" style="aspect-ratio: ${width} / ${height}"><svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${shape.name[language]}: ${shape.task[language]}">${drawn(shape, language)}</svg></div><figcaption><strong>${shape.name[language]}</strong>: ${shape.task[language]}</figcaption></figure>`)}
      </div>`;
  }
}

function drawn(shape: Shape, language: Language): SVGTemplateResult {
  const [given, written] = [shape.inputs[language], shape.outputs[language]];
  const each = width / given.length;
  return svg`${given.map((input, at) => {
    const x = (at + 0.5) * each;
    const output = written[at] ?? "";
    const writes = shape.decoder !== undefined && at >= shape.decoder;
    return svg`
      ${at === 0 ? svg`` : arrow([x - each + side / 2, states], [x - side / 2, states])}
      ${input === "" ? svg`` : svg`${arrow([x, inputs - 16], [x, states + side / 2])}<text x=${x} y=${inputs} text-anchor="middle">${input}</text>`}
      ${output === "" ? svg`` : svg`${arrow([x, states - side / 2], [x, outputs + 10])}<text x=${x} y=${outputs} text-anchor="middle">${output}</text>`}
      <rect x=${x - side / 2} y=${states - side / 2} width=${side} height=${side} rx="6" fill=${writes ? "var(--nn-zero-soft)" : "var(--nn-one-soft)"} stroke=${writes ? "var(--nn-zero)" : "var(--nn-one)"} stroke-width="2"/><text x=${x} y=${states + 5} text-anchor="middle">h</text>`;
  })}`;
}

type Place = readonly [x: number, y: number];

/** A straight arrow, along an axis. */
function arrow([fromX, fromY]: Place, [toX, toY]: Place): SVGTemplateResult {
  const head = fromX === toX ? `${toX - 4},${toY + 7} ${toX + 4},${toY + 7}` : `${toX - 7},${toY - 4} ${toX - 7},${toY + 4}`;
  return svg`<line x1=${fromX} y1=${fromY} x2=${toX} y2=${toY} stroke="var(--nn-soft)" stroke-width="1.5"/><polygon points="${toX},${toY} ${head}" fill="var(--nn-soft)"/>`;
}
