import { isSummary } from '../../trace/quantity.js'
import type { Quantity as Amount, TraceNode } from '../../trace/schema.js'
import type { Size } from '../layout/types.js'
import { textAt } from '../svg.js'
import { escape, px, shortened, textWidth } from '../text.js'
import type { Quantity } from '../theme.js'
import { type Block, blockOf, scalarText } from './block.js'
import { captionOf, kindOf, shapeText } from './caption.js'
import type { Look } from './look.js'
import type { Item } from './scene.js'

/** What is shown of nodes. */
export interface Shown {
  readonly values: boolean
  readonly gradients: boolean
}

/** A box: how large it is, and how it is drawn with its left upper corner at a place. */
export interface Card extends Size {
  readonly draw: (x: number, y: number) => string
}

/** One part of a box: a line with a name on the left, and maybe numbers below it. */
interface Stripe {
  readonly hue: Quantity
  readonly height: number
  readonly width: number
  readonly draw: (x: number, y: number, width: number) => string
}

const gap = 8
/** Cells stand beside a name up to this width of both. */
const besides = 170

/** The box of an item: what it is and its value above, and what was found out about it below. */
export const cardOf = (
  item: Item,
  names: ReadonlyMap<number, string>,
  { values, gradients }: Shown,
  look: Look,
): Card => {
  const { node, group } = item
  const head = group === null ? nodeHead(item, names, values, look) : groupHead(item, values, look)
  const stripes: Stripe[] = [head]
  if (gradients && node?.adjoint !== undefined) stripes.push(derivative(node, node.adjoint, 'adjoint', look))
  if (gradients && node?.tangent !== undefined) stripes.push(derivative(node, node.tangent, 'tangent', look))
  const width = Math.max(64, ...stripes.map((stripe) => stripe.width)) + 2 * look.pad
  const height = stripes.reduce((sum, stripe) => sum + stripe.height, 0)
  return { width, height, draw: (x, y) => drawCard(item, stripes, { x, y, width, height }, look) }
}

const drawCard = (item: Item, stripes: readonly Stripe[], box: Size & { x: number; y: number }, look: Look): string => {
  const { x, y, width, height } = box
  const kind = kindOf(item)
  const rectangle = (inset: number, className: string) =>
    `<rect class="${className}" x="${px(x + inset)}" y="${px(y + inset)}" width="${px(width - 2 * inset)}" height="${px(height - 2 * inset)}" rx="${px(8 - inset * 0.7)}"/>`
  const behind =
    item.group === null
      ? ''
      : `<rect class="box" x="${px(x + 3)}" y="${px(y + 3)}" width="${px(width)}" height="${px(height)}" rx="8"/>`
  let top = y
  const parts = stripes.map((stripe, i) => {
    const tint =
      i === 0
        ? ''
        : `<path class="low ${stripe.hue}" d="${lowPath(box, top, stripe.height, i === stripes.length - 1)}"/>`
    const text = stripe.draw(x + look.pad, top, width - 2 * look.pad)
    top += stripe.height
    return tint + text
  })
  const double = kind === 'output' || kind === 'loss' ? rectangle(2.6, 'inner') : ''
  return `${behind}${rectangle(0, 'box')}${parts.join('')}${double}`
}

/** The tinted lower part, within the outline. */
const lowPath = ({ x, width }: Size & { x: number }, top: number, height: number, isLast: boolean): string => {
  const [left, right, bottom] = [x + 1, x + width - 1, top + height - 1]
  return isLast
    ? `M${px(left)},${px(top)}H${px(right)}V${px(bottom - 7)}a7,7 0 0 1 -7,7H${px(left + 7)}a7,7 0 0 1 -7,-7z`
    : `M${px(left)},${px(top)}H${px(right)}V${px(bottom + 1)}H${px(left)}z`
}

const below = (block: Block | null): number => (block === null ? 0 : block.height)

const nodeHead = (item: Item, names: ReadonlyMap<number, string>, values: boolean, look: Look): Stripe => {
  const node = item.node!
  const isConstant = node.kind === 'constant' && node.op === null
  const isNumber = isConstant && Number.isFinite(Number(node.name))
  const name = shortName(node.name, look, !isConstant)
  const caption = captionOf(item, names)
  const shortCaption = { ...caption, text: shortened(caption.text, look.caption, look.small) }
  const scalar =
    values && node.value !== undefined && !isNumber ? scalarText(node.value, node.dtype, look.digits) : null
  const right = scalar ?? (node.shape === null || node.shape.length === 0 ? '' : shapeText(node.shape))
  const block =
    values && node.value !== undefined && scalar === null && node.shape !== null && !isNumber
      ? blockOf(node.value, node.shape, node.dtype, 'value', look)
      : null
  const nameWidth = textWidth(name, look.text, !isConstant)
  const captionWidth = shortCaption.text === '' ? 0 : textWidth(shortCaption.text, look.small) + 6
  const rightWidth = right === '' ? 0 : textWidth(right, scalar === null ? look.small : look.text) + gap
  return {
    hue: 'value',
    width: Math.max(nameWidth + captionWidth + rightWidth, block?.width ?? 0),
    height: look.row + 2 + below(block),
    draw: (x, y, width) => {
      const base = y + look.row * 0.7
      const parts = [
        textAt(x, base, name, { size: look.text, bold: !isConstant }),
        shortCaption.text === ''
          ? ''
          : `<text x="${px(x + nameWidth + 6)}" y="${px(base)}" class="soft${caption.isBar ? ' bar' : ''}" font-size="${look.small}">${escape(shortCaption.text)}</text>`,
        right === ''
          ? ''
          : textAt(x + width, base, right, {
              size: scalar === null ? look.small : look.text,
              anchor: 'end',
              className:
                scalar === null
                  ? 'soft'
                  : Number.isFinite(Number(right.replaceAll('−', '-').replaceAll(',', ''))) || node.dtype === 'bool'
                    ? 'ink'
                    : 'bad',
            }),
        block === null ? '' : block.draw(x, y + look.row, width),
      ]
      return parts.join('')
    },
  }
}

