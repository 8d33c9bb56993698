/** An expression of numbered variables, to be differentiated by hand: the oracle for what transforms make of each other. */
export type Form =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'variable'; readonly level: number }
  | { readonly kind: 'sum' | 'product'; readonly a: Form; readonly b: Form }
  /** A constant, whatever it depends on. */
  | { readonly kind: 'frozen'; readonly of: Form }

export const number = (value: number): Form => ({ kind: 'number', value })
export const variable = (level: number): Form => ({ kind: 'variable', level })
const isNumber = (form: Form, value: number) => form.kind === 'number' && form.value === value
export const plus = (a: Form, b: Form): Form => (isNumber(a, 0) ? b : isNumber(b, 0) ? a : { kind: 'sum', a, b })
export const times = (a: Form, b: Form): Form =>
  isNumber(a, 0) || isNumber(b, 0) ? number(0) : isNumber(a, 1) ? b : isNumber(b, 1) ? a : { kind: 'product', a, b }
export const frozen = (of: Form): Form => ({ kind: 'frozen', of })

/** The derivative by the variable of a level. */
export const derivative = (form: Form, level: number): Form => {
  switch (form.kind) {
    case 'variable':
      return number(form.level === level ? 1 : 0)
    case 'sum':
      return plus(derivative(form.a, level), derivative(form.b, level))
    case 'product':
      return plus(times(derivative(form.a, level), form.b), times(form.a, derivative(form.b, level)))
    default:
      return number(0)
  }
}

/** With something else instead of a variable. */
export const substituted = (form: Form, level: number, by: Form): Form => {
  switch (form.kind) {
    case 'variable':
      return form.level === level ? by : form
    case 'sum':
      return plus(substituted(form.a, level, by), substituted(form.b, level, by))
    case 'product':
      return times(substituted(form.a, level, by), substituted(form.b, level, by))
    case 'frozen':
      return frozen(substituted(form.of, level, by))
    default:
      return form
  }
}

export const valueOf = (form: Form, variables: readonly number[]): number => {
  switch (form.kind) {
    case 'number':
      return form.value
    case 'variable':
      return variables[form.level]!
    case 'sum':
      return valueOf(form.a, variables) + valueOf(form.b, variables)
    case 'product':
      return valueOf(form.a, variables) * valueOf(form.b, variables)
    case 'frozen':
      return valueOf(form.of, variables)
  }
}
