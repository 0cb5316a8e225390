import type { Config, RuntimeConfig } from '@/lib/env/config'
import { parseConfig } from '@/lib/env/parseConfig'
import { loadRuntimeConfig } from '@/lib/env/runtime'
import { availableHosts } from '@/lib/http/listenOn'
import { ensureBuild } from './build'
import { keepDatabaseRunning } from './keepDatabaseRunning'
import { say, sayStep } from './output'
import { type PortReservation, reservePort } from './ports'
import { type PreparedDatabase, prepareDatabase } from './prepareDatabase'
import { childEnvironment, type Mode, socketProcess, webProcess } from './processSpecs'
import { projectRoot, readEnvironment } from './project'
import { readyBlock } from './readyBlock'
import { SupervisedProcess } from './SupervisedProcess'
import { listenForStop, type StopSignal } from './stopSignal'

/** Brings everything up, keeps it running until it is told to stop, and takes it down again. Gives the exit code. */
export async function runTandem(mode: Mode): Promise<number> {
  const stop = listenForStop()
  const env = readEnvironment()
  const config = parseConfig(env, projectRoot)
  const ports = await reservePorts(config)
  sayStep(config.databaseUrl ? 'Connecting to the database' : 'Starting the database')
  const database = await prepareDatabase(config, sayStep)
  try {
    return await serve({ mode, env, ports, database, stop })
  } finally {
    await database.embedded?.stop()
  }
}

interface Setup {
  mode: Mode
  env: NodeJS.ProcessEnv
  ports: PortReservation[]
  database: PreparedDatabase
  stop: StopSignal
}

async function serve({ mode, env, ports, database, stop }: Setup): Promise<number> {
  const config = await loadRuntimeConfig({ ...env, DATABASE_URL: database.url }, projectRoot)
  if (mode === 'start' && !stop.signal.aborted) {
    const verbose = config.logLevel === 'debug'
    await ensureBuild({ env, verbose, abort: stop.signal, onProgress: sayStep }).catch((error: unknown) => {
      if (!stop.signal.aborted) throw error // a build that we cut off has nothing to report
    })
  }
  if (stop.signal.aborted) return 0
  sayStep('Starting the web and the socket process')
  await Promise.all(ports.map((port) => port.release()))
  const childEnv = childEnvironment(env, config, mode)
  const specs = [await webProcess(config, childEnv, mode), socketProcess(config, childEnv, mode)]
  const processes = specs.map((spec) => new SupervisedProcess(spec))
  stop.onInsist(() => {
    for (const process of processes) process.kill()
  })
  const guard = keepDatabaseRunning(database.embedded)
  try {
    await announce(processes, config, database, stop)
    await Promise.race([stopped(stop.signal), guard.failed])
    say('')
    sayStep('Stopping')
    return 0
  } finally {
    await guard.end()
    await Promise.all(processes.map((process) => process.stop()))
  }
}

async function announce(
  processes: SupervisedProcess[],
  config: RuntimeConfig,
  database: PreparedDatabase,
  { signal }: StopSignal,
): Promise<void> {
  await Promise.race([Promise.all(processes.map(({ ready }) => ready)), stopped(signal)])
  if (!signal.aborted) say(readyBlock(config, database))
}

async function reservePorts(config: Config): Promise<PortReservation[]> {
  const hosts = await availableHosts(config.hosts)
  const web = await reservePort(config.port, 'PORT', hosts)
  return [web, await reservePort(config.socketPort, 'SOCKET_PORT', hosts)]
}

const stopped = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
