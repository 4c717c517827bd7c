import { BatchNorm2d, Conv2d, ConvTranspose2d, LeakyReLU, Module, ReLU, Sequential, Tanh, takeOptions, type TensorModule } from "@nn/layers";
import { flatten, normal, type Tensor } from "@nn/tensor";
import type { OptionKinds } from "@nn/tensor/extend";
import { normalWith } from "../blocks/initializers.js";

/** Options of {@link DCGANGenerator}, with the names of PyTorch's tutorial. */
export interface DCGANGeneratorOptions {
  /** The numbers from which an image is made; default 100. */
  readonly nz?: number | undefined;
  /** The channels before the last layer; default 64. */
  readonly ngf?: number | undefined;
  /** The channels of the images; default 3. */
  readonly nc?: number | undefined;
}

/** Options of {@link DCGANDiscriminator}, with the names of PyTorch's tutorial. */
export interface DCGANDiscriminatorOptions {
  /** The channels of the images; default 3. */
  readonly nc?: number | undefined;
  /** The channels after the first layer; default 64. */
  readonly ndf?: number | undefined;
}

const generatorOptions: OptionKinds<DCGANGeneratorOptions> = { nz: "count", ngf: "count", nc: "count" };
const discriminatorOptions: OptionKinds<DCGANDiscriminatorOptions> = { nc: "count", ndf: "count" };

const initial = { bias: false, initializeWeight: normalWith(0.02) } as const;
const halving = { ...initial, stride: 2, padding: 1 } as const;

/** Batch normalisation whose weights begin normal around 1. */
function norm(channels: number): BatchNorm2d {
  const layer = new BatchNorm2d(channels);
  if (layer.weight !== undefined) layer.weight.value = normal([channels], { mean: 1, std: 0.02 });
  return layer;
}

/**
 * The generator of a DCGAN (Radford et al. 2016, "Unsupervised representation learning with deep convolutional generative adversarial networks"), with the names of parameters of PyTorch's
 * tutorial. 3,576,704 parameters.
 *
 * | layer of `main` | output for the defaults |
 * | --- | --- |
 * | transposed 4 × 4, normalisation, relu | `[N, 512, 4, 4]` |
 * | transposed 4 × 4, stride 2, normalisation, relu | `[N, 256, 8, 8]` |
 * | the same | `[N, 128, 16, 16]` |
 * | the same | `[N, 64, 32, 32]` |
 * | transposed 4 × 4, stride 2, tanh | `[N, 3, 64, 64]` |
 *
 * Shapes: input `[N, nz, 1, 1]`, normally distributed; output `[N, nc, 64, 64]`, from −1 to 1.
 */
export class DCGANGenerator extends Module {
  readonly main: TensorModule;

  constructor(options: DCGANGeneratorOptions = {}) {
    super();
    takeOptions("DCGANGenerator", this, options, generatorOptions);
    const { nz = 100, ngf = 64, nc = 3 } = options;
    const doubled = (from: number, to: number): TensorModule[] => [new ConvTranspose2d(from, to, 4, halving), norm(to), new ReLU()];
    this.main = new Sequential(
      new ConvTranspose2d(nz, 8 * ngf, 4, initial), norm(8 * ngf), new ReLU(),
      ...doubled(8 * ngf, 4 * ngf), ...doubled(4 * ngf, 2 * ngf), ...doubled(2 * ngf, ngf),
      new ConvTranspose2d(ngf, nc, 4, halving), new Tanh(),
    );
  }

  forward(z: Tensor): Tensor {
    return this.main.forward(z);
  }
}

/**
 * The discriminator of a DCGAN (Radford et al. 2016), with the names of parameters of PyTorch's tutorial, without its sigmoid. 2,765,568 parameters.
 *
 * | layer of `main` | output for the defaults |
 * | --- | --- |
 * | 4 × 4, stride 2, leaky relu 0.2 | `[N, 64, 32, 32]` |
 * | 4 × 4, stride 2, normalisation, leaky relu | `[N, 128, 16, 16]` |
 * | the same | `[N, 256, 8, 8]` |
 * | the same | `[N, 512, 4, 4]` |
 * | 4 × 4 | `[N]` |
 *
 * Shapes: input `[N, nc, 64, 64]`, output `[N]`, logits that an image is real.
 */
export class DCGANDiscriminator extends Module {
  readonly main: TensorModule;

  constructor(options: DCGANDiscriminatorOptions = {}) {
    super();
    takeOptions("DCGANDiscriminator", this, options, discriminatorOptions);
    const { nc = 3, ndf = 64 } = options;
    const halved = (from: number, to: number): TensorModule[] => [new Conv2d(from, to, 4, halving), norm(to), new LeakyReLU(0.2)];
    this.main = new Sequential(
      new Conv2d(nc, ndf, 4, halving), new LeakyReLU(0.2),
      ...halved(ndf, 2 * ndf), ...halved(2 * ndf, 4 * ndf), ...halved(4 * ndf, 8 * ndf),
      new Conv2d(8 * ndf, 1, 4, initial),
    );
  }

  forward(x: Tensor): Tensor {
    return flatten(this.main.forward(x));
  }
}
