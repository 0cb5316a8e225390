import { chmod } from 'node:fs'
import path from 'node:path'
import type { Logform } from 'winston'
import DailyRotateFile from 'winston-daily-rotate-file'
import { capTotalSize } from './capTotalSize'

export interface FileTransportOptions {
  service: string
  /** Absolute. */
  dir: string
  format: Logform.Format
  /** Called once, when the file cannot be written: at once, or when a disk fills up later. */
  onFailure: (error: Error) => void
  /** Bytes at which a file is followed by the next, and what all together may hold. */
  sizes?: { fileBytes: number; totalBytes: number }
}

/** Whatever is logged, the disk keeps room: a flood pushes the oldest lines out. */
const SIZES = { fileBytes: 20_000_000, totalBytes: 500_000_000 }

/** `application-{date}.log`, cut at 20 MB, kept for 14 days, 500 MB in all. Undefined, after `onFailure`, when it cannot be opened. */
export function createFileTransport({
  service,
  dir,
  format,
  onFailure,
  sizes = SIZES,
}: FileTransportOptions): DailyRotateFile | undefined {
  let failed = false
  const fail = (error: Error): void => {
    if (!failed) onFailure(error)
    failed = true
  }
  try {
    const transport = new DailyRotateFile({
      dirname: dir,
      filename: 'application-%DATE%.log',
      datePattern: 'YYYY-MM-DD',
      maxSize: sizes.fileBytes,
      maxFiles: '14d',
      utc: true,
      format,
      // For the processes' own user: what happened to whom is nobody else's business.
      options: { flags: 'a', mode: 0o600 },
      // Both processes write the same file, but each keeps its own book of what to delete.
      auditFile: path.join(dir, `.${service}-audit.json`),
    })
    // One that an older version began keeps its mode otherwise.
    transport.on('new', (file: string) => chmod(file, 0o600, () => {}))
    // The transport does not listen to its own stream: without this a full disk would end the process.
    transport.logStream.on('error', fail)
    transport.on('error', fail)
    // With the first file, and with each that follows one that is full. What cannot be removed now is tried again then.
    transport.on('new', () => void capTotalSize(dir, sizes.totalBytes).catch(() => undefined))
    return transport
  } catch (error) {
    fail(error instanceof Error ? error : new Error(String(error)))
    return undefined
  }
}

/** Resolves when everything given to the transport is in its file. */
export function closeFileTransport(transport: DailyRotateFile): Promise<void> {
  return new Promise((resolve) => {
    transport.logStream.once('error', () => resolve())
    transport.logStream.end(() => resolve())
  })
}
