import { blockUntilReady, forward, jit, keep, nn, numpy, parameters, start, valueAndGrad } from "./library.mjs";

const [beta1, beta2, epsilon, rate] = [0.9, 0.999, 1e-8, 1e-3];

/** Adam for one parameter; `scales` are the factors that take the bias off the moments. */
function adam(parameter, gradient, first, second, scales) {
  const m = first.mul(beta1).add(gradient.ref.mul(1 - beta1));
  const v = second.mul(beta2).add(numpy.square(gradient).mul(1 - beta2));
  const [scaleFirst, scaleSecond] = scales;
  const step = m.ref.mul(scaleFirst).div(numpy.sqrt(v.ref.mul(scaleSecond)).add(epsilon)).mul(rate);
  return [parameter.sub(step), m, v];
}

export async function load({ sizes, batch }, { variant, values }) {
  await start();
  const [features, classes] = [sizes[0], sizes.at(-1)];
  const x = numpy.array(values.uniform(batch * features, 1)).reshape([batch, features]);
  const y = nn.oneHot(numpy.array(values.labels(batch, classes, 2)), classes);
  const loss = (weights, input, target) => nn.logSoftmax(forward(weights, input), -1).mul(target).sum().mul(-1 / batch);

  const adamStep = jit((weights, first, second, scales, input, target) => {
    const [value, gradients] = valueAndGrad(loss)(keep(weights), input, target);
    const factors = [scales.ref.slice(0), scales.slice(1)];
    const updated = weights.map((weight, at) => adam(weight, gradients[at], first[at], second[at], keep(factors)));
    for (const factor of factors) factor.dispose();
    return [value, ...[0, 1, 2].map((part) => updated.map((results) => results[part]))];
  });
  const sgdStep = jit((weights, input, target) => {
    const [value, gradients] = valueAndGrad(loss)(keep(weights), input, target);
    return [value, weights.map((weight, at) => weight.sub(gradients[at].mul(0.01)))];
  });

  let weights = parameters(sizes, values);
  let first = weights.map(({ shape }) => numpy.zeros(shape));
  let second = weights.map(({ shape }) => numpy.zeros(shape));
  let steps = 0;
  const step = async () => {
    steps += 1;
    let value;
    if (variant === "sgd") {
      [value, weights] = sgdStep(weights, x.ref, y.ref);
    } else {
      const scales = numpy.array(Float32Array.of(1 / (1 - beta1 ** steps), 1 / (1 - beta2 ** steps)));
      [value, weights, first, second] = adamStep(weights, first, second, scales, x.ref, y.ref);
    }
    await blockUntilReady([value, ...weights]);
    return value;
  };
  const run = async () => (await step()).dispose();
  const lossOfStep = async () => (await step()).item();
  // Another update rule gives other weights, so only the first loss can be compared.
  const check = async () => (variant === "sgd" ? [await lossOfStep()] : [await lossOfStep(), await lossOfStep(), await lossOfStep()]);
  return { run, check };
}
