export {
  type Derivative,
  type DerivativeOptions,
  derivative,
  type Formula,
  type PartialFormula,
} from './derivative/derivative.js'
export { type DiagnoseOptions, type Diagnosis, diagnose } from './diagnosis/diagnose.js'
export type { Finding, FindingKind, Thresholds } from './diagnosis/finding.js'
export { barChart, type NamedNumbers } from './drawing/bar-chart.js'
export { heatmap } from './drawing/heatmap.js'
export type { BarChartOptions, Drawing, DrawingOptions, HeatmapOptions } from './drawing/small.js'
export { toDot } from './drawing/to-dot.js'
export { toMermaid } from './drawing/to-mermaid.js'
export { type SvgOptions, toSvg } from './drawing/to-svg.js'
export type { Drawable } from './drawing/values.js'
export type { ViewOptions } from './drawing/view.js'
export { type ExplainOptions, explain } from './listing/explain.js'
export { type HtmlOptions, toHtml } from './page/to-html.js'
export type { GradientPath, GradientPaths } from './paths/gradient-paths.js'
export { type PathOptions, paths } from './paths/paths.js'
export type { NameOptions, Names } from './trace/naming.js'
export { tracePrograms } from './trace/programs.js'
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
} from './trace/schema.js'
export type { Tangents } from './trace/tangents.js'
export { type TraceFunction, type TraceFunctionOptions, type TraceOptions, trace } from './trace/trace.js'
