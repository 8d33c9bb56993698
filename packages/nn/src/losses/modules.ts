import { type HuberOptions, huber, l1, logCosh, type SmoothL1Options, smoothL1, takesErrors } from './absolute.js'
import {
  type BinaryCrossEntropyOptions,
  binaryCrossEntropy,
  binaryCrossEntropyWithLogits,
  takesBinaryLogits,
  takesBinaryProbabilities,
} from './binary-cross-entropy.js'
import { type ContrastiveOptions, contrastive, takesContrastive } from './contrastive.js'
import { type CrossEntropyOptions, crossEntropy, takesCrossEntropy } from './cross-entropy.js'
import { type CtcOptions, ctc, takesCtc } from './ctc.js'
import {
  type PairwiseDistanceOptions,
  pairOptions,
  pairwiseDistance,
  type TripletOptions,
  takesTriplets,
  triplet,
} from './distance.js'
import { hinge, hingeEmbedding, type MarginOptions, marginRanking, softMargin, takesMargins } from './hinge.js'
import { type DiceOptions, dice, type FocalOptions, focal, takesDice, takesFocal } from './imbalance.js'
import { type KlDivergenceOptions, klDivergence, takesDivergence } from './kl-divergence.js'
import {
  type GaussianNllOptions,
  gaussianNll,
  type PoissonNllOptions,
  poissonNll,
  takesMoments,
  takesRates,
} from './likelihood.js'
import { lossModule } from './loss-module.js'
import { mse, takesMse } from './mse.js'
import {
  type MultiMarginOptions,
  multilabelMargin,
  multiMargin,
  takesMultilabel,
  takesMultiMargin,
} from './multi-margin.js'
import {
  type MultilabelSoftMarginOptions,
  multilabelSoftMargin,
  takesSoftMultilabel,
} from './multilabel-soft-margin.js'
import { type NllOptions, nll, takesNll } from './nll.js'
import type { LossOptions } from './reduction.js'
import {
  type CosineEmbeddingOptions,
  type CosineOptions,
  cosineEmbedding,
  cosineOptions,
  cosineSimilarity,
  type InfoNceOptions,
  infoNce,
  takesCosineTargets,
  takesRows,
} from './similarity.js'

// Each loss as a module, for those who hold losses as parts of a model, or choose one by configuration.

