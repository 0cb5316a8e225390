import {
  type Dashboard,
  DashboardBuilder,
  QueryVariableBuilder,
  RowBuilder,
  VariableRefresh,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { groups } from './groups'
import { datasource, panelsOf } from './panels'

/** Where it is kept, for Grafana to read. */
export const dashboardFile = 'monitoring/grafana/dashboards/socket-dashboard.json'

/** A choice at the top: all values of a label that some series has. */
const variable = (name: string, label: string, series: string) =>
  new QueryVariableBuilder(name)
    .label(label)
    .datasource(datasource)
    .query(`label_values(${series}, ${name})`)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .multi(true)
    .includeAll(true)
    .allValue('.*')
    .current({ text: 'All', value: '$__all' })

/** `http://localhost:9091/d/materio-socket`, as Grafana wants it. */
export function buildDashboard(): Dashboard {
  const builder = new DashboardBuilder('Tandem: socket servers')
    .uid('materio-socket')
    .description('Made by pnpm generate:dashboard; changes belong into scripts/dashboard.')
    .tags(['tandem', 'socket'])
    .time({ from: 'now-1h', to: 'now' })
    .refresh('15s')
    .timezone('browser')
    .readonly()
    .withVariable(variable('environment', 'Environment', 'socket_server_uptime_seconds'))
    .withVariable(variable('instance', 'Instance', 'socket_server_uptime_seconds'))
    .withVariable(variable('namespace', 'Namespace', 'socket_active_connections'))
  for (const group of groups) {
    builder.withRow(new RowBuilder(group.title))
    for (const panel of panelsOf(group)) builder.withPanel(panel)
  }
  return builder.build()
}

/** The file's content. */
export const dashboardJson = (): string => `${JSON.stringify(buildDashboard(), null, 2)}\n`
