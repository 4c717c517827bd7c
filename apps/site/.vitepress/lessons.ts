import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** A lesson: the name of its file, and its titles. */
export interface Lesson {
  readonly name: string;
  readonly en: string;
  readonly ko: string;
}

/** All lessons in their order. The number of a lesson is its place. */
export const plan: readonly Lesson[] = [
  { name: "perceptron", en: "The perceptron", ko: "퍼셉트론" },
  { name: "two-layers", en: "Two layers solve XOR", ko: "두 층이면 XOR를 푼다" },
  { name: "gradient-descent", en: "Gradient descent", ko: "경사하강법" },
  { name: "computational-graph", en: "The computational graph", ko: "계산 그래프" },
  { name: "activations", en: "Activations", ko: "활성화 함수" },
  { name: "losses", en: "Losses", ko: "손실 함수" },
  { name: "optimizers", en: "Optimizers", ko: "최적화 알고리즘" },
  { name: "universal-approximation", en: "Universal approximation", ko: "보편 근사" },
  { name: "over-fitting", en: "Over-fitting", ko: "과적합" },
  { name: "convolution", en: "Convolution", ko: "합성곱" },
  { name: "recurrent", en: "Recurrent networks", ko: "순환 신경망" },
  { name: "attention", en: "Attention", ko: "어텐션" },
  { name: "generative", en: "Generative models", ko: "생성 모델" },
  { name: "agents-and-representations", en: "Agents and representations", ko: "강화 학습과 표현 학습" },
];

const pages = fileURLToPath(new URL("../pages", import.meta.url));

/** The lessons that are written. */
export const lessons: readonly (Lesson & { readonly number: number })[] = plan.map((lesson, at) => ({ ...lesson, number: at + 1 })).filter(({ name }) => existsSync(`${pages}/learn/${name}.md`));
