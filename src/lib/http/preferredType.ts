import Negotiator from 'negotiator'

/** Which of the offered media types an `Accept` header prefers; without a header, or when none fits, the first. */
export function preferredType<Type extends string>(
  accept: string | undefined,
  offers: readonly [Type, ...Type[]],
): Type {
  const wanted = new Negotiator({ headers: accept === undefined ? {} : { accept } }).mediaType([...offers])
  return offers.find((offer) => offer === wanted) ?? offers[0]
}
