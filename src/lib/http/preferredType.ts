/**
 * Which of the offered media types an `Accept` header prefers (RFC 9110, 12.5.1): the highest `q` of the most precise
 * range that matches each; the earlier offer wins a tie. Without a header, or when none fits, the first offer.
 */
export function preferredType<Type extends string>(
  accept: string | undefined,
  offers: readonly [Type, ...Type[]],
): Type {
  const ranges = (accept ?? '*/*').split(',').flatMap(parseRange)
  let [best] = offers
  let bestQuality = 0
  for (const offer of offers) {
    const quality = qualityOf(offer, ranges)
    if (quality > bestQuality) {
      best = offer
      bestQuality = quality
    }
  }
  return best
}

interface Range {
  type: string
  quality: number
}

function parseRange(text: string): Range[] {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase())
  if (!/^(\*|[\w.+-]+)\/(\*|[\w.+-]+)$/.test(type)) return []
  const given = parameters.find((parameter) => parameter.startsWith('q='))
  const quality = given === undefined ? 1 : Number(given.slice(2))
  return quality >= 0 && quality <= 1 ? [{ type, quality }] : []
}

function qualityOf(offer: string, ranges: readonly Range[]): number {
  const family = `${offer.split('/')[0]}/*`
  for (const precise of [offer, family, '*/*']) {
    const matching = ranges.filter(({ type }) => type === precise)
    // One type may be named several times, with other parameters: the most wanted counts.
    if (matching.length > 0) return Math.max(...matching.map(({ quality }) => quality))
  }
  return 0
}
