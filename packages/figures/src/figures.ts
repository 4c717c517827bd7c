/** Each element, and where its class is: a page loads the figures that it shows, and no others. */
export const figures = {
  "nn-perceptron": async () => (await import("./elements/perceptron-element.js")).PerceptronElement,
  "nn-two-layers": async () => (await import("./elements/two-layers-element.js")).TwoLayersElement,
  "nn-descent": async () => (await import("./elements/descent-element.js")).DescentElement,
  "nn-graph": async () => (await import("./elements/graph-element.js")).GraphElement,
  "nn-activations": async () => (await import("./elements/activations-element.js")).ActivationsElement,
  "nn-losses": async () => (await import("./elements/losses-element.js")).LossesElement,
  "nn-approximation": async () => (await import("./elements/approximation-element.js")).ApproximationElement,
  "nn-over-fitting": async () => (await import("./elements/over-fitting-element.js")).OverFittingElement,
  "nn-convolution": async () => (await import("./elements/convolution-element.js")).ConvolutionElement,
  "nn-recurrent": async () => (await import("./elements/recurrent-element.js")).RecurrentElement,
  "nn-attention": async () => (await import("./elements/attention-element.js")).AttentionElement,
  "nn-playground": async () => (await import("./elements/playground/playground-element.js")).PlaygroundElement,
  "nn-autoencoder": async () => (await import("./elements/autoencoder-element.js")).AutoencoderElement,
  "nn-adversaries": async () => (await import("./elements/adversaries-element.js")).AdversariesElement,
  "nn-diffusion": async () => (await import("./elements/diffusion-element.js")).DiffusionElement,
} satisfies Readonly<Record<string, () => Promise<CustomElementConstructor>>>;
