import type { Trace, TraceNode } from '../trace/schema.js'

/** What the derivative of one node by another is called: `dE/dx1` if all names are as short as that, else `d v4 / d v3`. */
export type DerivativeName = (of: TraceNode, by: TraceNode) => string

const areShort = ({ nodes }: Trace): boolean =>
  nodes.every(({ name, kind }) => kind === 'constant' || /^[A-Za-z]\w{0,3}(?:#\d)?$/.test(name))

export const derivativeNames = (trace: Trace): DerivativeName =>
  areShort(trace) ? (of, by) => `d${of.name}/d${by.name}` : (of, by) => `d ${of.name} / d ${by.name}`

/** What adjoints are called: `dE/dx1`, or where names are long `d v4`. */
export interface AdjointNames {
  readonly of: (node: TraceNode) => string
  /** What a reader must be told of them; empty where nothing. */
  readonly note: string
}

export const adjointNames = (trace: Trace, output: TraceNode): AdjointNames => {
  if (areShort(trace)) return { of: ({ name }) => `d${output.name}/d${name}`, note: '' }
  return { of: ({ name }) => `d ${name}`, note: `. Here d v is d ${output.name} / d v` }
}
