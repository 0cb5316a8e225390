/** Later than this after it was asked for, a chime says nothing any more, in milliseconds. */
const staleMs = 1_000

let context: AudioContext | undefined

const tone = (audio: AudioContext, frequency: number, start: number) => {
  const oscillator = audio.createOscillator()
  const gain = audio.createGain()
  oscillator.frequency.value = frequency
  gain.gain.setValueAtTime(0.0001, start)
  gain.gain.exponentialRampToValueAtTime(0.12, start + 0.02)
  gain.gain.exponentialRampToValueAtTime(0.0001, start + 0.35)
  oscillator.connect(gain).connect(audio.destination)
  oscillator.start(start)
  oscillator.stop(start + 0.36)
}

/** Two short soft notes. Silent where the browser plays nothing before the person has touched the page. */
export function playChime(): void {
  if (typeof AudioContext === 'undefined') return
  context ??= new AudioContext()
  const audio = context
  const askedAt = performance.now()
  void audio.resume().then(() => {
    // Where the page was not touched yet, all that was asked for until then would sound at the first touch.
    if (performance.now() - askedAt > staleMs) return
    tone(audio, 659, audio.currentTime)
    tone(audio, 880, audio.currentTime + 0.11)
  })
}
