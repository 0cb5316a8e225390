import { expect, test } from 'vitest'
import { actionWords } from '@/components/audit/auditWords'
import { allCommands } from '@/contracts/all'
import { auditActions } from '@/contracts/audit'

test('all that the audit log may hold has words, and nothing else has', () => {
  const audited = allCommands.filter(({ audit }) => audit).map(({ name }) => name)
  expect(Object.keys(actionWords).sort()).toEqual([...new Set([...audited, ...auditActions])].sort())
})
