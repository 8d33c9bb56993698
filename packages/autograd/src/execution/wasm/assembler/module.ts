import { inPieces, type Pausing } from '../../../program/pieces.js'
import { atOnce } from '../../work.js'
import {
  type Code,
  type FunctionReference,
  flatten,
  type Instructions,
  type Statement,
  textBytes,
  typeByte,
  unsigned,
  type ValueType,
} from './code.js'
import { Local, Scope } from './local.js'

type Values<P extends readonly ValueType[]> = { readonly [K in keyof P]: Code<P[K]> }
type Locals<P extends readonly ValueType[]> = { readonly [K in keyof P]: Local<P[K]> }
type Result<R extends ValueType | null> = R extends ValueType ? Code<R> : Statement

/** A function of a module, to be called in the code of others. */
export interface Callable<P extends readonly ValueType[], R extends ValueType | null> {
  readonly call: (...args: Values<P>) => Result<R>
  readonly reference: FunctionReference
}

interface Signature {
  readonly parameters: readonly ValueType[]
  readonly result: ValueType | null
}
interface Imported extends Signature {
  readonly from: string
  readonly name: string
  readonly reference: FunctionReference
}
interface Defined extends Signature {
  readonly scope: Scope
  readonly body: Instructions
  readonly reference: FunctionReference
}

export interface MemoryOptions {
  /** Imported from here, or the module's own, exported as `memory`. */
  readonly from?: { readonly module: string; readonly name: string }
  /** Sizes in pages of 64 KiB. */
  readonly pages: number
  readonly maximum?: number
  readonly shared?: boolean
}

/** A WebAssembly module in the making. Functions may be imported and defined in any order. */
export class ModuleBuilder {
  private readonly imported: Imported[] = []
  private readonly defined: Defined[] = []
  private readonly exported: { readonly name: string; readonly reference: FunctionReference }[] = []
  private memoryOptions: MemoryOptions | undefined

  memory(options: MemoryOptions): void {
    this.memoryOptions = options
  }

  importFunction<const P extends readonly ValueType[], R extends ValueType | null>(
    from: string,
    name: string,
    parameters: P,
    result: R,
  ): Callable<P, R> {
    const reference = { index: -1 }
    this.imported.push({ from, name, parameters, result, reference })
    return callable(reference)
  }

  /** `body` gets the function's locals and then its parameters, and gives its instructions. */
  addFunction<const P extends readonly ValueType[], R extends ValueType | null>(
    parameters: P,
    result: R,
    body: (scope: Scope, ...parameters: Locals<P>) => Result<NoInfer<R>>,
  ): Callable<P, R> {
    const reference = { index: -1 }
    const scope = new Scope(parameters.length)
    const own = parameters.map((type, index) => new Local(type, index)) as unknown as Locals<P>
    this.defined.push({ parameters, result, scope, body: body(scope, ...own), reference })
    return callable(reference)
  }

  export(name: string, { reference }: { readonly reference: FunctionReference }): void {
    this.exported.push({ name, reference })
  }

  /** The module in the binary format. */
  bytes(): Uint8Array<ArrayBuffer> {
    return atOnce(this.encode())
  }

  *encode(): Pausing<Uint8Array<ArrayBuffer>> {
    const signatures: Signature[] = []
    const typeOf = ({ parameters, result }: Signature): number => {
      const same = (other: Signature) => other.result === result && other.parameters.join() === parameters.join()
      const known = signatures.findIndex(same)
      return known >= 0 ? known : signatures.push({ parameters, result }) - 1
    }
    const { imported, defined, memoryOptions: memory } = this
    for (const [index, { reference }] of [...imported, ...defined].entries()) reference.index = index

    const imports: Instructions[] = imported.map((each) => [
      textBytes(each.from),
      textBytes(each.name),
      0x00,
      unsigned(typeOf(each)),
    ])
    if (memory?.from) imports.push([textBytes(memory.from.module), textBytes(memory.from.name), 0x02, limits(memory)])
    const functions = defined.map((each) => unsigned(typeOf(each)))
    const memories = memory && !memory.from ? [limits(memory)] : []
    const exports: Instructions[] = this.exported.map(({ name, reference }) => [textBytes(name), 0x00, reference])
    if (memories.length > 0) exports.push([textBytes('memory'), 0x02, 0])
    const types = signatures.map(({ parameters, result }) => [
      0x60,
      list(parameters.map((type) => [typeByte(type)])),
      list(result === null ? [] : [[typeByte(result)]]),
    ])
    const bodies: Instructions[] = []
    yield* inPieces(defined, (each) => bodies.push(functionBody(each)))
    const sections: [id: number, items: Instructions[]][] = [
      [1, types],
      [2, imports],
      [3, functions],
      [5, memories],
      [7, exports],
      [10, bodies],
    ]
    const bytes = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]
    for (const [id, items] of sections) if (items.length > 0) flatten([id, sized(list(items))], bytes)
    return new Uint8Array(bytes)
  }
}

const callable = <P extends readonly ValueType[], R extends ValueType | null>(
  reference: FunctionReference,
): Callable<P, R> => ({
  reference,
  call: (...args) => [args as Instructions, 0x10, reference] as unknown as Result<R>,
})

const list = (items: readonly Instructions[]): Instructions => [unsigned(items.length), items]

/** The bytes with their number before them. */
const sized = (content: Instructions): Instructions => {
  const bytes = flatten(content, [])
  return [unsigned(bytes.length), bytes]
}

const functionBody = ({ scope, body }: Defined): Instructions =>
  sized([list(scope.runs().map(({ type, count }) => [unsigned(count), typeByte(type)])), body, 0x0b])

const limits = ({ pages, maximum, shared }: MemoryOptions): Instructions =>
  maximum === undefined ? [0x00, unsigned(pages)] : [shared ? 0x03 : 0x01, unsigned(pages), unsigned(maximum)]
