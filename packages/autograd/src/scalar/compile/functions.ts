import {
  after,
  type Code,
  f64,
  f64x2,
  i32,
  increase,
  loopWhile,
  ModuleBuilder,
  select,
  v128,
  when,
} from '../../execution/wasm/assembler/index.js'
import { exp, expm1, tanh } from '../../execution/wasm/math/exponential.js'
import { log, log1p } from '../../execution/wasm/math/logarithm.js'
import { cos, sin } from '../../execution/wasm/math/trigonometric.js'
import { Vector, type VectorFunction } from '../../execution/wasm/math/vector.js'
import { importNumbers } from '../../execution/wasm/numbers.js'
import type { NumberFunction } from '../../rules/algebra.js'
import { rules } from '../../rules/table.js'
import { codeOf, functionOf } from '../recording/codes.js'
import { sharedMemory } from './memory.js'

const inVectors: Readonly<Record<string, VectorFunction>> = { exp, expm1, log, log1p, sin, cos, tanh }

type Exports = Readonly<Record<string, NumberFunction>>
let exported: Exports | undefined

/** The functions of kernels over vectors, for one number each, and `scale`. */
const functions = (): Exports => {
  if (exported !== undefined) return exported
  const module = new ModuleBuilder()
  const { scalar, imports } = importNumbers(module, true)
  for (const [name, code] of Object.entries(inVectors)) {
    const defined = module.addFunction(['f64'], 'f64', (scope, x) => {
      const v = new Vector(scope, 'float64', { fused: false, scalar })
      const lanes = v.local()
      const result = f64x2.extractLane(code(v, lanes), 0)
      return after([lanes.set(f64x2.splat(x.get)), v.prologue()], result)
    })
    module.export(name, defined)
  }
  const scale = module.addFunction(['f64', 'f64'], 'f64', (_, g, p) => {
    const isNotZero = i32.and(f64.notEqual(g.get, f64.const(0)), f64.notEqual(p.get, f64.const(0)))
    return select(isNotZero, f64.mul(g.get, p.get), f64.const(0))
  })
  module.export('scale', scale)
  const anyNaN = module.addFunction(['i32', 'i32'], 'i32', (scope, from, to) => {
    const found = scope.local('v128')
    const looked = (at: Code<'v128'>) => found.set(v128.or(found.get, f64x2.notEqual(at, at)))
    return after(
      [
        loopWhile(i32.less(from.get, i32.sub(to.get, i32.const(8))), [
          looked(v128.load(from.get)),
          increase(from, i32.const(16)),
        ]),
        when(i32.less(from.get, to.get), looked(f64x2.splat(f64.load(from.get)))),
      ],
      v128.anyTrue(found.get),
    )
  })
  module.export('anyNaN', anyNaN)
  module.memory({ from: { module: 'scalar', name: 'memory' }, pages: 1, maximum: 65536 })
  exported = new WebAssembly.Instance(new WebAssembly.Module(module.bytes()), {
    ...imports,
    scalar: { memory: sharedMemory() },
  }).exports as unknown as Exports
  return exported
}

const nameOf = new Map(Object.keys(inVectors).map((name) => [codeOf(rules[name as keyof typeof rules]), name] as const))

/** Whether a number in memory, from one address to another, is NaN: 1 or 0. */
export const looksForNaN = (): NumberFunction => functions().anyNaN!

/** What a program imports for a rule that is no instruction: WebAssembly too where there is one, or else JavaScript. */
export const calleeOf = (called: number | 'scale'): NumberFunction => {
  const name = called === 'scale' ? 'scale' : nameOf.get(called)
  return name === undefined ? functionOf(called as number) : functions()[name]!
}
