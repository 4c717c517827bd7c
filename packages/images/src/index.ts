export { decodeImage, type DecodeOptions, type PixelOptions } from "./decode/decode-image.js";
export { imageFormat, type ImageFormat } from "./decode/format.js";
export { encodePng } from "./encode-png.js";

export { isImageName, listImageFolder, listImages, type ImageSplit, type ListedImages, type ListImagesOptions } from "./folder/list-images.js";
export { readImage, type ReadImageOptions } from "./folder/read-image.js";
export { ImageDataset, imageFolder, type ImageFolder, type ImageFolderOptions } from "./folder/image-folder.js";

export type { ImageSize } from "./augment/requirements.js";
export type { RandomOptions } from "./augment/random.js";
export { resize, resizeShorter, type ResizeOptions } from "./augment/resize.js";
export { centerCrop, randomCrop, type RandomCropOptions } from "./augment/crop.js";
export { horizontalFlip, randomHorizontalFlip, randomVerticalFlip, verticalFlip, type ChanceOptions } from "./augment/flips.js";
