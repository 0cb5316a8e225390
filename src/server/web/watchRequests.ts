import type { Config } from '@/lib/env/config'
import { boundRequestTimes } from '@/lib/http/boundRequestTimes'
import { eachRequest } from '@/lib/http/eachRequest'
import { sendPackedFiles } from '@/lib/http/packedFiles'
import { notePeerAddresses } from '@/lib/http/peerAddress'
import { sendStrictTransport } from '@/lib/http/strictTransport'

/**
 * What holds for every request to the web process, pages, files and API: before its first.
 *
 * @returns what ends that which the configuration decides.
 */
export function watchRequests({ publicUrl }: Pick<Config, 'publicUrl'>): () => void {
  boundRequestTimes()
  notePeerAddresses()
  sendPackedFiles()
  return publicUrl.startsWith('https:') ? eachRequest(({ response }) => sendStrictTransport(response)) : () => {}
}
