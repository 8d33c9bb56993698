import {
  AdjointError,
  compile,
  GradientError,
  grad,
  Random,
  type Tensor,
  tensor,
  treeLeaves,
  treeMap,
  treePaths,
  treeProtocol,
  treeUnflatten,
  zerosLike,
} from '@adjoint/autograd'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const at = (...numbers: number[]): Tensor => tensor(numbers, { dtype: 'float64' })

class Pair {
  constructor(
    readonly left: unknown,
    readonly right: unknown,
    readonly fixed: Tensor,
  ) {}
  [treeProtocol]() {
    const { left, right, fixed } = this
    return {
      children: [left, right],
      buffers: { fixed },
      rebuild: ([l, r]: unknown[], b: { fixed: Tensor }) => new Pair(l, r, b.fixed),
    }
  }
}

/** Trees of all forms, and what else may stand in them. */
const trees = fc
  .letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      fc.integer({ min: -9, max: 9 }).map((n) => at(n)),
      fc.constantFrom<unknown>(null, undefined, 3, 'word', true),
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom('a', 'b.c', '[0]', 'd', '7', '__proto__'), tie('tree'), { maxKeys: 3 }),
      fc.tuple(tie('tree'), tie('tree')).map(([l, r]) => new Pair(l, r, at(0))),
    ),
  }))
  .tree.filter((tree) => tree !== undefined)

const reach = (tree: unknown, keys: readonly (string | number)[]): unknown =>
  keys.reduce((at, key) => {
    const inside = at instanceof Pair ? at[treeProtocol]().children : at
    return (inside as Record<string | number, unknown>)[key]
  }, tree)

describe('trees of any form', () => {
  it('are made again of their leaves', () => {
    fc.assert(
      fc.property(trees, (tree) => {
        const leaves = treeLeaves(tree)
        const again = treeUnflatten(
          tree,
          leaves.map((leaf) => leaf.mul(2)),
        )
        expect(treeLeaves(again).map((leaf) => leaf.toArray())).toEqual(leaves.map((leaf) => leaf.mul(2).toArray()))
        expect(treePaths(again).map(String)).toEqual(treePaths(tree).map(String))
        expect(treeUnflatten(again, leaves)).toEqual(tree)
      }),
      { seed: 1, numRuns: 300 },
    )
  })

  it('have a path for each leaf, which leads to it, and no path twice', () => {
    fc.assert(
      fc.property(trees, (tree) => {
        const [leaves, paths] = [treeLeaves(tree), treePaths(tree)]
        expect(paths).toHaveLength(leaves.length)
        paths.forEach(({ keys }, i) => {
          expect((reach(tree, keys) as Tensor).toArray()).toEqual(leaves[i]!.toArray())
        })
        expect(new Set(paths.map(String)).size).toBe(paths.length)
      }),
      { seed: 2, numRuns: 300 },
    )
  })

  it('are mapped leaf by leaf, with others by their paths', () => {
    fc.assert(
      fc.property(trees, (tree) => {
        const twice = treeMap(tree, (leaf) => leaf.mul(2))
        const sums = treeMap(tree, (a, b, c) => a.add(b).add(c).data[0], twice, tree)
        const leaves = treeLeaves(tree)
        const seen: unknown[] = []
        treeMap(tree, (leaf) => seen.push(leaf.data[0]))
        expect(seen).toEqual(leaves.map((leaf) => leaf.data[0]))
        treePaths(tree).forEach(({ keys }, i) => {
          expect(reach(sums, keys)).toBe(4 * leaves[i]!.data[0]!)
        })
      }),
      { seed: 3, numRuns: 300 },
    )
  })
})

