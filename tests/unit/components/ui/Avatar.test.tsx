// @vitest-environment jsdom
import { fireEvent, render } from '@testing-library/react'
import { expect, test } from 'vitest'
import { pictureOf } from '@/components/ui/Avatar'
import { PersonAvatar } from '@/components/ui/PersonAvatar'

test.each([
  ['https://example.com/ada.png', true],
  ['http://example.com/ada.png', true],
  ['/ada.png', true],
  ['data:image/png;base64,AAAA', true],
  ['javascript:alert(1)', false],
  ['java\nscript:alert(1)', false],
  ['data:image/svg+xml,<svg/>', false],
  ['data:text/html,<script>', false],
  ['file:///etc/passwd', false],
  ['//example.com/ada.png', false],
  ['/\\example.com/ada.png', false],
  ['', false],
])('%j as a picture: %s', (address, isShown) => {
  expect(pictureOf(address)).toBe(isShown ? address : undefined)
})

test('who has no picture, or one that cannot be loaded, is shown by initials', () => {
  const { container, rerender } = render(<PersonAvatar name="Ada King Lovelace" />)
  expect(container.textContent).toBe('AL')
  rerender(<PersonAvatar name="Ada King Lovelace" image="https://example.com/gone.png" />)
  const picture = container.querySelector('img')
  expect(picture?.src).toBe('https://example.com/gone.png')
  fireEvent.error(picture ?? container)
  expect(container.textContent).toBe('AL')
})
