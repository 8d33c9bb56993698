/** micrograd's Value in JavaScript as its author wrote it: a closure for each operation, a set of parents, a recursive order. */
export class Value {
  constructor(data, parents = []) {
    this.data = data
    this.grad = 0
    this.parents = new Set(parents)
    this.back = () => {}
  }
  add(other) {
    const b = other instanceof Value ? other : new Value(other)
    const out = new Value(this.data + b.data, [this, b])
    out.back = () => {
      this.grad += out.grad
      b.grad += out.grad
    }
    return out
  }
  mul(other) {
    const b = other instanceof Value ? other : new Value(other)
    const out = new Value(this.data * b.data, [this, b])
    out.back = () => {
      this.grad += b.data * out.grad
      b.grad += this.data * out.grad
    }
    return out
  }
  relu() {
    const out = new Value(Math.max(this.data, 0), [this])
    out.back = () => {
      this.grad += out.data > 0 ? out.grad : 0
    }
    return out
  }
  backward() {
    const order = []
    const visited = new Set()
    const visit = (value) => {
      if (visited.has(value)) return
      visited.add(value)
      for (const parent of value.parents) visit(parent)
      order.push(value)
    }
    visit(this)
    this.grad = 1
    for (const value of order.reverse()) value.back()
  }
}
