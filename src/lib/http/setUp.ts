import { AppError } from '@/contracts/errors'

/** What the process is made of. @throws AppError UNAVAILABLE when it could not be set up. */
export async function setUp<App>(getApp: () => Promise<App>): Promise<App> {
  try {
    return await getApp()
  } catch (cause) {
    // There is no logger yet.
    console.error('the web process could not be set up', cause)
    throw new AppError('UNAVAILABLE', { cause })
  }
}
