// Sets of labels: strings, each character a label.

/** The labels that stand in one or in the other. */
export const union = (a: string, b: string): string => a + without(b, a)

export const without = (labels: string, others: string): string =>
  [...labels].filter((label) => !others.includes(label)).join('')

/** Those that stand in the others too, each once. */
export const common = (labels: string, others: string): string =>
  [...labels].filter((label, i) => others.includes(label) && labels.indexOf(label) === i).join('')
