export { type LoadOptions, loadTree, type SaveOptions, saveTree } from './files.js'
