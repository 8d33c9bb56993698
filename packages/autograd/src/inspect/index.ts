export {
  type Derivative,
  type DerivativeOptions,
  derivative,
  type Formula,
  type PartialFormula,
} from './derivative/derivative.js'
export { type DiagnoseOptions, type Diagnosis, diagnose } from './diagnose.js'
export type { Finding, FindingKind, Thresholds } from './diagnosis/finding.js'
export { toDot } from './dot.js'
export { barChart, type NamedNumbers } from './drawing/bar-chart.js'
export { heatmap } from './drawing/heatmap.js'
export type { BarChartOptions, Drawing, DrawingOptions, HeatmapOptions } from './drawing/small.js'
export type { Drawable } from './drawing/values.js'
export { type ExplainOptions, explain } from './explain.js'
export type { GradientPath, GradientPaths } from './gradient-paths.js'
export { type HtmlOptions, toHtml } from './html.js'
export { toMermaid } from './mermaid.js'
export type { NameOptions, Names } from './naming.js'
export { type PathOptions, paths } from './paths.js'
export { tracePrograms } from './programs.js'
export type {
  BackwardStep,
  Contribution,
  Element,
  Elements,
  ElementwiseLocal,
  KernelCost,
  Levels,
  Local,
  MatrixLocal,
  ProgramFacts,
  Quantity,
  SourceLine,
  Stored,
  Summary,
  Trace,
  TraceEdge,
  TraceGroup,
  TraceNode,
  TraceOutput,
} from './schema.js'
export { type SvgOptions, toSvg } from './svg.js'
export type { Tangents } from './tangents.js'
export { type TraceFunction, type TraceFunctionOptions, type TraceOptions, trace } from './trace.js'
export type { ViewOptions } from './view.js'
