let epoch = 0
// grown once: what they hold of the last graph stays, and arrays that grow anew at each step cost five times the sweep
const stack = []
const order = []

/** The same idea with as little as it takes: fields for the parents, a code for the operation, a mark, an order without recursion. */
export class Value {
  constructor(data, op = 0, a = null, b = null) {
    this.data = data
    this.grad = 0
    this.op = op
    this.a = a
    this.b = b
    this.seen = 0
    this.exponent = 0
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
  pow(exponent) {
    const out = new Value(this.data ** exponent, 4, this)
    out.exponent = exponent
    return out
  }
  sub(other) {
    return new Value(this.data - other.data, 5, this, other)
  }
  div(other) {
    return new Value(this.data / other.data, 6, this, other)
  }
  sin() {
    return new Value(Math.sin(this.data), 7, this)
  }
  cos() {
    return new Value(Math.cos(this.data), 8, this)
  }
  backward() {
    const seen = ++epoch
    let waiting = 0
    let count = 0
    stack[waiting++] = this
    this.seen = seen
    while (waiting > 0) {
      const { a, b } = stack[waiting - 1]
      if (a !== null && a.seen !== seen) {
        a.seen = seen
        stack[waiting++] = a
      } else if (b !== null && b.seen !== seen) {
        b.seen = seen
        stack[waiting++] = b
      } else order[count++] = stack[--waiting]
    }
    this.grad = 1
    for (let i = count - 1; i >= 0; i--) {
      const { data, grad, op, a, b, exponent } = order[i]
      if (op === 1) {
        a.grad += grad
        b.grad += grad
      } else if (op === 2) {
        a.grad += b.data * grad
        b.grad += a.data * grad
      } else if (op === 3) {
        if (data > 0) a.grad += grad
      } else if (op === 4) a.grad += exponent * a.data ** (exponent - 1) * grad
      else if (op === 5) {
        a.grad += grad
        b.grad -= grad
      } else if (op === 6) {
        a.grad += grad / b.data
        b.grad -= (data / b.data) * grad
      } else if (op === 7) a.grad += Math.cos(a.data) * grad
      else if (op === 8) a.grad -= Math.sin(a.data) * grad
    }
  }
}
