/** Files to check, as text. */

const imports = `import { type Tensor, tensor } from '@adjoint/autograd'\n`

export const right = `${imports}
export default { tanh: { f: (x: Tensor) => x.tanh(), inputs: [tensor([0.3, -1])], options: { order: 1 } } }
`
export const inconclusive = `${imports}
export const kink = { f: (x: Tensor) => x.abs(), inputs: [tensor([0, 1])], options: { order: 1 } }
`
export const wrong = `
type Plain = number[]
export const square = { value: (x: Plain) => x[0]! ** 2, grad: (x: Plain) => [-2 * x[0]!], x: [3] }
`
export const throws = `${imports}
export default { 'a "b" <c> & \\u0007d\\ne': { f: (x: Tensor) => { throw new Error(\`<\${x.shape}> & ]]>\`) }, inputs: [tensor([1])] } }
`
