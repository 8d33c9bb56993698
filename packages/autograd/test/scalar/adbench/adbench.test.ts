import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Random } from '@adjoint/autograd'
import * as scalar from '@adjoint/autograd/scalar'
import { describe, expect, test } from 'vitest'
import { type Bundle, readBundle, residuals, someBundle } from './bundle.js'
import { complexStep, leavesOf, mapped } from './complex.js'
import { logLikelihood, type Mixture, readMixture, someMixture } from './gmm.js'
import { offsets, type Pose, readHand, readPose, someHand } from './hand.js'
import { type Lstm, loss, readLstm, someLstm } from './lstm.js'

// The objectives of ADBench (Šrajer, Kukelova and Fitzgibbon 2018, A benchmark of selected algorithmic differentiation tools), in
// small: on inputs drawn from a seed, and on ADBench's own files where they are.

type N = scalar.Num

const seeded = (seed: number) => {
  const random = new Random(seed)
  return () => random.number()
}

// beside the repository, or where it is said
const { ADJOINT_ADBENCH: folder = fileURLToPath(new URL('../../../../../../shared/adbench/data', import.meta.url)) } =
  process.env
const found = existsSync(folder)
const read = (name: string) => readFileSync(`${folder}/${name}`, 'utf8')

/** ADBench's measure, at each element. */
const expectAgreement = (what: string, elements: readonly number[], wanted: readonly number[]) => {
  expect(elements.length, what).toBe(wanted.length)
  const errors = elements.map((x, i) => Math.abs(x - wanted[i]!) / Math.max(1, Math.abs(x) + Math.abs(wanted[i]!)))
  expect(Math.max(...errors), what).toBeLessThan(1e-8)
  expect(errors.some(Number.isNaN), what).toBe(false)
}

/** What a function of constants comes to, all results added up. */
const total = <P>(f: (x: P) => N | readonly N[], at: unknown): number =>
  [f(mapped(at, scalar.constant) as P)].flat().reduce((sum, each) => sum + each.value, 0)

const compiled = scalar.compile as unknown as (f: unknown) => (x: unknown) => unknown

const checkGradient = <P>(f: (x: P) => N, at: scalar.NumbersOf<P>, byLoops: (x: P) => N = f) => {
  const [wanted] = complexStep(f, at)
  const gradients = {
    tape: () => scalar.grad(f)(at),
    duals: () => scalar.jacobian((x: P) => [f(x)], { mode: 'forward' })(at),
    compiled: () => compiled(scalar.grad(f))(at),
    'compiled, in loops': () => compiled(scalar.grad(byLoops))(at),
  }
  for (const [how, gradient] of Object.entries(gradients)) expectAgreement(how, leavesOf(gradient()), wanted!)
}

const checkJacobian = <P>(f: (x: P) => readonly N[], at: scalar.NumbersOf<P>) => {
  const wanted = complexStep(f, at)
  const jacobians = {
    'from the results': () => scalar.jacobian(f)(at),
    'from the arguments': () => scalar.jacobian(f, { mode: 'forward' })(at),
    compiled: () => compiled(scalar.jacobian(f))(at),
  }
  for (const [how, jacobian] of Object.entries(jacobians)) expectAgreement(how, leavesOf(jacobian()), wanted.flat())
  const { shape, indptr, indices, values } = scalar.sparseJacobian(f)(at)
  const dense = wanted.map((row) => row.map(() => 0))
  for (let row = 0; row < shape[0]; row++) {
    for (let k = indptr[row]!; k < indptr[row + 1]!; k++) dense[row]![indices[k]!] = values[k]!
  }
  expectAgreement('sparse', dense.flat(), wanted.flat())
}

describe('ADBench, by the tape, forward, compiled and sparse, is what complex steps say', () => {
  test('mixture of Gaussians', () => {
    const check = ({ at, given }: ReturnType<typeof readMixture>) =>
      checkGradient(
        (x: Mixture<N>) => logLikelihood(x, given),
        at as never,
        (x) => logLikelihood(x, given, scalar.map),
      )
    check(someMixture(2, 3, 20, seeded(1)))
    check(someMixture(5, 4, 10, seeded(2)))
    if (!found) return
    check(readMixture(read('gmm/test.txt')))
    const { at, given } = readMixture(read('gmm/1k/gmm_d2_K5.txt'))
    check({ at, given: { ...given, x: given.x.slice(0, 30) } })
  })

  test('bundle adjustment', () => {
    const check = ({ at, given }: ReturnType<typeof readBundle>) =>
      checkJacobian((x: Bundle<N>) => residuals(x, given), at as never)
    check(someBundle(3, 5, 12, seeded(3)))
    // a camera that is not turned
    const { at, given } = someBundle(2, 3, 6, seeded(4))
    check({ at: { ...at, cameras: at.cameras.map((camera) => [0, 0, 0, ...camera.slice(3)]) }, given })
    if (found) check(readBundle(read('ba/test.txt')))
  })

  test('LSTM', () => {
    const check = ({ at, given }: ReturnType<typeof readLstm>) =>
      checkGradient((x: Lstm<N>) => loss(x, given), at as never)
    check(someLstm(2, 3, 8, seeded(5)))
    if (!found) return
    const { at, given } = readLstm(read('lstm/lstm_l2_c1024.txt'))
    check({ at, given: { ...given, steps: given.steps.slice(0, 6) } })
  })

  test.each([false, true])('hand, by triangles: %s', (complicated) => {
    const check = ({ at, hand, seen }: ReturnType<typeof someHand>) =>
      checkJacobian((x: Pose<N>) => offsets(x, hand, seen), at as never)
    check(someHand(12, complicated, seeded(6)))
    const still = someHand(3, complicated, seeded(7))
    check({ ...still, at: { ...still.at, theta: [0, 0, 0, ...still.at.theta.slice(3)] } })
    if (!found) return
    const model = (name: string) => read(`hand/model/${name}.txt`)
    const hand = readHand({ bones: model('bones'), vertices: model('vertices'), triangles: model('triangles') })
    const { at, seen } = readPose(read(complicated ? 'hand/hand_complicated.txt' : 'hand/test.txt'), complicated)
    check({ at: at as never, hand, seen })
  })
})

// by a transcription to torch 2.13, float64, whose derivatives agree too
test('the objectives have the values that they have in torch', () => {
  const mixture = someMixture(5, 4, 10, seeded(2))
  const bundle = someBundle(3, 5, 12, seeded(3))
  const lstm = someLstm(2, 3, 8, seeded(5))
  expect(total((x: Mixture<N>) => logLikelihood(x, mixture.given), mixture.at)).toBeCloseTo(20.718432329339777, 11)
  expect(total((x: Bundle<N>) => residuals(x, bundle.given), bundle.at)).toBeCloseTo(-1130.045806150664, 9)
  expect(total((x: Lstm<N>) => loss(x, lstm.given), lstm.at)).toBeCloseTo(-0.23138706009086837, 13)
  for (const [complicated, value] of [
    [false, -10.094707236301636],
    [true, -33.45626730822735],
  ] as const) {
    const { at, hand, seen } = someHand(12, complicated, seeded(6))
    expect(total((x: Pose<N>) => offsets(x, hand, seen), at)).toBeCloseTo(value, 11)
  }
})
