/** Whether an error of the operating system or of a driver carries this code (`ENOENT`, `ECONNREFUSED`, `28P01` …). */
export function isErrno(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code))
}
