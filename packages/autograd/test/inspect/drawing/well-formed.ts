import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { expect } from 'vitest'

/** An element of a parsed picture: its name, its attributes, and what it holds. */
export interface Element {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly (Element | string)[]
}

type Parsed = Readonly<Record<string, unknown>>

const elementOf = (parsed: Parsed): Element | string => {
  if ('#text' in parsed) return String(parsed['#text'])
  const { ':@': attributes = {}, ...rest } = parsed
  const [[name, children]] = Object.entries(rest) as [[string, readonly Parsed[]]]
  return { name, attributes: attributes as Record<string, string>, children: children.map(elementOf) }
}

/** The picture as elements. Fails unless it is well-formed XML. */
export const parsed = (svg: string): Element => {
  expect(XMLValidator.validate(svg)).toBe(true)
  const parser = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: '',
    parseTagValue: false,
    parseAttributeValue: false,
    trimValues: false,
    processEntities: { enabled: true, maxTotalExpansions: 100_000, maxExpandedLength: 10_000_000 },
    htmlEntities: true,
  })
  const [root] = (parser.parse(svg) as Parsed[]).map(elementOf).filter((part) => typeof part !== 'string')
  return root as Element
}

/** All elements of a name, at any depth. */
export const all = (element: Element, name: string): Element[] =>
  element.children.flatMap((child) =>
    typeof child === 'string' ? [] : [...(child.name === name ? [child] : []), ...all(child, name)],
  )

/** What is read in it. */
export const textOf = (element: Element): string =>
  element.children.map((child) => (typeof child === 'string' ? child : textOf(child))).join('')
