import {
  LegendDisplayMode,
  LegendPlacement,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common'
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus'
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat'
import { PanelBuilder as TimeseriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries'

/** The datasource that monitoring/grafana/provisioning makes. */
export const datasource = { type: 'prometheus', uid: 'tandem-prometheus' }

export interface PanelSpec {
  title: string
  description?: string
  /** Grafana's name of the unit. */
  unit: string
  /** What is asked, by the legend of its lines; `{{label}}` stands for a label's value. */
  queries: Record<string, string>
  /** A single figure instead of lines. */
  single?: boolean
}

export interface GroupSpec {
  title: string
  panels: readonly PanelSpec[]
}

/** Grafana's grid is 24 wide. */
const GRID = 24
const SIZE = { stat: { height: 4 }, graph: { width: 8, height: 8 } }

const queriesOf = ({ queries, single }: PanelSpec) =>
  Object.entries(queries).map(([legend, expr], i) => {
    const query = new DataqueryBuilder()
      .expr(expr)
      .legendFormat(legend)
      .refId(String.fromCharCode(65 + i))
    return single ? query.instant() : query
  })

function stat(spec: PanelSpec, width: number): StatBuilder {
  return new StatBuilder()
    .title(spec.title)
    .description(spec.description ?? '')
    .unit(spec.unit)
    .datasource(datasource)
    .targets(queriesOf(spec))
    .span(width)
    .height(SIZE.stat.height)
}

function graph(spec: PanelSpec): TimeseriesBuilder {
  return new TimeseriesBuilder()
    .title(spec.title)
    .description(spec.description ?? '')
    .unit(spec.unit)
    .min(0)
    .datasource(datasource)
    .targets(queriesOf(spec))
    .fillOpacity(10)
    .showPoints(VisibilityMode.Never)
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .showLegend(true),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi))
    .span(SIZE.graph.width)
    .height(SIZE.graph.height)
}

/** The panels of a group; its single figures share one line. */
export function panelsOf({ panels }: GroupSpec): (StatBuilder | TimeseriesBuilder)[] {
  const width = Math.floor(GRID / Math.max(1, panels.filter(({ single }) => single).length))
  return panels.map((spec) => (spec.single ? stat(spec, width) : graph(spec)))
}
