import { expect, test } from 'vitest'
import { pictureOf } from '@/components/ui/PersonAvatar'

test.each([
  ['https://example.com/ada.png', true],
  ['http://example.com/ada.png', true],
  ['javascript:alert(1)', false],
  ['java\nscript:alert(1)', false],
  ['data:image/svg+xml,<svg/>', false],
  ['data:image/png;base64,AAAA', false],
  ['file:///etc/passwd', false],
  ['//example.com/ada.png', false],
  ['/ada.png', false],
  ['', false],
])('%j as a profile picture: %s', (address, isShown) => {
  expect(pictureOf(address)).toBe(isShown ? address : undefined)
})

test('who has no picture is shown by initials', () => {
  expect(pictureOf(undefined)).toBeUndefined()
})
