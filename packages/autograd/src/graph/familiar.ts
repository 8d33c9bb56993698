import { nearest } from './nearest.js'

// Names that users bring along from PyTorch, NumPy, JAX and Keras. Case and underscores do not count: keepdims and
// keep_dims find keepDims without an entry here.

/** Names of other libraries, in small letters and without underscores. */
export interface Familiar {
  /** What may be meant by each: the first that there is. */
  readonly names: Readonly<Record<string, readonly string[]>>
  /** Where to look for what is no option anywhere, as the end of a sentence. */
  readonly elsewhere: Readonly<Record<string, string>>
}

/** Theirs, and what may be meant here: the first that there is. */
const familiar: Familiar['names'] = {
  dim: ['axis', 'axes'],
  dims: ['axes', 'axis'],
  axis: ['axes'],
  axes: ['axis'],
  normalizedshape: ['axes'],
  keepdim: ['keepDims'],
  ddof: ['correction'],
  unbiased: ['correction'],
  eps: ['epsilon'],
  stepsize: ['step'],
  dim1: ['axes'],
  dim2: ['axes'],
  axis1: ['axes'],
  axis2: ['axes'],
  diagonal: ['offset'],
  k: ['offset'],
  equation: ['subscripts'],
  strides: ['stride', 'step'],
  stride: ['step'],
  pad: ['padding'],
  paddings: ['padding'],
  dilations: ['dilation'],
  rhsdilation: ['dilation'],
  kernelsize: ['size'],
  windowsize: ['size'],
  scalefactor: ['scale'],
  paddingmode: ['padding'],
  normtype: ['p', 'order'],
  p: ['order'],
  featuregroupcount: ['groups'],
  totalrepeatlength: ['size'],
  outputsize: ['size'],
  iscausal: ['causal'],
  attnmask: ['mask'],
  attentionmask: ['mask'],
  enablegqa: ['groupedQueries'],
  fillvalue: ['value', 'fill'],
  ord: ['order'],
  n: ['order'],
  method: ['interpolation'],
  right: ['side'],
  returninverse: ['inverse'],
  returncounts: ['counts'],
  length: ['size'],
  normed: ['density'],
  constantvalues: ['value'],
  minval: ['low'],
  maxval: ['high'],
  min: ['low'],
  max: ['high'],
  from: ['low'],
  to: ['high'],
  std: ['standardDeviation'],
  stddev: ['standardDeviation'],
  scale: ['standardDeviation'],
  sigma: ['standardDeviation'],
  loc: ['mean'],
  mu: ['mean'],
  prob: ['p'],
  probs: ['p'],
  probability: ['p'],
  generator: ['random'],
  rng: ['random'],
  key: ['random', 'seed'],
  seed: ['random'],
  inaxes: ['in'],
  indims: ['in'],
  outaxes: ['out'],
  outdims: ['out'],
  axissize: ['size'],
  randomness: ['random'],
  backward: ['vjp'],
  pullback: ['vjp'],
  grad: ['vjp'],
  pushforward: ['jvp'],
  forwardgrad: ['jvp'],
  call: ['forward'],
  fn: ['forward'],
  type: ['dtype'],
  batchsize: ['size'],
  batch: ['size'],
  argnums: ['argument'],
  argnum: ['argument'],
  argnames: ['argument'],
  hasaux: ['auxiliary'],
  aux: ['auxiliary'],
  strategy: ['mode'],
  rtol: ['tolerance'],
  atol: ['tolerance'],
  tol: ['tolerance'],
}

/** Theirs for what is no option anywhere here. */
const elsewhere: Familiar['elsewhere'] = {
  device: 'everything runs on the CPU',
  requiresgrad: 'parameter(...) makes a tensor that collects gradients',
  out: 'results are new tensors; assign() gives a parameter other values',
  stable: 'equal elements keep their order, always',
  sorted: 'what is found is in order, always',
  inplace: 'results are new tensors; assign() gives a parameter other values',
  retaingraph: 'the graph is always kept',
  creategraph: 'derivatives of transforms can be differentiated again, always',
  allowunused: 'what a result does not depend on has the derivative 0',
  strict: 'what a result does not depend on has the derivative 0',
  holomorphic: 'there are no complex numbers',
  dtype: "x.cast('float64') gives another dtype",
  returnindices: 'maxPool2dWithIndices() gives them',
  memoryformat: 'images are [batch, channels, height, width]',
  dataformat: 'images are [batch, channels, height, width]',
}

/** Dtypes of others, as far as one here holds the same numbers. */
const dtypes: Readonly<Record<string, string>> = {
  float: 'float32',
  single: 'float32',
  f32: 'float32',
  float32array: 'float32',
  double: 'float64',
  f64: 'float64',
  float64array: 'float64',
  number: 'float64',
  int: 'int32',
  integer: 'int32',
  i32: 'int32',
  long: 'int32',
  int64: 'int32',
  i64: 'int32',
  uint8: 'int32',
  int32array: 'int32',
  boolean: 'bool',
}

const plain = (name: string): string => name.replaceAll(/[_\W]/g, '').toLowerCase()

/** The name among those known that an unknown one most likely stands for. @param more names of those who have options of their own */
export const meant = (unknown: string, known: readonly string[], more?: Familiar): string | undefined => {
  const theirs = plain(unknown)
  const listedIn = (names: Familiar['names'] = {}): string | undefined =>
    Object.hasOwn(names, theirs) ? names[theirs]!.find((name) => known.includes(name)) : undefined
  return (
    known.find((name) => plain(name) === theirs) ??
    listedIn(more?.names) ??
    listedIn(familiar) ??
    nearest(unknown, known, Math.max(1, Math.floor(unknown.length / 3)))
  )
}

/** The dtype among those known that one of others most likely stands for: 'double', 'torch.float32'. */
export const meantDType = (unknown: string, known: readonly string[]): string | undefined => {
  const theirs = plain(unknown.slice(unknown.lastIndexOf('.') + 1))
  if (Object.hasOwn(dtypes, theirs)) return dtypes[theirs]
  return known.includes(theirs) ? theirs : nearest(unknown, known, 1)
}

/** Where to look for what an unknown name stands for, if it is no option at all. */
export const foundElsewhere = (unknown: string, more?: Familiar): string | undefined => {
  const theirs = plain(unknown)
  return [more?.elsewhere, elsewhere].find((places) => places && Object.hasOwn(places, theirs))?.[theirs]
}
