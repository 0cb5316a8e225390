import Negotiator from 'negotiator'

/** Which of the offered media types an `Accept` header prefers; without a header, or when none fits, the first. */
export function preferredType<Type extends string>(
  accept: string | undefined,
  offers: readonly [Type, ...Type[]],
): Type {
  // Only the quality counts: Prometheus asks for a type with a version and an escaping, which our offers leave open.
  const ranges = accept?.replaceAll(/;(?!\s*q\s*=)[^;,]*/gi, '')
  const wanted = new Negotiator({ headers: ranges === undefined ? {} : { accept: ranges } }).mediaType([...offers])
  return offers.find((offer) => offer === wanted) ?? offers[0]
}