/** `l1` with these options, as a module. @example new L1Loss() */
export const L1Loss = lossModule('L1Loss', l1, takesErrors.l1.options)<LossOptions>()
/** `smoothL1` with these options, as a module. @example new SmoothL1Loss() */
export const SmoothL1Loss = lossModule('SmoothL1Loss', smoothL1, takesErrors.smoothL1.options)<SmoothL1Options>()
/** `huber` with these options, as a module. @example new HuberLoss() */
export const HuberLoss = lossModule('HuberLoss', huber, takesErrors.huber.options)<HuberOptions>()
/** `logCosh` with these options, as a module. @example new LogCoshLoss() */
export const LogCoshLoss = lossModule('LogCoshLoss', logCosh, takesErrors.logCosh.options)<LossOptions>()
/** `mse` with these options, as a module. @example new MseLoss() */
export const MseLoss = lossModule('MseLoss', mse, takesMse.options)<LossOptions>()
/** `crossEntropy` with these options, as a module. @example new CrossEntropyLoss() */
export const CrossEntropyLoss = lossModule(
  'CrossEntropyLoss',
  crossEntropy,
  takesCrossEntropy.options,
)<CrossEntropyOptions>()
/** `nll` with these options, as a module. @example new NllLoss() */
export const NllLoss = lossModule('NllLoss', nll, takesNll.options)<NllOptions>()
/** `binaryCrossEntropy` with these options, as a module. @example new BinaryCrossEntropyLoss() */
export const BinaryCrossEntropyLoss = lossModule(
  'BinaryCrossEntropyLoss',
  binaryCrossEntropy,
  takesBinaryProbabilities.options,
)<BinaryCrossEntropyOptions>()
/** `binaryCrossEntropyWithLogits` with these options, as a module. @example new BinaryCrossEntropyWithLogitsLoss() */
export const BinaryCrossEntropyWithLogitsLoss = lossModule(
  'BinaryCrossEntropyWithLogitsLoss',
  binaryCrossEntropyWithLogits,
  takesBinaryLogits.options,
)<BinaryCrossEntropyOptions>()
/** `klDivergence` with these options, as a module. @example new KlDivergenceLoss() */
export const KlDivergenceLoss = lossModule(
  'KlDivergenceLoss',
  klDivergence,
  takesDivergence.options,
)<KlDivergenceOptions>()
/** `poissonNll` with these options, as a module. @example new PoissonNllLoss() */
export const PoissonNllLoss = lossModule('PoissonNllLoss', poissonNll, takesRates.options)<PoissonNllOptions>()
/** `gaussianNll` with these options, as a module. @example new GaussianNllLoss() */
export const GaussianNllLoss = lossModule('GaussianNllLoss', gaussianNll, takesMoments.options)<GaussianNllOptions>()
/** `hinge` with these options, as a module. @example new HingeLoss() */
export const HingeLoss = lossModule('HingeLoss', hinge, takesMargins.hinge.options)<MarginOptions>()
/** `hingeEmbedding` with these options, as a module. @example new HingeEmbeddingLoss() */
export const HingeEmbeddingLoss = lossModule(
  'HingeEmbeddingLoss',
  hingeEmbedding,
  takesMargins.hingeEmbedding.options,
)<MarginOptions>()
/** `softMargin` with these options, as a module. @example new SoftMarginLoss() */
export const SoftMarginLoss = lossModule('SoftMarginLoss', softMargin, takesMargins.softMargin.options)<LossOptions>()
/** `marginRanking` with these options, as a module. @example new MarginRankingLoss() */
export const MarginRankingLoss = lossModule(
  'MarginRankingLoss',
  marginRanking,
  takesMargins.marginRanking.options,
)<MarginOptions>()
/** `multiMargin` with these options, as a module. @example new MultiMarginLoss() */
export const MultiMarginLoss = lossModule(
  'MultiMarginLoss',
  multiMargin,
  takesMultiMargin.options,
)<MultiMarginOptions>()
/** `multilabelMargin` with these options, as a module. @example new MultilabelMarginLoss() */
export const MultilabelMarginLoss = lossModule(
  'MultilabelMarginLoss',
  multilabelMargin,
  takesMultilabel.options,
)<LossOptions>()
/** `multilabelSoftMargin` with these options, as a module. @example new MultilabelSoftMarginLoss() */
export const MultilabelSoftMarginLoss = lossModule(
  'MultilabelSoftMarginLoss',
  multilabelSoftMargin,
  takesSoftMultilabel.options,
)<MultilabelSoftMarginOptions>()
/** `cosineEmbedding` with these options, as a module. @example new CosineEmbeddingLoss() */
export const CosineEmbeddingLoss = lossModule(
  'CosineEmbeddingLoss',
  cosineEmbedding,
  takesCosineTargets.options,
)<CosineEmbeddingOptions>()
/** `contrastive` with these options, as a module. @example new ContrastiveLoss() */
export const ContrastiveLoss = lossModule(
  'ContrastiveLoss',
  contrastive,
  takesContrastive.options,
)<ContrastiveOptions>()
/** `triplet` with these options, as a module. @example new TripletLoss() */
export const TripletLoss = lossModule('TripletLoss', triplet, takesTriplets.options)<TripletOptions>()
/** `infoNce` with these options, as a module. @example new InfoNceLoss() */
export const InfoNceLoss = lossModule('InfoNceLoss', infoNce, takesRows.options)<InfoNceOptions>()
/** `ctc` with these options, as a module. @example new CtcLoss() */
export const CtcLoss = lossModule('CtcLoss', ctc, takesCtc.options)<CtcOptions>()
/** `dice` with these options, as a module. @example new DiceLoss() */
export const DiceLoss = lossModule('DiceLoss', dice, takesDice.options)<DiceOptions>()
/** `focal` with these options, as a module. @example new FocalLoss() */
export const FocalLoss = lossModule('FocalLoss', focal, takesFocal.options)<FocalOptions>()
/** `cosineSimilarity` with these options, as a module. @example new CosineSimilarity() */
export const CosineSimilarity = lossModule('CosineSimilarity', cosineSimilarity, cosineOptions)<CosineOptions>()
/** `pairwiseDistance` with these options, as a module. @example new PairwiseDistance() */
export const PairwiseDistance = lossModule('PairwiseDistance', pairwiseDistance, pairOptions)<PairwiseDistanceOptions>()
