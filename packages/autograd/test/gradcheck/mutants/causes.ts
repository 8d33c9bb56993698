const place =
  'elements?|entr(y|ies)|rows?|columns?|borders?|edges?|corners?|branch(es)?|samples?|channels?|diagonal|batch'

/**
 * The causes that a report should tell apart, each with the words by which a reader would know it: a cause counts as named
 * if what a report says beside its numbers has them.
 */
export const causes = {
  sign: /\bsigns?\b.*(wrong|flip|opposite|negat|revers)|(wrong|flip|opposite|negat)\w* (the )?sign|negated/i,
  factor: /times what it should be|constant factor|\bfactor (of )?[\d(/]|scaled by/i,
  'mean for sum': /mean (where|instead|in place)|divided by .*(size|count|number|axis|axes)/i,
  'sum for mean': /sum (where|instead|in place)|not divided|multiplied by .*(size|count|number|axis|axes)/i,
  transposed: /(?<!its )transpos/i,
  'broadcast reduction':
    /broadcast|(sum|reduc)\w* over .*(missing|left out|forgotten|not)|reduction.*missing|has shape/i,
  'missing term':
    /(term|part|summand)s?\b.*(missing|dropped|lost|left out)|(missing|dropped|lost|lacks).*(term|part|summand)|(product|quotient) rule/i,
  'chain factor':
    /(chain|inner|outer|factor)\b.*(missing|dropped|lost|left out)|(missing|lacks).*(chain|inner|factor)|chain rule/i,
  'no gradient':
    /no derivative comes through|no gradient|(is|are) (zero|0 )|nothing arrives|dropped|stopGradient|detach/i,
  'swapped inputs':
    /swap|exchang|(that|those|gradient|derivative)s? of (the )?(other|another) input|mixed up|interchang/i,
  'ignored cotangent':
    /cotangent.*(ignor|not used|unused)|not depend on the (co)?tangent|ignor\w*.*(cotangent|tangent)|not linear/i,
  'saved output': /saved|(output|result|value).*(as|taken).*constant|stopGradient|detach|no derivative comes through/i,
  'double accumulation': /twice|double|accumulat|added (two|several)/i,
  conjugate: /conjug|imaginary/i,
  'absolute value': /absolute|\babs\b|magnitude|without (its|the) sign|unsigned/i,
  'only some': new RegExp(
    `(only|everywhere but) (at|in|for|by|where|on|off|above|below|within|this|these|the|one|a single|${place})\\b|(in|at) (one|a single|this) (${place})|wrong (${place})|` +
      `(${place})\\b.* (is|are) wrong`,
    'i',
  ),
  shifted: /shift|off by one|displaced|rolled|moved by/i,
  clipped: /clip|clamp|cut off/i,
  stale: /stale|first call|captur|previous|remember|old (input|value)|earlier (call|input)/i,
  'mutated input': /mutat|overwr|in place|given a new value|\bassigns?\b|chang\w* (its|the|an) (input|argument)/i,
  'random value': /nondetermin|two calls|keeps\s+state|random function/i,
  'random gradient':
    /(gradient|backward|derivative|vjp|rule)\b.*(random|nondetermin|two calls|run twice|not repeat)|nondetermin\w* (gradient|backward|derivative|rule)/i,
  float32: /float32|single precision|seven digits/i,
  'once differentiable':
    /once differentiable|no second|second (derivative|order).*(zero|missing)|no derivative comes through|stopGradient|noGrad/i,
  'one mode':
    /(in|by) (reverse|forward)( mode)? only|only (in )?(reverse|forward|the vjp|the jvp|vjp|jvp)|(vjp|jvp|reverse|forward)\b.* is (right|correct)/i,
  'here only': /only at (this|the given|the) point|elsewhere|(at|near) (other|shifted|nearby|moved) points?/i,
  captured: /captured|closes? over|closed over|closure/i,
  /** No more to say than what is wrong. */
  other: /(?:)/,
} as const

export type Cause = keyof typeof causes
