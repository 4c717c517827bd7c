export { decodeImage, type DecodeOptions, type PixelOptions } from "./decode/decode-image.js";
export { imageFormat, type ImageFormat } from "./decode/format.js";
export { encodePng } from "./encode-png.js";

export { isImageName, listImageFolder, listImages, type ImageSplit, type ListedImages, type ListImagesOptions } from "./folder/list-images.js";
export { readImage, type ReadImageOptions } from "./folder/read-image.js";
export { ImageDataset, imageFolder, type ImageFolder, type ImageFolderOptions } from "./folder/image-folder.js";

export type { ImageSize } from "./augment/requirements.js";
export { resize, resizeShorter, type ResizeOptions } from "./augment/resize.js";
export { centerCrop, randomCrop, type RandomCropOptions } from "./augment/crop.js";
export { randomResizedCrop, type RandomResizedCropOptions } from "./augment/resized-crop.js";
export { horizontalFlip, randomHorizontalFlip, randomVerticalFlip, verticalFlip } from "./augment/flips.js";
export type { ChanceOptions } from "./augment/random.js";
export type { WarpOptions } from "./augment/warp.js";
export type { PerImage } from "./augment/requirements.js";
export { affine, randomAffine, randomRotation, rotate, type AffineOptions, type RandomAffineOptions } from "./augment/affine.js";
export { perspective, randomPerspective, type Corners, type RandomPerspectiveOptions } from "./augment/perspective.js";
export {
  adjustBrightness, adjustContrast, adjustHue, adjustSaturation, colorJitter, grayscale, randomGrayscale, type ColorJitterOptions, type GrayscaleOptions,
} from "./augment/color.js";
export { gaussianBlur } from "./augment/gaussian-blur.js";
export { cutout, randomErasing, type CutoutOptions, type RandomErasingOptions } from "./augment/erasing.js";
export { imagenetStatistics, normalizeChannels, type ChannelStatistics } from "./augment/normalize-channels.js";
