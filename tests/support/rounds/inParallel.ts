/** Runs `round` for 0 to `rounds` - 1, at most `atOnce` at a time; rejects with the first failure. */
export async function inParallel(
  rounds: number,
  atOnce: number,
  round: (index: number) => Promise<void>,
): Promise<void> {
  let next = 0
  const worker = async () => {
    while (next < rounds) {
      const index = next
      next += 1
      await round(index)
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, rounds) }, worker))
}
