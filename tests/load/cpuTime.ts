import { readdirSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'

/** The kernel counts CPU time in hundredths of a second for whoever reads /proc. */
const TICKS_PER_SECOND = 100

interface Process {
  pid: number
  parent: number
  /** Ticks of itself, and of children that have ended. */
  own: number
  ended: number
}

function read(pid: number): Process | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name before it is in brackets and may hold anything.
    const [, parent, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = rest.slice(9, 13).map(Number)
    return { pid, parent: Number(parent), own: user + system, ended: endedUser + endedSystem }
  } catch {
    return undefined // it has ended meanwhile
  }
}

/** Seconds of CPU time that these processes have used, those they started included, whether they still run or not. */
export function cpuSeconds(roots: readonly number[]): number {
  const all = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (read(Number(name)) ?? []) : []))
  const counted = new Set(roots)
  for (let before = -1; before !== counted.size; ) {
    before = counted.size
    for (const { pid, parent } of all) if (counted.has(parent)) counted.add(pid)
  }
  return all.reduce((sum, { pid, own, ended }) => sum + (counted.has(pid) ? own + ended : 0), 0) / TICKS_PER_SECOND
}

/** Seconds of its cores that the whole machine has worked, and those that its host gave to other machines instead. */
function machineSeconds(): number {
  const [total = ''] = readFileSync('/proc/stat', 'utf8').split('\n')
  const [, user = 0, nice = 0, system = 0, , , irq = 0, softIrq = 0, stolen = 0] = total.split(/\s+/).map(Number)
  return (user + nice + system + irq + softIrq + stolen) / TICKS_PER_SECOND
}

/** Returns what says which share of the machine's time others than these processes have had since, 0 to 1. */
export function watchOthers(ours: readonly number[]): () => number {
  const others = () => machineSeconds() - cpuSeconds(ours)
  const [before, begun] = [others(), performance.now()]
  return () => Math.max(0, others() - before) / (((performance.now() - begun) / 1_000) * availableParallelism())
}

/** Who started the process. */
export const parentOf = (pid: number): number => {
  const found = read(pid)
  if (!found) throw new Error(`There is no process ${pid}.`)
  return found.parent
}

/** Resident memory of a process. */
export function residentBytes(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kilobytes) * 1_024
}
