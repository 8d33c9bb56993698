import {
  type AdjointError,
  CompileError,
  compile,
  DTypeError,
  grad,
  ones,
  type PlainTensor,
  parameter,
  ShapeError,
  type Tensor,
  tensor,
  zeros,
} from '@adjoint/autograd'
import { describe, expect, it } from 'vitest'

const dtypes = ['float32', 'float64', 'int32', 'bool'] as const
// what plain JavaScript may do
const loose = (x: unknown) => x as number
const plus = (a: unknown, b: unknown): unknown => loose(a) + loose(b)
const matrix = tensor([
  [1, 2],
  [3, 4],
])
const inspect = Symbol.for('nodejs.util.inspect.custom')
const shown = (x: unknown, depth: number | null = 2, options: object = { depth: 2 }): string =>
  (x as { [inspect]: (depth: number | null, options: object) => string })[inspect](depth, options)

describe('a tensor of one element is a number to JavaScript', () => {
  it.each(dtypes)('of %s', (dtype) => {
    for (const x of [
      tensor(1, { dtype }),
      tensor([[1]], { dtype }),
      zeros([2, 3], { dtype }).equal(0).all().cast(dtype),
    ]) {
      expect(Number(x)).toBe(1)
      expect([loose(x) + 1, 1 - loose(x), -loose(x), loose(x) ** 2]).toEqual([2, 0, -1, 1])
      expect([loose(x) > 0, loose(x) <= 0.5, loose(x) === 1, Math.max(loose(x), 0)]).toEqual([true, false, false, 1])
      expect(plus('loss: ', x)).toBe('loss: 1')
      expect(Float64Array.of(loose(x))[0]).toBe(1)
    }
  })

  it('also where it is NaN, and where it has a history', () => {
    expect(Number(tensor(Number.NaN))).toBeNaN()
    const loss = parameter(tensor([3, 4]))
      .square()
      .sum()
    expect([Number(loss), loose(loss) > 24]).toEqual([25, true])
  })

  it('and is its dtype and shape as text, whatever it holds', () => {
    for (const x of [matrix, matrix.sum(), zeros([0]), tensor(true)]) {
      expect([`${x}`, String(x), [x].join()]).toEqual([x.toString(), x.toString(), x.toString()])
    }
    expect(`${matrix}`).toBe('float32[2, 2]')
    expect(Object.prototype.toString.call(matrix)).toBe('[object Tensor]')
  })
})

describe('what is no number is refused in words', () => {
  it.each<[string, () => unknown]>([
    ['a + b', () => loose(matrix) + loose(matrix)],
    ['a * 2', () => loose(matrix) * 2],
    ['a > b', () => loose(matrix) > loose(matrix.add(1))],
    // biome-ignore lint/suspicious/noDoubleEquals: it is what is tried
    ['a == 1', () => loose(matrix) == 1],
    ["'x: ' + a", () => plus('x: ', matrix)],
    ['Number(a)', () => Number(matrix)],
    ['+a', () => +loose(matrix)],
    ['Math.max(a)', () => Math.max(loose(matrix))],
    ['Math.abs(a)', () => Math.abs(loose(matrix))],
    ['Number of none', () => Number(zeros([0]))],
  ])('%s', (_name, act) => {
    expect(act).toThrow(ShapeError)
    expect(act).toThrow(/float32\[.*\].* no number.*a\.add\(b\) for a \+ b.*a\.greater\(b\).*toArray\(\)/)
  })

  it('inside compile, with the remedy', () => {
    const branch = compile((x: Tensor) => (loose(x.sum()) > 0 ? x : x.neg()))
    expect(() => branch(ones([2]))).toThrow(CompileError)
    expect(() => branch(ones([2]))).toThrow(/loss > 0.*where\(\)/)
    expect(compile((x: Tensor) => x.mul(`${x}`.length))(ones([1])).toArray()).toEqual(['float32[1]'.length])
  })

  it.each<[string, () => unknown, RegExp]>([
    ['x.length', () => (matrix as unknown as number[]).length, /length: .*no array.*x\.shape\[0\].*x\.size/],
    ['x[0]', () => (matrix as unknown as number[])[0], /\[0\]: .*no array.*x\.at\(0\)/],
    ['x[0] = 1', () => Object.assign(matrix, { 0: 1 }), /\[0\]: .*no array/],
    ['Array.from(x)', () => Array.from(matrix as unknown as number[]), /length: .*toArray/],
    ['new Float32Array(x)', () => new Float32Array(matrix as unknown as number[]), /length: .*x\.data/],
    ['[].map.call(x)', () => [].map.call(matrix, Number), /length: .*no array/],
  ])('%s', (_name, act, says) => {
    expect(act).toThrow(ShapeError)
    expect(act).toThrow(says)
  })
})

