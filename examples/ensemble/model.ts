import { parameter, type Random, stack, type Tensor, vmap } from '@adjoint/autograd'
import { functionalCall, Linear, Module, ReLU, Sequential } from '@adjoint/nn'

/** A small network: 784 pixels, a hidden layer, and a score for each digit. */
export const createMember = (random: Random, hidden: number) =>
  new Sequential(new Linear(784, hidden, { random }), new ReLU(), new Linear(hidden, 10, { random }))

export type Member = ReturnType<typeof createMember>
type Images = Tensor<[number, 784]>
type Scores = Tensor<[number, number, 10]>

/**
 * Many networks of one build as one module: each of its parameters holds those of all members, along a first axis. `vmap`
 * runs the code of one member over that axis.
 */
export class Ensemble extends Module {
  readonly size: number
  private readonly members: Record<string, Tensor>
  /** Scores of one member for images, given its parameters. */
  readonly #score: (state: Record<string, Tensor>, images: Images) => Tensor<[number, 10]>

  constructor(members: readonly Member[]) {
    super()
    const states = members.map((member) => member.stateDict())
    this.size = members.length
    this.members = Object.fromEntries(
      Object.keys(states[0]!).map((name) => [name, parameter(stack(states.map((state) => state[name]!)))]),
    )
    const [first] = members
    this.#score = (state, images) => functionalCall(first!, state, images)[0] as Tensor<[number, 10]>
  }

  /** Scores [members, n, 10], where each member has images of its own, [members, n, 784]. */
  forward(images: Tensor<[number, number, 784]>): Scores {
    return vmap(this.#score, { in: [0, 0] })(this.members, images as never) as Tensor as Scores
  }

  /** Scores [members, n, 10] of all members for the same images [n, 784]. */
  scores(images: Images): Scores {
    return vmap(this.#score, { in: [0, null] })(this.members, images) as Tensor as Scores
  }

  /** The parameters of one member, by name. */
  stateOf(member: number): Record<string, Tensor> {
    return Object.fromEntries(
      Object.entries(this.members).map(([name, stacked]) => [name, stacked.detach().at(member)]),
    )
  }
}
