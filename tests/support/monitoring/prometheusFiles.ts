import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { dashboardFile } from '../../../scripts/dashboard/dashboard'

export const prometheusDir = 'monitoring/prometheus'
export const ruleFiles = readdirSync(join(prometheusDir, 'rules')).map((name) => join(prometheusDir, 'rules', name))

const Rules = z.object({
  groups: z.array(
    z.object({
      rules: z.array(
        z.object({
          alert: z.string().optional(),
          record: z.string().optional(),
          expr: z.string(),
          labels: z.object({ severity: z.enum(['warning', 'critical']) }).optional(),
          annotations: z.object({ summary: z.string(), description: z.string().optional() }).optional(),
        }),
      ),
    }),
  ),
})

/** Every recording rule and every alert. */
export const rules = ruleFiles.flatMap((file) =>
  Rules.parse(parse(readFileSync(file, 'utf8'))).groups.flatMap((group) => group.rules),
)

const Panel = z.object({
  title: z.string(),
  type: z.string(),
  targets: z.array(z.object({ expr: z.string(), legendFormat: z.string() })).default([]),
})

/** The dashboard as it is committed. */
export const dashboard = z
  .object({ uid: z.string(), panels: z.array(Panel) })
  .parse(JSON.parse(readFileSync(dashboardFile, 'utf8')))

/** Every query of the dashboard with the panel and the legend it belongs to. */
export const dashboardQueries = dashboard.panels.flatMap(({ title, targets }) =>
  targets.map(({ expr, legendFormat }) => ({ name: `${title}: ${legendFormat}`, expr })),
)