const special = [1.5, -0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0.1, 1e-40, 2 ** 31]
const samples: readonly Tensor[] = [
  tensor(special),
  tensor(special, { dtype: 'float64' }),
  tensor([-(2 ** 31), 0, 2 ** 31 - 1], { dtype: 'int32' }),
  tensor([[true], [false]]),
  tensor(7),
  zeros([0, 3]),
  matrix.transpose(),
  matrix.broadcastTo([2, 2, 2]),
  parameter(matrix),
  tensor(special).slice(0, 2, 5),
  zeros([40]).add(0.1),
]

describe('plain data comes back as the same tensor', () => {
  it.each<[string, (x: Tensor) => unknown]>([
    ['toPlain', (x) => x.toPlain()],
    ['a structured clone', (x) => structuredClone(x.toPlain())],
    [
      'transferred',
      (x) => {
        const plain = x.toPlain()
        return structuredClone(plain, { transfer: [plain.data.buffer] })
      },
    ],
    ['JSON', (x) => JSON.parse(JSON.stringify(x))],
    ['JSON inside other data', (x) => JSON.parse(JSON.stringify({ list: [x] })).list[0]],
  ])('%s', (_name, send) => {
    for (const x of samples) {
      const [before, back] = [Array.from(x.data), tensor(send(x) as PlainTensor)]
      expect([back.dtype, back.shape, back.requiresGrad]).toEqual([x.dtype, x.shape, false])
      expect(Array.from(back.data)).toEqual(before)
      expect(Array.from(x.data)).toEqual(before)
    }
  })

  it('as typed arrays of the exact size, or as numbers and words', () => {
    expect(tensor(special).slice(0, 2, 4).toPlain()).toEqual({
      shape: [2],
      dtype: 'float32',
      data: Float32Array.of(Number.NaN, Number.POSITIVE_INFINITY),
    })
    expect(JSON.stringify(tensor([0.5, -0, Number.NaN]))).toBe(
      '{"shape":[3],"dtype":"float32","data":[0.5,"-0","NaN"]}',
    )
    const plain = matrix.toPlain()
    expect(plain.data.buffer.byteLength).toBe(16)
    // in another dtype where one is given
    expect(tensor(plain, { dtype: 'float64' }).dtype).toBe('float64')
  })

  it.each<[string, unknown, typeof AdjointError, RegExp]>([
    ['too few', { shape: [2], dtype: 'float32', data: [1] }, ShapeError, /\[2\] has 2 elements, and its data 1/],
    ['transferred', { shape: [2], dtype: 'float32', data: new Float32Array(0) }, ShapeError, /transferred/],
    ['null', { shape: [1], dtype: 'float32', data: [null] }, DTypeError, /data\[0\].*null.*'NaN'/],
    ['no dtype', { shape: [1], dtype: 'f4', data: [1] }, DTypeError, /'f4' is no dtype/],
    ['no shape', { shape: 1, dtype: 'float32', data: [1] }, ShapeError, /shape of a plain tensor is 1/],
    ['a bad shape', { shape: [-1], dtype: 'float32', data: [] }, ShapeError, /\[-1\] is not a shape/],
    ['no data', { shape: [1], dtype: 'float32', data: 'AAAA' }, DTypeError, /data of a plain tensor is string/],
    ['a fraction', { shape: [1], dtype: 'int32', data: [0.5] }, DTypeError, /0\.5 at \[0\]/],
    ['a text', { shape: [1], dtype: 'int32', data: ['NaN'] }, DTypeError, /NaN at \[0\]/],
  ])('unless it is wrong: %s', (_name, plain, error, says) => {
    expect(() => tensor(plain as PlainTensor)).toThrow(error)
    expect(() => tensor(plain as PlainTensor)).toThrow(says)
  })

  it('and a tensor itself refuses to be cloned, in words, wherever it stands', () => {
    const w = parameter(tensor([1, 2]))
    const loss = w.square().sum()
    loss.backward()
    for (const thing of [matrix, w, w.grad, loss, matrix.sum(), [matrix], { a: { b: loss } }, new Map([[1, w]])]) {
      expect(() => structuredClone(thing)).toThrow(/x\.toPlain\(\).*tensor\(plain\)/)
    }
  })
})