/** Of a long path, its end: that tells more. */
const shortName = (name: string, look: Look, bold: boolean): string => {
  if (textWidth(name, look.text, bold) <= look.name) return name
  const parts = name.split('.')
  for (let skip = 1; skip < parts.length; skip++) {
    const rest = `…${parts.slice(skip).join('.')}`
    if (textWidth(rest, look.text, bold) <= look.name) return rest
  }
  return shortened(name, look.name, look.text, bold)
}

const most = 4

/** What a closed group is, what it holds, and the value that leaves it. */
const groupHead = (item: Item, values: boolean, look: Look): Stripe => {
  const { node, members, parameters, part } = item
  const group = item.group!
  const name = shortName(part > 1 ? `${group.name} (${part})` : group.name, { ...look, name: look.name * 1.4 }, true)
  const type = group.type === group.name ? '' : shortened(group.type, look.caption + 60, look.small)
  const count = `${members.length} node${members.length === 1 ? '' : 's'}`
  const rows: { left: string; right: string; hue: string }[] = [
    { left: count, right: node?.shape ? shapeText(node.shape) : '', hue: 'soft' },
  ]
  for (const parameter of parameters.slice(0, most)) {
    const own = parameter.name.startsWith(`${group.name}.`)
      ? parameter.name.slice(group.name.length + 1)
      : parameter.name
    rows.push({
      left: shortName(own, { ...look, text: look.small }, false),
      right: shapeText(parameter.shape ?? []),
      hue: 'value',
    })
  }
  if (parameters.length > most)
    rows.push({ left: `and ${parameters.length - most} more parameters`, right: '', hue: 'value' })
  const scalar = values && node?.value !== undefined ? scalarText(node.value, node.dtype, look.digits) : null
  const block =
    values && node?.value !== undefined && scalar === null
      ? blockOf(node.value, node.shape ?? [], node.dtype, 'value', look)
      : null
  const nameWidth = textWidth(name, look.text, true)
  const typeWidth = type === '' ? 0 : textWidth(type, look.small) + 6
  const scalarWidth = scalar === null ? 0 : textWidth(scalar, look.text) + gap
  const line = look.small + 5
  return {
    hue: 'value',
    width: Math.max(
      nameWidth + typeWidth + scalarWidth,
      block?.width ?? 0,
      ...rows.map(
        ({ left, right }) => textWidth(left, look.small) + (right === '' ? 0 : textWidth(right, look.small) + 12),
      ),
    ),
    height: look.row + rows.length * line + 5 + below(block),
    draw: (x, y, width) => {
      const base = y + look.row * 0.7
      return [
        textAt(x, base, name, { size: look.text, bold: true }),
        type === '' ? '' : textAt(x + nameWidth + 6, base, type, { size: look.small, className: 'soft' }),
        scalar === null ? '' : textAt(x + width, base, scalar, { size: look.text, anchor: 'end' }),
        ...rows.map(({ left, right, hue }, i) => {
          const at = y + look.row + (i + 0.7) * line
          return (
            textAt(x, at, left, { size: look.small, className: hue }) +
            (right === '' ? '' : textAt(x + width, at, right, { size: look.small, anchor: 'end', className: 'soft' }))
          )
        }),
        block === null ? '' : block.draw(x, y + look.row + rows.length * line + 2, width),
      ].join('')
    },
  }
}

/** The adjoint with its overlined name, or the tangent with its prime. */
const derivative = (node: TraceNode, amount: Amount, hue: 'adjoint' | 'tangent', look: Look): Stripe => {
  const size = look.text - 1
  const plain = shortName(node.name, { ...look, text: size }, false)
  const name = hue === 'adjoint' ? plain : `${plain}′`
  const scalar = scalarText(amount, node.dtype, look.digits)
  const block = scalar === null ? blockOf(amount, node.shape ?? [], node.dtype, hue, look) : null
  const nameWidth = textWidth(name, size)
  // a summary has room beside the name
  const isBeside = block !== null && (isSummary(amount) || block.height <= 26 || nameWidth + block.width < besides)
  const beside = isSummary(amount)
    ? look.row * 0.68 - look.row + 11
    : block !== null && block.height <= 26
      ? (look.row - 18) / 2
      : 5
  const right = scalar === null ? (isBeside ? block.width : 0) : textWidth(scalar, look.text, true)
  return {
    hue,
    width: Math.max(nameWidth + gap + right, block?.width ?? 0),
    height:
      block === null || isSummary(amount)
        ? look.row
        : isBeside
          ? Math.max(look.row, block.height + 6)
          : look.row + block.height + 2,
    draw: (x, y, width) => {
      const base = y + look.row * 0.68
      return [
        `<text x="${px(x)}" y="${px(base)}" class="${hue}${hue === 'adjoint' ? ' bar' : ''}" font-size="${size}">${escape(name)}</text>`,
        scalar === null
          ? ''
          : textAt(x + width, base, scalar, { size: look.text, anchor: 'end', className: hue, bold: true }),
        block === null ? '' : block.draw(x, isBeside ? y + beside : y + look.row, width),
      ].join('')
    },
  }
}
