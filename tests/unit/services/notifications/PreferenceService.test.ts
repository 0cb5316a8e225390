import { expect, test } from 'vitest'
import { ChangePreferencesInput } from '@/contracts/preferences'
import { PreferenceService } from '@/services/notifications/PreferenceService'
import type { ChosenPreferences, PreferenceRepository } from '@/services/notifications/ports'
import { choices } from '../../../support/choices'
import { partOf } from '../../support/partOf'
import { ada } from '../../support/sessionUsers'

const service = (chosen: Partial<ChosenPreferences>, methods: Partial<PreferenceRepository> = {}, hasMail = false) =>
  new PreferenceService({
    preferences: partOf<PreferenceRepository>({
      chosen: async () => ({ kinds: {}, topics: {}, quietHours: {}, digest: null, emailProved: false, ...chosen }),
      ...methods,
    }),
    hasMail,
  })

test('who has chosen nothing is alerted of everything, at any time', async () => {
  const preferences = await service({}).read(ada)
  expect(preferences).toEqual({
    kinds: {
      direct: choices(),
      group: choices(),
      mention: choices(),
      info: choices(),
      warning: choices(),
      error: choices(),
      success: choices(),
    },
    topics: {},
    quietHours: { enabled: false, from: '22:00', to: '07:00' },
  })
})

test('what was chosen holds, and what another version of the software wrote is passed over', async () => {
  const { kinds, topics, quietHours } = await service({
    kinds: { info: { bell: false, pigeon: true }, postcard: { bell: false } },
    topics: { news: {}, trains: { bell: false } },
    quietHours: { enabled: true, timeZone: 'Europe/Berlin' },
  }).read(ada)
  expect(kinds).toMatchObject({ info: { bell: false }, error: { bell: true } })
  expect(Object.keys(kinds)).not.toContain('postcard')
  expect(kinds.info).toEqual(choices({ bell: false }))
  expect(topics).toEqual({ news: choices(), trains: choices({ bell: false }) })
  expect(quietHours).toEqual({ enabled: true, from: '22:00', to: '07:00', timeZone: 'Europe/Berlin' })
})

test('preferences of a topic that is not followed are refused', async () => {
  const change = service({}, { change: async () => false }).change(ada, { topics: { news: { bell: false } } })
  await expect(change).rejects.toMatchObject({ code: 'BAD_REQUEST' })
})

test('where no e-mail is sent there is no digest to choose, and what one is answered can be sent back', async () => {
  const without = service({ digest: 'hour', topics: { news: {} } }, { change: async () => true })
  const answered = await without.read(ada)
  expect(answered).not.toHaveProperty('digest')
  await expect(without.change(ada, { digest: 'off' })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  expect(await without.change(ada, ChangePreferencesInput.parse(answered))).toEqual(answered)
})

test('with it there is a digest a day until somebody chooses otherwise', async () => {
  expect(await service({}, {}, true).read(ada)).toMatchObject({ digest: 'day' })
  expect(await service({ digest: 'off' }, {}, true).read(ada)).toMatchObject({ digest: 'off' })
  expect(await service({ digest: 'a century' }, {}, true).read(ada)).toMatchObject({ digest: 'day' })
})