describe('console.log', () => {
  it('shows dtype, shape and elements, and where a tensor is from', () => {
    expect(shown(tensor([1.5, Number.NaN]))).toBe('Tensor float32[2] [1.5, NaN]')
    expect(shown(parameter(tensor([1])))).toBe('Tensor float32[1] requiresGrad [1]')
    expect(
      shown(
        parameter(tensor([1]))
          .exp()
          .log(),
      ),
    ).toBe('Tensor float32[1] by log [1]')
    expect(shown(zeros([0, 2]))).toBe('Tensor float32[0, 2] []')
  })

  it('in rows where a line does not hold it, in a line where it stands inside something', () => {
    const wide = tensor([0, 1, 2]).expandDims(-1).broadcastTo([3, 30]).mul(1.23456)
    expect(shown(wide)).toBe(
      'Tensor float32[3, 30]\n' +
        '[[0, 0, 0, ..., 0, 0, 0],\n' +
        ' [1.23456, 1.23456, 1.23456, ..., 1.23456, 1.23456, 1.23456],\n' +
        ' [2.46912, 2.46912, 2.46912, ..., 2.46912, 2.46912, 2.46912]]',
    )
    expect(shown(wide, 1)).toBe('Tensor float32[3, 30] [[0, ..., 0], [1.23456, ..., 1.23456], [2.46912, ..., 2.46912]]')
    expect(shown(zeros([30, 30, 30, 30]), 1)).not.toContain('\n')
    expect(shown(matrix, -1)).toBe('[Tensor float32[2, 2]]')
    expect(shown(matrix, null, { depth: null, stylize: (text: string, style: string) => `<${style}>${text}` })).toBe(
      '<special>Tensor float32[2, 2]<undefined> <number>[[1, 2], [3, 4]]',
    )
  })

  it('is never an error, whatever has become of the elements', () => {
    const leaked: Tensor[] = []
    const texts: string[] = []
    compile((x: Tensor) => {
      leaked.push(x, x.mul(2))
      texts.push(...leaked.map((y) => shown(y)), shown(matrix))
      return x.mul(2)
    })(ones([2]))
    for (const text of texts) expect(text).toMatch(/^Tensor float32\[.*\].*\(traced: no elements yet\)$/)
    for (const x of leaked) expect(shown(x)).toMatch(/traced: its elements are known only inside/)
    const gone = ones([2])
    structuredClone(gone.data, { transfer: [(gone.data as Float32Array<ArrayBuffer>).buffer] })
    expect(shown(gone)).toMatch(/transferred/)
    grad((x: Tensor) => {
      texts.push(shown(x))
      return x.sum()
    })(ones([2]))
    expect(texts.at(-1)).toBe('Tensor float32[2] [1, 1]')
  })
})
