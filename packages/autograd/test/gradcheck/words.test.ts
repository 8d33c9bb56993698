import { GradientError, noGrad, type Tensor } from '@adjoint/autograd'
import { gradcheck, gradcheckAll, type Report } from '@adjoint/autograd/gradcheck'
import { describe, expect, test } from 'vitest'
import { altered, at, type F, normal, op, scaled } from './mutants/kit.js'

type Check = (f: F, inputs: readonly unknown[], options?: object) => Report
const check = gradcheck as unknown as Check

const thrownBy = (run: () => unknown): Error => {
  try {
    run()
  } catch (error) {
    return error as Error
  }
  return expect.fail('nothing was thrown')
}

describe('what f throws', () => {
  const calledOnly = (times: number): F => {
    let calls = 0
    return (x: Tensor) => {
      calls++
      if (calls > times) throw new TypeError('no more')
      return x.square()
    }
  }
  const above: F = (x: Tensor) => {
    if (x.data[1]! < 1.999) throw new RangeError('too low')
    return x.square()
  }

  test('at its first call is thrown as it is', () => {
    expect(thrownBy(() => check(calledOnly(0), [at(1, 2)]))).toBeInstanceOf(TypeError)
  })

  test('later is named, with the call, where that was, and the cause', () => {
    for (const times of [1, 2, 5, 9, 14]) {
      const error = thrownBy(() => check(calledOnly(times), [at(1, 2)]))
      expect(error).toBeInstanceOf(GradientError)
      expect(error.message).toMatch(new RegExp(`^gradcheck: f threw at call ${times + 1}, with .*: TypeError: no more`))
      expect(error.cause).toBeInstanceOf(TypeError)
    }
    const error = thrownBy(() => check(above, [at(1, 2)]))
    expect(error.message).toMatch(
      /, with input\[0\]\[1\] = 1\.\d+ \(given is 2\): RangeError: too low\. .* choose a point/,
    )
    const { checks } = gradcheckAll({ above: { f: above, inputs: [at(1, 2)] } })
    expect(checks[0]!.threw).toMatch('gradcheck: f threw at call')
  })

  test('is not put down to a mode', () => {
    // the value is asked for without recording, so only modes run into it
    const recorded: F = (x: Tensor) => {
      if (x.data[0]! !== 1) throw new RangeError('elsewhere')
      return x.square()
    }
    expect(thrownBy(() => check(recorded, [at(1)], { nearby: 0 })).message).toContain('gradcheck: f threw')
    const broken = op('broken', (x: Tensor) => x.square(), {
      vjp: () => {
        throw new RangeError('rule')
      },
    })
    expect(`${check(broken, [at(1)])}`).toContain('reverse mode threw RangeError: rule')
  })

  test('of a black box is named too', () => {
    const value = ([x]: number[]) => {
      if (x! < 0.999) throw new RangeError('too low')
      return x! ** 2
    }
    const error = thrownBy(() => gradcheck.blackBox({ value, grad: ([x]: number[]) => [2 * x!] }, [1]))
    expect(error.message).toMatch(/^gradcheck\.blackBox: value threw at call \d+, with x\[0\] = 0\.9\d+ \(given is 1\)/)
    expect(error.cause).toBeInstanceOf(RangeError)
  })
})

describe('a function that changes its input', () => {
  const ways: Readonly<Record<string, (x: Tensor) => void>> = {
    'its elements': (x) => {
      const data = x.data as Float64Array
      data[1] = data[1]! + 1
    },
    'by assign': (x) => noGrad(() => x.assign(x.mul(2))),
    'by assign, where it is recorded': (x) => x.assign(x.mul(2)),
  }
  test.each(Object.entries(ways))('%s: that is said of the input, and of no mode', (_name, change) => {
    const f: F = (w: Tensor, x: Tensor) => {
      const y = x.mul(w)
      change(x)
      return y
    }
    const report = check(f, [normal(1, 3), normal(2, 3)])
    expect(report.verdict).toBe('inconclusive')
    expect(report.orders[0]!.doubts).toMatchObject([{ kind: 'mutated input', input: 'input[1]' }])
    expect(`${report}`).toMatch(/input\[1\] -> any output: f overwrites it \(element \d was /)
    expect(`${report}`).not.toContain('mode threw')
  })
})

test('undefined in a result is refused by its path', () => {
  const results: readonly [(x: Tensor) => unknown, string][] = [
    [(x) => ({ loss: x.square(), more: { gate: undefined } }), 'output.more.gate'],
    [(x) => [x.square(), undefined], 'output[1]'],
    [() => undefined, 'output'],
  ]
  for (const [f, path] of results) {
    expect(() => check(f, [at(1)])).toThrow(`gradcheck: f returned undefined for ${path}; return a tensor there`)
  }
  // what else is no tensor is let be
  expect(check((x: Tensor) => ({ y: x.square(), n: 3, name: 'y', none: null }), [at(1)]).verdict).toBe('pass')
})

test('the note on order 2 says whether order 1 is wrong or not known', () => {
  const square: F = (x: Tensor) => x.square()
  expect(`${check(scaled('wrong', square, 2), [at(1)])}`).toContain('order 2 is not looked at before order 1 is right')
  const coarse = check((x: Tensor) => x.cast('float32').exp(), [at(0.5)])
  expect(coarse.verdict).toBe('inconclusive')
  expect(coarse.notes).toContain('order 2 is not looked at where order 1 could not be checked')
})

describe('the Taylor remainder', () => {
  const square: F = (x: Tensor) => x.square()
  const notesOf = (f: F, x: Tensor) => check(f, [x]).notes.filter((note) => note.startsWith('Taylor'))

  test('does not praise what is wrong', () => {
    const narrow = altered('narrow', square, ([x]) => [x!.cast('float32').cast('float64')])
    for (const f of [narrow, ...[1e-6, 1e-7, 1e-8].map((off) => scaled('off', square, 1 + off))]) {
      const notes = notesOf(f, at(1.1, 2.3))
      expect(notes[0]).toMatch(/order 1\.\d+ where 2 belongs|what is wrong is too little to show in it/)
    }
    expect(notesOf(scaled('off', square, 2), at(1e-12, 2e-12))[0]).toContain('too little to show')
  })

  test('is said of both modes where one is wrong', () => {
    const cotangents = op('reverse', square, { vjp: (g, [x]) => [g.mul(x!)], jvp: ([t], [x]) => t!.mul(x!).mul(2) })
    const [reverse, forward] = notesOf(cotangents, at(1.1, 2.3))
    expect(reverse).toMatch(/reverse mode: order 1\.0\d where 2 belongs/)
    expect(forward).toMatch(/forward mode: order 2\.0\d, as it should be/)
  })
})

test('the op is named at any scale', () => {
  const wrong = scaled('twofold', (x: Tensor) => x.square(), 2)
  for (const scale of [1e-120, 1e-60, 1e-9, 1, 1e9, 1e60, 1e120]) {
    const inside: F = (x: Tensor) => wrong(x.mul(scale)).mul(3)
    const given: F = (x: Tensor) => wrong(x.add(0)).mul(3)
    for (const report of [check(inside, [at(1, 2)]), check(given, [at(scale, 2 * scale)])]) {
      expect(report.verdict).toBe('fail')
      expect(report.orders[0]!.culprits.map(({ op }) => op)).toEqual(['twofold'])
    }
  }
})
