import { type Choices, channelNames, channels } from '@/contracts/preferences'

/** What holds by each channel: as where nobody chose, but for these. */
export const choices = (over: Partial<Choices> = {}): Choices => ({
  ...(Object.fromEntries(channelNames.map((name) => [name, channels[name].isOn])) as Choices), // one for each
  ...over,
})
