let epoch = 0

/** The same idea with as little as it takes: fields for the parents, a code for the operation, a mark, an order without recursion. */
export class Value {
  constructor(data, op = 0, a = null, b = null) {
    this.data = data
    this.grad = 0
    this.op = op
    this.a = a
    this.b = b
    this.seen = 0
  }
  add(other) {
    const b = other instanceof Value ? other : new Value(other)
    return new Value(this.data + b.data, 1, this, b)
  }
  mul(other) {
    const b = other instanceof Value ? other : new Value(other)
    return new Value(this.data * b.data, 2, this, b)
  }
  relu() {
    return new Value(Math.max(this.data, 0), 3, this)
  }
  backward() {
    const seen = ++epoch
    const order = []
    const stack = [this]
    this.seen = seen
    while (stack.length > 0) {
      const { a, b } = stack[stack.length - 1]
      if (a !== null && a.seen !== seen) {
        a.seen = seen
        stack.push(a)
      } else if (b !== null && b.seen !== seen) {
        b.seen = seen
        stack.push(b)
      } else order.push(stack.pop())
    }
    this.grad = 1
    for (let i = order.length - 1; i >= 0; i--) {
      const { data, grad, op, a, b } = order[i]
      if (op === 1) {
        a.grad += grad
        b.grad += grad
      } else if (op === 2) {
        a.grad += b.data * grad
        b.grad += a.data * grad
      } else if (op === 3 && data > 0) a.grad += grad
    }
  }
}