describe('functions of trees', () => {
  const draw = new Random(5)
  const params = { layers: [{ w: draw.normal([2, 2]) as Tensor, b: at(1, 2) }], name: 'net', scale: at(3) }

  it('give an optimizer in one line', () => {
    const loss = (p: { a: Tensor; b: { c: Tensor } }) =>
      p.a.sub(p.b.c).square().sum().add(p.b.c.square().sum()) as Tensor<[]>
    let p = { a: at(4), b: { c: at(-3) } }
    let velocity = treeMap(p, zerosLike)
    for (let step = 0; step < 200; step++) {
      const gradient = grad(loss)(p)
      velocity = treeMap(velocity, (v, g) => v.mul(0.5).add(g), gradient)
      p = treeMap(p, (x, v) => x.sub(v.mul(0.1)), velocity)
    }
    for (const leaf of treeLeaves(p)) expect(Math.abs(leaf.item())).toBeLessThan(1e-6)
  })

  it('read their keys and print them', () => {
    expect(treePaths(params).map((path) => path.keys)).toEqual([['layers', 0, 'w'], ['layers', 0, 'b'], ['scale']])
    expect(treePaths(params).map(String)).toEqual(['.layers[0].w', '.layers[0].b', '.scale'])
    expect(treePaths(at(1)).map(String)).toEqual([''])
  })

  it('leave what is no tensor, and buffers, where they are', () => {
    const pair = new Pair(at(1), { n: 3 }, at(5))
    const mapped = treeMap({ pair, text: 'a' }, (leaf) => leaf.mul(2))
    expect(mapped.text).toBe('a')
    expect(mapped.pair).toBeInstanceOf(Pair)
    expect((mapped.pair as Pair).right).toEqual({ n: 3 })
    expect((mapped.pair as Pair).fixed).toBe(pair.fixed)
    expect(treeMap(pair, (leaf) => leaf)).toBe(pair)
  })

  it('may stand in what is differentiated or compiled', () => {
    const total = (tree: unknown) =>
      treeLeaves(treeMap(tree, (leaf) => leaf.square().sum())).reduce((a, b) => a.add(b)) as Tensor<[]>
    const gradient = grad((p: { a: Tensor; b: Tensor[] }) => total(p))({ a: at(1, 2), b: [at(3)] })
    expect([gradient.a.toArray(), gradient.b[0]!.toArray()]).toEqual([[2, 4], [6]])
    const doubled = compile((p: { a: Tensor }) => treeMap(p, (leaf) => leaf.mul(2)))
    expect(doubled({ a: at(1) }).a.toArray()).toEqual([2])
    expect(doubled({ a: at(4) }).a.toArray()).toEqual([8])
  })

  it('refuse what does not fit, by path', () => {
    const call = (f: unknown, ...args: unknown[]) => (f as (...args: unknown[]) => unknown)(...args)
    const wrong: [() => unknown, RegExp][] = [
      [
        () => treeUnflatten(params, [at(1)]),
        /the tree has 3 tensors \(\.layers\[0\]\.w, .*\), and leaves has 1; give one for each/,
      ],
      [
        () => treeMap({ a: at(1) }, (a, b) => a.add(b), { b: at(1) }),
        /tree 2 has no tensor \.a, and the first has float64\[1\]/,
      ],
      [
        () => treeMap({ a: at(1) }, (a, b) => a.add(b), { a: at(1), b: at(2) }),
        /tree 2 has float64\[1\] at \.b, and the first has none/,
      ],
      [() => treeMap(at(1), (a, b, c) => a.add(b).add(c), at(1), null), /tree 3 has no tensor/],
      [() => treeLeaves({ a: new Map([['w', at(1)]]) }), /the tree\.a is an instance of Map, .*\[treeProtocol\]/],
      [() => treePaths([new Date()]), /the tree\[0\] is an instance of Date/],
      [() => call(treeMap, (leaf: Tensor) => leaf, params), /the tree comes first; write treeMap\(tree, f\)/],
      [() => call(treeMap, params), /f is missing/],
      [() => call(treeUnflatten, params, at(1)), /leaves is float64\[1\]; use an array/],
    ]
    for (const [act, says] of wrong) {
      expect(act).toThrow(AdjointError)
      expect(act).toThrow(says)
    }
    const own: unknown[] = [at(1)]
    own.push({ own })
    for (const act of [() => treeLeaves(own), () => treeMap(own, (leaf) => leaf), () => treePaths({ own })]) {
      expect(act).toThrow(GradientError)
      expect(act).toThrow(/\[1\]\.own holds itself/)
    }
  })
})
