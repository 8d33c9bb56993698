import { join } from 'node:path'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'

// What an editor shows of a method is the comment at its rule or signature: mapped types must hand it on.
const root = join(import.meta.dirname, '../../../..')

describe('documentation', () => {
  test('every public method and property of a tensor has a sentence', () => {
    const { config } = ts.readConfigFile(join(root, 'tsconfig.base.json'), ts.sys.readFile)
    const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root)
    const file = join(import.meta.dirname, '../../src/tensor/tensor.ts')
    const program = ts.createProgram([file], options)
    const checker = program.getTypeChecker()
    const source = program.getSourceFile(file)!
    const tensor = checker
      .getExportsOfModule(checker.getSymbolAtLocation(source)!)
      .find(({ name }) => name === 'Tensor')!
    const members = checker.getDeclaredTypeOfSymbol(tensor).getProperties()
    const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected
    const isPublic = (member: ts.Symbol) =>
      !member.getJsDocTags().some(({ name }) => name === 'internal') &&
      !member.declarations?.some((declaration) => ts.getCombinedModifierFlags(declaration) & hidden)
    const silent = members.filter(isPublic).filter((member) => member.getDocumentationComment(checker).length === 0)
    expect(members.length).toBeGreaterThan(100)
    expect(silent.map(({ name }) => name)).toEqual([])
  })
})
