export type { Batch, Data, Resumable } from './data/batch.js'
export { Batches, type BatchOptions, batches, type StreamOptions } from './data/batches.js'
export type { Dataset } from './data/dataset.js'
export type { LastBatch } from './data/last-batch.js'
export { type MapOptions, type MappedBatches, mapBatches } from './data/map.js'
export { type PrefetchedBatches, type PrefetchOptions, prefetch } from './data/prefetch.js'
export type { Example, Nested, Values } from './data/values.js'
export { ModuleError, OptionError, StateDictError, TrainingError } from './errors.js'
export type {
  DiracOptions,
  Fans,
  GainOption,
  Initializer,
  InitializerOptions,
  KaimingOptions,
  TruncationOptions,
} from './init.js'
/** First values of parameters: makers of initializers. */
export * as init from './init.js'
export type { FlowRow } from './insight/flow-text.js'
export { type GradientFlow, gradientFlow } from './insight/gradient-flow.js'
export { type CurveRow, type Watch, type WatchOptions, type WatchRow, watchTraining } from './insight/watch-training.js'
export { GLU } from './layers/activations/glu.js'
export { PReLU, type PReLUOptions } from './layers/activations/prelu.js'
export { RReLU, type RReLUOptions } from './layers/activations/rrelu.js'
export * from './layers/activations.js'
export type { AttendOptions, Continued, WithCache } from './layers/attention/attended.js'
export type { DecoderCache, KeyValueCache, KeyValues } from './layers/attention/cache.js'
export { TransformerDecoder } from './layers/attention/decoder.js'
export type { DecoderMasks } from './layers/attention/decoder-inputs.js'
export { TransformerDecoderLayer } from './layers/attention/decoder-layer.js'
export { type EncoderInputs, TransformerEncoder, type TransformerStackOptions } from './layers/attention/encoder.js'
export { type EncoderLayerInputs, TransformerEncoderLayer } from './layers/attention/encoder-layer.js'
export { LearnedPositions, type LearnedPositionsOptions } from './layers/attention/learned.js'
export type { MaskOptions } from './layers/attention/masks.js'
export { MultiheadAttention, type MultiheadAttentionOptions } from './layers/attention/multihead.js'
export type { PositionOptions } from './layers/attention/positions.js'
export { type RotaryOptions, RotaryPositions } from './layers/attention/rotary.js'
export { type SinusoidalOptions, SinusoidalPositions } from './layers/attention/sinusoidal.js'
export type { Timed } from './layers/attention/timed.js'
export { Transformer, type TransformerMasks, type TransformerOptions } from './layers/attention/transformer.js'
export type { TransformerActivation, TransformerLayerOptions } from './layers/attention/transformer-layer.js'
export { Bilinear, type BilinearOptions, type BilinearShape } from './layers/bilinear.js'
export { AlphaDropout, FeatureAlphaDropout } from './layers/dropouts/alpha-dropout.js'
export { Dropout, Dropout1d, Dropout2d, Dropout3d, type DropoutOptions } from './layers/dropouts/dropout.js'
export { Embedding, type EmbeddingOptions } from './layers/embeddings/embedding.js'
export {
  type BagMode,
  type BagOptions,
  type Bags,
  EmbeddingBag,
  type EmbeddingBagOptions,
} from './layers/embeddings/embedding-bag.js'
export { type Apply, type LastAxis, Layer } from './layers/layer.js'
export type { LazyLayer } from './layers/lazy-layer.js'
export { LazyLinear } from './layers/lazy-linear.js'
export { Linear, type LinearOptions } from './layers/linear.js'
export { BatchNorm1d, BatchNorm2d, BatchNorm3d, type BatchNormOptions } from './layers/norms/batch-norm.js'
export { GroupNorm, type GroupNormOptions } from './layers/norms/group-norm.js'
export {
  InstanceNorm1d,
  InstanceNorm2d,
  InstanceNorm3d,
  type InstanceNormOptions,
} from './layers/norms/instance-norm.js'
export { LayerNorm, type LayerNormOptions } from './layers/norms/layer-norm.js'
export { LocalResponseNorm, type LocalResponseNormOptions } from './layers/norms/local-response-norm.js'
export type { Runs } from './layers/norms/reparametrized.js'
export { RMSNorm, type RMSNormOptions } from './layers/norms/rms-norm.js'
export { SpectralNorm, type SpectralNormOptions } from './layers/norms/spectral-norm.js'
export { WeightNorm, type WeightNormOptions } from './layers/norms/weight-norm.js'
export type { SequenceOptions } from './layers/recurrent/arguments.js'
export { GRU, type GRUOptions } from './layers/recurrent/gru.js'
export { GRUCell, type GRUCellOptions } from './layers/recurrent/gru-cell.js'
export { LSTM, type LSTMOptions, type LSTMState } from './layers/recurrent/lstm.js'
export { LSTMCell, type LSTMCellOptions } from './layers/recurrent/lstm-cell.js'
export type { RecurrentOptions, RecurrentResult } from './layers/recurrent/recurrent.js'
export { RNN, type RNNOptions } from './layers/recurrent/rnn.js'
export { RNNCell, type RNNCellOptions } from './layers/recurrent/rnn-cell.js'
export type { DirectedWeights } from './layers/recurrent/sequence.js'
export type { RNNActivation } from './layers/recurrent/steps.js'
export type { GRUWeights, LSTMWeights, RecurrentCellOptions, RecurrentWeights } from './layers/recurrent/weights.js'
export { Residual, type ResidualOptions } from './layers/residual.js'
export { Sequential } from './layers/sequential.js'
export { Flatten } from './layers/shapes/flatten.js'
export { Unflatten } from './layers/shapes/unflatten.js'
export {
  AdaptiveAvgPool1d,
  AdaptiveAvgPool2d,
  AdaptiveAvgPool3d,
  AdaptiveMaxPool1d,
  AdaptiveMaxPool2d,
  AdaptiveMaxPool3d,
  type AdaptivePool,
  type AdaptivePoolClass,
} from './layers/windows/adaptive-pool.js'
export {
  type AvgPool,
  AvgPool1d,
  AvgPool2d,
  AvgPool3d,
  type AvgPoolClass,
  type AvgPoolOptions,
} from './layers/windows/avg-pool.js'
export {
  Conv1d,
  Conv2d,
  Conv3d,
  type ConvClass,
  type ConvOptions,
  type Convolution,
  type PaddingMode,
} from './layers/windows/convolution.js'
export type { FilterOptions } from './layers/windows/filters.js'
export { Fold, type FoldOptions, Unfold } from './layers/windows/fold.js'
export {
  LazyConv1d,
  LazyConv2d,
  LazyConv3d,
  type LazyConvClass,
  type LazyConvolution,
  LazyConvTranspose1d,
  LazyConvTranspose2d,
  LazyConvTranspose3d,
  type LazyConvTransposeClass,
  type LazyTransposedConvolution,
} from './layers/windows/lazy-convolution.js'
export {
  type LPPool,
  LPPool1d,
  LPPool2d,
  LPPool3d,
  type LPPoolClass,
  type LPPoolOptions,
} from './layers/windows/lp-pool.js'
export {
  type MaxPool,
  MaxPool1d,
  MaxPool2d,
  MaxPool3d,
  type MaxPoolClass,
} from './layers/windows/max-pool.js'
export {
  type Pad,
  Pad1d,
  Pad2d,
  Pad3d,
  type PadClass,
  type PaddingOptions,
  type PadWidths,
} from './layers/windows/pad.js'
export { PixelShuffle, PixelUnshuffle } from './layers/windows/pixel-shuffle.js'
export {
  ConvTranspose1d,
  ConvTranspose2d,
  ConvTranspose3d,
  type ConvTransposeClass,
  type ConvTransposeOptions,
  type TransposedConvolution,
} from './layers/windows/transposed.js'
export { Upsample, type UpsampleOptions } from './layers/windows/upsample.js'
export type { WindowPool, WindowPoolOptions } from './layers/windows/window-pool.js'
export { type HuberOptions, huber, l1, logCosh, type SmoothL1Options, smoothL1 } from './losses/absolute.js'
export { accuracy } from './losses/accuracy.js'
export {
  type BinaryCrossEntropyOptions,
  binaryCrossEntropy,
  binaryCrossEntropyWithLogits,
} from './losses/binary-cross-entropy.js'
export type { LabelOptions } from './losses/classes.js'
export { type ContrastiveOptions, contrastive } from './losses/contrastive.js'
export { type CrossEntropyOptions, crossEntropy } from './losses/cross-entropy.js'
export { type CtcOptions, ctc } from './losses/ctc.js'
export {
  type DistanceOptions,
  type PairwiseDistanceOptions,
  pairwiseDistance,
  type TripletOptions,
  triplet,
} from './losses/distance.js'
export { hinge, hingeEmbedding, type MarginOptions, marginRanking, softMargin } from './losses/hinge.js'
export { type DiceOptions, dice, type FocalOptions, focal } from './losses/imbalance.js'
export { type KlDivergenceOptions, type KlReduction, klDivergence } from './losses/kl-divergence.js'
export { type GaussianNllOptions, gaussianNll, type PoissonNllOptions, poissonNll } from './losses/likelihood.js'
export type { LossClass, LossModule } from './losses/loss-module.js'
export * from './losses/modules.js'
export { mse } from './losses/mse.js'
export { type MultiMarginOptions, multilabelMargin, multiMargin } from './losses/multi-margin.js'
export { type MultilabelSoftMarginOptions, multilabelSoftMargin } from './losses/multilabel-soft-margin.js'
export { type NllOptions, nll } from './losses/nll.js'
export type { LossOptions, Reduction } from './losses/reduction.js'
export {
  type CosineEmbeddingOptions,
  type CosineOptions,
  cosineEmbedding,
  cosineSimilarity,
  type InfoNceOptions,
  infoNce,
} from './losses/similarity.js'
export type {
  Average,
  DecisionOptions,
  MeanMetric,
  Measured,
  Measurement,
  Metric,
  Metrics,
  R2Options,
  Shared,
  ShareOptions,
  StreamedMetric,
} from './metrics.js'
/** Makers of metrics that are measured over all examples, for `evaluate` and `fit`. */
export * as metrics from './metrics.js'
export type { ApplyOptions } from './module/apply.js'
export { functionalCall, type ModuleState } from './module/functional-call.js'
export type { CotangentHook, ForwardHook, ForwardStartHook } from './module/hooks.js'
export { Module } from './module/module.js'
export { ModuleDict } from './module/module-dict.js'
export { ModuleList } from './module/module-list.js'
export { type BufferOptions, buffer } from './module/roles.js'
export { type Summary, type SummaryOptions, summary } from './module/summary.js'
export type { SummaryRow } from './module/summary-text.js'
export { Adadelta, type AdadeltaNumbers, type AdadeltaOptions } from './optimizers/adadelta.js'
export { Adafactor, type AdafactorNumbers, type AdafactorOptions } from './optimizers/adafactor.js'
export { Adagrad, type AdagradNumbers, type AdagradOptions } from './optimizers/adagrad.js'
export { Adam, type AdamNumbers, type AdamOptions, AdamW } from './optimizers/adam.js'
export { Adamax, type AdamaxNumbers, type AdamaxOptions } from './optimizers/adamax.js'
export { ASGD, type ASGDNumbers, type ASGDOptions } from './optimizers/asgd.js'
export type { ParameterGroup } from './optimizers/groups.js'
export type { HyperSpec, HyperTable, HyperValue } from './optimizers/hyper.js'
export { LBFGS, type LBFGSNumbers, type LBFGSOptions } from './optimizers/lbfgs.js'
export { Lion, type LionNumbers, type LionOptions } from './optimizers/lion.js'
export { Muon, type MuonNumbers, type MuonOptions } from './optimizers/muon.js'
export { NAdam, type NAdamNumbers, type NAdamOptions } from './optimizers/nadam.js'
export { type Numbers, Optimizer, type OptimizerLoadOptions } from './optimizers/optimizer.js'
export { RAdam, type RAdamNumbers, type RAdamOptions } from './optimizers/radam.js'
export { RMSprop, type RMSpropNumbers, type RMSpropOptions } from './optimizers/rmsprop.js'
export { Rprop, type RpropNumbers, type RpropOptions } from './optimizers/rprop.js'
export type { Given, OptimizerRule, Update } from './optimizers/rule.js'
export { SGD, type SGDNumbers, type SGDOptions } from './optimizers/sgd.js'
export type { ParameterState } from './optimizers/state.js'
export type { GroupOptions, ListedGroup, Trainable } from './optimizers/trainable.js'
/** Optimizers as rules, and what rules are made of. */
export * as optimizers from './optimizers.js'
export {
  type NumberSchedule,
  Scheduler,
  type SchedulerOptions,
  type SchedulerState,
  type ScheduleTable,
} from './schedules/scheduler.js'
export type {
  ConstantScheduleOptions,
  CosineRestartsScheduleOptions,
  CosineScheduleOptions,
  CyclicScheduleOptions,
  ExponentialScheduleOptions,
  InverseSquareRootScheduleOptions,
  LinearScheduleOptions,
  MultistepScheduleOptions,
  OneCycleScheduleOptions,
  Plateau,
  PlateauOptions,
  PlateauState,
  PolynomialScheduleOptions,
  Schedule,
  SequenceScheduleOptions,
  StepScheduleOptions,
  WarmUpScheduleOptions,
} from './schedules.js'
/** What hyperparameters are at each step: makers of schedules. */
export * as schedules from './schedules.js'
export type { LoadOptions, LoadReport, ModuleLoadOptions, StateDict } from './state/state-dict.js'
export type { TorchLayout, TorchSource } from './state/torch.js'
export { clipGradientNorm, clipGradientValue, gradientNorm, type HasGradients } from './training/clip.js'
export { type EvaluateOptions, type EvaluationProgress, evaluate, type Loss, type Model } from './training/evaluate.js'
export { fit } from './training/fit.js'
export type { FitOptions } from './training/fit-options.js'
export type { EarlyStopping } from './training/patience.js'
export type { BatchReport, EpochReport, History, Progress, Scores } from './training/reports.js'
export type { SaveOptions, Saving } from './training/saving.js'
export {
  type ClipOptions,
  type StepReport,
  type TrainStep,
  type TrainStepOptions,
  trainStep,
} from './training/train-step.js'
export { loadTrainingState, type TrainingParts, type TrainingState, trainingState } from './training/training-state.js'
export { WeightAverage, type WeightAverageOptions } from './training/weight-average.js'
