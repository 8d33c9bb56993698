import { torch } from 'js-pytorch'

export const program = ({ length, start, factor, summand, parameters }) => {
  const x = torch.tensor([start], true)
  const w = parameters ? torch.tensor([factor], true) : factor
  const b = parameters ? torch.tensor([summand], true) : summand
  const leaves = parameters ? [x, w, b] : [x]
  return () => {
    for (const leaf of leaves) leaf.zero_grad()
    let y = x
    for (let i = 0; i < length; i += 2) y = y.mul(w).add(b)
    y.sum().backward()
    return [y.data[0], ...leaves.map((leaf) => leaf.grad[0])]
  }
}
