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
  pow(exponent) {
    const out = new Value(this.data ** exponent, [this])
    out.back = () => {
      this.grad += exponent * this.data ** (exponent - 1) * out.grad
    }
    return out
  }
  sub(other) {
    return this.add(other.mul(-1))
  }
  div(other) {
    return this.mul(other.pow(-1))
  }
  sin() {
    const out = new Value(Math.sin(this.data), [this])
    out.back = () => {
      this.grad += Math.cos(this.data) * out.grad
    }
    return out
  }
  cos() {
    const out = new Value(Math.cos(this.data), [this])
    out.back = () => {
      this.grad -= Math.sin(this.data) * out.grad
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
