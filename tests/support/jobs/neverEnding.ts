import { JobRunner } from '@/lib/jobs/JobRunner'
import { silentLogger } from '@/services/shared/Logger'
import { guard } from '../guardedProcess'

/** A process that takes jobs of the name `work` and never finishes one. */
await guard(async () => {
  const databaseUrl = process.env.DATABASE_URL ?? ''
  const runner = new JobRunner({
    databaseUrl,
    tasks: { work: { run: () => new Promise(() => {}) } },
    onDone: () => {},
    logger: silentLogger,
  })
  runner.start()
  return { ready: {}, stop: () => runner.stop() }
})
