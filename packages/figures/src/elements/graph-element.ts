import { drawGraph, explainGraph, graphSteps, type ComputationalGraph } from "@nn/explain";
import { messageOf } from "@nn/tensor/extend";
import { html, type PropertyValues, type TemplateResult } from "lit";
import { unsafeSVG } from "lit/directives/unsafe-svg.js";
import { calculationNames, calculations, type CalculationName } from "../tasks/calculations.js";
import { FigureElement, inputOf } from "./figure-element.js";
import type { Language, Words } from "./words.js";

const words: Words<"calculation" | "apples" | "neuron" | "twice" | "regression" | "apart" | "previous" | "next" | "all" | "first" | "learn" | "value" | "gradient" | "step" | "result" | "reset" | "inputs"> = {
  en: { calculation: "Calculation", apples: "apples with tax", neuron: "a neuron", twice: "a value used twice", regression: "a loss", apart: "take the sigmoid apart", previous: "◀ Previous", next: "Next ▶", all: "To the end", first: "To the start", learn: "One step of gradient descent (α = 0.1)", value: "value", gradient: "gradient", step: "step", result: "result", reset: "Reset values", inputs: "Inputs" },
  ko: { calculation: "계산", apples: "사과와 부가세", neuron: "뉴런 하나", twice: "두 번 쓰이는 값", regression: "손실", apart: "시그모이드를 풀어서 보기", previous: "◀ 이전", next: "다음 ▶", all: "끝으로", first: "처음으로", learn: "경사하강법 한 단계 (α = 0.1)", value: "값 (순전파)", gradient: "기울기 (역전파)", step: "단계", result: "결과", reset: "값 되돌리기", inputs: "입력" },
};

/** What inputs are called on pages in other languages than that of the programs. */
const inputNames: Readonly<Record<Language, Readonly<Record<string, string>>>> = { en: {}, ko: { price: "가격", count: "개수", tax: "세금" } };

const learningRate = 0.1;

/** How small a graph is drawn, of its full size, before it is moved in its frame. */
const smallest = 0.85;

/** The computational graph of a calculation: step forward and back, edit any input, take a step of gradient descent. */
export class GraphElement extends FigureElement {
  #name: CalculationName = "apples";
  #values: Readonly<Record<string, number>> = calculations.apples.inputs;
  #apart = false;
  /** How much is shown; `undefined` for everything. */
  #step: number | undefined;

  override connectedCallback(): void {
    this.#name = calculationNames.find((name) => name === this.fromAddress("calculation")) ?? "apples";
    this.#apart = this.fromAddress("apart") === "1";
    const { inputs } = calculations[this.#name];
    this.#values = Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, this.numberFromAddress(name, -1000, 1000) ?? value]));
    const step = this.numberFromAddress("step", 0, 100);
    this.#step = step === undefined ? 0 : Math.round(step);
    super.connectedCallback();
  }

  protected override render(): TemplateResult {
    const text = words[this.language];
    const { graph, problem } = this.#explained();
    const steps = graph === undefined ? 0 : graphSteps(graph);
    const step = Math.min(this.#step ?? steps, steps);
    return html`
      <div class="figure">
        <div class="controls">
          ${this.choice(text.calculation, calculationNames.map((name) => [name, text[name]] as const), this.#name, (name) => this.#change({ name, values: calculations[name].inputs, step: 0 }))}
          ${this.#name === "neuron" ? html`<label><input type="checkbox" .checked=${this.#apart} @change=${(event: Event) => this.#change({ apart: inputOf(event).checked, step: undefined })}> ${text.apart}</label>` : ""}
          <span class="choice">
            <button type="button" ?disabled=${step === 0} @click=${() => this.#change({ step: 0 })}>${text.first}</button>
            <button type="button" ?disabled=${step === 0} @click=${() => this.#change({ step: step - 1 })}>${text.previous}</button>
            <button type="button" class="main" ?disabled=${step === steps} @click=${() => this.#change({ step: step + 1 })}>${text.next}</button>
            <button type="button" ?disabled=${step === steps} @click=${() => this.#change({ step: undefined })}>${text.all}</button>
          </span>
        </div>
        <div class="scroll" tabindex="0" role="group" aria-label=${text[this.#name]}>${graph === undefined ? html`<p class="problem">${problem}</p>` : unsafeSVG(drawGraph(this.#named(graph), { step, title: text[this.#name], theme: "light", words: [text.value, text.gradient] }))}</div>
        <div class="controls inputs" role="group" aria-label=${text.inputs}>
          ${Object.entries(this.#values).map(([name, value]) => html`<label>${inputNames[this.language][name] ?? name} <input type="number" step="any" .value=${String(value)} data-name=${name} @change=${(event: Event) => this.#edit(name, inputOf(event))}></label>`)}
          <button type="button" @click=${() => this.#change({ values: calculations[this.#name].inputs })}>${text.reset}</button>
          ${calculations[this.#name].trained.length === 0 ? "" : html`<button type="button" @click=${() => this.#learn(graph)}>${text.learn}</button>`}
        </div>
        <p class="status" role="status"><span data-step=${step}>${text.step} ${step} / ${steps}</span>${graph === undefined || step < steps / 2 - 1 ? "" : html` · <strong data-result=${resultOf(graph)}>${text.result} ${Number(resultOf(graph).toFixed(4))}</strong>`}</p>
      </div>`;
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    const picture = this.renderRoot.querySelector<SVGSVGElement>(".scroll > svg");
    if (picture !== null) picture.style.minWidth = `${smallest * picture.viewBox.baseVal.width}px`;
  }

  #explained(): { readonly graph?: ComputationalGraph; readonly problem?: string } {
    try {
      return { graph: explainGraph(calculations[this.#name].run, this.#values, { composed: this.#apart ? "apart" : "whole" }) };
    } catch (error) {
      return { problem: messageOf(error) };
    }
  }

  /** The graph with the names of its inputs in the language of the page. */
  #named(graph: ComputationalGraph): ComputationalGraph {
    return { ...graph, nodes: graph.nodes.map((node) => ({ ...node, label: inputNames[this.language][node.name] ?? node.label })) };
  }

  #edit(name: string, input: HTMLInputElement): void {
    if (Number.isFinite(input.valueAsNumber)) this.#change({ values: { ...this.#values, [name]: input.valueAsNumber } });
  }

  /** Moves what is trained against its gradient. */
  #learn(graph: ComputationalGraph | undefined): void {
    const { trained } = calculations[this.#name];
    const moved = graph?.nodes.flatMap(({ name, value, gradient }) => (trained.includes(name) ? [[name, Number((value.item() - learningRate * gradient.item()).toPrecision(6))] as const] : [])) ?? [];
    this.#change({ values: { ...this.#values, ...Object.fromEntries(moved) }, step: undefined });
  }

  #change({ name = this.#name, values = this.#values, apart = this.#apart, ...change }: { readonly name?: CalculationName; readonly values?: Readonly<Record<string, number>>; readonly apart?: boolean; readonly step?: number | undefined }): void {
    [this.#name, this.#values, this.#apart] = [name, values, apart];
    if ("step" in change) this.#step = change.step;
    this.toAddress({ calculation: name, apart: Number(apart), ...(this.#step === undefined ? { step: 100 } : { step: this.#step }), ...values });
    this.requestUpdate();
  }
}

const resultOf = ({ nodes, output }: ComputationalGraph): number => nodes[output]?.value.item() ?? NaN;
